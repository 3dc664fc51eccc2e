"""Places in a channel's rate, while everybody lives alone (`free.py`).

Who asks is told what is `known` of their place in the order. Where nothing is known they live no further. When
everybody has lived, the order is worked out from all requests; who waited goes on, or lives again, with the answer.
"""

from itertools import pairwise
from typing import Final

import numpy as np
from attrs import define, field

from wakeup.sim.array.codes import DAY, FAR, I32, I64, Bools, Index, person_of, seconds_of
from wakeup.sim.array.journal import Answers, Journal, Known, Learned, first_of, first_twice, known
from wakeup.sim.array.rate import Rate

_MOST_BURSTS: Final = 100
"""Where a chunk asks in more seconds, these are no bursts."""
_SOME: Final = 64
_ALIKE: Final = 4
"""Where so many of some who ask do so in one second, that may be a burst."""
_MOST_WINDOWS: Final = 1 << 27
"""More windows than that are not counted one by one; then everybody is taken for the only one in theirs."""


@define(eq=False)
class _Burst:
    """Requests of one second that are seated as chunks of people come: asked, of which `seats` took one, in the windows
    from `first` to `last`; all people so far are numbered up to `person`."""

    first: int
    last: int
    asked: int = 0
    seats: int = 0
    person: int = -1


@define(eq=False)
class Places:
    """The places of a channel: `rate` in each window of `seconds`, from `start` to `end` of a run.

    Whoever asked before `until` knows their place: `settled` requests, the last place taken of those is number `last`.
    share: of the people who have lived so far. known: what those were told who live again, or lived before; crowded:
    windows (bool, from `start` on) that were too small then; since: before that instant all is known from then. plenty:
    there are places for all who can ever ask, so nobody need. eager: how often it may be tried to give places before
    all have asked, where many ask in one second (`seat`). late: somebody has come to ask among those who knew their
    places already. asked: the requests. Windows are numbered from that of `start` on; one number
    stands for all that lie behind the run: who is too late finds those.
    """

    rate: int
    seconds: int
    start: int
    end: int
    known: Known = field(factory=Known)
    crowded: Bools = field(factory=lambda: np.zeros(0, np.bool_))
    since: int = 0
    share: float = 1.0
    plenty: bool = False
    eager: int = 0
    late: bool = False
    until: int = 0
    last: int = -1
    settled: int = 0
    wrong: int = FAR
    _here: Answers = field(factory=Answers)
    asked: Journal = field(factory=lambda: Journal(3))  # positions, bounds, windows
    _learned: Learned = field(factory=Learned)
    _bursts: dict[int, _Burst] = field(factory=dict)
    _mixed: list[int] = field(factory=list)
    _taken: I32 | None = None
    _lowest: int = FAR
    _highest: int = -1

    def meet(self, numbers: Index) -> None:
        """Make ready for people with some numbers, ascending."""
        self._here = self.known.about(numbers)

    def ask(self, where: I64, t: I64, bound: I64, rows: Index, due: I64 | None = None) -> tuple[I64, Bools]:
        """Return the start of the window in which each request finds a place, and who has to wait to know.

        Who finds nothing known has a place of their own window if it has enough for all, as far as anybody knows: for
        twice as many as those who have lived so far make expect, and for all who are due in the same second.

        Args:
            where: positions (m,).
            t: instants (m,).
            bound: from when on a place is of no use (m,).
            rows: whose requests they are: places among the numbers that were met.
            due: when each of those is due, some of them for other messages.
        """
        waits = np.zeros(len(where), np.bool_)
        window = self._windows_of(t)
        new: Index | slice = slice(None)
        if len(self._here):
            answer, known = self._here.in_turn(where, rows)
            window, new = np.where(known, answer, window), np.flatnonzero(~known)
        asked, own = t[new], window[new]
        full = asked < self.until
        if self._counts:
            self._count(where, bound, window, 1)
            some = self.share < 1 and not self._bursts  # later chunks are seated behind: they ask at other times
            full |= self._counted()[own] > (self.share * self.rate / 2 if some else self.rate)
            if len(self.crowded):
                full |= self.crowded[own]
            for second in self._crowds(asked, due):
                full |= asked == second
        waits[new] = full
        told = np.where(waits, -1, window).astype(np.int32)
        self.asked.add(where, bound, told)
        return self._starts(window), waits

    def _crowds(self, t: I64, due: I64 | None) -> list[int]:
        """Return the seconds in which more people are due than a window has places for, by some of those who ask: of
        another message there may be people who come before."""
        if not self.eager or due is None:
            return []
        seconds, counts = np.unique(t[:: len(t) // _SOME + 1], return_counts=True)
        likely = seconds[counts >= _ALIKE].tolist()
        return [each for each in likely if np.count_nonzero(due == each) > self.rate]

    def seat(self, numbers: Index) -> tuple[I64, I64]:
        """Give places to people, with some numbers, who wait: those of whom so many ask in one second that they take
        what comes after it, with nobody between them.

        Chunks come in the order of people, so their second is in order as well; where somebody else comes between all
        the same, in another chunk, it turns out (`first_wrong`).

        Returns:
            the numbers of those who know their place now, and until when they are held for it; FAR: they are to ask
            again, since their place is in their own window, or too late.
        """
        if not self.eager or not self._counts:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        where, bound, told = self.asked.waiting()
        t = seconds_of(where)
        cuts = [0, *(np.flatnonzero(np.diff(t)) + 1).tolist(), len(t)] if len(t) else [0]
        window = np.full(len(t), -1, np.int64)
        if len(cuts) <= _MOST_BURSTS:
            for first, last in pairwise(cuts):
                window[first:last] = self._seated(where[first:last], int(t[first]), bound[first:last])
        seated, start = window >= 0, self._starts(window)
        held = seated & (start > t) & (start < bound)
        places = held.nonzero()[0]
        self._count(where.take(places), bound.take(places), window.take(places), 1)
        told = np.where(held, window, told).astype(np.int32)
        settled, again = (held | ~seated).nonzero()[0], (seated & ~held).nonzero()[0]
        self.asked.add(where.take(settled), bound.take(settled), told.take(settled))
        self._here = known(where.take(again), window.take(again)).about(numbers)
        people = seated.nonzero()[0]
        return person_of(where.take(people)), np.where(held, start, FAR).take(people)

    def _seated(self, where: I64, t: int, bound: I64) -> I64:
        """Return the windows of some of those who ask at `t`, in order; -1 for all if others may come between."""
        count, first, taken = len(where), self._window_of(t), self._counted()
        taken[first] -= count  # they were counted when they asked
        burst, people = self._bursts.get(t) or self._begun(t, first), person_of(where)
        reach = (burst.seats + count) // self.rate + 2  # as far as they come if nobody else is there
        free = self.rate - taken[first : min(first + reach, self._windows)]
        window = np.full(count, first + len(free))
        seats = np.repeat(np.arange(first, first + len(free)), np.maximum(free, 0))[:count]
        window[: len(seats)] = seats
        late = np.flatnonzero((self._starts(window) >= bound) & (window > first))
        seated = int(late[0]) if len(late) else count
        window[seated:] = window[min(seated, count - 1)]
        last = max(int(window[seated - 1]) if seated else first, burst.last)
        alone = int(taken[first : last + 1].sum()) == burst.seats and int(people[0]) > burst.person
        alone &= t in self._bursts or not (len(self.crowded) and self.crowded[first : last + 1].any())
        if not alone or (len(late) and (bound != bound[0]).any()):
            taken[first] += count
            if t in self._bursts:  # others have come between, or soon will have
                self.wrong = min(self.wrong, t)
                self._mixed.append(t)
            return np.full(count, -1, np.int64)
        self._bursts[t] = _Burst(first, last, burst.asked + count, burst.seats + seated, int(people[-1]))
        self._mark_room()
        self.crowded[first] = True  # whoever asks at `t` as well is seated behind these
        return window

    def _begun(self, t: int, first: int) -> _Burst:
        """Return a burst of those who took places of their own window, `first`, at `t`: in an earlier chunk there were
        no more of them than that has."""
        burst = _Burst(first, first)
        if 0 < self._counted()[first] <= self.rate:
            where, _, told = self.asked.within(t, t + 1)
            if len(where) and (told == first).all():
                burst.asked = burst.seats = len(where)
                burst.person = int(person_of(where).max())
        return burst

    def forget(self, people: Bools) -> None:
        """Forget what the people wait for, or asked in a life that is void, for whom `people` is set, by number; when
        they ask again, it is known."""
        where, bound, told = self.asked.forget(people)
        if self._counts:
            self._count(where, bound, np.where(told < 0, self._windows_of(seconds_of(where)), told), -1)
        answer, t = self._learned.put(where, told), seconds_of(where)
        answer[
            (t >= max(self.until, self.since)) & ~np.isin(t, list(self._bursts))
        ] = -1  # others have come to ask there since
        self.known = known(where, answer)

    def first_waiting(self) -> int:
        """Return the instant of the first request that waits, FAR if none does."""
        return self.asked.first_open()

    def learn(self, until: int) -> I64:
        """Find the places of all who asked before an instant; return the numbers of those who waited."""
        first = self.first_waiting()
        if first < self.until:  # somebody comes before others who have their place already
            self.wrong, self.late = min(self.wrong, first), True
        where, bound, told = self.asked.within(min(first, self.until), until)
        fresh = np.flatnonzero((seconds_of(where) >= self.until) | (told < 0))
        where, bound, told = where[fresh], bound[fresh], told[fresh]
        window, self.last = self._allocated(where, bound, self.last)
        self.until, self.settled = until, self.settled + len(fresh)
        self._check(where, told, window)
        self._learned = Learned(where, window)
        return person_of(where[told < 0])

    def windows(self) -> tuple[I64, I64] | None:
        """Return the windows of the run that people have been given, each once, and how many in each; None if somebody
        waits."""
        if self.first_waiting() < FAR:
            return None
        window, counts = np.unique(self.asked.within(0, FAR)[2], return_counts=True)
        within = np.flatnonzero(window < self._windows)
        return window[within].astype(np.int64), counts[within].astype(np.int64)

    def add(self, window: I64, counts: I64) -> bool:
        """Add the windows that people elsewhere have been given (`windows`); return whether none of them is given more
        often than it has places."""
        taken = self._counted()
        taken[window] += counts.astype(np.int32)
        self._reach(window)
        return bool((taken[window] <= self.rate).all())

    def first_wrong(self) -> int:
        """Return the instant of the first request that was told what the order of all does not say, FAR if none was."""
        if self.wrong < FAR or not self._proven():
            where, bound, told = self.asked.within(0, FAR)
            self._check(where, told, self._allocated(where, bound, -1)[0])
        return self.wrong

    def again(self) -> "Places":
        """Return the places as nobody has asked for them, with what was known before the first wrong answer.

        If they were wrong before all had lived, nothing was known but who asks among others.
        """
        fresh = Places(self.rate, self.seconds, self.start, self.end, plenty=self.plenty, late=self.late)
        if self._mixed and not self.until:
            fresh.eager = self.eager - 1
            fresh._crowd(np.array(self._mixed), np.array(self._mixed))
            return fresh
        self.look_ahead()
        where, _, told = self.asked.within(0, self.wrong)
        fresh.known = known(where, self._learned.put(where, told))
        fresh.since, fresh.crowded = self.wrong, self.crowded
        return fresh

    def look_ahead(self) -> None:
        """Find the windows that are too small for all who have asked, and those that take who found no place there.

        The rest of those days is taken for too small as well: more people come to ask when those have their answers.
        """
        if not self._counts or self._roomy(0):
            return
        where, bound, _ = self.asked.within(0, FAR)
        own, window = self._windows_of(seconds_of(where)), self._allocated(where, bound, -1)[0]
        moved = np.flatnonzero(window > own)
        self._crowd(seconds_of(where[moved]), self._starts(window[moved]))

    def _crowd(self, first: I64, last: I64) -> None:
        """Take the windows from those of some instants to those at the end of the days of others for too small."""
        self._mark_room()
        days = (last - self.start) // DAY + 1
        ends, day = np.unique(self._windows_of(self.start + days * DAY - 1) + 1, return_inverse=True)
        begins = np.full(len(ends), self._windows, np.int64)
        np.minimum.at(begins, day, self._windows_of(first))
        for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):  # a few days: windows may be seconds
            self.crowded[begin:end] = True

    def _mark_room(self) -> None:
        if not len(self.crowded):
            self.crowded = np.zeros(self._windows + 2, np.bool_)

    def _proven(self) -> bool:
        """Say whether all was right without a look at the order.

        What was settled was right then, and still is if nobody has come between. After that, who was told a place of
        their own window has it where no window is asked for more places than it has; and those of one second have
        those behind it if nobody else asked there.
        """
        first = self._window_of(self.until)
        if not self._counts or self.until < self.since or self.last // self.rate - self._first > first:
            return False
        alone = all(
            self.asked.count(*self._starts(np.array((each.first, each.last + 1))).tolist()) == each.asked
            for t, each in self._bursts.items()
            if t >= self.until
        )
        return alone and self.asked.count(0, self.until) == self.settled and self._roomy(max(first, 0))

    def _roomy(self, first: int) -> bool:
        """Say whether no window from number `first` on is asked for more places than it has."""
        asked = self._counted()[max(first, self._lowest) : min(self._highest + 1, self._windows)]
        return int(asked.max(initial=0)) <= self.rate

    def _allocated(self, where: I64, bound: I64, last: int) -> tuple[I64, int]:
        """Return the windows of requests in order, and the last place taken, if `last` was that before them."""
        window, last = Rate(self.rate, self.seconds).allocate(seconds_of(where), bound, last)
        window -= self._first
        return np.minimum(window, self._windows, out=window), last

    def _check(self, where: I64, told: I32, window: I64) -> None:
        wrong = (told >= 0) & (told != window)
        self.wrong = min(self.wrong, first_of(where, wrong), first_twice(where))

    @property
    def _first(self) -> int:
        """Number, since 1970, of the window that holds the start of the run."""
        return self.start // self.seconds

    @property
    def _windows(self) -> int:
        """How many windows the run has; the number of what lies behind them."""
        return self.end // self.seconds - self._first + 1

    @property
    def _counts(self) -> bool:
        return self._windows <= _MOST_WINDOWS

    def _window_of(self, t: int) -> int:
        return min(t // self.seconds - self._first, self._windows)

    def _windows_of(self, t: I64) -> I64:
        """Return the windows that hold instants (m,)."""
        window = t // self.seconds
        window -= self._first
        return np.minimum(window, self._windows, out=window)

    def _starts(self, window: I64) -> I64:
        """Return the first instants of windows (m,)."""
        start = window + self._first
        start *= self.seconds
        return start

    def _count(self, where: I64, bound: I64, window: I64, by: int) -> None:
        """Count requests in windows of the run, or take them back; who finds none in time takes none."""
        if len(window):
            start = self._starts(window)
            takes = (start < bound) | (start <= seconds_of(where))
            np.add.at(self._counted(), window if takes.all() else window[takes], np.int32(by))
            self._reach(window)

    def _reach(self, window: I64) -> None:
        """Take note of which windows are asked for at all: the others need not be looked at."""
        self._lowest = min(self._lowest, int(window.min(initial=FAR)))
        self._highest = max(self._highest, int(window.max(initial=-1)))

    def _counted(self) -> I32:
        """Return how many have asked for a place in each window of the run, as far as anybody knows."""
        if self._taken is None:
            self._taken = np.zeros(self._windows + 1, np.int32)  # room that is not touched costs nothing
        return self._taken

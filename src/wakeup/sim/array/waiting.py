"""What has an order, while everybody lives alone (`free.py`): places in a channel's rate, and staff for a send.

Who asks is told what is `known` of their place in the order. Where nothing is known they wait: at a rate they live no
further, at a desk they live on as if nobody ever served them, which tells when they would leave its line. When
everybody has lived, the order is worked out from all requests; who waited lives again, with the answer.
"""

from functools import cached_property
from heapq import heapreplace
from typing import Final

import numpy as np
from attrs import define, field, frozen

from wakeup.sim.array.codes import FAR, I32, I64, SECONDS, Bools, Index, person_of, second_of, seconds_of
from wakeup.sim.array.localtime import Zone
from wakeup.sim.array.rate import Rate
from wakeup.sim.array.turns import Hours

_MOST_WINDOWS: Final = 1 << 27
"""More windows than that are not counted one by one; then everybody is taken for the only one in theirs."""

_INSTANT: Final = (1 << SECONDS) - 1


@frozen(eq=False)
class Answers:
    """Answers (m,) to requests. key: the person in the high bits, the instant of asking in the low, ascending."""

    key: I64 = field(factory=lambda: np.zeros(0, np.int64))
    answer: I64 = field(factory=lambda: np.zeros(0, np.int64))

    def to(self, where: I64) -> tuple[I64, Bools]:
        """Return the answers to requests at positions (k,), and to which of them there is one."""
        if not len(self.key):
            return np.zeros(len(where), np.int64), np.zeros(len(where), np.bool_)
        key = _by_person(where)
        place = np.minimum(np.searchsorted(self.key, key), len(self.key) - 1)
        return self.answer[place], self.key[place] == key


@define(eq=False)
class Known:
    """All answers, as they have become known."""

    _tables: list[Answers] = field(factory=list)

    def add(self, where: I64, answer: I64) -> None:
        """Add answers (m,) to requests at positions."""
        key = _by_person(where)
        order = np.argsort(key)
        self._tables.append(Answers(key[order], answer[order]))

    def before(self, t: int) -> "Known":
        """Return what is known to those who asked before an instant."""
        found = [(each, np.flatnonzero((each.key & _INSTANT) < t)) for each in self._tables]
        return Known([Answers(each.key[asked], each.answer[asked]) for each, asked in found])

    def about(self, numbers: Index) -> Answers:
        """Return what is known of people with some numbers, ascending, and of those between them."""
        if not len(numbers):
            return Answers()
        span = int(numbers[0]) << SECONDS, (int(numbers[-1]) + 1) << SECONDS
        cuts = [(each, *np.searchsorted(each.key, span).tolist()) for each in self._tables]
        found = [(each.key[low:high], each.answer[low:high]) for each, low, high in cuts if low < high]
        if len(found) < 2:
            return Answers(*found[0]) if found else Answers()
        key, answer = (np.concatenate(column) for column in zip(*found, strict=True))
        order = np.argsort(key)
        return Answers(key[order], answer[order])


@define(eq=False)
class Journal:
    """Requests in columns of int64 (m,), the first of them positions, the last what was told (-1: nothing yet)."""

    width: int
    _pieces: list[tuple[I64, ...]] = field(factory=list)

    def add(self, *columns: I64) -> None:
        """Write down requests."""
        if len(columns[0]):
            self._pieces.append(columns)

    def within(self, since: int, until: int) -> list[I64]:
        """Return the requests that were asked at instants from `since` on and before `until`, in order."""
        found: list[list[I64]] = [[] for _ in range(self.width)]
        for piece in self._pieces:
            t = seconds_of(piece[0])
            inside = np.flatnonzero((t >= since) & (t < until))
            for all_of, column in zip(found, piece, strict=True):
                all_of.append(column[inside])
        columns = [np.concatenate([np.zeros(0, np.int64), *each]) for each in found]
        order = np.argsort(columns[0])
        return [column[order] for column in columns]

    def first_open(self) -> int:
        """Return the instant of the first request that was told nothing, FAR if there is none."""
        asked = [int(piece[0][piece[-1] < 0].min(initial=FAR)) for piece in self._pieces]
        first = min(asked, default=FAR)
        return first if first == FAR else second_of(first)

    def forget(self, people: Bools) -> list[tuple[I64, ...]]:
        """Forget the requests of the people for whom `people` is set, by number; return what is forgotten."""
        forgotten, kept = [], []
        for piece in self._pieces:
            theirs = people[person_of(piece[0])]
            if theirs.all():
                forgotten.append(piece)
            elif not theirs.any():
                kept.append(piece)
            else:
                forgotten.append(tuple(column[theirs] for column in piece))
                kept.append(tuple(column[~theirs] for column in piece))
        self._pieces = kept
        return forgotten


@define(eq=False)
class Places:
    """The places of a channel: `rate` in each window of `seconds`, from `start` to `end` of a run.

    Whoever asked before `until` knows their place; the last that is taken of those is number `last`. share: of the
    people who have lived so far. crowded: windows (bool, from `start` on) that were too small when all lived before.
    """

    rate: int
    seconds: int
    start: int
    end: int
    known: Known = field(factory=Known)
    crowded: Bools = field(factory=lambda: np.zeros(0, np.bool_))
    share: float = 1.0
    until: int = 0
    last: int = -1
    wrong: int = FAR
    _here: Answers = field(factory=Answers)
    _asked: Journal = field(factory=lambda: Journal(3))  # positions, bounds, windows
    _taken: I32 | None = None

    def meet(self, numbers: Index) -> None:
        """Make ready for people with some numbers, ascending."""
        self._here = self.known.about(numbers)

    def ask(self, where: I64, t: I64, bound: I64) -> tuple[I64, Bools]:
        """Return the start of the window in which each request finds a place, and who has to wait to know.

        Who finds nothing known has a place of their own window if it has enough for all, as far as anybody knows: for
        twice as many as those who have lived so far make expect.
        """
        window, known = self._here.to(where)
        new = np.flatnonzero(~known)
        window[new] = t[new] // self.seconds
        waits = np.zeros(len(where), np.bool_)
        if self._windows <= _MOST_WINDOWS:
            slot = self._slots(window)
            self._count(slot, 1)
            enough = self.rate if self.share >= 1 else self.share * self.rate / 2
            waits[new] = self._counted()[slot[new]] > enough
            if len(self.crowded):
                waits[new] |= self.crowded[slot[new]]
        waits[new] |= t[new] < self.until
        self._asked.add(where, bound, np.where(waits, -1, window))
        return window * self.seconds, waits

    def forget(self, people: Bools) -> None:
        """Forget what the people asked for whom `people` is set, by number."""
        for where, _, told in self._asked.forget(people):
            self._count(self._slots(np.where(told < 0, seconds_of(where) // self.seconds, told)), -1)

    def first_waiting(self) -> int:
        """Return the instant of the first request that waits, FAR if none does."""
        return self._asked.first_open()

    def learn(self, until: int) -> I64:
        """Find the places of all who asked before an instant; return the numbers of those who waited."""
        first = self.first_waiting()
        if first < self.until:  # somebody comes before others who have their place already
            self.wrong = min(self.wrong, first)
        where, bound, told = self._asked.within(min(first, self.until), until)
        late = seconds_of(where) < self.until
        told[late & (told >= 0)] = -2
        fresh = np.flatnonzero(told > -2)
        where, bound, told = where[fresh], bound[fresh], told[fresh]
        t = seconds_of(where)
        window, self.last = Rate(self.rate, self.seconds).allocate(t, bound, self.last)
        self.until = until
        self._check(where, told, window)
        self.known.add(where, window)
        return person_of(where[told == -1])

    def first_wrong(self) -> int:
        """Put all requests into order; return the instant of the first that was told what is wrong, FAR if none."""
        where, bound, told = self._asked.within(0, FAR)
        window, _ = Rate(self.rate, self.seconds).allocate(seconds_of(where), bound, -1)
        self._check(where, told, window)
        return self.wrong

    def again(self) -> "Places":
        """Return the places as nobody has asked for them, with what was known before the first wrong answer."""
        self.look_ahead()
        return Places(self.rate, self.seconds, self.start, self.end, self.known.before(self.wrong), self.crowded)

    def look_ahead(self) -> None:
        """Find the windows that are too small for all who have asked, and those that take who found no place there."""
        if self._windows > _MOST_WINDOWS:
            return
        where, bound, _ = self._asked.within(0, FAR)
        own = seconds_of(where) // self.seconds
        window, _ = Rate(self.rate, self.seconds).allocate(seconds_of(where), bound, -1)
        moved = np.flatnonzero(window > own)
        change = np.zeros(self._windows + 2, np.int64)
        np.add.at(change, self._slots(own[moved]), 1)
        np.add.at(change, self._slots(window[moved]) + 1, -1)
        late: Bools = change.cumsum() > 0
        self.crowded = late | self.crowded if len(self.crowded) else late

    def _check(self, where: I64, told: I64, window: I64) -> None:
        wrong = (told >= 0) & (told != window)
        self.wrong = min(self.wrong, _first(where, wrong), _first_twice(where))

    @property
    def _windows(self) -> int:
        return self.end // self.seconds - self.start // self.seconds + 1

    def _slots(self, window: I64) -> I64:
        """Return the numbers of windows in the run, one number for all after it: who is too late finds those."""
        return np.minimum(window - self.start // self.seconds, self._windows)

    def _count(self, slot: I64, by: int) -> None:
        """Count requests in windows of the run, or take them back."""
        if len(slot):
            first = int(slot.min())
            counts = np.bincount(slot - first)
            self._counted()[first : first + len(counts)] += (by * counts).astype(np.int32)

    def _counted(self) -> I32:
        """Return how many have asked for a place in each window of the run, as far as anybody knows."""
        if self._taken is None:
            self._taken = np.zeros(self._windows + 1, np.int32)  # room that is not touched costs nothing
        return self._taken


@define(eq=False)
class Queue:
    """A desk that serves sends: `people` staff in their hours, up to the end of the run.

    unlike: the first instant at which staff were kept for sends that did not go out, which the order does not foresee.
    """

    hours: Hours
    people: int
    run_end: int
    known: Known = field(factory=Known)
    unlike: int = FAR
    _here: Answers = field(factory=Answers)
    _asked: Journal = field(factory=lambda: Journal(4))  # positions, until when, seconds of handling, starts
    _gone: dict[int, int] = field(factory=dict)
    _worked: "_Worked | None" = None

    @cached_property
    def _zone(self) -> Zone:
        return Zone(self.hours.zone)

    def meet(self, numbers: Index) -> None:
        """Make ready for people with some numbers, ascending."""
        self._here = self.known.about(numbers)

    def openings(self, t: I64) -> I64:
        """Return the first instant at or after each of `t` (m,) at which the desk is open."""
        opens = t.copy()
        shut = np.flatnonzero(self._zone.window_end(t, self.hours.window) == FAR)
        opens[shut] = [self.hours.opening(each) for each in t[shut].tolist()]
        return opens

    def ask(self, where: I64, until: I64, span: I64) -> tuple[I64, Bools]:
        """Return when each request is served (FAR: never), and to which of them that is not known.

        Args:
            where: positions (m,).
            until: when they leave the line.
            span: seconds of handling.
        """
        start, known = self.expected(where)
        self._asked.add(where, until, span, np.where(known, start, -1))
        return start, ~known

    def expected(self, where: I64) -> tuple[I64, Bools]:
        """Return when requests are served, as far as is known (FAR: never, or not known), and whether it is."""
        start, known = self._here.to(where)
        start[~known] = FAR
        return start, known

    def leave(self, where: I64, t: I64) -> None:
        """Let requests at positions (m,) leave the line at `t`."""
        self._gone.update(zip(where.tolist(), t.tolist(), strict=True))

    def failed(self, t: I64) -> None:
        """Take note that staff were kept at `t` for sends that did not go out."""
        self.unlike = min(self.unlike, int(t.min(initial=FAR)))

    def forget(self, people: Bools) -> None:
        """Forget what the people asked for whom `people` is set, by number."""
        self._asked.forget(people)

    def learn(self) -> I64:
        """Find out when all are served; return the numbers of those who did not know."""
        if self._asked.first_open() == FAR:
            return np.zeros(0, np.int64)
        where, start, told = self._order()
        now = np.flatnonzero(told < 0)
        self.known.add(where[now], start[now])
        return person_of(where[now])

    def again(self) -> "Queue":
        """Return the desk as nobody has asked for it, with what was known before the first wrong answer."""
        return Queue(self.hours, self.people, self.run_end, self.known.before(self.first_wrong()))

    def first_wrong(self) -> int:
        """Return the instant of the first request that was told a wrong start, FAR if none was."""
        where, start, told = self._order()
        return min(_first(where, start != told), _first_twice(where))

    def _order(self) -> tuple[I64, I64, I64]:
        """Return the positions of all requests in order, when each is served (FAR: never), and what they were told.

        First come, first served (rules 30, 72, 79): each takes whoever is free first, in the second in which it asks if
        that is so then, else in the first later one. Who has left by then takes no time.
        """
        where, until, span, told = self._asked.within(0, FAR)
        before = self._worked
        if before is not None and before.gone == self._gone and np.array_equal(before.asked, (where, until, span)):
            return where, before.starts, told
        free, hours, left, starts = [0] * self.people, self.hours, self._gone.get, []
        # In plain Python, and all of it here: a million requests pass through this loop.
        for place, t, last, length in zip(
            where.tolist(), seconds_of(where).tolist(), until.tolist(), span.tolist(), strict=True
        ):
            start = free[0]
            if start <= t:
                start = t if hours.opening(t) == t else hours.opening(t + 1)
            elif not hours.opens <= start < hours.closes:
                start = hours.opening(start)
            if start > t and (start >= last or left(place, FAR) <= start):
                starts.append(FAR)
            else:
                starts.append(start)
                heapreplace(free, start + length)
        self._worked = _Worked(np.stack((where, until, span)), dict(self._gone), np.array(starts, np.int64))
        return where, self._worked.starts, told


@frozen(eq=False)
class _Worked:
    """What a desk was asked (positions, until when, seconds), who had left, and the starts that it came to."""

    asked: I64
    gone: dict[int, int]
    starts: I64


def _by_person(where: I64) -> I64:
    """Return positions with the person before the instant, so that those of one person lie together."""
    return (person_of(where) << SECONDS) | seconds_of(where)


def _first(where: I64, some: Bools) -> int:
    """Return the instant of the first of some positions (m,), ascending; FAR if there is none."""
    found = np.flatnonzero(some)
    return int(seconds_of(where[found[:1]])[0]) if len(found) else FAR


def _first_twice(where: I64) -> int:
    """Return the first instant in which somebody asks twice: answers are told apart by person and instant."""
    return _first(where[1:], where[1:] == where[:-1])

"""Staff for sends, while everybody lives alone (`free.py`).

Who asks is told what is `known` of their place in the line, or that somebody is free, where there are staff enough for
all. Who is told neither lives no further; a copy that nobody ever serves shows when they would leave the line. When
all have lived, the line is worked out from all requests; who did not know goes on, or lives again, with the answer.
"""

from functools import cached_property
from heapq import heapreplace
from typing import Final

import numpy as np
from attrs import define, field, frozen

from wakeup.sim.array.codes import DAY, FAR, I64, Bools, Index, person_of, seconds_of
from wakeup.sim.array.journal import Answers, Journal, Known, Learned, first_of, first_twice, known
from wakeup.sim.array.localtime import Zone
from wakeup.sim.array.turns import Hours

_LONGEST_SHUT: Final = 5
"""Within so many days a desk opens again: its hours are every day's, and a clock change takes those of two at most."""
_SIGMAS: Final = 4
"""So many standard deviations more than expected may have to be served at a time, for staff to be enough."""


@define(eq=False)
class Queue:
    """A desk that serves sends: `people` staff in their hours, up to the end of the run.

    unlike: the first instant at which staff were kept for sends that did not go out, which the order does not foresee.
    everybody: how many people there are, if who comes while the desk is open may be told that somebody is free: as long
    as those who live side by side make expect that it is so for all; else 0. asked: the requests.
    """

    hours: Hours
    people: int
    run_end: int
    known: Known = field(factory=Known)
    unlike: int = FAR
    everybody: int = 0
    _share: float = 1.0
    _now: list[tuple[I64, I64]] = field(factory=list)
    _here: Answers = field(factory=Answers)
    asked: Journal = field(factory=lambda: Journal(4))  # positions, until when, seconds of handling, starts
    _learned: Learned = field(factory=Learned)
    _gone: list[tuple[I64, I64]] = field(factory=list)
    _worked: "_Worked | None" = None

    @cached_property
    def _zone(self) -> Zone:
        return Zone(self.hours.zone)

    def meet(self, numbers: Index) -> None:
        """Make ready for people with some numbers, ascending."""
        self._here = self.known.about(numbers)
        self._share = len(numbers) / max(self.everybody, 1)
        self._now.clear()

    def openings(self, t: I64) -> I64:
        """Return the first instant at or after each of `t` (m,) at which the desk is open."""
        if not len(t):
            return t
        window, first = self.hours.window, self._zone.day(t[[t.argmin()]]) - 1
        days = np.arange(int(first[0]), int(self._zone.day(t[[t.argmax()]])[0]) + _LONGEST_SHUT)
        opens = self._zone.instant(days * DAY + window.start)
        closes = self._zone.instant((days + (window.end <= window.start)) * DAY + window.end)
        real = np.flatnonzero(opens < closes)  # a clock change may take all of a day's hours
        return np.maximum(t, opens[real][np.searchsorted(closes[real], t, side="right")])

    def ask(self, where: I64, until: I64, span: I64) -> tuple[I64, Bools]:
        """Return when each request is served (FAR: never), and to which of them that is not known.

        Args:
            where: positions (m,).
            until: when they leave the line.
            span: seconds of handling.
        """
        start, known = self.expected(where)
        if self.everybody:
            free = np.flatnonzero(~known & self._are_free(where, until, span))
            start[free], known[free] = seconds_of(where[free]), True
        self.asked.add(where, until, span, np.where(known, start, -1))
        return start, ~known

    def _are_free(self, where: I64, until: I64, span: I64) -> Bools:
        """Say for which requests somebody is free at once, if others ask as those do who live now; nobody is any more
        once there may be too few staff."""
        t, start = seconds_of(where), self._at_once(where, until)
        self._now.append((start, span))
        most = _most_at_once(*(np.concatenate(column) for column in zip(*self._now, strict=True)))
        if most + _SIGMAS * most**0.5 > self.people * self._share:
            self.everybody = 0
        free: Bools = (start == t) & (self.everybody > 0)
        return free

    def _at_once(self, where: I64, until: I64) -> I64:
        """Return when requests are served if somebody is always free: FAR for those who leave before the desk opens."""
        t = seconds_of(where)
        start = self.openings(t)
        start[(start > t) & (start >= until)] = FAR
        return start

    def expected(self, where: I64) -> tuple[I64, Bools]:
        """Return when requests are served, as far as is known (FAR: never, or not known), and whether it is."""
        start, known = self._here.to(where)
        start[~known] = FAR
        return start, known

    def leave(self, where: I64, t: I64) -> None:
        """Let requests at positions (m,) leave the line at `t`."""
        if len(where):
            self._gone.append((where, t))

    def failed(self, t: I64) -> None:
        """Take note that staff were kept at `t` for sends that did not go out."""
        self.unlike = min(self.unlike, int(t.min(initial=FAR)))

    def forget(self, people: Bools) -> None:
        """Forget what the people wait for, or asked in a life that is void, for whom `people` is set, by number; when
        they ask again, it is known."""
        where, _, _, told = self.asked.forget(people)
        self.known = known(where, self._learned.put(where, told))

    def learn(self) -> I64:
        """Find out when all are served; return the numbers of those who did not know."""
        if self.asked.first_open() == FAR:
            return np.zeros(0, np.int64)
        where, start, told = self._order()
        self._learned = Learned(where, start)
        return person_of(where[told < 0])

    def again(self) -> "Queue":
        """Return the desk as nobody has asked for it, with what was known before the first wrong answer."""
        where, _, _, told = self.asked.within(0, self.first_wrong())
        return Queue(self.hours, self.people, self.run_end, known(where, self._learned.put(where, told)))

    def first_wrong(self) -> int:
        """Return the instant of the first request that was told a wrong start, FAR if none was."""
        where, start, told = self._order()
        return min(first_of(where, start != told), first_twice(where))

    def _order(self) -> tuple[I64, I64, I64]:
        """Return the positions of all requests in order, when each is served (FAR: never), and what they were told.

        First come, first served (rules 30, 72, 79): each takes whoever is free first, in the second in which it asks if
        that is so then, else in the first later one. Who has left by then takes no time.
        """
        where, until, span, told = self.asked.within(0, FAR)
        until = np.minimum(until, self._left(where))
        before = self._worked
        if before is not None and np.array_equal(before.asked, (where, until, span)):
            return where, before.starts, told
        starts = self._at_once(where, until)
        if _most_at_once(starts, span) > self.people:
            starts = self._in_turn(where, until, span)
        self._worked = _Worked(np.stack((where, until, span)), starts)
        return where, starts, told

    def _in_turn(self, where: I64, until: I64, span: I64) -> I64:
        """Return when requests, in order, are served by whoever is free first."""
        free, starts, opens, closes = [0] * self.people, [], 0, 0
        # In plain Python, and all of it here: a million requests pass through this loop. Starts never go back.
        for asked, last, length in zip(seconds_of(where).tolist(), until.tolist(), span.tolist(), strict=True):
            start = free[0]
            if start < asked:
                start = asked
            if start >= closes:
                start = self.hours.opening(start)
                opens, closes = self.hours.opens, self.hours.closes
            elif start < opens:
                start = opens
            if start >= last and start > asked:
                starts.append(FAR)
            else:
                starts.append(start)
                heapreplace(free, start + length)
        return np.array(starts, np.int64)

    def _left(self, where: I64) -> I64:
        """Return when each of some requests, in order, leaves the line of its own accord; FAR if it does not."""
        left = np.full(len(where), FAR, np.int64)
        if self._gone and len(where):
            gone, t = (np.concatenate(column) for column in zip(*self._gone, strict=True))
            place = np.minimum(np.searchsorted(where, gone), len(where) - 1)
            asked = where[place] == gone
            left[place[asked]] = t[asked]  # of several, what was found last
        return left


@frozen(eq=False)
class _Worked:
    """What a desk was asked (positions, until when, seconds), and the starts that it came to."""

    asked: I64
    starts: I64


def _most_at_once(start: I64, span: I64) -> int:
    """Return how many are served at a time at most; FAR: never."""
    served = np.flatnonzero(start < FAR)
    begun = np.sort(start[served])
    ended = np.searchsorted(np.sort(start[served] + span[served]), begun, side="right")
    return int((np.arange(1, len(begun) + 1) - ended).max(initial=0))

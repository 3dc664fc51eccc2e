"""Places in a channel's rate: at most `rate` sends in each window [k * seconds, (k + 1) * seconds) (rules 21, 45).

Requests take places in order, so all windows before the last place taken are full or past: place p = max(p before + 1,
first place of the own window), which a running maximum gives for many requests at once.
"""

import numpy as np
from attrs import define, field

from wakeup.sim.array.codes import FAR, I64, Bools
from wakeup.sim.array.limits import Lesson, lesson_of


@define(eq=False)
class Rate:
    """A channel's places.

    last: number of the last place taken, window * rate + seat. lesson: what an earlier try of the block has taught.
    expected: answers to requests that are about to come from several lines of a program.
    """

    rate: int
    seconds: int
    last: int = -1
    lesson: Lesson | None = None
    expected: Lesson | None = None
    _where: list[I64] = field(factory=list)
    _first: list[I64] = field(factory=list)
    _bound: list[I64] = field(factory=list)
    _window: list[I64] = field(factory=list)
    _latest: int = -1
    _tail: int | None = None
    _mixed: bool = False

    def fork(self) -> "Rate":
        """Return the channel as it stands after all requests, with nothing written down."""
        return Rate(self.rate, self.seconds, self._taken())

    def request(self, where: I64, t: I64, bound: I64) -> I64:
        """Return the start of the window in which each request finds a place; one at or after `bound` is not taken.

        Args:
            where: positions (m,), ascending.
            t: instants (m,).
            bound: from when on a place is of no use (m,).
        """
        first = t // self.seconds * self.rate
        if self.expected is not None and self.expected.knows(where):
            self._mixed, self._tail = True, None
            window = self.expected.applied(where, where)
        elif len(where) and int(where[0]) >= self._latest:
            window, self._tail = self._allocate(first, bound, self._taken())
        else:
            self._mixed = True
            window, self._tail = self._between(where, first, bound)
        if self.lesson is not None:
            self._mixed = True
            window = self.lesson.applied(where, window)
        self._latest = max(self._latest, int(where[-1]) if len(where) else -1)
        self._where.append(where)
        self._first.append(first)
        self._bound.append(bound)
        self._window.append(window)
        return window * self.seconds

    def expect(self, where: I64, t: I64, bound: I64) -> None:
        """Work out the answers to requests that are about to come, as in `request`, in any order."""
        window, _ = self._between(where, t // self.seconds * self.rate, bound)
        self.expected = lesson_of(where, window)

    def delays(self, where: I64, t: I64) -> Bools:
        """Return who would be delayed if they asked at positions (m,) and instants `t`, bool (m,)."""
        own = t // self.seconds
        if self.expected is not None and self.expected.knows(where):
            window = self.expected.applied(where, own)
        else:
            window, _ = self._between(where, own * self.rate, np.full(len(where), FAR))
        late: Bools = window > own
        return late

    def roomy(self, t: int, count: int) -> bool:
        """Say whether so many requests, all at `t` or later, need no other windows than their own."""
        return count <= self.rate and self._taken() < t // self.seconds * self.rate

    def allocate(self, t: I64, bound: I64, last: int) -> tuple[I64, int]:
        """Return the windows of requests in order, and the last place taken, if `last` was that before them."""
        return self._allocate(t // self.seconds * self.rate, bound, last)

    def first_wrong(self) -> int:
        """Return the position of the first request that the true order would have given another window, else FAR."""
        if not self._mixed:
            return FAR
        where, first, bound, given = self._all()
        order = _order(where)
        window, self._tail = self._allocate(first[order], bound[order], self.last)
        self.lesson = lesson_of(where[order], window)
        return int(where[order][window != given[order]].min(initial=FAR))

    def _all(self) -> tuple[I64, I64, I64, I64]:
        return (
            np.concatenate(self._where),
            np.concatenate(self._first),
            np.concatenate(self._bound),
            np.concatenate(self._window),
        )

    def _taken(self) -> int:
        """Return the number of the last place that has been taken so far."""
        if self._tail is None:
            nothing = np.zeros(0, np.int64)
            _, self._tail = self._between(nothing, nothing, nothing)
        return self._tail

    def _between(self, where: I64, first: I64, bound: I64) -> tuple[I64, int]:
        """Return the windows of requests that are put between those that were answered before, and the last place taken
        by all."""
        places = np.concatenate([*self._where, where])
        order = _order(places)
        merged, tail = self._allocate(
            np.concatenate([*self._first, first])[order], np.concatenate([*self._bound, bound])[order], self.last
        )
        spread = np.empty_like(merged)
        spread[order] = merged
        return spread[len(places) - len(where) :], tail

    def _allocate(self, first: I64, bound: I64, last: int) -> tuple[I64, int]:
        """Return the window of each request in order, and the last place taken."""
        places = np.empty(len(first), np.int64)
        taken = np.ones(len(first), np.bool_)
        while True:
            index = np.flatnonzero(taken)
            rank = np.arange(len(index))
            places[index] = rank + np.maximum(np.maximum.accumulate(first[index] - rank), last + 1)
            start = places[index] // self.rate * self.seconds
            own = first[index] // self.rate * self.seconds
            late = np.flatnonzero((start >= bound[index]) & (start > own))
            if not len(late):
                break
            # Nobody after the first late one finds an earlier place.
            soonest, rest = start[late[0]], index[late[0] :]
            taken[rest[(bound[rest] <= soonest) & (own[late[0] :] < soonest)]] = False
        self._seat_the_late(first, places, taken, last)
        tail = int(places[np.flatnonzero(taken)[-1]]) if taken.any() else last
        return places // self.rate, tail

    def _seat_the_late(self, first: I64, places: I64, taken: Bools, last: int) -> None:
        """Give those who take no place the first that they would have found."""
        late = np.flatnonzero(~taken)
        if len(late):
            kept = np.where(taken, places, last)
            before = np.maximum.accumulate(np.concatenate(([last], kept)))[late]
            places[late] = np.maximum(before + 1, first[late])


def _order(where: I64) -> I64:
    return np.argsort(where, kind="stable").astype(np.int64)

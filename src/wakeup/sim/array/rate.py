"""Places in a channel's rate: at most `rate` sends in each window [k * seconds, (k + 1) * seconds) (rules 21, 45).

Requests take places in order, so all windows before the last place taken are full or past: place p = max(p before + 1,
first place of the own window), which a running maximum gives for many requests at once.
"""

import numpy as np
from attrs import define, field

from wakeup.sim.array.codes import FAR, I64, Bools
from wakeup.sim.array.limits import Lesson, lesson_of

_NONE = np.zeros(0, np.int64)


@define(eq=False)
class Rate:
    """A channel's places.

    last: number of the last place taken, window * rate + seat. lesson: what an earlier try of the block has taught.
    _expected: positions, first places of the own window and bounds of requests that are still to come.
    """

    rate: int
    seconds: int
    last: int = -1
    lesson: Lesson | None = None
    _expected: tuple[I64, I64, I64] | None = None
    _where: list[I64] = field(factory=list)
    _first: list[I64] = field(factory=list)
    _bound: list[I64] = field(factory=list)
    _window: list[I64] = field(factory=list)
    _latest: int = -1
    _tail: int | None = None
    _mixed: bool = False

    def fork(self) -> "Rate":
        """Return the channel as it stands after all requests, with nothing written down."""
        if not self._where:
            return Rate(self.rate, self.seconds, self.last)
        where, first, bound, _ = self._all()
        _, tail = self._allocate(first[_order(where)], bound[_order(where)], self.last)
        return Rate(self.rate, self.seconds, tail)

    def request(self, where: I64, t: I64, bound: I64) -> I64:
        """Return the start of the window in which each request finds a place; one at or after `bound` is not taken.

        Args:
            where: positions (m,), ascending.
            t: instants (m,).
            bound: from when on a place is of no use (m,).
        """
        first = t // self.seconds * self.rate
        if self._expected is None and len(where) and int(where[0]) >= self._latest:
            window, self._tail = self._allocate(first, bound, self._taken())
        else:
            self._mixed = True
            window = self._between(where, first, bound)
        if self.lesson is not None:
            self._mixed = True
            window = self.lesson.applied(where, window)
        self._latest = max(self._latest, int(where[-1]) if len(where) else -1)
        self._where.append(where)
        self._first.append(first)
        self._bound.append(bound)
        self._window.append(window)
        return window * self.seconds

    def expect(self, where: I64 = _NONE, t: I64 = _NONE, bound: I64 = _NONE) -> None:
        """Let requests that are still to come, as in `request`, keep their places until they do; none: nobody comes."""
        self._expected = (where, t // self.seconds * self.rate, bound) if len(where) else None

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
        window, _ = self._allocate(first[order], bound[order], self.last)
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
        return self.fork().last if self._tail is None else self._tail

    def _between(self, where: I64, first: I64, bound: I64) -> I64:
        """Return the windows of requests that are put between those that were answered before and the expected."""
        asked = [*zip(self._where, self._first, self._bound, strict=True), (where, first, bound)]
        every = [*asked, self._expected] if self._expected else asked
        places, firsts, bounds = (np.concatenate(column) for column in zip(*every, strict=True))
        order = _order(places)
        merged, tail = self._allocate(firsts[order], bounds[order], self.last)
        self._tail = None if self._expected else tail  # the expected have not taken theirs yet
        spread = np.empty_like(merged)
        spread[order] = merged
        before = sum(map(len, self._where))
        return spread[before : before + len(where)]

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

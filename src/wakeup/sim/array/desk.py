"""A desk of staff: first come, first served, within its hours (rules 30, 54).

A request that leaves takes no time and writes no row, so only those that start matter. Their starts are worked out from
the first waiting request on, in plain Python, whenever a claim or a reached goal changes them.
"""

from bisect import insort
from collections.abc import Callable
from heapq import heapify, heapreplace

import numpy as np
from attrs import define, evolve, field

from wakeup.decide.calendar import next_opening
from wakeup.plan.model import Staff
from wakeup.sim.array.codes import FAR, I64, Phase, position

Request = tuple[int, int, int]
"""Claimed at, number of the person, incentive."""


@define(eq=False)
class Desk:
    """Requests waiting, and when each of the staff is free again.

    ends: end of the grant of each request. gone: people whose goal was reached, with the instant. spans: seconds of
    handling by (person, n-th service there), asked of `span`. turns: services begun per person before this block.
    starts: (start, end of the handling) of the requests that start before the block's limit. begun: those played.
    """

    staff: Staff
    zone: str
    run_end: int
    span: Callable[[I64, I64], I64]
    free: list[int]
    waiting: list[Request] = field(factory=list)
    ends: dict[Request, int] = field(factory=dict)
    gone: dict[int, int] = field(factory=dict)
    spans: dict[tuple[int, int], int] = field(factory=dict)
    turns: dict[int, int] = field(factory=dict)
    starts: dict[Request, tuple[int, int]] = field(factory=dict)
    begun: dict[Request, tuple[int, int]] = field(factory=dict)
    stale: bool = False

    def fork(self) -> "Desk":
        """Return the desk after what was played: who began is gone, the staff are taken."""
        free, turns = list(self.free), dict(self.turns)
        for request in self.waiting:
            if request in self.begun:
                heapreplace(free, self.begun[request][1])
                turns[request[1]] = turns.get(request[1], 0) + 1
        waiting = [each for each in self.waiting if each not in self.begun and each[1] not in self.gone]
        return evolve(
            self,
            free=free,
            turns=turns,
            waiting=waiting,
            ends={each: self.ends[each] for each in waiting},
            spans=dict(self.spans),
            gone={},
            starts={},
            begun={},
            stale=bool(waiting),
        )

    def claim(self, t: I64, people: I64, incentive: int, ends: I64) -> None:
        """Queue requests of people (m,) at `t` whose grants end at `ends`."""
        turns = np.array([self.turns.get(person, 0) for person in people.tolist()], np.int64)
        spans = self.span(people, turns)
        self.spans.update(zip(zip(people.tolist(), turns.tolist(), strict=True), spans.tolist(), strict=True))
        for at, person, end in zip(t.tolist(), people.tolist(), ends.tolist(), strict=True):
            insort(self.waiting, (at, person, incentive))
            self.ends[at, person, incentive] = end
        self.stale |= len(people) > 0

    def begin(self, t: I64, people: I64, incentive: int) -> I64:
        """Take what `settle` worked out as played, for people (m,) at `t`; return when their handling ends."""
        mine = {(times[0], request[1]): request for request, times in self.starts.items() if request[2] == incentive}
        requests = [mine[each] for each in zip(t.tolist(), people.tolist(), strict=True)]
        self.begun.update((request, self.starts[request]) for request in requests)
        return np.array([self.starts[request][1] for request in requests], np.int64)

    def coming(self) -> dict[tuple[int, int], int]:
        """Return the starts that are still to be played, by person and incentive."""
        return {each[1:]: times[0] for each, times in self.starts.items() if each not in self.begun}

    def leave(self, person: int, t: int) -> None:
        """Let a person's requests go: the goal was reached at `t`."""
        self.gone[person] = t
        self.stale = True

    def close(self) -> None:
        """Send everybody away: the run is over."""
        self.waiting, self.ends, self.stale = [], {}, False

    def settle(self, limit: int) -> None:
        """Work out which requests start at positions before `limit`."""
        free, turns = list(self.free), dict(self.turns)
        heapify(free)
        self.starts, self.stale = {}, False
        for request in self.waiting:
            claimed, person, _ = request
            start = next_opening(max(claimed, free[0]), self.staff.hours, self.zone)
            if start >= self.run_end or position(start, Phase.DESKS) >= limit:
                break
            if start >= self.ends[request] or self.gone.get(person, FAR) <= start:
                continue
            turn = turns.get(person, 0)
            turns[person] = turn + 1
            if (person, turn) not in self.spans:
                self.spans[person, turn] = int(self.span(np.array([person]), np.array([turn]))[0])
            freed = start + self.spans[person, turn]
            heapreplace(free, freed)
            self.starts[request] = start, freed

    def first_wrong(self) -> int:
        """Return the position of the first start that was played otherwise than it should have been, else FAR."""
        wrong = [
            position(min(played[0], self.starts.get(request, played)[0]), Phase.DESKS)
            for request, played in self.begun.items()
            if self.starts.get(request) != played
        ]
        return min(wrong, default=FAR)

"""Who is served when at a desk: its line, played second by second in plain Python (rules 30, 54, 72).

Time is counted in ticks, two a second: at tick 2t, step e of second t, the line is served; at tick 2t + 1, step f,
sends ask and released sends are decided.
"""

from collections.abc import Callable
from heapq import heapify, heappop, heappush, heapreplace
from typing import Final, Literal

import numpy as np
from attrs import define, field, frozen

from wakeup.decide.calendar import next_opening, window_end
from wakeup.plan.model import DayWindow
from wakeup.sim.array.codes import FAR, I64, Phase, position

Request = tuple[int, int, int]
"""Asked at, number of the person, what: the incentive of a service, or SENDS + the place of the step in the program."""

SENDS: Final = 1 << 16
"""From here on what is asked for is a send."""

Span = Callable[[I64, I64], I64]
"""Seconds that people's n-th time at the desk takes."""


@define(eq=False)
class Hours:
    """When a desk is open; remembers the last window, from `opens` until before `closes`."""

    window: DayWindow
    zone: str
    opens: int = 0
    closes: int = 0
    _shut: int = 0

    def opening(self, t: int) -> int:
        """Return `t` if the desk is open, else the next instant at which it opens."""
        if self.opens <= t < self.closes:
            return t
        if self._shut <= t < self.opens:
            return self.opens
        opens, closes = t, window_end(t, self.window, self.zone)
        while closes is None:
            opens = next_opening(opens, self.window, self.zone)
            closes = window_end(opens, self.window, self.zone)  # none: a clock change has taken all of it
        self._shut, self.opens, self.closes = t, opens, closes
        return opens


@define(eq=False)
class Line:
    """A desk and what is asked of it.

    free: ticks at which each of the staff is free. turns: how often each person was served. waiting: in line at the
    beginning. kept: sends with staff kept for them at the beginning, and the second of their release. asked: came
    since. until: when each request is too late. unsent: sends that will not go out even if somebody is free. stays: of
    sends that have asked, whether they went out or stay in line. sent: of releases decided, whether they went out.
    gone: who has left, with the instant. spans: seconds of handling, by person and turn.
    """

    free: list[int]
    turns: dict[int, int] = field(factory=dict)
    waiting: list[Request] = field(factory=list)
    kept: dict[Request, int] = field(factory=dict)
    asked: dict[Request, None] = field(factory=dict)
    until: dict[Request, int] = field(factory=dict)
    unsent: set[Request] = field(factory=set)
    stays: dict[Request, bool] = field(factory=dict)
    sent: dict[Request, bool] = field(factory=dict)
    gone: dict[int, int] = field(factory=dict)
    spans: dict[tuple[int, int], int] = field(factory=dict)

    def copy(self) -> "Line":
        """Return a line to which may be added."""
        return Line(
            free=self.free,
            turns=self.turns,
            waiting=self.waiting,
            kept=self.kept,
            asked=dict(self.asked),
            until=dict(self.until),
            unsent=set(self.unsent),
            stays=dict(self.stays),
            sent=dict(self.sent),
            gone=dict(self.gone),
            spans=dict(self.spans),
        )

    def add(self, requests: list[Request], until: list[int]) -> None:
        """Add requests that came since, and when each is too late."""
        self.asked.update(dict.fromkeys(requests))
        self.until.update(zip(requests, until, strict=True))


@frozen(eq=False)
class Turns:
    """What a line comes to.

    starts: start and end of services, release (twice) of sends in line. served: whether a send that asked found
    somebody free. free, turns, waiting, kept: as in `Line`, at the end.
    """

    starts: dict[Request, tuple[int, int]]
    served: dict[Request, bool]
    free: list[int]
    turns: dict[int, int]
    waiting: list[Request]
    kept: dict[Request, int]

    def left(self, line: Line) -> Line:
        """Return the line as these turns leave it."""
        stay = [*self.waiting, *self.kept]
        people = {request[1] for request in stay}
        return Line(
            free=self.free,
            turns={**line.turns, **self.turns},
            waiting=self.waiting,
            kept=self.kept,
            until={request: line.until[request] for request in stay},
            unsent=line.unsent.intersection(stay),
            gone={person: t for person, t in line.gone.items() if person in people},
            spans={key: span for key, span in line.spans.items() if key[0] in people},
        )


def take_turns(line: Line, ghosts: Line | None, limit: int, hours: Hours, run_end: int, span: Span) -> Turns:
    """Return who is served when at positions before `limit`.

    Args:
        line: what is known.
        ghosts: what was asked when the block was played before; expected to be asked again.
        limit: position.
        hours: of the desk.
        run_end: nothing starts from here on.
        span: seconds of handling.
    """
    return _Play(line, ghosts, limit, hours, run_end, span).play()


class _Play:
    """One pass over a line."""

    def __init__(self, line: Line, ghosts: Line | None, limit: int, hours: Hours, run_end: int, span: Span) -> None:
        self._line, self._ghosts, self._hours, self._span = line, ghosts, hours, span
        self._limit, self._run_end = limit, run_end
        self._free, self._queue = list(line.free), list(line.waiting)
        self._turns: dict[int, int] = {}
        self._kept: dict[Request, int] = {}
        self._starts: dict[Request, tuple[int, int]] = {}
        self._served: dict[Request, bool] = {}
        self._goes = True
        known = dict(line.asked) if ghosts is None else {**ghosts.asked, **line.asked}
        self._coming = [(_tick(each), *each[1:], each) for each in known]
        self._coming += [(2 * second + 1, *each[1:], each) for each, second in line.kept.items()]
        self._releases = dict(line.kept)
        heapify(self._free)
        heapify(self._queue)
        heapify(self._coming)

    def play(self) -> Turns:
        """Let requests come and be served in their order."""
        # Until the block begins the desk was closed, or everybody busy, since the first in line asked.
        now = _tick(self._queue[0]) if self._queue else 0
        while True:
            second = FAR
            if self._queue and self._free:
                second = self._hours.opening(max(-(-now // 2), -(-self._free[0] // 2)))
            if self._coming and self._coming[0][0] <= 2 * second:
                now, _, _, request = heappop(self._coming)
                self._arrive(now, request)
            elif second >= self._run_end or position(second, Phase.DESKS) >= self._limit:
                break
            else:
                self._serve(second)
                now = 2 * second + 1
        turns = {person: self._line.turns.get(person, 0) + more for person, more in self._turns.items()}
        waiting = sorted(request for request in self._queue if request in self._line.until)
        return Turns(self._starts, self._served, self._free, turns, waiting, self._kept)

    def _arrive(self, now: int, request: Request) -> None:
        second = now // 2
        if request in self._releases:
            self._decide(request, second)
        elif request[2] < SENDS:
            heappush(self._queue, request)
        else:
            self._ask(request, now, second)

    def _ask(self, request: Request, now: int, second: int) -> None:
        """Let a send ask: it goes out if somebody is free and nobody waits, else it waits."""
        while self._queue and self._has_left(self._queue[0], second):
            heappop(self._queue)
        free = bool(self._free) and self._free[0] <= now and not self._queue and self._hours.opening(second) == second
        self._served[request] = free
        stays = self._known("stays", request)
        if not free:
            if stays is not False:
                heappush(self._queue, request)
        elif self._likely(request, stays):
            heapreplace(self._free, 2 * self._take(request, second))

    def _serve(self, second: int) -> None:
        """Serve the line while staff are free."""
        while self._queue and self._free and self._free[0] <= 2 * second:
            request = heappop(self._queue)
            sends = request[2] >= SENDS
            gone = self._line.gone.get(request[1], FAR)
            if second >= self._until(request) or gone <= second:
                continue
            if sends:
                heappop(self._free)
                self._starts[request] = second, second
                self._releases[request] = second
                heappush(self._coming, (2 * second + 1, *request[1:], request))
            else:
                end = self._take(request, second)
                heapreplace(self._free, 2 * end)
                self._starts[request] = second, end

    def _decide(self, request: Request, second: int) -> None:
        """Let a release be decided: sent, it takes the staff that is kept; else they are free in the next second."""
        sent = self._known("sent", request)
        if request not in self._line.sent and position(second, Phase.DUE, request[1]) >= self._limit:
            self._kept[request] = second
        elif self._likely(request, sent):
            heappush(self._free, 2 * self._take(request, second))
        else:
            heappush(self._free, 2 * second + 2)

    def _take(self, request: Request, second: int) -> int:
        """Take staff; return when they are free again."""
        person = request[1]
        turn = self._line.turns.get(person, 0) + self._turns.get(person, 0)
        self._turns[person] = self._turns.get(person, 0) + 1
        if (person, turn) not in self._line.spans:
            self._line.spans[person, turn] = int(self._span(np.array([person]), np.array([turn]))[0])
        return second + self._line.spans[person, turn]

    def _has_left(self, request: Request, second: int) -> bool:
        """Say whether a waiting send is no longer in line; services leave when their turn comes."""
        if request[2] < SENDS:
            return False
        return self._until(request) <= second or self._line.gone.get(request[1], FAR) <= second

    def _until(self, request: Request) -> int:
        until = self._line.until.get(request)
        if until is None:
            assert self._ghosts is not None
            until = self._ghosts.until[request]
        return until

    def _known(self, what: Literal["stays", "sent"], request: Request) -> bool | None:
        """Return what is known of a send, or was when the block was played before."""
        for line in (self._line, self._ghosts):
            known: dict[Request, bool] = {} if line is None else getattr(line, what)
            if request in known:
                return known[request]
        return None

    def _likely(self, request: Request, known: bool | None) -> bool:
        """Return whether a send that somebody is free for goes out; where that is not known, as the last one did.

        Where money has run out, nobody of a long line goes out: one guess finds them all, not one second of them.
        """
        if request in self._line.unsent:
            return bool(known)
        self._goes = self._goes if known is None else known
        return self._goes


def _tick(request: Request) -> int:
    """Return the tick at which a request comes."""
    return 2 * request[0] + (request[2] >= SENDS)

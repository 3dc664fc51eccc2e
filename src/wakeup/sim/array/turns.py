"""Who is served when at a desk: its line, played second by second in plain Python (rules 30, 54, 72).

Time is counted in ticks, two a second: at tick 2t, step e of second t, the line is served; at tick 2t + 1, step f,
sends ask and released sends are decided. What a block asks comes bit by bit: what lies before it stands, what lies
behind is played again from the last mark before.
"""

from collections.abc import Callable, Sequence
from heapq import heapify, heappop, heappush, heapreplace
from typing import Final

import numpy as np
from attrs import define, evolve, field, frozen

from wakeup.decide.calendar import next_opening, window_end
from wakeup.plan.model import DayWindow
from wakeup.sim.array.codes import FAR, I64, Phase, position, second_of, seconds_before

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
    sends that have asked, whether they went out or stay in line; told: whether they found somebody free. sent: of
    releases decided, whether they went out. gone: who has left, with the instant. spans: seconds of handling, by person
    and turn. goes: whether the last send that somebody was free for went out.
    """

    free: list[int]
    turns: dict[int, int] = field(factory=dict)
    waiting: list[Request] = field(factory=list)
    kept: dict[Request, int] = field(factory=dict)
    asked: dict[Request, None] = field(factory=dict)
    until: dict[Request, int] = field(factory=dict)
    unsent: set[Request] = field(factory=set)
    stays: dict[Request, bool] = field(factory=dict)
    told: dict[Request, bool] = field(factory=dict)
    sent: dict[Request, bool] = field(factory=dict)
    gone: dict[int, int] = field(factory=dict)
    spans: dict[tuple[int, int], int] = field(factory=dict)
    goes: bool = True

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
            told=dict(self.told),
            sent=dict(self.sent),
            gone=dict(self.gone),
            spans=dict(self.spans),
            goes=self.goes,
        )

    def since(self, here: int) -> "Line":
        """Return what was asked at position `here` or later, and what became of it."""
        t = second_of(here)
        some = {each: None for each in self.asked if each[0] > t or (each[0] == t and _where(each) >= here)}
        return evolve(self, asked=some)

    def add(self, requests: Sequence[Request], until: list[int]) -> None:
        """Add requests that came since, and when each is too late."""
        self.asked.update(dict.fromkeys(requests))
        self.until.update(zip(requests, until, strict=True))


@frozen(eq=False)
class Turns:
    """What a line comes to.

    starts: start and end of services, release (twice) of sends in line. served: whether a send that asked found
    somebody free. free, turns, waiting, kept, goes: as in `Line`, at the end.
    """

    starts: dict[Request, tuple[int, int]]
    served: dict[Request, bool]
    free: list[int]
    turns: dict[int, int]
    waiting: list[Request]
    kept: dict[Request, int]
    goes: bool

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
            goes=self.goes,
        )


_Coming = tuple[int, int, int, Request]
"""Tick, person, what, the request: so they come, and so releases are decided."""

_NEVER: Final[_Coming] = (FAR, 0, 0, (FAR, 0, 0))
"""What comes when nobody does."""

_APART: Final = 64
"""How many things happen at least from one mark to the next."""
_CHEAPER: Final = 32
"""So much less does it cost to copy one who waits into a mark than to let one thing happen."""


@frozen(eq=False)
class _Mark:
    """A course when all up to a tick has happened: `Course`'s state, and how long its logs are."""

    tick: int
    now: int
    came: int
    free: list[int]
    queue: list[Request]
    deciding: list[_Coming]
    goes: bool
    logs: tuple[int, int, int]


class Course:
    """A line being served, as far as `play` was told; more may be added to the line, wherever in time.

    starts, served: as in `Turns`. news: requests whose start is other than it was when this was emptied last.
    """

    def __init__(self, line: Line, ghosts: Line | None, hours: Hours, run_end: int, span: Span) -> None:
        """Begin a course.

        Args:
            line: what is known.
            ghosts: what was asked when the block was played before; expected to be asked again.
            hours: of the desk.
            run_end: nothing starts from here on.
            span: seconds of handling.
        """
        self._line, self._ghosts, self._hours, self._run_end, self._span = line, ghosts, hours, run_end, span
        self.starts: dict[Request, tuple[int, int]] = {}
        self.served: dict[Request, bool] = {}
        self.news: set[Request] = set()
        self._started: list[Request] = []
        self._answered: list[Request] = []
        self._taken: list[int] = []
        self._turns: dict[int, int] = {}
        self._stays: dict[Request, bool] = {}
        self._sent: dict[Request, bool] = {}
        self._of: dict[int, tuple[Request, ...]] = {}
        known = dict(line.asked) if ghosts is None else {**ghosts.asked, **line.asked}
        self._coming: list[_Coming] = []
        self._came, self._tick, self._goes = 0, -1, line.goes
        self._free, self._queue = list(line.free), list(line.waiting)
        self._deciding: list[_Coming] = [(2 * second + 1, *each[1:], each) for each, second in line.kept.items()]
        heapify(self._free)  # the queue ascends
        heapify(self._deciding)
        # Until the block begins the desk was closed, or everybody busy, since the first in line asked.
        self._now = _tick(self._queue[0]) if self._queue else 0
        self._changed = FAR
        self._marks = [self._mark()]
        self._remember(self._queue)
        self.come(list(known))

    # --- what becomes known ------------------------------------------------------------------------------------------

    def come(self, requests: Sequence[Request]) -> None:
        """Take note of requests that come."""
        if not requests:
            return
        coming = [(_tick(each), *each[1:], each) for each in requests]
        self._change(min(coming)[0])
        self._go_back()
        self._coming[self._came :] = sorted(self._coming[self._came :] + coming)
        self._remember(requests)

    def confirm(self, requests: Sequence[Request]) -> None:
        """Take note that what was expected has come."""
        self.news.update(requests)
        before = {} if self._ghosts is None else self._ghosts.until
        for each in requests:
            if self._line.until[each] != before[each]:
                self._change(_tick(each))

    def expects(self, request: Request) -> bool:
        """Say whether a request is expected, but has not come."""
        return self._ghosts is not None and request in self._ghosts.asked and request not in self._line.asked

    def stays(self, request: Request, stays: bool) -> None:
        """Take note of whether a send that has asked goes out or stays in line."""
        self._line.stays[request] = stays
        if self._stays.get(request, stays) != stays:
            self._change(_tick(request))

    def sent(self, request: Request, sent: bool) -> None:
        """Take note of whether a release goes out."""
        self._line.sent[request] = sent
        if self._sent.get(request, sent) != sent:
            second = self.starts[request][0] if request in self.starts else self._line.kept.get(request, FAR)
            self._change(2 * second + 1)

    def leave(self, person: int, t: int) -> None:
        """Take note that a person has left at `t`: it shows when their turn comes."""
        before = self._line.gone.get(person, FAR)
        self._line.gone[person] = t
        first = min(t, before)
        for each in self._of.get(person, ()) if t != before else ():
            start = self.starts[each][0] if each in self.starts else FAR
            if start >= first:
                self._change(2 * (start if before == FAR else first))

    def _remember(self, requests: Sequence[Request]) -> None:
        """Remember whose requests these are; mostly each is somebody else's."""
        fresh = {each[1]: (each,) for each in requests}
        if len(fresh) == len(requests) and fresh.keys().isdisjoint(self._of):
            self._of.update(fresh)
            return
        for each in requests:
            self._of[each[1]] = (*self._of.get(each[1], ()), each)

    def certain(self) -> bool:
        """Say whether everything that was expected has come."""
        return self._ghosts is None or self._ghosts.asked.keys() <= self._line.asked.keys()

    def of(self, person: int, what: int) -> list[Request]:
        """Return a person's requests for something that have come and are served at some time."""
        came = self._line.until
        return [each for each in self._of.get(person, ()) if each[2] == what and each in self.starts and each in came]

    # --- the course --------------------------------------------------------------------------------------------------

    def play(self, limit: int) -> None:
        """Let requests come and be served in their order, at positions before `limit`."""
        self._go_back()
        queue, free, deciding, coming, opening = (
            self._queue,
            self._free,
            self._deciding,
            self._coming,
            self._hours.opening,
        )
        arriving = 2 * seconds_before(limit, Phase.FREED)  # ticks before this one
        served = min(seconds_before(limit, Phase.DESKS), self._run_end)
        while True:
            second = opening(-(-max(self._now, free[0]) // 2)) if queue and free else FAR
            comes = coming[self._came] if self._came < len(coming) else _NEVER
            decides = bool(deciding) and deciding[0] < comes
            tick = deciding[0][0] if decides else comes[0]
            if tick <= 2 * second and tick < arriving:
                if decides and tick >= arriving - 2 and not self._is_due(deciding[0], limit):
                    break
                self._now = self._tick = tick
                if decides:
                    self._decide(heappop(deciding)[3], tick // 2)
                else:
                    self._came += 1
                    self._arrive(comes)
            elif second >= served:
                break
            else:
                self._tick, self._now = 2 * second, 2 * second + 1
                self._serve(second)
            self._since += 1
            if self._since >= _APART + len(queue) // _CHEAPER:
                self._marks.append(self._mark())

    def turns(self) -> Turns:
        """Return what the line has come to."""
        line = self._line
        turns = {person: line.turns.get(person, 0) + more for person, more in self._turns.items() if more}
        waiting = sorted([request for request in self._queue if request in line.until])
        kept = {request: tick // 2 for tick, _, _, request in self._deciding}
        return Turns(self.starts, self.served, self._free, turns, waiting, kept, self._goes)

    def _is_due(self, release: _Coming, limit: int) -> bool:
        """Say whether a release is decided before `limit`; else its staff are kept."""
        tick, person, _, request = release
        return request in self._line.sent or position(tick // 2, Phase.DUE, person) < limit

    def _arrive(self, comes: _Coming) -> None:
        tick, _, what, request = comes
        if what < SENDS:
            heappush(self._queue, request)
        else:
            self._ask(request, tick)

    def _ask(self, request: Request, now: int) -> None:
        """Let a send ask: it goes out if somebody is free and nobody waits, else it waits."""
        second, queue = now // 2, self._queue
        free = bool(self._free) and self._free[0] <= now and self._hours.opening(second) == second
        while free and queue and self._has_left(queue[0], second):
            heappop(queue)
        free = free and not queue
        self.served[request] = free
        self._answered.append(request)
        known = self._line.stays.get(request)
        if known is None and self._ghosts is not None and self._ghosts.told.get(request) == free:
            known = self._ghosts.stays.get(request)
        if free:
            self._stays[request] = stays = self._likely(request, known)
            if stays:
                heapreplace(self._free, 2 * self._take(request, second))
        else:
            self._stays[request] = stays = known is not False
            if stays:
                heappush(queue, request)

    def _serve(self, second: int) -> None:
        """Serve the line while staff are free."""
        queue, free, gone = self._queue, self._free, self._line.gone
        while queue and free and free[0] <= 2 * second:
            request = heappop(queue)
            if second >= self._until(request) or gone.get(request[1], FAR) <= second:
                continue
            if request[2] >= SENDS:
                heappop(free)
                self.starts[request] = second, second
                heappush(self._deciding, (2 * second + 1, *request[1:], request))
            else:
                end = self._take(request, second)
                heapreplace(free, 2 * end)
                self.starts[request] = second, end
            self._started.append(request)
            self.news.add(request)

    def _decide(self, request: Request, second: int) -> None:
        """Let a release be decided: sent, it takes the staff that is kept; else they are free in the next second."""
        known = self._line.sent.get(request)
        if known is None and self._ghosts is not None:
            known = self._ghosts.sent.get(request)
        self._sent[request] = sent = self._likely(request, known)
        heappush(self._free, 2 * self._take(request, second) if sent else 2 * second + 2)

    def _take(self, request: Request, second: int) -> int:
        """Take staff; return when they are free again."""
        person = request[1]
        more = self._turns.get(person, 0)
        turn = self._line.turns.get(person, 0) + more
        self._turns[person] = more + 1
        self._taken.append(person)
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

    def _likely(self, request: Request, known: bool | None) -> bool:
        """Return whether a send that somebody is free for goes out; where that is not known, as the last one did.

        Where money has run out, nobody of a long line goes out: one guess finds them all, not one second of them.
        """
        if request in self._line.unsent:
            return bool(known)
        self._goes = self._goes if known is None else known
        return self._goes

    # --- going back --------------------------------------------------------------------------------------------------

    def _change(self, tick: int) -> None:
        """Take note that what happens at a tick is not what it was taken for."""
        self._changed = min(self._changed, tick)

    def _mark(self) -> _Mark:
        self._since = 0
        logs = len(self._started), len(self._answered), len(self._taken)
        state = list(self._free), list(self._queue), list(self._deciding)
        return _Mark(self._tick, self._now, self._came, *state, self._goes, logs)

    def _go_back(self) -> None:
        """Go back to before the first change, if that has been passed."""
        changed, self._changed = self._changed, FAR
        if self._tick < changed:
            return
        while self._marks[-1].tick >= changed:
            self._marks.pop()
        mark = self._marks[-1]
        started, answered, taken = mark.logs
        for request in self._started[started:]:
            del self.starts[request]
        self.news.update(self._started[started:])
        for request in self._answered[answered:]:
            del self.served[request]
        for person in self._taken[taken:]:
            self._turns[person] -= 1
        del self._started[started:], self._answered[answered:], self._taken[taken:]
        self._tick, self._now, self._came, self._goes = mark.tick, mark.now, mark.came, mark.goes
        self._free, self._queue, self._deciding = list(mark.free), list(mark.queue), list(mark.deciding)


def _where(request: Request) -> int:
    """Return the position at which a request comes."""
    return position(request[0], Phase.ANSWERS if request[2] < SENDS else Phase.DUE, request[1])


def _tick(request: Request) -> int:
    """Return the tick at which a request comes."""
    return 2 * request[0] + (request[2] >= SENDS)

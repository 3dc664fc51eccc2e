"""A desk: staff who serve requests in order of arrival, within their hours (docs/semantics, rule 30)."""

from collections import deque
from collections.abc import Callable
from functools import partial

from attrs import frozen

from wakeup.decide.calendar import next_opening
from wakeup.plan.model import Staff
from wakeup.sim.reference.clock import Clock, Phase


@frozen
class Request:
    """A claim that waits: `begin` says how many seconds it takes, None if it leaves; `finish` comes after them."""

    who: int
    begin: Callable[[], int | None]
    finish: Callable[[], None]


class Desk:
    """The queue and the free staff."""

    def __init__(self, staff: Staff, zone: str, clock: Clock) -> None:
        self._staff = staff
        self._zone = zone
        self._clock = clock
        self._free = staff.people
        self._waiting: deque[Request] = deque()

    def ask(self, request: Request) -> None:
        """Queue a request; requests come in the order of the claims."""
        self._waiting.append(request)
        self._look(self._clock.now)

    def _look(self, t: int) -> None:
        self._clock.at(t, Phase.DESK, self._serve)

    def _serve(self) -> None:
        now = self._clock.now
        if not (self._waiting and self._free):
            return
        opening = next_opening(now, self._staff.hours, self._zone)
        if opening > now:
            self._look(opening)
            return
        while self._waiting and self._free:
            request = self._waiting.popleft()
            seconds = request.begin()
            if seconds is not None:
                self._free -= 1
                self._clock.at(now + seconds, Phase.TURN, partial(self._done, request), request.who)

    def _done(self, request: Request) -> None:
        self._free += 1
        request.finish()
        self._look(self._clock.now)

"""A desk: staff who serve claims and sends in one line, within their hours (docs/semantics, rules 30, 54, 72)."""

from bisect import insort
from collections.abc import Callable

from attrs import frozen

from wakeup.decide.calendar import next_opening
from wakeup.plan.model import Staff
from wakeup.sim.reference.clock import Clock, Phase

SEND = 1 << 20
"""Place of a send after the claims of the same person and second, which stand by incentive."""


@frozen(eq=False)
class Request:
    """What waits in line: `begin` is asked when its turn comes and somebody is free; it takes them, or leaves.

    place: (first asked, number of the campaign, customer, incentive or SEND).
    """

    place: tuple[int, int, int, int]
    begin: Callable[[], None]


class Desk:
    """The line and the free staff."""

    def __init__(self, staff: Staff, zone: str, clock: Clock) -> None:
        self._staff = staff
        self._zone = zone
        self._clock = clock
        self._free = staff.people
        self._waiting: list[Request] = []

    def opens(self, t: int) -> int:
        """Return the first second at or after `t` within the hours."""
        return next_opening(t, self._staff.hours, self._zone)

    def can_serve(self, t: int) -> bool:
        """Return whether somebody is free within the hours; in step f that means that nobody waits."""
        return self._free > 0 and self.opens(t) == t

    def ask(self, request: Request, t: int) -> None:
        """Let a request stand in line from now on; its turn may come in step e of `t`."""
        insort(self._waiting, request, key=lambda each: each.place)
        self._look(t)

    def leave(self, request: Request) -> None:
        """Take a request out of the line."""
        self._waiting.remove(request)

    def take(self) -> None:
        """Take somebody who is free, until `free_after` says how long."""
        self._free -= 1

    def free_after(self, seconds: int, then: Callable[[], None] | None = None) -> None:
        """Let somebody who was taken be free again after `seconds`; `then` comes with it."""

        def done() -> None:
            self._free += 1
            if then is not None:
                then()
            self._look(self._clock.now)

        self._clock.at(self._clock.now + seconds, Phase.TURN, done)

    def _look(self, t: int) -> None:
        self._clock.at(t, Phase.DESK, self._serve)

    def _serve(self) -> None:
        now = self._clock.now
        if not (self._waiting and self._free):
            return
        opening = self.opens(now)
        if opening > now:
            self._look(opening)
            return
        while self._waiting and self._free:
            self._waiting.pop(0).begin()

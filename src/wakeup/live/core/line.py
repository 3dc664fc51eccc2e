"""A desk as it is kept: the line before it, and whom its staff serve.

A line may hold ten thousand requests, and is read and written with every transaction: so a request stays a line of text
until its turn comes.
"""

from bisect import bisect_left, insort
from typing import Final

from attrs import define, field, frozen

from wakeup.decide.calendar import next_opening
from wakeup.plan.model import Staff

SEND: Final = 1 << 20
"""Place of a send in line after the claims of the same person and second, which stand by incentive."""

FORGOTTEN: Final = 20
"""Times the mean handling time after which staff who were never reported done count as free: of true handling times,
which are exponential, one in 500 million is longer. A lost report must not close a desk for ever."""

Place = tuple[int, int, int]
"""(first asked, customer, place of the incentive in the plan or SEND)."""


@frozen
class Request:
    """What waits in line at a desk.

    until: of a send, from when on it is not released any more. what: the incentive of a claim, "" of a send. step,
    message: of the send that brought the claim. code: of the claimed grant.
    """

    place: Place
    until: int = 0
    what: str = ""
    step: str = ""
    message: str = ""
    code: str = ""

    @property
    def customer(self) -> int:
        """Whose it is."""
        return self.place[1]

    def text(self) -> str:
        """Return it as a line of text; the code is the last, for a shop's code may hold anything."""
        return "\t".join((*map(str, self.place), str(self.until), self.what, self.step, self.message, self.code))


def _read(text: str) -> Request:
    *place, until, what, step, message, code = text.split("\t", 7)
    t, customer, last = map(int, place)
    return Request((t, customer, last), int(until), what, step, message, code)


def _place(text: str) -> Place:
    t, customer, last, _ = text.split("\t", 3)
    return int(t), int(customer), int(last)


@define
class Desk:
    """Staff of one name: the line, whom they serve (customer, incentive or outbox key, since when), and the instants at
    which one who was kept for nothing is free again. kept: how many are kept for sends decided in this second."""

    line: list[str] = field(factory=list)
    serving: list[tuple[int, str, int]] = field(factory=list)
    freeing: list[int] = field(factory=list)
    kept: int = 0

    def free(self, staff: Staff) -> int:
        """Return how many are free."""
        return staff.people - len(self.serving) - len(self.freeing) - self.kept

    def can_serve(self, t: int, staff: Staff, zone: str) -> bool:
        """Return whether somebody is free within the hours; in step f that means that nobody waits."""
        return self.free(staff) > 0 and opens(t, staff, zone) == t

    def ask(self, request: Request) -> None:
        """Let a request stand in line."""
        insort(self.line, request.text(), key=_place)

    def leave(self, place: Place) -> None:
        """Take a request out of the line, if it still stands there."""
        at = bisect_left(self.line, place, key=_place)
        if at < len(self.line) and _place(self.line[at]) == place:
            del self.line[at]

    def next(self) -> Request:
        """Take the first request out of the line."""
        return _read(self.line.pop(0))

    def waiting(self) -> list[Request]:
        """Return the requests in line, first come first."""
        return [_read(each) for each in self.line]


def opens(t: int, staff: Staff, zone: str) -> int:
    """Return the first second at or after `t` within the hours of the staff."""
    return next_opening(t, staff.hours, zone)

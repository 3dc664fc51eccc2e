"""What simulated customers are going to do, and when: in the order of one second that docs/semantics gives."""

from collections.abc import Callable, Sequence
from enum import IntEnum
from heapq import heappop, heappush

from attrs import define, field

from wakeup.channels.protocol import Answer
from wakeup.terms.lists import Row

Told = Sequence[tuple[Answer, int]]
"""What the outside world tells, with the key of the customer it is about."""

Action = Callable[[int], Told]
"""Something that a customer does at an instant."""


class Phase(IntEnum):
    """The steps of a second in which something happens outside (docs/semantics, section 3, a and b)."""

    TURN = 1
    ANSWER = 2


def place(row: Row, incentive: int = 0) -> int:
    """Return the place of an answer among those of one person in one second: by row, then incentive."""
    return int(row) << 16 | incentive


@define(eq=False)
class Agenda:
    """Actions by (instant, phase, person, place), then as they were entered; none at or after `horizon`."""

    horizon: int
    _waiting: list[tuple[int, int, int, int, int, Action]] = field(factory=list)
    _entered: int = 0

    def at(self, t: int, phase: Phase, who: int, detail: int, action: Action) -> None:
        """Enter an action for second `t`."""
        if t < self.horizon:
            heappush(self._waiting, (t, phase, who, detail, self._entered, action))
            self._entered += 1

    def next_instant(self) -> int | None:
        """Return the second of the first action, None if there is none."""
        return self._waiting[0][0] if self._waiting else None

    def act(self, now: int) -> Told | None:
        """Do the first action that is due at `now` and return what is told of it; None if none is due."""
        if not self._waiting or self._waiting[0][0] > now:
            return None
        return heappop(self._waiting)[-1](now)

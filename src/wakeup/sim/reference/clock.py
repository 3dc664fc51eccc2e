"""Virtual time: SimPy's calendar, with the order of one second kept by the priority of each event."""

from collections.abc import Callable
from enum import IntEnum

import simpy
from simpy.events import EventPriority

from wakeup.terms.lists import Row


class Phase(IntEnum):
    """The steps of one second (docs/semantics, section 3, a to f), after the opening of campaigns that start in it."""

    OPEN = 0
    TURN = 1
    ANSWER = 2
    LAPSE = 3
    JUDGE = 4
    DESK = 5
    DUE = 6


def place(row: Row, incentive: int = 0) -> int:
    """Return the place of an answer among those of one person in one second: by row, then incentive."""
    return int(row) << 24 | incentive


class Clock:
    """Whole seconds from `start` to before `horizon`; within one: phase, then customer (ascending key), then detail.

    Where several campaigns share the clock, each has a `part` of it: in every step what one campaign does comes before
    what the next one does, but for answers: one person's come by kind, then by campaign.
    """

    def __init__(self, start: int, horizon: int) -> None:
        self.environment = simpy.Environment(initial_time=start)
        self.horizon = horizon
        self._number = 0

    def part(self, number: int, horizon: int) -> "Clock":
        """Return the same clock for the campaign of this number (< 256), which goes on to before its own horizon."""
        clock = Clock.__new__(Clock)
        clock.environment, clock.horizon, clock._number = self.environment, horizon, number
        return clock

    @property
    def now(self) -> int:
        """The current second."""
        return int(self.environment.now)

    def when(self, t: int, phase: Phase, who: int = 0, detail: int = 0) -> simpy.Event:
        """Return an event that happens at `t` (>= now) in its place of the second; at or after the horizon never."""
        event = self.environment.event()
        self.ring(event, t, phase, who, detail)
        return event

    def ring(self, event: simpy.Event, t: int, phase: Phase, who: int = 0, detail: int = 0) -> None:
        """Let a pending event happen at `t`."""
        if t < self.horizon:
            event._ok, event._value = True, None  # what succeed() does, but with a priority of our own
            self.environment.schedule(event, self._priority(phase, who, detail), t - self.now)

    def _priority(self, phase: Phase, who: int, detail: int) -> EventPriority:
        if phase is Phase.ANSWER:
            return EventPriority(phase << 96 | who << 32 | detail | self._number << 16)
        return EventPriority(phase << 96 | self._number << 64 | who << 32 | detail)

    def at(self, t: int, phase: Phase, action: Callable[[], None], who: int = 0, detail: int = 0) -> None:
        """Do `action` at `t` in its place of the second; at or after the horizon never."""
        if t < self.horizon:
            self.when(t, phase, who, detail).callbacks.append(lambda _: action())

    def run(self) -> None:
        """Run until nothing is left to happen."""
        self.environment.run()

"""Wall time, and time that a rehearsal moves: the only place of the live side that looks at a clock."""

import time
from collections.abc import Callable
from typing import Protocol


class Clock(Protocol):
    """Whole seconds UTC, and waiting."""

    def now(self) -> int:
        """The present second."""

    def fraction(self) -> float:
        """The present instant with its fraction, for signatures and time limits."""

    def wait(self, until: float, interrupted: Callable[[float], bool]) -> None:
        """Wait until an instant, or until `interrupted(seconds)`, which waits at most that long, says True."""


class WallClock:
    """The machine's clock."""

    def now(self) -> int:
        """The present second."""
        return int(time.time())

    def fraction(self) -> float:
        """The present instant with its fraction."""
        return time.time()

    def wait(self, until: float, interrupted: Callable[[float], bool]) -> None:
        """Wait in steps of at most a second: a clock that is set meanwhile is followed."""
        while (left := until - time.time()) > 0:
            if interrupted(min(left, 1.0)):
                return


class FastClock:
    """A clock that stands still until it is set; waiting sets it."""

    def __init__(self, at: int) -> None:
        self._at = at

    def now(self) -> int:
        """The present second."""
        return self._at

    def fraction(self) -> float:
        """The present second."""
        return float(self._at)

    def wait(self, until: float, interrupted: Callable[[float], bool]) -> None:
        """Be at `until`, rounded up to a second, at once."""
        self._at = max(self._at, -int(-until // 1))

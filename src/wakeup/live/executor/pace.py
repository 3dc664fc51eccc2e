"""Never more calls than declared: so many a second, and so many in each window of the plan's rate.

The plan's rate is kept when a send is claimed; here it is kept once more when the bytes leave, which may be later.
"""

from collections import deque

from attrs import define, field


@define(eq=False)
class Pace:
    """What one executor has sent over a channel lately.

    per_second: most sends in any second, 0 for no limit. rate, seconds: most sends in each window [k * seconds,
    (k + 1) * seconds), 0 for no limit.
    """

    per_second: float = 0.0
    rate: int = 0
    seconds: int = 1
    _last: deque[float] = field(factory=deque)
    _window: int = -1
    _taken: int = 0

    @property
    def most(self) -> int | None:
        """Most sends in one call, None for any number."""
        limits = [each for each in (self._count if self.per_second else 0, self.rate) if each]
        return min(limits, default=None)

    @property
    def _count(self) -> int:
        return max(1, int(self.per_second))

    def wait(self, now: float) -> float:
        """Return the seconds until one more may go."""
        wait = 0.0
        if self.per_second and len(self._last) >= self._count:
            wait = self._last[0] + max(1.0, self._count / self.per_second) - now
        if self.rate and int(now // self.seconds) == self._window and self._taken >= self.rate:
            wait = max(wait, (self._window + 1) * self.seconds - now)
        return max(0.0, wait)

    def left(self, now: float) -> int | None:
        """Return how many may go in one call now, None for any number."""
        most = self.most
        if self.rate and int(now // self.seconds) == self._window:
            most = min(most or self.rate, self.rate - self._taken)
        return most

    def take(self, now: float, many: int) -> None:
        """Note sends that go now."""
        if self.per_second:
            self._last.extend([now] * many)
            while len(self._last) > self._count:
                self._last.popleft()
        if self.rate:
            window = int(now // self.seconds)
            self._taken = many + (self._taken if window == self._window else 0)
            self._window = window

"""Where a backtest stands: instants in the past of a log from which the horizon after is forecast."""

from datetime import timedelta
from typing import Final

from attrs import frozen

from wakeup.customers.zones import instant_from, local_day
from wakeup.diagnostics import Count, WakeupError, diagnostic

DAY: Final = 86_400

BURN_IN: Final = 180
"""Days of the log before the first origin, at least: half a year to learn from."""

CLOSEST: Final = 7
"""Days between two origins, at least: closer ones see the same orders again."""


@frozen
class Origins:
    """Origins (seconds UTC, local midnights, ascending), the horizon in seconds, and the days from one to the next.

    asked: how many were asked for.
    """

    instants: tuple[int, ...]
    horizon: int
    step_days: int
    asked: int

    @property
    def block(self) -> int:
        """How many neighbouring origins look at common days: the length of a block in the bootstrap."""
        return -(-self.horizon // (self.step_days * DAY)) if len(self.instants) > 1 else 1


def place(first_time: int, end: int, *, count: int, horizon_days: int, zone: str) -> Origins:
    """Return `count` origins, evenly spaced by whole days: the last one a horizon before `end`, the first one late
    enough that there is something to learn from; fewer where the log is too short for so many.

    Before the first origin lie half a year and twice the horizon, whichever is longer: so that the baselines have seen
    a whole period, too.

    Raises:
        WakeupError: WK6140, the log is too short for any.
    """
    burn_in = max(BURN_IN, 2 * horizon_days)
    start, finish = local_day(first_time, zone), local_day(end, zone)
    last = finish - timedelta(days=horizon_days)
    if instant_from(last, zone) + horizon_days * DAY > end:  # the clocks went forward in between, or the end is by day
        last -= timedelta(days=1)
    room = (last - start).days - burn_in
    if room < 0:
        found, needed = Count((finish - start).days, "day"), Count(burn_in + horizon_days, "day")
        first, then = Count(burn_in, "day"), Count(horizon_days, "day")
        raise WakeupError([diagnostic("WK6140", days=found, needed=needed, burn_in=first, horizon=then)])
    possible = min(count, 1 + room // CLOSEST)
    step = room // (possible - 1) if possible > 1 else 0
    days = [last - timedelta(days=step * back) for back in range(possible - 1, -1, -1)]
    return Origins(tuple(instant_from(day, zone) for day in days), horizon_days * DAY, step, count)

"""Local time of many instants at once: offsets, days, weeks, months, windows of wall time (rules 8, 18, 19, 39).

A local time that a clock change removes is the instant of the change, one that it repeats the first of the two.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import cache
from typing import Literal

import numpy as np

from wakeup.customers.zones import segments
from wakeup.plan.model import DayWindow, Elapsed, Months, Until
from wakeup.sim.array.codes import DAY, FAR, I16, I64

_MONDAY = 3
"""1970-01-01 was a Thursday: day 0 lies three days after a Monday."""


@cache
def _table(name: str) -> tuple[I64, I64, I64, tuple[int, ...]]:
    """Return a zone's local seconds, offsets and instants from which they hold, read-only: every chunk asks."""
    local, offset, since = np.array(segments(name), np.int64).T.copy()
    for column in (local, offset, since):
        column.setflags(write=False)
    return local, offset, since, tuple(since.tolist())


class Zone:
    """One IANA zone as a table of offsets."""

    def __init__(self, name: str) -> None:
        self._local, self._offset, self._since, self._changes = _table(name)

    def wall(self, t: I64) -> I64:
        """Return local seconds since 1970-01-01 00:00 local time, of instants (m,)."""
        steady = self._steady(t, 0)
        if steady is not None:
            return t + steady
        return t + self._offset[np.searchsorted(self._since, t, side="right") - 1]

    def instant(self, wall: I64) -> I64:
        """Return the instants of local seconds (m,)."""
        segment = np.searchsorted(self._local, wall, side="right") - 1
        t: I64 = np.maximum(wall - self._offset[segment], self._since[segment])
        return t

    def day(self, t: I64) -> I64:
        """Return the local day of instants (m,), in days since 1970-01-01."""
        return self.wall(t) // DAY

    def add_months(self, t: I64, months: int) -> I64:
        """Move instants (m,) by calendar months (negative: back), the day clamped, the wall time kept."""
        wall = self.wall(t)
        day = wall // DAY
        month = day.astype("datetime64[D]").astype("datetime64[M]")
        of_month = day - month.astype("datetime64[D]").astype(np.int64)
        first = (month + months).astype("datetime64[D]").astype(np.int64)
        following = (month + (months + 1)).astype("datetime64[D]").astype(np.int64)
        return self.instant((first + np.minimum(of_month, following - first - 1)) * DAY + wall - day * DAY)

    def window_start(self, t: I64, unit: Literal["day", "week", "month"]) -> I64:
        """Return the first instant of the local day, ISO week or month of instants (m,)."""
        day = self.day(t)
        if unit == "week":
            day = day - (day + _MONDAY) % 7
        elif unit == "month":
            month = day.astype("datetime64[D]").astype("datetime64[M]")
            day = month.astype("datetime64[D]").astype(np.int64)
        return self.instant(day * DAY)

    def window_end(self, t: I64, window: DayWindow) -> I64:
        """Return the end of the window that holds each instant (m,), FAR where none does."""
        steady = self._steady(t, 2 * DAY)
        if steady is not None:
            return _window_end(t, steady, window)
        today = self.day(t)
        crosses = int(window.end <= window.start)
        end = np.full(t.shape, FAR, np.int64)
        for day in (today, today - 1):  # the day before wins: it is looked at last
            last = self.instant((day + crosses) * DAY + window.end)
            held = (self.instant(day * DAY + window.start) <= t) & (t < last)
            end[held] = last[held]
        return end

    def _steady(self, t: I64, around: int) -> int | None:
        """Return the one offset from `around` seconds before all instants to as long after, None if there are more."""
        if not len(t):
            return 0
        first = bisect_right(self._changes, int(t.min()) - around)
        last = bisect_right(self._changes, int(t.max()) + around)
        return int(self._offset[first - 1]) if first == last else None

    def end_of(self, t: I64, length: Elapsed | Months | Until) -> I64:
        """Return the ends of a length that begins at instants (m,), or the instant that it names."""
        if isinstance(length, Elapsed):
            return t + length.seconds
        if isinstance(length, Months):
            return self.add_months(t, length.months)
        return np.full(t.shape, length.instant, np.int64)


def _window_end(t: I64, offset: int, window: DayWindow) -> I64:
    """Return the ends of the windows that hold instants (m,) where no clock changes, FAR where none does."""
    of_day = t + offset
    of_day -= of_day // DAY * DAY
    late = of_day >= window.start
    early = of_day < window.end
    crosses = window.end <= window.start
    held = (late | early if crosses else late & early).nonzero()[0]
    end = np.full(t.shape, FAR, np.int64)
    if len(held):
        end[held] = t[held] - of_day[held] + window.end + (late[held] * DAY if crosses else 0)
    return end


class Zones:
    """The zones of the people: `codes` int16 (n,) into `zones`."""

    def __init__(self, zones: Sequence[Zone], codes: I16) -> None:
        self._zones = zones
        self._codes = codes

    def each(self, people: I64, t: I64, asked: Callable[[Zone, I64], I64]) -> I64:
        """Ask every person's zone about their instant: `people` (m,) numbers, `t` (m,) instants."""
        if len(self._zones) == 1:
            return asked(self._zones[0], t)
        answer = np.empty(t.shape, np.int64)
        codes = self._codes[people]
        for code in np.unique(codes):
            mine = (codes == code).nonzero()[0]
            answer[mine] = asked(self._zones[code], t[mine])
        return answer

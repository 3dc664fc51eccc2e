"""Local time: days, weeks and months of an instant, windows of wall time, calendar arithmetic.

Instants are int seconds UTC; zones are IANA names. A local time that a clock change removes is the instant of the
change, one that it repeats is the first of the two (SEMANTICS 3).
"""

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final, Literal
from zoneinfo import ZoneInfo

from wakeup.plan.model import DayWindow, Elapsed, Months, Until, Wave

DAY: Final = 86_400
QUARTER_HOUR: Final = 900

_zone = lru_cache(maxsize=None)(ZoneInfo)


def local(t: int, zone: str) -> datetime:
    """Return the wall time of instant `t` in `zone`; raises ZoneInfoNotFoundError for an unknown zone."""
    return datetime.fromtimestamp(t, _zone(zone))


@lru_cache(maxsize=65_536)
def instant(day: date, second: int, zone: str) -> int:
    """Return the instant of `second` seconds of wall time after midnight of `day`; 86,400 is the next midnight."""
    naive = datetime.combine(day, datetime.min.time()) + timedelta(seconds=second)
    first = naive.replace(tzinfo=_zone(zone), fold=0)
    t = int(first.timestamp())
    if local(t, zone).replace(tzinfo=None) == naive:
        return t
    return _clock_change(int(first.replace(fold=1).timestamp()), t, zone)


def _clock_change(before: int, after: int, zone: str) -> int:
    """Return the first instant in (before, after] with the offset that holds at `after`."""
    new = local(after, zone).utcoffset()
    while after - before > 1:
        middle = (before + after) // 2
        if local(middle, zone).utcoffset() == new:
            after = middle
        else:
            before = middle
    return after


def add_months(t: int, months: int, zone: str) -> int:
    """Move `t` by calendar months (negative: back), the day clamped to the month, the wall time kept."""
    wall = local(t, zone)
    month = wall.year * 12 + wall.month - 1 + months
    year, month = divmod(month, 12)
    return instant(_clamped(year, month + 1, wall.day), _second_of_day(wall), zone)


def add_period(t: int, length: Elapsed | Months | Until, zone: str) -> int:
    """Return the end of a length that begins at `t`, or the instant that `length` names."""
    match length:
        case Elapsed(seconds):
            return t + seconds
        case Months(months):
            return add_months(t, months, zone)
        case Until(until):
            return until


def window_start(t: int, unit: Literal["day", "week", "month"], zone: str) -> int:
    """Return the first instant of the local day, ISO week (from Monday) or month of `t`."""
    day = local(t, zone).date()
    if unit == "week":
        day -= timedelta(days=day.weekday())
    elif unit == "month":
        day = day.replace(day=1)
    return instant(day, 0, zone)


def window_end(t: int, window: DayWindow, zone: str) -> int | None:
    """Return the end of the window that holds `t`, None if `t` lies in none.

    The window of day D runs from its start on D to its end on D, or on the day after if `end <= start`, half-open; a
    window across midnight belongs to the day it starts (SEMANTICS 2).
    """
    today = local(t, zone).date()
    for day in (today - timedelta(days=1), today):
        start, end = _window_of(day, window, zone)
        if start <= t < end:
            return end
    return None


def next_opening(t: int, window: DayWindow, zone: str) -> int:
    """Return `t` if the window holds it, else the next instant at which one begins."""
    if window_end(t, window, zone) is not None:
        return t
    today = local(t, zone).date()
    starts = (_window_of(today + timedelta(days=ahead), window, zone)[0] for ahead in range(3))
    return next(start for start in starts if start > t)


def wave_entry(wave: Wave, number: int, zone: str) -> int:
    """Return when wave `number` (from 0) enters: the first instant moved by that many days at the same wall time."""
    wall = local(wave.first, zone)
    return instant(wall.date() + timedelta(days=number), _second_of_day(wall), zone)


def quarter_hour(t: int, start: int) -> int:
    """Return the first whole quarter hour after `start` (never `start` itself) at or after `t`."""
    return start + max(1, -(-(t - start) // QUARTER_HOUR)) * QUARTER_HOUR


def _window_of(day: date, window: DayWindow, zone: str) -> tuple[int, int]:
    last = day + timedelta(days=1) if window.end <= window.start else day
    return instant(day, window.start, zone), instant(last, window.end, zone)


def _second_of_day(wall: datetime) -> int:
    return wall.hour * 3_600 + wall.minute * 60 + wall.second


def _clamped(year: int, month: int, day: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, min(day, (following - timedelta(days=1)).day))

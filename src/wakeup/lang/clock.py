"""Local wall time and instants, and what a clock change does to them."""

import datetime as dt
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from wakeup.plan.periods import DAY as DAY
from wakeup.plan.periods import longest as longest
from wakeup.plan.periods import shortest as shortest

Shift = Literal["", "removed", "repeated"]


def zone(name: str) -> ZoneInfo | None:
    """The zone with this IANA name, or None."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a folder of the data base
        return None


@cache
def zone_names() -> tuple[str, ...]:
    """All zone names, for suggestions."""
    return tuple(sorted(available_timezones()))


def instant(local: dt.datetime, where: ZoneInfo) -> tuple[int, Shift]:
    """Seconds UTC of a local time, and whether a clock change removes or repeats it.

    A removed time counts as the next valid instant, a repeated one as its first (SEMANTICS 3).
    """
    early = local.replace(tzinfo=where, fold=0)
    late = local.replace(tzinfo=where, fold=1)
    if early.utcoffset() == late.utcoffset():
        return int(early.timestamp()), ""
    back = dt.datetime.fromtimestamp(early.timestamp(), where).replace(tzinfo=None)
    if back == local:
        return int(early.timestamp()), "repeated"
    # In a gap the two readings lie one jump apart; the jump itself is where the clock turns.
    return _turn(int(late.timestamp()), int(early.timestamp()), where), "removed"


def _turn(before: int, after: int, where: ZoneInfo) -> int:
    """The first second in (before, after] with the offset of `after`."""
    target = dt.datetime.fromtimestamp(after, where).utcoffset()
    while after - before > 1:
        middle = (before + after) // 2
        if dt.datetime.fromtimestamp(middle, where).utcoffset() == target:
            after = middle
        else:
            before = middle
    return after


def settled(at: int, where: ZoneInfo) -> int:
    """The first half hour from an instant on whose local time is neither removed nor repeated."""
    at -= at % 1800
    while instant(local(at, where), where) != (at, ""):
        at += 1800
    return at


def midnight(day: dt.date, where: ZoneInfo) -> int:
    """The first instant of a local day (midnight may be removed by a clock change)."""
    return instant(dt.datetime.combine(day, dt.time()), where)[0]


def local(at: int, where: ZoneInfo) -> dt.datetime:
    """Local wall time of an instant, without a zone."""
    return dt.datetime.fromtimestamp(at, where).replace(tzinfo=None)

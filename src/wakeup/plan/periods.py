"""How long a period lasts: a calendar month has no one length, only a shortest and a longest."""

import datetime as dt
from functools import cache

from wakeup.plan.model import Elapsed, Period

DAY = 86_400


def shortest(length: Period) -> int:
    """Seconds that a period lasts at least (a calendar month has 28 to 31 days)."""
    return length.seconds if isinstance(length, Elapsed) else _month_days(length.months)[0] * DAY


def longest(length: Period) -> int:
    """Seconds that a period lasts at most."""
    return length.seconds if isinstance(length, Elapsed) else _month_days(length.months)[1] * DAY


@cache
def _month_days(months: int) -> tuple[int, int]:
    first = [dt.date(2000 + m // 12, m % 12 + 1, 1) for m in range(48)]
    spans = [
        (dt.date(d.year + (d.month - 1 + months) // 12, (d.month - 1 + months) % 12 + 1, 1) - d).days for d in first
    ]
    return min(spans), max(spans)

"""Local days and months of the campaign's zone, as edges between instants."""

from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from wakeup.decide.calendar import instant, local


def local_days(start: int, end: int, zone: str) -> tuple[date, ...]:
    """Return the local days that [start, end) touches."""
    first, last = local(start, zone).date(), local(end - 1, zone).date()
    return tuple(first + timedelta(days=n) for n in range((last - first).days + 1))


def day_edges(days: tuple[date, ...], zone: str) -> NDArray[np.int64]:
    """Return the first instant of each day: int64 (days,)."""
    return np.array([instant(day, 0, zone) for day in days], np.int64)


def month_edges(start: int, end: int, zone: str) -> NDArray[np.int64]:
    """Return the first instants of the local months that begin in (start, end]: int64 (m,)."""
    first = local(start, zone).date().replace(day=1)
    edges = []
    while (edge := instant(first, 0, zone)) <= end:
        if edge > start:
            edges.append(edge)
        first = (first + timedelta(days=31)).replace(day=1)
    return np.array(edges, np.int64)

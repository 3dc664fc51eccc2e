"""Local days and months of the campaign's zone, as edges between instants; each replication asks for the same."""

from datetime import date, timedelta
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from wakeup.decide.calendar import instant, local


@lru_cache(maxsize=64)
def local_days(start: int, end: int, zone: str) -> tuple[date, ...]:
    """Return the local days that [start, end) touches."""
    first, last = local(start, zone).date(), local(end - 1, zone).date()
    return tuple(first + timedelta(days=n) for n in range((last - first).days + 1))


@lru_cache(maxsize=64)
def day_edges(days: tuple[date, ...], zone: str) -> NDArray[np.int64]:
    """Return the first instant of each day: int64 (days,), read-only."""
    return _fixed([instant(day, 0, zone) for day in days])


@lru_cache(maxsize=64)
def month_edges(start: int, end: int, zone: str) -> NDArray[np.int64]:
    """Return the first instants of the local months that begin in (start, end]: int64 (m,), read-only."""
    first = local(start, zone).date().replace(day=1)
    edges = []
    while (edge := instant(first, 0, zone)) <= end:
        if edge > start:
            edges.append(edge)
        first = (first + timedelta(days=31)).replace(day=1)
    return _fixed(edges)


def _fixed(edges: list[int]) -> NDArray[np.int64]:
    fixed = np.array(edges, np.int64)
    fixed.setflags(write=False)
    return fixed

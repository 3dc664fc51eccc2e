"""Snapshots of small logs, counted by hand."""

from collections.abc import Callable
from pathlib import Path

import pytest

from wakeup.customers import from_history

Write = Callable[..., Path]
DAY = 86_400


def test_returns_are_counted_from_the_origin_on(write: Write) -> None:
    # As-of 2026-01-01: the last origin is 2025-10-03, the one before 2025-09-03.
    path = write(
        "orders.csv",
        "id,time,amount",
        "old,2024-01-01,1",
        "a,2025-09-23,1",
        "a,2025-10-03 00:00:00,1",  # at the origin: after it, not before
        "b,2025-09-13,1",
        "b,2025-11-01 23:59:59,1",  # 30 days less a second
        "c,2025-09-13,1",
        "c,2025-11-02,1",  # 30 days
        "d,2025-09-13,1",
        "d,2025-12-31 23:59:59,1",  # 90 days less a second
    )
    shots = from_history(path, as_of="2026-01-01").snapshots
    assert shots.origins[-1] == 1759449600  # 2025-10-03
    last = shots.origin == len(shots.origins) - 1
    found = list(
        zip(
            shots.dormancy_days[last],
            shots.orders[last],
            shots.n[last],
            shots.returned30[last],
            shots.returned90[last],
            strict=True,
        )
    )
    assert found == [(10.0, 1, 1, 1, 1), (20.0, 1, 3, 1, 3), (641.0, 1, 1, 0, 0)]


def test_ninety_days_end_before_the_ninetieth_day(write: Write) -> None:
    # The origin before the last is 2025-09-03, and 90 days later it is 2025-12-02.
    path = write(
        "orders.csv",
        "id,time,amount",
        "old,2024-01-01,1",
        "a,2025-08-24,1",
        "a,2025-12-01 23:59:59,1",
        "b,2025-08-24,1",
        "b,2025-12-02,1",
    )
    shots = from_history(path, as_of="2026-01-01").snapshots
    here = (shots.origin == len(shots.origins) - 2) & (shots.dormancy_days == 10)
    assert (shots.n[here], shots.returned90[here]) == (2, 1)


def test_followed_share_looks_at_orders_that_had_time(write: Write) -> None:
    path = write(
        "orders.csv",
        "id,time,amount",
        "a,2025-01-01,1",  # followed after 100 days
        "a,2025-04-11,1",  # followed after 181 days: not counted as followed
        "a,2025-10-09,1",  # 84 days before as-of: not judged
    )
    shots = from_history(path, as_of="2026-01-01").snapshots
    assert shots.followed_share == 0.5
    assert shots.followed_gap_days == 100


@pytest.mark.parametrize(("days", "origins"), [(80, 0), (100, 1), (149, 1), (151, 2), (400, 6), (3000, 24)])
def test_number_of_origins(write: Write, days: int, origins: int) -> None:
    as_of = 1767225600
    first = as_of - days * DAY
    path = write("orders.csv", "id,time,amount", f"a,{_iso(first)},1")
    assert len(from_history(path, as_of=as_of).snapshots.origins) == origins


def _iso(instant: int) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(instant, UTC).isoformat(" ")

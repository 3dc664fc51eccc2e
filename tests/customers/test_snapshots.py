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


@pytest.mark.parametrize(("days", "origins"), [(80, 0), (100, 1), (149, 1), (151, 2), (400, 6), (3000, 36)])
def test_number_of_origins(write: Write, days: int, origins: int) -> None:
    as_of = 1767225600
    first = as_of - days * DAY
    path = write("orders.csv", "id,time,amount", f"a,{_iso(first)},1")
    assert len(from_history(path, as_of=as_of).snapshots.origins) == origins


def _iso(instant: int) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(instant, UTC).isoformat(" ")


def test_late_looks_know_thirty_days(write: Write) -> None:
    # As-of 2026-01-01: late origins are 2025-11-02 and 2025-12-02.
    path = write(
        "orders.csv",
        "id,time,amount",
        "old,2024-01-01,1",
        "a,2025-10-23,1",  # 10 days before the first late origin
        "a,2025-12-01,1",  # 29 days after it, and one day before the second
        "b,2025-10-23,1",
        "b,2025-12-31 23:59:59,1",  # 30 days less a second after the second
    )
    shots = from_history(path, as_of="2026-01-01").snapshots
    late = shots.late
    assert late.origins == (1762041600, 1764633600)
    assert late.origins[0] - shots.origins[-1] == 30 * DAY
    found = list(zip(late.origin, late.dormancy_days, late.orders, late.n, late.returned30, strict=True))
    assert found == [
        (0, 10.0, 1, 2, 1),
        (0, 671.0, 1, 1, 0),
        (1, 1.0, 2, 1, 0),
        (1, 40.0, 1, 1, 1),
        (1, 701.0, 1, 1, 0),
    ]


def test_orders_after_a_first_are_counted_by_the_local_weekday(write: Write) -> None:
    # The 52 whole weeks before 2026-01-01 begin on 2025-01-02. 2025-06-01 is a Sunday.
    path = write(
        "orders.csv",
        "id,time,amount",
        "a,2024-01-01,1",
        "a,2025-01-01,1",  # before the weeks
        "a,2025-06-01T23:30:00+00:00,1",  # Monday in Shanghai
        "a,2025-06-07T12:00:00+00:00,1",  # Saturday
        "b,2025-06-01T12:00:00+00:00,1",  # a first order
        "b,2025-06-01T15:59:59+00:00,1",  # still Sunday
        "b,2025-12-31,1",  # a Wednesday, by the log's own zone
    )
    shots = from_history(path, as_of="2026-01-01", zone="Asia/Shanghai").snapshots
    assert shots.weekday_orders.tolist() == [1, 0, 1, 0, 0, 1, 1]


def test_weeks_are_whole_where_the_log_is_short(write: Write) -> None:
    """24 days are three weeks: the orders of the first three days are not counted."""
    path = write("orders.csv", "id,time,amount", *(f"a,2025-12-{day:02d} 12:00,1" for day in range(8, 32)))
    shots = from_history(path, as_of="2026-01-01").snapshots
    assert shots.weekday_orders.tolist() == [3, 3, 3, 3, 3, 3, 3]
    assert shots.late.origins == ()

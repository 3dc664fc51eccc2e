"""One log looked at from many instants: what an import as of the instant would say, and never more."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from attrs import fields

from wakeup.customers import from_history, synthetic
from wakeup.customers.imported import Snapshots
from wakeup.customers.rolling import RECENCY, Rolling, rolling
from wakeup.customers.storage import save
from wakeup.diagnostics import WakeupError

Write = Callable[..., Path]
DAY = 86_400


def instant(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def test_people_and_returns_are_counted_by_hand(write: Write) -> None:
    path = write(
        "orders.csv",
        "id,time,amount",
        "a,2025-01-01,1",
        "a,2025-06-01,1",  # 30 days before: the first bin holds its last day
        "b,2025-05-31 23:59:59,1",  # a second more: the second bin
        "b,2025-07-01,1",  # at the instant: after it
        "c,2024-06-01,1",  # 395 days
        "c,2025-09-28 23:59:59,1",  # 90 days less a second
        "d,2024-06-01,1",
        "d,2025-09-29,1",  # 90 days
        "e,2025-08-01,1",  # new: nobody knows them yet
    )
    with rolling(path) as log:
        stood = log.stood(instant("2025-07-01"), 90 * DAY)
        people, came = log.counted([instant("2025-07-01"), instant("2024-06-01"), instant("2025-06-30")], 90 * DAY)
    assert people.tolist() == [[1, 1, 0, 0, 0, 0, 2], [0] * 7, [2, 0, 0, 0, 0, 0, 2]]
    assert came.tolist() == [[0, 1, 0, 0, 0, 0, 1], [0] * 7, [1, 0, 0, 0, 0, 0, 0]]
    assert [stood.people[stood.bin == each].sum() for each in range(7)] == people[0].tolist()
    assert [stood.came[stood.bin == each].sum() for each in range(7)] == came[0].tolist()
    assert stood.dormancy_days[0] == 30.0
    assert stood.orders.tolist() == [2, 1, 1]
    assert (stood.people.sum(), stood.bin[-1]) == (4, len(RECENCY))


def test_visits_are_days_with_an_order(write: Write) -> None:
    path = write(
        "orders.csv",
        "id,time,amount",
        "a,2025-01-01 08:00:00,1",
        "a,2025-01-01 09:00:00,1",
        "a,2025-01-15 09:00:00,1",
        "b,2025-01-08,1",
        "b,2025-02-01,1",
    )
    with rolling(path) as log:
        seen = log.visited(instant("2025-01-29"))
    rows = list(zip(seen.repeats, seen.recency, seen.age, seen.people, strict=True))
    assert rows == [(0, 0.0, 3.0, 1), (1, 2.0, pytest.approx(28 / 7, abs=1 / 7), 1)]


@pytest.mark.parametrize("as_of", ["2010-09-01", "2011-06-01"])
def test_it_says_what_an_import_as_of_the_instant_says(real_data: Path, as_of: str) -> None:
    path = real_data / "online_retail_ii" / "orders.parquet"
    history = from_history(path, as_of=as_of, zone="Europe/London")
    people = history.population
    with rolling(path, zone="Europe/London") as log:
        stood, shots = log.stood(people.as_of, 90 * DAY), log.snapshots(people.as_of)
    assert equal(shots, history.snapshots)
    days = np.ceil((people.as_of - people.last_order[people.orders > 0]) / DAY)
    by_bin = [stood.people[stood.bin == each].sum() for each in range(7)]
    assert by_bin == np.bincount(np.searchsorted(RECENCY, days), minlength=7).tolist()
    assert (stood.people * stood.orders).sum() == pytest.approx(people.orders.sum(), rel=0.001)
    assert (stood.people * stood.dormancy_days).sum() == pytest.approx(
        (people.as_of - people.last_order[people.orders > 0]).sum() / DAY
    )


def equal(one: object, other: object) -> bool:
    """Compare frozen data that holds arrays, part by part."""
    if isinstance(one, np.ndarray):
        return np.array_equal(one, np.asarray(other), equal_nan=one.dtype.kind == "f")
    if type(one).__module__.startswith("wakeup."):
        return all(equal(getattr(one, each.name), getattr(other, each.name)) for each in fields(type(one)))
    return one == other or (one != one and other != other)


def test_what_comes_later_changes_nothing_of_what_was_known(write: Write) -> None:
    """Two logs that agree up to the instant: all that a forecast may see is the same, to the last bit."""
    rng = np.random.default_rng(5)
    at = instant("2025-01-01")
    early = [f"c{rng.integers(400)},{_text(at - rng.integers(1, 500 * DAY))},1" for _ in range(3_000)]
    late = [f"c{rng.integers(900)},{_text(at + rng.integers(0, 90 * DAY))},9" for _ in range(2_000)]
    one = write("one.csv", "id,time,amount", *early, "c1,2025-06-01,1")
    other = write("other.csv", "id,time,amount", *early, *late)
    with rolling(one) as first, rolling(other) as second:
        assert equal(first.snapshots(at), second.snapshots(at))
        assert equal(first.visited(at), second.visited(at))
        mine, others = first.stood(at, 90 * DAY), second.stood(at, 90 * DAY)
        for part in ("bin", "dormancy_days", "orders", "people"):
            assert equal(getattr(mine, part), getattr(others, part))
        assert mine.came.sum() == 0
        assert others.came.sum() > 300
        assert first.snapshots(at).n.sum() > 0


def _text(at: int) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M:%S}"


def test_looking_leaves_nothing_behind(write: Write) -> None:
    path = write("orders.csv", "id,time,amount", *(f"c{i % 50},2024-{1 + i % 12:02d}-05,{i + 1}" for i in range(400)))
    with rolling(path) as log:
        looks = [log.snapshots(instant("2024-11-01")) for _ in range(2)]
        assert equal(*looks)
        assert log.work.row("SELECT count(*) FROM log") == (400,)
        assert log.work.rows("SELECT schema_name FROM duckdb_tables() WHERE schema_name <> 'main'") == []


def test_wrong_dates_are_left_out_and_told(write: Write) -> None:
    rows = [f"c{i % 90},2024-{1 + i % 12:02d}-{1 + i % 28:02d},{i + 1}" for i in range(600)]
    path = write("orders.csv", "id,time,amount", *rows, "x,2099-01-01,5", "y,1970-01-01,5")
    with rolling(path) as log:
        assert ("WK6143", 2) in [(each.code, each.said.fields.get("count")) for each in log.warnings]
        assert local(log) == ("2024-01-01", "2024-12-29")
    with rolling(path, as_of="2024-12-01") as log:
        assert local(log) == ("2024-01-01", "2024-11-28")  # its last order is on the 27th


def test_days_after_the_last_row_are_not_days_without_orders(write: Write) -> None:
    rows = [f"c{i % 90},2024-{1 + i % 12:02d}-{1 + i % 28:02d},{i + 1}" for i in range(600)]
    with rolling(write("orders.csv", "id,time,amount", *rows), as_of="2025-06-01") as log:
        assert local(log) == ("2024-01-01", "2024-12-29")


def local(log: Rolling) -> tuple[str, ...]:
    return tuple(f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d}" for at in (log.first_time, log.end))


def test_a_table_of_sums_is_no_log(write: Write, tmp_path: Path) -> None:
    save(synthetic(50, seed=1), tmp_path / "people.parquet")
    table = write("table.csv", "customer_id,last_order,orders,average_order_value", "a,2024-01-01,2,30")
    for path in (tmp_path / "people.parquet", table):
        with pytest.raises(WakeupError) as caught, rolling(path):
            pass
        assert [each.code for each in caught.value.diagnostics] == ["WK6145"]


def test_snapshots_of_a_short_past_are_empty(write: Write) -> None:
    path = write("orders.csv", "id,time,amount", "a,2025-01-01,1", "b,2025-01-08,1", "a,2025-03-01,1")
    with rolling(path) as log:
        shots = log.snapshots(instant("2025-01-10"))
    assert isinstance(shots, Snapshots)
    assert shots.origins == ()

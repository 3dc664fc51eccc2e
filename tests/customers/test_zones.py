"""Local times and instants."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wakeup.customers.zones import instant_from, instant_of, local_day

ZONES = ("Asia/Shanghai", "Europe/London", "America/New_York", "Australia/Lord_Howe", "UTC", "Asia/Kathmandu")


@given(
    st.sampled_from(ZONES),
    st.datetimes(min_value=datetime(1970, 1, 2), max_value=datetime(2100, 1, 1)),  # noqa: DTZ001
)
def test_a_local_time_is_its_first_instant_or_the_next_valid_one(zone: str, wall: datetime) -> None:
    wall = wall.replace(microsecond=0, fold=0)
    local = int((wall.replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds())
    found = datetime.fromtimestamp(instant_of(local, zone), ZoneInfo(zone))
    expected = wall.replace(tzinfo=ZoneInfo(zone))
    if expected.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0) == wall:
        assert found.astimezone(UTC) == expected.astimezone(UTC)
    else:  # the clock jumped over it: no valid local time lies between
        assert found.replace(tzinfo=None) > wall
        assert (found.astimezone(UTC) - timedelta(seconds=1)).astimezone(found.tzinfo).replace(tzinfo=None) < wall


@pytest.mark.parametrize(
    ("wall", "meant"),
    [
        ("2026-03-29T00:59:59", "2026-03-29T00:59:59+00:00"),
        ("2026-03-29T01:00", "2026-03-29T01:00+00:00"),  # removed: the next valid instant
        ("2026-03-29T01:59:59", "2026-03-29T01:00+00:00"),
        ("2026-03-29T02:00", "2026-03-29T01:00+00:00"),
        ("2026-10-25T01:30", "2026-10-25T00:30+00:00"),  # repeated: the first
        ("2026-10-25T02:00", "2026-10-25T02:00+00:00"),
    ],
)
def test_clock_changes_in_london(wall: str, meant: str) -> None:
    assert instant_from(wall, "Europe/London") == datetime.fromisoformat(meant).timestamp()


@pytest.mark.parametrize(
    ("given_as", "meant"),
    [
        (1_300_000_000, 1_300_000_000),
        (date(2026, 9, 1), 1788192000),
        ("2026-09-01", 1788192000),
        ("2026-09-01T10:00", 1788192000 + 36_000),
        ("2026-09-01 02:00+00:00", 1788192000 + 36_000),
        (datetime(2026, 9, 1, 10, tzinfo=ZoneInfo("Asia/Shanghai")), 1788192000 + 36_000),
    ],
)
def test_instants_from_what_people_give(given_as: int | date | str, meant: int) -> None:
    assert instant_from(given_as, "Asia/Shanghai") == meant


def test_local_day() -> None:
    assert local_day(1788192000, "Asia/Shanghai") == date(2026, 9, 1)
    assert local_day(1788192000 - 1, "Asia/Shanghai") == date(2026, 8, 31)

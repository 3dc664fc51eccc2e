import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wakeup.lang import clock
from wakeup.plan.model import Months

LONDON = ZoneInfo("Europe/London")


def utc(text: str) -> int:
    return int(dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC).timestamp())


@pytest.mark.parametrize(
    ("local", "at", "shift"),
    [
        ("2026-03-29T00:59:59", "2026-03-29T00:59:59", ""),
        ("2026-03-29T01:30:00", "2026-03-29T01:00:00", "removed"),  # the clock goes from 01:00 to 02:00
        ("2026-03-29T02:00:00", "2026-03-29T01:00:00", ""),
        ("2026-10-25T01:30:00", "2026-10-25T00:30:00", "repeated"),  # the first of the two
        ("2026-10-25T02:00:00", "2026-10-25T02:00:00", ""),
    ],
)
def test_clock_changes(local: str, at: str, shift: str) -> None:
    assert clock.instant(dt.datetime.fromisoformat(local), LONDON) == (utc(at), shift)


def test_a_settled_time_lies_behind_the_repeated_hour() -> None:
    assert clock.local(clock.settled(utc("2026-10-25T00:30:00"), LONDON), LONDON).time() == dt.time(2)


@given(st.integers(0, 4_000_000_000), st.sampled_from(["Europe/London", "Asia/Shanghai", "America/New_York", "UTC"]))
def test_an_instant_comes_back_from_its_local_time(at: int, name: str) -> None:
    zone = ZoneInfo(name)
    back, shift = clock.instant(clock.local(at, zone), zone)
    assert shift != "removed"
    assert back == at or shift == "repeated"


def test_how_long_a_month_can_be() -> None:
    assert (clock.shortest(Months(1)), clock.longest(Months(1))) == (28 * clock.DAY, 31 * clock.DAY)
    assert (clock.shortest(Months(3)), clock.longest(Months(3))) == (89 * clock.DAY, 92 * clock.DAY)
    assert (clock.shortest(Months(12)), clock.longest(Months(12))) == (365 * clock.DAY, 366 * clock.DAY)

from datetime import UTC, date, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.decide.tables import table

from wakeup.decide.calendar import (
    add_months,
    add_period,
    instant,
    local,
    next_opening,
    quarter_hour,
    wave_entry,
    window_end,
    window_start,
)
from wakeup.plan.model import DayWindow, Elapsed, Months, Until, Wave

PAGE = "calendar.md"
ZONES = ("Asia/Shanghai", "Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC")
instants = st.integers(1_577_836_800, 1_893_456_000)
seconds = st.integers(0, 86_399)


def utc(text: str) -> int:
    return int(datetime.strptime(text, "%Y-%m-%d %H:%MZ").replace(tzinfo=UTC).timestamp())


def clock(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * 3_600 + int(minute) * 60


def window(text: str) -> DayWindow:
    start, end = text.split(" to ")
    return DayWindow(clock(start), clock(end))


@pytest.mark.parametrize("case", table(PAGE, "Instants of wall time"), ids=str)
def test_instants(case: dict[str, str]) -> None:
    day, time = case["wall time"].split()
    assert instant(date.fromisoformat(day), clock(time), case["zone"]) == utc(case["instant"])


@pytest.mark.parametrize("case", table(PAGE, "Quiet windows"), ids=str)
def test_windows(case: dict[str, str]) -> None:
    expected = None if case["ends"] == "out" else utc(case["ends"])
    assert window_end(utc(case["instant"]), window(case["window"]), case["zone"]) == expected


@pytest.mark.parametrize("case", table(PAGE, "Opening times"), ids=str)
def test_openings(case: dict[str, str]) -> None:
    assert next_opening(utc(case["instant"]), window(case["window"]), case["zone"]) == utc(case["opens"])


@pytest.mark.parametrize("case", table(PAGE, "Calendar months"), ids=str)
def test_months(case: dict[str, str]) -> None:
    assert add_months(utc(case["instant"]), int(case["months"]), case["zone"]) == utc(case["result"])


@pytest.mark.parametrize("case", table(PAGE, "First instants of day, week and month"), ids=str)
def test_first_instants(case: dict[str, str]) -> None:
    unit = case["unit"]
    assert unit in ("day", "week", "month")
    assert window_start(utc(case["instant"]), unit, case["zone"]) == utc(case["first"])  # type: ignore[arg-type]


@pytest.mark.parametrize("case", table(PAGE, "Waves"), ids=str)
def test_waves(case: dict[str, str]) -> None:
    assert wave_entry(Wave(utc(case["first"])), int(case["wave"]), case["zone"]) == utc(case["enters"])


def test_periods() -> None:
    t = utc("2026-01-31 10:00Z")
    assert add_period(t, Elapsed(90), "UTC") == t + 90
    assert add_period(t, Months(1), "UTC") == utc("2026-02-28 10:00Z")
    assert add_period(t, Until(7), "UTC") == 7


def test_quarter_hours_begin_after_the_start() -> None:
    assert [quarter_hour(t, 1_000) for t in (0, 1_000, 1_001, 1_900, 1_901)] == [1_900, 1_900, 1_900, 1_900, 2_800]


@given(instants, seconds, seconds, st.sampled_from(ZONES))
def test_a_window_that_holds_an_instant_ends_after_it_and_not_in_itself(
    t: int, start: int, end: int, zone: str
) -> None:
    over = window_end(t, DayWindow(start, end), zone)
    if over is not None:
        assert t < over <= t + 25 * 3_600
        if start != end:
            assert window_end(over, DayWindow(start, end), zone) is None


@given(instants, seconds, seconds, st.sampled_from(ZONES))
def test_who_waits_for_the_opening_finds_it_open(t: int, start: int, end: int, zone: str) -> None:
    assume((end - start) % 86_400 >= 7_200)  # a shorter window may lie in the hour that a clock change removes
    opening = next_opening(t, DayWindow(start, end), zone)
    assert t <= opening <= t + 2 * 86_400
    assert window_end(opening, DayWindow(start, end), zone) is not None


@given(instants, st.sampled_from(ZONES))
def test_wall_time_of_an_instant_leads_back_to_it_or_to_its_first_twin(t: int, zone: str) -> None:
    wall = local(t, zone)
    back = instant(wall.date(), wall.hour * 3_600 + wall.minute * 60 + wall.second, zone)
    assert back == t if wall.fold == 0 else t - 3_600 <= back < t

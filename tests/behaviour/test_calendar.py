"""The clock of orders: months, weekdays, scenarios, clock changes; each case by hand."""

import math
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given as cases
from hypothesis import strategies as st

from wakeup.behaviour.calendar import MONTHS, Clock, Days, Season, month_shares, organic_clock, week_clock
from wakeup.plan.model import Scenario

DAY, HOUR = 86_400, 3_600
LONDON = "Europe/London"


def at(text: str, zone: str = LONDON) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp())


def months(**factors: float) -> Season:
    assert set(factors) <= set(MONTHS)
    return Season(tuple(factors.get(name, 1.0) for name in MONTHS))


def weekdays(*factors: float) -> Season:
    return Season(weekdays=factors)


def paced(clock: Clock, start: int, seconds: float) -> float:
    return float(clock.pace(np.array([start]), np.array([seconds]))[0])


def days(start: str, end: str, zone: str = LONDON) -> Days:
    return Days(at(start, zone), at(end, zone), zone)


def test_a_factor_of_one_changes_nothing() -> None:
    clock = organic_clock(Season(), 0.9, days("2026-01-01", "2026-12-31"))
    seconds = np.array([0.5, 1e7])
    assert clock.pace(np.array([at("2026-03-01")] * 2), seconds) is seconds
    assert clock.elapsed(at("2026-03-01"), 1e7) == 1e7
    assert week_clock(weekdays(*[0.7] * 7), days("2026-01-01", "2026-12-31")).moments is None


def test_a_month_runs_at_its_factor_to_the_power_of_one_over_shape() -> None:
    """From 30 November, December at 2^(1/.8) = 2.3784: a day of November and two organic days take one real day and
    2 / 2.3784 = .8409 of a December day."""
    clock = organic_clock(months(december=2.0), 0.8, days("2026-11-01", "2027-06-01"))
    start = at("2026-11-30")
    assert paced(clock, start, 3 * DAY) == pytest.approx(DAY + 2 * DAY / 2 ** (1 / 0.8))
    assert float(clock.elapsed(at("2026-12-10"), 5.0 * DAY)) == pytest.approx(5 * DAY * 2 ** (1 / 0.8))


@pytest.mark.parametrize("zone", [LONDON, "Asia/Shanghai"])
@pytest.mark.parametrize("organic", [None, "0", "0.7"])
def test_many_are_told_what_each_is_told(zone: str, organic: str | None) -> None:
    # How a place on the clock is looked up depends on how many ask.
    scenario = None if organic is None else Scenario("s", at("2026-03-20"), at("2026-05-01"), organic=organic)
    season = Season(tuple(np.linspace(0.5, 1.7, 12).tolist()), (0.9, 1.0, 1.1, 1.0, 1.0, 1.3, 0.6))
    clock = organic_clock(season, 0.8, days("2026-01-01", "2026-12-31", zone), scenario)
    assert clock.moments is not None
    assert clock.passed is not None
    beside = (np.nextafter(clock.moments, 0.0), clock.moments, np.nextafter(clock.moments, np.inf))
    seconds = np.concatenate((*beside, clock.passed, np.geomspace(1.0, 1e13, 500), [1e250]))
    start = np.full(len(seconds), clock.start)
    paced, elapsed = clock.pace(start, seconds), np.asarray(clock.elapsed(start, seconds))
    assert np.allclose(paced, np.interp(seconds, clock.passed, clock.moments), rtol=1e-15, atol=0.0)
    assert np.allclose(elapsed, np.interp(seconds, clock.moments, clock.passed), rtol=1e-15, atol=0.0)
    for some in np.array_split(np.arange(len(seconds)), len(seconds) // 7):
        assert clock.pace(start[some], seconds[some]).tolist() == paced[some].tolist()
        assert np.asarray(clock.elapsed(start[some], seconds[some])).tolist() == elapsed[some].tolist()


def test_time_that_stands_still_for_ever_still_has_an_end() -> None:
    clock = organic_clock(
        Season(),
        0.8,
        days("2026-01-01", "2026-03-01"),
        Scenario("stop", at("2025-12-01"), at("2027-01-01"), organic="0"),
    )
    seconds = np.full(100, 60.0)
    assert (clock.pace(np.full(100, clock.start), seconds) >= 59 * DAY).all()


def test_a_factor_for_ever_multiplies_the_odds_by_itself() -> None:
    clock = organic_clock(Season((2.0,) * 12), 0.8, days("2026-01-01", "2026-02-01"))
    within = float(clock.elapsed(at("2026-01-10"), 90.0 * DAY))
    assert (within / (90 * DAY)) ** 0.8 == pytest.approx(2.0)


def test_months_begin_at_midnight_of_the_zone() -> None:
    shanghai, season = "Asia/Shanghai", months(december=3.0)
    clock = organic_clock(season, 1.0, days("2026-11-01", "2027-02-01", shanghai))
    assert float(clock.elapsed(at("2026-11-30T23:00", shanghai), 2.0 * HOUR)) == pytest.approx(HOUR + 3 * HOUR)
    assert float(clock.elapsed(at("2026-12-01", "UTC"), 1.0 * HOUR)) == pytest.approx(3 * HOUR)


def test_days_of_23_and_25_hours() -> None:
    """Clocks go forward on Sunday 29 March 2026 and back on Sunday 25 October in London."""
    clock = week_clock(weekdays(1, 1, 1, 1, 1, 1, 8), days("2026-03-01", "2026-12-01"))
    for sunday, hours in (("2026-03-29", 23), ("2026-10-25", 25), ("2026-05-03", 24)):
        assert float(clock.elapsed(at(sunday), hours * 3_600.0)) == pytest.approx(4 * hours * 3_600)
        assert float(clock.elapsed(at(sunday) + hours * HOUR, 1.0 * HOUR)) == pytest.approx(HOUR / 2)


def test_weekdays_say_when_and_not_how_much() -> None:
    clock = organic_clock(weekdays(5, 1, 1, 1, 1, 1, 0.1), 0.7, days("2026-04-01", "2026-09-01"))
    assert float(clock.elapsed(at("2026-05-06T07:00"), 28.0 * DAY)) == pytest.approx(28 * DAY)
    monday = float(clock.elapsed(at("2026-05-04"), 1.0 * DAY))
    assert monday / float(clock.elapsed(at("2026-05-05"), 1.0 * DAY)) == pytest.approx(5.0)


def test_a_scenario_slows_what_the_season_gives() -> None:
    scenario = Scenario("rival", at("2026-12-10T12:00"), at("2026-12-20"), organic="0.5")
    clock = organic_clock(months(december=2.0), 1.0, days("2026-12-01", "2027-03-01"), scenario)
    assert float(clock.elapsed(at("2026-12-10"), 1.0 * DAY)) == pytest.approx(2 * DAY / 2 + DAY / 2)
    assert float(clock.elapsed(at("2026-12-20"), 1.0 * DAY)) == pytest.approx(2 * DAY)
    assert float(clock.elapsed(at("2027-01-02"), 1.0 * DAY)) == pytest.approx(DAY)


def test_nothing_happens_while_time_stands_still() -> None:
    stop = Scenario("stop", at("2026-06-01"), at("2026-07-01"), organic="0")
    clock = organic_clock(Season(), 1.0, days("2026-05-01", "2026-09-01"), stop)
    start = at("2026-05-31")
    assert paced(clock, start, DAY - 1.0) == DAY - 1.0
    assert paced(clock, start, DAY + 1.0) == 31 * DAY + 1.0


def test_after_the_last_day_time_runs_at_the_mean_of_the_year() -> None:
    season = months(december=2.0)
    for start in ("2030-12-01", "2031-03-01"):
        clock = organic_clock(season, 1.0, days("2026-01-01", "2026-02-01"))
        assert float(clock.elapsed(at(start), 1.0 * DAY)) == pytest.approx(DAY * 13 / 12)


FACTORS = st.floats(0.1, 8.0)


@cases(
    st.lists(FACTORS, min_size=12, max_size=12),
    st.lists(FACTORS, min_size=7, max_size=7),
    st.floats(0.3, 2.0),
    st.integers(0, 800 * DAY),
    st.floats(1.0, 5e8),
    st.sampled_from(["UTC", LONDON, "Asia/Shanghai", "America/New_York", "Australia/Lord_Howe"]),
)
def test_pace_and_elapsed_undo_each_other(
    twelve: list[float], seven: list[float], shape: float, into: int, seconds: float, zone: str
) -> None:
    known = Days(at("2026-01-15T10:30"), at("2028-01-01"), zone)
    clock = organic_clock(Season(tuple(twelve), tuple(seven)), shape, known)
    start = known.start + into
    real = paced(clock, start, seconds)
    assert real > 0.0
    assert float(clock.elapsed(start, real)) == pytest.approx(seconds, rel=1e-9, abs=1e-4)
    assert paced(clock, start, 1.5 * seconds) > real
    many = clock.pace(np.full(50, start), np.full(50, seconds))
    assert (many == real).all(), "one person's time does not depend on how many are asked for"


def test_shares_of_months() -> None:
    shares = month_shares(at("2026-01-22"), 20 * DAY, LONDON)
    assert shares[:3] == pytest.approx([0.5, 0.5, 0.0])
    assert shares.sum() == pytest.approx(1.0)
    assert month_shares(at("2025-01-01"), 730 * DAY, LONDON)[1] == pytest.approx(56 / 730)
    assert math.isclose(month_shares(at("2026-01-31T12:00"), DAY, LONDON)[0], 0.5)

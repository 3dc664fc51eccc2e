"""What the calendar does to people: first orders, next orders, induced orders and redemptions by month and weekday."""

import numpy as np
import pytest
from attrs import evolve
from tests.behaviour.shop import COUPON, DAY, EMAIL, START, everybody, given, model, offer, population, state

from wakeup.behaviour import NEVER_AGAIN
from wakeup.behaviour.calendar import MONTHS, WEEKDAYS
from wakeup.plan.model import Assumption, Scenario

COUNT = 100_000
SHIFT = 8 * 3_600
"""The plan's zone is Shanghai, eight hours ahead; START lies on Monday 21 September 2026 local time."""

FLAT = tuple(given(f"season_{month}", 1.0) for month in MONTHS)
WEEK = tuple(given(f"weekday_{day}", factor) for day, factor in zip(WEEKDAYS, (1, 1, 1, 1, 1, 4, 0.1), strict=True))
SEEN = given("seen", 1.0), given("delivered", 1.0), given("response_spread", 0.0), given("advertising", 8.0)
EVEN = tuple(given(f"weekday_{day}", 1.0) for day in WEEKDAYS)


def weekday(instants: np.ndarray) -> np.ndarray:
    return ((instants + SHIFT) // DAY + 3) % 7


def per_weekday(instants: np.ndarray) -> np.ndarray:
    """Orders by weekday against their mean, of whole weeks."""
    start = START + SHIFT
    monday = (start // DAY - (start // DAY + 3) % 7 + 7) * DAY - SHIFT
    inside = instants[(instants >= monday) & (instants < monday + 28 * DAY)]
    counts = np.bincount(weekday(inside), minlength=7)
    return counts / counts.mean()


def test_a_high_month_brings_more_first_orders() -> None:
    people = population(COUNT, days=100, orders=3)
    october = given("season_october", 3.0)
    odds = []
    for rows in (EVEN, (*EVEN, october)):
        first = model(people, *rows).first_order(everybody(people))
        begins = START // DAY * DAY + 10 * DAY  # past 1 October
        here = ((first >= begins) & (first < begins + 20 * DAY)).sum() / (first >= begins).sum()
        odds.append(here / (1 - here))
    # a rate of 3^(1 / .95) over days of falling odds: nearly, not exactly, three times
    assert 2.3 < odds[1] / odds[0] < 3.3


def test_first_and_next_orders_come_on_the_days_on_which_people_order() -> None:
    people = population(COUNT, days=20, orders=6)
    known = model(people, *WEEK, given("lapse", 0.0), given("usual_gap", 10.0))
    expected = np.array([1, 1, 1, 1, 1, 4, 0.1]) / np.mean([1, 1, 1, 1, 1, 4, 0.1])
    first = known.first_order(everybody(people))
    following = known.next_order(everybody(people), np.full(COUNT, START), np.ones(COUNT, np.int32))
    for instants in (first, following):
        # Odds fall within each week, so that the days differ a little besides.
        assert per_weekday(instants) == pytest.approx(expected, rel=0.35)


def test_induced_orders_and_redemptions_pass_on_the_clock_of_the_week() -> None:
    people = population(COUNT, days=120, orders=4)
    at, first = np.full(COUNT, START), np.zeros(COUNT, np.int32)
    for offers in ((), (offer(COUPON, COUNT, days=7.0),)):
        share = {}
        for name, rows in (("even", EVEN), ("week", WEEK)):
            known = model(people, *SEEN, *rows, given("purchase_delay", 60.0))
            answers = known.touch(everybody(people), at, EMAIL, offers, first, state(people))
            in_time = answers.opened < START + 7 * DAY - 2
            ordered = answers.ordered[(answers.ordered < NEVER_AGAIN) & in_time]
            assert (ordered > START).all()
            if offers:
                assert (ordered < START + 7 * DAY).all(), "a coupon is not used after its end"
            days = np.bincount(weekday(ordered[ordered < START + 7 * DAY]), minlength=7)
            share[name] = days / days.sum(), len(ordered)
        assert share["week"][0][5] > 2 * share["even"][0][5]
        assert share["week"][0][6] < 0.3 * share["even"][0][6]
        assert share["week"][1] == pytest.approx(share["even"][1], rel=0.15), "weekdays say when, not how many"


def induced(*rows: Assumption, scenario: Scenario | None = None) -> float:
    people = population(COUNT, days=120, orders=2)
    known = model(people, *SEEN, *EVEN, *rows, scenario=scenario)
    answers = known.touch(everybody(people), np.full(COUNT, START), EMAIL, (), np.zeros(COUNT, np.int32), state(people))
    return float((answers.ordered < NEVER_AGAIN).mean())


def test_a_contact_in_a_high_season_meets_higher_odds() -> None:
    """14 days from 21 September, ten of September and four of October: (10 · 2^(1/s) + 4) / 14 with the shape s = .95
    makes the odds ×1.71; the lift of ×8 then brings (o1 - o0) / (1 + o1)."""
    base = induced(*FLAT)
    high = induced(*FLAT, given("season_september", 2.0))
    o1 = base / (7 / 8 - base)  # (o1 - o1 / 8) / (1 + o1) = base
    days_left = 10 - ((START + SHIFT) % DAY) / DAY
    factor = ((days_left * 2 ** (1 / 0.95) + 14 - days_left) / 14) ** 0.95
    expected = 7 / 8 * o1 * factor / (1 + o1 * factor)
    assert high == pytest.approx(expected, abs=4 * np.sqrt(expected / COUNT))


def test_a_scenario_acts_at_the_send_and_the_season_over_the_window() -> None:
    slump = Scenario("slump", START, START + 1, organic="0.5")
    assert induced(*FLAT, scenario=slump) < 0.62 * induced(*FLAT)
    over = Scenario("over", START - DAY, START, organic="0.1")
    assert induced(*FLAT, scenario=over) == induced(*FLAT)


def test_a_year_of_factors_of_one_is_no_season() -> None:
    people = population(2_000, days=50, orders=2)
    known, plain = (model(people, *rows) for rows in ((*FLAT, *EVEN), ()))
    assert np.array_equal(known.first_order(everybody(people)), plain.first_order(everybody(people)))
    moving = model(evolve(people), replication=1).first_order(everybody(people))
    still = model(people, *FLAT, *EVEN, replication=1).first_order(everybody(people))
    assert not np.array_equal(moving, still), "what is not known of a season moves orders"

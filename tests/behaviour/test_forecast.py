"""The closed form of organic return against the model that draws first orders."""

import numpy as np
import pytest
from attrs import evolve
from tests.behaviour.shop import DAY, PLAN, START, everybody, given, population

from wakeup.behaviour import DefaultBehaviour, median_chance, return_chances
from wakeup.behaviour.calendar import MONTHS, WEEKDAYS
from wakeup.plan.model import Assumption

COUNT = 100_000
FACTORS = np.geomspace(0.4, 3.0, 12)
SEASON = tuple(given(f"season_{month}", factor) for month, factor in zip(MONTHS, FACTORS, strict=True))
OPEN = (1.0, 1.1, 1.2, 1.3, 1.0, 0.02, 0.8)
WEEK = tuple(given(f"weekday_{day}", factor) for day, factor in zip(WEEKDAYS, OPEN, strict=True))
RECENT = (given("organic_recent", 30.0),)
CASES: dict[str, tuple[Assumption, ...]] = {
    "nothing known": (),
    "season and week": SEASON + WEEK,
    "season, shape and bend": (*SEASON, *RECENT, given("organic_shape", 0.7), given("organic_dormancy", -0.6)),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("horizon", [3, 30, 90, 200])
def test_people_order_first_as_the_formula_says(name: str, horizon: int) -> None:
    rows = CASES[name]
    plan = evolve(PLAN, assumptions=rows)
    groups = [(5.0, 1), (60.0, 4), (400.0, 2)]
    days, orders = np.array([group[0] for group in groups]), np.array([group[1] for group in groups], np.int32)
    expected = return_chances(rows, days, orders, at=START, horizon=horizon * DAY, zone=plan.zone, seed=7, draws=3)
    assert expected.shape == (3, 3)
    for number, (dormant, count) in enumerate(groups):
        people = population(COUNT, days=dormant, orders=count, seed=number)
        for replication in (1, 3):
            model = DefaultBehaviour().model(plan, people, 7, replication, None)
            share = (model.first_order(everybody(people)) <= START + horizon * DAY).mean()
            chance = expected[replication - 1, number]
            assert share == pytest.approx(chance, abs=4 * np.sqrt(chance * (1 - chance) / COUNT))


def test_season_and_week_matter() -> None:
    """Three days of a September that is far above the year, and a Saturday on which the shop is closed."""
    days, orders = np.array([100.0]), np.array([2], np.int32)

    def chance(rows: tuple[Assumption, ...], at: int, length: int) -> float:
        return float(median_chance(rows, days, orders, at=at, horizon=length, zone="Asia/Shanghai")[0])

    flat, high = (chance(rows, START, 3 * DAY) for rows in ((), SEASON))
    odds = [p / (1 - p) for p in (flat, high)]
    assert odds[1] / odds[0] == pytest.approx(SEASON[8].median, rel=1e-6)
    saturday = START // DAY * DAY - 8 * 3_600 + ((5 - (START // DAY + 3)) % 7) * DAY
    assert chance(WEEK, saturday, DAY) < 0.05 * chance((), saturday, DAY)


def test_of_two_rows_the_later_holds() -> None:
    rows = (given("organic_level", 0.0), given("organic_level", 1.0))
    days, orders = np.array([1.0]), np.array([1], np.int32)
    chance = median_chance(rows, days, orders, at=START, horizon=90 * DAY, zone="UTC")
    assert chance[0] == pytest.approx(np.exp(1.0) / (1 + np.exp(1.0)))

"""Forecast against fact: where a figure lies, and how often the alarm is raised for nothing."""

import numpy as np
import pytest
from tests.sim.test_worlds import TEXT

import wakeup
from wakeup.behaviour import DefaultBehaviour
from wakeup.customers import synthetic
from wakeup.face import prepared
from wakeup.figures.result import Figure
from wakeup.live.forecast import FALSE_ALARMS, WATCHED, alarms, beside, far_off, to_dict
from wakeup.sim.upto import expected_upto
from wakeup.source import Source


def figure(value: float | None, unit: str = "count") -> Figure:
    return Figure(value, None, None, unit, {"monte_carlo": None, "finite_sample": None, "parameter": None})


DRAWS = np.linspace(80.0, 120.0, 21)


@pytest.mark.parametrize(
    ("fact", "place", "alarm"), [(100, "within", 0), (75, "below", 0), (130, "above", 0), (400, "above", 1)]
)
def test_where_a_figure_lies(fact: float, place: str, alarm: int) -> None:
    (found,) = beside({"sent": figure(fact)}, {"sent": DRAWS}, looks=30)
    assert (found.place, found.alarm, found.expected) == (place, bool(alarm), pytest.approx(100.0))
    assert alarms((found,)) == (("sent",) if alarm else ())
    assert to_dict((found,))["figures"]["sent"]["lies"] == place


def test_what_the_plan_does_not_have_is_left_out() -> None:
    nothing = {"gift_cost": figure(0.0, "CNY"), "sent": figure(None), "orders": figure(3.0)}
    assert beside(nothing, {"gift_cost": np.zeros(5), "sent": DRAWS}, looks=1) == ()


def test_a_figure_that_is_not_watched_raises_no_alarm() -> None:
    (found,) = beside({"enrolled": figure(4_000.0, "people")}, {"enrolled": DRAWS}, looks=1)
    assert (found.place, found.alarm) == ("above", False)


@pytest.mark.parametrize("looks", [1, 5])
def test_false_alarms_are_as_rare_as_is_said(looks: int) -> None:
    """Normal figures, all independent: the worst case of the correction. 1,500 runs."""
    random = np.random.default_rng(5)
    runs, raised = 1_500, 0
    for _ in range(runs):
        draws = random.normal(1_000.0, 100.0, (len(WATCHED), 20))
        facts = random.normal(1_000.0, 100.0, (len(WATCHED), looks))
        raised += any(
            far_off(fact, draws[place], looks, counted=True) for place in range(len(WATCHED)) for fact in facts[place]
        )
    # Three binomial standard errors above what is said; red by chance once in a thousand.
    assert raised / runs < FALSE_ALARMS + 3 * (FALSE_ALARMS * (1 - FALSE_ALARMS) / runs) ** 0.5


def test_a_drift_is_found() -> None:
    random = np.random.default_rng(6)
    found = sum(far_off(600.0, random.normal(1_000.0, 50.0, 20), 60, counted=True) for _ in range(200))
    assert found > 190


def test_a_count_scatters_at_least_as_chance_does() -> None:
    assert not far_off(3.0, np.zeros(20), 1, counted=True)
    assert far_off(30.0, np.zeros(20), 1, counted=True)


def test_a_forecast_up_to_the_end_is_that_of_simulate() -> None:
    plan = wakeup.load(Source("c.wake", TEXT))
    people = synthetic(200, seed=5)
    forecast = wakeup.simulate(plan, people, replications=4, seed=9)
    plan, population = prepared(plan, people)
    whole = expected_upto(plan, population, DefaultBehaviour(), until=plan.end + plan.follow_up, seed=9, replications=4)
    for name in ("sent", "orders", "revenue", "wake_rate", "spent"):
        assert whole[name].mean() == pytest.approx(forecast.figures[name].value), name
    half = (plan.start + plan.end) // 2
    early = expected_upto(plan, population, DefaultBehaviour(), until=half, seed=9, replications=4)
    assert 0 < early["orders"].mean() < whole["orders"].mean()
    assert (
        expected_upto(plan, population, DefaultBehaviour(), until=plan.start, seed=9, replications=2)["sent"].max() == 0
    )


@pytest.mark.slow
def test_right_forecasts_of_made_up_worlds_raise_few_alarms() -> None:
    """Each world is held against a forecast of twenty others, at the middle of the run."""
    plan, population = prepared(wakeup.load(Source("c.wake", TEXT)), synthetic(400, seed=5))
    half = (plan.start + plan.end) // 2
    worlds = expected_upto(plan, population, DefaultBehaviour(), until=half, seed=3, replications=120)
    raised = 0
    for world in range(20, 120):
        others = {name: np.roll(values, -world)[1:21] for name, values in worlds.items()}
        facts = {name: figure(float(values[world])) for name, values in worlds.items()}
        raised += bool(alarms(beside(facts, others, looks=1)))
    # 5 % of 100 are 5; 12 is three standard errors more.
    assert raised <= 12

import numpy as np
import pytest
from attrs import evolve
from tests.figures.small import PLAN, totals

from wakeup.figures.estimates import Currency
from wakeup.figures.verdicts import judge_expectation, judge_goal, reach
from wakeup.plan.model import Expectation, Goal

PROFIT = Expectation("incremental_profit", ">=", "100", "money", "profit", sure="0.8")


def status(held: int, of: int, sure: str = "0.8") -> str:
    values = np.array([100.0] * held + [99.0] * (of - held))
    return judge_expectation(evolve(PROFIT, sure=sure), {"incremental_profit": values}, ()).status


@pytest.mark.parametrize(
    ("held", "of", "sure", "verdict"),
    [
        (20, 20, "0.8", "ok"),
        (10, 20, "0.8", "failed"),
        (16, 20, "0.8", "undecided"),
        (5, 5, "0.8", "undecided"),  # five of five says little about 80 %
        (1, 1, "0.9", "undecided"),
        (0, 1, "0.9", "failed"),
        (200, 200, "0.95", "ok"),
        (900, 1_000, "0.8", "ok"),
        (700, 1_000, "0.8", "failed"),
    ],
)
def test_a_bar_within_the_monte_carlo_error_is_undecided(held: int, of: int, sure: str, verdict: str) -> None:
    assert status(held, of, sure) == verdict


def test_the_probability_is_the_share_of_replications() -> None:
    found = judge_expectation(PROFIT, {"incremental_profit": np.array([100.0, 99.0, np.nan, 200.0])}, ())
    assert (found.probability, found.sure, found.text) == (0.5, 0.8, "profit")


def test_always_means_every_replication_and_the_densest_window() -> None:
    always = PLAN.expectations[1]
    two = totals()
    three = evolve(two, most_touches={86_400: 3})
    assert judge_expectation(always, {}, (two, two)).status == "ok"
    found = judge_expectation(always, {}, (two, three))
    assert (found.status, found.probability, found.sure) == ("failed", 0.5, None)


def test_a_bar_is_reached_as_it_is_written() -> None:
    goal = Goal("wake_rate", ">=", "0.3", "share", "g")
    assert judge_goal(goal, {"wake_rate": np.array([3 / 10])}).probability == 1
    assert judge_goal(evolve(goal, op=">"), {"wake_rate": np.array([3 / 10])}).probability == 0


def test_a_figure_without_a_value_reaches_nothing() -> None:
    for op in ("<", ">="):
        assert judge_goal(Goal("aov", op, "0", "money", "g"), {"aov": np.array([np.nan])}).probability == 0  # type: ignore[arg-type]


def test_what_only_a_campaign_causes_is_incremental_as_it_is() -> None:
    campaign = {"sent": np.array([5.0]), "targeted": np.array([4.0])}
    assert judge_goal(Goal("incremental_sent", ">=", "5", "count", "g"), campaign).probability == 1
    assert judge_goal(Goal("uplift_targeted", "<=", "0", "count", "g"), campaign).probability == 1


def test_how_near_it_comes_is_the_bar_that_would_just_have_held() -> None:
    values = np.array([100.0, 400.0, 200.0, 300.0, 500.0])
    found = reach(PROFIT, {"incremental_profit": values}, (), Currency("CNY", 2))
    assert (found.figure, found.op) == ("incremental_profit", ">=")
    assert (found.asked, found.mean, found.surely) == (1.0, 3.0, 2.0)
    held = judge_expectation(evolve(PROFIT, value="200"), {"incremental_profit": values}, ())
    assert held.probability == 0.8, "four of five reach it"
    below = reach(evolve(PROFIT, op="<="), {"incremental_profit": values}, (), Currency("CNY", 2))
    assert below.surely == 4.0


def test_a_figure_without_a_value_reaches_no_bar() -> None:
    values = {"incremental_profit": np.array([np.nan, np.nan, 200.0, 300.0])}
    found = reach(PROFIT, values, (), Currency("CNY", 2))
    assert (found.mean, found.surely) == (2.5, None)
    always = PLAN.expectations[1]
    three = evolve(totals(), most_touches={86_400: 3})
    assert reach(always, {}, (totals(), three), Currency("CNY", 2)).surely == 3.0

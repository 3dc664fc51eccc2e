"""The difference of a figure from its values under two plans, and the published form of a comparison."""

import json
import math
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from attrs import evolve
from tests.figures.small import PLAN, totals

from wakeup.figures.assemble import assemble
from wakeup.figures.differences import Clock, Differences, Reached, Refused, Touched
from wakeup.figures.differing import Side, difference, differences
from wakeup.figures.totals import METRICS, Spending, Totals
from wakeup.plan.model import Budget, Expectation, Line, Plan

T_2 = 2.919986
"""95 % quantile of t with 2 degrees of freedom."""

PEOPLE = Touched(Reached(4, 1, 0), {"cap": Refused(0, 2, 2, 1, 0, 0)})


def values(*numbers: float | None) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.array([math.nan if each is None else each for each in numbers])


def test_the_change_is_the_mean_of_the_differences() -> None:
    found = difference(values(10, 20, 30), values(13, 21, 35), "count")
    assert (found.old, found.new, found.change, found.unit) == (20, 23, 3, "count")
    assert found.error == pytest.approx(2 / 3**0.5)
    assert (found.low, found.high) == (pytest.approx(3 - T_2 * 2, rel=1e-6), pytest.approx(3 + T_2 * 2, rel=1e-6))
    assert found.relative == pytest.approx(3 / 20)
    assert (found.higher, found.lower, found.changes) == (1, 0, True)


def test_what_both_plans_share_cancels_out() -> None:
    luck = np.linspace(-1e6, 1e6, 7)
    found = difference(luck, luck + 2, "CNY")
    assert (found.change, found.low, found.high, found.error) == (2, 2, 2, 0)


def test_money_differs_in_whole_minor_units() -> None:
    one, other = (
        difference(values(7 + more, 11 + more), values(10 + more, 18 + more), "CNY", 0.01) for more in (0, 1e7)
    )
    assert (one.change, one.low, one.high, one.error) == (other.change, other.low, other.high, other.error)
    assert (one.change, one.old, one.relative) == (pytest.approx(0.05), pytest.approx(0.09), pytest.approx(5 / 9))


def test_replications_without_a_value_under_either_plan_are_left_out() -> None:
    found = difference(values(1, None, 3, 4), values(2, 5, None, 4), "share")
    assert (found.old, found.new) == (pytest.approx(8 / 3), pytest.approx(11 / 3)), "each as a result gives it"
    assert (found.change, found.higher, found.lower) == (0.5, 0.5, 0)
    assert found.relative == pytest.approx(0.5 / 2.5)


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        (values(None, None), values(1, 2), True),
        (values(1, 2), values(None, None), True),
        (values(None, None), values(None, None), False),
        (values(), values(1, 2), True),
        (values(1, None), values(None, 2), False),
    ],
    ids=["no old", "no new", "neither", "not there", "never both"],
)
def test_without_a_pair_there_is_no_change(old: Any, new: Any, changes: bool) -> None:
    found = difference(old, new, "share")
    assert (found.change, found.low, found.relative, found.error, found.higher) == (None, None, None, None, None)
    assert found.changes is changes


def test_one_replication_has_a_change_and_no_interval() -> None:
    found = difference(values(4), values(1), "count")
    assert (found.change, found.low, found.high, found.error, found.lower) == (-3, None, None, None, 1)


def test_a_share_of_nothing_is_not_told_and_one_of_a_loss_keeps_its_sign() -> None:
    assert difference(values(0, 0), values(1, 2), "count").relative is None
    assert difference(values(-10, -10), values(-12, -12), "CNY").relative == pytest.approx(-0.2)


# --- the whole -------------------------------------------------------------------------------------------------------


def with_orders(more: int, **changes: Any) -> Totals:
    found = totals()
    sums = found.sums.copy()
    sums[0, :, 0, METRICS.index("value")] += more
    return evolve(found, sums=sums, **({"reasons": {"cap": more}} | changes))


def side(plan: Plan, *replications: Totals) -> Side:
    result = assemble(plan, seed=7, customers=6, replications=replications, scenarios={}, basis=[])
    return Side(plan, result, replications, {"storm": replications})


def made() -> Differences:
    """A comparison where every part has something: other orders, refusals, a line and an expectation only in one."""
    limits = Budget(1_000_000, (Line("gifts", 100_000), Line("extra", 5_000)), "gifts")
    claims = (Expectation("sent", ">=", "1", "count", "sent >= 1", sure="0.9"),)
    new = evolve(PLAN, budget=limits, expectations=claims, goals=())
    paid = (Spending("gifts", 100, 20, 3), Spending("extra", 700, 0, 0))
    return differences(
        side(PLAN, with_orders(0), with_orders(1), with_orders(2)),
        side(new, *(with_orders(each, spending=paid, delays={"gap": 2}) for each in (300, 301, 305))),
        PEOPLE,
    )


def test_every_part_is_compared() -> None:
    found = made()
    revenue = found.figures["revenue"]
    groups = 16
    assert revenue.unit == "CNY"
    assert revenue.change == pytest.approx((300 + 300 + 303) / 3 * groups / 100), "major units"
    assert found.reasons["cap"].change == 301
    assert (found.delays["gap"].new, found.delays["gap"].change) == (2, 2)
    lines = {each.line: each for each in found.budget}
    assert {name: each.within for name, each in lines.items()} == {
        "promotion": "old", "gifts": "both", "extra": "new", "": "old",
    }  # fmt: skip
    assert (lines["gifts"].limit_old, lines["gifts"].limit_new, lines["extra"].limit_old) == (1000, 1000, None)
    assert (lines["gifts"].spent.new, lines["gifts"].tail.new, lines["gifts"].open.new) == pytest.approx((1, 0.2, 0.03))
    claims = {each.text: each for each in (*found.goals, *found.expectations)}
    assert claims["sent >= 1"].within == "new"
    assert (claims["sent >= 1"].old, claims["sent >= 1"].new, claims["sent >= 1"].sure) == (None, 1, 0.9)
    assert {each.within for each in found.goals} == {"old"}
    assert found.scenarios["storm"] == found.figures
    assert found.people is PEOPLE


def schema(checkout: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((checkout / "docs/schema/comparison.schema.json").read_text("utf-8"))
    return loaded


def test_the_json_is_as_published(checkout: Path) -> None:
    jsonschema.Draft202012Validator.check_schema(schema(checkout))
    timed = evolve(made(), timing=Clock(1, 2, 3))
    tree = json.loads(timed.to_json())
    jsonschema.validate(tree, schema(checkout))
    assert set(tree) == set(schema(checkout)["required"]) == set(schema(checkout)["properties"])
    assert tree["timing"] == {"population_s": 1, "simulate_s": 2, "wall_s": 3}
    assert tree["people"]["refused"]["cap"]["newly_sent_before"] == 1
    assert {"kinds", "where", "what", "old", "new"} == set(tree["changes"][0])
    assert "budget line extra" in {each["where"] for each in tree["changes"]}
    assert "plans" not in tree
    assert "results" not in tree


def test_the_schema_refuses_what_is_no_comparison(checkout: Path) -> None:
    tree = made().to_dict()
    for broken in ({**tree, "format_version": "2"}, {**tree, "figures": {"aov": 3}}, {}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(broken, schema(checkout))


def test_equal_comparisons_are_equal_bytes() -> None:
    assert made().to_json() == made().to_json()

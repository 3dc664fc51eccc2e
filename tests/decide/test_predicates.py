from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.decide.tables import table

from wakeup.decide.predicates import Facts, Value, band_of, holds
from wakeup.plan.model import Band, Tier
from wakeup.plan.predicates import EVERYONE, And, Bought, Compare, Happened, HasTag, InTier, Not, Or, Predicate

PAGE = "predicates.md"
TRUTH = {"yes": True, "no": False, "unknown": None}
ZONE = "Asia/Shanghai"


def shanghai(text: str) -> int:
    return int(datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=ZoneInfo(ZONE)).timestamp())


NOW = shanghai("2026-08-31 10:00")


def value(text: str) -> Value:
    if text.startswith("age since "):
        return NOW - shanghai(text.removeprefix("age since "))
    if text.startswith("instant "):
        return shanghai(text.removeprefix("instant "))
    if text == "missing":
        return None
    return float(text) if "." in text else int(text) if text.isdigit() else text


def facts(**attributes: Value) -> Facts:
    return Facts({name: each for name, each in attributes.items() if each is not None}, NOW, ZONE)


@pytest.mark.parametrize("case", table(PAGE, "Comparisons"), ids=str)
def test_comparisons(case: dict[str, str]) -> None:
    bound: Any = int(case["of"]) if case["of"].isdigit() else case["of"]
    compare = Compare("x", case["op"], bound, case["unit"])  # type: ignore[arg-type]
    assert holds(compare, facts(x=value(case["value"]))) is TRUTH[case["truth"]]


UNKNOWN = Compare("gone", "<", 1, "count")
AS_PREDICATE: dict[str, Predicate] = {"yes": EVERYONE, "no": Or(()), "unknown": UNKNOWN}


@pytest.mark.parametrize("case", table(PAGE, "Not"), ids=str)
def test_not(case: dict[str, str]) -> None:
    assert holds(Not(AS_PREDICATE[case["operand"]]), facts()) is TRUTH[case["not"]]


@pytest.mark.parametrize("case", table(PAGE, "And, or"), ids=str)
def test_and_or(case: dict[str, str]) -> None:
    left, right = AS_PREDICATE[case["left"]], AS_PREDICATE[case["right"]]
    for operands in ((left, right), (right, left)):
        assert holds(And(operands), facts()) is TRUTH[case["and"]]
        assert holds(Or(operands), facts()) is TRUTH[case["or"]]


def test_tags_bands_and_outcomes_are_never_unknown() -> None:
    known = Facts({}, NOW, ZONE, tags={"vip"}, bands={"value": "high"}, happened={"click"})
    assert [holds(HasTag(tag), known) for tag in ("vip", "employee")] == [True, False]
    assert [holds(InTier("value", band), known) for band in ("high", "regular")] == [True, False]
    assert holds(InTier("sleep", "long"), known) is False
    assert [holds(Happened(outcome), known) for outcome in ("click", "order")] == [True, False]


VALUE = Tier(
    "value",
    "average_order_value",
    "money",
    (
        Band("high", 50_000, 70_000),
        Band("potential", 20_000, 50_000),
        Band("regular", None, 20_000),
        Band("top", 80_000),
    ),
)
SLEEP = Tier("sleep", "days_since_order", "months", (Band("short", 3, 6), Band("long", 6, None)))


@pytest.mark.parametrize("case", table(PAGE, "Bands by value"), ids=str)
def test_bands_by_value(case: dict[str, str]) -> None:
    found = band_of(VALUE, facts(average_order_value=value(case["average order value"])))
    assert found == case["band"].replace("none", "")


@pytest.mark.parametrize("case", table(PAGE, "Bands by months"), ids=str)
def test_bands_by_months(case: dict[str, str]) -> None:
    found = band_of(SLEEP, facts(days_since_order=NOW - shanghai(case["last order"])))
    assert found == case["band"].replace("none", "")


def test_a_tier_open_at_both_ends_has_no_band_for_a_missing_value() -> None:
    tier = Tier("any", "orders", "count", (Band("all"),))
    assert band_of(tier, facts(orders=3)) == "all"
    assert band_of(tier, facts()) == ""


@pytest.mark.parametrize("case", table(PAGE, "Bought"), ids=str)
def test_bought(case: dict[str, str]) -> None:
    bought = {name: shanghai(case[name]) for name in ("outerwear", "dresses") if case[name] not in ("", "none")}
    category, _, length = case["asked"].partition(" within ")
    number, _, unit = length.partition(" ")
    predicate = Bought(category, int(number) if number else None, months=unit == "months")
    known = Facts({}, NOW, ZONE, bought=None if case["outerwear"] == "none" else bought)
    assert holds(predicate, known) is TRUTH[case["truth"]]


WHY = Tier(
    "why",
    "",
    "rule",
    (
        Band("failed", match=HasTag("complained")),
        Band("rival", match=And((Compare("orders", "<=", 1, "count"), Not(HasTag("vip"))))),
        Band("content", match=EVERYONE),
    ),
)


@pytest.mark.parametrize("case", table(PAGE, "Bands by rule"), ids=str)
def test_bands_by_rule(case: dict[str, str]) -> None:
    orders = value(case["orders"])
    known = Facts({"orders": orders} if orders is not None else {}, NOW, ZONE, tags=set(case["tags"].split(", ")))
    assert band_of(WHY, known) == case["band"]


def test_a_tier_by_rules_without_a_rest_leaves_people_out() -> None:
    assert band_of(Tier("why", "", "rule", WHY.bands[:2]), facts(orders=5)) == ""

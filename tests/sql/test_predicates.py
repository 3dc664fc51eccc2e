"""Every kind of predicate has its SQL, or a message that says why it has none."""

from typing import Any, get_args

import duckdb
import pytest
from attrs import evolve, frozen
from tests.sql.plans import START, asking

from wakeup.diagnostics import WakeupError
from wakeup.plan.model import Band, Plan, Tier
from wakeup.plan.predicates import And, Compare, Happened, Not, Op, Or, Predicate
from wakeup.sql import Dialect, audience_sql
from wakeup.sql.predicates import RENDERERS, Asked, condition

ASKED = Asked(Dialect.DUCKDB, START, "Asia/Shanghai", 2)


def test_every_kind_of_predicate_is_known() -> None:
    assert set(RENDERERS) == set(get_args(Predicate))


@frozen
class New:
    """A kind of predicate that nobody has heard of."""


def test_an_unknown_kind_fails_loudly() -> None:
    unknown: Any = New()
    with pytest.raises(TypeError, match="New"):
        condition(unknown, ASKED)
    with pytest.raises(TypeError, match="New"):
        audience_sql(asking(Not(And((unknown,)))), Dialect.POSTGRES)


def refused(plan: Plan) -> list[str]:
    """The codes that a plan is refused with."""
    with pytest.raises(WakeupError) as raised:
        audience_sql(plan, Dialect.POSTGRES)
    return [each.code for each in raised.value.diagnostics]


def test_an_outcome_of_the_run_is_refused() -> None:
    assert refused(asking(Or((Compare("orders", ">", 1, "count"), Not(Happened("click")))))) == ["WK5301"]


@pytest.mark.parametrize(
    "compare",
    [
        Compare("days_since_order", ">=", 90, "count"),
        Compare("days_since_order", "==", "x", "text"),
        Compare("orders", ">=", 90, "seconds"),
        Compare("total_spent", ">=", "3", "decimal"),
        Compare("weight", ">=", 3, "months"),
    ],
    ids=lambda each: f"{each.attribute}-{each.unit}",
)
def test_a_comparison_that_means_nothing_is_refused(compare: Compare) -> None:
    assert refused(asking(compare)) == ["WK5302"]


def test_a_field_is_of_one_kind() -> None:
    both = And((Compare("size", "==", "L", "text"), Compare("size", ">", "38", "decimal")))
    assert refused(asking(both)) == ["WK5302"]
    assert audience_sql(asking(And((Compare("size", "<", 4_000, "money"), *both.operands[1:]))), Dialect.DUCKDB)


@pytest.mark.parametrize("unit", ["seconds", "months"])
@pytest.mark.parametrize(("op", "takes"), [("<", ["new"]), (">=", [])])
def test_ages_beyond_every_calendar_are_older_than_anybody(unit: Any, op: Op, takes: list[str]) -> None:
    plan = asking(Compare("days_since_order", op, 10**17, unit))
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute("CREATE TABLE customers (customer_id TEXT, last_order TIMESTAMPTZ)")
        connection.execute("INSERT INTO customers VALUES ('new', '2026-08-01 10:00:00+00:00'), ('never', NULL)")
        found = connection.execute(audience_sql(plan, Dialect.DUCKDB)).fetchall()
    assert [each[0] for each in found] == takes


def test_months_and_days_are_instants_of_the_campaigns_zone() -> None:
    """2026-10-31 less 8 months is the last of February, at the same hour by the clock."""
    plan = evolve(asking(Compare("days_since_order", ">=", 8, "months")), zone="Europe/Berlin", start=1_793_401_200)
    assert "last_order <= CAST('2026-02-27 23:00:00+00:00' AS TIMESTAMPTZ)" in audience_sql(plan, Dialect.DUCKDB)


def test_as_of_moves_what_is_judged() -> None:
    plan = asking(Compare("days_since_order", ">=", 86_400, "seconds"))
    assert "'2026-08-30 16:00:00+00:00'" in audience_sql(plan, Dialect.POSTGRES)
    assert "'2026-08-29 16:00:00+00:00'" in audience_sql(plan, Dialect.POSTGRES, as_of=START - 86_400)


def test_a_plan_without_journeys_or_bands_is_a_query_all_the_same() -> None:
    plan = evolve(asking(And(())), journeys=(), tiers=(Tier("t", "orders", "count", ()), Tier("r", "", "rule", ())))
    plan = evolve(plan, tiers=(*plan.tiers, Tier("o", "orders", "count", (Band("any"),))))
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute("CREATE TABLE customers AS SELECT 'a' AS customer_id, 1 AS orders")
        found = connection.execute(audience_sql(plan, Dialect.DUCKDB))
        assert [each[0] for each in found.description or ()] == ["customer_id", "tier_t", "tier_r", "tier_o", "journey"]
        assert found.fetchall() == [("a", None, None, "any", None)]

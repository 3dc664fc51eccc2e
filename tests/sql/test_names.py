"""Names and texts of a plan are names and texts of the query, whatever they look like."""

from typing import Any

import duckdb
import pytest
from attrs import evolve
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.sql.crowd import quoted
from tests.sql.plans import asking

from wakeup.diagnostics import WakeupError
from wakeup.plan.model import Band, Journey, Plan, Tier, Wave
from wakeup.plan.predicates import And, Bought, Compare, HasTag, InTier
from wakeup.sql import Dialect, audience_sql

HOSTILE = (
    "'; DROP TABLE customers; --",
    '"; DROP TABLE customers; --',
    "\\'; DROP TABLE customers; --",
    "*/ DROP TABLE customers; /*",
    "a' OR '1'='1",
    "$$; DROP TABLE customers; $$",
    "line\nend -- ",
    "%s {} ? :name $1",
    "select",
    "员工 🎁",
)
NAMES = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.sampled_from("ab'\"\\;-*/$%?{}() \n\t.,é员🎁"), min_size=1, max_size=8),
)


def columns(plan: Plan, tag: str, category: str, field: str) -> str:
    """The statement that makes a table for one tag, category and text field."""
    given_ = {f"tag_{tag}": "BOOLEAN", f"bought_{category}": "TIMESTAMPTZ", field: "TEXT"}
    typed = ", ".join(f"{quoted(name)} {kind}" for name, kind in given_.items())
    return f"CREATE TEMP TABLE customers (customer_id TEXT, orders INTEGER, {typed})"


def hostile(tag: str, category: str, field: str, value: str, name: str) -> Plan:
    """A plan that takes who has the tag, the category and the value; its tier, band and journey have hostile names."""
    asked = And((HasTag(tag), Bought(category), Compare(field, "==", value, "text")))
    tier = Tier(name, "orders", "count", (Band(value, 2),))
    plan = asking(asked)
    return evolve(plan, tiers=(tier,), journeys=(Journey(name, InTier(name, value), Wave(plan.start), ()),))


def rows(value: str) -> list[tuple[Any, ...]]:
    """Ann has all of it; the others lack one thing each."""
    then = "2026-01-01 00:00:00+00:00"
    return [
        ("ann", 2, True, then, value),
        ("bob", 2, False, then, value),
        ("cid", 2, True, None, value),
        ("dan", 2, True, then, value + "x"),
        ("eve", 1, True, then, value),
    ]


@given(tag=NAMES, category=NAMES, field=NAMES, value=NAMES, name=NAMES)
def test_duckdb_reads_every_name_as_a_name(tag: str, category: str, field: str, value: str, name: str) -> None:
    assume(value == value.strip())  # blanks around a text do not count
    plan = hostile(tag, category, field, value, name)
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute(columns(plan, tag, category, field))
        connection.executemany("INSERT INTO customers VALUES (?, ?, ?, ?, ?)", rows(value))
        found = connection.execute(audience_sql(plan, Dialect.DUCKDB)).fetchall()
        assert sorted(found) == [("ann", value, name), ("eve", None, None)]
        assert connection.execute("SELECT count(*) FROM customers").fetchall() == [(5,)]


@pytest.mark.parametrize("conforming", ["on", "off"])
@given(tag=NAMES, category=NAMES, field=NAMES, value=NAMES, name=NAMES)
def test_postgres_reads_every_name_as_a_name(
    tag: str, category: str, field: str, value: str, name: str, conforming: str, postgres: Any
) -> None:
    """Also where a backslash in a text means what it meant before PostgreSQL 9.1."""
    assume(value == value.strip())
    plan = hostile(tag, category, field, value, name)
    with postgres.transaction(force_rollback=True), postgres.cursor() as cursor:
        cursor.execute(columns(plan, tag, category, field).encode())
        cursor.executemany("INSERT INTO customers VALUES (%s, %s, %s, %s, %s)", rows(value))
        cursor.execute(f"SET LOCAL standard_conforming_strings = {conforming}".encode())
        found = cursor.execute(audience_sql(plan, Dialect.POSTGRES).encode()).fetchall()
        assert sorted(found) == [("ann", value, name), ("eve", None, None)]
        assert cursor.execute("SELECT count(*) FROM customers").fetchall() == [(5,)]


LONG = "长" * 20  # 60 bytes


@pytest.mark.parametrize(
    ("dialect", "plan", "code"),
    [
        (Dialect.DUCKDB, asking(HasTag("a\0b")), "WK5303"),
        (Dialect.DUCKDB, asking(Compare("skin", "==", "a\0b", "text")), "WK5303"),
        (Dialect.DUCKDB, asking(Compare("", "==", "dry", "text")), "WK5303"),
        (Dialect.POSTGRES, asking(HasTag(LONG)), "WK5303"),
        (Dialect.DUCKDB, asking(HasTag(LONG)), None),
        (Dialect.DUCKDB, asking(And((HasTag("VIP"), HasTag("vip")))), "WK5304"),
        (Dialect.POSTGRES, asking(And((HasTag("VIP"), HasTag("vip")))), None),
        (Dialect.POSTGRES, asking(Compare("last_order", "==", "x", "text")), "WK5304"),
        (Dialect.DUCKDB, asking(Compare("Journey", "==", "x", "text")), "WK5304"),
        (Dialect.POSTGRES, asking(And((HasTag("x"), Compare("tag_x", "==", "x", "text")))), "WK5304"),
    ],
    ids=lambda each: "" if isinstance(each, Plan) else str(each),
)
def test_a_name_that_is_no_column_of_its_own_is_refused(dialect: Dialect, plan: Plan, code: str | None) -> None:
    if code is None:
        assert audience_sql(plan, dialect)
        return
    with pytest.raises(WakeupError) as raised:
        audience_sql(plan, dialect)
    assert [each.code for each in raised.value.diagnostics] == [code]


def test_a_field_named_as_a_tier_is_refused() -> None:
    plan = evolve(asking(Compare("tier_value", "==", "x", "text")), tiers=(Tier("value", "orders", "count", ()),))
    with pytest.raises(WakeupError, match="tier_value"):
        audience_sql(plan, Dialect.POSTGRES)

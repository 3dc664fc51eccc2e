"""Each elementary condition by itself, with every operator, on people at and beside every bound.

A tier by rules has a band for yes and one for no; for who is in neither it is unknown. So one query answers a hundred.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import cycle, product
from typing import Any

import pytest
from attrs import evolve
from tests.sql.crowd import (
    AMOUNTS,
    CATEGORIES,
    DATES,
    LABELS,
    MONTHS,
    NUMBERS,
    SPANS,
    TAGS,
    TIERS,
    Somebody,
    facts,
    population,
    row,
)
from tests.sql.members import Answer, members
from tests.sql.plans import asking

from wakeup.decide.calendar import add_months
from wakeup.decide.predicates import holds
from wakeup.plan.model import Band, Plan, Tier
from wakeup.plan.predicates import EVERYONE, Bought, Compare, HasTag, InTier, Not, Op, Predicate
from wakeup.sql import Dialect, audience_sql

ZONE = "Europe/Berlin"
START = 1_774_738_800  # 2026-03-29 00:00, the night in which the clocks go forward; a month before is 28 February
OPS: tuple[Op, ...] = ("<", "<=", ">", ">=", "==", "!=")


def elementary() -> Iterator[Predicate]:
    """Every elementary condition but those on bands."""
    ages = ("days_since_order", "days_since_interaction", "days_since_first_order")
    scores = ("recency_score", "frequency_score", "monetary_score")
    yield from (Compare(name, op, n, "seconds") for name, op, n in product(ages, OPS, SPANS))
    yield from (Compare(name, op, n, "months") for name, op, n in product(ages, OPS, MONTHS))
    yield from (Compare(name, op, n, "money") for name, op, n in product(AVERAGES, OPS, AMOUNTS))
    yield from (Compare("orders", op, n, "count") for op, n in product(OPS, (0, 1, 2)))
    yield from (Compare(name, op, n, "count") for name, op, n in product(scores, OPS, range(1, 6)))
    yield from (Compare("skin type", op, label, "text") for op, label in product(OPS, LABELS))
    yield from (Compare("weight", op, repr(n), "decimal") for op, n in product(OPS, NUMBERS))
    yield from (Compare("weight", op, n, "money") for op, n in product(OPS, (25, 1_234)))
    yield from (Compare("birthday", op, day.isoformat(), "date") for op, day in product(OPS, DATES))
    yield from (HasTag(tag) for tag in TAGS)
    yield from (Bought(category) for category in CATEGORIES)
    yield from (Bought(category, n, months=True) for category, n in product(CATEGORIES, MONTHS))
    yield from (Bought(category, n) for category, n in product(CATEGORIES, SPANS))


AVERAGES = ("total_spent", "average_order_value")


def crowd() -> list[Somebody]:
    """People at every bound in time and a second beside it, and every other value in turn."""
    bounds = [add_months(START, -n, ZONE) for n in MONTHS] + [START - each for each in SPANS]
    events = [bound + beside for bound in sorted(set(bounds)) for beside in (-1, 0, 1)]
    orders, amounts, averages = cycle((1, 2, 3, 0, 8)), cycle(AMOUNTS), cycle(AMOUNTS[::-1])
    skins, weights, birthdays = cycle((*LABELS, None)), cycle((None, *NUMBERS)), cycle((*DATES, None))
    tags = cycle([frozenset(), *(frozenset({tag}) for tag in TAGS), frozenset(TAGS)])
    last = [None, *events, None]  # the first has ordered, nobody knows when
    people = []
    for number, (event, count) in enumerate(zip(last, orders, strict=False)):
        ordered = event if count else None
        people.append(
            Somebody(
                id=f"c{number}",
                first_order=ordered,
                last_order=ordered,
                last_interaction=event,
                orders=count,
                total_spent=next(amounts),
                average=next(averages) if count else 0,
                tags=next(tags),
                bought={CATEGORIES[0]: event, CATEGORIES[1]: ordered},
                skin=next(skins),
                weight=next(weights),
                birthday=next(birthdays),
            )
        )
    return people


PEOPLE = crowd()
PLAN = evolve(asking(EVERYONE), zone=ZONE, start=START, journeys=())
Ask = Callable[[str, Sequence[list[Any]]], Answer]


def sorted_by(conditions: Sequence[Predicate]) -> Plan:
    """A plan with one tier for each condition."""
    tiers = (
        Tier(str(index), "", "rule", (Band("yes", match=each), Band("no", match=Not(each))))
        for index, each in enumerate(conditions)
    )
    return evolve(PLAN, tiers=tuple(tiers))


def answered(answer: Answer, conditions: Sequence[Predicate]) -> dict[tuple[str, Predicate], str | None]:
    """For each person and condition: yes, no, or None for unknown."""
    return {(one[0], each): band for one in answer for each, band in zip(conditions, one[1:-1], strict=True)}


def expected(conditions: Sequence[Predicate]) -> dict[tuple[str, Predicate], str | None]:
    """The same from the scalar predicates."""
    words = {True: "yes", False: "no", None: None}
    known = {one.id: facts(one, PEOPLE, PLAN) for one in PEOPLE}
    return {(id_, each): words[holds(each, known[id_])] for id_ in known for each in conditions}


def check(dialect: Dialect, ask: Ask) -> None:
    """Compare the query with both predicates of ours, a hundred conditions at a time."""
    rows = [row(each) for each in PEOPLE]
    for conditions in _hundreds(tuple(elementary())):
        plan = sorted_by(conditions)
        found = answered(ask(audience_sql(plan, dialect), rows), conditions)
        assert found == answered(members(plan, population(PEOPLE, START, ZONE)), conditions)
        assert found == expected(conditions)


def _hundreds(conditions: tuple[Predicate, ...]) -> Iterator[tuple[Predicate, ...]]:
    for first in range(0, len(conditions), 100):
        yield conditions[first : first + 100]


def test_every_condition_in_duckdb(ask_duckdb: Ask) -> None:
    check(Dialect.DUCKDB, ask_duckdb)


def test_every_condition_in_postgres(ask_postgres: Ask) -> None:
    check(Dialect.POSTGRES, ask_postgres)


@pytest.mark.parametrize("band", [(tier.name, band.name) for tier in TIERS for band in tier.bands], ids=str)
def test_a_band_is_never_unknown(band: tuple[str, str], ask_duckdb: Ask) -> None:
    rows = [row(each) for each in PEOPLE]
    inside, outside = (evolve(PLAN, tiers=TIERS, audience=each) for each in (InTier(*band), Not(InTier(*band))))
    taken, left = (ask_duckdb(audience_sql(plan, Dialect.DUCKDB), rows) for plan in (inside, outside))
    assert taken == members(inside, population(PEOPLE, START, ZONE))
    assert {one[0] for one in taken} | {one[0] for one in left} == {one.id for one in PEOPLE}
    assert taken


def test_the_people_tell_the_conditions_apart() -> None:
    """Nearly every condition has people who meet it, people who do not, and people of whom it is unknown."""
    bands: dict[Predicate, set[str | None]] = {}
    for (_, condition), band in expected(tuple(elementary())).items():
        bands.setdefault(condition, set()).add(band)
    assert set().union(*bands.values()) == {"yes", "no", None}
    assert sum({"yes", "no"} <= each for each in bands.values()) > 0.8 * len(bands)

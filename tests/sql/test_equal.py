"""The query takes the people whom the array predicate takes, and whom the scalar one takes."""

from collections.abc import Callable, Sequence
from typing import Any

from attrs import evolve
from hypothesis import given, settings
from tests.sql.crowd import Somebody, cases, facts, population, row
from tests.sql.members import Answer, members

from wakeup.decide.eligibility import eligible, journey_of
from wakeup.decide.predicates import band_of
from wakeup.plan.model import Plan
from wakeup.sql import Dialect, audience_sql

Ask = Callable[[str, Sequence[list[Any]]], Answer]
"""Runs a query over table `customers` with the rows given."""


def by_array(plan: Plan, people: Sequence[Somebody]) -> Answer:
    return members(plan, population(people, plan.start, plan.zone))


def by_person(plan: Plan, people: Sequence[Somebody]) -> Answer:
    found: Answer = set()
    for one in people:
        known = facts(one, people, plan)
        known = evolve(known, bands={tier.name: band_of(tier, known) for tier in plan.tiers})
        if eligible(plan, known):
            journey = journey_of(plan, known)
            name = None if journey is None else plan.journeys[journey].name
            found.add((one.id, *(known.bands[tier.name] or None for tier in plan.tiers), name))
    return found


@given(case=cases())
def test_duckdb_takes_whom_the_predicates_take(case: tuple[Plan, list[Somebody]], ask_duckdb: Ask) -> None:
    plan, people = case
    taken = ask_duckdb(audience_sql(plan, Dialect.DUCKDB), [row(each) for each in people])
    assert taken == by_array(plan, people)
    assert taken == by_person(plan, people)


@given(case=cases())
def test_postgres_takes_whom_the_arrays_take(case: tuple[Plan, list[Somebody]], ask_postgres: Ask) -> None:
    plan, people = case
    taken = ask_postgres(audience_sql(plan, Dialect.POSTGRES), [row(each) for each in people])
    assert taken == by_array(plan, people)


@settings(max_examples=15)
@given(case=cases())
def test_the_people_of_a_journey_are_those_of_the_audience_with_it(
    case: tuple[Plan, list[Somebody]], ask_duckdb: Ask
) -> None:
    plan, people = case
    rows = [row(each) for each in people]
    taken = ask_duckdb(audience_sql(plan, Dialect.DUCKDB), rows)
    for journey in plan.journeys:
        mine = ask_duckdb(audience_sql(plan, Dialect.DUCKDB, journey=journey.name), rows)
        assert mine == {each for each in taken if each[-1] == journey.name}

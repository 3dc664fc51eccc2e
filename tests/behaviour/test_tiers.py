"""A band of a tier answers contacts better or worse; who is in no band that is spoken of answers as everybody."""

import numpy as np
import pytest
from attrs import evolve
from tests.behaviour.shop import PLAN, START, everybody, given, population, state

from wakeup.behaviour import DefaultBehaviour, DefaultModel, basis
from wakeup.behaviour.parameters import assume
from wakeup.behaviour.protocol import NEVER_AGAIN
from wakeup.customers.population import Population
from wakeup.diagnostics import WakeupError
from wakeup.plan.model import Assumption, Band, Plan, Tier

VALUE = Tier("value", "average_order_value", "money", (Band("high", 10_000, None), Band("low", None, 10_000)))
SLEEP = Tier("sleep", "days_since_order", "seconds", (Band("short", None, 100), Band("long", 100, None)))


def shop(*rows: Assumption) -> Plan:
    """The shop with two tiers; a contact lasts, and nobody differs from anybody."""
    return evolve(PLAN, tiers=(VALUE, SLEEP), assumptions=(given("response_spread", 0.0), *rows))


def band(tier: str, name: str, value: float, sd: float = 0.0) -> Assumption:
    return evolve(given("tier_response", value, f"tier:{tier}={name}"), sd=sd)


def model(people: Population, *rows: Assumption, replication: int = 0) -> DefaultModel:
    return DefaultBehaviour().model(shop(*rows), people, 1, replication, None)


def orders(people: Population, found: DefaultModel, *bands: int) -> float:
    """Share of the people in these bands of the two tiers who order because of a message."""
    seen = evolve(state(people), bands=np.tile(np.array(bands, np.int8), (len(people), 1)))
    who = everybody(people)
    at = np.full(len(people), START, np.int64)
    answers = found.touch(who, at, 0, [], np.zeros(len(people), np.int32), seen)
    return float(np.mean(answers.ordered != NEVER_AGAIN))


PEOPLE = population(60_000, days=120.0, orders=2)


def test_the_log_odds_of_a_contact_are_multiplied() -> None:
    """A lift told once for a band is the same as a message that adds so many log-odds more."""
    stronger = model(PEOPLE, band("value", "high", 1.6))
    kind = PLAN.channels[0].channel_kind
    ordinary = assume(shop()).row("advertising", f"kind:{kind}").median
    louder = model(PEOPLE, given("advertising", ordinary**1.6, f"kind:{kind}"))
    assert orders(PEOPLE, stronger, 0, -1) == orders(PEOPLE, louder, -1, -1)
    assert orders(PEOPLE, stronger, 0, -1) > 1.2 * orders(PEOPLE, model(PEOPLE), 0, -1)


def test_other_bands_and_who_is_in_none_answer_as_before() -> None:
    stronger, plain = model(PEOPLE, band("value", "high", 1.6)), model(PEOPLE)
    for bands in ((1, 0), (-1, 0), (-1, -1)):
        assert orders(PEOPLE, stronger, *bands) == orders(PEOPLE, plain, *bands)


def test_bands_of_two_tiers_multiply() -> None:
    both = model(PEOPLE, band("value", "high", 1.5), band("sleep", "long", 0.8))
    once = model(PEOPLE, band("value", "high", 1.5 * 0.8))
    assert orders(PEOPLE, both, 0, 1) == orders(PEOPLE, once, 0, -1)


def test_only_bands_that_are_spoken_of_are_part_of_the_basis() -> None:
    assert not [row for row in basis(shop()) if row.parameter == "tier_response"]
    found = [row for row in basis(shop(band("value", "low", 0.7, 0.2))) if row.parameter == "tier_response"]
    assert [(row.scope, row.median, row.low < 0.7 < row.high) for row in found] == [("tier:value=low", 0.7, True)]


def test_a_band_is_drawn_once_per_replication() -> None:
    row = band("value", "high", 1.5, 0.5)
    shares = {orders(PEOPLE, model(PEOPLE, row, given("advertising", 2.0), replication=r), 0, -1) for r in range(4)}
    assert len(shares) == 4


@pytest.mark.parametrize("scope", ["", "tier:value=middle", "kind:sms", "tier:value"])
def test_it_belongs_to_a_band_of_the_plan(scope: str) -> None:
    with pytest.raises(WakeupError) as caught:
        assume(shop(given("tier_response", 1.5, scope)))
    assert caught.value.diagnostics[0].code == "WK5202"
    assert "tier:value=high" in str(caught.value.diagnostics[0].help)


def test_a_plan_without_tiers_says_so() -> None:
    with pytest.raises(WakeupError) as caught:
        assume(evolve(PLAN, assumptions=(given("tier_response", 1.5, "tier:value=high"),)))
    assert "the plan has no tier" in str(caught.value.diagnostics[0].help)

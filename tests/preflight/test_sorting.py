"""How a campaign sorts its people, counted by hand."""

import numpy as np
from attrs import evolve
from tests.preflight.made import DAY, certain, people, simple

from wakeup.plan.model import Band, Tier
from wakeup.plan.predicates import EVERYONE, Compare, HasTag, Not
from wakeup.preflight import sorting

VALUE = Tier("value", "average_order_value", "money", (Band("high", 50_000), Band("low", 10_000, 50_000)))
WHY = Tier(
    "why",
    "",
    "rule",
    (Band("mother", match=HasTag("new_mother")), Band("busy", match=HasTag("office_worker"))),
)


def test_every_tier_with_its_people_and_medians() -> None:
    population = people(800)
    asleep = Compare("days_since_order", ">=", 180 * DAY, "seconds")
    plan = certain(evolve(simple(), match=asleep), audience=EVERYONE, tiers=(VALUE, WHY))
    value, why = sorting(plan, population)
    high = population.average_order_value >= 50_000
    low = ~high & (population.average_order_value >= 10_000)
    long = population.last_order <= population.as_of - 180 * DAY
    assert (value.tier, value.by_rule, why.by_rule) == ("value", False, True)
    assert [(part.band, part.customers) for part in value.parts] == [
        ("high", high.sum()),
        ("low", low.sum()),
        ("", (~high & ~low).sum()),
    ]
    assert [part.taken for part in value.parts] == [(group & long).sum() for group in (high, low, ~high & ~low)]
    days = (population.as_of - population.last_order[high]) // DAY
    assert value.parts[0].days == int(np.median(days))
    assert value.parts[0].value == int(np.median(population.average_order_value[high]))


def test_the_first_cause_that_holds_takes_the_person() -> None:
    population = people(800)
    mother, busy = population.tags["new_mother"], population.tags["office_worker"]
    assert (mother & busy).any()
    (why,) = sorting(certain(simple(), tiers=(WHY,)), population)
    assert [part.customers for part in why.parts] == [mother.sum(), (busy & ~mother).sum(), (~mother & ~busy).sum()]


def test_a_band_of_nobody_has_no_medians() -> None:
    population = people(50)
    nobody = Tier("why", "", "rule", (Band("none", match=Not(EVERYONE)), Band("all", match=EVERYONE)))
    (why,) = sorting(certain(simple(), tiers=(nobody,)), population)
    assert (why.parts[0].customers, why.parts[0].days, why.parts[0].value) == (0, None, None)

"""Whom the campaign reaches, counted by hand."""

import numpy as np
from attrs import evolve
from tests.preflight.made import DAY, certain, dormant, fields, found, people, simple
from tests.sim.plans import ENTRY

from wakeup.customers import Field, Population
from wakeup.diagnostics import Severity
from wakeup.plan.model import Band, Journey, Tier, Wave
from wakeup.plan.predicates import EVERYONE, And, Compare, HasTag, InTier, Not, Predicate

ASLEEP = Compare("days_since_order", ">=", 180 * DAY, "seconds")
VALUE = Tier("value", "average_order_value", "money", (Band("high", 50_000), Band("low", 10_000, 50_000)))


def called(name: str, match: Predicate = EVERYONE, **changes: object) -> Journey:
    return evolve(simple(name=name, salt=name, match=match), **changes)


def test_nobody_is_eligible() -> None:
    population = people(500)
    plan = certain(
        simple(), audience=And((Compare("days_since_order", ">=", 3000 * DAY, "seconds"), Not(HasTag("fitness"))))
    )
    told = found(plan, population)
    assert list(told) == ["WK3901"]
    (error,) = told["WK3901"]
    assert error.severity is Severity.ERROR
    active = 500 - int(population.tags["fitness"].sum())
    assert error.help is not None
    assert f"`days_since_order >= 3000d` 0, `not tag(fitness)` {active}" in error.help
    assert "none of the 500 customers" in error.message


def test_what_the_data_lack_is_said_instead() -> None:
    told = found(certain(simple(), audience=Compare("skin", "==", "dry", "text")), people(50))
    assert list(told) == ["WK5103"]


def test_who_is_reached() -> None:
    population = people(1_000)
    asleep = population.last_order <= population.as_of - 180 * DAY
    rich = population.average_order_value >= 50_000
    plan = certain(
        called("rich", InTier("value", "high")), called("others"), audience=ASLEEP, holdout="0.2", tiers=(VALUE,)
    )
    told = fields(plan, population, "WK3902")
    assert told["eligible"] == str(asleep.sum())
    assert told["customers"] == "1,000"
    assert told["journeys"] == f"rich {(asleep & rich).sum()}, others {(asleep & ~rich).sum()}"
    middle = asleep & ~rich & (population.average_order_value >= 10_000)
    assert told["bands"] == f"value.high {(asleep & rich).sum()}, value.low {middle.sum()}"
    assert int(str(told["treated"])) + int(str(told["held"])) == asleep.sum()
    assert 0.1 * asleep.sum() < int(str(told["held"])) < 0.3 * asleep.sum()
    assert told["without"] == "0"


def test_a_journey_that_nobody_matches() -> None:
    never = Compare("orders", ">=", 500, "count")
    told = found(certain(called("vip", And((never, HasTag("fitness")))), called("others")), people(300))
    (one,) = told["WK3903"]
    assert (
        one.message
        == "journey `vip` takes nobody: none of the 300 eligible customers meet `orders >= 500 and tag(fitness)`"
    )
    assert "WK3904" not in told


def test_a_journey_whose_people_are_taken_before() -> None:
    population = people(300)
    told = found(certain(called("everybody"), called("vip", Compare("orders", ">=", 2, "count"))), population)
    (one,) = told["WK3904"]
    assert f": {(population.orders >= 2).sum()} of the 300 eligible customers match" in one.message


def test_a_band_that_holds_nobody_is_said_once() -> None:
    population = people(301)
    tier = Tier("value", "average_order_value", "money", (Band("high", 10**9), Band("low", None, 10**9)))
    told = found(certain(called("high", InTier("value", "high")), called("others"), tiers=(tier,)), population)
    (one,) = told["WK3906"]
    assert "WK3903" not in told
    worth = np.sort(population.average_order_value) / 100
    assert one.help is not None
    shown = [f"{each:,.2f}" if each % 1 else f"{each:,.0f}" for each in (worth[0], worth[-1], worth[150])]
    assert one.help == (
        f"their average_order_value goes from {shown[0]} EUR to {shown[1]} EUR, half lie below {shown[2]} EUR: "
        "move the bounds there"
    )


def test_bands_of_months_are_told_in_days() -> None:
    tier = Tier("slept", "days_since_order", "months", (Band("short", None, 6), Band("long", 6)))
    told = fields(certain(called("all"), tiers=(tier,)), dormant(10, days=30), "WK3906")
    assert (told["band"], told["low"], told["middle"], told["high"]) == ("long", "30d", "30d", "30d")


def test_people_in_no_band() -> None:
    population = people(400)
    score = np.where(np.arange(400) % 4 == 0, np.nan, np.arange(400.0))
    population = evolve(population, fields={"score": Field("number", score)})
    tier = Tier("by_score", "score", "count", (Band("low", 0, 100), Band("middle", 100, 200)))
    told = fields(certain(called("low", InTier("by_score", "low")), tiers=(tier,)), population, "WK3907")
    # 400 people; 100 without a score; 150 of the others have 200 and up; 75 are in `low`, the only one with a journey.
    assert (told["count"], told["blank"], told["outside"], told["without"]) == ("250", "100", "150", "250")


def test_waves_that_come_too_late() -> None:
    # Entry is on 1 May at 10:00, the run ends with May: 31 waves of 10.
    wave = Wave(ENTRY, 10)
    told = fields(certain(called("slow", wave=wave)), people(405), "WK3908")
    assert (told["late"], told["people"], told["per_day"]) == ("95", "405", "10")
    assert (told["days"], told["needed"], told["needed_days"]) == (31, "14", 41)
    assert "WK3908" not in found(certain(called("fast", wave=Wave(ENTRY, 14))), people(405))


def test_nobody_but_the_eligible_counts() -> None:
    population: Population = people(300)
    plan = certain(called("all"), audience=ASLEEP, tiers=(VALUE,))
    told = fields(plan, population, "WK3907")
    asleep = population.last_order <= population.as_of - 180 * DAY
    assert told["count"] == str((asleep & (population.average_order_value < 10_000)).sum())

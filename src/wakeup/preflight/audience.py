"""Whom the campaign reaches: eligible people, journeys and bands that hold nobody, waves that come too late."""

from collections.abc import Iterator
from math import ceil

import numpy as np
from numpy.typing import NDArray

from wakeup.diagnostics import Diagnostic, Listed, Piece, Say, Word, diagnostic
from wakeup.plan.model import Journey, Tier
from wakeup.plan.predicates import EVERYONE, And, InTier, Predicate
from wakeup.preflight.conditions import Written, count, typed, value
from wakeup.preflight.facts import Bools, Facts


def nobody(facts: Facts) -> Diagnostic:
    """The audience selects nobody: how many meet each of its conditions."""
    audience = facts.plan.audience
    conditions = audience.operands if isinstance(audience, And) else (audience,)
    met = Listed([_met(facts, each) for each in conditions])
    where = facts.places.at("campaign/audience", "campaign")
    return diagnostic("WK3901", where, customers=count(len(facts.population)), met=met)


def _met(facts: Facts, condition: Predicate) -> Piece:
    people = count(facts.meeting(condition).sum())
    return Say("`{condition}` {count}", condition=Written(facts.plan, condition), count=people)


def overview(facts: Facts) -> Iterator[Diagnostic]:
    """How many are eligible, treated, held out, in which journey and in which band."""
    membership = facts.cast.membership
    journeys = [
        Say("{name} {count}", name=each.name, count=count((membership.journey == index).sum()))
        for index, each in enumerate(facts.plan.journeys)
    ]
    yield diagnostic(
        "WK3902",
        facts.places.at("campaign/audience", "campaign"),
        eligible=count(membership.eligible),
        customers=count(len(facts.population)),
        treated=count(len(facts.cast.treated)),
        held=count(membership.held_out.sum()),
        journeys=Listed(journeys),
        without=count(membership.no_journey),
        bands=Listed(list(_sizes(facts))) if facts.plan.tiers else "–",
    )


def _sizes(facts: Facts) -> Iterator[Piece]:
    for tier in facts.plan.tiers:
        inside = facts.band(tier)[facts.eligible]
        for index, band in enumerate(tier.bands):
            yield Say("{name} {count}", name=f"{tier.name}.{band.name}", count=count((inside == index).sum()))


def journeys(facts: Facts) -> Iterator[Diagnostic]:
    """Journeys that take nobody; one for a band that holds nobody is told of with the band."""
    membership = facts.cast.membership
    for index, journey in enumerate(facts.plan.journeys):
        if (membership.journey == index).any() or _for_an_empty_band(facts, journey):
            continue
        matching = int((facts.eligible & facts.meeting(journey.match)).sum())
        where = facts.places.at(f"journey:{journey.name}")
        eligible = count(membership.eligible)
        if matching:
            yield diagnostic("WK3904", where, name=journey.name, matching=count(matching), eligible=eligible)
        else:
            condition = Written(facts.plan, journey.match)
            yield diagnostic("WK3903", where, name=journey.name, condition=condition, eligible=eligible)


def _for_an_empty_band(facts: Facts, journey: Journey) -> bool:
    match journey.match:
        case InTier(tier=tier, band=band):
            return band in _empty(facts, _tier(facts, tier))
        case _:
            return False


def bands(facts: Facts) -> Iterator[Diagnostic]:
    """Bands that hold nobody."""
    for tier in facts.plan.tiers:
        for name in _empty(facts, tier):
            yield _empty_band(facts, tier, name)


def _empty(facts: Facts, tier: Tier) -> tuple[str, ...]:
    inside = facts.band(tier)[facts.eligible]
    return tuple(band.name for index, band in enumerate(tier.bands) if not (inside == index).any())


def _empty_band(facts: Facts, tier: Tier, band: str) -> Diagnostic:
    if tier.unit == "rule":
        return _empty_cause(facts, tier, band)
    values, known = facts.values(tier)
    numbers = values[facts.eligible & known]
    told = [value(facts.plan, tier.attribute, each) for each in _spread(numbers)] if len(numbers) else ["–"] * 3
    return diagnostic(
        "WK3906",
        facts.places.at(f"tier:{tier.name}/band:{band}", f"tier:{tier.name}"),
        name=tier.name,
        band=band,
        eligible=count(facts.cast.membership.eligible),
        attribute=Word(tier.attribute),
        low=told[0],
        middle=told[1],
        high=told[2],
    )


def _empty_cause(facts: Facts, tier: Tier, band: str) -> Diagnostic:
    """A cause that nobody has: how many meet its own condition, whatever stands before."""
    rule = next((each.match for each in tier.bands if each.name == band), None) or EVERYONE
    return diagnostic(
        "WK3916",
        facts.places.at(f"tier:{tier.name}/band:{band}", f"tier:{tier.name}"),
        name=f"{tier.name}.{band}",
        eligible=count(facts.cast.membership.eligible),
        matching=count((facts.eligible & facts.meeting(rule)).sum()),
    )


def _spread(numbers: NDArray[np.int64] | NDArray[np.float64]) -> tuple[float, float, float]:
    return float(numbers.min()), float(np.median(numbers)), float(numbers.max())


def unclassified(facts: Facts) -> Iterator[Diagnostic]:
    """People whom no band holds: the attribute is blank, or lies outside all bands."""
    for tier in facts.plan.tiers:
        out = facts.eligible & (facts.band(tier) < 0)
        if tier.unit == "rule":
            yield from _without_cause(facts, tier, out)
        elif out.any():
            _, known = facts.values(tier)
            yield diagnostic(
                "WK3907",
                facts.places.at(f"tier:{tier.name}"),
                name=tier.name,
                count=count(out.sum()),
                eligible=count(facts.cast.membership.eligible),
                attribute=Word(tier.attribute),
                blank=count((out & ~known).sum()),
                outside=count((out & known).sum()),
                without=count((out & (facts.cast.membership.journey < 0)).sum()),
            )


def _without_cause(facts: Facts, tier: Tier, out: Bools) -> Iterator[Diagnostic]:
    if out.any():
        yield diagnostic(
            "WK3917",
            facts.places.at(f"tier:{tier.name}"),
            name=tier.name,
            count=count(out.sum()),
            eligible=count(facts.cast.membership.eligible),
            without=count((out & (facts.cast.membership.journey < 0)).sum()),
        )


def waves(facts: Facts) -> Iterator[Diagnostic]:
    """People whose wave would enter after the run has ended."""
    membership = facts.cast.membership
    for index, journey in enumerate(facts.plan.journeys):
        mine = facts.of(index, facts.cast.treated)
        late = int((membership.entry[mine] >= facts.plan.end).sum())
        if late and journey.wave.per_day is not None:
            per_day = journey.wave.per_day
            days = ceil((len(mine) - late) / per_day)
            yield diagnostic(
                "WK3908",
                facts.places.at(f"journey:{journey.name}/start", f"journey:{journey.name}"),
                name=journey.name,
                late=count(late),
                people=count(len(mine)),
                per_day=count(per_day),
                days=days,
                needed_days=ceil(len(mine) / per_day),
                needed=typed(len(mine) / days) if days else "–",
            )


def _tier(facts: Facts, name: str) -> Tier:
    return next(each for each in facts.plan.tiers if each.name == name)

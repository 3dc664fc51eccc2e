"""What is settled before the first second of a campaign: who is who, who takes part, when (docs/semantics, 1)."""

from collections.abc import Sequence

import numpy as np
from attrs import define
from numpy.typing import NDArray

from wakeup.customers.population import NEVER
from wakeup.decide.calendar import wave_entry
from wakeup.decide.caps import past_contact
from wakeup.decide.eligibility import eligible, held_out, journey_of, wave_of_each
from wakeup.decide.predicates import band_of
from wakeup.draws import share
from wakeup.figures.events import Membership
from wakeup.plan.model import Band, Channel, Plan
from wakeup.sim.reference.customer import Customer, Person
from wakeup.sim.reference.people import People
from wakeup.sim.reference.world import Life, World, facts


@define
class Candidate:
    """A customer whom the audience selects and a journey takes."""

    who: int
    journey: int
    held_out: bool
    wave: int = 0


def everybody(life: Life, channels: Sequence[Channel]) -> list[Person]:
    """Return all people as the data leave them; `channels` are those of all campaigns."""
    people = life.people
    return [
        Person(
            who=who,
            key=int(people.now.key[who]),
            zone=people.zone(who),
            spell=0,
            following=life.model.first_order(who),
            contacts=[past_contact(t, label, channels) for t, label in people.touches(who)],
        )
        for who in range(len(people.now))
    ]


def untouched(life: Life, person: Person) -> list[tuple[int, int]]:
    """Return (t, value) of the orders that a person makes from now to the horizon without any campaign."""
    made, number, t = [], person.spell, person.following
    while t < life.clock.horizon:
        number += 1
        made.append((t, life.basket(person.who, number, t)))
        t = life.model.next_order(person.who, t, number)
    return made


def admit(world: World, crowd: Sequence[Person]) -> tuple[list[Customer], Membership]:
    """Sort everybody at the start: bands, audience, journey, holdout, wave; return the customers and the membership."""
    plan, people = world.plan, world.people
    people.score()
    count = len(people.now)
    bands = [_bands(plan, people, who) for who in range(count)]
    candidates, selected = [], 0
    places = share(people.now.key, plan.holdout_salt)
    for who in range(count):
        known = facts(plan, people, who, plan.start, bands[who])
        if eligible(plan, known):
            selected += 1
            journey = journey_of(plan, known)
            if journey is not None:
                candidates.append(Candidate(who, journey, held_out(plan, float(places[who]))))
    _rank(plan, people, candidates)
    customers = [_customer(plan, crowd[each.who], each, bands[each.who]) for each in candidates]
    return customers, _membership(plan, people, bands, candidates, customers, selected)


def _bands(plan: Plan, people: People, who: int) -> dict[str, str]:
    known = facts(plan, people, who, plan.start)
    return {tier.name: band_of(tier, known) for tier in plan.tiers}


def _rank(plan: Plan, people: People, candidates: Sequence[Candidate]) -> None:
    """Give everybody a wave: the treated by rank of their hash, the held-out the one that theirs falls in."""
    for index, journey in enumerate(plan.journeys):
        members = [each for each in candidates if each.journey == index]
        place = share(people.now.key, journey.salt)
        places = [(float(place[each.who]), int(people.now.key[each.who])) for each in members]
        held = [each.held_out for each in members]
        for each, wave in zip(members, wave_of_each(places, held, journey.wave.per_day), strict=True):
            each.wave = wave


def _customer(plan: Plan, person: Person, candidate: Candidate, bands: dict[str, str]) -> Customer:
    journey = plan.journeys[candidate.journey]
    return Customer(
        person=person,
        journey=journey,
        bands=bands,
        held_out=candidate.held_out,
        entry=wave_entry(journey.wave, candidate.wave, plan.zone),
    )


def _membership(
    plan: Plan,
    people: People,
    bands: Sequence[dict[str, str]],
    candidates: Sequence[Candidate],
    customers: Sequence[Customer],
    selected: int,
) -> Membership:
    journey, held, wave, entry = _columns(len(people.now))
    for each, customer in zip(candidates, customers, strict=True):
        journey[each.who], held[each.who], wave[each.who] = each.journey, each.held_out, each.wave
        entry[each.who] = customer.entry
    return Membership(
        journey=journey,
        held_out=held,
        wave=wave,
        entry=entry,
        bands=tuple(
            np.array([_place(tier.bands, band[tier.name]) for band in bands], dtype=np.int8) for tier in plan.tiers
        ),
        eligible=selected,
        no_journey=selected - len(candidates),
        orders=people.now.orders.copy(),
        monetary=people.now.monetary.copy(),
    )


def _columns(count: int) -> tuple[NDArray[np.int16], NDArray[np.bool_], NDArray[np.int32], NDArray[np.int64]]:
    """Return the columns of people who are not simulated."""
    return (
        np.full(count, -1, dtype=np.int16),
        np.zeros(count, dtype=np.bool_),
        np.full(count, -1, dtype=np.int32),
        np.full(count, NEVER, dtype=np.int64),
    )


def _place(bands: Sequence[Band], name: str) -> int:
    """Return the index of the band, -1 if it is none."""
    return next((index for index, band in enumerate(bands) if band.name == name), -1)

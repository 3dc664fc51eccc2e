"""Who takes part, settled once at the start: bands, audience, journey, holdout, wave (docs/semantics, section 1)."""

from collections.abc import Iterator, Sequence

import numpy as np
from attrs import frozen

from wakeup.customers.attributes import attribute
from wakeup.customers.population import BLANK, NEVER, YES, Field, Population
from wakeup.decide.calendar import wave_entry
from wakeup.decide.caps import Contact, past_contact
from wakeup.decide.eligibility import eligible, held_out, journey_of, wave_of_each
from wakeup.decide.predicates import Facts, band_of
from wakeup.draws import share
from wakeup.live.core.person import SCORES, About, Attributes, Person, save
from wakeup.live.rows import Enrolment
from wakeup.plan.fingerprint import fingerprints
from wakeup.plan.model import Plan
from wakeup.terms.lists import ChannelKind


@frozen(eq=False)
class Admission:
    """Who takes part, treated and held out, in order of customer key; how many the audience selected, and how many of
    them no journey took."""

    people: tuple[Enrolment, ...]
    eligible: int
    no_journey: int


def admit(plan: Plan, campaign: str, population: Population) -> Admission:
    """Sort everybody as they are at `plan.start`; nobody joins later.

    campaign: the campaign's name. population: everybody in the data, not the audience alone: scores rank among all.
    """
    version = fingerprints(plan).conduct
    holdout = share(population.key, plan.holdout_salt).tolist()
    people: list[Person] = []
    selected = 0
    for who, about in enumerate(_abouts(population)):
        facts = _facts(plan, about)
        facts = _facts(plan, about, {tier.name: band_of(tier, facts) for tier in plan.tiers})
        if not eligible(plan, facts):
            continue
        selected += 1
        journey = journey_of(plan, facts)
        if journey is not None:
            people.append(
                Person(
                    campaign=campaign,
                    customer=int(population.key[who]),
                    occurrence=0,
                    version=version,
                    journey=plan.journeys[journey].name,
                    held_out=held_out(plan, holdout[who]),
                    entry=0,
                    about=about,
                    zone=_zone(plan, population, who),
                    bands=dict(facts.bands),
                    contacts=_contacts(plan, population, who),
                )
            )
    _rank(plan, people)
    for person in people:
        _ready(plan, person)
    return Admission(tuple(save(person) for person in people), selected, selected - len(people))


def _facts(plan: Plan, about: About, bands: dict[str, str] | None = None) -> Facts:
    return Facts(
        attributes=Attributes(about, plan.start),
        instant=plan.start,
        zone=plan.zone,
        tags=about.tags,
        bands=bands or {},
        bought=about.categories,
        minor_digits=plan.minor_digits,
    )


def _rank(plan: Plan, people: Sequence[Person]) -> None:
    """Give everybody a wave and an entry: the treated by rank of their hash, the held-out where theirs falls in."""
    for journey in plan.journeys:
        members = [each for each in people if each.journey == journey.name]
        keys = np.array([each.customer for each in members], dtype=np.uint64)
        places = list(zip(share(keys, journey.salt).tolist(), keys.tolist(), strict=True))
        ranks = wave_of_each(places, [each.held_out for each in members], journey.wave.per_day)
        for person, wave in zip(members, ranks, strict=True):
            person.wave, person.entry = wave, wave_entry(journey.wave, wave, plan.zone)


def _ready(plan: Plan, person: Person) -> None:
    """Let a treated person be due at the entry; of a held-out one keep what figures need, and no more."""
    if person.held_out:
        orders, monetary, average = person.about.orders, person.about.monetary, person.about.average_order_value
        person.about = About(
            orders=orders, monetary=monetary, average_order_value=average, started=person.about.started
        )
        person.contacts = []
        return
    person.due = person.entry if person.entry < plan.end else None
    person.permissions = {
        channel.name: _permitted(person.about, channel.name)
        for channel in plan.channels
        if channel.channel_kind == ChannelKind.MINI_SUBSCRIBE
    }


def _permitted(about: About, channel: str) -> int:
    """Return what the data say, else one: who is not reached is refused before anybody asks for a permission."""
    for name in (channel, ChannelKind.MINI_SUBSCRIBE):
        number = about.number(f"{name}_permissions")
        if number is not None:
            return number
    return 1


# --- the data, person by person --------------------------------------------------------------------------------------


def _abouts(people: Population) -> Iterator[About]:
    """Return what the data say of each person, in the order of the population."""
    instants = [_instants(each) for each in (people.first_order, people.last_order, people.last_interaction)]
    orders, monetary, average = people.orders.tolist(), people.monetary.tolist(), people.average_order_value.tolist()
    gaps = people.gap.tolist()
    fields = {name: _values(each) for name, each in people.fields.items()}
    tags = {name: column.tolist() for name, column in people.tags.items()}
    consents = {name: column.tolist() for name, column in people.consents.items()}
    categories = None if people.categories is None else {n: _instants(each) for n, each in people.categories.items()}
    scores = {name: _scores(people, name) for name in SCORES}
    for who in range(len(people)):
        yield About(
            first_order=instants[0][who],
            last_order=instants[1][who],
            last_interaction=instants[2][who],
            orders=orders[who],
            monetary=monetary[who],
            average_order_value=average[who],
            gap=None if gaps[who] != gaps[who] else gaps[who],
            fields={name: column[who] for name, column in fields.items()},
            tags=[name for name, column in tags.items() if column[who]],
            categories=None if categories is None else _known(categories, who),
            consents={name: _word(column[who]) for name, column in consents.items()},
            scores={name: column[who] for name, column in scores.items()},
            started=(orders[who], monetary[who]),
        )


def _instants(column: np.ndarray[tuple[int], np.dtype[np.int64]]) -> list[int | None]:
    return [None if value == NEVER else value for value in column.tolist()]


def _known(categories: dict[str, list[int | None]], who: int) -> dict[str, int]:
    return {name: last for name, column in categories.items() if (last := column[who]) is not None}


def _values(own: Field) -> list[float | int | str | None]:
    """Return an own field's values, None where blank."""
    values = own.values.tolist()
    match own.kind:
        case "number":
            return [None if value != value else float(value) for value in values]
        case "text":
            return [own.labels[code] if code >= 0 else None for code in values]
        case _:
            return [None if value == NEVER else value for value in values]


def _scores(people: Population, name: str) -> list[int | None]:
    values, known = attribute(people, name, 0)
    return [int(value) if sure else None for value, sure in zip(values.tolist(), known.tolist(), strict=True)]


def _word(code: int) -> str:
    return "yes" if code == YES else "blank" if code == BLANK else "no"


def _zone(plan: Plan, people: Population, who: int) -> str:
    code = -1 if people.zones is None else int(people.zones[who])
    return people.zone_names[code] if code >= 0 else plan.zone


def _contacts(plan: Plan, people: Population, who: int) -> list[Contact]:
    """Return the past touches of the data."""
    past = people.touches
    if past is None:
        return []
    rows = range(int(past.offset[who]), int(past.offset[who + 1]))
    return [past_contact(int(past.t[row]), past.channels[int(past.channel[row])], plan.channels) for row in rows]

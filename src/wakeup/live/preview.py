"""A message as people would read it, before anybody does: the longest, the shortest, and one with blanks."""

from collections.abc import Iterator, Mapping

from attrs import frozen

from wakeup.channels.protocol import Offered
from wakeup.customers.population import Population
from wakeup.decide.incentives import fits, grant_end
from wakeup.decide.predicates import Facts
from wakeup.decide.wording import worded
from wakeup.live.core.enrol import admit
from wakeup.live.core.person import Attributes, Person, load
from wakeup.live.requests import own_fields
from wakeup.live.texts import Filling, UnfilledError, fill, variables
from wakeup.plan.model import Message, Plan, Send

SAMPLE_CODE = "AAAA-BBBB-CCCC"
"""What stands for a code in a preview: nobody can use it."""


@frozen
class Sample:
    """One rendering. variant: index of the wording, -1 for the message's own. blanks: variables that took their
    default. cost_micros: of one send."""

    variant: int
    text: str
    blanks: tuple[str, ...]
    cost_micros: int


@frozen
class Preview:
    """Of one wording: the longest and the shortest rendering, one with blanks if there is any; how many people have the
    wording, and how many of them cannot be sent it because something without default is blank."""

    variant: int
    longest: Sample
    shortest: Sample
    with_blanks: Sample | None
    people: int
    unsendable: int


def preview(plan: Plan, message: str, population: Population) -> list[Preview]:
    """Return the wordings of a message over the people who may be sent it, in order of the wordings.

    Raises:
        KeyError: the plan has no such message.
    """
    sent = {each.name: each for each in plan.messages}[message]
    found: dict[int, list[Sample]] = {}
    missing: dict[int, int] = {}
    for person in map(load, admit(plan, plan.name, population).people):
        offers = None if person.held_out else _offers(plan, sent, person)
        if offers is None:
            continue
        variant, wording = worded(sent, _facts(plan, person))
        try:
            found.setdefault(variant, []).append(_sample(plan, person, wording, variant, offers))
        except UnfilledError:
            missing[variant] = missing.get(variant, 0) + 1
    return [_of(variant, samples, missing.get(variant, 0)) for variant, samples in sorted(found.items())]


def _of(variant: int, samples: list[Sample], missing: int) -> Preview:
    by_length = sorted(samples, key=lambda each: (len(each.text), each.text))
    blank = max((each for each in samples if each.blanks), key=lambda each: len(each.blanks), default=None)
    return Preview(variant, by_length[-1], by_length[0], blank, len(samples) + missing, missing)


def _sample(plan: Plan, person: Person, wording: Message, variant: int, offers: tuple[Offered, ...]) -> Sample:
    filling = Filling(
        plan=plan,
        t=person.entry,
        zone=person.zone,
        last_order=person.about.last_order,
        orders=person.about.orders,
        fields=own_fields(person.about),
        bands=person.bands,
        offers=offers,
    )
    defaulted = [each for each in variables(wording.text).variables if each.default is not None]
    blanks = tuple(each.name for each in defaulted if not _filled(each.field, filling))
    return Sample(variant, fill(wording.text, filling), blanks, wording.cost_micros)


def _filled(field: str | None, filling: Filling) -> bool:
    return field is None or bool(filling.fields.get(field))


def _facts(plan: Plan, person: Person) -> Facts:
    return Facts(
        attributes=Attributes(person.about, person.entry),
        instant=person.entry,
        zone=plan.zone,
        tags=person.about.tags,
        bands=person.bands,
        bought=person.about.categories,
        minor_digits=plan.minor_digits,
    )


def _offers(plan: Plan, message: Message, person: Person) -> tuple[Offered, ...] | None:
    """What the person's journey shows with the message; None where it never sends it to this person."""
    journey = next(each for each in plan.journeys if each.name == person.journey)
    sends = [each for each in journey.program if isinstance(each, Send)]
    for send in sends:
        if message.name in _tried(plan, send.message):
            by_name = {each.name: each for each in plan.incentives}
            given = [by_name[name] for name in send.incentives]
            if all(fits(each, person.bands, person.entry) for each in given):
                ends = [grant_end(each, person.bands, person.entry, plan.zone) for each in given]
                return tuple(Offered(each.name, SAMPLE_CODE, end) for each, end in zip(given, ends, strict=True))
    return None


def _tried(plan: Plan, first: str) -> Iterator[str]:
    """A message and its fallbacks."""
    by_name: Mapping[str, Message] = {each.name: each for each in plan.messages}
    name = first
    while name:
        yield name
        name = by_name[name].fallback

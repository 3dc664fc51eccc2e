"""Types of the campaign's own properties: where, when, whom, and how it is counted."""

from wakeup.diagnostics import Listed, Say, Typed, diagnostic, suggest, words
from wakeup.lang import clock
from wakeup.lang.predicates import EVENTS, Conditions
from wakeup.lang.reader import Reader, did_you_mean
from wakeup.lang.readers.shared import WEEK, window_of
from wakeup.lang.values import Credit, Window
from wakeup.plan.model import Elapsed
from wakeup.plan.predicates import Predicate
from wakeup.syntax import nodes
from wakeup.syntax.nodes import Property, Ref
from wakeup.terms.currencies import MINOR_DIGITS


def quoted(names: tuple[str, ...]) -> tuple[Typed, ...]:
    """Names as texts of the language."""
    return tuple(Typed('"{name}"', name=name) for name in names)


def currency(reader: Reader, prop: Property) -> str | None:
    """`CNY`: a currency of ISO 4217."""
    reader.tails(prop.value, prop.key.text)
    return reader.word(prop.value.head, prop.key.text, tuple(MINOR_DIGITS), "currency")


def zone(reader: Reader, prop: Property) -> str | None:
    """`"Asia/Shanghai"`: an IANA time zone."""
    reader.tails(prop.value, prop.key.text)
    head = prop.value.head
    if not isinstance(head, nodes.String):
        reader.shape(prop.key.text, Typed('"Asia/Shanghai"'), head.span)
        return None
    if clock.zone(head.value) is None:
        names = clock.zone_names()
        city = head.value.rsplit("/", maxsplit=1)[-1].casefold()
        near = tuple(name for name in names if name.rsplit("/", maxsplit=1)[-1].casefold() == city)
        near = near[:3] or suggest(head.value, names)
        help_text = did_you_mean(quoted(near)) if near else None
        reader.bag.add(diagnostic("WK3001", head.span, help=help_text, found=head.value))
        return None
    return head.value


def run(reader: Reader, prop: Property) -> Window | None:
    """`2026-09-01 through 2026-11-30`: whole days."""
    reader.tails(prop.value, prop.key.text)
    head = prop.value.head
    if (
        not isinstance(head, nodes.DateRange)
        or not isinstance(head.start, nodes.Date)
        or not isinstance(head.end, nodes.Date)
    ):
        reader.shape(prop.key.text, Typed("2026-09-01 through 2026-11-30"), head.span)
        return None
    return window_of(reader, prop.key.text, head)


def window(reader: Reader, prop: Property) -> Window | None:
    """`2026-10-20 through 2026-11-12`, or with local times."""
    reader.tails(prop.value, prop.key.text)
    return window_of(reader, prop.key.text, prop.value.head)


def people(reader: Reader, prop: Property) -> Predicate | None:
    """A condition about people, before anything was sent."""
    reader.tails(prop.value, prop.key.text)
    return Conditions(reader, events=False).read(prop.value.head)


def holdout(reader: Reader, prop: Property) -> str | None:
    """`10%`, or `none`: no control group, said in words."""
    reader.tails(prop.value, prop.key.text)
    head = prop.value.head
    if isinstance(head, Ref) and head.text == "none":
        return "0"
    share = reader.percent(head, prop.key.text, most=99)
    if share is not None and share == 0:
        reader.outside(prop.key.text, Say("{none}, 0.1% – 99%", none=Listed(words(["none"]))), head.span)
        return None
    return None if share is None else f"{share.normalize():f}"


def events(reader: Reader, prop: Property) -> tuple[str, ...] | None:
    """`order or claim or join`."""
    reader.tails(prop.value, prop.key.text)
    head = prop.value.head
    items = head.items if isinstance(head, nodes.Or) else (head,)
    found = [reader.word(item, prop.key.text, EVENTS, "known event") for item in items]
    known = tuple(event for event in found if event is not None)
    return tuple(dict.fromkeys(known)) if len(known) == len(found) else None


def goal(reader: Reader, prop: Property) -> str | None:
    """The event that ends a journey, or `none`."""
    reader.tails(prop.value, prop.key.text)
    event = reader.word(prop.value.head, prop.key.text, (*EVENTS, "none"), "known event")
    return "" if event == "none" else event


def credit(reader: Reader, prop: Property) -> Credit | None:
    """`last_touch within 7d`."""
    key = prop.key.text
    reader.tails(prop.value, key, "within")
    models = ("first_touch", "last_touch", "linear", "time_decay", "position", "shapley")
    model = reader.word(prop.value.head, key, models, "attribution model")
    tail = prop.value.tail("within")
    within = Elapsed(WEEK) if tail is None else reader.elapsed(tail.value, key)
    if within is None:
        return None
    match model:
        case "first_touch" | "last_touch" | "linear" | "time_decay" | "position" | "shapley":
            return Credit(model, within.seconds)
        case _:
            return None


def duties(reader: Reader, prop: Property) -> tuple[str, ...] | None:
    """`"texts approved", "codes loaded"`."""
    head = prop.value.head
    phrases = head.items if isinstance(head, nodes.ValueList) else (prop.value,)
    found: list[str] = []
    for phrase in phrases:
        reader.tails(phrase, prop.key.text)
        if not isinstance(phrase.head, nodes.String) or not phrase.head.value.strip():
            reader.shape(prop.key.text, Typed('"…"'), phrase.head.span)
            return None
        found.append(phrase.head.value)
    return tuple(found)

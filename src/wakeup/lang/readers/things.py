"""Types of what incentives, messages and channels say of themselves."""

from collections.abc import Mapping
from typing import Final

from wakeup.diagnostics import Listed, Noun, Say, Typed, diagnostic
from wakeup.lang import clock
from wakeup.lang.reader import Reader, plain
from wakeup.lang.readers.shared import WEEK, ReadProperty, per_unit
from wakeup.lang.values import Offer, Rate, Task
from wakeup.plan.model import AmountOff, PercentOff
from wakeup.syntax import nodes
from wakeup.syntax.nodes import Property, Ref
from wakeup.terms.lists import ChannelKind

_PER_SECONDS: Final[Mapping[str, int]] = {"second": 1, "minute": 60, "hour": 3_600, "day": clock.DAY, "week": WEEK}


def offer(reader: Reader, prop: Property) -> Offer | None:
    """`80 CNY off 300 CNY`, `20% off 300 CNY`, `20% off`, with `valid 7d` where it is a rung."""
    key = prop.key.text
    reader.tails(prop.value, key, "valid")
    head = prop.value.head
    if not isinstance(head, nodes.Discount):
        amounts = {"off": reader.amount_of("80"), "threshold": reader.amount_of("300")}
        reader.shape(key, (Typed("{off} off {threshold}", **amounts), Typed("20% off")), head.span)
        return None
    tail = prop.value.tail("valid")
    valid = None if tail is None else reader.period(tail.value, key)
    discount = None if _in_foreign_yuan(reader, head) else _discount(reader, key, head)
    if discount is None or (tail is not None and valid is None):
        return None
    return Offer(discount, valid, head.span)


def _in_foreign_yuan(reader: Reader, head: nodes.Discount) -> bool:
    """Report 满300减80 in a campaign of another currency, whose yuan nobody has written."""
    currency, threshold = reader.currency, head.threshold
    if currency in (None, "CNY") or reader.module.prefix or not isinstance(threshold, nodes.Money):
        return False
    found = reader.text(head.span)
    if not found.startswith("满") or threshold.currency != "CNY":
        return False
    off, least = (reader.text(each.span) for each in (head.amount, threshold))
    shown = f"{plain(head.amount.value)}%" if isinstance(head.amount, nodes.Percent) else reader.amount_of(off)
    told = Typed("{off} off {threshold}", off=shown, threshold=reader.amount_of(least))
    written = Say("write {told}: 满…减… counts in yuan alone", told=Listed((told,)))
    reader.bag.add(diagnostic("WK2107", head.span, help=written, found=found, currency=currency, other="CNY"))
    return True


def _discount(reader: Reader, key: str, head: nodes.Discount) -> AmountOff | PercentOff | None:
    threshold = 0 if head.threshold is None else reader.money(head.threshold, key)
    if isinstance(head.amount, nodes.Percent):
        share = reader.percent(head.amount, key)
        if share is None or threshold is None:
            return None
        return PercentOff(f"{share.normalize():f}", threshold)
    amount = reader.money(head.amount, key)
    if amount is None or threshold is None:
        return None
    if amount == 0:
        reader.outside(key, "> 0", head.amount.span)
        return None
    return AmountOff(amount, threshold)


def line(reader: Reader, prop: Property) -> Ref | None:
    """The name of a budget line; looked up when the budget is known."""
    reader.tails(prop.value, prop.key.text)
    head = prop.value.head
    if not isinstance(head, Ref) or len(head.parts) != 1:
        reader.shape(prop.key.text, Typed("promotion"), head.span)
        return None
    return head


def face(reader: Reader, prop: Property) -> bool | None:
    """`reserve: face`: the face value is held from grant to end."""
    reader.tails(prop.value, prop.key.text)
    return True if reader.word(prop.value.head, prop.key.text, ("face",), "reserve") else None


def task(reader: Reader, prop: Property) -> Task | None:
    """`check_in for 3 days in a row`."""
    key, phrase = prop.key.text, prop.value
    example = Typed("check_in for 3 days in a row")
    reader.tails(phrase, key, "for", "in_a_row")
    event = reader.word(phrase.head, key, ("check_in",), "task")
    tail = phrase.tail("for")
    if event is None:
        return None
    if tail is None or phrase.tail("in_a_row") is None or not isinstance(tail.value, nodes.Elapsed):
        reader.shape(key, example, phrase.span)
        return None
    length = tail.value
    if length.unit != "d" or length.value != int(length.value) or not 1 <= length.value <= 366:
        reader.shape(key, example, length.span)
        return None
    return Task(event, int(length.value))


def named(namespace: str, *kinds: str) -> ReadProperty:
    """A name of a namespace, of one of some kinds if they are given, as the plan knows it."""

    def read(reader: Reader, prop: Property) -> str | None:
        reader.tails(prop.value, prop.key.text)
        head = prop.value.head
        if not isinstance(head, Ref):
            reader.shape(prop.key.text, (Noun(namespace),), head.span)
            return None
        entity = reader.names.resolve(reader.bag, reader.module, head, namespace)
        if entity is None:
            return None
        if kinds and entity.kind not in kinds:
            told = diagnostic(
                "WK2008",
                head.span,
                name=head.written,
                actual=Noun(entity.kind),
                wanted=Listed([Noun(kind) for kind in kinds], "or"),
            )
            reader.bag.add(told)
            return None
        return entity.name

    return read


def channel_kind(reader: Reader, prop: Property) -> str | None:
    """`sms`, `email`, …"""
    reader.tails(prop.value, prop.key.text)
    return reader.word(prop.value.head, prop.key.text, tuple(str(kind) for kind in ChannelKind), "channel kind")


def optout(reader: Reader, prop: Property) -> str | None:
    """`required`: every text says how to stop; `none`: the platform has its own switch."""
    reader.tails(prop.value, prop.key.text)
    return reader.word(prop.value.head, prop.key.text, ("required", "none"), "opt-out rule")


def rate(reader: Reader, prop: Property) -> Rate | None:
    """`200 per second`, `100 per 10min`."""
    key = prop.key.text
    reader.tails(prop.value, key, "per")
    number = reader.count(prop.value.head, key)
    tail = prop.value.tail("per")
    if tail is None:
        if number is not None:
            reader.shape(key, Typed("{number} per second", number=number), prop.value.span)
        return None
    unit = tail.value
    if isinstance(unit, nodes.Unit) and not unit.calendar and unit.name in _PER_SECONDS:
        return None if number is None else Rate(number, _PER_SECONDS[unit.name])
    if isinstance(unit, nodes.Elapsed):
        length = reader.elapsed(unit, key)
        return None if number is None or length is None else Rate(number, length.seconds)
    reader.shape(key, per_unit(_PER_SECONDS), tail.span)
    return None

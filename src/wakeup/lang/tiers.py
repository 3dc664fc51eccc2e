"""Tiers: bands of one attribute, with their bounds in one unit."""

from typing import Literal

from wakeup.diagnostics import Label, Named, Say, Typed, diagnostic
from wakeup.lang import properties
from wakeup.lang.attributes import ATTRIBUTES
from wakeup.lang.checked import Bands
from wakeup.lang.names import Entity
from wakeup.lang.reader import Reader
from wakeup.plan.model import Band, Elapsed, Months, Tier
from wakeup.source import Span
from wakeup.syntax import nodes
from wakeup.syntax.nodes import Property

_RULES = (nodes.Compare, nodes.Call)
"""What a band is given as where a rule is meant, not a range."""

Unit = Literal["money", "seconds", "months", "count"]


def read(reader: Reader, entity: Entity) -> Bands | None:
    """The tier, or None when its attribute or one of its bands could not be read."""
    decl = entity.decl
    if decl.by is None:
        tier, link = Named("tier", entity.name), Typed("by average_order_value")
        told = Say("people by tag, field or what they bought are told apart by `causes`, with `otherwise` as the last")
        ruled = any(isinstance(prop.value.head, _RULES) for prop in decl.props)
        reader.bag.add(diagnostic("WK2118", entity.span, help=told if ruled else None, name=tier, link=link))
        return None
    numeric = tuple(name for name, measure in ATTRIBUTES.items() if measure != "text")
    attribute = reader.word(decl.by, "by", numeric, "attribute")
    if attribute is None:
        return None
    bands: list[Band] = []
    units: dict[Unit, Span] = {}
    props = properties.each_once(reader, decl)
    for name, prop in props.items():
        bound = _bounds(reader, attribute, prop)
        if bound is not None:
            low, high, unit = bound
            bands.append(Band(name, low, high))
            units.setdefault(unit, prop.value.span)
    if len(units) > 1:
        (_, first), (_, other) = list(units.items())[:2]
        reader.bag.add(diagnostic("WK3104", other, labels=(_other(first),), name=entity.name))
        return None
    if not units or len(bands) < len(decl.props):
        if not decl.props:
            reader.bag.add(diagnostic("WK3105", entity.span, name=entity.name))
        return None
    (unit,) = units
    spans = {name: prop.value.span for name, prop in props.items()}
    return Bands(Tier(entity.name, attribute, unit, tuple(bands)), entity, spans)


def _other(span: Span) -> Label:
    return Label(span, Say("the other unit"))


def _bounds(reader: Reader, attribute: str, prop: Property) -> tuple[int | None, int | None, Unit] | None:
    key, head = prop.key.written, prop.value.head
    reader.tails(prop.value, key)
    if not isinstance(head, nodes.Range):
        money = (Typed("500 CNY and up"), Typed("200 CNY up to 500 CNY"), Typed("below 200 CNY"))
        other = (Typed("90d up to 180d"), Typed("180d and up"))
        reader.shape(key, money if ATTRIBUTES[attribute] == "money" else other, head.span)
        return None
    low = None if head.low is None else _bound(reader, attribute, head.low)
    high = None if head.high is None else _bound(reader, attribute, head.high)
    if (head.low is not None and low is None) or (head.high is not None and high is None):
        return None
    unit = low[1] if low is not None else high[1] if high is not None else None
    if unit is None:
        return None
    if low is not None and high is not None and low[1] != high[1]:
        reader.bag.add(diagnostic("WK3104", head.span, name=key))
        return None
    return None if low is None else low[0], None if high is None else high[0], unit


def _bound(reader: Reader, attribute: str, value: nodes.Literal) -> tuple[int, Unit] | None:
    measure = ATTRIBUTES[attribute]
    if measure == "money":
        amount = reader.money(value, attribute)
        return None if amount is None else (amount, "money")
    if measure == "count":
        count = reader.count(value, attribute, least=0)
        return None if count is None else (count, "count")
    match reader.period(value, attribute):
        case Elapsed(seconds=seconds):
            return seconds, "seconds"
        case Months(months=months):
            return months, "months"
        case _:
            return None

"""`assume { … }`: what the author believes about behaviour, against the closed list of parameters."""

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from attrs import frozen

from wakeup.diagnostics import Key, Noun, Piece, Say, Typed, Word, amount, diagnostic, words
from wakeup.lang.names import Entity, Names
from wakeup.lang.project import Module
from wakeup.lang.reader import Reader
from wakeup.plan.model import Assumption
from wakeup.syntax import nodes
from wakeup.syntax.nodes import Decl, Property, Ref, Value
from wakeup.terms.behaviour import Link, Parameter, parameters
from wakeup.terms.language import Language
from wakeup.terms.lists import ChannelKind, Grade

NINETY: Final = 3.29
"""Standard deviations between the ends of a 90 % range of a normal distribution (2 x 1.645)."""

DECLARED: Final = "declared in the campaign"
"""Source of an assumption whose author names none."""

_INCENTIVES: Final = (
    "coupon", "flash_price", "member_price", "points", "gift", "content", "membership", "service", "challenge", "draw",
    "survey", "event", "community",
)  # fmt: skip
"""Kinds of incentives; a community is a kind of channel, too, and what is assumed of it says which."""

_BLOCKS: Final[Mapping[str, Piece]] = {
    "everybody": Typed("assume { … }"),
    "channel": Typed("assume for CHANNEL { … }"),
    "incentive": Typed("assume for INCENTIVE { … }"),
    "tier": Typed("assume for TIER.BAND { … }"),
}
"""Whom a parameter may differ by -> the block it belongs in."""


@frozen(str=False)
class _Meant(Piece):
    """The unit of a parameter and what it is."""

    parameter: Parameter

    def told(self, lang: Language) -> str:
        """Return both in a language."""
        unit = Noun(self.parameter.unit).told(lang)
        return f"{unit}: {self.parameter.meaning}" if lang == "en" else f"{unit}：{self.parameter.meaning_zh}"


Sorts = tuple[str, ...]
"""What a parameter may differ by where a block is about something: "channel", "incentive", either, or "tier"."""


def read(reader: Reader, decl: Decl) -> list[Assumption]:
    """The rows of one `assume` block."""
    found = _scope(reader, decl.scope) if decl.scope is not None else ("", ("everybody",))
    seen: dict[str, Property] = {}
    rows: list[Assumption] = []
    for prop in decl.props:
        name = prop.key.text
        if name not in parameters():
            reader.unknown_word(prop.key.written, prop.key.span, [*map(Key, parameters())], "parameter")
            continue
        if seen.setdefault(name, prop) is not prop:
            reader.bag.add(diagnostic("WK2103", prop.key.span, key=prop.key.written))
            continue
        row = None if found is None else _row(reader, prop, parameters()[name], *found)
        if row is not None:
            rows.append(row)
    return rows


def ref_of(scope: str) -> str:
    """The name in a scope, "sms" of "kind:sms"."""
    return scope.partition(":")[2]


def _scope(reader: Reader, ref: Ref) -> tuple[str, Sorts] | None:
    """Whom a block is about, as the plan writes it, and what sort of thing that is.

    A name that a shared file does not know is looked up in the campaign that imports it: what was learnt from past
    campaigns stands in a file of its own, and speaks of the channels, offers and tiers of whoever uses it.
    """
    names, module = reader.names, reader.module
    parts = tuple(part.written for part in ref.parts)
    for place in (module, names.project.main):
        found = _named(names, place, parts)
        if found is not None:
            return found
    kinds_of = {"channel": tuple(map(str, ChannelKind)), "incentive": _INCENTIVES}
    sorts = tuple(sort for sort, known in kinds_of.items() if ref.text in known)
    if sorts:
        return f"kind:{ref.text}", sorts
    visible = [name for place in (module, names.project.main) for name in _visible(names, place)]
    kinds = [*words(map(str, ChannelKind)), *map(Noun, _INCENTIVES)]
    reader.unknown_word(ref.written, ref.span, [*dict.fromkeys(visible), *kinds], "channel, incentive or tier band")
    return None


def _visible(names: Names, module: Module) -> list[str]:
    return [*names.visible(module, "channel"), *names.visible(module, "incentive"), *names.bands(module)]


def _named(names: Names, module: Module, parts: tuple[str, ...]) -> tuple[str, Sorts] | None:
    """The channel, the incentive or the band of a tier that a name means inside a file."""
    for sort in ("channel", "incentive"):
        entity: Entity | None = names.find(module, parts, sort)
        if entity is not None:
            return f"{sort}:{entity.name}", (sort,)
    tier = names.find(module, parts[:-1], "tier")
    if tier is None or parts[-1] not in (prop.key.written for prop in tier.decl.props):
        return None
    return f"tier:{tier.name}={parts[-1]}", ("tier",)


def _row(reader: Reader, prop: Property, parameter: Parameter, scope: str, sorts: Sorts) -> Assumption | None:
    key, phrase = prop.key.text, prop.value
    reader.tails(phrase, key, "between", "source", "grade")
    if parameter.scope not in sorts and (scope or parameter.scope == "tier"):
        kind = scope.startswith("kind:")
        told = ref_of(scope).replace("=", ".")
        about = Word(told) if kind else told or Say("everybody")
        where = _BLOCKS[parameter.scope]
        reader.bag.add(diagnostic("WK2115", prop.key.span, key=prop.key.written, scope=about, where=where))
        return None
    median = _number(reader, parameter, phrase.head)
    spread = _spread(reader, parameter, phrase.tail("between"), median)
    grade = phrase.tail("grade")
    given: str | None = str(Grade.GIVEN)
    if grade is not None:
        given = reader.word(grade.value, "grade", tuple(str(each) for each in Grade), "grade")
    source = reader.tail(phrase, "source")
    if median is None or spread is None or given is None:
        return None
    text = source.value if isinstance(source, nodes.String) else DECLARED
    return Assumption(parameter.name, scope, float(median), spread, parameter.link, text, given)


def _spread(reader: Reader, parameter: Parameter, tail: nodes.Tail | None, median: Decimal | None) -> float | None:
    """Standard deviation on the link's scale from a 90 % range; 0 without one."""
    if tail is None:
        return 0.0
    if not isinstance(tail.value, nodes.Range) or tail.value.low is None or tail.value.high is None:
        both = Typed("between {low} and {high}", low=example(parameter), high=example(parameter))
        reader.shape(parameter.name, both, tail.span)
        return None
    low = _number(reader, parameter, tail.value.low)
    high = _number(reader, parameter, tail.value.high)
    if low is None or high is None or median is None:
        return None
    ends = [linked(parameter.link, float(end)) for end in (low, high)]
    if not low < high or not low <= median <= high or not all(map(math.isfinite, ends)):
        reader.bag.add(diagnostic("WK2116", tail.span, key=Key(parameter.name)))
        return None
    return (ends[1] - ends[0]) / NINETY


def linked(link: Link, value: float) -> float:
    """The value on the scale on which it scatters; infinite at the edges of what the scale can hold."""
    if link == "identity":
        return value
    if value <= 0:
        return -math.inf
    if link == "log":
        return math.log(value)
    return math.inf if value >= 1 else math.log(value / (1 - value))


def _number(reader: Reader, parameter: Parameter, value: Value) -> Decimal | None:
    """The value as the behaviour counts it: shares of 1, days, hours, major units."""
    number: Decimal | None = None
    key = parameter.name
    match parameter.unit:
        case "probability":
            number = reader.percent(value, key)
        case "multiplier":
            number = reader.factor(value, key)
        case "money":
            number = reader.exact(value, key)
        case "days" | "hours":
            length = reader.elapsed(value, key)
            divisor = 86_400 if parameter.unit == "days" else 3_600
            number = None if length is None else Decimal(length.seconds) / divisor
        case _:
            if not isinstance(value, nodes.Number):
                reader.shape(key, example(parameter), value.span)
                return None
            number = value.value
    if number is not None and not parameter.holds(float(number)):
        reader.outside(key, _Meant(parameter), value.span)
        return None
    return number


def example(parameter: Parameter) -> Piece:
    """How a value of this parameter is written."""
    return _EXAMPLES.get(parameter.unit, Typed("0.5"))


_EXAMPLES: Final[Mapping[str, Piece]] = {
    "probability": Typed("3%"),
    "multiplier": Typed("1.5x"),
    "money": amount("50", "CNY"),
    "days": Typed("14d"),
    "hours": Typed("4h"),
}

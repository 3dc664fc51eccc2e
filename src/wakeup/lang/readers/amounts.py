"""Types of amounts, shares, lengths and hours."""

from wakeup.diagnostics import Listed, Piece, Typed
from wakeup.lang.reader import Reader
from wakeup.lang.readers.shared import per
from wakeup.lang.values import Cut, Price
from wakeup.plan.model import DayWindow, Elapsed, Period, Quiet
from wakeup.plan.values import MAX_STAFF
from wakeup.syntax import nodes
from wakeup.syntax.nodes import Property
from wakeup.terms.currencies import MICROS


def percent(reader: Reader, prop: Property) -> str | None:
    """`55%` as an exact text, "0.55"."""
    reader.tails(prop.value, prop.key.text)
    share = reader.percent(prop.value.head, prop.key.text)
    return None if share is None else f"{share.normalize():f}"


def chance(reader: Reader, prop: Property) -> str | None:
    """`2%` as an exact text, "0.02"; more than nothing."""
    share = percent(reader, prop)
    if share == "0":
        reader.outside(prop.key.text, Typed("> 0%"), prop.value.head.span)
        return None
    return share


def factor(reader: Reader, prop: Property) -> str | None:
    """`0.7x` as an exact text, "0.7"."""
    reader.tails(prop.value, prop.key.text)
    value = reader.factor(prop.value.head, prop.key.text)
    return None if value is None else f"{value.normalize():f}"


def cut(reader: Reader, prop: Property) -> Cut | None:
    """`0.7x`, or of one line of the budget `0.7x for promotion`; the line is looked up when the budget is known."""
    key, phrase = prop.key.text, prop.value
    reader.tails(phrase, key, "for")
    value, tail = reader.factor(phrase.head, key), phrase.tail("for")
    line = None if tail is None else tail.value
    if tail is not None and (not isinstance(line, nodes.Ref) or len(line.parts) != 1):
        reader.shape(key, Typed("0.7x for promotion"), phrase.span)
        return None
    named = line if isinstance(line, nodes.Ref) else None
    return None if value is None else Cut(named, f"{value.normalize():f}", phrase.span)


def money(reader: Reader, prop: Property) -> int | None:
    """`250_000 CNY` in minor units."""
    reader.tails(prop.value, prop.key.text)
    return reader.money(prop.value.head, prop.key.text)


def unit_cost(reader: Reader, prop: Property) -> int | None:
    """`18 CNY`, also `18 CNY per person`, in minor units."""
    reader.tails(prop.value, prop.key.text, "per")
    per(reader, prop, ("person", "item"))
    return reader.money(prop.value.head, prop.key.text)


def price(reader: Reader, prop: Property) -> Price | None:
    """`0.05 CNY per part` (of a text message), `0.6 CNY per message`."""
    key = prop.key.text
    reader.tails(prop.value, key, "per")
    micros = reader.money(prop.value.head, key, digits=6)
    if prop.value.tail("per") is None:
        if micros is not None:
            reader.shape(key, Typed("{price} per message", price=reader.text(prop.value.head.span)), prop.value.span)
        return None
    unit = per(reader, prop, ("message", "part"))
    if micros is None or unit is None:
        return None
    if micros > 10_000 * MICROS:
        reader.outside(key, "<= 10_000", prop.value.span)
        return None
    return Price(micros, unit == "part")


def count(reader: Reader, prop: Property) -> int | None:
    """`6_000`."""
    reader.tails(prop.value, prop.key.text)
    return reader.count(prop.value.head, prop.key.text)


def headcount(reader: Reader, prop: Property) -> int | None:
    """`20`: people of a staff, each of whom is simulated."""
    reader.tails(prop.value, prop.key.text)
    return reader.count(prop.value.head, prop.key.text, most=MAX_STAFF)


def per_person(reader: Reader, prop: Property) -> int | None:
    """`1 per person`."""
    key = prop.key.text
    reader.tails(prop.value, key, "per")
    number = reader.count(prop.value.head, key)
    if prop.value.tail("per") is None:
        if number is not None:
            reader.shape(key, Typed("{number} per person", number=number), prop.value.span)
        return None
    return number if per(reader, prop, ("person",)) else None


def period(reader: Reader, prop: Property) -> Period | None:
    """`15d`, `1 month`."""
    reader.tails(prop.value, prop.key.text)
    return reader.period(prop.value.head, prop.key.text)


def elapsed(reader: Reader, prop: Property) -> Elapsed | None:
    """`3d`."""
    reader.tails(prop.value, prop.key.text)
    return reader.elapsed(prop.value.head, prop.key.text)


def moment(reader: Reader, prop: Property) -> int | None:
    """`2026-09-09`, its first instant, or `2026-09-09 at 10:00`."""
    reader.tails(prop.value, prop.key.text)
    return reader.instant(prop.value.head, prop.key.text)


def _day_window(reader: Reader, prop: Property, example: Piece) -> DayWindow | None:
    head = prop.value.head
    if not isinstance(head, nodes.TimeRange):
        reader.shape(prop.key.text, example, head.span)
        return None
    start, end = (t.value.hour * 3600 + t.value.minute * 60 + t.value.second for t in (head.start, head.end))
    if start == end:
        reader.outside(prop.key.text, Listed((example,)), head.span)
        return None
    return DayWindow(start, end)


def hours(reader: Reader, prop: Property) -> DayWindow | None:
    """`09:00 to 18:00`."""
    reader.tails(prop.value, prop.key.text)
    return _day_window(reader, prop, Typed("09:00 to 18:00"))


def quiet(reader: Reader, prop: Property) -> Quiet | None:
    """`21:00 to 09:00 otherwise delay`; `delay` unless it says `skip`."""
    key = prop.key.text
    reader.tails(prop.value, key, "otherwise")
    tail = prop.value.tail("otherwise")
    action: str | None = "delay"
    if tail is not None:
        action = reader.word(tail.value, key, ("delay", "skip"), "action")
    inside = _day_window(reader, prop, Typed("21:00 to 09:00 otherwise delay"))
    return None if inside is None or action is None else Quiet(inside, action == "delay")

"""What several types need: windows of dates, and the unit behind `per`."""

from collections.abc import Callable, Iterable

from wakeup.diagnostics import Typed, Word, diagnostic
from wakeup.lang.reader import Reader
from wakeup.lang.values import Window
from wakeup.syntax import nodes
from wakeup.syntax.nodes import Property

ReadProperty = Callable[[Reader, Property], object | None]
"""A type of property: phrase -> value, or None after a diagnostic."""

WEEK = 604_800


def window_of(reader: Reader, key: str, value: nodes.Value | None) -> Window | None:
    """Two dates or moments as instants; the end of `through` is included."""
    if not isinstance(value, nodes.DateRange):
        if value is not None:
            reader.shape(key, Typed("2026-09-01 through 2026-11-30"), value.span)
        return None
    start = reader.instant(value.start, key)
    last_day = value.end if value.inclusive and isinstance(value.end, nodes.Date) else None
    end = reader.instant(value.end, key) if last_day is None else reader.day_after(last_day, key)
    if start is None or end is None:
        return None
    if end <= start:
        reader.bag.add(diagnostic("WK3004", value.span, found=reader.text(value.span)))
        return None
    return Window(start, end)


def per(reader: Reader, prop: Property, units: tuple[str, ...]) -> str | None:
    """The unit behind `per`, one of those given."""
    tail = prop.value.tail("per")
    if tail is None:
        return None
    if isinstance(tail.value, nodes.Unit) and tail.value.name in units and not tail.value.calendar:
        return tail.value.name
    reader.shape(prop.key.text, per_unit(units), tail.span)
    return None


def per_unit(units: Iterable[str]) -> tuple[Typed, ...]:
    """What may be written after an amount: `per person`."""
    return tuple(Typed("per {unit}", unit=Word(unit)) for unit in units)

"""Types of what happens when: entries into a journey, outages."""

from wakeup.diagnostics import Typed
from wakeup.lang.reader import Reader
from wakeup.lang.readers.shared import window_of
from wakeup.lang.values import Entry, Outage, Window
from wakeup.syntax import nodes
from wakeup.syntax.nodes import Property, Ref


def entry(reader: Reader, prop: Property) -> Entry | None:
    """`5_000 per day from 2026-09-01 at 10:00`, or a moment alone: everybody at once."""
    key, phrase = prop.key.text, prop.value
    if isinstance(phrase.head, nodes.Date | nodes.DateTime):
        reader.tails(phrase, key)
        first = reader.instant(phrase.head, key)
        return None if first is None else Entry(first, None, phrase.head.span)
    reader.tails(phrase, key, "per", "from")
    number = reader.count(phrase.head, key)
    example = Typed("5_000 per day from 2026-09-01 at 10:00")
    start = reader.needs(phrase, key, "from", example)
    rate = phrase.tail("per")
    daily = rate is not None and isinstance(rate.value, nodes.Unit) and rate.value.name == "day"
    if start is None or start.value is None or not daily:
        if start is not None:
            reader.shape(key, example, phrase.span)
        return None
    first = reader.instant(start.value, key)
    if number is None or first is None:
        return None
    return Entry(first, number, start.value.span)


def outage(reader: Reader, prop: Property) -> Outage | None:
    """`cn.sms from 2026-09-03 09:00 for 6h`; without a time, the scenario's own `from:` holds."""
    key, phrase = prop.key.text, prop.value
    reader.tails(phrase, key, "from", "for")
    head = phrase.head
    if not isinstance(head, Ref):
        reader.shape(key, Typed("sms from 2026-09-03 at 09:00 for 6h"), head.span)
        return None
    channel = reader.names.resolve(reader.bag, reader.module, head, "channel")
    start, length = phrase.tail("from"), phrase.tail("for")
    if start is None:
        if length is not None:
            reader.shape(key, Typed("sms from 2026-09-03 at 09:00 for 6h"), phrase.span)
            return None
        return None if channel is None else Outage(channel.name, None)
    if isinstance(start.value, nodes.DateRange):
        span = window_of(reader, key, start.value)
    elif length is None:
        reader.shape(key, Typed("sms from 2026-09-03 at 09:00 for 6h"), phrase.span)
        return None
    else:
        first, lasts = reader.instant(start.value, key), reader.elapsed(length.value, key)
        span = None if first is None or lasts is None else Window(first, first + lasts.seconds)
    return None if channel is None or span is None else Outage(channel.name, span)

"""Small populations written by hand."""

from collections.abc import Mapping, Sequence
from hashlib import blake2b

import numpy as np
from attrs import field, frozen

from wakeup.customers.population import BLANK, NEVER, NO, YES, Field, Population, Touches

CODES = {"yes": YES, "no": NO, "": BLANK}


@frozen
class Person:
    """One customer as the data have it. touches: (instant, channel name or kind). texts: own text fields, "" blank.
    numbers: own fields of numbers, those that others have are blank. bought: last order per category."""

    id: str
    last_order: int | None = None
    orders: int = 1
    monetary: int = 10_000
    tags: frozenset[str] = frozenset()
    consents: Mapping[str, str] = field(factory=dict)
    texts: Mapping[str, str] = field(factory=dict)
    numbers: Mapping[str, float] = field(factory=dict)
    bought: Mapping[str, int] = field(factory=dict)
    touches: tuple[tuple[int, str], ...] = ()
    zone: str = ""


def key_of(customer: str) -> int:
    """The customer key: BLAKE2b-64 of the id."""
    return int.from_bytes(blake2b(customer.encode(), digest_size=8).digest(), "little")


def population(as_of: int, people: Sequence[Person]) -> Population:
    """Columns of the people, in ascending order of key; columns are those that anybody has."""
    ranked = sorted(people, key=lambda each: key_of(each.id))
    last = np.array([NEVER if each.last_order is None else each.last_order for each in ranked], dtype=np.int64)
    orders = np.array([0 if each.last_order is None else each.orders for each in ranked], dtype=np.int32)
    monetary = np.array([0 if each.last_order is None else each.monetary for each in ranked], dtype=np.int64)
    average = (2 * monetary + orders) // np.maximum(2 * orders, 1)
    zones = sorted({each.zone for each in ranked} - {""})
    texts = {name: _texts(ranked, name) for name in _names(each.texts for each in ranked)}
    categories = {name: _bought(ranked, name) for name in _names(each.bought for each in ranked)}
    return Population(
        key=np.array([key_of(each.id) for each in ranked], dtype=np.uint64),
        ids=np.array([each.id for each in ranked], dtype=np.object_),
        as_of=as_of,
        first_order=last.copy(),
        last_order=last,
        last_interaction=last.copy(),
        orders=orders,
        monetary=monetary,
        average_order_value=np.where(orders > 0, average, 0).astype(np.int64),
        gap=np.full(len(ranked), np.nan, dtype=np.float32),
        consents={name: _codes(ranked, name) for name in _names(each.consents for each in ranked)},
        tags={tag: np.array([tag in each.tags for each in ranked]) for tag in _names(each.tags for each in ranked)},
        fields=texts | {name: _numbers(ranked, name) for name in _names(each.numbers for each in ranked)},
        touches=_touches(ranked),
        zones=np.array([zones.index(p.zone) if p.zone else -1 for p in ranked], dtype=np.int16) if zones else None,
        zone_names=tuple(zones),
        categories=categories or None,
    )


def _names(columns) -> list[str]:  # type: ignore[no-untyped-def]
    return sorted({name for column in columns for name in column})


def _codes(people: Sequence[Person], name: str):  # type: ignore[no-untyped-def]
    return np.array([CODES[each.consents.get(name, "")] for each in people], dtype=np.uint8)


def _texts(people: Sequence[Person], name: str) -> Field:
    labels = sorted({each.texts.get(name, "") for each in people} - {""})
    codes = [labels.index(each.texts[name]) if each.texts.get(name) else -1 for each in people]
    return Field("text", np.array(codes, dtype=np.int32), tuple(labels))


def _numbers(people: Sequence[Person], name: str) -> Field:
    return Field("number", np.array([each.numbers.get(name, np.nan) for each in people], dtype=np.float64))


def _bought(people: Sequence[Person], name: str):  # type: ignore[no-untyped-def]
    return np.array([each.bought.get(name, NEVER) for each in people], dtype=np.int64)


def _touches(people: Sequence[Person]) -> Touches | None:
    if not any(each.touches for each in people):
        return None
    rows = [touch for each in people for touch in sorted(each.touches)]
    names = tuple(sorted({channel for _, channel in rows}))
    return Touches(
        offset=np.cumsum([0, *(len(each.touches) for each in people)], dtype=np.int64),
        t=np.array([t for t, _ in rows], dtype=np.int64),
        channel=np.array([names.index(channel) for _, channel in rows], dtype=np.int16),
        channels=names,
    )

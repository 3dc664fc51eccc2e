"""Some of a population's rows: runs as views of the same arrays, any rows as copies, and runs put together again."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from wakeup.customers.population import Population, Touches

Change = Callable[[NDArray[Any]], NDArray[Any]]
"""Makes another column of a column."""


def sliced(people: Population, first: int, last: int) -> Population:
    """Return the customers of the rows [first, last), 0 <= first <= last <= len(people).

    Every array is a view of the population's own: nothing is copied but the (last - first + 1) offsets of past touches.
    """
    past = people.touches
    touches = None
    if past is not None:
        offset = past.offset[first : last + 1]
        own = slice(int(offset[0]), int(offset[-1]))
        touches = Touches(offset - offset[0], past.t[own], past.channel[own], past.channels)
    return _changed(people, lambda column: column[first:last], touches)


def taken(people: Population, index: NDArray[np.intp]) -> Population:
    """Return the customers of some rows (m,), ascending, copied."""
    past = people.touches
    touches = None
    if past is not None:
        counts = past.offset[index + 1] - past.offset[index]
        offset = np.concatenate(([0], np.cumsum(counts)))
        own = np.arange(offset[-1]) + np.repeat(past.offset[index] - offset[:-1], counts)
        touches = Touches(offset, past.t[own], past.channel[own], past.channels)
    return _changed(people, lambda column: column.take(index), touches)


def pieces(people: Population, size: int) -> Iterator[tuple[int, Population]]:
    """Yield the customers in pieces of `size` >= 1 rows, the last perhaps shorter: the first row, and its people."""
    for first in range(0, len(people), size):
        yield first, sliced(people, first, min(first + size, len(people)))


def joined(parts: Iterator[Population], people: int) -> Population:
    """Put one or more runs of rows together, `people` rows in all; a single one is not copied.

    The runs agree in all but their rows: as-of, columns, and the labels of codes (those of the first are kept). Each is
    let go of before the next is asked for.
    """
    part = next(parts)
    if len(part) == people:
        return part
    whole = _changed(part, lambda column: np.empty(people, column.dtype), None)
    goals, past = list(_columns(whole)), [part.touches]
    begin = 0
    while True:
        for goal, column in zip(goals, _columns(part), strict=True):
            goal[begin : begin + len(part)] = column
        begin += len(part)
        if begin == people:
            return evolve(whole, touches=_joined_touches([each for each in past if each is not None]))
        del part, column
        part = next(parts)
        past.append(part.touches)


def _changed(people: Population, change: Change, touches: Touches | None) -> Population:
    """Return a population of changed columns and other touches."""
    return evolve(
        people,
        key=change(people.key),
        ids=change(people.ids),
        first_order=change(people.first_order),
        last_order=change(people.last_order),
        last_interaction=change(people.last_interaction),
        orders=change(people.orders),
        monetary=change(people.monetary),
        average_order_value=change(people.average_order_value),
        gap=change(people.gap),
        consents=_each(people.consents, change),
        tags=_each(people.tags, change),
        fields={name: evolve(each, values=change(each.values)) for name, each in people.fields.items()},
        touches=touches,
        zones=None if people.zones is None else change(people.zones),
        categories=None if people.categories is None else _each(people.categories, change),
    )


def _each(columns: Mapping[str, NDArray[Any]], change: Change) -> dict[str, NDArray[Any]]:
    return {name: change(each) for name, each in columns.items()}


def _columns(people: Population) -> Iterator[NDArray[Any]]:
    """Yield every array of a value for each customer, in an order of columns that runs of one population share."""
    yield from (people.key, people.ids, people.first_order, people.last_order, people.last_interaction)
    yield from (people.orders, people.monetary, people.average_order_value, people.gap)
    yield from people.consents.values()
    yield from people.tags.values()
    yield from (each.values for each in people.fields.values())
    yield from (people.categories or {}).values()
    if people.zones is not None:
        yield people.zones


def _joined_touches(parts: list[Touches]) -> Touches | None:
    if not parts:
        return None
    counts = np.concatenate([np.diff(each.offset) for each in parts])
    return Touches(
        np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)]),
        np.concatenate([each.t for each in parts]),
        np.concatenate([each.channel for each in parts]),
        parts[0].channels,
    )

"""Pieces of a population: runs of rows as views of the same arrays, and runs put together again."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from wakeup.customers.population import Population, Touches


def sliced(people: Population, first: int, last: int) -> Population:
    """Return the customers of the rows [first, last), 0 <= first <= last <= len(people).

    Every array is a view of the population's own: nothing is copied but the (last - first + 1) offsets of past touches.
    """
    rows = slice(first, last)
    return evolve(
        people,
        key=people.key[rows],
        ids=people.ids[rows],
        first_order=people.first_order[rows],
        last_order=people.last_order[rows],
        last_interaction=people.last_interaction[rows],
        orders=people.orders[rows],
        monetary=people.monetary[rows],
        average_order_value=people.average_order_value[rows],
        gap=people.gap[rows],
        consents=_cut(people.consents, rows),
        tags=_cut(people.tags, rows),
        fields={name: evolve(each, values=each.values[rows]) for name, each in people.fields.items()},
        touches=None if people.touches is None else _touches(people.touches, first, last),
        zones=None if people.zones is None else people.zones[rows],
        categories=None if people.categories is None else _cut(people.categories, rows),
    )


def taken(people: Population, index: NDArray[np.intp]) -> Population:
    """Return the customers of some rows (m,), ascending, copied."""
    past = people.touches
    return evolve(
        people,
        key=people.key[index],
        ids=people.ids[index],
        first_order=people.first_order[index],
        last_order=people.last_order[index],
        last_interaction=people.last_interaction[index],
        orders=people.orders[index],
        monetary=people.monetary[index],
        average_order_value=people.average_order_value[index],
        gap=people.gap[index],
        consents={name: each[index] for name, each in people.consents.items()},
        tags={name: each[index] for name, each in people.tags.items()},
        fields={name: evolve(each, values=each.values[index]) for name, each in people.fields.items()},
        touches=None if past is None else _taken_touches(past, index),
        zones=None if people.zones is None else people.zones[index],
        categories=None
        if people.categories is None
        else {name: each[index] for name, each in people.categories.items()},
    )


def pieces(people: Population, size: int) -> Iterator[tuple[int, Population]]:
    """Yield the customers in pieces of `size` >= 1 rows, the last perhaps shorter: the first row, and its people."""
    for first in range(0, len(people), size):
        yield first, sliced(people, first, min(first + size, len(people)))


def joined(parts: Sequence[Population]) -> Population:
    """Put one or more runs of rows of one population together, in the order given; a single one is not copied.

    The runs agree in all but their rows: as-of, columns, and the labels of codes (those of the first are kept).
    """
    if len(parts) == 1:
        return parts[0]
    head = parts[0]
    return evolve(
        head,
        key=_one([each.key for each in parts]),
        ids=_one([each.ids for each in parts]),
        first_order=_one([each.first_order for each in parts]),
        last_order=_one([each.last_order for each in parts]),
        last_interaction=_one([each.last_interaction for each in parts]),
        orders=_one([each.orders for each in parts]),
        monetary=_one([each.monetary for each in parts]),
        average_order_value=_one([each.average_order_value for each in parts]),
        gap=_one([each.gap for each in parts]),
        consents=_all([each.consents for each in parts]),
        tags=_all([each.tags for each in parts]),
        fields={
            name: evolve(field, values=_one([each.fields[name].values for each in parts]))
            for name, field in head.fields.items()
        },
        touches=_touches_of([each.touches for each in parts if each.touches is not None]),
        zones=None if head.zones is None else _one([each.zones for each in parts]),
        categories=None if head.categories is None else _all([each.categories or {} for each in parts]),
    )


def _cut(columns: Mapping[str, NDArray[Any]], rows: slice) -> dict[str, NDArray[Any]]:
    return {name: each[rows] for name, each in columns.items()}


def _touches(past: Touches, first: int, last: int) -> Touches:
    offset = past.offset[first : last + 1]
    own = slice(int(offset[0]), int(offset[-1]))
    return Touches(offset - offset[0], past.t[own], past.channel[own], past.channels)


def _taken_touches(past: Touches, index: NDArray[np.intp]) -> Touches:
    counts = past.offset[index + 1] - past.offset[index]
    offset = np.concatenate(([0], np.cumsum(counts)))
    own = np.arange(offset[-1]) + np.repeat(past.offset[index] - offset[:-1], counts)
    return Touches(offset, past.t[own], past.channel[own], past.channels)


def _one(columns: Sequence[Any]) -> Any:
    return np.concatenate(columns)


def _all(columns: Sequence[Mapping[str, NDArray[Any]]]) -> dict[str, NDArray[Any]]:
    return {name: _one([each[name] for each in columns]) for name in columns[0]}


def _touches_of(parts: Sequence[Touches]) -> Touches | None:
    if not parts:
        return None
    shift = np.cumsum([0, *(len(each.t) for each in parts)])
    offset = [each.offset[1:] + before for each, before in zip(parts, shift[:-1], strict=True)]
    return Touches(
        np.concatenate([np.zeros(1, np.int64), *offset]),
        _one([each.t for each in parts]),
        _one([each.channel for each in parts]),
        parts[0].channels,
    )

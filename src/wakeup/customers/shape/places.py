"""Cells of customers by number of orders, recency and value: which part of each dimension a customer is in."""

from typing import Final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from wakeup.customers.population import NEVER, Population
from wakeup.customers.shape.model import DIMENSIONS, Edges

DAY: Final = 86_400
FIFTHS: Final = (0.2, 0.4, 0.6, 0.8)
RADIX: Final = len(FIFTHS) + 2
"""Parts of a dimension: five, and who never ordered."""

Parts = NDArray[np.int64]


@frozen(eq=False)
class Places:
    """The part of every customer by dimension: int64 (n,), from 1; 0 for who never ordered."""

    parts: dict[str, Parts]

    def cells(self, by: tuple[str, ...]) -> Parts:
        """Return the cell of every customer by some dimensions: a number, `cell_name` its name."""
        number = self.parts[by[0]]
        for each in by[1:]:
            number = number * RADIX + self.parts[each]
        return number

    def rows(self, rows: NDArray[np.bool_]) -> "Places":
        """Return some of the customers."""
        return Places({name: each[rows] for name, each in self.parts.items()})


def cell_name(number: int, depth: int) -> str:
    """Return what a cell of `depth` dimensions is called: "3.1"."""
    parts: list[int] = []
    for _ in range(depth):
        number, part = divmod(number, RADIX)
        parts.insert(0, part)
    return ".".join(map(str, parts))


def edges_of(people: Population) -> Edges:
    """Return edges at the fifths of those who have ordered, rounded to three digits: no edge is a person's value."""
    bought = people.orders > 0
    fifths = {name: np.quantile(each[bought], FIFTHS) for name, each in _values(people).items()}
    return Edges(**{name: tuple(sorted({float(f"{x:.3g}") for x in fifths[name]})) for name in DIMENSIONS})


def places_of(people: Population, edges: Edges) -> Places:
    """Return where customers are between the edges."""
    bought = people.orders > 0
    found = {
        name: np.where(bought, 1 + np.searchsorted(getattr(edges, name), each, side="right"), 0)
        for name, each in _values(people).items()
    }
    return Places(found)


def _values(people: Population) -> dict[str, NDArray[np.float64]]:
    last = np.where(people.last_order == NEVER, people.as_of, people.last_order)
    return {
        "orders": people.orders.astype(np.float64),
        "recency": (people.as_of - last) / DAY,
        "value": people.average_order_value.astype(np.float64),
    }

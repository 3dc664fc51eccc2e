"""Values of a customer's attributes at an instant, the unknown kept apart: the ground of three-valued predicates."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from wakeup.customers.population import NEVER, Population
from wakeup.terms.attributes import ATTRIBUTES

Values = NDArray[np.int64] | NDArray[np.float64]
Known = NDArray[np.bool_]

SCORES = 5
"""RFM scores go from 1 to 5, 5 best."""

_EVENTS: Final[dict[str, Callable[[Population], NDArray[np.int64]]]] = {
    "days_since_order": lambda people: people.last_order,
    "days_since_interaction": lambda people: people.last_interaction,
    "days_since_first_order": lambda people: people.first_order,
}
SCORED: Final[dict[str, str]] = {
    "recency_score": "last_order",
    "frequency_score": "orders",
    "monetary_score": "monetary",
}
"""RFM scores: the column of `Population` that each is ranked by, among the customers who have ordered."""

Edges = NDArray[np.int64]
"""The values above which a score is 2, 3, 4 and 5: shape (4,), ascending; (0,) where nobody has ordered."""


def attribute(population: Population, name: str, instant: int | NDArray[np.int64]) -> tuple[Values, Known]:
    """Return an attribute of n customers at one instant, or at one instant each (int64 (n,), seconds UTC).

    Returns:
        values and known, both of shape (n,). Built-in values are int64 in the unit of `terms.attributes`: the
        seconds between the event and the instant, counts, minor units. Own fields are as in `population.Field`: numbers
        float64, dates int64 seconds UTC, texts int64 codes into its labels. Where `known` is false the value means
        nothing.

    Raises:
        KeyError: there is no such attribute.
    """
    if name in _EVENTS:
        event = _EVENTS[name](population)
        known = event != NEVER
        return np.where(known, instant - np.where(known, event, 0), 0), known
    if name in SCORED:
        return rfm_score(getattr(population, SCORED[name]), population.orders > 0), population.orders > 0
    match name:
        case "orders":
            return population.orders.astype(np.int64), np.ones(len(population), np.bool_)
        case "total_spent":
            return population.monetary, np.ones(len(population), np.bool_)
        case "average_order_value":  # nobody has an average of no orders
            return population.average_order_value, population.orders > 0
        case _:
            return _own(population, name)


def event_instants(population: Population, name: str) -> tuple[NDArray[np.int64], Known]:
    """Return the instants from which an attribute in seconds counts, for comparisons in calendar months.

    Raises:
        KeyError: the attribute is none that counts from an event.
    """
    event = _EVENTS[name](population)
    return event, event != NEVER


def rfm_score(values: NDArray[Any], known: Known) -> NDArray[np.int64]:
    """Return 1 + floor(5 x share of the known customers with a lower value), int64 (n,); 0 where not known.

    Equal values have equal scores: where half of all customers ordered once, they all score 1.
    """
    return scored(values, known, edges_among(values[known]))


def scored(values: NDArray[Any], known: Known, edges: Edges) -> NDArray[np.int64]:
    """Return the scores of some customers, int64 (n,), by the edges among all; 0 where not known."""
    return np.where(known, 1 + np.searchsorted(edges, values, side="left"), 0)


def edges_among(values: NDArray[Any]) -> Edges:
    """Return the edges among the values (n,) of all customers who have ordered."""
    ranks = edge_ranks(len(values))
    return np.partition(values, ranks)[ranks].astype(np.int64) if ranks else np.empty(0, np.int64)


def edge_ranks(n: int) -> list[int]:
    """Return which of n values are the edges (0: the smallest).

    A score is above k where 5 x (lower values) >= k n: where the ceil(k n / 5)-th smallest value is lower.
    """
    return [-(-k * n // SCORES) - 1 for k in range(1, SCORES)] if n else []


def attribute_names(population: Population) -> tuple[str, ...]:
    """Return the names that `attribute` knows for this population: the built-in ones, then own fields."""
    return (*ATTRIBUTES, *(name for name in population.fields if name not in ATTRIBUTES))


def _own(population: Population, name: str) -> tuple[Values, Known]:
    field = population.fields[name]
    if field.kind == "number":
        numbers = field.values.astype(np.float64)
        return numbers, ~np.isnan(numbers)
    codes = field.values.astype(np.int64)
    return codes, (codes != NEVER if field.kind == "date" else codes >= 0)

"""Life from the data to the first second of a run: organic orders alone (docs/semantics, rules 1 and 41)."""

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from wakeup.behaviour.protocol import Instants, Model
from wakeup.customers.population import NEVER, Population


@frozen(eq=False)
class Arrival:
    """Some people at the run's start; `given`: as the data left them, which a behaviour is bound to. organic: int64
    (n,) instant of the next order. number: int32 (n,) orders since the population's as_of."""

    people: Population
    given: Population
    organic: Instants
    number: NDArray[np.int32]


def average(monetary: NDArray[np.int64], orders: NDArray[np.integer]) -> NDArray[np.int64]:
    """Return monetary / orders half up, int64 (m,); 0 without orders."""
    count = np.maximum(orders, 1).astype(np.int64)
    value: NDArray[np.int64] = np.where(orders > 0, (2 * monetary + count) // (2 * count), 0)
    return value


def arrive(start: int, people: Population, model: Model) -> Arrival:
    """Let organic orders happen before the start."""
    organic = model.first_order(np.arange(len(people), dtype=np.int32))
    number = np.zeros(len(people), np.int32)
    due = np.flatnonzero(organic < start)
    if not len(due):
        return Arrival(people, people, organic, number)
    first, last, interaction = people.first_order.copy(), people.last_order.copy(), people.last_interaction.copy()
    orders, monetary, usual = people.orders.copy(), people.monetary.copy(), people.average_order_value.copy()
    while len(due):
        who, at = due.astype(np.int32), organic[due]
        number[due] += 1
        monetary[due] += model.basket(who, number[due])
        orders[due] += 1
        usual[due] = average(monetary[due], orders[due])
        first[due] = np.where(first[due] == NEVER, at, first[due])
        last[due] = interaction[due] = at
        organic[due] = model.next_order(who, at, number[due])
        due = due[organic[due] < start]
    forward = evolve(
        people,
        first_order=first,
        last_order=last,
        last_interaction=interaction,
        orders=orders,
        monetary=monetary,
        average_order_value=usual,
    )
    return Arrival(forward, people, organic, number)

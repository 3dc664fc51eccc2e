"""Who takes part in a rehearsal, as they are at its first second (docs/semantics, section 1)."""

import numpy as np
from attrs import evolve

from wakeup.behaviour.arrival import Arrival
from wakeup.behaviour.protocol import Instants, Model
from wakeup.customers.population import BLANK, YES, Population
from wakeup.figures.events import Orders
from wakeup.plan.model import Plan


def with_addresses(plan: Plan, people: Population, model: Model) -> Population:
    """Return people of whom it is known on every channel whether they are reached: where the data have no column the
    behaviour says, as consent with or without an address (rule 14)."""
    who = np.arange(len(people), dtype=np.int32)
    reached = {
        channel.name: np.where(model.reach(index, who), YES, BLANK).astype(np.uint8)
        for index, channel in enumerate(plan.channels)
        if channel.name not in people.consents and channel.channel_kind not in people.consents
    }
    return evolve(people, consents={**people.consents, **reached})


def untouched(arrival: Arrival, model: Model, who: Instants, horizon: int) -> Orders:
    """Return the orders that people would make without the campaign, from the start to the horizon.

    Args:
        arrival: everybody at the start.
        model: their behaviour.
        who: intp (m,) rows of the people.
        horizon: seconds UTC.
    """
    at, number = arrival.organic[who], arrival.number[who]
    found: list[Orders] = []
    while len(who := who[at < horizon]):
        coming = at < horizon
        at, number = at[coming], number[coming] + 1
        index = who.astype(np.int32)
        found.append((index, at, model.basket(index, number)))
        at = model.next_order(index, at, number)
    return (
        np.concatenate([each[0] for each in found] or [np.empty(0, np.int32)]),
        np.concatenate([each[1] for each in found] or [np.empty(0, np.int64)]),
        np.concatenate([each[2] for each in found] or [np.empty(0, np.int64)]),
    )

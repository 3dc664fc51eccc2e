"""Life without the campaign: the twins of all the simulated, and the held-out people with nothing else (rule 5)."""

import numpy as np

from wakeup.behaviour.protocol import Model
from wakeup.figures.events import Orders
from wakeup.plan.model import Scenario
from wakeup.sim.array.codes import I32, I64
from wakeup.sim.array.people import Cast
from wakeup.sim.array.rows import RowLog, Rows
from wakeup.sim.array.trouble import priced
from wakeup.terms.lists import Row


def live_untouched(cast: Cast, model: Model, horizon: int, log: RowLog, scenario: Scenario | None) -> Orders:
    """Return the orders of all twins before the horizon, and write down those of the held-out people."""
    index = cast.simulated
    at, number = cast.arrival.organic[index], cast.arrival.number[index]
    found: list[tuple[I32, I64, I64]] = []
    while True:
        coming = np.flatnonzero(at < horizon)
        if not len(coming):
            break
        index, at, number = index[coming], at[coming], number[coming] + 1
        who = index.astype(np.int32)
        value = priced(scenario, at, model.basket(who, number))
        found.append((who, at, value))
        at = model.next_order(who, at, number)
    who = np.concatenate([each[0] for each in found] or [np.zeros(0, np.int32)])
    t = np.concatenate([each[1] for each in found] or [np.zeros(0, np.int64)])
    amount = np.concatenate([each[2] for each in found] or [np.zeros(0, np.int64)])
    control = cast.membership.held_out[who]
    log.add(Rows(Row.ORDERED, who[control], t[control], amount=amount[control]))
    return who, t, amount

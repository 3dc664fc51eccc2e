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
    organic = cast.arrival.organic
    index = ((cast.membership.journey >= 0) & (organic < horizon)).nonzero()[0]
    at, number = organic.take(index), cast.arrival.number.take(index)
    found: list[tuple[I32, I64, I64]] = []
    while len(index):
        who, number = index.astype(np.int32), number + 1
        found.append((who, at, priced(scenario, at, model.basket(who, number))))
        at = model.next_order(who, at, number)
        coming = (at < horizon).nonzero()[0]
        index, at, number = index.take(coming), at.take(coming), number.take(coming)
    who = np.concatenate([each[0] for each in found] or [np.zeros(0, np.int32)])
    t = np.concatenate([each[1] for each in found] or [np.zeros(0, np.int64)])
    amount = np.concatenate([each[2] for each in found] or [np.zeros(0, np.int64)])
    control = cast.membership.held_out[who]
    log.add(Rows(Row.ORDERED, who[control], t[control], amount=amount[control]))
    return who, t, amount

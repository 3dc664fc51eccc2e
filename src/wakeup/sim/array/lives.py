"""Everybody's life while no campaign treats them, where several run on one clock: orders, history, twins."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from attrs import define, evolve, field
from numpy.typing import NDArray

from wakeup.behaviour.arrival import Arrival, arrive, average
from wakeup.behaviour.protocol import Model
from wakeup.customers.population import NEVER, Population
from wakeup.figures.events import Orders
from wakeup.plan.model import Scenario
from wakeup.sim.array.codes import I32, I64, Bools, Index
from wakeup.sim.array.columns import Columns, Layout
from wakeup.sim.array.trouble import priced

_HISTORY: Mapping[str, str] = {
    "first_order": "first_order", "last_order": "last_order", "last_interaction": "interaction", "orders": "orders",
    "monetary": "monetary", "average_order_value": "average",
}  # fmt: skip
"""Columns of a population that orders move, and what they are called among the treated."""


@define(eq=False)
class Lives:
    """All n people as of `here`, whom orders before `first` brought there at the usual prices.

    history: the columns of a population that orders move. organic, number: as in `Arrival`. treated: whom a campaign
    treats; they live in the columns of the engine. known: whom a campaign has taken on. made: orders of those, since.
    twins: orders of everybody taken on, from then to the horizon, as if nobody had.
    """

    model: Model
    horizon: int
    scenario: Scenario | None
    here: int
    history: dict[str, NDArray[Any]]
    organic: I64
    number: I32
    treated: Bools
    known: Bools
    made: list[Orders] = field(factory=list)
    twins: list[Orders] = field(factory=list)

    @classmethod
    def of(cls, people: Population, model: Model, first: int, horizon: int, scenario: Scenario | None) -> "Lives":
        """Bring people to the start of the first campaign."""
        arrival = arrive(first, people, model)
        history = {name: getattr(arrival.people, name).copy() for name in _HISTORY}
        nobody = np.zeros(len(people), np.bool_)
        return cls(model, horizon, scenario, first, history, arrival.organic, arrival.number, nobody, nobody.copy())

    def arrival(self, people: Population) -> Arrival:
        """Return everybody as they are here, with the columns that a campaign's data have of them."""
        moved: dict[str, Any] = {name: column.copy() for name, column in self.history.items()}
        return Arrival(evolve(people, **moved), people, self.organic.copy(), self.number.copy())

    def follow(self, who: Index, columns: Columns, layout: Layout) -> None:
        """Take note of how the treated, who are these rows of the columns, have lived."""
        for name, column in self.history.items():
            column[who] = getattr(columns, _HISTORY[name])
        self.organic[who] = columns.when[layout.organic]
        self.number[who] = columns.number

    def live_until(self, t: int, some: Bools | None = None) -> None:
        """Let those whom nobody treats (or some of them) order up to before `t`."""
        living = ~self.treated if some is None else ~self.treated & some
        due = np.flatnonzero(living & (self.organic < t))
        while len(due):
            who, at = due.astype(np.int32), self.organic[due]
            self.number[due] += 1
            basket = priced(self.scenario, at, self.model.basket(who, self.number[due]))
            known = self.known[due]
            self.made.append((who[known], at[known], basket[known]))
            self._order(due, at, basket)
            self.organic[due] = self.model.next_order(who, at, self.number[due])
            due = due[self.organic[due] < t]
        self.here = t

    def take_on(self, who: Index) -> None:
        """Take note of whom a campaign takes on: from now on they have a twin."""
        new = who[~self.known[who]]
        self.known[new] = True
        at, number = self.organic[new], self.number[new]
        while True:
            coming = np.flatnonzero(at < self.horizon)
            if not len(coming):
                return
            new, at, number = new[coming], at[coming], number[coming] + 1
            index = new.astype(np.int32)
            self.twins.append((index, at, priced(self.scenario, at, self.model.basket(index, number))))
            at = self.model.next_order(index, at, number)

    def _order(self, who: Index, at: I64, paid: I64) -> None:
        history = self.history
        history["orders"][who] += 1
        history["monetary"][who] += paid
        history["average_order_value"][who] = average(history["monetary"][who], history["orders"][who])
        first = history["first_order"][who]
        history["first_order"][who] = np.where(first == NEVER, at, first)
        history["last_order"][who] = history["last_interaction"][who] = at

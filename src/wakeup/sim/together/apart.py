"""Draws of campaigns that use the same names.

A draw is made for a purpose, which names a message, an incentive or staff, and for the n-th time (SEMANTICS 8). Where
two campaigns have a message of one name, a person would answer the second exactly as the first; so the uses of a name
by a later campaign are counted from far beyond those of the earlier ones. The first campaign to use a name draws as it
does alone.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from wakeup.behaviour.protocol import Answers, Behaviour, Instants, Model, Offer, State, Who
from wakeup.customers.population import Population
from wakeup.plan.model import Plan, Scenario

FAR: Final = 1 << 20
"""More uses of a name than one person can come to in a campaign."""

Numbers = NDArray[np.int32]


def apart(behaviour: Behaviour, plans: Sequence[Plan], number: int) -> Behaviour:
    """Return the behaviour for the campaign of this number among some."""
    before, plan = plans[:number], plans[number]
    messages = _used([[each.name for each in other.messages] for other in before], [m.name for m in plan.messages])
    incentives = _used([[i.name for i in other.incentives] for other in before], [i.name for i in plan.incentives])
    staff = _used([[s.name for s in other.staff] for other in before], [s.name for s in plan.staff])
    if not any((*messages, *incentives, *staff)):
        return behaviour
    return Apart(behaviour, messages, incentives, staff)


def _used(before: Sequence[Sequence[str]], names: Sequence[str]) -> tuple[int, ...]:
    return tuple(FAR * sum(name in other for other in before) for name in names)


@frozen
class Apart:
    """A behaviour whose uses of each message, incentive and staff are counted from the numbers given."""

    behaviour: Behaviour
    messages: tuple[int, ...]
    incentives: tuple[int, ...]
    staff: tuple[int, ...]

    def model(
        self, plan: Plan, population: Population, seed: int, replication: int, scenario: Scenario | None
    ) -> Model:
        """Bind to people; see `Behaviour`."""
        return _ApartModel(self, self.behaviour.model(plan, population, seed, replication, scenario))


class _ApartModel:
    """See `wakeup.behaviour.protocol.Model`; organic life and baskets are the same for all campaigns."""

    def __init__(self, counted: Apart, model: Model) -> None:
        self._messages, self._incentives, self._staff = counted.messages, counted.incentives, counted.staff
        self._model = model
        self.stretch = model.stretch
        self.first_order = model.first_order
        self.next_order = model.next_order
        self.basket = model.basket
        self.reach = model.reach
        self.press = model.press

    def touch(
        self, who: Who, at: Instants, message: int, offers: Sequence[Offer], occurrence: Numbers, state: State
    ) -> Answers:
        return self._model.touch(who, at, message, offers, _later(occurrence, self._messages[message]), state)

    def prompt(
        self, who: Who, at: Instants, incentive: int, offer: Offer | None, occurrence: Numbers, state: State
    ) -> Instants:
        return self._model.prompt(who, at, incentive, offer, _later(occurrence, self._incentives[incentive]), state)

    def remembers(self, who: Who, incentive: int, number: Numbers) -> NDArray[np.bool_]:
        return self._model.remembers(who, incentive, _later(number, self._incentives[incentive]))

    def completes(self, who: Who, incentive: int, occurrence: Numbers) -> NDArray[np.bool_]:
        return self._model.completes(who, incentive, _later(occurrence, self._incentives[incentive]))

    def wins(self, who: Who, incentive: int, occurrence: Numbers) -> NDArray[np.bool_]:
        return self._model.wins(who, incentive, _later(occurrence, self._incentives[incentive]))

    def score(self, who: Who, incentive: int, occurrence: Numbers) -> NDArray[np.int64]:
        return self._model.score(who, incentive, _later(occurrence, self._incentives[incentive]))

    def subscribes(self, who: Who, message: int, occurrence: Numbers) -> NDArray[np.bool_]:
        return self._model.subscribes(who, message, _later(occurrence, self._messages[message]))

    def handling(self, who: Who, staff: int, occurrence: Numbers) -> NDArray[np.int64]:
        return self._model.handling(who, staff, _later(occurrence, self._staff[staff]))


def _later(occurrence: Numbers, by: int) -> Numbers:
    return occurrence + np.int32(by) if by else occurrence

"""A behaviour of plain hashed numbers: much happens, often in the very same second."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from wakeup.behaviour.protocol import NEVER_AGAIN, Answers, Instants, Offer, State, Who
from wakeup.customers.population import NEVER, Population
from wakeup.draws import uniform
from wakeup.plan.model import Coupon, Plan, Scenario

MINUTE, HOUR, DAY = 60, 3_600, 86_400


CHANCES: Mapping[str, float] = {
    "first": 0.6, "next": 0.7, "reach": 0.8, "delivered": 0.9, "order": 0.5, "take": 0.8, "open": 0.7, "click": 0.5,
    "out": 0.2, "complain": 0.15, "prompt": 0.6, "remembers": 0.7, "completes": 0.8, "wins": 0.6, "subscribes": 0.6,
}  # fmt: skip
"""How likely each answer is; of `order` and `prompt` before what the person has seen and holds."""


@frozen
class Lively:
    """Makes lively models; a Behaviour. chances: those that differ from `CHANCES`; pace: of all delays."""

    stretch: float = 0.8
    pace: float = 1.0
    chances: Mapping[str, float] = field(factory=dict)

    def model(
        self, plan: Plan, population: Population, seed: int, replication: int, scenario: Scenario | None
    ) -> "LivelyModel":
        assert self.chances.keys() <= CHANCES.keys()
        return LivelyModel(plan, population, seed, self.stretch, self.pace, {**CHANCES, **self.chances})


@frozen(eq=False)
class LivelyModel:
    """See Lively."""

    plan: Plan
    population: Population
    seed: int
    stretch: float
    pace: float
    chances: Mapping[str, float]

    def first_order(self, who: Who) -> Instants:
        return self._after(
            "first", who, np.full(len(who), self.population.as_of), 0, self.chances["first"], (6 * HOUR, 20)
        )

    def next_order(self, who: Who, at: Instants, number: NDArray[np.int32]) -> Instants:
        return self._after("next", who, at, number, self.chances["next"], (6 * HOUR, 16))

    def basket(self, who: Who, number: NDArray[np.int32]) -> NDArray[np.int64]:
        return (self._draw("basket", who, number) * 12_000).astype(np.int64) + 1

    def reach(self, channel: int, who: Who) -> NDArray[np.bool_]:
        return self._draw(f"reach {self.plan.channels[channel].name}", who, 0) < self.chances["reach"]

    def press(self, pressure: NDArray[np.float64], pressed_at: Instants, at: Instants) -> NDArray[np.float64]:
        since = at - np.where(pressed_at == NEVER, at, pressed_at)
        return pressure * np.exp2(-since / DAY)

    def touch(
        self, who: Who, at: Instants, message: int, offers: Sequence[Offer], occurrence: NDArray[np.int32], state: State
    ) -> Answers:
        text = self.plan.messages[message].name

        def answer(name: str, grid: tuple[int, int], what: str = "") -> Instants:
            return self._after(f"{name} {text} {what}", who, at, occurrence, self.chances[name], grid)

        delivered = self._draw(f"delivered {text}", who, occurrence) < self.chances["delivered"]

        def only(instants: Instants) -> Instants:
            return np.where(delivered, instants, NEVER_AGAIN)

        lift = self.chances["order"] / (1.0 + state.pressure) + 0.01 * state.orders + 0.1 * (state.last_order % 7 == 0)
        lift = lift + 0.3 * state.bonded + 0.3 * state.matched
        for offer in offers:
            lift = lift + offer.amount / 100_000 + 0.02 * offer.live + 0.01 * (offer.end % 3) + offer.threshold / 1e6
        ordered = self._after(f"order {text}", who, at, occurrence, lift, (HOUR, 60))
        shown = [self.plan.incentives[offer.incentive] for offer in offers]
        taken = tuple(
            np.full(len(who), NEVER_AGAIN) if isinstance(each, Coupon) else only(answer("take", (HOUR, 30), each.name))
            for each in shown
        )
        return Answers(
            delivered=delivered,
            opened=only(answer("open", (30 * MINUTE, 20))),
            clicked=only(answer("click", (30 * MINUTE, 30))),
            taken=taken,
            opted_out=only(answer("out", (HOUR, 10))),
            complained=only(answer("complain", (HOUR, 10))),
            ordered=only(ordered),
        )

    def prompt(
        self, who: Who, at: Instants, incentive: int, offer: Offer | None, occurrence: NDArray[np.int32], state: State
    ) -> Instants:
        chance = self.chances["prompt"] / (1.0 + state.pressure) + 0.01 * state.orders + 0.3 * state.bonded
        if offer is not None:
            chance = chance + offer.amount / 100_000 + 0.05 * offer.live
        return self._after(f"prompt {self._incentive(incentive)}", who, at, occurrence, chance, (30 * MINUTE, 50))

    def remembers(self, who: Who, incentive: int, number: NDArray[np.int32]) -> NDArray[np.bool_]:
        return self._draw(f"remembers {self._incentive(incentive)}", who, number) < self.chances["remembers"]

    def completes(self, who: Who, incentive: int, occurrence: NDArray[np.int32]) -> NDArray[np.bool_]:
        return self._draw(f"completes {self._incentive(incentive)}", who, occurrence) < self.chances["completes"]

    def wins(self, who: Who, incentive: int, occurrence: NDArray[np.int32]) -> NDArray[np.bool_]:
        return self._draw(f"wins {self._incentive(incentive)}", who, occurrence) < self.chances["wins"]

    def score(self, who: Who, incentive: int, occurrence: NDArray[np.int32]) -> NDArray[np.int64]:
        return (self._draw(f"score {self._incentive(incentive)}", who, occurrence) * 5).astype(np.int64) * 100 + 100

    def subscribes(self, who: Who, message: int, occurrence: NDArray[np.int32]) -> NDArray[np.bool_]:
        return (
            self._draw(f"subscribes {self.plan.messages[message].name}", who, occurrence) < self.chances["subscribes"]
        )

    def handling(self, who: Who, staff: int, occurrence: NDArray[np.int32]) -> NDArray[np.int64]:
        drawn = self._draw(f"handling {self.plan.staff[staff].name}", who, occurrence)
        return (drawn * 2 * self.plan.staff[staff].handles).astype(np.int64) + 1

    def _incentive(self, index: int) -> str:
        return self.plan.incentives[index].name

    def _draw(self, purpose: str, who: Who, occurrence: Any) -> NDArray[np.float64]:
        return uniform(self.seed, 0, self.population.key[who], purpose, occurrence)

    def _after(self, purpose: str, who: Who, at: Any, occurrence: Any, chance: Any, grid: tuple[int, int]) -> Instants:
        """An instant some steps of a grid later: steps are whole, so that much meets in one second."""
        step, most = grid
        happens = self._draw(f"{purpose}?", who, occurrence) < chance
        delay = (self._draw(f"{purpose}!", who, occurrence) * most * self.pace).astype(np.int64) * step
        odd = self._draw(f"{purpose}#", who, occurrence) < 0.2
        return np.where(happens, at + np.maximum(delay + odd * 7, 1), NEVER_AGAIN)

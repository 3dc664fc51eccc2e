"""A behaviour of plain hashed numbers: much happens, often in the very same second."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from wakeup.behaviour.protocol import NEVER_AGAIN, Answers, Instants, Offer, State, Who
from wakeup.customers.population import NEVER, Population
from wakeup.draws import uniform
from wakeup.plan.model import Coupon, Plan, Scenario

MINUTE, HOUR, DAY = 60, 3_600, 86_400


@frozen
class Lively:
    """Makes lively models; a Behaviour."""

    stretch: float = 0.8

    def model(
        self, plan: Plan, population: Population, seed: int, replication: int, scenario: Scenario | None
    ) -> "LivelyModel":
        return LivelyModel(plan, population, seed, self.stretch)


@frozen(eq=False)
class LivelyModel:
    """See Lively."""

    plan: Plan
    population: Population
    seed: int
    stretch: float

    def first_order(self, who: Who) -> Instants:
        return self._after("first", who, np.full(len(who), self.population.as_of), 0, 0.6, (6 * HOUR, 20))

    def next_order(self, who: Who, at: Instants, number: NDArray[np.int32]) -> Instants:
        return self._after("next", who, at, number, 0.7, (6 * HOUR, 16))

    def basket(self, who: Who, number: NDArray[np.int32]) -> NDArray[np.int64]:
        return (self._draw("basket", who, number) * 12_000).astype(np.int64) + 1

    def reach(self, channel: int, who: Who) -> NDArray[np.bool_]:
        return self._draw(f"reach{channel}", who, 0) < 0.8

    def press(self, pressure: NDArray[np.float64], pressed_at: Instants, at: Instants) -> NDArray[np.float64]:
        since = at - np.where(pressed_at == NEVER, at, pressed_at)
        return pressure * np.exp2(-since / DAY)

    def touch(
        self, who: Who, at: Instants, message: int, offers: Sequence[Offer], occurrence: NDArray[np.int32], state: State
    ) -> Answers:
        def answer(name: str, chance: float, grid: tuple[int, int]) -> Instants:
            return self._after(f"{name}{message}", who, at, occurrence, chance, grid)

        delivered = self._draw(f"delivered{message}", who, occurrence) < 0.9

        def only(instants: Instants) -> Instants:
            return np.where(delivered, instants, NEVER_AGAIN)

        lift = 0.5 / (1.0 + state.pressure) + 0.01 * state.orders + 0.1 * (state.last_order % 7 == 0)
        lift = lift + 0.3 * state.bonded + 0.3 * state.matched
        for offer in offers:
            lift = lift + offer.amount / 100_000 + 0.02 * offer.live + 0.01 * (offer.end % 3) + offer.threshold / 1e6
        ordered = self._after(f"order{message}", who, at, occurrence, lift, (HOUR, 60))
        coupons = [isinstance(each, Coupon) for each in self.plan.incentives]
        taken = tuple(
            only(answer(f"take{offer.incentive}", 0.0 if coupons[offer.incentive] else 0.8, (HOUR, 30)))
            for offer in offers
        )
        return Answers(
            delivered=delivered,
            opened=only(answer("open", 0.7, (30 * MINUTE, 20))),
            clicked=only(answer("click", 0.5, (30 * MINUTE, 30))),
            taken=taken,
            opted_out=only(answer("out", 0.2, (HOUR, 10))),
            complained=only(answer("complain", 0.15, (HOUR, 10))),
            ordered=only(ordered),
        )

    def prompt(
        self, who: Who, at: Instants, incentive: int, offer: Offer | None, occurrence: NDArray[np.int32], state: State
    ) -> Instants:
        chance = 0.6 / (1.0 + state.pressure) + 0.01 * state.orders + 0.3 * state.bonded
        if offer is not None:
            chance = chance + offer.amount / 100_000 + 0.05 * offer.live
        return self._after(f"prompt{incentive}", who, at, occurrence, chance, (30 * MINUTE, 50))

    def remembers(self, who: Who, incentive: int, number: NDArray[np.int32]) -> NDArray[np.bool_]:
        return self._draw(f"remembers{incentive}", who, number) < 0.7

    def completes(self, who: Who, incentive: int, occurrence: NDArray[np.int32]) -> NDArray[np.bool_]:
        return self._draw(f"completes{incentive}", who, occurrence) < 0.8

    def wins(self, who: Who, incentive: int, occurrence: NDArray[np.int32]) -> NDArray[np.bool_]:
        return self._draw(f"wins{incentive}", who, occurrence) < 0.6

    def score(self, who: Who, incentive: int, occurrence: NDArray[np.int32]) -> NDArray[np.int64]:
        return (self._draw(f"score{incentive}", who, occurrence) * 5).astype(np.int64) * 100 + 100

    def subscribes(self, who: Who, message: int, occurrence: NDArray[np.int32]) -> NDArray[np.bool_]:
        return self._draw(f"subscribes{message}", who, occurrence) < 0.6

    def handling(self, who: Who, staff: int, occurrence: NDArray[np.int32]) -> NDArray[np.int64]:
        drawn = self._draw(f"handling{staff}", who, occurrence)
        return (drawn * 2 * self.plan.staff[staff].handles).astype(np.int64) + 1

    def _draw(self, purpose: str, who: Who, occurrence: Any) -> NDArray[np.float64]:
        return uniform(self.seed, 0, self.population.key[who], purpose, occurrence)

    def _after(self, purpose: str, who: Who, at: Any, occurrence: Any, chance: Any, grid: tuple[int, int]) -> Instants:
        """An instant some steps of a grid later: steps are whole, so that much meets in one second."""
        step, most = grid
        happens = self._draw(f"{purpose}?", who, occurrence) < chance
        delay = (self._draw(f"{purpose}!", who, occurrence) * most).astype(np.int64) * step
        odd = self._draw(f"{purpose}#", who, occurrence) < 0.2
        return np.where(happens, at + np.maximum(delay + odd * 7, 1), NEVER_AGAIN)

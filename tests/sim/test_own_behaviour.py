"""A behaviour of one's own: the default, but a fitted model says what a contact brings, in both simulators alike."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.sim.comparing import difference, told

import wakeup
from wakeup.behaviour import Contact, DefaultBehaviour, DefaultModel
from wakeup.customers import Population, synthetic
from wakeup.plan.model import Plan, Scenario
from wakeup.sim import array, reference
from wakeup.sim.task import Task


class Classifier:
    """Like one of scikit-learn: predict_proba of rows (days, orders, discount)."""

    def predict_proba(self, features: np.ndarray) -> np.ndarray:
        days, orders, discount = features.T
        odds = 0.4 * orders / days**0.3 * np.exp(discount)
        return np.column_stack([1 / (1 + odds), odds / (1 + odds)])


class FittedModel(DefaultModel):
    """Asks a classifier."""

    def chance(self, contact: Contact) -> np.ndarray:
        if contact.message is None:
            return super().chance(contact)
        state = contact.state
        days = np.maximum((contact.at - state.last_order) / 86_400, 1.0)
        off = sum((offer.amount / 10_000 for offer in contact.offers), np.zeros(len(days)))
        features = np.column_stack([days, np.maximum(state.orders, 1), np.minimum(off, 1.0)])
        return np.asarray(Classifier().predict_proba(features)[:, 1])


class Fitted(DefaultBehaviour):
    def model(
        self, plan: Plan, population: Population, seed: int, replication: int, scenario: Scenario | None
    ) -> FittedModel:
        return FittedModel(plan, population, seed, replication, scenario)


@pytest.mark.parametrize("name", ["beauty_autumn", "老客回归"])
def test_both_simulators_play_a_fitted_model_alike(checkout: Path, name: str) -> None:
    plan = wakeup.load(checkout / "campaigns" / f"{name}.wake")
    task = Task(plan, synthetic(250, seed=3), Fitted(), 5, 2)
    fitted = told(task, reference)
    found = difference(fitted, told(task, array))
    assert found is None, found and found.text
    ordinary = told(Task(plan, task.population, DefaultBehaviour(), 5, 2), array)
    assert difference(fitted, ordinary) is not None


def test_it_runs_through_simulate() -> None:
    plan = wakeup.load(Path(__file__).parents[2] / "campaigns" / "beauty_autumn.wake")
    people = synthetic(400, seed=3)
    results = [
        wakeup.simulate(plan, people, behaviour=behaviour, replications=2)
        for behaviour in (Fitted(), DefaultBehaviour())
    ]
    brought = [result.figures["incremental_orders"].value or 0.0 for result in results]
    assert brought[0] > brought[1] + 5
    assert results[1].basis
    assert results[0].basis == (), "what it stands on, only its maker knows"


class Wrong(DefaultBehaviour):
    """Gives a chance that is none."""

    def __init__(self, given: Callable[[int], object]) -> None:
        self.given = given

    def model(
        self, plan: Plan, population: Population, seed: int, replication: int, scenario: Scenario | None
    ) -> DefaultModel:
        model = WrongModel(plan, population, seed, replication, scenario)
        model.given = self.given
        return model


class WrongModel(DefaultModel):
    given: Callable[[int], object]

    def chance(self, contact: Contact) -> np.ndarray:
        return self.given(len(contact.who))  # type: ignore[return-value]  # it may be anything: that is tested


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (lambda count: np.full(count, np.nan), " are not"),
        (lambda count: np.full(count, 1.1), " are not"),
        (lambda count: np.full(count, -0.1), " are not"),
        (lambda count: np.zeros(count + 1), "it gave "),
        (lambda _: 0.5, "it gave 1 numbers"),
    ],
)
def test_a_chance_that_is_none_is_told(given: Callable[[int], object], problem: str) -> None:
    plan = wakeup.load(Path(__file__).parents[2] / "campaigns" / "beauty_autumn.wake")
    with pytest.raises(wakeup.WakeupError) as raised:
        wakeup.simulate(plan, synthetic(100, seed=3), behaviour=Wrong(given), replications=1)
    (told,) = raised.value.diagnostics
    assert told.code == "WK5204"
    assert problem in told.message


def test_rounding_beyond_certainty_is_let_pass() -> None:
    plan = wakeup.load(Path(__file__).parents[2] / "campaigns" / "beauty_autumn.wake")
    behaviour = Wrong(lambda count: np.full(count, 1.0 + 1e-12))
    assert wakeup.simulate(plan, synthetic(100, seed=3), behaviour=behaviour, replications=1).figures["orders"].value


def test_a_behaviour_that_no_process_can_take_is_told() -> None:
    class Local(DefaultBehaviour):
        pass

    plan = wakeup.load(Path(__file__).parents[2] / "campaigns" / "beauty_autumn.wake")
    with pytest.raises(wakeup.WakeupError) as raised:
        wakeup.simulate(plan, synthetic(100, seed=3), behaviour=Local(), replications=2, workers=2)
    (told,) = raised.value.diagnostics
    assert told.code == "WK5206"
    assert "Local" in told.message

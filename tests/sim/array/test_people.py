"""Waves and scores are the same, in however many pieces the people come."""

from typing import Any

import numpy as np
import pytest
from attrs import evolve
from tests.sim.cases import FEATURES, Case
from tests.sim.strategies import trial_of

from wakeup.behaviour.default import DefaultBehaviour, DefaultModel
from wakeup.customers.population import Population
from wakeup.plan.model import Plan
from wakeup.sim.array import crowd, people
from wakeup.sim.array.codes import DAY
from wakeup.sim.task import Task


def task(seed: int) -> Task:
    trial = trial_of(Case(seed, 40, frozenset(FEATURES) - {"scenario"}))
    plan = trial.plan
    journeys = tuple(evolve(each, wave=evolve(each.wave, per_day=1 + seed % 3)) for each in plan.journeys)
    return evolve(trial, plan=evolve(plan, journeys=journeys)).task()


@pytest.mark.parametrize("seed", [0, 2, 3, 5])
def test_pieces_do_not_matter(seed: int) -> None:
    whole = next(crowd.crowd_of(task(seed), 1_000).all())[1]
    assert whole.membership.wave.max() > 0
    for size in (1, 7):
        cut = [players for _, players, _, _ in crowd.crowd_of(task(seed), size).all()]
        for name in ("journey", "held_out", "wave", "entry"):
            joined = np.concatenate([getattr(each.membership, name) for each in cut])
            assert joined.tolist() == getattr(whole.membership, name).tolist(), name
        for name, (values, known) in whole.roll.scores.items():
            assert np.concatenate([each.roll.scores[name][0] for each in cut]).tolist() == values.tolist()
            assert np.concatenate([each.roll.scores[name][1] for each in cut]).tolist() == known.tolist()


def test_waves_enter_from_the_first_to_the_last_that_has_somebody() -> None:
    come = [(9, [2, 3, 4]), (5, [4, 9]), (0, [0, 30])]  # people of a journey, days of its waves
    waves = tuple(
        people.Waves(count, np.zeros(0), np.zeros(0, np.uint64), DAY * np.array(days)) for count, days in come
    )
    nobody = np.zeros(1, np.int64)
    assert crowd.Crowd(task(1), (), nobody, {}, waves).entering == 7 * DAY
    assert crowd.Crowd(task(1), (), nobody).entering == 0


@pytest.mark.parametrize("seed", [0, 2, 4, 6])
def test_equal_hashes_keep_the_order_of_the_keys(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The hash of everybody is one of few: waves are filled by hash, then by key."""
    some = task(seed)

    def coarse(key: np.ndarray, salt: str) -> np.ndarray:
        return (key % np.uint64(3)).astype(np.float64) / 4

    monkeypatch.setattr(people, "share", coarse)
    for size in (1_000, 5):
        members = [players.membership for _, players, _, _ in crowd.crowd_of(some, size).all()]
        journey, held, wave = (
            np.concatenate([getattr(each, name) for each in members]) for name in ("journey", "held_out", "wave")
        )
        assert wave.max() >= 2  # some begin among people of one hash
        key = some.people.key
        for index, each in enumerate(some.plan.journeys):
            mine = np.flatnonzero((journey == index) & ~held)
            order = sorted(mine.tolist(), key=lambda who: (coarse(key[[who]], "")[0], key[who]))
            assert [wave[who] for who in order] == [n // each.wave.per_day for n in range(len(order))]


@pytest.mark.parametrize("features", [frozenset(), frozenset({"earlier"})])
def test_a_behaviour_is_bound_once_to_those_who_cannot_have_ordered_before_the_start(features: frozenset[str]) -> None:
    bound: list[int] = []

    class Counted(DefaultBehaviour):
        def model(self, plan: Plan, population: Population, *draws: Any) -> DefaultModel:
            bound.append(len(population))
            return super().model(plan, population, *draws)

    some = evolve(trial_of(Case(3, 40, features)).task(), behaviour=Counted())
    everybody = crowd.crowd_of(some, 16)
    assert bound == ([16, 16, 8] if features else [])
    bound.clear()
    assert all(model.first_order(np.arange(2, dtype=np.int32)).all() for _, _, model, _ in everybody.all())
    assert bound == [16, 16, 8]


def test_those_who_live_again_are_the_same_people() -> None:
    everybody = crowd.crowd_of(task(2), 7)
    numbers = np.arange(0, int(everybody.before[-1]), 2)
    whole = next(crowd.crowd_of(task(2), 1_000).all())[1]
    found = list(everybody.some(numbers, 4))
    assert len(found) > 1
    assert np.concatenate([each[3] for each in found]).tolist() == numbers.tolist()
    who = np.concatenate([each[0] for each in found])
    assert who.tolist() == whole.treated[numbers].tolist()
    entry = np.concatenate([players.membership.entry for _, players, _, _ in found])
    assert entry.tolist() == whole.membership.entry[who].tolist()


@pytest.mark.parametrize("count", [0, 1, 5, 3_000])
def test_a_wave_is_found_by_cells_as_by_halves(count: int) -> None:
    edges = np.sort(np.random.default_rng(count).random(count))
    edges[1:3] = edges[:1].sum()  # equal hashes
    edges.sort()
    beside = (np.nextafter(edges, 0.0), edges, np.nextafter(edges, 1.0))
    places = np.concatenate((np.arange(4_096) / 4_096, [1 - 2.0**-53], *beside))
    assert people._at_most(edges, places).tolist() == np.searchsorted(edges, places, side="right").tolist()

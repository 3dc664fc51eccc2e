"""The array simulator gives the reference's trace, row by row: on generated plans, and on the files in `campaigns`."""

from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sim.cases import FEATURES, Case
from tests.sim.comparing import against, told
from tests.sim.shrinking import assert_agree
from tests.sim.strategies import cases, trial_of

from wakeup.behaviour import DefaultBehaviour
from wakeup.customers import synthetic
from wakeup.face import load, prepared
from wakeup.sim import reference
from wakeup.sim.task import Task

HOUR, DAY = 3_600, 86_400


@settings(max_examples=60)
@given(cases(), st.sampled_from((HOUR, DAY, 7 * DAY)))
def test_both_simulators_give_the_same_trace(case: Case, bucket: int) -> None:
    trial = trial_of(case)
    found = against(trial.task(), told(trial.task(), reference), bucket=bucket)
    assert found is None, found.text


HINDERS = frozenset(
    {"caps", "gap", "quiet", "stock", "budget", "codes", "consent", "guards", "fields", "holdout", "earlier", "rate"}
    | {"waves", "scenario", "face", "promotion", "costs", "zones", "capacity"}
)
"""Features that keep sends from going out, or move nothing but them: with all of them little else happens."""


def some_case(seed: int) -> Case:
    """One of a fixed row of cases; in every second one few things hinder."""
    some = Random(seed)
    rare = 0.15 if seed % 2 else 0.6
    features = frozenset(
        each for each in FEATURES if some.random() < (rare if each in HINDERS else 0.6 + 0.2 * (seed % 2))
    )
    return Case(seed, 10 + seed % 20, features)


@pytest.mark.parametrize("first", range(0, 40, 10))
def test_a_fixed_row_of_cases(first: int) -> None:
    """A mismatch here says the smallest plan that shows it."""
    for seed in range(first, first + 10):
        assert_agree(trial_of(some_case(seed)))


CAMPAIGNS = Path(__file__).parents[2] / "campaigns"
FILES = sorted(
    each.relative_to(CAMPAIGNS).as_posix() for each in CAMPAIGNS.rglob("*.wake") if each.parent.name != "shared"
)


@pytest.mark.parametrize("file", FILES)
def test_the_campaigns_of_the_repository(file: str) -> None:
    """Under the default behaviour, with made up people; once as it is, once in the first of its scenarios."""
    plan = load(CAMPAIGNS / file)
    plan, people = prepared(plan, synthetic(120, seed=5))
    for replication, scenario in ((0, None), (3, next(iter(plan.scenarios), None))):
        task = Task(plan, people, DefaultBehaviour(), 7, replication, scenario)
        found = against(task, told(task, reference))
        assert found is None, found.text


BUSY = frozenset(
    {"capacity", "activities", "prices", "codes", "bonds", "grants", "variants", "gifts", "staff", "challenge"}
    | {"fallback", "rate"}
)


@pytest.mark.parametrize(
    ("seed", "people", "features"),
    [(5, 300, frozenset(FEATURES) - {"waves", "earlier"}), (3, 300, BUSY), (7, 300, BUSY), (11, 200, BUSY)],
    ids=["everything", "busy3", "busy7", "busy11"],
)
def test_crowds_large_enough_to_be_played_apart(seed: int, people: int, features: frozenset[str]) -> None:
    """Hundreds due in one second, over limits and desks that a few exhaust."""
    assert_agree(trial_of(Case(seed, people, features)), most=200)


@pytest.mark.proof
@settings(max_examples=2_000)
@given(cases(), st.sampled_from((HOUR, DAY, 7 * DAY)))
def test_both_simulators_for_long(case: Case, bucket: int) -> None:
    trial = trial_of(case)
    found = against(trial.task(), told(trial.task(), reference), bucket=bucket)
    assert found is None, found.text


@pytest.mark.proof
@pytest.mark.parametrize("hundred", range(20))
def test_a_long_row_of_cases(hundred: int) -> None:
    for seed in range(1_000 + 100 * hundred, 1_100 + 100 * hundred):
        assert_agree(trial_of(some_case(seed)))

"""Both simulators give the same traces of two campaigns on one clock, row by row, on generated pairs."""

from random import Random

import pytest
from attrs import evolve
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.sim.cases import FEATURES, Case
from tests.sim.comparing import difference, told_by
from tests.sim.recorder import Recorder
from tests.sim.strategies import cases, plan_of, trial_of
from tests.sim.test_equivalence import BUSY, HINDERS

from wakeup.plan.model import Plan, Scenario
from wakeup.sim import array, reference
from wakeup.sim.together.one_world import one_event

DAY, HOUR = 86_400, 3_600


def other_plan(case: Case, first: Plan, seed: int) -> Plan:
    """Another plan of the same zone and time, which may share channels and staff, and start and end later."""
    r = Random(f"other {seed}")
    number = case.seed + 1
    while (plan := plan_of(evolve(case, seed=number))[0]).zone != first.zone or plan.start != first.start:
        number += 1
    if r.random() < 0.6:  # the same channels and staff, as far as they have one name
        channels = {each.name: each for each in first.channels}
        staff = {each.name: each for each in first.staff}
        plan = evolve(
            plan,
            channels=tuple(
                evolve(each, rate=channels[each.name].rate, rate_seconds=channels[each.name].rate_seconds)
                if each.name in channels
                else each
                for each in plan.channels
            ),
            staff=tuple(staff.get(each.name, each) for each in plan.staff),
        )
    start = plan.start + r.choice((0, 0, 0, 15 * HOUR, DAY, 2 * DAY + 900))
    return evolve(
        plan,
        name="other",
        start=start,
        journeys=tuple(
            evolve(each, wave=evolve(each.wave, first=max(each.wave.first, start))) for each in plan.journeys
        ),
    )


def disagree(case: Case, bucket: int = DAY) -> str | None:
    """Play a pair on both simulators; return where they differ, None if nowhere."""
    trial = trial_of(case)
    plans = [trial.plan, other_plan(case, trial.plan, case.seed)]
    if case.seed % 2:
        plans.reverse()
    crowd = trial.task().people
    scenarios: list[Scenario | None] = [None, None]
    if trial.scenario is not None:
        named = [evolve(each, scenarios=(trial.scenario,) if each is trial.plan else ()) for each in plans]
        scenarios = list(one_event(named, trial.scenario.name))
    tasks = [
        evolve(trial.task(), plan=plan, population=crowd, scenario=met)
        for plan, met in zip(plans, scenarios, strict=True)
    ]
    expected, found = ([Recorder() for _ in tasks] for _ in range(2))
    reference.together(tasks, expected)
    array.together(tasks, found, bucket=bucket)
    for number, task in enumerate(tasks):
        differs = difference(told_by(task, expected[number]), told_by(task, found[number]))
        if differs is not None:
            return f"campaign {number} of seed {case.seed}, {case.people} people: {differs.text}"
    return None


def some_case(seed: int) -> Case:
    """One of a fixed row of cases; in every second one few things hinder."""
    some = Random(seed)
    rare = 0.15 if seed % 2 else 0.6
    features = frozenset(
        each for each in FEATURES if some.random() < (rare if each in HINDERS else 0.6 + 0.2 * (seed % 2))
    )
    return Case(seed, 10 + seed % 20, features)


@pytest.mark.parametrize("first", range(0, 30, 10))
def test_a_fixed_row_of_pairs(first: int) -> None:
    for seed in range(first, first + 10):
        assert (found := disagree(some_case(seed))) is None, found


SAME_DESK = frozenset(
    {
        "activities", "bonds", "bought", "budget", "capacity", "challenge", "codes", "consent", "costs", "earlier",
        "fallback", "fields", "gap", "gifts", "goals", "grants", "guards", "holdout", "permissions", "prices", "quiet",
        "rate", "rules", "scenario", "stock", "touches", "variants", "zones",
    }
)  # fmt: skip
"""A text that nobody was free for falls back to one of the same desk, which it asks in the same second."""


@settings(max_examples=20)
@example(Case(28, 28, SAME_DESK), HOUR)
@given(cases(), st.sampled_from((HOUR, DAY, 7 * DAY)))
def test_generated_pairs(case: Case, bucket: int) -> None:
    assert (found := disagree(case, bucket)) is None, found


@pytest.mark.parametrize(
    ("seed", "people", "features"),
    [(5, 150, frozenset(FEATURES) - {"waves", "earlier"}), (4, 150, BUSY)],
    ids=["everything", "busy"],
)
def test_crowds(seed: int, people: int, features: frozenset[str]) -> None:
    assert (found := disagree(Case(seed, people, features))) is None, found


@pytest.mark.proof
@pytest.mark.parametrize("hundred", range(10))
def test_a_long_row_of_pairs(hundred: int) -> None:
    for seed in range(1_000 + 100 * hundred, 1_100 + 100 * hundred):
        assert (found := disagree(some_case(seed))) is None, found


def test_pairs_meet() -> None:
    """Most pairs that are generated have a channel in common, and in some the second starts later."""
    firsts = [trial_of(case).plan for case in map(some_case, range(12))]
    pairs = [
        (plan, other_plan(case, plan, case.seed)) for plan, case in zip(firsts, map(some_case, range(12)), strict=True)
    ]
    names = [({each.name for each in one.channels} & {each.name for each in other.channels}) for one, other in pairs]
    assert sum(map(bool, names)) >= 8
    assert any(one.start < other.start for one, other in pairs)

"""Morris effects: nothing is 0, a line is its slope wherever the others are, a product bends."""

from functools import cache
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from tests.sim.people import Person, population
from tests.sim.plans import ENTRY, START, campaign, email, journey, letter, send

from wakeup.behaviour import DefaultBehaviour, in_use
from wakeup.behaviour.parameters import moved
from wakeup.diagnostics import WakeupError
from wakeup.figures.result import Result
from wakeup.plan.model import Assumption, Plan, Wave
from wakeup.sim.replications import simulate
from wakeup.sim.sensitivity import PATHS, Paths, _effects, paths_of

DAY = 86_400
BASE = campaign(
    journey(send("letter", step="a"), wave=Wave(ENTRY, None)),
    channels=(email(),),
    messages=(letter(cost_micros=200_000),),
    end=START + 10 * DAY,
    follow_up=5 * DAY,
    assumptions=(
        Assumption("reach", "channel:email", 0.6, 0.4, "logit", "a guess", "none"),
        Assumption("advertising", "", 1.0, 0.0, "log", "known", "given"),
    ),
)
VARY = ("reach", "organic_level", "organic_dormancy", "season_june", "season_january", "seen", "clicked", "lapse")
PLAN = evolve(BASE, assumptions=tuple(row if row.parameter in VARY else evolve(row, sd=0.0) for row in in_use(BASE)))
"""Few assumptions vary, so that paths are short."""
PEOPLE = population(START, [Person(f"p{n}", START - 100 * DAY, 3, 30_000) for n in range(400)])


@cache
def found_once() -> Result:
    return played()


def played(plan: Plan = PLAN, **options: Any) -> Result:
    return simulate(plan, PEOPLE, seed=3, replications=2, sensitivity=True, **options)


def test_a_path_moves_every_assumption_once_by_the_same_step_within_the_range() -> None:
    found = paths_of(PLAN, 5)
    assert len(found.paths) == PATHS
    assert found.runs == PATHS * (len(found.rows) + 1)
    assert all(row.sd > 0 for row in found.rows)
    for path in found.paths:
        assert sorted(path.order.tolist()) == list(range(len(found.rows)))
        end = path.start + np.where(path.up, 2 / 3, -2 / 3)
        levels = np.round(3 * np.concatenate([path.start, end]), 9)
        assert set(levels.tolist()) <= {0.0, 1.0, 2.0, 3.0}
        assert len(set(path.up.tolist())) == 2, "some go up, some down"
    assert not np.array_equal(found.paths[0].order, found.paths[1].order)


def test_effects_of_a_line_are_its_slopes_and_a_product_bends() -> None:
    found = paths_of(PLAN, 5)
    count = len(found.rows)
    slopes = np.arange(count, dtype=float) - 3.0
    profit = np.empty((len(found.paths), count + 1))
    for place, path in enumerate(found.paths):
        levels = path.start.copy()
        profit[place, 0] = slopes @ levels + 50.0 * levels[0] * levels[1]
        for step, which in enumerate(path.order.tolist(), start=1):
            levels[which] += 2 / 3 if path.up[which] else -2 / 3
            profit[place, step] = slopes @ levels + 50.0 * levels[0] * levels[1]
    told = {each.assumption: each for each in _effects(found, profit)}
    names = [f"{row.parameter} {row.scope}".rstrip() for row in found.rows]
    for name, slope in list(zip(names, slopes, strict=True))[2:]:
        assert told[name].effect == pytest.approx(slope)
        assert told[name].size == pytest.approx(abs(slope))
        assert told[name].bends == pytest.approx(0.0, abs=1e-9)
    assert told[names[0]].bends > 1.0  # type: ignore[operator]  # None only of a single path
    assert list(told.values()) == sorted(told.values(), key=lambda each: (-each.size, each.assumption))


def test_the_reach_of_a_channel_that_costs_and_brings_nothing_costs_what_it_sends() -> None:
    found = {each.assumption: each for each in found_once().sensitivity}
    reach = found["reach channel:email"]
    row = next(each for each in in_use(PLAN) if each.parameter == "reach")
    low, high = (moved(row, z) for z in (-1.6448536269514722, 1.6448536269514722))
    assert reach.effect == pytest.approx(-(high - low) * 400 * 0.2, rel=0.35)
    assert found["season_june"].size == 0.0, "no day of the run lies in June"
    assert "advertising" not in found, "what is certain does not move"


def test_it_is_nothing_unless_asked_for_and_workers_change_nothing() -> None:
    assert simulate(PLAN, PEOPLE, seed=3, replications=2).sensitivity == ()
    assert played(workers=2).sensitivity == found_once().sensitivity


def test_progress_counts_the_paths() -> None:
    seen: list[tuple[int, int]] = []
    result = played(progress=lambda *step: seen.append(step))
    runs = paths_of(PLAN, 3).runs
    assert seen[-1] == (runs, runs)
    assert len(result.sensitivity) * PATHS + PATHS == runs


def test_a_plan_in_which_all_is_certain_has_no_paths() -> None:
    certain = evolve(PLAN, assumptions=tuple(evolve(row, sd=0.0) for row in in_use(PLAN)))
    assert isinstance(paths_of(certain, 1), Paths)
    assert paths_of(certain, 1).runs == 0
    assert played(certain).sensitivity == ()


def test_a_behaviour_of_your_own_has_assumptions_that_nobody_knows() -> None:
    class Own(DefaultBehaviour):
        pass

    with pytest.raises(WakeupError) as raised:
        played(behaviour=Own())
    assert [each.code for each in raised.value.diagnostics] == ["WK5140"]

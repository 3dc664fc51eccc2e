"""Workload W: wakeup's simulators and the programs written by hand play the same."""

from functools import cache

import numpy as np
import pytest
from benchmarks.w import by_heap, by_numpy, by_simpy
from benchmarks.w import terms as w
from benchmarks.w.behaviour import Behaviour
from benchmarks.w.campaign import Counts, plan_for, population
from benchmarks.w.people import People, people
from benchmarks.w.scatter import FAR, Scatter, scatter

from wakeup.sim import array, reference
from wakeup.sim.task import Task

CUSTOMERS = 5_000
SEED = 3


@pytest.fixture(scope="module")
def some() -> People:
    return people(CUSTOMERS)


def by_wakeup(engine, customers: People):
    plan = plan_for(len(customers))
    everybody = population(customers, plan.start)
    sink = Counts(plan)
    engine.run(Task(plan, everybody, Behaviour(), SEED, 1), sink)
    return sink.table


@cache
def usual(*, late: bool) -> Scatter:
    """How counts scatter with the people of `some`."""
    return scatter(CUSTOMERS, same_people=True, late=late)


def far(usual: Scatter, table) -> list[tuple[str, str, float]]:
    """Return the counts that are too far away: metric, group, distance."""
    distance = usual.distance(table)
    places = zip(*np.nonzero(np.abs(distance) > FAR), strict=True)
    return [(w.METRICS[metric], w.GROUPS[group], float(distance[metric, group])) for metric, group in places]


@pytest.mark.parametrize("run", [by_simpy.run, by_simpy.run_lean, by_heap.run], ids=["simpy", "simpy-lean", "heap"])
@pytest.mark.parametrize("late", [False, True], ids=["skip", "late"])
def test_the_programs_by_hand_agree(run, late: bool, some: People) -> None:
    table = run(some, SEED, late=late)
    assert far(usual(late=late), table) == []
    assert table[w.N].sum() == CUSTOMERS


@pytest.mark.parametrize("run", ["run_days", "run_events"])
def test_mesa_agrees(run: str, some: People) -> None:
    pytest.importorskip("mesa", reason="Mesa is not installed: pip install 'wakeup[bench]'")
    from benchmarks.w import by_mesa

    assert far(usual(late=False), getattr(by_mesa, run)(some, SEED, late=False)) == []


def test_wakeup_agrees_with_the_programs_by_hand(some: People) -> None:
    table = by_wakeup(array, some)
    assert far(scatter(CUSTOMERS, same_people=False), table) == []
    assert table[w.N].sum() == CUSTOMERS


def test_both_simulators_count_the_same(some: People) -> None:
    few = people(500)
    np.testing.assert_allclose(by_wakeup(array, few), by_wakeup(reference, few), rtol=1e-12)


def test_another_workload_shows() -> None:
    """W to the letter sends late what is over the cap: other counts, and the distances say so."""
    many = people(20_000)
    wrong = far(scatter(len(many), same_people=True), by_numpy.run(many, SEED, late=True))
    assert {metric for metric, _, _ in wrong} >= {"sent", "delivered"}


def test_w_to_the_letter_has_its_events() -> None:
    """6.2 to 6.4 events a customer were published; 6.45 is what the formulas as printed give."""
    table = by_numpy.run(people(20_000), SEED, late=True)
    assert table[list(w.EVENTS)].sum() / 20_000 == pytest.approx(6.44, abs=0.06)


def test_a_block_does_not_change_the_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    some = people(3_000)
    whole = by_numpy.run(some, SEED, late=True)
    monkeypatch.setattr(by_numpy, "BLOCK", 700)
    np.testing.assert_allclose(by_numpy.run(some, SEED, late=True), whole, rtol=1e-12)


def test_people_do_not_depend_on_their_number() -> None:
    few, many = people(100), people(1_000)
    for one, other in zip((few.group, few.aov, few.launch), (many.group, many.aov, many.launch), strict=True):
        np.testing.assert_array_equal(one, other[:100])

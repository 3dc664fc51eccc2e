"""The array simulator gives the reference's trace, row by row, on generated plans."""

from collections import Counter
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sim.lively import Lively
from tests.sim.recorder import Line, Recorder
from tests.sim.strategies import FEATURES, Case, cases, crowd, plan_of

from wakeup.plan.model import Plan
from wakeup.sim import array, reference
from wakeup.sim.task import Task
from wakeup.terms.lists import Reason, Row

HOUR, DAY = 3_600, 86_400

UNUSED = {Reason.NONE, Reason.CONTROL, Reason.NO_GRANT, Reason.CAPACITY}
WANTED = (
    {row.name for row in Row}
    | {f"refused {reason.name}" for reason in Reason if reason not in UNUSED}
    | {"Send", "Wait", "Branch", "Jump", "Split", "Exit", "Coupon", "Gift", "Service", "Challenge"}
    | {"promoted", "reserved", "tripped complaints", "tripped spending"}
)


def task_of(case: Case) -> Task:
    plan, as_of, scenario = plan_of(case)
    return Task(plan, crowd(case, plan, as_of), Lively(), case.seed, 0, scenario)


def recorded(task: Task, engine: Any, **options: Any) -> Recorder:
    recorder = Recorder()
    engine.run(task, recorder, **options)
    return recorder


def assert_same(task: Task, expected: Recorder, found: Recorder) -> None:
    """Compare membership, twins, rows and closing; on a difference show the first row and its person's two traces."""
    first, second = expected.membership, found.membership
    assert first is not None
    assert second is not None
    for name in ("journey", "held_out", "wave", "entry", "orders", "monetary"):
        assert getattr(first, name).tolist() == getattr(second, name).tolist(), name
    assert [each.tolist() for each in first.bands] == [each.tolist() for each in second.bands]
    assert (first.eligible, first.no_journey) == (second.eligible, second.no_journey)
    assert sorted(expected.twin) == sorted(found.twin)
    rows = [each.lines(task.plan, task.population) for each in (expected, found)]
    if rows[0] != rows[1]:
        raise AssertionError(_difference(rows[0], rows[1]))
    assert expected.closing == found.closing, (expected.closing, found.closing)


def _difference(expected: list[Line], found: list[Line]) -> str:
    place = next((n for n, (a, b) in enumerate(zip(expected, found, strict=False)) if a != b), None)
    place = min(len(expected), len(found)) if place is None else place
    rows = [*expected[place : place + 1], *found[place : place + 1]]
    person = min(rows)[1]
    parts = [f"row {place} differs, of {person}:"]
    for name, lines in (("reference", expected), ("array", found)):
        parts += [f"--- {name}", *(str(line) for line in lines if line[1] == person)]
    return "\n".join(parts)


def count(plan: Plan, recorder: Recorder) -> Counter[str]:
    """Count what a run has met."""
    met = Counter({type(each).__name__ for journey in plan.journeys for each in journey.program})
    met.update(type(each).__name__ for each in plan.incentives)
    for batch in recorder.batches:
        met[Row(batch.row).name] += len(batch.who)
        met.update(f"refused {Reason(int(reason)).name}" for reason in batch.reason if reason)
    assert recorder.closing is not None
    met.update(f"tripped {name}" for name, _, _ in recorder.closing.tripped)
    met.update("promoted" for _, arm in recorder.closing.promoted if arm)
    met.update("reserved" for _, amount in recorder.closing.reserved if amount)
    return met


@settings(max_examples=60)
@given(cases(), st.sampled_from((HOUR, DAY, 7 * DAY)))
def test_both_simulators_give_the_same_trace(case: Case, bucket: int) -> None:
    task = task_of(case)
    assert_same(task, recorded(task, reference), recorded(task, array, bucket=bucket))


def test_every_kind_of_row_and_refusal_is_met() -> None:
    """What was never met was never compared."""
    met: Counter[str] = Counter()
    for seed in range(50):
        some = Random(seed)
        features = frozenset(each for each in FEATURES if some.random() < 0.6)
        task = task_of(Case(seed, 10 + seed % 20, features))
        expected = recorded(task, reference)
        met += count(task.plan, expected)
        assert_same(task, expected, recorded(task, array))
    assert {name for name in WANTED if not met[name]} == set()


@pytest.mark.parametrize(("seed", "people"), [(5, 300), (16, 400)])
def test_crowds_large_enough_to_be_played_apart(seed: int, people: int) -> None:
    """Hundreds due in one second, over limits that a few exhaust."""
    task = task_of(Case(seed, people, frozenset(FEATURES) - {"waves", "earlier"}))
    expected = recorded(task, reference)
    assert_same(task, expected, recorded(task, array))


@pytest.mark.proof
@settings(max_examples=2_000)
@given(cases(), st.sampled_from((HOUR, DAY, 7 * DAY)))
def test_both_simulators_for_long(case: Case, bucket: int) -> None:
    task = task_of(case)
    assert_same(task, recorded(task, reference), recorded(task, array, bucket=bucket))

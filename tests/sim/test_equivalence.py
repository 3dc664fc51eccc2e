"""The array simulator gives the reference's trace, row by row, on generated plans."""

from collections import Counter
from typing import Any

from hypothesis import given, settings

from tests.sim.recorder import Line, Recorder
from tests.sim.strategies import Case, Lively, cases, crowd, plan_of
from wakeup.plan.model import Plan
from wakeup.sim import array, reference
from wakeup.sim.task import Task
from wakeup.terms.lists import Reason, Row

MET: Counter[str] = Counter()

UNUSED = {Reason.NONE, Reason.CONTROL, Reason.EXITED, Reason.NO_GRANT, Reason.CAPACITY}


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


def count(plan: Plan, recorder: Recorder) -> None:
    """Count what a run has met."""
    for batch in recorder.batches:
        MET[Row(batch.row).name] += len(batch.who)
        MET.update(Reason(int(reason)).name for reason in batch.reason if reason)
    met = {type(each).__name__ for journey in plan.journeys for each in journey.program}
    MET.update(met | {type(each).__name__ for each in plan.incentives})
    assert recorder.closing is not None
    MET.update(f"tripped {name}" for name, _, _ in recorder.closing.tripped)
    MET.update("promoted" for _, arm in recorder.closing.promoted if arm)
    MET.update("reserved" for _, amount in recorder.closing.reserved if amount)


@settings(max_examples=250)
@given(cases())
def test_both_simulators_give_the_same_trace(case: Case) -> None:
    task = task_of(case)
    expected = recorded(task, reference)
    count(task.plan, expected)
    assert_same(task, expected, recorded(task, array))


def test_the_generated_plans_meet_everything() -> None:
    """Runs after the test above: what was never met was never compared."""
    kinds = {"Send", "Wait", "Branch", "Jump", "Split", "Exit", "Coupon", "Gift", "Service", "Challenge"}
    wanted = {row.name for row in Row} | {reason.name for reason in Reason if reason not in UNUSED} | kinds
    wanted |= {"EXITED", "promoted", "reserved", "tripped complaints", "tripped spending"}
    assert wanted - MET.keys() == set()

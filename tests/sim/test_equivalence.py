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

from wakeup.figures.events import EventBatch
from wakeup.plan.model import Plan, Wait
from wakeup.sim import array, reference
from wakeup.sim.task import Task
from wakeup.terms.lists import Outcome, Reason, Row

HOUR, DAY = 3_600, 86_400

COUPONS = ("coupon", "flash_price", "member_price", "points")
GIFTS = ("gift", "content", "membership")
ACTIVITIES = ("challenge", "draw", "survey", "event", "community")

WANTED = (
    {row.name for row in Row}
    | {f"refused {reason.name}" for reason in Reason if reason not in (Reason.NONE, Reason.CONTROL)}
    | {"Send", "Wait", "Branch", "Jump", "Split", "Grant", "Exit"}
    | {f"granted {kind}" for kind in (*COUPONS, *GIFTS, *ACTIVITIES, "service")}
    | {f"redeemed {kind}" for kind in COUPONS}
    | {f"gifted {kind}" for kind in GIFTS}
    | {f"{what} {kind}" for what in ("joined", "completed") for kind in ACTIVITIES}
    | {f"waits for {outcome}" for outcome in Outcome}
    | {f"goal {outcome}" for outcome in Outcome}
    | {"sent mini_subscribe", "sent by staff", "sent variant", "sent own text", "granted without message"}
    | {"refused without message", "refused for want of places", "delayed CAPACITY", "waits for several"}
    | {"band lost", "band choosy", "band rest", "band none"}
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
    waits = [each.outcomes for journey in plan.journeys for each in journey.program if isinstance(each, Wait)]
    met.update(f"waits for {outcome}" for outcomes in waits for outcome in outcomes)
    met.update("waits for several" for outcomes in waits if len(outcomes) > 1)
    met.update(f"goal {journey.goal}" for journey in plan.journeys)
    for batch in recorder.batches:
        met[Row(batch.row).name] += len(batch.who)
        met.update(f"refused {Reason(int(reason)).name}" for reason in batch.reason if reason)
        met += _kinds(plan, batch)
    assert recorder.membership is not None
    assert recorder.closing is not None
    for tier, bands in zip(plan.tiers, recorder.membership.bands, strict=True):
        if tier.unit == "rule":
            met.update(f"band {('none', *(each.name for each in tier.bands))[band + 1]}" for band in bands.tolist())
    met.update(f"tripped {name}" for name, _, _ in recorder.closing.tripped)
    met.update("promoted" for _, arm in recorder.closing.promoted if arm)
    met.update("reserved" for _, amount in recorder.closing.reserved if amount)
    return met


def _kinds(plan: Plan, batch: EventBatch) -> Counter[str]:
    """Count which kinds of incentives, texts and channels rows are about."""
    row = Row(batch.row)
    met: Counter[str] = Counter()
    kinds = [plan.incentives[each].kind for each in batch.incentive.tolist() if each >= 0]
    if row in (Row.GRANTED, Row.REDEEMED, Row.GIFTED, Row.JOINED, Row.COMPLETED):
        met.update(f"{row.name.lower()} {kind}" for kind in kinds)
    bare = (batch.message < 0) & (batch.incentive >= 0)
    match row:
        case Row.GRANTED:
            met["granted without message"] += int(bare.sum())
        case Row.REFUSED:
            met["refused without message"] += int(bare.sum())
            about = batch.incentive[(batch.message >= 0) & (batch.incentive >= 0)].tolist()
            met["refused for want of places"] += sum(plan.incentives[each].kind in ACTIVITIES for each in about)
        case Row.DELAYED:
            met["delayed CAPACITY"] += int((batch.reason == Reason.CAPACITY).sum())
        case Row.SENT:
            channels = {each.name: each for each in plan.channels}
            texts = [plan.messages[each] for each in batch.message.tolist()]
            met.update(f"sent {channels[each.channel].channel_kind}" for each in texts)
            met.update("sent by staff" for each in texts if each.staff or channels[each.channel].staff)
            met["sent variant"] += int((batch.arm >= 0).sum())
            met["sent own text"] += sum(
                arm < 0 and bool(each.variants) for each, arm in zip(texts, batch.arm.tolist(), strict=True)
            )
    return met


@settings(max_examples=60)
@given(cases(), st.sampled_from((HOUR, DAY, 7 * DAY)))
def test_both_simulators_give_the_same_trace(case: Case, bucket: int) -> None:
    task = task_of(case)
    assert_same(task, recorded(task, reference), recorded(task, array, bucket=bucket))


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


def test_every_kind_of_row_and_refusal_is_met() -> None:
    """What was never met was never compared."""
    met: Counter[str] = Counter()
    for seed in range(60):
        task = task_of(some_case(seed))
        expected = recorded(task, reference)
        met += count(task.plan, expected)
        assert_same(task, expected, recorded(task, array))
    assert {name for name in WANTED if not met[name]} == set()


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
    task = task_of(Case(seed, people, features))
    expected = recorded(task, reference)
    assert_same(task, expected, recorded(task, array))


@pytest.mark.proof
@settings(max_examples=2_000)
@given(cases(), st.sampled_from((HOUR, DAY, 7 * DAY)))
def test_both_simulators_for_long(case: Case, bucket: int) -> None:
    task = task_of(case)
    assert_same(task, recorded(task, reference), recorded(task, array, bucket=bucket))

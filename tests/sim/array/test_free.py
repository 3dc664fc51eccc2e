"""People live alone wherever what they share does not act, and the result is that of the reference."""

from pathlib import Path
from random import Random

import numpy as np
import pytest
from attrs import evolve
from tests.sim.cases import FEATURES, Case
from tests.sim.comparing import difference, told, told_by
from tests.sim.recorder import Recorder
from tests.sim.strategies import trial_of
from tests.sim.test_equivalence import some_case

from wakeup.behaviour import DefaultBehaviour
from wakeup.behaviour.protocol import Model
from wakeup.customers import synthetic
from wakeup.face import load, prepared
from wakeup.figures.events import Part
from wakeup.plan.model import DayWindow
from wakeup.sim import array, reference
from wakeup.sim.array import free, queue
from wakeup.sim.array.codes import DAY
from wakeup.sim.array.crowd import crowd_of
from wakeup.sim.array.people import Cast
from wakeup.sim.task import Task
from wakeup.terms.lists import Reason, Row

INVITATION = Path(__file__).parents[3] / "campaigns" / "examples" / "event_invitation.wake"

ORDERED = frozenset({"staff", "promotion"})
"""Features that are always played in order."""
SCARCE = frozenset({"stock", "budget", "codes", "guards", "face"})
"""Features that act sooner or later in these small worlds."""


def case(seed: int) -> Case:
    some = Random(seed)
    wanted = [each for each in FEATURES if each not in ORDERED]
    return Case(
        seed,
        5 + seed % 20,
        frozenset(each for each in wanted if some.random() < (0.1 if each in SCARCE else 0.5)),
    )


def delays(recorder: Recorder) -> set[Reason]:
    found = [batch.reason for part in recorder.parts for batch in part.batches if batch.row == Row.DELAYED]
    return {Reason(int(each)) for reasons in found for each in reasons}


def test_what_stands_is_what_the_reference_plays() -> None:
    """Most cases stand, among them some in which people wait for a place, and some in which they wait for staff."""
    stood, waited = 0, set()
    for seed in range(60):
        task = trial_of(case(seed)).task()
        recorder = Recorder()
        if free.run(task, recorder, chunk=1 + seed % 7).ordered_from is None:
            stood += 1
            waited |= delays(recorder)
            found = difference(told(task, reference), told_by(task, recorder))
            assert found is None, f"{seed}: {found and found.text}"
    assert stood >= 30
    assert {Reason.RATE, Reason.CAPACITY, Reason.QUIET} <= waited


@pytest.mark.parametrize("seed", [0, 12, 52, 70])
def test_no_chunk_changes_a_row(seed: int) -> None:
    task = trial_of(case(seed)).task()
    expected = told(task, array, chunk=1_000)
    for chunk in (1, 2, 5):
        assert difference(expected, told(task, array, chunk=chunk)) is None


def scarce(stock: int | None) -> Task:
    """A case with gifts, of which there are so many."""
    trial = trial_of(Case(1, 20, frozenset({"gifts"})))
    plan = evolve(trial.plan, incentives=tuple(evolve(each, stock=stock) for each in trial.plan.incentives))
    return evolve(trial, plan=plan).task()


def test_a_limit_that_may_have_acted_says_when_and_which() -> None:
    played = free.run(scarce(1), Recorder(), chunk=100)
    assert played.ordered_from is not None
    assert played.because.startswith("stock of ")
    assert free.run(scarce(10_000), Recorder(), chunk=100).ordered_from is None


@pytest.mark.parametrize(
    ("seed", "limit"), [(4_339, "stock of circle"), (4_666, "stock of kit"), (5_852, "stock of member")]
)
def test_a_limit_that_acts_is_the_reason_though_a_place_was_told_wrongly_before(seed: int, limit: str) -> None:
    """A wrong place alone would be tried again."""
    assert free.run(trial_of(some_case(seed)).task(), Recorder(), chunk=1_000).because == limit


def test_what_did_not_stand_is_void() -> None:
    """The sink begins once more, and ends up with what was played in order."""
    task, recorder = scarce(1), Recorder()
    assert array.run(task, recorder).ordered_from is not None
    assert len(recorder.parts) == 1
    assert difference(told(task, reference), told_by(task, recorder)) is None


GO_ON = (
    # A place in a rate is held while a fallback's desk is asked: who does not know yet stands as before the step.
    Case(
        96,
        51,
        frozenset(["branches", "caps", "rate", "goals", "consent", "fallback", "capacity", "challenge", "bonds"]),
    ),
    # A fallback that would wait in line loses to the first message, which is held: it leaves the line at once.
    Case(221, 36, frozenset(["rules", "gifts", "capacity", "rate", "fallback", "bought", "permissions", "bonds"])),
)


@pytest.mark.parametrize("each", GO_ON, ids=lambda each: str(each.seed))
def test_who_waits_goes_on_from_where_they_asked(each: Case) -> None:
    """If all live side by side. Their rows are those of the reference."""
    task, recorder = trial_of(each).task(), Recorder()
    assert free.run(task, recorder, chunk=1_000).ordered_from is None
    assert Reason.RATE in delays(recorder)
    found = difference(told(task, reference), told_by(task, recorder))
    assert found is None, found.text


def test_what_was_told_before_the_step_that_waits_stands() -> None:
    """A rate is asked twice in one second, in between another, which makes people wait: that is left to the order."""
    features = frozenset({"rate", "goals", "permissions", "branches", "split", "prices", "gifts", "fallback", "grants"})
    task, recorder = trial_of(Case(5137, 32, features)).task(), Recorder()
    assert array.run(task, recorder).because.startswith("rate of")
    assert difference(told(task, reference), told_by(task, recorder)) is None


def test_who_waits_side_by_side_lives_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """In this campaign hundreds are due in one second for messages whose fallbacks have rates of their own."""
    lives: list[int] = []
    lived = free._Lives._lived

    def counted(self: free._Lives, players: Cast, model: Model, number: np.ndarray) -> Part:
        lives.append(len(number))
        return lived(self, players, model, number)

    monkeypatch.setattr(free._Lives, "_lived", counted)
    plan, people = prepared(load(INVITATION), synthetic(400, seed=7))
    task = Task(plan, people, DefaultBehaviour(), 7, 0)
    recorder = Recorder()
    assert free.run(task, recorder, chunk=1_000).ordered_from is None
    assert len(lives) == 1
    assert Reason.RATE in delays(recorder)
    assert difference(told(task, reference), told_by(task, recorder)) is None


def test_everybody_is_in_one_part() -> None:
    task, recorder = trial_of(case(52)).task(), Recorder()
    assert free.run(task, recorder, chunk=3).ordered_from is None
    people = np.concatenate([part.people for part in recorder.parts])
    assert len(recorder.parts) > 2
    assert len(np.unique(people)) == len(people)


@pytest.mark.parametrize(("sigmas", "once"), [(4, True), (1e6, False)])
def test_who_finds_staff_enough_lives_once(sigmas: float, once: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """But not if that many staff are not taken for enough; either way the rows are those of the reference."""
    lives, lived = 0, free._Lives._lived

    def counted(self: free._Lives, players: Cast, model: Model, number: np.ndarray) -> Part:
        nonlocal lives
        lives += len(number)
        return lived(self, players, model, number)

    monkeypatch.setattr(free._Lives, "_lived", counted)
    monkeypatch.setattr(queue, "_SIGMAS", sigmas)
    stood = again = 0
    for seed in range(6):
        trial = trial_of(Case(seed, 20, frozenset({"capacity"})))
        staff = tuple(evolve(each, people=10_000, hours=DayWindow(0, DAY)) for each in trial.plan.staff)
        task, recorder = evolve(trial, plan=evolve(trial.plan, staff=staff)).task(), Recorder()
        before = lives
        if free.run(task, recorder, chunk=7).ordered_from is None:  # else a send without its text was kept staff for
            assert difference(told(task, reference), told_by(task, recorder)) is None
            again += lives - before - crowd_of(task, 7).treated
            stood += 1
    assert stood >= 3
    assert (again == 0) is once

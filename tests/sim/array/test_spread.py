"""Some of the people live here, others elsewhere: what they come to is what everybody comes to in one place."""

import copy
from functools import cache
from random import Random

import numpy as np
import pytest
from attrs import evolve, fields
from tests.sim.array.test_free import case, scarce
from tests.sim.cases import Case
from tests.sim.motifs.every import MOTIFS
from tests.sim.planting import Fault, planted
from tests.sim.strategies import trial_of

from wakeup.figures.tally import Tally
from wakeup.figures.totals import Totals
from wakeup.sim import array
from wakeup.sim.array import spread
from wakeup.sim.array.spread import Spread, can_spread
from wakeup.sim.task import Played, Task


def in_pieces(task: Task, size: int, seed: int = 0) -> tuple[Played | None, Totals | None]:
    """Play a task in pieces, in any order, each as it is when sent."""
    replication, order = Spread(task, size), list(range(-(-len(task.people) // size)))
    Random(seed).shuffle(order)
    for number in order:
        piece = copy.copy(replication.piece(number))  # by what pickle takes, too
        lived = spread.live(evolve(task, population=piece.people), piece)
        if not replication.take(lived):
            break
    played = replication.played()
    return played, replication.totals() if played is not None and played.ordered_from is None else None


def whole(task: Task) -> tuple[Played, Totals]:
    tally = Tally(task.plan, task.scenario)
    return array.run(task, tally), tally.totals()


def same(one: Totals, other: Totals) -> bool:
    return all(np.array_equal(getattr(one, each.name), getattr(other, each.name)) for each in fields(Totals))


def test_pieces_come_to_what_everybody_comes_to_in_one_place() -> None:
    stood = acted = 0
    for seed in range(60):
        task = trial_of(case(seed)).task()
        if not can_spread(task):
            continue
        played, totals = in_pieces(task, 1 + seed % 7, seed)
        expected = whole(task)
        if totals is not None:
            stood += 1
            assert same(totals, expected[1])
            assert played == expected[0] == Played()
        elif played is not None:
            acted += 1
            assert played.ordered_from is not None
            assert same(whole(evolve(task, known=played))[1], expected[1])
    assert stood >= 10
    assert acted >= 3


@pytest.mark.parametrize("size", [1, 3, 1_000])
def test_a_limit_that_may_have_acted_says_which(size: int) -> None:
    played, totals = in_pieces(scarce(1), size)
    assert totals is None
    assert played is not None
    assert played.because.startswith("stock of ")
    assert in_pieces(scarce(10_000), size)[0] == Played()


def test_ids_are_sent_whatever_they_are() -> None:
    task = scarce(1)
    odd = evolve(task.people, ids=np.array([f"line\n{number}" for number in range(len(task.people))], np.object_))
    for people in (task.people, odd):
        piece = Spread(evolve(task, population=people), 7).piece(1)
        there = copy.copy(piece)
        assert there.people is not None
        assert there.people.ids.tolist() == people.ids[7:14].tolist()


FAULTS = (
    Fault(
        "demand of other places is forgotten", "", "slack",
        "grown(self._gains, 0, other._gains)", "self._gains", ("dry stock",),
    ),
    Fault(
        "everybody comes with the first wave", "", "spread",
        "piece.settled.waves)", "tuple(evolve(each, first_share=each.first_key[:0]) for each in piece.settled.waves))",
        ("gap refused",),
    ),
    Fault(
        "what is reserved elsewhere is forgotten", "", "spread",
        "pool.reserved[line] += micros", "pass", ("much is reserved",),
    ),
    Fault(
        "guards look at the last piece", "", "guards",
        "table += happened[name]", "table[:] = happened[name]", ("guard stops",),
    ),
    Fault(
        "no window is too small", "", "waiting",
        "(taken[window] <= self.rate).all()", "True", ("rate sent",),
    ),
    Fault(
        "whoever waits for a place is left out", "", "spread",
        "windows is None or not", "windows is not None and not", ("rate sent",),
    ),
)  # fmt: skip
"""What somebody could get wrong about people who live elsewhere."""


@cache
def played_whole(name: str) -> tuple[Task, Totals]:
    """The first trial of a motif, or one with an endless budget of which much is held at the end, and its sums."""
    if name == "much is reserved":
        trial = trial_of(Case(5, 30, frozenset({"gifts", "face", "grants", "budget"})))
        assert trial.plan.budget is not None
        lines = tuple(evolve(each, limit=10**8) for each in trial.plan.budget.lines)
        task = evolve(trial, plan=evolve(trial.plan, budget=evolve(trial.plan.budget, total=10**9, lines=lines))).task()
    else:
        task = next(each for each in MOTIFS if each.name == name).drawn(0).task()
    return task, whole(task)[1]


def test_who_finds_no_place_among_all_ends_it_at_once() -> None:
    """Alone each of them has a place of their own window."""
    task, _ = played_whole("rate sent")
    replication = Spread(task, 1)
    lived = [spread.live(evolve(task, population=piece.people), piece) for piece in map(replication.piece, range(9))]
    assert all(each.windows != (None,) for each in lived)
    goes_on = [replication.take(each) for each in lived]
    assert True in goes_on
    assert goes_on == sorted(goes_on, reverse=True)
    assert goes_on[-1] is False
    assert replication.played() is None


def lies(name: str) -> bool:
    """Say whether a task stands in pieces of some size, but by sums that are not its."""
    task, totals = played_whole(name)
    found = [in_pieces(task, size)[1] for size in (1, 4, 9)]
    return any(each is not None and not same(each, totals) for each in found)


@pytest.mark.parametrize("fault", FAULTS, ids=[each.name for each in FAULTS])
def test_a_fault_shows(fault: Fault) -> None:
    assert not any(map(lies, fault.shown_by))
    with planted(fault):
        assert all(map(lies, fault.shown_by))

"""Some of the people live here, others elsewhere: what they come to is what everybody comes to in one place."""

import copy
from random import Random

import numpy as np
import pytest
from attrs import evolve, fields
from tests.sim.array.test_free import case, scarce
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


def assert_same(one: Totals, other: Totals) -> None:
    for each in fields(Totals):
        mine, theirs = getattr(one, each.name), getattr(other, each.name)
        assert np.array_equal(mine, theirs) if isinstance(mine, np.ndarray) else mine == theirs, each.name


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
            assert_same(totals, expected[1])
            assert played == expected[0] == Played()
        elif played is not None:
            acted += 1
            assert played.ordered_from is not None
            assert_same(whole(evolve(task, known=played))[1], expected[1])
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

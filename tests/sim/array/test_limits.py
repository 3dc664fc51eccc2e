"""Shared limits answered side by side, against one question after the other."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from wakeup.sim.array.codes import FAR
from wakeup.sim.array.limits import Meter, lesson_of

events = st.lists(st.tuples(st.integers(0, 30), st.integers(-2, 3)), max_size=40)


def one_by_one(limit: int, ordered: list[tuple[int, int]]) -> list[bool]:
    """Answers of a limit to (position, change) in order: a change of 0 is a question for one piece."""
    value, answers = 0, []
    for _, change in ordered:
        if change == 0:
            answers.append(value + 1 <= limit)
        value += change
    return answers


@given(events, st.integers(0, 8), st.randoms(use_true_random=False))
def test_the_first_wrong_answer_is_found_whatever_the_order_of_asking(
    found: list[tuple[int, int]], limit: int, random: object
) -> None:
    # One event per position, written down in any order.
    ordered = sorted(dict(found).items())
    shuffled = ordered[:]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    meter, given_answers = Meter(limit), {}
    for place, change in shuffled:
        if change == 0:
            given_answers[place] = bool(meter.fits(np.array([place]), 1)[0])
        else:
            meter.change(np.array([place]), change)
    asked = [place for place, change in ordered if change == 0]
    right = dict(zip(asked, one_by_one(limit, ordered), strict=True))
    wrong = [place for place in asked if given_answers[place] != right[place]]
    assert meter.first_wrong() == (wrong[0] if wrong else FAR)


@given(events, st.integers(0, 8))
def test_what_a_try_has_taught_answers_the_next_one(found: list[tuple[int, int]], limit: int) -> None:
    ordered = sorted(dict(found).items())
    questions = np.array([place for place, change in ordered if change == 0], np.int64)
    changes = [(place, change) for place, change in ordered if change]

    def played(lesson: object) -> tuple[Meter, list[bool]]:
        meter = Meter(limit, lesson=lesson)  # type: ignore[arg-type]
        answers = meter.fits(questions, 1).tolist()  # all questions before any change is known
        for place, change in changes:
            meter.change(np.array([place]), change)
        return meter, answers

    first, _ = played(None)
    if first.first_wrong() < FAR:
        second, answers = played(first.lesson)
        assert answers == one_by_one(limit, ordered)
        assert second.first_wrong() == FAR


@given(st.lists(st.integers(0, 5), min_size=1, max_size=30), st.integers(0, 20), st.integers(0, 20))
def test_who_is_surely_answered_gets_the_answer_of_one_after_the_other(ups: list[int], value: int, limit: int) -> None:
    meter, where = Meter(limit, value), np.arange(len(ups), dtype=np.int64)
    count = meter.sure(where, np.ones(len(ups), np.int64), np.array(ups, np.int64))
    assert count >= 1
    answers = meter.fits(where[:count], 1).tolist()
    # Whether the earlier take all that they may, or nothing, the answer is the same.
    most = np.cumsum(ups) - ups
    assert answers == [value + 1 <= limit for _ in range(count)]
    assert answers == (value + most[:count] + 1 <= limit).tolist()


def test_a_fork_stands_where_the_meter_stood() -> None:
    meter = Meter(5)
    meter.change(np.array([3, 9]), np.array([4, -1]))
    assert meter.before(np.array([2, 3, 10])).tolist() == [0, 4, 3]
    assert (meter.fork().value, meter.fork().limit) == (3, 5)


def test_who_asks_twice_and_is_told_the_same_is_taught() -> None:
    found = lesson_of(np.array([3, 1, 3, 2, 2]), np.array([True, False, True, True, False]))
    assert found is not None
    assert (found.where.tolist(), found.answer.tolist()) == ([1, 3], [False, True])
    assert lesson_of(np.array([], np.int64), np.array([], np.bool_)) is None


def test_who_should_have_been_refused_leaves_their_piece_to_the_next() -> None:
    meter, four = Meter(3), np.array([10, 20, 30, 40])
    meter.change(four[meter.fits(four, 1)], 1)
    meter.change(np.array([45]), -1)
    assert not meter.fits(np.array([60]), 1).any()
    assert meter.first_wrong() == 40
    assert meter.lesson is not None
    assert meter.lesson.applied(np.array([30, 40, 60]), np.zeros(3, np.bool_)).tolist() == [True, False, True]

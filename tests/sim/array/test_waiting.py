"""Places in a rate and turns at a desk, worked out after all have asked."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sim.array.turning import take_turns

from wakeup.plan.model import DayWindow
from wakeup.sim.array.codes import FAR, MOST_PEOPLE, Phase, person_of, positions
from wakeup.sim.array.journal import known
from wakeup.sim.array.queue import Queue
from wakeup.sim.array.rate import Rate
from wakeup.sim.array.turns import Hours, Line
from wakeup.sim.array.waiting import Places

MINUTE, DAY = 60, 86_400


def where(t: list[int], people: list[int]) -> np.ndarray:
    return positions(np.array(t, np.int64), Phase.DUE, np.array(people, np.int64))


def places(rate: int = 2) -> Places:
    return Places(rate, MINUTE, start=0, end=DAY)


def test_a_window_with_room_for_all_is_everybodys_own() -> None:
    rate = places()
    start, waits = rate.ask(where([5, 70], [0, 1]), np.array([5, 70]), np.array([DAY, DAY]), np.arange(2))
    assert start.tolist() == [0, 60]
    assert not waits.any()
    assert rate.first_wrong() == FAR


def test_who_comes_to_a_full_window_waits_and_learns_the_place() -> None:
    rate = places()
    asked = where([5, 5, 5, 6, 70], [0, 1, 2, 3, 4])
    t, bound = np.array([5, 5, 5, 6, 70]), np.full(5, DAY)
    _, waits = rate.ask(asked, t, bound, np.arange(5))
    assert waits.tolist() == [True, True, True, True, False]
    rate.asked.settle(np.arange(4))
    assert rate.first_waiting() == 5
    assert rate.learn(DAY).tolist() == [0, 1, 2, 3]
    rate.forget(np.array([True] * 4 + [False]))
    rate.meet(np.arange(4))
    start, waits = rate.ask(asked[:4], t[:4], bound[:4], np.arange(4))
    assert start.tolist() == [0, 0, 60, 60]
    assert not waits.any()
    # Two places of the second window are taken before person 4, who was told it has one, comes.
    assert rate.first_wrong() == 70


def test_who_comes_late_is_remembered() -> None:
    """Among those who know their places already: then, and when all begin again, no more than a day is told."""
    rate = Places(1, MINUTE, start=0, end=DAY)
    for t in 50, 10:
        numbers = np.array([t])
        rate.meet(numbers)
        rate.crowded = np.ones(DAY // MINUTE + 2, np.bool_)
        rate.ask(where([t], [t]), np.array([t]), np.array([DAY]), np.zeros(1, np.intp))
        rate.asked.settle(numbers)
        rate.learn(DAY // 2)
        assert rate.late is (t == 10)
    assert rate.wrong == 10
    assert rate.again().late


def test_who_finds_no_place_before_the_end_of_the_run() -> None:
    """Windows that lie long after it are told all the same, and nobody counts them one by one."""
    rate, people = Places(1, MINUTE, start=0, end=3 * MINUTE), np.arange(2_000)
    asked, t, bound = where([5] * 2_000, people.tolist()), np.full(2_000, 5), np.full(2_000, DAY)
    rate.ask(asked, t, bound, people)
    rate.asked.settle(people)
    rate.learn(DAY)
    rate.forget(np.ones(2_000, np.bool_))
    rate.meet(people)
    start, waits = rate.ask(asked, t, bound, people)
    assert not waits.any()
    assert start[:4].tolist() == [0, 60, 120, 180]
    assert start[-1] > 3 * MINUTE
    rate.look_ahead()
    assert rate.first_wrong() == FAR


def test_who_asks_with_a_crowd_waits_for_it() -> None:
    """Of the others, who are asked for another message afterwards, some may come before."""
    people = np.arange(4, 10)
    asked, t, bound = where([100] * 6, people.tolist()), np.full(6, 100), np.full(6, DAY)
    alone, crowded = places(rate=6), places(rate=6)
    for rate in (alone, crowded):
        rate.eager = 1
    assert not alone.ask(asked, t, bound, people, np.array([100] * 6 + [160] * 6))[1].any()
    assert crowded.ask(asked, t, bound, people, np.array([100] * 7 + [160] * 5))[1].all()


def test_a_request_before_what_is_settled_is_wrong() -> None:
    rate = places(rate=1)
    rate.ask(where([100, 100], [0, 1]), np.array([100, 100]), np.full(2, DAY), np.arange(2))
    rate.learn(200)
    rate.ask(where([50, 150], [2, 2]), np.array([50, 150]), np.full(2, DAY), np.full(2, 2))
    rate.learn(300)
    assert rate.first_wrong() <= 150


@given(st.lists(st.tuples(st.integers(0, 600), st.integers(1, 900)), min_size=1, max_size=40), st.integers(1, 5))
def test_what_is_learned_is_what_the_order_gives(asked: list[tuple[int, int]], rate: int) -> None:
    """Whatever comes first: all that was learned together is the order's."""
    t = np.array([each[0] for each in asked], np.int64)
    bound = t + np.array([each[1] for each in asked], np.int64)
    spots = where(t.tolist(), list(range(len(asked))))
    some = places(rate)
    _, waits = some.ask(spots, t, bound, np.arange(len(asked)))
    some.asked.settle(np.arange(len(asked)))
    some.learn(DAY)
    order = np.argsort(spots)
    expected = np.empty(len(t), np.int64)
    expected[order] = Rate(rate, MINUTE).request(spots[order], t[order], bound[order])
    told_wrong = (~waits & (t // MINUTE * MINUTE != expected)).any()
    assert (some.first_wrong() < FAR) == bool(told_wrong)
    some.forget(np.ones(len(t), np.bool_))
    found, there = some.known.about(np.arange(len(t))).to(spots)
    assert there.all()
    assert (found * MINUTE)[waits].tolist() == expected[waits].tolist()


HOURS = DayWindow(9 * 3_600, 18 * 3_600)


@given(
    st.lists(
        st.tuples(st.integers(0, 2 * DAY), st.integers(0, DAY), st.integers(1, 7_200), st.integers(0, 2 * DAY)),
        min_size=1,
        max_size=30,
    ),
    st.integers(1, 3),
)
def test_the_queue_serves_as_the_line_of_a_block_does(asked: list[tuple[int, int, int, int]], staff: int) -> None:
    """Requests of different people: when asked, how long they stay, seconds of handling, when they leave."""
    run_end, people = 3 * DAY, range(len(asked))
    t = [each[0] for each in asked]
    until = [min(each[0] + each[1], run_end) for each in asked]
    spans = [each[2] for each in asked]
    gone = {person: each[3] for person, each in enumerate(asked) if each[3] > each[0]}

    queue = Queue(Hours(HOURS, "UTC"), staff, run_end)
    spots = where(t, list(people))
    queue.ask(spots, np.array(until), np.array(spans))
    for person, at in gone.items():
        queue.leave(spots[person : person + 1], np.array([at]))
    queue.asked.settle(np.arange(len(asked)))
    queue.learn()
    queue.forget(np.ones(len(asked), np.bool_))
    start, there = queue.known.about(np.arange(len(asked))).to(spots)
    assert there.all()

    requests = [(at, person, 1 << 16) for person, at in enumerate(t)]
    line = Line([0] * staff, gone=gone)
    line.add(requests, until)
    line.spans.update({(person, 0): span for person, span in enumerate(spans)})
    turns = take_turns(line, None, FAR, Hours(HOURS, "UTC"), run_end, _no_span)
    expected = [each[0] if turns.served[each] else turns.starts.get(each, (FAR,))[0] for each in requests]
    assert start.tolist() == expected


def _no_span(people: np.ndarray, turns: np.ndarray) -> np.ndarray:
    raise AssertionError("all spans are known")


OPEN = HOURS.start


def told(queue: Queue, t: list[int], people: list[int], span: int = MINUTE) -> list[int]:
    """Let people ask in one chunk; return when they are served, -1: not known."""
    queue.meet(np.array(people))
    start, waits = queue.ask(where(t, people), np.full(len(t), DAY), np.full(len(t), span))
    queue.asked.settle(np.array(people)[waits])
    return np.where(waits, -1, start).tolist()


def test_somebody_is_free_where_there_are_staff_enough() -> None:
    queue = Queue(Hours(HOURS, "UTC"), 100, DAY, everybody=4)
    assert told(queue, [OPEN, OPEN - 1], [0, 1]) == [OPEN, -1]  # the line before opening is not foreseen
    assert told(queue, [OPEN + 1, OPEN + 1], [2, 3]) == [OPEN + 1, OPEN + 1]
    assert queue.learn().tolist() == [1]
    queue.forget(np.arange(4) == 1)
    assert told(queue, [OPEN - 1], [1]) == [OPEN]
    assert queue.first_wrong() == FAR


@pytest.mark.parametrize(("staff", "expected"), [(300, OPEN), (299, -1)])
def test_nobody_is_taken_to_be_free_where_staff_may_be_too_few(staff: int, expected: int) -> None:
    """Four of a hundred people ask at once: at 4 standard errors, 12 of 4 in a hundred, 300 of all."""
    queue = Queue(Hours(HOURS, "UTC"), staff, DAY, everybody=100)
    assert told(queue, [OPEN] * 4, [0, 1, 2, 3]) == [expected] * 4
    assert told(queue, [OPEN + 9], [4]) == [-1]  # one of one in a hundred: 5 of it, 500 of all


def test_who_was_wrongly_taken_to_be_served_is_found_and_nobody_is_any_more() -> None:
    queue, coming = Queue(Hours(HOURS, "UTC"), 30, DAY, everybody=150), list(range(100, 150))
    spread = [OPEN + 100 + 100 * each for each in range(100)]
    assert told(queue, spread, list(range(100))) == spread
    assert told(queue, [OPEN] * 50, coming, 1_000) == [-1] * 50
    assert queue.learn().tolist() == coming
    queue.forget(np.arange(150) >= 100)
    assert told(queue, [OPEN] * 50, coming, 1_000) == [OPEN] * 30 + [OPEN + 1_000] * 20
    assert queue.first_wrong() == OPEN + 100
    assert told(queue.again(), [OPEN + 5_000], [1]) == [-1]


def test_sends_that_do_not_go_out_are_no_part_of_the_order() -> None:
    queue = Queue(Hours(HOURS, "UTC"), 1, DAY)
    assert queue.unlike == FAR
    queue.failed(np.array([50, 40]))
    assert queue.unlike == 40


def test_answers_are_told_apart_by_person_and_instant() -> None:
    some = known(where([5, 9, 7, 8], [3, 1, 2, 2]), np.array([50, 90, 70, -1]))
    answer, found = some.about(np.array([1, 3])).to(where([9, 7, 5, 5, 8], [1, 2, 3, 2, 2]))
    assert found.tolist() == [True, True, True, False, False]
    assert answer[:3].tolist() == [90, 70, 50]
    assert not some.about(np.array([4])).to(where([5], [4]))[1].any()


def test_answers_in_turn_are_those_of_a_search() -> None:
    """Of people who ask in the order of their lives, and may leave out what they asked in the life before."""
    some = known(where([5, 9, 12, 7, 20], [3, 3, 3, 4, 6]), np.array([50, 90, 120, 70, 200]))
    here = some.about(np.array([3, 4, 5, 6]))
    for t, people in (([5, 7, 8], [3, 4, 5]), ([12, 30], [3, 6]), ([13], [4])):
        spots = where(t, people)
        expected, there = here.to(spots)
        found, known_ = here.in_turn(spots, np.array(people) - 3)
        assert known_.tolist() == there.tolist()
        assert found[known_].tolist() == expected[there].tolist()


def many(rate: Places, t: int, people: range) -> list[int]:
    """Let some people ask in one second, and be seated; return the windows of those who are, -1 for who is not."""
    numbers = np.array(people)
    spots, at, bound = where([t] * len(people), list(people)), np.full(len(people), t), np.full(len(people), DAY)
    rate.meet(numbers)
    rate.ask(spots, at, bound, numbers - people[0])
    seated, start = rate.seat(numbers)
    again = seated[start == FAR]
    start[start == FAR], waits = rate.ask(
        spots[again - people[0]], at[again - people[0]], bound[again - people[0]], again - people[0]
    )
    assert not waits.any()
    rate.asked.settle(np.setdiff1d(numbers, seated))
    found = dict(zip(seated.tolist(), (start // MINUTE).tolist(), strict=True))
    return [found.get(each, -1) for each in people]


def alone(rate: Places, t: int, person: int, place: int = MINUTE) -> None:
    """Let one person ask who gets a place."""
    rate.meet(np.array([person]))
    start, waits = rate.ask(where([t], [person]), np.array([t]), np.array([DAY]), np.array([0]))
    assert start.tolist() == [place]
    assert not waits.any()
    rate.asked.settle(np.zeros(0, np.int64))


def eager() -> Places:
    return Places(2, MINUTE, start=0, end=DAY, eager=1)


def test_those_of_one_second_are_seated_chunk_by_chunk() -> None:
    rate = eager()
    assert many(rate, 65, range(5)) == [1, 1, 2, 2, 3]
    assert many(rate, 65, range(5, 8)) == [3, 4, 4]
    assert rate.first_wrong() == FAR


def test_the_few_of_an_earlier_chunk_are_of_the_crowd() -> None:
    rate = eager()
    alone(rate, 65, 0)
    assert many(rate, 65, range(1, 5)) == [1, 2, 2, 3]
    assert many(rate, 65, range(5, 7)) == [3, 4]
    assert rate.first_wrong() == FAR


def test_others_in_the_window_are_none_of_the_crowd() -> None:
    for t, person in (66, 0), (65, 9), (64, 0):
        rate = eager()
        alone(rate, t, person)
        assert many(rate, 65, range(1, 5)) == [-1] * 4
        assert rate.first_waiting() == 65


def test_who_was_told_another_window_is_none_of_the_crowd() -> None:
    rate = eager()
    rate.known = known(where([65], [1]), np.array([2]))
    alone(rate, 65, 0)
    alone(rate, 65, 1, 2 * MINUTE)
    assert many(rate, 65, range(2, 6)) == [-1] * 4


def test_nobody_is_seated_among_others() -> None:
    rate = eager()
    many(rate, 65, range(5))
    assert many(rate, 130, range(5, 9)) == [-1] * 4
    assert many(rate, 65, range(3, 5)) == [-1] * 2
    assert rate.wrong == 65


def test_who_asks_among_the_seated_makes_them_wrong() -> None:
    """In another chunk, before any of them, with a place of a window that they did not fill."""
    rate = eager()
    many(rate, 65, range(5))
    rate.meet(np.array([7]))
    _, waits = rate.ask(where([190], [7]), np.array([190]), np.array([DAY]), np.array([0]))
    assert not waits.any()
    assert rate.first_wrong() == FAR
    rate = eager()
    many(rate, 65, range(5))
    rate.meet(np.array([7]))
    _, waits = rate.ask(where([60], [7]), np.array([60]), np.array([DAY]), np.array([0]))
    rate.asked.settle(np.array([7]))
    assert waits.all()
    assert rate.learn(DAY).tolist() == [7]
    assert rate.first_wrong() == 65


def test_who_is_too_late_takes_no_place() -> None:
    rate, numbers = eager(), np.arange(6)
    spots, t, bound = where([65] * 6, list(range(6))), np.full(6, 65), np.full(6, 180)
    rate.meet(numbers)
    rate.ask(spots, t, bound, numbers)
    seated, held = rate.seat(numbers)
    assert seated.tolist() == list(range(6))
    assert held.tolist() == [FAR, FAR, 120, 120, FAR, FAR]
    again = np.array([0, 1, 4, 5])
    start, _ = rate.ask(spots[again], t[again], bound[again], again)
    assert start.tolist() == [60, 60, 180, 180]
    assert rate.first_wrong() == FAR
    assert many(rate, 200, range(6, 9)) == [3, 3, 4]
    assert rate.first_wrong() == FAR


def test_positions_hold_the_last_person_and_what_never_comes() -> None:
    """A hundred million people can be simulated; who never comes lies behind all, and stays a person."""
    last = MOST_PEOPLE - 1
    assert last > 100_000_000
    spots = positions(np.array([5, 5, FAR]), Phase.DUE, np.array([last, 0, last]))
    assert person_of(spots).tolist() == [last, 0, last]
    assert spots[1] < spots[0] < spots[2] < FAR

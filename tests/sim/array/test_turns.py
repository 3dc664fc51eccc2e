"""Who is served when at a desk, worked out by hand."""

import numpy as np
import pytest
from tests.sim.array.turning import take_turns

from wakeup.plan.model import DayWindow
from wakeup.sim.array.codes import FAR, Phase, position
from wakeup.sim.array.desk import Desk
from wakeup.sim.array.turns import SENDS, Course, Hours, Line

HOUR, DAY = 3_600, 86_400
OPEN = Hours(DayWindow(0, 24 * HOUR), "UTC")
NINE_TO_FIVE = Hours(DayWindow(9 * HOUR, 17 * HOUR), "UTC")
END = 30 * DAY
ADVICE, CALL = 0, SENDS + 4


def an_hour(people, turns):  # type: ignore[no-untyped-def]
    return np.full(len(people), HOUR)


def turns_of(line, limit=END, hours=OPEN, ghosts=None):  # type: ignore[no-untyped-def]
    return take_turns(line, ghosts, position(limit, Phase.FREED), hours, END, an_hour)


def line_of(*requests, staff=1, until=FAR):  # type: ignore[no-untyped-def]
    line = Line([0] * staff)
    line.add(list(requests), [until] * len(requests))
    return line


def test_services_start_in_order_of_claim_and_person() -> None:
    first, second, third = (100, 7, ADVICE), (100, 9, ADVICE), (101, 2, ADVICE)
    starts = turns_of(line_of(third, second, first)).starts
    assert starts == {first: (100, 3_700), second: (3_700, 7_300), third: (7_300, 10_900)}


def test_a_send_goes_out_if_somebody_is_free_else_it_is_released_when_somebody_is() -> None:
    first, second = (100, 2, CALL), (100, 5, CALL)
    turns = turns_of(line_of(first, second))
    assert turns.served == {first: True, second: False}
    assert turns.starts == {second: (3_700, 3_700)}


def test_a_claim_of_the_second_is_served_before_a_send_asks() -> None:
    claim, send = (100, 9, ADVICE), (100, 3, CALL)
    turns = turns_of(line_of(send, claim))
    assert turns.starts == {claim: (100, 3_700), send: (3_700, 3_700)}


def test_a_send_that_does_not_go_out_takes_nobody() -> None:
    first, second = (100, 2, CALL), (100, 5, CALL)
    line = line_of(first, second)
    line.unsent.add(first)
    assert turns_of(line).served == {first: True, second: True}


def test_staff_kept_for_a_send_that_does_not_go_out_are_free_in_the_next_second() -> None:
    claim, send, late = (100, 1, ADVICE), (101, 2, CALL), (102, 3, ADVICE)
    line = line_of(claim, send, late)
    line.sent[send] = False
    assert turns_of(line).starts == {claim: (100, 3_700), send: (3_700, 3_700), late: (3_701, 7_301)}


def test_who_is_too_late_or_has_left_takes_no_time() -> None:
    claim, gone, late, last = (100, 1, ADVICE), (101, 2, ADVICE), (102, 3, CALL), (103, 4, CALL)
    line = line_of(claim, gone, late, last)
    line.gone[2] = 200
    line.until[late] = 3_700
    assert turns_of(line).starts == {claim: (100, 3_700), last: (3_700, 3_700)}


def test_a_closed_desk_serves_when_it_opens() -> None:
    send = (100, 2, CALL)
    turns = turns_of(line_of(send), hours=NINE_TO_FIVE)
    assert turns.served == {send: False}
    assert turns.starts == {send: (9 * HOUR, 9 * HOUR)}


def test_a_release_that_is_not_decided_yet_keeps_its_staff() -> None:
    send = (100, 2, CALL)
    line = line_of(send)
    turns = take_turns(line, None, position(9 * HOUR, Phase.DUE, 1), NINE_TO_FIVE, END, an_hour)
    assert (turns.starts, turns.kept, turns.free) == ({send: (9 * HOUR, 9 * HOUR)}, {send: 9 * HOUR}, [])


def test_a_send_that_does_not_stay_in_line_is_not_released() -> None:
    line = line_of((100, 1, ADVICE), (101, 2, CALL))
    line.stays[101, 2, CALL] = False
    assert turns_of(line).starts == {(100, 1, ADVICE): (100, 3_700)}


def test_a_line_that_is_left_goes_on_as_if_it_had_not_been_cut() -> None:
    requests = [(100 + n, n, ADVICE if n % 2 else CALL) for n in range(8)]
    whole = turns_of(line_of(*requests)).starts
    line = line_of(*requests)
    cut = turns_of(line, 9_000)
    line.stays.update(dict.fromkeys(cut.served, True))
    line.sent.update(dict.fromkeys(cut.starts, True))
    rest = turns_of(turns_of(line, 9_000).left(line))
    assert {**cut.starts, **rest.starts} == whole


def test_what_was_asked_before_is_expected_again() -> None:
    claim, send = (100, 9, ADVICE), (200, 3, CALL)
    ghosts = line_of(claim)
    assert turns_of(line_of(send), ghosts=ghosts).served == {send: False}
    assert turns_of(line_of(send)).served == {send: True}


def test_an_answer_that_a_later_claim_contradicts_is_wrong() -> None:
    desk = Desk(OPEN, END, an_hour, Line([0]))
    people, places, never = np.array([3]), np.array([4]), np.array([False])
    free = desk.ask(np.array([200]), people, places, np.array([END]), never)
    desk.served(people)
    desk.settle(position(DAY, Phase.FREED))
    assert free.tolist() == [True]
    assert desk.first_wrong() == FAR
    desk.claim(np.array([150]), np.array([1]), ADVICE, np.array([END]))
    desk.settle(position(DAY, Phase.FREED))
    desk.begin(np.array([150]), np.array([1]), ADVICE)
    assert desk.first_wrong() == position(200, Phase.DUE, 3)
    # The next try knows the claim before it comes.
    again = Desk(OPEN, END, an_hour, Line([0]), ghosts=desk.line)
    assert again.ask(np.array([200]), people, places, np.array([END]), never).tolist() == [False]


def test_a_fallback_asks_the_desk_what_its_message_has_asked() -> None:
    """Two of three ask a second time in their second: one whom nobody was free for, one whose text was blank."""
    for text_is_blank, served in ((False, [True, False]), (True, [True, True])):
        desk = Desk(OPEN, END, an_hour, Line([0]))
        t, people, places = np.array([200, 200]), np.array([3, 5]), np.array([4, 4])
        until, blank = np.array([END, 200]), np.array([text_is_blank, False])
        assert desk.ask(t, people, places, until, blank).tolist() == served
        again = [0] if text_is_blank else [1]
        found = desk.ask(t[again], people[again], places[again], until[again], np.array([False]))
        assert found.tolist() == [text_is_blank]
        desk.served(people[:1])
        desk.settle(position(DAY, Phase.FREED))
        assert desk.course.starts == {}
        assert len(desk.line.asked) == 2


def test_where_one_release_does_not_go_out_the_next_are_expected_not_to() -> None:
    first, *rest = sends = [(100 + n, n, CALL) for n in range(4)]
    line = line_of((99, 9, ADVICE), *sends)
    line.sent[first] = False
    assert turns_of(line).starts == {
        (99, 9, ADVICE): (99, 3_699),
        **{each: (3_699 + n,) * 2 for n, each in enumerate(sends)},
    }
    line.sent[rest[0]] = True
    assert turns_of(line).starts[rest[1]] == (7_300, 7_300)


def test_what_became_of_a_line_is_known_to_the_next_try_though_nobody_asked_anew() -> None:
    first, second = (100, 1, CALL), (100, 2, CALL)
    desk = Desk(OPEN, END, an_hour, Line([7_200], waiting=[first, second], until={first: END, second: END}))
    tried = desk.fork()
    tried.settle(position(DAY, Phase.FREED))
    at, people, places = np.array([100]), np.array([1]), np.array([4])
    tried.release(np.array([3_600]), at, people, places)
    tried.decide(at, people, places, np.array([False]))
    late = tried.course.starts[second]
    tried.settle(position(DAY, Phase.FREED))
    again = desk.fork(tried)
    again.settle(position(DAY, Phase.FREED))
    found = [late, *(each.course.starts[second] for each in (tried, again))]
    assert found == [(7_200, 7_200), (3_601, 3_601), (3_601, 3_601)]


@pytest.mark.parametrize("seed", range(12))
def test_a_course_that_is_told_bit_by_bit_comes_to_what_one_that_knows_all_does(seed: int) -> None:
    draw = np.random.default_rng(seed)
    line = Line([0] * 4)
    course = Course(line, None, NINE_TO_FIVE, END, an_hour)
    asked = draw.integers(0, 3 * DAY // 60, 300) * 60
    everybody = [(int(at), person, CALL if person % 2 else ADVICE) for person, at in enumerate(asked.tolist())]
    order = draw.permutation(300).tolist()
    limits = [*draw.integers(0, 8 * DAY, 60).tolist(), *[8 * DAY] * 400]
    for number, limit in enumerate(limits):
        some = [everybody[each] for each in order[5 * number : 5 * number + 5]]
        line.add(some, [each[0] + 2 * DAY for each in some])
        course.come(some)
        course.play(position(limit, Phase.FREED))
        if number % 4 == 0 and course.starts:
            (_, person, _), (start, _) = list(course.starts.items())[-1]
            course.leave(person, start)
        asks = [each for each in course.served if each not in line.stays]
        releases = [each for each in course.starts if each[2] == CALL and each not in line.sent]
        for each in asks[:7]:
            course.stays(each, each[1] % 3 > 0)
        for each in releases[:7]:
            course.sent(each, each[1] % 5 > 0)
    course.play(position(8 * DAY, Phase.FREED))
    fresh = Course(line, None, NINE_TO_FIVE, END, an_hour)
    fresh.play(position(8 * DAY, Phase.FREED))
    assert len(course.starts) > 50
    assert (course.starts, course.served) == (fresh.starts, fresh.served)
    found, right = course.turns(), fresh.turns()
    assert (found.turns, found.waiting, found.kept) == (right.turns, right.waiting, right.kept)
    assert sorted(found.free) == sorted(right.free)


def begun(desk: Desk, person: int) -> list[int]:
    """Play the starts of a person's claims one after the other, as the block does; return them."""
    desk.settle(position(END, Phase.FREED))
    starts = []
    while (at := desk.starts([(0, person, ADVICE)])[0]) < FAR:
        starts.append(at)
        assert len(starts) <= 5, "it starts again and again"
        desk.begin(np.array([at]), np.array([person]), ADVICE)
        desk.settle(position(END, Phase.FREED))
    return starts


def test_two_claims_of_a_person_may_start_in_one_second() -> None:
    desk = Desk(NINE_TO_FIVE, END, an_hour, Line([0, 0]))
    for at in (100, 200):
        desk.claim(np.array([at]), np.array([7]), ADVICE, np.array([END]))
    assert begun(desk, 7) == [9 * HOUR, 9 * HOUR]
    assert desk.first_wrong() == FAR


def test_who_comes_a_second_later_than_expected_starts_once() -> None:
    """What is only expected has a place in the line, but nobody starts for it."""
    earlier = Desk(NINE_TO_FIVE, END, an_hour, Line([0, 0]))
    earlier.claim(np.array([100]), np.array([7]), ADVICE, np.array([END]))
    desk = Desk(NINE_TO_FIVE, END, an_hour, Line([0, 0]), ghosts=earlier.line)
    desk.claim(np.array([101]), np.array([7]), ADVICE, np.array([END]))
    assert begun(desk, 7) == [9 * HOUR]
    assert desk.first_wrong() == FAR

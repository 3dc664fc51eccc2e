"""How far questions to rates lie apart, in small programs."""

import pytest
from tests.sim.plans import DAY, HOUR, campaign, email, journey, letter, nudge, send, sms, wait

from wakeup.plan.model import Arm, Branch, Exit, Instruction, Jump, Months, Split, Until, Wait
from wakeup.plan.predicates import EVERYONE
from wakeup.sim.array.apart import apart
from wakeup.sim.array.book import Book
from wakeup.sim.array.codes import FAR

TEXT, MAIL = 0, 1


def found(*program: Instruction, goal: str = "order", fallback: str = "") -> list[list[int]]:
    channels, messages = (sms(rate=1), email(rate=1)), (nudge(fallback=fallback), letter())
    return apart(Book(campaign(journey(*program, goal=goal), channels=channels, messages=messages), None))


def test_waits_between_questions_add_up() -> None:
    some = found(send("nudge"), wait(2), wait(3), send("letter"), wait(7), send("nudge"))
    assert some[TEXT][MAIL] == 5 * DAY
    assert some[MAIL][TEXT] == 7 * DAY
    assert some[TEXT][TEXT] == 12 * DAY
    assert some[MAIL][MAIL] == FAR


@pytest.mark.parametrize(
    ("between", "least"),
    [
        (wait(2, "order"), 2 * DAY),  # the goal ends the journey
        (wait(2, "click"), 0),
        (Wait(Months(2)), 56 * DAY),
        (Wait(Until(1_777_600_000)), 0),
    ],
)
def test_a_wait_counts_as_far_as_nothing_ends_it(between: Wait, least: int) -> None:
    assert found(send("nudge"), between, send("letter"))[TEXT][MAIL] == least


def test_the_shortest_way_counts() -> None:
    long, short = wait(5), wait(1 / 24)
    ways = Branch(EVERYONE, 4), long, Jump(5), short
    assert found(send("nudge"), *ways, send("letter"))[TEXT][MAIL] == HOUR
    arms = Arm("a", "0", "0.5", 2), Arm("b", "0.5", "1", 4)
    assert found(send("nudge"), Split("x", "x", arms), long, send("letter"), Exit(), send("nudge"))[TEXT] == [
        FAR,
        5 * DAY,
    ]


def test_a_fallback_asks_as_well() -> None:
    some = found(send("nudge"), wait(2), send("nudge"), fallback="letter")
    assert some == [[2 * DAY, 2 * DAY], [2 * DAY, 2 * DAY]]

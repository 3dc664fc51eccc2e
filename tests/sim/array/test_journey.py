"""What a journey sees of the very second in which somebody enters, and of all that was sent before."""

import pytest
from tests.sim.people import Person, population
from tests.sim.plans import DAY, ENTRY, START, at, campaign, journey, send, wait
from tests.sim.recorder import Recorder, words
from tests.sim.scripted import Life, Scripted

from wakeup.plan.model import Branch, Cadence, Cap, Exit, Rolling
from wakeup.plan.predicates import Happened
from wakeup.sim import array, reference
from wakeup.sim.task import Task


@pytest.mark.parametrize("engine", [array, reference])
def test_an_order_in_the_second_of_the_entry_came_before_it(engine: object) -> None:
    plan = campaign(journey(Branch(Happened("order"), 2), Exit(), send(), goal=""))
    crowd, recorder = population(START, [Person("ann", last_order=at(1, year=2025))]), Recorder()
    engine.run(Task(plan, crowd, Scripted({"ann": Life(first=ENTRY)}), 1, 0), recorder)  # type: ignore[attr-defined]
    rows = [words(line) for line in recorder.lines(plan, crowd)]
    assert rows == ["ordered 10000", "entered", "sent nudge", "delivered nudge", "exited"]


@pytest.mark.parametrize("engine", [array, reference])
@pytest.mark.parametrize("past", [0, 2])
def test_a_cap_that_only_the_last_send_finds_reached_refuses_it(engine: object, past: int) -> None:
    cap = Cap(past + 1, Rolling(30 * DAY))
    plan = campaign(journey(send(step="one"), wait(1), send(step="two")), cadence=Cadence((cap,)))
    ann = Person("ann", last_order=at(1, year=2025), touches=tuple((at(20 + n, month=4), "sms") for n in range(past)))
    crowd, recorder = population(START, [ann]), Recorder()
    engine.run(Task(plan, crowd, Scripted({}), 1, 0), recorder)  # type: ignore[attr-defined]
    rows = [words(line) for line in recorder.lines(plan, crowd)]
    assert rows == ["entered", "sent nudge", "delivered nudge", "refused nudge cap", "exited"]

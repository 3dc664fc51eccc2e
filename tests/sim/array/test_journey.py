"""What a journey sees of the very second in which somebody enters."""

import pytest
from tests.sim.people import Person, population
from tests.sim.plans import ENTRY, START, at, campaign, journey, send
from tests.sim.recorder import Recorder, words
from tests.sim.scripted import Life, Scripted

from wakeup.plan.model import Branch, Exit
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

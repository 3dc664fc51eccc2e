"""What a journey sees of the very second in which somebody enters, and of all that was sent before."""

import pytest
from tests.sim.people import Person, population
from tests.sim.plans import DAY, ENTRY, START, at, campaign, journey, nudge, send, sms, wait
from tests.sim.recorder import Recorder, words
from tests.sim.scripted import Life, Scripted

from wakeup.plan.model import Arm, Branch, Cadence, Cap, Exit, Jump, Plan, Rolling, Split
from wakeup.plan.predicates import Happened
from wakeup.sim import array, reference
from wakeup.sim.array import calendar
from wakeup.sim.array.book import Book
from wakeup.sim.array.codes import FAR
from wakeup.sim.array.rate import Rate
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


def two_texts_at_once() -> Plan:
    """A plan that texts half of a wave one thing and half the other, three in a minute."""
    arms = (Arm("one", "0", "0.5", 1), Arm("other", "0.5", "1", 3))
    program = (Split("half", "salt", arms), send(step="one"), Jump(5), send("spare", step="other"), Jump(5), wait(1))
    texts = (nudge(), nudge(name="spare"))
    return campaign(journey(*program, goal=""), channels=(sms(rate=3, rate_seconds=60),), messages=texts)


def test_people_pass_a_split_and_jumps_before_they_ask_a_rate() -> None:
    book = Book(two_texts_at_once(), None)
    assert book.asks_rate == (-1, 0, -1, 0, -1, -1, -1)
    assert book.leads_to_rate == (True, *(False,) * 6)


def test_two_texts_of_one_wave_are_placed_at_the_first_try(monkeypatch: pytest.MonkeyPatch) -> None:
    plan, asked, found = two_texts_at_once(), Rate.first_wrong, []

    def first_wrong(rate: Rate) -> int:
        found.append(asked(rate))
        return found[-1]

    monkeypatch.setattr(Rate, "first_wrong", first_wrong)
    crowd = population(START, [Person(f"p{n}", last_order=at(1, year=2025)) for n in range(40)])
    recorder, right = Recorder(), Recorder()
    calendar.run(Task(plan, crowd, Scripted({}), 1, 0), recorder)
    reference.run(Task(plan, crowd, Scripted({}), 1, 0), right)
    assert recorder.lines(plan, crowd) == right.lines(plan, crowd)
    assert set(found) == {FAR}

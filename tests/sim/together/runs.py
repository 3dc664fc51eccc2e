"""Shorthand: run two hand-built campaigns over scripted lives on one clock, read each one's trace in words."""

from collections.abc import Callable, Sequence
from typing import Any

from attrs import evolve, frozen
from tests.sim.people import Person, population
from tests.sim.plans import campaign, journey
from tests.sim.recorder import Recorder
from tests.sim.scripted import Life, Scripted

from wakeup.customers.population import Population
from wakeup.figures.events import Sink
from wakeup.plan.model import Instruction, Message, Plan, Scenario
from wakeup.sim import array, reference
from wakeup.sim.task import Task

Engine = Callable[[Sequence[Task], Sequence[Sink]], None]
ENGINES: dict[str, Engine] = {"reference": reference.together, "array": array.together}


@frozen
class Both:
    """What a run of several campaigns left behind."""

    plans: Sequence[Plan]
    people: Population
    recorders: Sequence[Recorder]

    def of(self, number: int, person: str) -> list[tuple[int, str]]:
        """(t, row in words) of one person in one campaign."""
        return self.recorders[number].of(self.plans[number], self.people, person)

    def rows(self, number: int, person: str) -> list[str]:
        """Rows of one person in one campaign in words, without their instants."""
        return [row for _, row in self.of(number, person)]

    def sent(self, number: int) -> list[tuple[int, str]]:
        """(t, person) of everything that a campaign sent."""
        lines = self.recorders[number].lines(self.plans[number], self.people)
        return [(line[0], line[1]) for line in lines if line[2] == "sent"]


def together(
    engine: str,
    plans: Sequence[Plan],
    lives: dict[str, Life],
    *people: Person,
    scenarios: Sequence[Scenario | None] = (),
    as_of: int = 0,
) -> Both:
    """Run campaigns on one clock."""
    crowd = population(as_of or min(plan.start for plan in plans), people)
    recorders = [Recorder() for _ in plans]
    met = scenarios or [None] * len(plans)
    tasks = [Task(plan, crowd, Scripted(lives), 1, 0, scenario) for plan, scenario in zip(plans, met, strict=True)]
    ENGINES[engine](tasks, recorders)
    return Both(plans, crowd, recorders)


def first(*program: Instruction, **changes: Any) -> Plan:
    """The campaign that comes first: messages `nudge` by sms and `letter` by email."""
    return campaign(journey(*program), **changes)


def second(*program: Instruction, **changes: Any) -> Plan:
    """The other campaign: messages `call` by sms and `card` by email."""
    messages = (Message("call", "sms", "Hello"), Message("card", "email", "Hello"))
    plan = campaign(journey(*program), **{"name": "summer", "holdout_salt": "summer", "messages": messages} | changes)
    return evolve(plan, journeys=tuple(evolve(each, salt="summer") for each in plan.journeys))

"""A trial: a plan, people written down one by one, and how they behave; both simulators play it."""

from typing import Any

from attrs import field, frozen
from tests.sim.lively import Lively
from tests.sim.people import Person, population

from wakeup.behaviour.protocol import Behaviour
from wakeup.customers.population import Population
from wakeup.plan.model import Plan, Scenario
from wakeup.sim.task import Task


@frozen
class Trial:
    """What both simulators are asked to play. scenario: the one of the plan that comes true, None for none."""

    plan: Plan
    people: tuple[Person, ...]
    as_of: int
    seed: int = 1
    scenario: Scenario | None = None
    behaviour: Behaviour = field(factory=Lively)

    def task(self) -> Task:
        """Return replication 0 of it."""
        return Task(self.plan, self.population(), self.behaviour, self.seed, 0, self.scenario)

    def population(self) -> Population:
        """Return the people as columns."""
        return population(self.as_of, self.people)


def crowd(count: int, last_order: int, **columns: Any) -> tuple[Person, ...]:
    """Return people who differ in nothing but their names."""
    return tuple(Person(f"p{number}", last_order=last_order, **columns) for number in range(count))

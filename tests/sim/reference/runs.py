"""Shorthand for tests of the reference: run a hand-built plan over scripted lives, read the trace in words."""

from attrs import frozen
from tests.sim.people import Person, population
from tests.sim.plans import at
from tests.sim.recorder import Line, Recorder, words
from tests.sim.scripted import Life, Scripted

from wakeup.customers.population import Population
from wakeup.plan.model import Plan, Scenario
from wakeup.sim.reference import run
from wakeup.sim.task import Task

# Ids whose keys ascend in the order of the alphabet.
ANN, BEN, DAN, EMIL, FINN, UNA = (
    Person(name, last_order=at(1, year=2025)) for name in ("ann", "ben", "dan", "emil", "finn", "una")
)


@frozen
class Run:
    """What a run left behind."""

    plan: Plan
    people: Population
    recorder: Recorder

    @property
    def lines(self) -> list[Line]:
        """Every row in words."""
        return self.recorder.lines(self.plan, self.people)

    def of(self, person: str) -> list[tuple[int, str]]:
        """(t, row in words) of one person."""
        return [(line[0], words(line)) for line in self.lines if line[1] == person]

    def rows(self, person: str) -> list[str]:
        """Rows of one person in words, without their instants."""
        return [row for _, row in self.of(person)]


def simulate(
    plan: Plan, lives: dict[str, Life], *people: Person, scenario: Scenario | None = None, as_of: int = 0
) -> Run:
    """Run one replication on the reference."""
    crowd, recorder = population(as_of or plan.start, people), Recorder()
    run(Task(plan, crowd, Scripted(lives), 1, 0, scenario), recorder)
    return Run(plan, crowd, recorder)

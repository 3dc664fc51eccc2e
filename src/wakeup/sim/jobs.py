"""A job: one replication of one scenario, from what all of them share to its sums."""

from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np
from attrs import evolve, field, frozen

from wakeup.behaviour.protocol import Behaviour
from wakeup.customers.population import BLANK, Population
from wakeup.customers.shards import Shards
from wakeup.figures.events import Sink
from wakeup.figures.joining import Met
from wakeup.figures.tally import Tally
from wakeup.figures.totals import Totals
from wakeup.plan.model import Plan, Scenario
from wakeup.sim.experience import Experience
from wakeup.sim.task import Played, Task

if TYPE_CHECKING:  # a run loads one engine
    from wakeup.sim.array.spread import Lived, Piece

Engine = Literal["array", "reference"]


class Work(Protocol):
    """What workers are given once, and what they make of a job; it can be pickled."""

    @property
    def behaviour(self) -> Behaviour:
        """How people behave."""

    def tally(self, job: "Job") -> "Done":
        """Run a job in this process and add it up."""


@frozen(eq=False)
class Setting:
    """What all jobs of a run share; each worker gets it once. Of people on disk it gets the place, and reads them."""

    plan: Plan
    population: Population | Shards
    behaviour: Behaviour
    seed: int
    engine: Engine
    _read: list[Population] = field(factory=list, init=False, repr=False)
    _reading: Lock = field(factory=Lock, init=False, repr=False)
    _experience: dict[tuple[str, str | None, int], Experience] = field(factory=dict, init=False, repr=False)

    def __reduce__(self) -> tuple[type["Setting"], tuple[object, ...]]:
        return Setting, (self.plan, self.population, self.behaviour, self.seed, self.engine)

    @property
    def people(self) -> Population:
        """The people in memory; read once in each process.

        Raises:
            WakeupError: what reading them raises.
        """
        if isinstance(self.population, Population):
            return self.population
        with self._reading:  # threads of one process share them
            if not self._read:
                self._read.append(self.population.whole())
        return self._read[0]

    def experience(self, job: "Job") -> Experience:
        """Return this process's experience with jobs that differ from this one in the replication only."""
        scenario = "" if job.scenario is None else job.scenario.name
        return self._experience.setdefault((scenario, job.without, job.variant), Experience())

    def tally(self, job: "Job") -> "Done":
        """Run a job in this process and add it up."""
        return tally(self, job)


@frozen
class Job:
    """One replication of one scenario (None: nothing happens).

    `without`: a channel on which nobody can be reached. `variant` numbers the plan where a run plays several over the
    same people; `plan` is played in place of that of the setting.
    """

    replication: int
    scenario: Scenario | None = None
    without: str | None = None
    variant: int = 0
    plan: Plan | None = field(default=None, eq=False, repr=False)
    known: Played | None = field(default=None, eq=False, repr=False)
    """That people have to be played in one order, where that is known before."""


@frozen(eq=False)
class Share:
    """Some of the people of a job, to live in any process."""

    job: Job
    piece: "Piece"


@frozen(eq=False)
class Done:
    """What a job came to: its sums, and how it was played (None: the simulator does not say).

    campaigns: of several on one clock the sums of each; met: how many people they had in common.
    """

    totals: Totals
    played: Played | None = None
    campaigns: tuple[Totals, ...] = ()
    met: Met | None = None


def run(setting: Setting, job: Job, sink: Sink) -> Played | None:
    """Run one job in this process."""
    return _simulator(setting.engine)(task_of(setting, job), sink)


def task_of(setting: Setting, job: Job) -> Task:
    """Return what a simulator is asked for a job."""
    # The array simulator reads people on disk in pieces.
    people = setting.population if setting.engine == "array" else setting.people
    if job.without is not None:
        people = _out_of_reach(setting.people, job.without)
    plan = job.plan or setting.plan
    return Task(
        plan, people, setting.behaviour, setting.seed, job.replication, job.scenario, job.known, setting.experience(job)
    )


def live(setting: Setting, share: Share) -> "Lived":
    """Let some of the people of a job live in this process."""
    from wakeup.sim.array import spread

    piece, job = share.piece, share.job
    people = piece.people
    if people is None:
        assert isinstance(setting.population, Shards)
        people = setting.population.read(piece.first, piece.last)
    plan = job.plan or setting.plan
    return spread.live(Task(plan, people, setting.behaviour, setting.seed, job.replication, job.scenario), piece)


def _out_of_reach(people: Population, channel: str) -> Population:
    """Return the people with a column of consents for the channel that is blank: nobody has an address."""
    return evolve(people, consents={**people.consents, channel: np.full(len(people), BLANK, np.uint8)})


def tally(setting: Setting, job: Job) -> Done:
    """Run one job in this process and add it up."""
    sink = Tally(job.plan or setting.plan, job.scenario)
    played = run(setting, job, sink)
    return Done(sink.totals(), played)


def _simulator(engine: Engine) -> Callable[[Task, Sink], Played | None]:
    # Late: a run loads one engine.
    if engine == "reference":
        from wakeup.sim import reference

        return reference.run
    from wakeup.sim import array

    return array.run

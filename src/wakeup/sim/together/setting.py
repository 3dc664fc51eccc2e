"""What all jobs of a run of several campaigns share, and what a job comes to."""

from collections.abc import Mapping, Sequence

from attrs import frozen

from wakeup.behaviour.protocol import Behaviour
from wakeup.figures.events import Sink
from wakeup.figures.joining import Gathering, together
from wakeup.plan.model import Plan, Scenario
from wakeup.sim.jobs import Done, Engine, Job, Setting
from wakeup.sim.jobs import run as run_alone
from wakeup.sim.task import Played, Task
from wakeup.sim.together.one_world import Scenarios

ALL = 0
"""The group of all campaigns among `Company.groups`."""


@frozen(eq=False)
class Company:
    """Campaigns, each with its people and their behaviour, and the groups of them that are played (`Job.variant`): all
    of them, each alone, and all but each. scenarios: by name, as each campaign meets it."""

    settings: tuple[Setting, ...]
    groups: tuple[tuple[int, ...], ...]
    scenarios: Mapping[str, Scenarios]
    engine: Engine

    @property
    def plans(self) -> tuple[Plan, ...]:
        """The plans, in the order of priority."""
        return tuple(each.plan for each in self.settings)

    @property
    def behaviour(self) -> Behaviour:
        """How people behave; each campaign's own is made of it, so that it can be sent where it can."""
        return self.settings[0].behaviour

    def tally(self, job: Job) -> Done:
        """Run a group of campaigns in this process and add it up."""
        group = self.groups[job.variant]
        met = None if job.scenario is None else self.scenarios[job.scenario.name]
        gathered = [Gathering(self.plans[number], None if met is None else met[number]) for number in group]
        played = self.run(job, gathered)
        totals, common = together(self.plans, group, gathered, job.scenario)
        return Done(totals, played, tuple(each.totals() for each in gathered), common)

    def run(self, job: Job, sinks: Sequence[Sink]) -> Played | None:
        """Run a group of campaigns in this process; a sink for each of them."""
        group = self.groups[job.variant]
        met = None if job.scenario is None else self.scenarios[job.scenario.name]
        if len(group) == 1:
            scenario = None if met is None else met[group[0]]
            return run_alone(self.settings[group[0]], Job(job.replication, scenario), sinks[0])
        tasks = [self._task(number, job, None if met is None else met[number]) for number in group]
        # Late: a run loads one engine.
        if self.engine == "reference":
            from wakeup.sim import reference

            reference.together(tasks, sinks)
            return None
        from wakeup.sim import array

        return array.together(tasks, sinks)

    def _task(self, number: int, job: Job, scenario: Scenario | None) -> Task:
        each = self.settings[number]
        return Task(each.plan, each.people, each.behaviour, each.seed, job.replication, scenario)


def groups_of(campaigns: int) -> tuple[tuple[int, ...], ...]:
    """Return all campaigns, each alone, all but each; of two campaigns all but one is the other."""
    everybody = tuple(range(campaigns))
    alone = [(number,) for number in everybody]
    others = [tuple(each for each in everybody if each != number) for number in everybody]
    return tuple(dict.fromkeys((everybody, *alone, *others)))

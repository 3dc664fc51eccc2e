"""The course of a run: which replications are played, when there are enough, and what there is when it is cut short.

The forecast's own replications come first, in their order; then as many of each scenario. Workers finish them in any
order, but whatever is decided or told is about the first ones without a gap.
"""

from collections.abc import Callable, Iterable
from contextlib import closing
from typing import Literal

from attrs import define, field, frozen

from wakeup.plan.model import Plan, Scenario
from wakeup.sim.executors import Play
from wakeup.sim.jobs import Done, Job
from wakeup.sim.kept import Kept
from wakeup.sim.precision import Precision, Watch

Because = Literal["all", "precision", "interrupted"]

Progress = Callable[[int, int], None]
"""Called with how many replications are done and how many there are."""


@frozen
class Wanted:
    """What is asked for: replications at most, scenarios besides, and how precise is enough (None: never)."""

    most: int
    scenarios: tuple[Scenario, ...]
    precision: Precision | None


@frozen(eq=False)
class Outcome:
    """What there is: the first replications in their order, of the forecast and of each scenario (one that has none is
    left out), why there are not more, and how many of these were not played but found as kept."""

    because: Because
    forecast: tuple[Done, ...]
    scenarios: dict[str, tuple[Done, ...]]
    kept: int


@define(eq=False)
class Course:
    """One run on its way."""

    plan: Plan
    wanted: Wanted
    play: Play
    kept: Kept | None
    tell: Progress | None
    _count: int = field(init=False)
    _because: Because = "all"
    _found: set[Job] = field(factory=set)
    _done: dict[Job, Done] = field(factory=dict)
    _first: list[Done] = field(factory=list)
    """The forecast's first replications that are done, without a gap."""

    def __attrs_post_init__(self) -> None:
        self._count = self.wanted.most

    def run(self) -> Outcome:
        """Play what is wanted; an interrupt (Ctrl-C) cuts it short."""
        try:
            self._forecast()
            self._scenarios()
        except KeyboardInterrupt:
            self._advance(None)
            self._because = "interrupted"
        return self._outcome()

    def _forecast(self) -> None:
        jobs = [Job(number) for number in range(1, self.wanted.most + 1)]
        watch = None if self.wanted.precision is None else Watch(self.plan, self.wanted.precision)
        left = self._left(jobs)
        if self._advance(watch):
            return
        with closing(self.play(left)) as coming:
            for job, done in coming:
                self._take(job, done)
                if self._advance(watch):
                    self._told()
                    return

    def _advance(self, watch: Watch | None) -> bool:
        """Go on to the last replication without a gap; return whether the watch has seen enough."""
        while (done := self._done.get(Job(len(self._first) + 1))) is not None:
            self._first.append(done)
            if watch is not None and watch.enough(done.totals):
                self._count, self._because = len(self._first), "precision"
                self._done = {job: each for job, each in self._done.items() if job.replication <= self._count}
                return True
        return False

    def _scenarios(self) -> None:
        jobs = [Job(number, each) for each in self.wanted.scenarios for number in range(1, self._count + 1)]
        with closing(self.play(self._left(jobs))) as coming:
            for job, done in coming:
                self._take(job, done)

    def _left(self, jobs: Iterable[Job]) -> list[Job]:
        """Return the jobs that are not kept from before; take those that are."""
        left, found = [], {}
        for job in jobs:
            done = None if self.kept is None else self.kept.done(job)
            if done is None:
                left.append(job)
            else:
                found[job] = done
        if found:
            self._done |= found
            self._found |= found.keys()
            self._told()
        return left

    def _take(self, job: Job, done: Done) -> None:
        self._done[job] = done
        if self.kept is not None:
            self.kept.keep(job, done)
        self._told()

    def _told(self) -> None:
        if self.tell is not None:
            self.tell(len(self._done), self._count * (1 + len(self.wanted.scenarios)))

    def _outcome(self) -> Outcome:
        scenarios = {each.name: self._scenario(each) for each in self.wanted.scenarios}
        found = {name: each for name, each in scenarios.items() if each}
        kept = sum(job in self._done for job in self._found)
        return Outcome(self._because, tuple(self._first), found, kept)

    def _scenario(self, scenario: Scenario) -> tuple[Done, ...]:
        found: list[Done] = []
        while (done := self._done.get(Job(len(found) + 1, scenario))) is not None:
            found.append(done)
        return tuple(found)

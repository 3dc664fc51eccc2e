"""Search: variants of one plan over the same people with the same draws; the last word has fresh ones."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import closing
from typing import Final

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from wakeup.behaviour import DefaultBehaviour
from wakeup.behaviour.protocol import Behaviour
from wakeup.customers.population import Population
from wakeup.customers.shards import Shards
from wakeup.diagnostics import WakeupError, diagnostic
from wakeup.figures.definitions import evaluate_all, of_campaign
from wakeup.figures.totals import Totals
from wakeup.figures.verdicts import judge_expectation
from wakeup.plan.model import Plan
from wakeup.sim.course import Progress
from wakeup.sim.executors import Play
from wakeup.sim.jobs import Job, Setting
from wakeup.sim.needs import require
from wakeup.sim.replications import REPLICATIONS, check_numbers
from wakeup.sim.tuning.rungs import efficient, rungs
from wakeup.sim.tuning.space import Picks, Space
from wakeup.sim.workers import hired

Floats = NDArray[np.float64]

MOST_VARIANTS: Final = 1_000
"""Variants that are tried; of a greater space so many are drawn."""

PlanOf = Callable[[Picks], Plan | None]
"""Gives the plan of a choice, None where that is no valid campaign."""


@frozen(eq=False)
class Trial:
    """A variant as far as it was tried.

    profit: incremental profit in major units, wake_rate: both float64 (replications,), NaN where there is none.
    broken: expectations that it fails.
    """

    picks: Picks
    profit: Floats
    wake_rate: Floats
    broken: int

    @property
    def score(self) -> tuple[float, float]:
        """Mean incremental profit and mean wake rate; minus infinity where there is no value."""
        return _mean(self.profit), _mean(self.wake_rate)


@frozen(eq=False)
class Best:
    """The variant that the search picked, and the first one, in the search and with draws that the search never saw.

    Each float64 (replications,): incremental profit in major units. `broken`: expectations that the best one fails.
    """

    picks: Picks
    broken: int
    found: Floats
    first: Floats
    again: Floats
    first_again: Floats

    @property
    def gain(self) -> Floats:
        """How far the best is ahead of the first one, as the search saw it; both met the same draws."""
        return self.found - self.first

    @property
    def gain_again(self) -> Floats:
        """The same with fresh draws. What `gain` is more than this, on average, flatters the choice."""
        return self.again - self.first_again


@frozen(eq=False)
class Found:
    """What a search found: variants in the space and tried, those that are no valid campaigns, every trial, best first,
    those of the frontier of profit against wake rate among the trials of all replications, and the best."""

    space: int
    invalid: int
    trials: tuple[Trial, ...]
    frontier: tuple[Trial, ...]
    best: Best
    replications: int


def search(
    space: Space,
    plan_of: PlanOf,
    population: Population | Shards,
    *,
    behaviour: Behaviour | None = None,
    seed: int = 1,
    replications: int | None = None,
    workers: int = 1,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Found:
    """Look for the variant of most incremental profit among those that fail the fewest expectations.

    Args:
        space: the choices.
        plan_of: makes a variant's plan.
        population: the people, the same for all variants.
        behaviour: how they behave; the default model if None.
        seed: of all draws.
        replications: of the variants that come far; 20 if None. The rest are played for fewer.
        workers: processes; the result does not depend on it.
        executor: any executor to run on in place of `workers`.
        progress: called with (done, all) replications.

    Raises:
        WakeupError: no variant is a valid campaign (WK5122), or what `simulate` raises.
    """
    count = REPLICATIONS if replications is None else replications
    check_numbers(seed=seed, replications=count, workers=workers)
    plans = {index: plan_of(space.picks(index)) for index in space.candidates(MOST_VARIANTS, seed)}
    valid = {index: plan for index, plan in plans.items() if plan is not None}
    if not valid:
        raise WakeupError([diagnostic("WK5122", count=len(plans))])
    some = next(iter(valid.values()))
    require(some, population)
    setting = Setting(some, population, behaviour or DefaultBehaviour(), seed, "array")
    with hired(setting, workers, executor) as play:
        return _Search(space, valid, play, progress).run(count, len(plans) - len(valid))


@define(eq=False)
class _Search:
    """One search on its way."""

    space: Space
    plans: Mapping[int, Plan]
    play: Play
    tell: Progress | None
    _totals: dict[int, dict[int, Totals]] = field(factory=dict)
    _done: int = 0
    _all: int = 0

    def run(self, count: int, invalid: int) -> Found:
        """Climb the rungs, then play the best and the first variant again with fresh draws."""
        ladder = rungs(len(self.plans), count)
        self._all = _plays([(rung.variants, rung.replications) for rung in ladder]) + 2 * count
        left: Sequence[int] = tuple(self.plans)
        for number, rung in enumerate(ladder):
            self._extend(left, range(1, rung.replications + 1))
            if number + 1 < len(ladder):
                left = self._better(left, ladder[number + 1].variants)
        trials = {index: self._trial(index, self._totals[index]) for index in self.plans}
        best = min(left, key=lambda index: _rank(trials[index]))
        first = next(iter(self.plans))
        seen, fresh = range(1, count + 1), range(count + 1, 2 * count + 1)
        self._extend((first,), seen)
        self._extend(dict.fromkeys((best, first)), fresh)
        edge = efficient([trials[index].score for index in left])
        return Found(
            space=len(self.space),
            invalid=invalid,
            trials=tuple(sorted(trials.values(), key=lambda each: (-len(each.profit), *_rank(each)))),
            frontier=tuple(trials[left[n]] for n in edge),
            best=Best(
                picks=self.space.picks(best),
                broken=trials[best].broken,
                found=trials[best].profit,
                first=self._trial(first, seen).profit,
                again=self._trial(best, fresh).profit,
                first_again=self._trial(first, fresh).profit,
            ),
            replications=count,
        )

    def _better(self, left: Sequence[int], count: int) -> Sequence[int]:
        """Return the better ones, and those on the frontier of profit against wake rate besides."""
        trials = {index: self._trial(index, self._totals[index]) for index in left}
        ranked = sorted(left, key=lambda index: _rank(trials[index]))
        edge = efficient([trials[index].score for index in left])
        return tuple(dict.fromkeys((*ranked[:count], *(left[n] for n in edge[:count]))))

    def _extend(self, variants: Iterable[int], replications: Iterable[int]) -> None:
        wanted = tuple(replications)
        jobs = [
            Job(number, variant=index, plan=self.plans[index])
            for number in wanted
            for index in variants
            if number not in self._totals.get(index, {})
        ]
        with closing(self.play(jobs)) as coming:
            for job, done in coming:
                self._totals.setdefault(job.variant, {})[job.replication] = done.totals
                self._done += 1
                if self.tell is not None:
                    self.tell(min(self._done, self._all), self._all)

    def _trial(self, index: int, replications: Iterable[int]) -> Trial:
        plan, played = self.plans[index], self._totals[index]
        totals = [played[number] for number in sorted(replications) if number in played]
        campaign = of_campaign(evaluate_all(plan, totals))
        verdicts = [judge_expectation(each, campaign, totals) for each in plan.expectations]
        return Trial(
            picks=self.space.picks(index),
            profit=campaign["incremental_profit"] / 10.0**plan.minor_digits,
            wake_rate=campaign["wake_rate"],
            broken=sum(verdict.status == "failed" for verdict in verdicts),
        )


def _plays(ladder: Iterable[tuple[int, int]]) -> int:
    """Return the replications that rungs of (variants, replications) take, about: the frontier adds some."""
    done = before = 0
    for variants, replications in ladder:
        done += variants * (replications - before)
        before = replications
    return done


def _rank(trial: Trial) -> tuple[int, float, Picks]:
    return trial.broken, -trial.score[0], trial.picks


def _mean(values: Floats) -> float:
    there = values[~np.isnan(values)]
    return float(there.mean()) if len(there) else float("-inf")

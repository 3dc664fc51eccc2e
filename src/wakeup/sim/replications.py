"""A forecast: many replications of a plan over a population, and what they come to."""

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from typing import Final

import numpy as np
from attrs import evolve

from wakeup.behaviour import DefaultBehaviour, basis, parameter_values
from wakeup.behaviour.protocol import Behaviour
from wakeup.customers.population import Population
from wakeup.customers.shards import Shards
from wakeup.diagnostics import Diagnostic, Listed, Say, WakeupError, diagnostic, suggest
from wakeup.figures.assemble import Assumed, assemble
from wakeup.figures.contributions import contributions
from wakeup.figures.eventfile import event_file
from wakeup.figures.result import Ordered, Result, Sought, Stopped
from wakeup.figures.totals import Totals
from wakeup.plan.model import Plan, Scenario
from wakeup.sim.countered import measures, played_without_measures
from wakeup.sim.course import Course, Outcome, Progress, Wanted
from wakeup.sim.jobs import Done, Engine, Job, Setting, run
from wakeup.sim.kept import Kept
from wakeup.sim.needs import require
from wakeup.sim.precision import Precision, reached
from wakeup.sim.sensitivity import Paths, paths_of
from wakeup.sim.sensitivity import sensitivity as effects
from wakeup.sim.without import channels_used, played_without
from wakeup.sim.workers import hired

LIMITS: Final[Mapping[str, tuple[int, int]]] = {
    "seed": (0, (1 << 63) - 1),  # the draws take 64 bits: greater seeds would repeat smaller ones
    "replications": (1, 100_000),
    "workers": (1, 1_000),
}
"""Least and greatest value of what a run is told in numbers; beyond, a slip of the hand is likelier than a wish."""

REPLICATIONS: Final = 20
"""Replications where nobody says how many."""

MOST_REPLICATIONS: Final = 1_000
"""Replications at most where nobody says how many, but how precise."""


class Interrupted(KeyboardInterrupt):
    """A run was interrupted after at least one replication; `result` has the figures of those that are done."""

    def __init__(self, result: Result) -> None:
        super().__init__()
        self.result = result


def simulate(
    plan: Plan,
    population: Population | Shards,
    *,
    behaviour: Behaviour | None = None,
    seed: int = 1,
    replications: int | None = None,
    engine: Engine = "array",
    workers: int = 1,
    executor: Executor | None = None,
    precision: Mapping[str, float] | None = None,
    scenarios: Sequence[str] = (),
    by_channel: bool = False,
    sensitivity: bool = False,
    progress: Progress | None = None,
    events: str | os.PathLike[str] | None = None,
    kept: Kept | None = None,
) -> Result:
    """Simulate a plan and return its figures with their uncertainty.

    Args:
        plan: the plan.
        population: the people; of `Shards` every worker reads the files itself.
        behaviour: how people behave; the default model if None. Must be picklable if there are several workers.
        seed: of all draws. Equal seeds give equal results.
        replications: how often, each with parameters of its own; at most so often with a `precision`. None: 20, with a
            `precision` at most 1,000.
        engine: "array", or "reference" (slow, the definition).
        workers: processes; the result does not depend on it. With several, a script needs the guard
            `if __name__ == "__main__":`, as always with processes.
        executor: any `concurrent.futures.Executor` to run on in place of `workers`, Dask's included; it stays open. The
            result does not depend on it.
        precision: stop once the value of each of these figures is known so closely: half the 90 % interval of the mean
            over replications, in the unit of the result (`wakeup.sim.precision`).
        scenarios: names of scenarios to simulate besides; and once more without the guards that acted in them and the
            fallbacks of channels that are down, for what these buy.
        by_channel: simulate besides what happens without each channel, for what it adds.
        sensitivity: simulate besides how the profit moves with each assumption (`wakeup.sim.sensitivity`, which says
            how many replications that takes).
        progress: called with (done, all) after each replication.
        events: file for the rows of replication 0 (all parameters at their medians): .parquet, .csv or .jsonl.
        kept: an entered folder in which finished replications are kept, and taken from if they are there.

    Raises:
        WakeupError: a number outside `LIMITS` (WK5107), an unknown scenario (WK5101), data that lack what the plan
            looks at (WK5102 to WK5104), nobody eligible (WK5109), events that cannot be written (WK5105, WK5106,
            WK5110), workers that die again and again (WK5108), an executor that gives up (WK5112), a precision that
            means nothing (WK5113, WK5114), a folder of another run (WK5116), the sensitivity of a behaviour of your own
            (WK5140), more customers than fit in memory in one order (WK5142).
        Interrupted: Ctrl-C after at least one replication; before, a plain KeyboardInterrupt.
    """
    if replications is None:
        replications = MOST_REPLICATIONS if precision else REPLICATIONS
    check_numbers(seed=seed, replications=replications, workers=workers)
    asked = Precision.of(precision) if precision else None
    wanted = Wanted(replications, tuple(named_scenarios(plan, scenarios)), asked)
    setting = Setting(plan, population, behaviour or DefaultBehaviour(), seed, engine)
    require(plan, population)
    paths = _paths(setting) if sensitivity else None
    if kept is not None:
        kept.bind(setting)
    if events is not None:
        with event_file(events, plan) as sink:
            run(setting, Job(0), sink)
    used = channels_used(plan) if by_channel else ()
    jobs = replications * (1 + len(wanted.scenarios) + len(used))
    with hired(setting, workers, executor, jobs) as play:
        outcome = Course(plan, wanted, play, kept, progress).run()
        count = 0 if outcome.because == "interrupted" else len(outcome.forecast)
        without = played_without(used, count, play, progress)
        against = measures(plan, wanted.scenarios, outcome) if count else []
        bought = played_without_measures(plan, against, play, progress) if against else ()
        moves = effects(paths, play, progress) if paths is not None and count else ()
    if not outcome.forecast:
        raise KeyboardInterrupt
    result = concluded(setting, wanted, outcome)
    if outcome.because == "interrupted":
        raise Interrupted(result)
    return evolve(
        result,
        contributions=contributions(plan, _totals(outcome.forecast), without),
        countermeasures=bought,
        sensitivity=moves,
    )


def _paths(setting: Setting) -> Paths:
    """Return the paths through the assumptions of the default behaviour.

    Raises:
        WakeupError: another behaviour, whose assumptions nobody can vary from here (WK5140).
    """
    if type(setting.behaviour) is not DefaultBehaviour:
        raise WakeupError([diagnostic("WK5140", behaviour=type(setting.behaviour).__name__)])
    return paths_of(setting.plan, setting.seed)


def concluded(setting: Setting, wanted: Wanted, outcome: Outcome) -> Result:
    """Put together what the replications come to.

    Raises:
        WakeupError: nobody was eligible in any of them (WK5109).
    """
    plan, forecast = setting.plan, _totals(outcome.forecast)
    if not any(each.eligible for each in forecast):
        raise WakeupError([diagnostic("WK5109", customers=len(setting.population))])
    result = assemble(
        plan,
        seed=setting.seed,
        customers=len(setting.population),
        replications=forecast,
        scenarios={name: _totals(done) for name, done in outcome.scenarios.items()},
        basis=_basis(setting, len(forecast)),
    )
    sought = {}
    if wanted.precision is not None:
        found = reached(plan, wanted.precision, forecast)
        sought = {name: Sought(width, found[name]) for name, width in wanted.precision.wanted.items()}
    counts = {each.name: len(outcome.scenarios.get(each.name, ())) for each in wanted.scenarios}
    return evolve(
        result,
        partial=outcome.because == "interrupted",
        stopped=Stopped(outcome.because, wanted.most, sought, counts),
        timing=evolve(result.timing, free=_free(outcome), ordered=tuple(_ordered(outcome)), kept=outcome.kept),
    )


def _totals(done: Sequence[Done]) -> list[Totals]:
    return [each.totals for each in done]


def _groups(outcome: Outcome) -> dict[str, tuple[Done, ...]]:
    return {"": outcome.forecast, **outcome.scenarios}


def _free(outcome: Outcome) -> int:
    played = (each.played for group in _groups(outcome).values() for each in group)
    return sum(each is not None and each.ordered_from is None for each in played)


def _ordered(outcome: Outcome) -> Iterator[Ordered]:
    for scenario, group in _groups(outcome).items():
        for number, done in enumerate(group, start=1):
            if done.played is not None and done.played.ordered_from is not None:
                yield Ordered(scenario, number, done.played.ordered_from, done.played.because)


def check_numbers(**numbers: int) -> None:
    """See that what a run is told in numbers lies within `LIMITS`.

    Raises:
        WakeupError: one does not (WK5107).
    """
    problems = [
        diagnostic("WK5107", name=name, found=number, least=LIMITS[name][0], most=LIMITS[name][1])
        for name, number in numbers.items()
        if not LIMITS[name][0] <= number <= LIMITS[name][1]
    ]
    if problems:
        raise WakeupError(problems)


def named_scenarios(plan: Plan, names: Sequence[str]) -> list[Scenario]:
    """Return the scenarios of these names, in the order of the plan.

    Raises:
        WakeupError: it has none of a name (WK5101).
    """
    problems = tuple(_unknown(plan, names))
    if problems:
        raise WakeupError(problems)
    return [scenario for scenario in plan.scenarios if scenario.name in names]


def _unknown(plan: Plan, names: Sequence[str]) -> Iterator[Diagnostic]:
    known = [scenario.name for scenario in plan.scenarios]
    for name in names:
        if name not in known:
            help_ = None if known else Say("this plan declares no scenario")
            yield diagnostic("WK5101", help=help_, name=name, known=Listed(suggest(name, known) or known))


def _basis(setting: Setting, replications: int) -> list[Assumed]:
    # Another behaviour stands on what its maker knows, also where it is the default but for one answer.
    if type(setting.behaviour) is not DefaultBehaviour:
        return []
    drawn = np.stack(
        [parameter_values(setting.plan, setting.seed, number) for number in range(1, replications + 1)], axis=1
    )
    return [
        Assumed(row.parameter, row.scope, row.median, row.low, row.high, row.source, row.grade, drawn[index])
        for index, row in enumerate(basis(setting.plan))
    ]

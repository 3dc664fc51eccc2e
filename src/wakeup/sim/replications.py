"""A forecast: many replications of a plan over a population, and what they come to."""

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from wakeup.behaviour import DefaultBehaviour, basis, parameter_values
from wakeup.behaviour.protocol import Behaviour
from wakeup.customers.population import Population
from wakeup.diagnostics import Diagnostic, Listed, WakeupError, diagnostic, suggest
from wakeup.figures.assemble import Assumed, assemble
from wakeup.figures.result import Result
from wakeup.figures.trace import Trace
from wakeup.plan.model import Plan, Scenario
from wakeup.sim.needs import require
from wakeup.sim.workers import Engine, Job, Progress, Setting, run, tally_all

LIMITS: Final[Mapping[str, tuple[int, int]]] = {
    "seed": (0, (1 << 63) - 1),  # the draws take 64 bits: greater seeds would repeat smaller ones
    "replications": (1, 100_000),
    "workers": (1, 1_000),
}
"""Least and greatest value of what a run is told in numbers; beyond, a slip of the hand is likelier than a wish."""


def simulate(
    plan: Plan,
    population: Population,
    *,
    behaviour: Behaviour | None = None,
    seed: int = 1,
    replications: int = 20,
    engine: Engine = "array",
    workers: int = 1,
    scenarios: Sequence[str] = (),
    progress: Progress | None = None,
    events: str | os.PathLike[str] | None = None,
) -> Result:
    """Simulate a plan and return its figures with their uncertainty.

    Args:
        plan: the plan.
        population: the people.
        behaviour: how people behave; the default model if None. Must be picklable if there are several workers.
        seed: of all draws. Equal seeds give equal results.
        replications: how often; each draws its own parameters.
        engine: "array", or "reference" (slow, the definition).
        workers: processes; the result does not depend on it. With several, a script needs the guard
            `if __name__ == "__main__":`, as always with processes.
        scenarios: names of scenarios to simulate besides.
        progress: called with (done, all) after each replication.
        events: file for the rows of replication 0 (all parameters at their medians): .parquet, .csv or .jsonl.

    Raises:
        WakeupError: a number outside `LIMITS` (WK5107), an unknown scenario (WK5101), data that lack what the plan
            looks at (WK5102 to WK5104), nobody eligible (WK5109), events that cannot be written (WK5105, WK5106,
            WK5110), a worker that died (WK5108).
    """
    _check(seed=seed, replications=replications, workers=workers)
    named = _named(plan, scenarios)
    require(plan, population)
    setting = Setting(plan, population, behaviour or DefaultBehaviour(), seed, engine)
    if events is not None:
        trace = Trace()
        run(setting, Job(0), trace)
        trace.write(events, population, plan)
    runs: list[Scenario | None] = [None, *named]
    jobs = [Job(number, scenario) for scenario in runs for number in range(1, replications + 1)]
    found = tally_all(setting, jobs, workers, progress)
    if not any(each.eligible for each in found):
        raise WakeupError([diagnostic("WK5109", customers=len(population))])
    parts = [found[first : first + replications] for first in range(0, len(found), replications)]
    return assemble(
        plan,
        seed=seed,
        customers=len(population),
        replications=parts[0],
        scenarios={scenario.name: part for scenario, part in zip(named, parts[1:], strict=True)},
        basis=_basis(setting, replications),
    )


def _check(**numbers: int) -> None:
    problems = [
        diagnostic("WK5107", name=f"--{name}", found=number, least=LIMITS[name][0], most=LIMITS[name][1])
        for name, number in numbers.items()
        if not LIMITS[name][0] <= number <= LIMITS[name][1]
    ]
    if problems:
        raise WakeupError(problems)


def _named(plan: Plan, names: Sequence[str]) -> list[Scenario]:
    problems = tuple(_unknown(plan, names))
    if problems:
        raise WakeupError(problems)
    return [scenario for scenario in plan.scenarios if scenario.name in names]


def _unknown(plan: Plan, names: Sequence[str]) -> Iterator[Diagnostic]:
    known = [scenario.name for scenario in plan.scenarios]
    for name in names:
        if name not in known:
            yield diagnostic("WK5101", name=name, known=Listed(suggest(name, known) or known) if known else "–")


def _basis(setting: Setting, replications: int) -> list[Assumed]:
    # Another behaviour stands on what its maker knows.
    if not isinstance(setting.behaviour, DefaultBehaviour):
        return []
    drawn = np.stack(
        [parameter_values(setting.plan, setting.seed, number) for number in range(1, replications + 1)], axis=1
    )
    return [
        Assumed(row.parameter, row.scope, row.median, row.low, row.high, row.source, row.grade, drawn[index])
        for index, row in enumerate(basis(setting.plan))
    ]

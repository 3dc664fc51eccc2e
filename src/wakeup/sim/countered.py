"""The replications of a scenario once more, without what the plan has against it: its guards, its fallbacks.

Nothing is played that can make no difference: guards where none of them acted, fallbacks where no channel that has
some is down.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing

from attrs import evolve, frozen

from wakeup.figures.countered import countermeasure
from wakeup.figures.result import Countermeasure
from wakeup.figures.totals import Totals
from wakeup.plan.model import Plan, Scenario
from wakeup.sim.course import Outcome, Progress
from wakeup.sim.executors import Play
from wakeup.sim.jobs import Job


@frozen(eq=False)
class Measure:
    """A counter-measure and the plan `without` it; `with_it`: the sums of each replication that has it; again: the
    numbers of those in which it may make a difference."""

    scenario: Scenario
    kind: str
    names: tuple[str, ...]
    without: Plan
    with_it: tuple[Totals, ...]
    again: tuple[int, ...]


def measures(plan: Plan, scenarios: Sequence[Scenario], outcome: Outcome) -> list[Measure]:
    """Return the counter-measures of a plan that a scenario touches, scenario by scenario."""
    found = []
    for scenario in scenarios:
        played = tuple(each.totals for each in outcome.scenarios.get(scenario.name, ()))
        found += [*_guards(plan, scenario, played), *_fallbacks(plan, scenario, played)]
    return found


def _guards(plan: Plan, scenario: Scenario, played: tuple[Totals, ...]) -> Iterator[Measure]:
    acted = {guard for each in played for guard, _, _ in each.tripped}
    if acted:
        names = tuple(each.name for each in plan.guards if each.name in acted)
        again = tuple(number for number, each in enumerate(played, start=1) if each.tripped)
        yield Measure(scenario, "guards", names, evolve(plan, guards=()), played, again)


def _fallbacks(plan: Plan, scenario: Scenario, played: tuple[Totals, ...]) -> Iterator[Measure]:
    names = tuple(each.name for each in plan.messages if each.fallback and each.channel in scenario.down)
    if names and played:
        bare = tuple(evolve(each, fallback="") if each.name in names else each for each in plan.messages)
        again = tuple(range(1, len(played) + 1))
        yield Measure(scenario, "fallbacks", names, evolve(plan, messages=bare), played, again)


def played_without_measures(
    plan: Plan, found: Sequence[Measure], play: Play, progress: Progress | None
) -> tuple[Countermeasure, ...]:
    """Play the replications without each counter-measure, and return what it buys; `progress` counts these alone."""
    jobs = {
        Job(number, each.scenario, variant=place + 1, plan=each.without): (place, number)
        for place, each in enumerate(found)
        for number in each.again
    }
    done: dict[tuple[int, int], Totals] = {}
    with closing(play(list(jobs))) as coming:
        for job, each in coming:
            done[jobs[job]] = each.totals
            if progress is not None:
                progress(len(done), len(jobs))
    return tuple(_bought(plan, place, each, done) for place, each in enumerate(found))


def _bought(plan: Plan, place: int, measure: Measure, done: dict[tuple[int, int], Totals]) -> Countermeasure:
    pairs = [(own, done.get((place, number), own)) for number, own in enumerate(measure.with_it, start=1)]
    return countermeasure(plan, measure.scenario.name, measure.kind, measure.names, pairs, len(measure.again))

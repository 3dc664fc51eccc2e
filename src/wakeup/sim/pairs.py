"""Two plans over the same people with the same draws.

A draw depends on seed, replication, customer, purpose and occurrence alone (SEMANTICS 8), so playing both plans with
one seed pairs them by itself: whatever an edit does not touch happens to everybody as before.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor

from attrs import frozen

from wakeup.behaviour import DefaultBehaviour
from wakeup.behaviour.protocol import Behaviour
from wakeup.customers.population import Population
from wakeup.customers.shards import Shards
from wakeup.diagnostics import Diagnostic, Key, WakeupError, diagnostic
from wakeup.figures.differences import Differences
from wakeup.figures.differing import Side, differences
from wakeup.figures.refusals import Refusals, between
from wakeup.plan.model import Plan
from wakeup.sim.course import Course, Progress, Wanted
from wakeup.sim.jobs import Engine, Job, Setting, run
from wakeup.sim.needs import require
from wakeup.sim.replications import REPLICATIONS, check_numbers, concluded, named_scenarios
from wakeup.sim.workers import hired


@frozen(eq=False)
class Staged:
    """A plan and its people: those of the other plan, but for what each plan declares of its customers."""

    plan: Plan
    population: Population | Shards


def comparable(old: Plan, new: Plan) -> None:
    """See that two plans count in the same money and by the same clock.

    Raises:
        WakeupError: they do not (WK6061).
    """
    problems = list(_apart(old, new))
    if problems:
        raise WakeupError(problems)


def _apart(old: Plan, new: Plan) -> Iterator[Diagnostic]:
    for name, was, now in (("currency", old.currency, new.currency), ("timezone", old.zone, new.zone)):
        if was != now:
            yield diagnostic("WK6061", what=Key(name), old=was, new=now)


def compare(
    old: Staged,
    new: Staged,
    *,
    behaviour: Behaviour | None = None,
    seed: int = 1,
    replications: int | None = None,
    engine: Engine = "array",
    workers: int = 1,
    executor: Executor | None = None,
    scenarios: Sequence[str] = (),
    progress: Progress | None = None,
) -> Differences:
    """Simulate two plans and return what differs. The arguments mean what they mean in
    `wakeup.sim.replications.simulate`; each of `scenarios` must be in both plans.

    Raises:
        WakeupError: the plans cannot be compared (WK6061), or what `simulate` raises of either.
    """
    comparable(old.plan, new.plan)
    count = REPLICATIONS if replications is None else replications
    check_numbers(seed=seed, replications=count, workers=workers)
    pair = [
        (
            Setting(each.plan, each.population, behaviour or DefaultBehaviour(), seed, engine),
            Wanted(count, tuple(named_scenarios(each.plan, scenarios)), None),
        )
        for each in (old, new)
    ]
    for setting, _ in pair:
        require(setting.plan, setting.population)
    before, after = (_refusals(setting) for setting, _ in pair)
    sides = [
        _played(setting, wanted, workers, executor, _half(progress, number))
        for number, (setting, wanted) in enumerate(pair)
    ]
    return differences(sides[0], sides[1], between(before, after))


def _refusals(setting: Setting) -> Refusals:
    sink = Refusals(len(setting.population))
    run(setting, Job(0), sink)
    return sink


def _played(
    setting: Setting, wanted: Wanted, workers: int, executor: Executor | None, progress: Progress | None
) -> Side:
    jobs = wanted.most * (1 + len(wanted.scenarios))
    with hired(setting, workers, executor, jobs) as play:
        outcome = Course(setting.plan, wanted, play, None, progress).run()
    if outcome.because == "interrupted":  # of one plan alone there is nothing to tell
        raise KeyboardInterrupt
    scenarios = {name: [each.totals for each in done] for name, done in outcome.scenarios.items()}
    replications = [each.totals for each in outcome.forecast]
    return Side(setting.plan, concluded(setting, wanted, outcome), replications, scenarios)


def _half(progress: Progress | None, number: int) -> Progress | None:
    """Return what tells the progress of the first (0) or second (1) of two runs as that of both."""
    return None if progress is None else lambda done, every: progress(done + number * every, 2 * every)

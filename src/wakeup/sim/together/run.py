"""A forecast of several campaigns over the same people on one clock, and of each of them without the others."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import closing
from typing import Final

import numpy as np
from attrs import define, field
from numpy.typing import NDArray

from wakeup.behaviour import DefaultBehaviour
from wakeup.behaviour.protocol import Behaviour
from wakeup.figures.definitions import MONEY, Values, evaluate, of_campaign, plain_name, unit_of
from wakeup.figures.differences import Difference
from wakeup.figures.differing import Side, difference, differences
from wakeup.figures.estimates import Currency, estimate, estimate_all
from wakeup.figures.joining import Met, one_plan
from wakeup.figures.refusals import Refusals, between
from wakeup.figures.result import Figure, Figures, Result
from wakeup.figures.together import Presence, Together
from wakeup.figures.totals import Totals
from wakeup.plan.model import Plan
from wakeup.sim.course import Outcome, Progress, Wanted
from wakeup.sim.jobs import Done, Engine, Job, Setting
from wakeup.sim.needs import require
from wakeup.sim.pairs import Staged
from wakeup.sim.replications import REPLICATIONS, check_numbers, concluded
from wakeup.sim.together.agreement import agree
from wakeup.sim.together.apart import apart
from wakeup.sim.together.one_world import one_event, one_life
from wakeup.sim.together.setting import ALL, Company, groups_of
from wakeup.sim.workers import hired

ADDED: Final = (
    "sent", "spent", "incremental_woken", "incremental_orders", "incremental_revenue", "incremental_profit",
)  # fmt: skip
"""Figures of which it is told what each campaign brings alone, and what it adds to the others."""

_PEOPLE: Final[Mapping[str, Callable[[Met], int]]] = {
    "targeted_by_several": lambda met: met.targeted,
    "touched_by_several": lambda met: met.touched,
    "most_sent": lambda met: met.most_sent,
}


def simulate(
    stages: Sequence[Staged],
    *,
    behaviour: Behaviour | None = None,
    seed: int = 1,
    replications: int | None = None,
    engine: Engine = "array",
    workers: int = 1,
    executor: Executor | None = None,
    scenarios: Sequence[str] = (),
    progress: Progress | None = None,
) -> Together:
    """Simulate campaigns together, in the order of priority, and each without the others, with the same draws.

    The people of all stages are the same, row by row, but for what each plan declares of them. The arguments mean what
    they mean in `wakeup.sim.replications.simulate`; each of `scenarios` must be in one of the plans at least.

    Raises:
        WakeupError: the campaigns cannot run together (`wakeup.sim.together.agreement`), or what `simulate` raises.
        KeyboardInterrupt: Ctrl-C.
    """
    agree([each.plan for each in stages], scenarios)
    count = REPLICATIONS if replications is None else replications
    check_numbers(seed=seed, replications=count, workers=workers)
    plans = one_life([each.plan for each in stages])
    how = behaviour or DefaultBehaviour()
    company = Company(
        settings=tuple(
            Setting(plan, each.population, apart(how, plans, number), seed, engine)
            for number, (plan, each) in enumerate(zip(plans, stages, strict=True))
        ),
        groups=groups_of(len(plans)),
        scenarios={name: one_event(plans, name) for name in scenarios},
        engine=engine,
    )
    for each in company.settings:
        require(each.plan, each.population)
    jobs = [Job(number, variant=group) for group in range(len(company.groups)) for number in range(1, count + 1)]
    jobs += [Job(number, met[0]) for met in company.scenarios.values() for number in range(1, count + 1)]
    with hired(company, workers, executor, len(jobs)) as play:
        done = dict[Job, Done]()
        with closing(play(jobs)) as coming:
            for job, each_done in coming:
                done[job] = each_done
                if progress is not None:
                    progress(len(done), len(jobs))
    return _Concluding(company, how, count, done).together()


@define(eq=False)
class _Concluding:
    """Puts together what the jobs came to. values: of `ADDED`, by group, each (replications,)."""

    company: Company
    how: Behaviour
    count: int
    done: Mapping[Job, Done]
    plans: tuple[Plan, ...] = field(init=False)
    currency: Currency = field(init=False)
    values: list[dict[str, Values]] = field(init=False)
    _refused: dict[int, list[Refusals]] = field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        self.plans = self.company.plans
        self.currency = Currency(self.plans[0].currency, self.plans[0].minor_digits)
        self.values = [self._values(group) for group in range(len(self.company.groups))]

    def together(self) -> Together:
        """Return everything that was found."""
        results = [self._result(number) for number in range(len(self.plans))]
        first = results[0]
        played = self._done(ALL)
        return Together(
            currency=first.currency,
            seed=first.seed,
            replications=self.count,
            customers=first.customers,
            campaigns=tuple(results),
            figures=self._figures(ALL, [each.totals for each in played]),
            people={name: self._met(played, how) for name, how in _PEOPLE.items()},
            overlap=self._overlap(),
            presence=tuple(self._presence(number, result) for number, result in enumerate(results)),
            scenarios={
                name: self._figures(ALL, [each.totals for each in self._under(name)]) for name in self.company.scenarios
            },
        )

    def _group(self, members: Iterable[int]) -> int:
        return self.company.groups.index(tuple(members))

    def _done(self, group: int) -> list[Done]:
        return [self.done[Job(number, variant=group)] for number in range(1, self.count + 1)]

    def _under(self, scenario: str) -> list[Done]:
        event = self.company.scenarios[scenario][0]
        return [self.done[Job(number, event)] for number in range(1, self.count + 1)]

    def _result(self, number: int) -> Result:
        """Return a campaign's result beside all others."""
        scenarios = {
            name: tuple(Done(each.campaigns[number], each.played) for each in self._under(name))
            for name in self.company.scenarios
        }
        own = [Done(each.campaigns[number], each.played) for each in self._done(ALL)]
        return self._concluded(number, own, scenarios)

    def _concluded(self, number: int, done: Sequence[Done], scenarios: Mapping[str, tuple[Done, ...]]) -> Result:
        told = self.company.settings[number]
        setting = Setting(told.plan, told.population, self.how, told.seed, told.engine)
        wanted = Wanted(self.count, tuple(self.company.scenarios[name][number] for name in scenarios), None)
        return concluded(setting, wanted, Outcome("all", tuple(done), dict(scenarios), 0))

    def _figures(self, group: int, replications: Sequence[Totals]) -> Figures:
        plan = one_plan(self.plans, self.company.groups[group])
        values = [
            {name: value[:, :1] for name, value in evaluate(plan, each).items() if not name.startswith("uplift_")}
            for each in replications
        ]
        return estimate_all(values, self.currency)[0]

    def _met(self, played: Sequence[Done], how: Callable[[Met], int]) -> Figure:
        values = np.array([how(each.met) for each in played if each.met is not None], np.float64)
        return estimate("targeted", values, np.full(len(values), np.nan), self.currency)

    # --- what the others do to a campaign ----------------------------------------------------------------------------

    def _presence(self, number: int, result: Result) -> Presence:
        plan, alone = self.plans[number], self._done(self._group([number]))
        before = Side(plan, self._concluded(number, [Done(each.campaigns[0]) for each in alone], {}),
                      [each.campaigns[0] for each in alone], {})  # fmt: skip
        after = Side(plan, result, [each.campaigns[number] for each in self._done(ALL)], {})
        refused = between(self._refusals(self._group([number]))[0], self._refusals(ALL)[number])
        return Presence(plan.name, differences(before, after, refused), self._adds(number))

    def _refusals(self, group: int) -> list[Refusals]:
        """Return who of a group's people was refused, in replication 0, by campaign."""
        if group not in self._refused:
            people = len(self.company.settings[0].population)
            sinks = [Refusals(people) for _ in self.company.groups[group]]
            self.company.run(Job(0, variant=group), sinks)
            self._refused[group] = sinks
        return self._refused[group]

    def _overlap(self) -> dict[str, Difference]:
        alone = [self.values[self._group([number])] for number in range(len(self.plans))]
        whole = self.values[ALL]
        return {name: self._difference(name, sum(each[name] for each in alone), whole[name]) for name in ADDED}

    def _adds(self, number: int) -> dict[str, Difference]:
        everybody = range(len(self.plans))
        alone, whole = self.values[self._group([number])], self.values[ALL]
        others = self.values[self._group(each for each in everybody if each != number)]
        return {name: self._difference(name, alone[name], whole[name] - others[name]) for name in ADDED}

    def _difference(self, figure: str, old: NDArray[np.float64] | float, new: NDArray[np.float64]) -> Difference:
        scale = 10.0**-self.currency.minor_digits if plain_name(figure) in MONEY else 1.0
        return difference(np.asarray(old), new, unit_of(figure, self.currency.code), scale)

    def _values(self, group: int) -> dict[str, Values]:
        """Return the values of `ADDED` in each replication, of a group as one."""
        plan = one_plan(self.plans, self.company.groups[group])
        figures = of_campaign([evaluate(plan, each.totals) for each in self._done(group)])
        return {name: figures[name] for name in ADDED}

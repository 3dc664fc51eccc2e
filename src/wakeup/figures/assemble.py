"""From the sums of all replications and scenarios to a `Result`."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from wakeup.figures.contacts import MODELS
from wakeup.figures.definitions import Values, evaluate_all, evaluate_channels, of_campaign
from wakeup.figures.estimates import Currency, estimate_all, influences, line
from wakeup.figures.experiments import experiments
from wakeup.figures.periods import local_days
from wakeup.figures.result import (
    ArmFigures,
    Basis,
    BudgetLine,
    Credit,
    Day,
    Figures,
    PhaseFigures,
    Result,
    SegmentFigures,
    Stopped,
)
from wakeup.figures.risks import risks
from wakeup.figures.totals import CREDIT_UNITS, DAY_METRICS, Segment, Totals
from wakeup.figures.verdicts import judge_expectation, judge_goal, reach
from wakeup.plan.fingerprint import fingerprints
from wakeup.plan.model import Plan
from wakeup.stats import intervals

_PHASE_SUMS: Final = ("sent", "orders", "revenue", "twin_orders", "twin_revenue")

_JUDGED: Final = "incremental_profit"
"""The figure whose spread the influence of an assumption is told by."""


@frozen(eq=False)
class Assumed:
    """An assumption in use, as in `behaviour.Basis`; drawn: its value in each replication, float64 (replications,)."""

    parameter: str
    scope: str
    median: float
    low: float
    high: float
    source: str
    grade: str
    drawn: NDArray[np.float64]


def assemble(
    plan: Plan,
    *,
    seed: int,
    customers: int,
    replications: Sequence[Totals],
    scenarios: Mapping[str, Sequence[Totals]],
    basis: Sequence[Assumed],
) -> Result:
    """Return the result.

    Args:
        plan: the plan that was simulated.
        seed: its seed.
        customers: people in the population.
        replications: sums of each replication, nothing happening.
        scenarios: the same under each scenario that was simulated.
        basis: the assumptions in use.
    """
    currency = Currency(plan.currency, plan.minor_digits)
    values = evaluate_all(plan, replications)
    campaign = of_campaign(values)
    found = estimate_all(values, currency)
    others = {name: evaluate_all(plan, totals) for name, totals in scenarios.items()}
    ids = fingerprints(plan)
    days = _days(plan, replications, currency)
    return Result(
        plan={"name": plan.name, "behaviour_id": ids.conduct, "forecast_id": ids.forecast},
        currency=plan.currency,
        seed=seed,
        replications=len(replications),
        customers=customers,
        eligible=_mean(each.eligible for each in replications),
        figures=found[0],
        segments=(*_segments(replications[0].segments, found), *_channels(plan, replications, currency)),
        arms=_arms(replications[0].segments, found),
        reasons=_means([each.reasons for each in replications]),
        delays=_means([each.delays for each in replications]),
        budget=_budget(plan, replications, currency),
        goals=tuple(judge_goal(goal, campaign) for goal in plan.goals),
        expectations=tuple(
            evolve(judge_expectation(each, campaign, replications), reach=reach(each, campaign, replications, currency))
            for each in plan.expectations
        ),
        scenarios={name: _campaign(each, currency) for name, each in others.items()},
        basis=tuple(_basis(basis, campaign[_JUDGED], currency)),
        attribution=_attribution(plan, replications, currency),
        contributions=(),
        risks=risks(plan, {"": values, **others}),
        days=days,
        phases=_phases(plan, days),
        experiments=experiments(plan, replications, values, currency),
        promoted=_promoted(replications),
        tripped=_tripped(replications),
        unclassified=_means([each.unclassified for each in replications]),
        stopped=Stopped("all", len(replications), scenarios={name: len(each) for name, each in scenarios.items()}),
    )


def _basis(assumed: Sequence[Assumed], judged: NDArray[np.float64], currency: Currency) -> Iterable[Basis]:
    sizes, clears = influences([each.drawn for each in assumed], judged)
    for each, size, clear in zip(assumed, sizes, clears, strict=True):
        along = line(each.drawn, judged) if clear else None
        yield Basis(
            assumption=f"{each.parameter} {each.scope}".rstrip(),
            source=each.source,
            grade=each.grade,
            influence=size,
            median=each.median,
            low=each.low,
            high=each.high,
            clear=clear,
            worth=None if along is None else currency.major(along.worth_of_knowing),
            profit_at_low=None if along is None else currency.major(along.low),
            profit_at_high=None if along is None else currency.major(along.high),
        )


def _campaign(replications: Sequence[Mapping[str, Values]], currency: Currency) -> Figures:
    whole = [{name: value[:, :1] for name, value in each.items()} for each in replications]
    return estimate_all(whole, currency)[0]


def _segments(segments: Sequence[Segment], found: Sequence[Figures]) -> list[SegmentFigures]:
    return [
        SegmentFigures(_by(segment), figures)
        for segment, figures in zip(segments, found, strict=True)
        if segment.kind in ("tier", "journey")
    ]


def _by(segment: Segment) -> str:
    return f"tier:{segment.name}={segment.part}" if segment.kind == "tier" else f"journey:{segment.part}"


def _channels(plan: Plan, replications: Sequence[Totals], currency: Currency) -> list[SegmentFigures]:
    if not plan.channels:
        return []
    values: list[dict[str, Values]] = [evaluate_channels(plan, each) for each in replications]
    found = estimate_all(values, currency)
    return [
        SegmentFigures(f"channel:{channel.name}", figures)
        for channel, figures in zip(plan.channels, found, strict=True)
    ]


def _arms(segments: Sequence[Segment], found: Sequence[Figures]) -> tuple[ArmFigures, ...]:
    arms = []
    for segment, figures in zip(segments, found, strict=True):
        if segment.kind == "arm":
            journey, split = segment.name.rsplit("/", maxsplit=1)
            # Nobody held out was ever assigned: an arm is compared with its twins.
            own = {name: figure for name, figure in figures.items() if not name.startswith(("uplift_", "held_out"))}
            arms.append(ArmFigures(journey, split, segment.part, figures["targeted"].value or 0.0, own))
    return tuple(arms)


def _budget(plan: Plan, replications: Sequence[Totals], currency: Currency) -> tuple[BudgetLine, ...]:
    limits = {} if plan.budget is None else {line.name: currency.major(line.limit) for line in plan.budget.lines}
    names = dict.fromkeys((*limits, *(each.line for totals in replications for each in totals.spending)))
    rows = [{each.line: each for each in totals.spending} for totals in replications]
    return tuple(
        BudgetLine(
            name,
            limits.get(name),
            currency.major(_mean(row[name].spent if name in row else 0 for row in rows)),
            currency.major(_mean(row[name].open if name in row else 0 for row in rows)),
            currency.major(_mean(row[name].tail if name in row else 0 for row in rows)),
        )
        for name in names
    )


def _attribution(plan: Plan, replications: Sequence[Totals], currency: Currency) -> tuple[Credit, ...]:
    tables = np.mean([each.credit for each in replications], axis=0) / CREDIT_UNITS
    declared = tables[MODELS.index(plan.attribution.model)]
    channels = (*(channel.name for channel in plan.channels), None)
    return tuple(
        Credit(
            name,
            float(declared[row, 0]),
            currency.major(float(declared[row, 1])),
            {model: float(table[row, 0]) for model, table in zip(MODELS, tables, strict=True)},
        )
        for row, name in enumerate(channels)
    )


def _days(plan: Plan, replications: Sequence[Totals], currency: Currency) -> tuple[Day, ...]:
    tables = np.stack([each.days for each in replications]).astype(np.float64)
    table = tables.mean(axis=0)
    bands = {name: _bands(tables[:, :, DAY_METRICS.index(name)].T) for name in ("sent", "orders")}
    column = dict(zip(DAY_METRICS, table.T.tolist(), strict=True))
    return tuple(
        Day(
            date=day.isoformat(),
            sent=column["sent"][n],
            orders=column["orders"][n],
            revenue=currency.major(column["value"][n] - column["discount"][n]),
            twin_orders=column["twin_orders"][n],
            twin_revenue=currency.major(column["twin_value"][n]),
            **{
                f"{name}_{end}": band[n][side]
                for name, band in bands.items()
                for side, end in enumerate(("low", "high"))
            },
        )
        for n, day in enumerate(local_days(plan.start, plan.end, plan.zone))
    )


def _bands(values: NDArray[np.float64]) -> list[tuple[float | None, float | None]]:
    """Return where nine of ten live runs lie on each day, (days, replications), counts being no less than 0."""
    if values.shape[1] < 2:
        return [(None, None)] * len(values)
    low, high = (np.maximum(ends, 0.0).tolist() for ends in intervals(np.ascontiguousarray(values)))
    return list(zip(low, high, strict=True))


def _phases(plan: Plan, days: Sequence[Day]) -> tuple[PhaseFigures, ...]:
    found = []
    for phase in plan.phases:
        dates = [day.isoformat() for day in local_days(phase.start, phase.end, plan.zone)]
        within = [day for day in days if dates[0] <= day.date <= dates[-1]]
        sums = {name: sum(getattr(day, name) for day in within) for name in _PHASE_SUMS}
        found.append(PhaseFigures(phase.name, phase.title, dates[0], dates[-1], phase.duties, **sums))
    return tuple(found)


def _promoted(replications: Sequence[Totals]) -> dict[str, dict[str, float]]:
    shares: dict[str, dict[str, float]] = {}
    for totals in replications:
        for split, arm in totals.promoted:
            arms = shares.setdefault(split, {})
            arms[arm] = arms.get(arm, 0.0) + 1.0
    return {split: {arm: n / len(replications) for arm, n in arms.items()} for split, arms in shares.items()}


def _tripped(replications: Sequence[Totals]) -> dict[str, float]:
    names = [
        {f"{guard}/{channel}" if channel else guard for guard, channel, _ in each.tripped} for each in replications
    ]
    return {name: _mean(name in each for each in names) for name in sorted(set().union(*names))}


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed)


def _means(counts: Sequence[Mapping[str, int]]) -> dict[str, float]:
    names = dict.fromkeys(name for each in counts for name in each)
    return {name: _mean(each.get(name, 0) for each in counts) for name in names}

"""What a live team would read off the tests that a plan holds: its splits, and the treated against the held out.

A live team has no twins and one run. Its counts are taken from the replications: the differences are their mean, the
intervals those that a run of this size reports, and `seen` is how often it would call the difference real.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from wakeup.decide.promotion import OUTCOMES
from wakeup.figures.definitions import Values, ratio
from wakeup.figures.estimates import Currency, estimate, finite_sample_errors
from wakeup.figures.result import ArmShare, Comparison, Experiment, Figure
from wakeup.figures.totals import GROUPS, HELD_OUT, TREATED, Segment, Totals
from wakeup.plan.model import Plan, Split
from wakeup.stats import difference_interval, holm, sample_ratio, share_test, t_quantile
from wakeup.stats.power import LEVEL

TREATED_ARM: Final = "treated"
HELD_ARM: Final = "held_out"
"""Names of the two sides of the control group's test."""

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]


@frozen(eq=False)
class _Run:
    """All replications of a plan."""

    plan: Plan
    totals: Sequence[Totals]
    values: Sequence[Mapping[str, Values]]
    currency: Currency

    def figure(self, name: str, segments: Sequence[int]) -> Floats:
        """Return a figure of some segments: float64 (replications, 1 + GROUPS, segments)."""
        return np.stack([each[name][:, segments] for each in self.values])

    def counts(self, metric: str, places: Sequence[tuple[int, int]]) -> Counts:
        """Return people by (segment, side): int64 (replications, places)."""
        return np.array([[each.total(metric, *place) for place in places] for each in self.totals], np.int64)


@frozen(eq=False)
class _Test:
    """A test in every replication. The first arm is the one that the others are compared with.

    shares: planned. people, won: int64 (replications, arms). gaps: profit per person, each other arm less the first,
    in minor units, float64 (replications, 1 + GROUPS, arms - 1).
    """

    journey: str
    split: str
    figure: str
    arms: Sequence[str]
    shares: Sequence[float]
    people: Counts
    won: Counts
    gaps: Floats


def experiments(
    plan: Plan, totals: Sequence[Totals], values: Sequence[Mapping[str, Values]], currency: Currency
) -> tuple[Experiment, ...]:
    """Return the tests in which every arm has people in every replication, that of the control group first.

    Args:
        plan: the plan that was simulated.
        totals: sums of each replication.
        values: its figures (`evaluate`).
        currency: of its money.
    """
    run = _Run(plan, totals, values, currency)
    return (*_control(run), *_splits(run))


def _control(run: _Run) -> Iterator[Experiment]:
    places = ((0, HELD_OUT), (0, TREATED))
    people, held = run.counts("people", places), float(run.plan.holdout)
    if held > 0.0 and people.all():
        gaps = ratio(run.figure("uplift_profit", [0]), run.figure("targeted", [0]))
        arms, shares = (HELD_ARM, TREATED_ARM), (held, 1.0 - held)
        yield _told(_Test("", "", "woken", arms, shares, people, run.counts("woken", places), gaps), run.currency)


def _splits(run: _Run) -> Iterator[Experiment]:
    for journey in run.plan.journeys:
        for split in journey.program:
            if isinstance(split, Split):
                yield from _split(run, journey.name, split)


def _split(run: _Run, journey: str, split: Split) -> Iterator[Experiment]:
    at = [run.totals[0].segments.index(Segment("arm", f"{journey}/{split.name}", arm.name)) for arm in split.arms]
    places = [(segment, TREATED) for segment in at]
    people = run.counts("people", places)
    if not people.all():
        return
    metric = _measured(run.plan, journey, split.name)
    won = run.counts(metric, places)
    targeted = run.figure("targeted", at)
    profit = ratio(run.figure("profit", at), targeted)
    arms, shares = [arm.name for arm in split.arms], [float(arm.high) - float(arm.low) for arm in split.arms]
    test = _Test(journey, split.name, metric, arms, shares, people, won, profit[:, :, 1:] - profit[:, :, :1])
    winner = int(np.argmax((won / people).mean(axis=0)))
    gained = {
        name: _winner_for_all(run, name, at, targeted, winner) for name in ("incremental_orders", "incremental_profit")
    }
    yield evolve(
        _told(test, run.currency),
        winner=split.arms[winner].name,
        winner_orders=gained["incremental_orders"],
        winner_profit=gained["incremental_profit"],
    )


def _measured(plan: Plan, journey: str, split: str) -> str:
    """Return what counts as a success: an order where the promotion measures orders, else waking up."""
    figures = [each.figure for each in plan.promotions if (each.journey, each.split) == (journey, split)]
    return "converted" if any("order" in OUTCOMES.get(figure, ()) for figure in figures) else "woken"


def _winner_for_all(run: _Run, name: str, at: Sequence[int], people: Floats, winner: int) -> Figure:
    """Return what it would have brought more, had the winner been sent to everybody who was in the test."""
    found = run.figure(name, at)
    more = (people * ratio(found[:, :, [winner]], people[:, :, [winner]])).sum(axis=2) - found.sum(axis=2)
    errors = finite_sample_errors(more[:, :, np.newaxis])
    return estimate(name, more[:, 0], errors[:, 0], run.currency)


# --- what is told of a test ------------------------------------------------------------------------------------------


def _told(test: _Test, currency: Currency) -> Experiment:
    mean_people, mean_won = test.people.mean(axis=0), test.won.mean(axis=0)
    # Of one run: the mean over replications would hide how much a single assignment strays.
    balance = sample_ratio(test.people[0].tolist(), test.shares)
    return Experiment(
        journey=test.journey,
        split=test.split,
        figure=test.figure,
        arms=tuple(
            ArmShare(arm, planned, float(people), float(won / people))
            for arm, planned, people, won in zip(test.arms, test.shares, mean_people, mean_won, strict=True)
        ),
        sample_ratio_p=None if balance is None else balance.p,
        comparisons=tuple(_comparisons(test, currency)),
    )


def _comparisons(test: _Test, currency: Currency) -> Iterator[Comparison]:
    others = len(test.arms) - 1
    # Together the intervals err at the level: Bonferroni, which is Holm's first step.
    level = 1.0 - LEVEL / others
    won, people = np.round(test.won.mean(axis=0)), np.round(test.people.mean(axis=0))
    low, high = difference_interval(won[1:], people[1:], won[0], people[0], level=level)
    rates = test.won / test.people
    p = holm(share_test(test.won[:, 1:], test.people[:, 1:], test.won[:, :1], test.people[:, :1]))
    errors = finite_sample_errors(test.gaps)
    t = t_quantile((1.0 + level) / 2.0, GROUPS - 1)
    for number in range(others):
        profit = currency.major(float(test.gaps[:, 0, number].mean()))
        known = errors[:, number][~np.isnan(errors[:, number])]
        half = currency.major(t * float(np.sqrt((known**2).mean()))) if len(known) else None
        yield Comparison(
            arm=test.arms[number + 1],
            against=test.arms[0],
            difference=float((rates[:, number + 1] - rates[:, 0]).mean()),
            low=float(low[number]),
            high=float(high[number]),
            seen=float((p[:, number] <= LEVEL).mean()),
            profit=profit,
            profit_low=None if half is None else profit - half,
            profit_high=None if half is None else profit + half,
        )

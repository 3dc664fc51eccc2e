"""What a randomised campaign did, from all of its people: the difference to the control, and whether one was seen."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from attrs import frozen

from wakeup.behaviour.backtest.judging import LEVELS
from wakeup.behaviour.backtest.trial_model import Floats, Learnt, expect
from wakeup.customers.trial_table import TrialTable
from wakeup.stats import normal_quantile, smallest_rise
from wakeup.stats.power import LEVEL

DRAWS: Final = 9_999
FEWEST: Final = 5
"""Outcomes of the control below which a ratio to it is not told."""


@frozen
class Bounds:
    """A number with its interval."""

    value: float
    low: float
    high: float


@frozen
class Effect:
    """What one arm did beyond the control.

    difference: of the shares with the outcome, if everybody were in the arm less if everybody were in the control.
    intervals: of the same at 50, 80 and 90 %. level: that of `difference` and of the verdict; with several arms it is
    above 95 %, so that a campaign without any effect shows one in any arm once in twenty times. ratio: of the shares,
    None where the control has too few outcomes. seen: whether the interval leaves out zero. smallest: the difference
    that so many people would have shown four times in five; None: not even the largest. value: difference in money per
    person (minor units) at the same level, None without such a column.
    """

    arm: str
    difference: Bounds
    intervals: Mapping[float, Bounds]
    level: float
    ratio: Bounds | None
    seen: bool
    smallest: float | None
    value: Bounds | None


def effects(table: TrialTable, law: Floats, learnt: Learnt, seed: int) -> tuple[Effect, ...]:
    """Return the effect of every arm but the control, features taken into account.

    law: the law's columns of everybody (n, K + q). learnt: from everybody.
    """
    arms = len(table.arms)
    groups = []
    for code in range(arms):
        everybody = law.copy()
        everybody[:, 1:arms] = 0.0
        if code:
            everybody[:, code] = 1.0
        groups.append(everybody)
    expected = expect(learnt, groups, seed, 0, "trial:effect", DRAWS)
    level = 1.0 - LEVEL / (arms - 1)
    people = np.bincount(table.arm, minlength=arms)
    outcomes = np.bincount(table.arm, table.outcome, arms)
    found = []
    for code in range(1, arms):
        rate, draws = expected.rate, expected.rates
        gap, drawn = float(rate[code] - rate[0]), draws[:, code] - draws[:, 0]
        told = bounds(gap, drawn, level)
        enough = outcomes[0] >= FEWEST
        found.append(
            Effect(
                arm=table.arms[code],
                difference=told,
                intervals={each: bounds(gap, drawn, each) for each in LEVELS},
                level=level,
                ratio=bounds(float(rate[code] / rate[0]), draws[:, code] / draws[:, 0], level) if enough else None,
                seen=not told.low <= 0.0 <= told.high,
                smallest=smallest_rise(float(rate[0]), int(people[0]), int(people[code]), 1.0 - level),
                value=None if table.value is None else _money(table, code, level),
            )
        )
    return tuple(found)


def bounds(value: float, drawn: Floats, level: float) -> Bounds:
    """Return a value with the middle share `level` of its draws."""
    low, high = np.quantile(drawn, [(1.0 - level) / 2.0, (1.0 + level) / 2.0], method="weibull")
    return Bounds(value, float(low), float(high))


def _money(table: TrialTable, code: int, level: float) -> Bounds:
    """Return the difference in money per person with the large-sample interval (Welch 1938, normal quantile)."""
    assert table.value is not None
    mine, control = (table.value[table.arm == each].astype(np.float64) for each in (code, 0))
    gap = float(mine.mean() - control.mean())
    error = float(np.sqrt(mine.var(ddof=1) / len(mine) + control.var(ddof=1) / len(control)))
    half = normal_quantile((1.0 + level) / 2.0) * error
    return Bounds(gap, gap - half, gap + half)

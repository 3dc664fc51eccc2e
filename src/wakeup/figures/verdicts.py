"""Goals and expectations over replications: how often they hold, and whether that is enough."""

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wakeup.figures.definitions import MONEY, plain_name
from wakeup.figures.estimates import Currency
from wakeup.figures.result import ExpectationResult, GoalResult, Reach
from wakeup.figures.totals import Totals
from wakeup.plan.model import Expectation, Goal

_OPERATORS: Final[dict[str, Callable[[Decimal, Decimal], bool]]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_ROUNDING: Final = 1e-9
"""So that 90 % of 20 replications are 18, whatever the last bit of 0.9 * 20."""
_UNTOUCHED_HAVE_NONE: Final = frozenset({"targeted", "held_out"})


def judge_goal(goal: Goal, campaign: Mapping[str, NDArray[np.float64]]) -> GoalResult:
    """Return the share of replications that reach a goal; `campaign`: values (replications,) by figure, money in minor
    units."""
    return GoalResult(goal.text, _share(goal, _values(goal.figure, campaign)))


def missed(goals: Sequence[Goal], campaign: Mapping[str, NDArray[np.float64]]) -> dict[str, float]:
    """Return the share of replications that misses each goal, by its text; `campaign` as in `judge_goal`."""
    return {goal.text: 1.0 - judge_goal(goal, campaign).probability for goal in goals}


def judge_expectation(
    expectation: Expectation, campaign: Mapping[str, NDArray[np.float64]], totals: Sequence[Totals]
) -> ExpectationResult:
    """Return how often an expectation holds, and its status.

    "undecided" when `sure` lies within one standard error of Monte Carlo: within one standard deviation of the mean of
    the posterior Beta(1 + held, 1 + failed), which stays honest where every replication agrees. `always` is never
    undecided: it holds in every replication or it failed.
    """
    values = _expected(expectation, campaign, totals)
    share = _share(expectation, values)
    if expectation.always:
        return ExpectationResult(expectation.text, share, None, "ok" if share == 1.0 else "failed")
    sure = float(expectation.sure)
    return ExpectationResult(expectation.text, share, sure, _status(share, len(values), sure))


def reach(
    expectation: Expectation,
    campaign: Mapping[str, NDArray[np.float64]],
    totals: Sequence[Totals],
    currency: Currency,
) -> Reach:
    """Return how near an expectation comes to what it asks: its figure on average, and the bar that would have held as
    surely as is asked."""
    values = _expected(expectation, campaign, totals)
    known = np.sort(values[~np.isnan(values)])
    best_first = known[::-1] if expectation.op in (">", ">=") else known
    # The value at this place and all better ones are as many as have to hold.
    share = 1.0 if expectation.always else float(expectation.sure)
    place = max(math.ceil(share * len(values) - _ROUNDING), 1) - 1
    money = plain_name(expectation.figure) in MONEY

    def told(value: float) -> float:
        return currency.major(value) if money else float(value)

    return Reach(
        figure=expectation.figure,
        op=expectation.op,
        asked=told(float(expectation.value)),
        mean=told(known.mean()) if len(known) else None,
        surely=told(best_first[place]) if place < len(known) else None,
    )


def _expected(
    expectation: Expectation, campaign: Mapping[str, NDArray[np.float64]], totals: Sequence[Totals]
) -> NDArray[np.float64]:
    if expectation.per:
        return np.array([each.most_touches[expectation.per] for each in totals], np.float64)
    return _values(expectation.figure, campaign)


def _status(share: float, replications: int, sure: float) -> str:
    mean = (share * replications + 1) / (replications + 2)
    if abs(mean - sure) <= (mean * (1 - mean) / (replications + 3)) ** 0.5:
        return "undecided"
    return "ok" if share >= sure else "failed"


def _share(claim: Goal | Expectation, values: NDArray[np.float64]) -> float:
    bar, holds = Decimal(claim.value), _OPERATORS[claim.op]
    # A figure without a value (an empty denominator) reaches nothing.
    held = sum(1 for value in values if not np.isnan(value) and holds(_decimal(float(value)), bar))
    return held / len(values)


def _decimal(value: float) -> Decimal:
    # As it is written, not as it is stored: 0.1 in a file is reached by one in ten.
    return Decimal(repr(value))


def _values(figure: str, campaign: Mapping[str, NDArray[np.float64]]) -> NDArray[np.float64]:
    """Return the values of a figure. What only a campaign can cause (sends, costs, grants) is incremental as it is."""
    if figure in campaign:
        return campaign[figure]
    plain = plain_name(figure)
    known = campaign[plain]
    return known - known if plain in _UNTOUCHED_HAVE_NONE else known

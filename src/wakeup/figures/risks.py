"""What can go wrong: the money at risk and the goals that may be missed, as planned and under each scenario."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from wakeup.figures.definitions import Values, of_campaign
from wakeup.figures.estimates import Currency
from wakeup.figures.result import Risk
from wakeup.figures.verdicts import missed
from wakeup.plan.model import Plan
from wakeup.stats import chance_below, interval

_PROFIT = "incremental_profit"
_TENTH = 0.8
"""The interval whose lower end one live run in ten falls below."""


def risks(plan: Plan, played: Mapping[str, Sequence[Mapping[str, Values]]]) -> tuple[Risk, ...]:
    """Return the risks as planned (the scenario ""), then under each scenario that was simulated.

    played: by scenario, the values of each replication, as `definitions.evaluate` returns them.
    """
    return tuple(_risk(plan, name, values) for name, values in played.items())


def _risk(plan: Plan, scenario: str, values: Sequence[Mapping[str, Values]]) -> Risk:
    campaign = of_campaign(values)
    profit = campaign[_PROFIT][~np.isnan(campaign[_PROFIT])]
    currency = Currency(plan.currency, plan.minor_digits)
    return Risk(
        scenario=scenario,
        profit=currency.major(float(profit.mean())) if len(profit) else None,
        tenth=_tenth(profit, currency),
        loss=chance_below(profit, 0.0),
        missed=missed(plan.goals, campaign),
    )


def _tenth(profit: NDArray[np.float64], currency: Currency) -> float | None:
    ends = interval(profit, _TENTH)
    return None if ends is None else currency.major(ends[0])

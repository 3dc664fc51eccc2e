"""Life without campaigns: the odds of an order, when it comes, and how fast a scenario lets time run.

    odds(order within t) = exp(level + dormancy x ln d + orders x ln n) x (t / 90 days) ^ shape

for a person dormant for d >= 1 days with n >= 1 orders: a log-logistic time to the next order, whose level, slopes and
shape were measured on the logs of four shops (docs/semantics/behaviour.md).
"""

import math
from typing import Final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from wakeup.customers.population import NEVER
from wakeup.plan.model import Scenario

Floats = NDArray[np.float64]
Instants = NDArray[np.int64]

DAY: Final = 86_400
HORIZON: Final = 90 * DAY
"""The horizon at which the level is told."""

NEVER_ORDERED: Final = 365 * DAY
"""Somebody who never ordered counts as dormant for a year, with one order."""


@frozen
class Law:
    """The odds of an order by recency and frequency; see the module."""

    level: float
    dormancy: float
    orders: float
    shape: float

    def log_odds(self, ln_days: Floats, ln_orders: Floats, seconds: float = HORIZON) -> Floats:
        """Return the log-odds of an order within `seconds`: float64 (m,) of the logs of days dormant and orders."""
        value = self.dormancy * ln_days
        value += self.orders * ln_orders
        value += self.level + self.shape * math.log(seconds / HORIZON)
        return value

    def waiting(self, log_odds: Floats, u: Floats) -> Floats:
        """Return the seconds to the order for uniforms `u`, given the log-odds within 90 days; changes `u`."""
        waiting = np.log(u)
        np.negative(u, out=u)
        np.log1p(u, out=u)
        waiting -= u
        waiting -= log_odds
        waiting /= self.shape
        np.minimum(waiting, 600.0, out=waiting)  # e^600 seconds are never
        np.exp(waiting, out=waiting)
        waiting *= HORIZON
        return waiting


def ln_days_dormant(at: Instants | int, last_order: Instants) -> Floats:
    """Return the logarithm of the days since the last order at `at`, at least one day: float64 (m,)."""
    last = np.where(last_order == NEVER, at - NEVER_ORDERED, last_order)
    days = (at - last) / DAY
    np.maximum(days, 1.0, out=days)
    return np.log(days, out=days)


def ln_orders(orders: NDArray[np.int32]) -> Floats:
    """Return the logarithm of the number of orders, at least one: float64 (m,)."""
    count = np.maximum(orders, 1).astype(np.float64)
    return np.log(count, out=count)


def expected_return(law: Law, dormancy_days: Floats, orders: NDArray[np.int32], days: float) -> Floats:
    """Return the probability of an order within `days` without any contact: float64 (m,).

    dormancy_days: float64 (m,); orders: int32 (m,). Both count as at least 1.
    """
    odds = np.exp(law.log_odds(np.log(np.maximum(dormancy_days, 1.0)), ln_orders(orders), days * DAY))
    return np.asarray(odds / (1.0 + odds))


@frozen
class Clock:
    """How organic time runs: `rate` seconds per second inside [start, end), one per second outside.

    A factor m on the odds for ever is a rate of m^(1/shape): the law's odds grow with time to the power `shape`.
    """

    start: int
    end: int
    rate: float

    def pace(self, at: Instants | int, seconds: Floats) -> Floats:
        """Return how many real seconds after `at` the given seconds of organic time have passed."""
        if self.rate == 1.0:
            return seconds
        ahead = np.maximum(self.start - at, 0)
        inside = np.maximum(self.end - np.maximum(at, self.start), 0)
        worth = self.rate * inside
        over = seconds - ahead
        within = over / self.rate if self.rate > 0.0 else np.zeros_like(over)
        beyond = over - worth + inside
        return np.where(over <= 0.0, seconds, ahead + np.where(over <= worth, within, beyond))


def organic_clock(scenario: Scenario | None, law: Law) -> Clock:
    """Return the clock of a scenario; without one time runs as it does."""
    if scenario is None:
        return Clock(0, 0, 1.0)
    factor = float(scenario.organic)
    return Clock(scenario.start, scenario.end, math.exp(math.log(factor) / law.shape) if factor > 0.0 else 0.0)


def multiplier(at: Instants, start: int, end: int, factor: float) -> Floats:
    """Return `factor` inside [start, end) and 1 outside: float64 (m,)."""
    return np.where((at >= start) & (at < end), factor, 1.0)

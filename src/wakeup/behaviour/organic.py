"""Life without campaigns: the odds of an order, and when it comes.

    odds(order within t) = exp(level + dormancy x ln s + orders x ln n) x (t / 90 days) ^ shape
    s = (d + recent) / (1 + recent)

for a person dormant for d >= 1 days with n >= 1 orders: a log-logistic time to the next order, whose level, slopes and
shape were measured on the logs of four shops, and fitted to a log bend where people ordered lately, by `recent` days
(docs/semantics/behaviour.md). Time is organic time (calendar.py).
"""

from typing import Final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from wakeup.customers.population import NEVER

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
    recent: float = 0.0

    def log_odds(self, days: Floats, ln_orders: Floats, seconds: float | Floats = HORIZON) -> Floats:
        """Return the log-odds of an order within `seconds`: float64 (m,) of days dormant (>= 1) and the log of orders.

        seconds: of organic time (calendar.py), > 0, one length or float64 (m,).
        """
        value = ln_since(days, self.recent)
        value *= self.dormancy
        value += self.orders * ln_orders
        value += self.level + self.shape * np.log(seconds / HORIZON)
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


def ln_since(days: Floats, recent: float) -> Floats:
    """Return ln((days + recent) / (1 + recent)): float64 (m,); the logarithm of the days where `recent` is 0."""
    since = days + recent
    since /= 1.0 + recent
    return np.log(since, out=since)


def days_dormant(at: Instants | int, last_order: Instants) -> Floats:
    """Return the days since the last order at `at`, at least one: float64 (m,)."""
    last = np.where(last_order == NEVER, at - NEVER_ORDERED, last_order)
    days = (at - last) / DAY
    return np.maximum(days, 1.0, out=days)


def ln_orders(orders: NDArray[np.int32]) -> Floats:
    """Return the logarithm of the number of orders, at least one: float64 (m,)."""
    count = np.maximum(orders, 1).astype(np.float64)
    return np.log(count, out=count)


def multiplier(at: Instants, start: int, end: int, factor: float) -> Floats:
    """Return `factor` inside [start, end) and 1 outside: float64 (m,)."""
    return np.where((at >= start) & (at < end), factor, 1.0)

"""When the order that a contact brings has come: opening first, then a lag, or the timing of a coupon."""

import math
from collections.abc import Mapping
from typing import Final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from wakeup.behaviour.calibration.delays import below
from wakeup.behaviour.timing import redemption
from wakeup.draws import normal

Floats = NDArray[np.float64]

REDEMPTION: Final = ("redemption_decay", "redemption_early", "deadline_bump")
"""The three numbers of when a coupon is used (behaviour/timing.py)."""

_HOUR = 3_600.0
_GRID: Final = np.exp(np.linspace(math.log(1.0 / 60.0), math.log(24.0 * 400.0), 160))
"""Hours at which shares are worked out, with straight lines between."""

_QUANTILES: Final = (np.arange(32) + 0.5) / 32


@frozen
class Timing:
    """How orders follow a contact: opening (mean and sd of the logarithm of hours), the lag of orders without a coupon
    likewise; with one the three numbers of its redemption and its validity in hours (0: without)."""

    opening: tuple[float, float]
    lag: tuple[float, float]
    coupon: tuple[float, float, float] = (0.0, 0.0, 0.0)
    valid: float = 0.0

    def shares(self, later: float = 0.0) -> Floats:
        """Return the share of orders that have come within the hours of the grid: float64 (160,).

        later: added to the logarithm of the lag.
        """
        opened = np.exp(self.opening[0] + self.opening[1] * normal(_QUANTILES.copy()))
        ahead = np.maximum(_GRID[:, None] - opened[None, :], 0.0)
        lagged = below((np.log(np.maximum(ahead, 1e-9)) - self.lag[0] - later) / self.lag[1])
        if self.valid <= 0.0:
            return np.asarray(lagged.mean(axis=1))
        left = np.maximum(self.valid - opened, 0.0)
        table = redemption(*self.coupon).table
        used = np.interp(ahead / np.maximum(left, 1e-9)[None, :], table, np.linspace(0.0, 1.0, len(table)))
        return np.asarray(np.where(left[None, :] > 0.0, used, lagged).mean(axis=1))


def shares_come(timings: Mapping[int, Timing], which: NDArray[np.int64], seconds: Floats, later: float = 0.0) -> Floats:
    """Return for contacts (c,), of timings numbered `which`, the share of their orders come after so many seconds."""
    share = np.zeros(len(which))
    hours = seconds / _HOUR
    for number, timing in timings.items():
        mine = which == number
        share[mine] = np.interp(hours[mine], np.append(0.0, _GRID), np.append(0.0, timing.shares(later)))
    share[hours <= 0.0] = 0.0
    return share

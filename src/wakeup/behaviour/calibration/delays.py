"""Lognormal delays from logs that end: who answers after the end is not in them."""

import math

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from wakeup.stats.distributions import normal_cdf

Floats = NDArray[np.float64]

_LEAST_ERROR = 0.01
_LEAST_LN_SPREAD = math.log(0.02)
"""Delays that are all equal (a log that counts in days) have no spread of their own."""

_Z = np.linspace(-9.0, 9.0, 3_601)
_BELOW = normal_cdf(_Z)


@frozen
class Lag:
    """A lognormal delay in hours: mean and sd of its logarithm (`mean`, `spread`), from `count` delays, with the
    standard errors of the mean and of the logarithm of the spread."""

    mean: float
    spread: float
    count: int
    mean_error: float
    spread_error: float

    def share_within(self, hours: Floats) -> Floats:
        """Return the share of delays that are over within so many hours."""
        return below(np.asarray((np.log(np.maximum(hours, 1e-9)) - self.mean) / self.spread))


def below(z: Floats) -> Floats:
    """Return the standard normal distribution function from a table, right to five digits."""
    return np.interp(z, _Z, _BELOW)


def fit_lag(hours: Floats, room: Floats, mean: float, spread: float) -> Lag:
    """Return the delay that explains `hours` best, each known only because it was at most `room` hours.

    Args:
        hours: float64 (n,), n >= 2, above 0.
        room: float64 (n,), hours to the end of the log.
        mean: of the logarithm, as assumed: what little the fit is drawn to.
        spread: of the logarithm, likewise.
    """
    x, edge = np.log(hours), np.log(np.maximum(room, hours))
    place = np.array([float(x.mean()), math.log(max(float(x.std()), 0.05))])
    weak = np.array([mean, math.log(spread)])
    information = np.eye(2)
    for _ in range(100):
        slope = _slope(place, x, edge) + 0.1 * (weak - place)
        information = _information(place, x, edge)
        step = np.clip(np.linalg.solve(information, slope), -0.5, 0.5)
        place = np.array([place[0] + step[0], max(place[1] + step[1], _LEAST_LN_SPREAD)])
        if float(np.abs(step).max()) < 1e-7:
            break
    errors = np.sqrt(np.maximum(np.diag(np.linalg.inv(information)), 0.0))
    return Lag(
        mean=float(place[0]),
        spread=math.exp(float(place[1])),
        count=len(x),
        mean_error=max(float(errors[0]), _LEAST_ERROR),
        spread_error=max(float(errors[1]), _LEAST_ERROR),
    )


def _slope(place: Floats, x: Floats, edge: Floats) -> Floats:
    """Derivatives of the log-likelihood by the mean and by the logarithm of the spread."""
    spread = math.exp(place[1])
    z, c = (x - place[0]) / spread, (edge - place[0]) / spread
    ratio = np.exp(-0.5 * c * c) / math.sqrt(2.0 * math.pi) / np.maximum(below(c), 1e-12)
    return np.array([float((z + ratio).sum()) / spread, float((z * z - 1.0 + c * ratio).sum())])


def _information(place: Floats, x: Floats, edge: Floats) -> Floats:
    """Minus the second derivatives, made positive definite where the log says next to nothing, plus a weak hold."""
    size = 0.02
    columns = [
        (_slope(place - size * unit, x, edge) - _slope(place + size * unit, x, edge)) / (2.0 * size)
        for unit in np.eye(2)
    ]
    matrix = np.array(columns)
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2.0)
    return np.asarray((vectors * np.maximum(values, 0.0)) @ vectors.T + 0.1 * np.eye(2))

"""Intervals: for one live run from replications, and for a share from counts."""

import math

import numpy as np
from numpy.typing import ArrayLike

from wakeup.stats.distributions import normal_quantile, t_quantile

QUANTILES_FROM = 40
"""Replications from which the interval is read off their quantiles (SEMANTICS 36)."""


def interval(values: ArrayLike, level: float = 0.9) -> tuple[float, float] | None:
    """Return the interval that holds one live run with probability `level`, from the figure in each replication.

    Under 40 values: mean ± t x sd, where sd is that of the replications (not of their mean: a live run is one run, not
    an average). From 40 on: their quantiles, linearly interpolated. None for fewer than two values.
    """
    figure = np.asarray(values, np.float64)
    if figure.size < 2:
        return None
    tail = (1.0 - level) / 2.0
    if figure.size >= QUANTILES_FROM:
        low, high = np.quantile(figure, (tail, 1.0 - tail))
        return float(low), float(high)
    mean = float(figure.mean())
    half = t_quantile(1.0 - tail, figure.size - 1.0) * float(figure.std(ddof=1))
    return mean - half, mean + half


def wilson(successes: int, trials: int, level: float = 0.9) -> tuple[float, float] | None:
    """Return Wilson's score interval for a share (Wilson 1927); None without trials."""
    if trials == 0:
        return None
    z = normal_quantile((1.0 + level) / 2.0)
    share = successes / trials
    shrink = 1.0 + z * z / trials
    centre = (share + z * z / (2.0 * trials)) / shrink
    half = z * math.sqrt(share * (1.0 - share) / trials + z * z / (4.0 * trials * trials)) / shrink
    return max(centre - half, 0.0), min(centre + half, 1.0)

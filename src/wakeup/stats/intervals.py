"""Intervals: for one live run from replications, and for a share from counts."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wakeup.stats.distributions import normal_quantile, t_quantile, t_tails

Floats = NDArray[np.float64]

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
    low, high = intervals(figure, level)
    return float(low), float(high)


def intervals(figures: Floats, level: float = 0.9) -> tuple[Floats, Floats]:
    """Return the same of many figures at once: float64 (..., m) of m >= 2 replications -> low, high (...)."""
    tail = (1.0 - level) / 2.0
    if figures.shape[-1] >= QUANTILES_FROM:
        low, high = np.quantile(figures, (tail, 1.0 - tail), axis=-1)
        return low, high
    mean = figures.mean(axis=-1)
    half = t_quantile(1.0 - tail, figures.shape[-1] - 1.0) * figures.std(axis=-1, ddof=1)
    return mean - half, mean + half


def chance_below(values: ArrayLike, bound: float) -> float | None:
    """Return the probability that one live run lies below `bound`, from the figure in each replication.

    The inverse of `interval`: its lower end lies below `bound` if and only if the probability is above (1 - level) / 2.
    Under 40 values by Student's t; from 40 on by their interpolated quantiles, within 0.5 / (n + 1) of neither 0 nor 1:
    n replications do not show more. None for fewer than two values.
    """
    figure = np.asarray(values, np.float64)
    if figure.size < 2:
        return None
    if figure.size >= QUANTILES_FROM:
        return _share_below(np.sort(figure), bound)
    away, sd = bound - float(figure.mean()), float(figure.std(ddof=1))
    if sd == 0.0:
        return float(away > 0.0)
    beyond = t_tails(away / sd, figure.size - 1.0) / 2.0
    return 1.0 - beyond if away > 0.0 else beyond


def _share_below(ordered: NDArray[np.float64], bound: float) -> float:
    """Where `bound` lies among the linearly interpolated quantiles of ordered values."""
    count = len(ordered)
    below = int(np.searchsorted(ordered, bound))
    share = float(below > 0)
    if 0 < below < count:
        under, over = ordered[below - 1], ordered[below]
        share = (below - 1.0 + float((bound - under) / (over - under))) / (count - 1.0)
    least = 0.5 / (count + 1.0)
    return min(max(share, least), 1.0 - least)


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

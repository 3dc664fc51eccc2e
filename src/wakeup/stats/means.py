"""Amounts per person compared: Welch's t, and ratios of sums by the delta method.

Money has heavy tails: most spend nothing and a few spend much. The interval stands on the mean being nearly normal,
which takes `people_for_normal` people in an arm, and is a promise about the mean, not about the middle customer.
"""

import math
from typing import Final

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike

from wakeup.stats.distributions import t_quantile, t_tails

_PER_SQUARED_SKEWNESS: Final = 355.0


@frozen
class Moments:
    """An arm: its people, the mean per person, and the variance between people (divisor people - 1)."""

    people: int
    mean: float
    variance: float

    @property
    def squared_error(self) -> float:
        """Squared standard error of the mean."""
        return self.variance / self.people


@frozen
class MeanDifference:
    """difference: first less other. low, high: its interval. p: two-sided. df: degrees of freedom."""

    difference: float
    low: float
    high: float
    p: float
    df: float


def moments(amounts: ArrayLike) -> Moments:
    """Return the moments of amounts per person, zeros included: (m,), m >= 2."""
    each = np.asarray(amounts, np.float64)
    return Moments(len(each), float(each.mean()), float(each.var(ddof=1)))


def ratio_moments(above: ArrayLike, below: ArrayLike) -> Moments:
    """Return the moments of a ratio of sums, such as revenue per order: (m,) each, one row a person, m >= 2.

    The mean is sum(above) / sum(below). The variance is that of (above - ratio x below) / mean(below), whose mean has
    the error of the ratio (delta method: Deng, Knoblich, Lu 2018, KDD). Orders of one person hang together, so the
    variance between orders would be too small.
    """
    over, under = np.asarray(above, np.float64), np.asarray(below, np.float64)
    ratio = float(over.sum() / under.sum())
    return Moments(len(over), ratio, float(((over - ratio * under) / under.mean()).var(ddof=1)))


def welch(first: Moments, other: Moments, level: float = 0.95) -> MeanDifference:
    """Compare two means whose variances may differ (Welch 1947, Biometrika 34); without any variance p is 1 or 0."""
    gap, squared = first.mean - other.mean, first.squared_error + other.squared_error
    if squared == 0.0:
        return MeanDifference(gap, gap, gap, 1.0 if gap == 0.0 else 0.0, math.inf)
    parts = (each.squared_error**2 / (each.people - 1) for each in (first, other))
    df = squared**2 / sum(parts)
    error = math.sqrt(squared)
    half = t_quantile((1.0 + level) / 2.0, df) * error
    return MeanDifference(gap, gap - half, gap + half, t_tails(gap / error, df), df)


def people_for_normal(skewness: float) -> int:
    """Return the people per arm from which the mean of amounts with this skewness is near enough to normal for a 95 %
    interval: 355 x skewness squared (Kohavi, Deng, Longbotham, Xu 2014, KDD, rule 7)."""
    return math.ceil(_PER_SQUARED_SKEWNESS * skewness * skewness)

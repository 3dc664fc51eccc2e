"""Finite-sample variance from random groups of people: what one live run scatters, without a formula per figure.

People are independent, so totals over random groups of them are, and their spread tells that of the whole
(Wolter, Introduction to Variance Estimation, 2nd ed., chapters 2 and 4).
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from wakeup.draws import share

Floats = NDArray[np.float64]
Totals = NDArray[np.float64] | NDArray[np.int64]


def random_groups(key: NDArray[np.uint64], groups: int) -> NDArray[np.intp]:
    """Return the group of each person: intp (m,) in [0, groups), from the key (uint64 (m,)) alone."""
    return (share(key, "stats:random groups") * groups).astype(np.intp)


def total_variance(totals: Totals) -> Floats:
    """Return the variance of sums over everybody, from their totals by group: (G, ...) -> float64 (...), G >= 2."""
    return np.asarray(len(totals) * np.asarray(totals, np.float64).var(axis=0, ddof=1))


def ratio_variance(numerators: Totals, denominators: Totals) -> Floats:
    """Return the jackknife variance of ratios of sums: (G, ...) each -> float64 (...); NaN where a denominator is 0."""

    def ratio(sums: Floats) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(sums[1] == 0.0, np.nan, sums[0] / sums[1])

    both = np.stack([np.asarray(numerators, np.float64), np.asarray(denominators, np.float64)], axis=1)
    return jackknife_variance(both, ratio)


def jackknife_variance(totals: Totals, figure: Callable[[Floats], Floats]) -> Floats:
    """Return the variance of a smooth function of sums, leaving out one group at a time.

    Args:
        totals: (G, ...) sums by group, G >= 2.
        figure: what is wanted, from sums of shape (...). Where it is linear the result is `total_variance` of it.
    """
    groups = np.asarray(totals, np.float64)
    count = len(groups)
    whole = groups.sum(axis=0)
    # Scaled up, so that a figure which is a total keeps its size.
    without = np.stack([figure((whole - group) * (count / (count - 1.0))) for group in groups])
    return np.asarray((count - 1.0) / count * ((without - without.mean(axis=0)) ** 2).sum(axis=0))

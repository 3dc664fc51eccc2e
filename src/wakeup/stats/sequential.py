"""Intervals that stay true however often one looks (asymptotic confidence sequences).

Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas 2024, Annals of Statistics 52 ("Time-uniform central limit theory"), with
Robbins' normal mixture, two-sided: after N people an estimate with standard error s has the half-width

    s x sqrt(2 (N r + 1) / (N r) x log(sqrt(N r + 1) / level)),    r = (-2 log(level) + log(1 - 2 log(level))) / planned

It holds at all N at once with probability 1 - level, and is tightest about when the people planned are there.
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wakeup.stats.power import LEVEL

Floats = NDArray[np.float64]


def always_valid(people: ArrayLike, planned: float, level: float = LEVEL) -> Floats:
    """Return how many standard errors the interval reaches to either side: float64 of the shape of `people`.

    Args:
        people: of all arms so far, > 0.
        planned: people that the test is to have in the end, > 0: stated before it begins.
        level: probability of ever being wrong.
    """
    mixed = _mixed(people, planned, level)
    return np.asarray(np.sqrt(2.0 * (mixed + 1.0) / mixed * np.log(np.sqrt(mixed + 1.0) / level)))


def always_valid_p(z: ArrayLike, people: ArrayLike, planned: float, level: float = LEVEL) -> Floats:
    """Return the p-value that may be read at any time, from an estimate in standard errors: the level at which the
    interval, tuned for `level`, would just touch zero."""
    mixed = _mixed(people, planned, level)
    squared = np.asarray(z, np.float64) ** 2
    return np.asarray(np.minimum(np.sqrt(mixed + 1.0) * np.exp(-squared * mixed / (2.0 * (mixed + 1.0))), 1.0))


def always_valid_difference(
    won: ArrayLike, people: ArrayLike, other_won: ArrayLike, others: ArrayLike, planned: float, level: float = LEVEL
) -> tuple[Floats, Floats]:
    """Return the interval of the difference of two shares that may be looked at any time, from counts that broadcast.

    The standard error is taken with one success and one failure more in each arm: an arm in which nothing has happened
    yet is not certain.
    """
    x, n, y, m = (each.astype(np.float64) for each in np.broadcast_arrays(won, people, other_won, others))
    error = np.sqrt(_variance(x, n) + _variance(y, m))
    half = always_valid(n + m, planned, level) * error
    gap = x / n - y / m
    return gap - half, gap + half


def _mixed(people: ArrayLike, planned: float, level: float) -> Floats:
    surprise = -2.0 * math.log(level)
    return np.asarray(people, np.float64) * ((surprise + math.log1p(surprise)) / planned)


def _variance(won: Floats, people: Floats) -> Floats:
    share = (won + 1.0) / (people + 2.0)
    return share * (1.0 - share) / people

"""Two shares compared: is there a difference, how large is it, as a difference and as a ratio.

All functions take counts that broadcast: `won` of `people` in the arm of interest, `other_won` of `others` (both > 0)
in the one it is compared with; they return float64 of the broadcast shape. The interval is the set of differences (or
ratios) that the score test does not reject, which keeps its promise for small and rare counts, where the textbook
interval does not (Miettinen and Nurminen 1985, Statistics in Medicine 4; Newcombe 1998, ibid. 17).
"""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wakeup.stats.distributions import normal_quantile, normal_tails

Floats = NDArray[np.float64]
Counts = tuple[Floats, Floats, Floats, Floats]
Chi = Callable[[Floats], Floats]

_PARTS: Final = 64
_ROUNDS: Final = 10
"""64 parts of 64 parts and so on, ten times over: 60 bits."""

_FARTHEST: Final = 60.0
"""Logarithm of the largest ratio looked at."""


def share_test(won: ArrayLike, people: ArrayLike, other_won: ArrayLike, others: ArrayLike) -> Floats:
    """Return the two-sided p-value that both shares are one: Pearson's chi-square without correction for continuity."""
    x, n, y, m = _counts(won, people, other_won, others)
    pooled = (x + y) / (n + m)
    error = np.sqrt(pooled * (1.0 - pooled) * (1.0 / n + 1.0 / m))
    gap = x / n - y / m
    return normal_tails(np.divide(gap, error, out=np.zeros_like(gap), where=error > 0.0))


def difference_interval(
    won: ArrayLike, people: ArrayLike, other_won: ArrayLike, others: ArrayLike, level: float = 0.95
) -> tuple[Floats, Floats]:
    """Return the score interval of the difference of two shares, first less other (Miettinen and Nurminen)."""
    counts = _counts(won, people, other_won, others)
    x, n, y, m = counts
    gap = x / n - y / m

    def chi(difference: Floats) -> Floats:
        return _chi_of_difference(counts, difference)

    bound = normal_quantile((1.0 + level) / 2.0) ** 2
    return _edges(chi, bound, gap, 1.0)


def ratio_interval(
    won: ArrayLike, people: ArrayLike, other_won: ArrayLike, others: ArrayLike, level: float = 0.95
) -> tuple[Floats, Floats]:
    """Return the score interval of the ratio of two shares, first over other (Miettinen and Nurminen): 0 below where
    nobody of the first won, infinity above where nobody of the other did."""
    counts = _counts(won, people, other_won, others)
    x, n, y, m = counts
    # Where a count is 0 the search starts at the far end: nothing beyond it can be rejected.
    start = np.log(np.where(x > 0, x, 1.0) / n) - np.log(np.where(y > 0, y, 1.0) / m)

    def chi(logarithm: Floats) -> Floats:
        return _chi_of_ratio(counts, np.exp(logarithm))

    bound = normal_quantile((1.0 + level) / 2.0) ** 2
    centre = np.where(x == 0, -_FARTHEST, np.where(y == 0, _FARTHEST, start))
    low, high = map(np.exp, _edges(chi, bound, centre, _FARTHEST))
    return np.where(x == 0, 0.0, low), np.where(y == 0, np.inf, high)


def newcombe(
    won: ArrayLike, people: ArrayLike, other_won: ArrayLike, others: ArrayLike, level: float = 0.95
) -> tuple[Floats, Floats]:
    """Return Newcombe's interval of the difference of two shares: the two Wilson intervals put together (method 10)."""
    x, n, y, m = _counts(won, people, other_won, others)
    z = normal_quantile((1.0 + level) / 2.0)
    p, q = x / n, y / m
    (low, high), (other_low, other_high) = _wilson(p, n, z), _wilson(q, m, z)
    below = np.sqrt((p - low) ** 2 + (other_high - q) ** 2)
    above = np.sqrt((high - p) ** 2 + (q - other_low) ** 2)
    return p - q - below, p - q + above


def _counts(*counts: ArrayLike) -> Counts:
    x, n, y, m = (each.astype(np.float64) for each in np.broadcast_arrays(*counts))
    return x, n, y, m


def _wilson(share: Floats, people: Floats, z: float) -> tuple[Floats, Floats]:
    shrink = 1.0 + z * z / people
    centre = (share + z * z / (2.0 * people)) / shrink
    half = z * np.sqrt(share * (1.0 - share) / people + z * z / (4.0 * people * people)) / shrink
    return centre - half, centre + half


def _edges(chi: Chi, bound: float, centre: Floats, farthest: float) -> tuple[Floats, Floats]:
    """Look on both sides of the estimate, where chi is 0, as far as +-farthest, for where chi reaches the bound.

    It rises from the estimate on. What lies between is cut into parts, that in which it happens again, and so on: a
    call of NumPy takes hardly longer for 63 values than for one, so bisection would be four times as slow.
    """
    inside = np.stack((centre, centre))
    width = np.stack((-farthest - centre, farthest - centre))
    cuts = np.arange(1, _PARTS).reshape(-1, *(1,) * inside.ndim)
    for _ in range(_ROUNDS):
        width = width / _PARTS
        kept = (chi(inside + width * cuts) <= bound).sum(axis=0)
        inside = inside + width * kept
    low, high = inside + width / 2.0
    return low, high


def _chi_of_difference(counts: Counts, difference: Floats) -> Floats:
    """The squared gap between what was seen and a difference, in units of its variance were that the truth.

    The likeliest shares with that difference solve a cubic (Miettinen and Nurminen 1985, appendix I).
    """
    x, n, y, m = counts
    every, won = n + m, x + y
    square = (n + 2.0 * m) * difference - every - won
    linear = (m * difference - every - 2.0 * y) * difference + won
    constant = y * difference * (1.0 - difference)
    third = square / (3.0 * every)
    q = third**3 - square * linear / (6.0 * every**2) + constant / (2.0 * every)
    p = np.copysign(np.sqrt(np.maximum(third**2 - linear / (3.0 * every), 0.0)), q)
    cosine = np.divide(q, p**3, out=np.ones_like(q), where=p != 0.0)
    angle = (np.pi + np.arccos(np.clip(cosine, -1.0, 1.0))) / 3.0
    low, high = np.maximum(0.0, -difference), np.minimum(1.0, 1.0 - difference)
    other = np.clip(2.0 * p * np.cos(angle) - third, low, high)
    first = other + difference
    gap = x / n - y / m - difference
    return _squared(gap, first * (1.0 - first) / n + other * (1.0 - other) / m, every)


def _chi_of_ratio(counts: Counts, ratio: Floats) -> Floats:
    """The same for a ratio; here the likeliest shares solve a quadratic."""
    x, n, y, m = counts
    every, won = n + m, x + y
    a, b = every * ratio, -(n * ratio + x + m + y * ratio)
    # The smaller root, in the form that loses no digits.
    other = 2.0 * won / (-b + np.sqrt(np.maximum(b * b - 4.0 * a * won, 0.0)))
    other = np.minimum(other, np.minimum(1.0, 1.0 / ratio))
    first = other * ratio
    gap = x / n - ratio * y / m
    return _squared(gap, first * (1.0 - first) / n + ratio**2 * other * (1.0 - other) / m, every)


def _squared(gap: Floats, variance: Floats, every: Floats) -> Floats:
    variance = np.maximum(variance, 0.0) * every / (every - 1.0)
    with np.errstate(divide="ignore"):
        return np.where(gap == 0.0, 0.0, gap**2 / np.where(variance > 0.0, variance, np.finfo(float).tiny))

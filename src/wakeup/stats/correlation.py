"""Which of many quantities a result follows, and what chance alone would look like."""

import math
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wakeup.stats.distributions import t_quantile

Floats = NDArray[np.float64]

_NOTHING_LEFT: Final = 1e-6
"""Length, as a share of that of all ranks, below which a series is nothing but what others explain."""


def followed(drawn: ArrayLike, values: ArrayLike, error: float = 0.05) -> tuple[Floats, NDArray[np.bool_]]:
    """Return how closely a result follows each of many drawn quantities, and whether that is more than chance.

    Args:
        drawn: float64 (variables, observations), independent draws.
        values: float64 (observations,), the result of each.
        error: probability of calling any variable more than chance if none has influence.

    Returns:
        float64 (variables,): 0 to 1, correlation of the ranks after those before it are taken out, so that the squares
        of the clear ones are shares of the spread of the result and add up to at most 1; NaN for a variable that does
        not vary, or if the result does not. bool (variables,): clear.

    Forward selection: of the variables that are left the one with the greatest correlation is taken, if it exceeds
    `chance_correlation` of as many; then what it explains is taken out of the result, and out of the others, and the
    next is looked at. Among strong variables weaker ones would drown otherwise. Ranks (Spearman), because what a
    multiplier does to money is skewed: one extreme run would decide a plain correlation.
    """
    result = _centred_ranks(np.asarray(values, np.float64))
    whole = float(np.linalg.norm(result))
    left = np.stack([_centred_ranks(each) for each in np.atleast_2d(np.asarray(drawn, np.float64))])
    start = np.linalg.norm(left, axis=1)
    size = np.full(len(left), np.nan)
    clear = np.zeros(len(left), np.bool_)
    varies = start > 0.0
    while whole > 0.0:
        along = _along(left, start, result)
        open_ = np.flatnonzero(varies & ~clear)
        size[open_] = np.abs(along[open_]) / whole
        if not len(open_) or np.linalg.norm(result) < _NOTHING_LEFT * whole:
            break
        best = open_[int(np.argmax(np.abs(along[open_])))]
        level = chance_correlation(len(open_), len(result) - int(clear.sum()), error)
        if abs(along[best]) / float(np.linalg.norm(result)) <= level:
            break
        clear[best] = True
        direction = left[best] / np.linalg.norm(left[best])
        result = result - (result @ direction) * direction
        left = left - np.outer(left @ direction, direction)
    return size, clear


def chance_correlation(variables: int, observations: int, error: float = 0.05) -> float:
    """Return what the greatest of `variables` |correlations| with pure noise exceeds with probability `error`.

    One correlation r of n observations is judged by t = r sqrt((n - 2) / (1 - r^2)) with n - 2 degrees of freedom,
    which for ranks is close (Kendall & Gibbons 1990, Rank Correlation Methods, section 4.14; with 85 variables an
    `error` of .05 is .06 to .07 in truth from 20 observations on, .10 with ten); the level of each of many is that of
    Šidák (1967). With 85 variables: .70 for 20 observations, .24 for 200. 1 for fewer than four: nothing can be told.
    """
    if observations < 4:
        return 1.0
    each = -math.expm1(math.log1p(-error) / max(variables, 1))
    t = t_quantile(1.0 - each / 2.0, observations - 2.0)
    return t / math.sqrt(observations - 2.0 + t * t)


def _along(left: Floats, start: Floats, result: Floats) -> Floats:
    """How far the result goes along each series: float64 (variables,); 0 where nothing is left of one."""
    length = np.linalg.norm(left, axis=1)
    some = length > _NOTHING_LEFT * start
    return np.where(some, left @ result / np.where(some, length, 1.0), 0.0)


def _centred_ranks(values: Floats) -> Floats:
    """Ranks around their mean, ties at their mean rank."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    middle = np.cumsum(count) - (count - 1) / 2.0
    ranks: Floats = middle[place]
    return ranks - ranks.mean() if ranks.size else ranks

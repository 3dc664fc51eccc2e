"""Which arm is best, given what was seen, and what choosing it may cost."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wakeup.stats.distributions import beta_cdf, ln_beta

Floats = NDArray[np.float64]

_BREAKS = (-40.0, -20.0, -12.0, -8.0, -6.0, -4.0, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 20.0, 40.0)
"""Where the panels of integration meet, in standard deviations around each arm's mean."""

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)


def probability_best(successes: ArrayLike, trials: ArrayLike) -> Floats:
    """Return each arm's probability of having the highest success rate: float64 (k,) for counts (k,), k >= 1.

    Posteriors Beta(1 + s, 1 + n - s), independent. Integrates density x other arms' distribution functions by
    Gauss-Legendre on panels that follow every arm's posterior: the same counts always give the same bits.
    """
    won = np.atleast_1d(np.asarray(successes, np.float64))
    alpha, beta = 1.0 + won, 1.0 + np.atleast_1d(np.asarray(trials, np.float64)) - won
    if len(alpha) == 1:
        return np.ones(1)
    x, weight = _grid(alpha, beta)
    density = [_density(x, a, b) for a, b in zip(alpha, beta, strict=True)]
    below = [beta_cdf(x, float(a), float(b)) for a, b in zip(alpha, beta, strict=True)]
    return np.array([float((weight * density[i] * _product(below, i)).sum()) for i in range(len(alpha))])


def expected_loss(successes: ArrayLike, trials: ArrayLike) -> Floats:
    """Return what each arm is expected to fall short of the best one, if it is chosen: float64 (k,), success rate.

    E[max] - E[own] under the same posteriors; E[max] is the integral of 1 - product of the distribution functions.
    """
    won = np.atleast_1d(np.asarray(successes, np.float64))
    alpha, beta = 1.0 + won, 1.0 + np.atleast_1d(np.asarray(trials, np.float64)) - won
    x, weight = _grid(alpha, beta)
    below = np.prod([beta_cdf(x, float(a), float(b)) for a, b in zip(alpha, beta, strict=True)], axis=0)
    best = float((weight * (1.0 - below)).sum())
    return np.asarray(np.maximum(best - alpha / (alpha + beta), 0.0))


def _grid(alpha: Floats, beta: Floats) -> tuple[Floats, Floats]:
    total = alpha + beta
    mean = alpha / total
    sd = np.sqrt(alpha * beta / (total + 1.0)) / total
    edges = np.unique(np.clip(np.concatenate([[0.0, 1.0], *(mean + step * sd for step in _BREAKS)]), 0.0, 1.0))
    half = np.diff(edges)[:, None] / 2.0
    middle = (edges[:-1] + edges[1:])[:, None] / 2.0
    return (middle + half * _NODES).ravel(), (half * _WEIGHTS).ravel()


def _density(x: Floats, a: float, b: float) -> Floats:
    return np.asarray(np.exp(-ln_beta(a, b) + (a - 1.0) * np.log(x) + (b - 1.0) * np.log1p(-x)))


def _product(below: Sequence[Floats], arm: int) -> Floats:
    return np.asarray(np.prod([other for i, other in enumerate(below) if i != arm], axis=0))

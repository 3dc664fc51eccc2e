"""What a rule does when it is looked at more than once: how often it errs, and how small an effect it still sees.

A test that grows evenly and is looked at `k` times is a walk of normal steps; the rule acts at the first look at which
the walk is beyond its bound. The chance of that is found by carrying the density of the walks that are still inside
from look to look (Armitage, McPherson, Rowe 1969, Journal of the Royal Statistical Society A 132).
"""

import math
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wakeup.draws import normal, uniform
from wakeup.stats.distributions import normal_cdf, normal_quantile
from wakeup.stats.power import LEVEL, POWER, first_enough
from wakeup.stats.sequential import always_valid

Floats = NDArray[np.float64]

_PER_STEP: Final = 3.0
"""Nodes of integration per standard deviation of a step."""
_LEAST_NODES: Final = 32
_ROUNDED: Final = 16
_FARTHEST: Final = 40.0

_WORLDS: Final = 4_000
_HERMITE, _WEIGHTS = np.polynomial.hermite_e.hermegauss(32)


def crossing(bounds: ArrayLike, shift: float = 0.0) -> Floats:
    """Return the probability that a test has acted at or before each look: float64 (k,).

    Args:
        bounds: at each look, in standard errors to either side, > 0: (k,).
        shift: what the estimate is expected to be at the last look, in its standard errors then.
    """
    edges = np.asarray(bounds, np.float64) * np.sqrt(np.arange(1, np.size(bounds) + 1))
    drift = shift / np.sqrt(len(edges))
    at, weight = np.zeros(1), np.ones(1)  # weight: of the walks still inside, at each node
    acted = np.empty(len(edges))
    for look, edge in enumerate(edges):
        nodes, panel = _nodes(float(edge))
        step = nodes[:, np.newaxis] - at - drift
        weight = panel * (np.exp(-0.5 * step * step) @ weight) / np.sqrt(2.0 * np.pi)
        at, acted[look] = nodes, 1.0 - weight.sum()
    return np.clip(acted, 0.0, 1.0)


@lru_cache(maxsize=256)
def peeking(looks: int, level: float = LEVEL) -> float:
    """Return how often a test at `level` for one look finds a difference that is not there, if it is looked at after
    each of `looks` equal parts of its people and stopped at the first finding: 14 looks make 5 % into 22 %."""
    return float(crossing(fixed_bounds(looks, level))[-1])


def fixed_bounds(looks: int, level: float = LEVEL) -> Floats:
    """Return the bounds of the test for one look, used at every look: float64 (looks,), in standard errors."""
    return np.full(looks, normal_quantile(1.0 - level / 2.0))


def always_valid_bounds(looks: int, level: float = LEVEL) -> Floats:
    """Return the bounds of the interval that may be looked at any time, planned for the last look: float64 (looks,)."""
    return always_valid(np.arange(1, looks + 1), looks, level)


@lru_cache(maxsize=256)
def always_valid_shift(looks: int, level: float = LEVEL, wanted: float = POWER) -> float:
    """Return the smallest effect, in standard errors at the last look, that the always-valid rule has found by then
    with the power wanted."""
    bounds = always_valid_bounds(looks, level)
    return first_enough(lambda shift: float(crossing(bounds, shift)[-1]) >= wanted, 0.0, _FARTHEST, halvings=30)


@lru_cache(maxsize=256)
def crowned_by_chance(arms: int, sure: float, looks: int = 1) -> float:
    """Return how often "promote the arm that is best with probability `sure`" crowns one of `arms` that are all alike.

    Two arms: their posterior says so exactly when the difference is beyond the normal quantile of `sure` on one side,
    whatever their sizes; so `looks` looks are those of a test at 2 (1 - sure). More arms, judged once: by 4,000 keyed
    draws of equally large arms (normal approximation), good to half a point.

    Raises:
        ValueError: more than two arms and more than one look.
    """
    if arms < 2 or sure >= 1.0:
        return 0.0
    if arms == 2:
        return peeking(looks, 2.0 * (1.0 - sure)) if sure > 0.5 else 1.0
    if looks != 1:
        raise ValueError("repeated looks are told of two arms only")
    keys = np.arange(1, _WORLDS + 1, dtype=np.uint64)
    means = np.sort([normal(uniform(0, 0, keys, f"stats:arm {arm}")) for arm in range(arms)], axis=0)
    # The chance that the leading arm is best: its posterior over the others' distribution functions.
    gaps = means[-1] + _HERMITE[:, np.newaxis, np.newaxis] - means[:-1]
    best = _WEIGHTS / _WEIGHTS.sum() @ np.prod(normal_cdf(gaps), axis=1)
    return float(np.mean(best >= sure))


def _nodes(edge: float) -> tuple[Floats, Floats]:
    nodes, weights = _legendre(_LEAST_NODES + _ROUNDED * math.ceil(_PER_STEP * edge / _ROUNDED))
    return nodes * edge, weights * edge


@lru_cache(maxsize=64)
def _legendre(count: int) -> tuple[Floats, Floats]:
    return np.polynomial.legendre.leggauss(count)

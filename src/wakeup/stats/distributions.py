"""Distribution functions and quantiles that intervals and posteriors need."""

import math
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wakeup.draws import normal

Floats = NDArray[np.float64]

_TINY = 1e-300
_ENOUGH_TERMS = 20_000
_SQRT_2 = math.sqrt(2.0)
_erfc = np.frompyfunc(math.erfc, 1, 1)

_STIRLING_FROM = 10.0
_STIRLING = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156)
"""Stirling's series for ln gamma (Abramowitz and Stegun, 6.1.41): its error beyond 10 is below 1e-16."""


def normal_quantile(p: float) -> float:
    """Return the standard normal quantile of 0 < p < 1."""
    return float(normal(np.array([p]))[0])


@lru_cache(maxsize=256)
def t_quantile(p: float, df: float) -> float:
    """Return the quantile of Student's t with `df` > 0 degrees of freedom at 0 < p < 1."""
    if p < 0.5:
        return -t_quantile(1.0 - p, df)
    low, high = 0.0, 1.0
    while _t_cdf(high, df) < p:
        low, high = high, high * 4.0
    t = (low + high) / 2.0
    for _ in range(200):
        excess = _t_cdf(t, df) - p
        low, high = (low, t) if excess > 0.0 else (t, high)
        newton = t - excess / _t_pdf(t, df)
        following = newton if low < newton < high else (low + high) / 2.0
        if abs(following - t) <= 1e-14 * max(1.0, abs(t)):
            return following
        t = following
    return t


def t_tails(t: float, df: float) -> float:
    """Return the probability that Student's t with `df` > 0 degrees of freedom lies at or beyond +-t."""
    return float(beta_cdf(df / (df + t * t), df / 2.0, 0.5)[0])


def normal_cdf(z: ArrayLike) -> Floats:
    """Return the probability that a standard normal lies at or below `z`: float64 of its shape."""
    return np.asarray(_erfc(np.asarray(z, np.float64) / -_SQRT_2), np.float64) / 2.0


def normal_tails(z: ArrayLike) -> Floats:
    """Return the probability that a standard normal lies at or beyond +-z: float64 of the shape of `z`."""
    return np.asarray(_erfc(np.abs(np.asarray(z, np.float64)) / _SQRT_2), np.float64)


def chi_square_tail(x: float, df: int) -> float:
    """Return the probability that a chi-square with `df` >= 1 degrees of freedom lies at or above x >= 0.

    For whole degrees of freedom a finite sum (Abramowitz and Stegun, 26.4.4 and 26.4.5).
    """
    half = x / 2.0
    if half == 0.0:
        return 1.0
    tail, power = (math.erfc(math.sqrt(half)), 0.5) if df % 2 else (0.0, 0.0)
    while power < df / 2.0 - 0.25:
        tail += math.exp(power * math.log(half) - half - math.lgamma(power + 1.0))
        power += 1.0
    return min(tail, 1.0)


def binomial_cdf(k: int, n: int, p: float) -> float:
    """Return the probability of at most `k` successes in `n` trials of chance `p`."""
    if k < 0:
        return 0.0
    if k >= n:
        return 1.0
    return float(beta_cdf(1.0 - p, n - k, k + 1.0)[0])


def beta_cdf(x: ArrayLike, a: float, b: float) -> Floats:
    """Return the regularised incomplete beta function I_x(a, b): float64 (m,) for m values in [0, 1], a, b > 0.

    Continued fraction by the modified Lentz method (Numerical Recipes, 3rd ed., section 6.4), on the side of the mean
    where it converges fast.
    """
    at = np.atleast_1d(np.asarray(x, np.float64))
    swap = at > (a + 1.0) / (a + b + 2.0)
    below = np.empty_like(at)
    below[~swap] = _beta_lower(at[~swap], a, b)
    below[swap] = 1.0 - _beta_lower(1.0 - at[swap], b, a)
    return below


def ln_beta(a: float, b: float) -> float:
    """Return the logarithm of the beta function B(a, b), a, b > 0, without losing digits where a or b is large."""
    small, large = sorted((a, b))
    if large < _STIRLING_FROM:
        return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
    # ln gamma(large) - ln gamma(large + small): the large terms of Stirling's series cancel by hand.
    both = large + small
    rise = small - (large - 0.5) * math.log1p(small / large) - small * math.log(both)
    rise += _stirling(large) - _stirling(both)
    return math.lgamma(small) + rise


def _stirling(x: float) -> float:
    """What Stirling's formula leaves out of ln gamma(x), x >= 10."""
    term, total = 1.0 / x, 0.0
    for coefficient in _STIRLING:
        total += coefficient * term
        term /= x * x
    return total


def _beta_lower(x: Floats, a: float, b: float) -> Floats:
    inside = x > 0.0
    share = np.zeros_like(x)
    some = x[inside]
    if some.size:
        ln_front = a * np.log(some) + b * np.log1p(-some) - ln_beta(a, b)
        share[inside] = np.exp(ln_front) * _fraction(some, a, b) / a
    return share


def _fraction(x: Floats, a: float, b: float) -> Floats:
    c = np.ones_like(x)
    d = 1.0 / _away_from_zero(1.0 - (a + b) * x / (a + 1.0))
    value = d.copy()
    for m in range(1, _ENOUGH_TERMS):
        even = m * (b - m) / ((a + 2 * m - 1.0) * (a + 2 * m)) * x
        odd = -(a + m) * (a + b + m) / ((a + 2 * m) * (a + 2 * m + 1.0)) * x
        change = np.ones_like(x)
        for term in (even, odd):
            d = 1.0 / _away_from_zero(1.0 + term * d)
            c = _away_from_zero(1.0 + term / c)
            change = c * d
            value *= change
        if np.abs(change - 1.0).max() < 1e-15:
            break
    return value


def _away_from_zero(x: Floats) -> Floats:
    return np.where(np.abs(x) < _TINY, _TINY, x)


def _t_cdf(t: float, df: float) -> float:
    return 0.5 + 0.5 * float(beta_cdf(t * t / (df + t * t), 0.5, df / 2.0)[0])


def _t_pdf(t: float, df: float) -> float:
    ln_front = math.lgamma((df + 1.0) / 2.0) - math.lgamma(df / 2.0) - 0.5 * math.log(df * math.pi)
    return math.exp(ln_front - (df + 1.0) / 2.0 * math.log1p(t * t / df))

"""A forecast held against what came: intervals, interval score, CRPS, and where among the draws the truth lies.

Gneiting & Raftery 2007, Strictly Proper Scoring Rules, Prediction, and Estimation. Both scores are in shares of the
people of a bin: the smaller the better, and nobody can better theirs by saying something else than what they believe.
"""

from typing import Final

import numpy as np
from attrs import fields, frozen
from numpy.typing import NDArray

from wakeup.behaviour.backtest.extra import scipy

Floats = NDArray[np.float64]

LEVELS: Final = (0.5, 0.8, 0.9)
"""What the intervals claim."""

SCORED: Final = 0.9
"""The level of the interval that is scored."""

_LEAST_CHANCE: Final = 1e-12
"""A share nearer to 0 or 1 counts as this."""


@frozen(eq=False)
class Judged:
    """One forecaster's forecasts and what became of them; NaN where there was no forecast.

    Arrays have the shape of the cells: (...,) one by one, (origins, bins) together; `low`, `high`, `inside` with the
    levels in front. value, low, high: the share forecast and its intervals, ends inside. inside: 1.0 where what came
    lies in the interval, else 0.0. score: interval score at 90 %. crps: continuous ranked probability score. place:
    where what came lies among the draws, 0..1, ties told apart at random; uniform for an honest forecaster.
    """

    value: Floats
    low: Floats
    high: Floats
    inside: Floats
    score: Floats
    crps: Floats
    place: Floats


def judge(shares: Floats, people: NDArray[np.int64], came: NDArray[np.int64], u: Floats, ties: Floats) -> Judged:
    """Judge the forecasts of one origin.

    Args:
        shares: float64 (draws, bins), draws of the share who come; NaN: no forecast.
        people: int64 (bins,).
        came: int64 (bins,), those of them who came.
        u: float64 (draws, bins), uniforms of what so many people scatter about a share.
        ties: float64 (bins,), uniforms that tell equal draws apart.
    """
    known = ~np.isnan(shares[0]) & (people > 0)
    size = np.maximum(people, 1)
    drawn = np.sort(binomial(np.where(known, shares, 0.5), size, u), axis=0)
    count = len(drawn)
    tails = [(1.0 - level) / 2.0 for level in LEVELS]
    low = np.stack([_quantile(drawn, tail) for tail in tails]) / size
    high = np.stack([_quantile(drawn, 1.0 - tail) for tail in tails]) / size
    actual = came / size
    below, equal = (drawn < came).sum(axis=0), (drawn == came).sum(axis=0)
    at = LEVELS.index(SCORED)
    judged = Judged(
        value=np.asarray(shares.mean(axis=0)),
        low=low,
        high=high,
        inside=((low <= actual) & (actual <= high)).astype(np.float64),
        score=interval_score(low[at], high[at], actual, SCORED),
        crps=crps(drawn / size, actual),
        place=(below + ties * (equal + 1.0)) / (count + 1.0),
    )
    return _blanked(judged, ~known)


def interval_score(low: Floats, high: Floats, actual: Floats, level: float) -> Floats:
    """Return the width of intervals plus 2 / (1 - level) times how far what came lies outside (Winkler 1972)."""
    missed = np.maximum(low - actual, 0.0) + np.maximum(actual - high, 0.0)
    return np.asarray(high - low + 2.0 / (1.0 - level) * missed)


def crps(drawn: Floats, actual: Floats) -> Floats:
    """Return E|X - y| - E|X - X'| / 2 of draws (draws, bins), ascending in each column, for what came (bins,)."""
    count = len(drawn)
    weight = 2.0 * np.arange(1, count + 1) - count - 1.0
    spread = (weight[:, None] * drawn).sum(axis=0) / (count * count)
    return np.asarray(np.abs(drawn - actual).mean(axis=0) - spread)


def binomial(shares: Floats, people: NDArray[np.int64], u: Floats) -> Floats:
    """Return how many of `people` come: the binomial quantiles of `u`, (draws, bins) like `shares`.

    Raises:
        WakeupError: WK6146, scipy is not installed.
    """
    special = scipy("special")
    p = np.clip(shares, _LEAST_CHANCE, 1.0 - _LEAST_CHANCE).ravel()
    n = np.broadcast_to(people, shares.shape).ravel()
    level, z = u.ravel(), special.ndtri(u.ravel())
    # Cornish & Fisher's guess is off by one or two; the distribution function says by how many.
    guess = n * p + z * np.sqrt(n * p * (1.0 - p)) + (1.0 - 2.0 * p) * (z * z - 1.0) / 6.0
    k = np.clip(np.floor(guess + 0.5), 0.0, n)
    for step in (1.0, -1.0):
        wrong = np.arange(len(k))
        while len(wrong):
            at = k[wrong] if step > 0.0 else k[wrong] - 1.0
            below = np.where(at < 0.0, 0.0, special.bdtr(np.maximum(at, 0.0), n[wrong], p[wrong])) < level[wrong]
            wrong = wrong[below] if step > 0.0 else wrong[~below]
            k[wrong] += step
    return np.asarray(k.reshape(shares.shape))


def _quantile(drawn: Floats, p: float) -> Floats:
    """Return the smallest draw that at least the share p of the draws does not exceed."""
    return np.asarray(drawn[max(int(np.ceil(p * len(drawn) - 1e-9)) - 1, 0)])


def _blanked(judged: Judged, where: NDArray[np.bool_]) -> Judged:
    return Judged(**{each.name: np.where(where, np.nan, getattr(judged, each.name)) for each in fields(Judged)})


def together(judged: list[Judged]) -> Judged:
    """Return the judgements of several origins as one, (origins, bins)."""
    whole = {}
    for part in fields(Judged):
        cells = [getattr(each, part.name) for each in judged]
        whole[part.name] = np.stack(cells, axis=cells[0].ndim - 1)
    return Judged(**whole)

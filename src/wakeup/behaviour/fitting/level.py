"""The level of every month: a season, a slow drift and chance, told apart as far as the log can, and looked ahead.

    level of a window of 30 days = mean + season of its months + drift + chance
    season of a month ~ N(0, s),  drift: random walk with steps ~ N(0, q) a month,  chance ~ N(0, e)

Nobody knows s, q and e beforehand and a log of a year hardly tells them, so the answer is averaged over a grid of them,
each weighed by its prior and by how well it explains the log (as Rue, Martino & Chopin 2009 do on a larger scale).
"""

import math
from itertools import product
from typing import Final

import numpy as np
from attrs import frozen

from wakeup.behaviour.calendar import month_shares
from wakeup.behaviour.fitting.looks import Floats

MONTH: Final = 30 * 86_400
"""Length of a window in seconds."""

_AHEAD: Final = 3
"""Windows that are looked ahead: 90 days."""

_SEASON: Final = (0.3, (0.05, 0.1, 0.2, 0.4, 0.8))
_DRIFT: Final = (0.15, (0.05, 0.1, 0.2, 0.4, 0.8))
_CHANCE: Final = (0.15, (0.05, 0.1, 0.2, 0.4))
"""Sds s, q and e: median of what is thought beforehand (lognormal), and the values that are tried."""

_SPREAD = 0.8
"""Sd of the logarithm of those sds beforehand."""

_MEAN_SD = 2.0
"""The mean is free; this only keeps it finite where everybody or nobody came back."""


@frozen
class Window:
    """The 30 days after the instant `at`: log-odds of a return within them, and their sampling variance."""

    at: int
    log_odds: float
    variance: float


@frozen(eq=False)
class Level:
    """Level of the 90 days after the last window (log-odds within 90 days) and its variance; the season.

    season, season_sd: float64 (12,), log-odds of each month against the mean of the year. seen: float64 (12,), how much
    of each month the windows cover. ahead: float64 (12,), share of each month in the 90 days.
    """

    median: float
    variance: float
    season: Floats
    season_sd: Floats
    seen: Floats
    ahead: Floats


def fit_level(windows: list[Window], expected: float, shape: float) -> Level:
    """Fit season and drift to windows that follow each other every 30 days.

    expected: the level thought beforehand. shape: exponent of time, which turns 30 days into 90.
    """
    seen = np.array([month_shares(window.at, MONTH, "UTC") for window in windows])
    end = windows[-1].at + MONTH
    coming = np.array([month_shares(end + MONTH * k, MONTH, "UTC") for k in range(_AHEAD)])
    y = np.array([window.log_odds for window in windows]) + shape * math.log(3.0) - expected
    noise = np.array([window.variance for window in windows])
    tried = product(_SEASON[1], _DRIFT[1], _CHANCE[1])
    answers = [_answer(y, noise, seen, coming, *sds) for sds in tried]
    weight = np.exp(np.array([answer[0] for answer in answers]) - max(answer[0] for answer in answers))
    weight /= weight.sum()
    mean = np.array([answer[1] for answer in answers])
    middle = weight @ mean
    variance = weight @ (np.array([answer[2] for answer in answers]) + (mean - middle) ** 2)
    season = middle[1:] - middle[1:].mean()
    return Level(
        median=float(middle[0]) + expected,
        variance=float(variance[0]),
        season=season,
        season_sd=np.sqrt(variance[1:]),
        seen=seen.sum(axis=0) * MONTH / (365.25 / 12 * 86_400),
        ahead=coming.mean(axis=0),
    )


def _answer(
    y: Floats, noise: Floats, seen: Floats, coming: Floats, s: float, q: float, e: float
) -> tuple[float, Floats, Floats]:
    """Return log weight, means and variances (13,) of the level to come and the twelve months, given s, q, e."""
    count = len(y)
    months = np.vstack([seen, coming])
    place = np.arange(1, count + len(coming) + 1)
    covariance = _MEAN_SD**2 + q * q * np.minimum.outer(place, place) + s * s * months @ months.T
    covariance[np.diag_indices(len(place))] += e * e
    wanted = np.zeros((13, count))
    wanted[0] = covariance[count:, :count].mean(axis=0)
    wanted[1:] = s * s * seen.T
    own = np.append(covariance[count:, count:].mean(), np.full(12, s * s))
    root = np.linalg.cholesky(covariance[:count, :count] + np.diag(noise))
    z, reach = np.linalg.solve(root, y), np.linalg.solve(root, wanted.T)
    beforehand = sum((math.log(sd / median) / _SPREAD) ** 2 for sd, (median, _) in _guesses(s, q, e))
    explained = -0.5 * (float(z @ z) + beforehand) - float(np.log(np.diag(root)).sum())
    return explained, reach.T @ z, own - (reach**2).sum(axis=0)


def _guesses(s: float, q: float, e: float) -> tuple[tuple[float, tuple[float, tuple[float, ...]]], ...]:
    return (s, _SEASON), (q, _DRIFT), (e, _CHANCE)

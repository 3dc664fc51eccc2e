"""Who forecasts: wakeup's own organic life, and three simple ways with the same information."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wakeup.behaviour.backtest.bgnbd import BgNbd, fit_bgnbd
from wakeup.behaviour.backtest.extra import scipy
from wakeup.behaviour.backtest.past import LEAST_PEOPLE, Floats, Forecaster, Past
from wakeup.behaviour.forecast import return_chances
from wakeup.customers.rolling import BINS
from wakeup.draws import uniform

WEEK: Final = 7 * 86_400


def organic(past: Past) -> Floats:
    """Return wakeup's forecast: the organic assumptions fitted to what lies before, values of its own for each draw."""
    chances = return_chances(
        past.rows,
        past.dormancy_days,
        past.orders,
        at=past.at,
        horizon=past.horizon,
        zone=past.zone,
        seed=past.seed,
        draws=past.draws,
    )
    return past.mean_by_bin(chances, past.bin, past.people)


def last_period(past: Past) -> Floats:
    """Return the share who came in the period before, with the error that so few or many people leave in it.

    Draws of Beta(1/2 + came, 1/2 + stayed away), Jeffreys' posterior.
    """
    if not past.periods:
        return np.full((past.draws, BINS), np.nan)
    return _posterior(past, past.periods[0].people, past.periods[0].came)


def segment_mean(past: Past) -> Floats:
    """Return the mean of all earlier periods and their spread.

    From two periods with enough people on, the bin's shares are taken for draws of one normal law: mean + t sd
    sqrt(1 + 1/k), Student's t of k - 1 degrees of freedom, held between 0 and 1. With fewer, all people of the periods
    are one sample, as in `last_period`. Of the usual forms (binomial alone, normal, all people as one sample) this one
    scored best on two shops' logs: a baseline should be as good as it is simple.
    """
    nobody = np.zeros(BINS, np.int64)
    people = sum((each.people for each in past.periods), nobody)
    shares = _posterior(past, people, sum((each.came for each in past.periods), nobody))
    u = _uniforms(past, "mean")
    for at in range(BINS):
        seen = [each.came[at] / each.people[at] for each in past.periods if each.people[at] >= LEAST_PEOPLE]
        if len(seen) > 1:
            t = scipy("special").stdtrit(len(seen) - 1.0, u[:, at])
            wide = float(np.std(seen, ddof=1)) * np.sqrt(1.0 + 1.0 / len(seen))
            shares[:, at] = np.clip(np.mean(seen) + t * wide, 0.0, 1.0)
    return shares


def bgnbd() -> Forecaster:
    """Return BG/NBD with its most likely parameters; each origin's search begins where the one before ended."""
    known: list[BgNbd] = []

    def forecast(past: Past) -> Floats:
        found = fit_bgnbd(past.visited, known[-1] if known else None)
        known.append(found)
        one = past.visited
        chances = found.chance(one.repeats.astype(np.float64), one.recency, one.age, past.horizon / WEEK)
        shares = past.mean_by_bin(chances[None, :], one.bin, one.people)
        return np.broadcast_to(shares, (past.draws, BINS))

    return forecast


def baselines() -> Mapping[str, Forecaster]:
    """Return the three by their names in tables and JSON."""
    return {"last_period": last_period, "segment_mean": segment_mean, "bg_nbd": bgnbd()}


def _posterior(past: Past, people: NDArray[np.int64], came: NDArray[np.int64]) -> Floats:
    u = _uniforms(past, "period")
    shares = scipy("special").betaincinv(came + 0.5, people - came + 0.5, u)
    return np.where(people > 0, shares, np.nan)


def _uniforms(past: Past, purpose: str) -> Floats:
    """Return uniforms (draws, bins) that belong to the origin."""
    key = np.arange(past.draws * BINS, dtype=np.uint64)
    return uniform(past.seed, 0, key, f"backtest:{purpose}:{past.at}").reshape(past.draws, BINS)

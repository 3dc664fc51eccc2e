"""Organic return in closed form: what the default model's first orders come to without simulating anybody."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from wakeup.behaviour.calendar import Days, organic_clock
from wakeup.behaviour.organic import ln_orders
from wakeup.behaviour.parameters import Assumed, Values
from wakeup.behaviour.traits import law_of, season_of
from wakeup.plan.model import Assumption

Floats = NDArray[np.float64]


def return_chances(
    rows: Sequence[Assumption],
    dormancy_days: Floats,
    orders: NDArray[np.int32],
    *,
    at: int,
    horizon: int,
    zone: str,
    seed: int,
    draws: int,
) -> Floats:
    """Return the probability of an order within `horizon` seconds of `at` without contact: float64 (draws, g).

    Draw r uses the values that replication r (1..draws) of a simulation with this seed would use; it is the share of
    people whose `DefaultModel.first_order` lies within the horizon, of people as of `at`, without a scenario.

    Args:
        rows: assumptions for everybody, of two for one parameter the later holds; what has no row has its prior.
        dormancy_days: float64 (g,), days since the last order; counted as at least one.
        orders: int32 (g,), orders so far; counted as at least one.
        at: seconds UTC.
        horizon: seconds, > 0.
        zone: IANA zone of the campaign, whose months and weekdays count.
        seed: of the simulation.
        draws: how many replications.
    """
    shape = (draws, len(dormancy_days))
    log_odds = np.empty(shape)
    for draw in range(draws):
        log_odds[draw] = _log_odds(rows, dormancy_days, orders, Days(at, at + horizon, zone), seed, draw + 1)
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(log_odds, -500.0, 500.0))))


def median_chance(
    rows: Sequence[Assumption],
    dormancy_days: Floats,
    orders: NDArray[np.int32],
    *,
    at: int,
    horizon: int,
    zone: str,
) -> Floats:
    """Return what `return_chances` would with every parameter at its median (replication 0): float64 (g,)."""
    log_odds = _log_odds(rows, dormancy_days, orders, Days(at, at + horizon, zone), 0, 0)
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(log_odds, -500.0, 500.0))))


def _log_odds(
    rows: Sequence[Assumption],
    dormancy_days: Floats,
    orders: NDArray[np.int32],
    days: Days,
    seed: int,
    replication: int,
) -> Floats:
    values = Values(Assumed({(row.parameter, row.scope): row for row in rows}), seed, replication)
    law = law_of(values)
    clock = organic_clock(season_of(values), law.shape, days)
    within = clock.elapsed(days.start, float(days.end - days.start))
    return law.log_odds(np.maximum(dormancy_days, 1.0), ln_orders(orders), within)

"""What may be known at an origin. There is nothing in it from the origin on, so no forecaster can look ahead."""

from collections.abc import Callable
from functools import cached_property
from typing import Final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from wakeup.behaviour.fitting import fit_organic
from wakeup.customers.imported import Snapshots
from wakeup.customers.rolling import BINS, Rolling, Visited
from wakeup.plan.model import Assumption
from wakeup.terms.lists import Grade

Floats = NDArray[np.float64]

LEAST_PEOPLE: Final = 30
"""A bin with fewer people at an origin is left out, and counted."""


@frozen(eq=False)
class Period:
    """A horizon that was over at the origin: people and those of them who came, int64 (bins,) each."""

    people: NDArray[np.int64]
    came: NDArray[np.int64]


@frozen(eq=False)
class Past:
    """An origin and what lies before it.

    at: seconds UTC. horizon: seconds. bin, dormancy_days, orders, people: everybody in groups of people alike, (g,)
    each, as in `Stood`. visited: the same people as a model of visits sees them. snapshots: what the fit learns from.
    periods: those before the origin of the horizon's length, latest first. seed, draws: of the forecasts.
    """

    at: int
    horizon: int
    zone: str
    seed: int
    draws: int
    bin: NDArray[np.int32]
    dormancy_days: Floats
    orders: NDArray[np.int32]
    people: NDArray[np.int64]
    visited: Visited
    snapshots: Snapshots
    periods: tuple[Period, ...]

    @cached_property
    def rows(self) -> tuple[Assumption, ...]:
        """What wakeup learns from the past: assumptions about organic life."""
        return fit_organic(self.snapshots)

    @property
    def learnt(self) -> bool:
        """Whether the past was enough to fit the level; else every number is a prior."""
        return any(row.parameter == "organic_level" and row.grade == Grade.FITTED for row in self.rows)

    def mean_by_bin(self, chances: Floats, bin: NDArray[np.int32], people: NDArray[np.int64]) -> Floats:
        """Return the mean chance of each bin's people: float64 (draws, bins) of chances (draws, g); NaN: nobody."""
        sorted_by_bin = np.zeros((len(bin), BINS))
        sorted_by_bin[np.arange(len(bin)), bin] = people
        count = sorted_by_bin.sum(axis=0)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(count > 0.0, (chances @ sorted_by_bin) / count, np.nan)


Forecaster = Callable[[Past], Floats]
"""Returns draws of the share of each bin's people who order within the horizon: float64 (draws, bins).

NaN in a bin: no forecast. What one group of people scatters about its share is added by the backtest.
"""


def past_at(log: Rolling, at: int, horizon: int, *, seed: int, draws: int) -> Past:
    """Return what the log says before `at`."""
    stood = log.stood(at, 0)
    begun = range(at - horizon, log.first_time - 1, -horizon)
    periods = tuple(Period(people, came) for people, came in zip(*log.counted(begun, horizon), strict=True))
    return Past(
        at=at,
        horizon=horizon,
        zone=log.zone,
        seed=seed,
        draws=draws,
        bin=stood.bin,
        dormancy_days=stood.dormancy_days,
        orders=stood.orders,
        people=stood.people,
        visited=log.visited(at),
        snapshots=log.snapshots(at),
        periods=periods,
    )

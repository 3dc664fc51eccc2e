"""From replications to figures with their uncertainty (SEMANTICS 36)."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from wakeup.draws import normal
from wakeup.figures.definitions import MONEY, Values, floor_of, plain_name, unit_of
from wakeup.figures.result import Figure, Figures
from wakeup.stats import followed, interval

_Z90: Final = 1.6448536269514722
"""Normal quantile of .95."""

LEAST_FOR_INFLUENCE: Final = 10
"""Replications below which a correlation says nothing."""


@frozen
class Currency:
    """How money is written: ISO code and decimals."""

    code: str
    minor_digits: int

    def major(self, minor: float) -> float:
        """Return minor units as major units."""
        return float(minor / 10**self.minor_digits)


def estimate_all(replications: Sequence[Mapping[str, Values]], currency: Currency) -> tuple[Figures, ...]:
    """Return the figures of each segment.

    Args:
        replications: per replication the values (1 + GROUPS, segments) by figure.
        currency: of the money in it.
    """
    segments = next(iter(replications[0].values())).shape[1]
    found: list[dict[str, Figure]] = [{} for _ in range(segments)]
    for name in replications[0]:
        values = np.stack([each[name] for each in replications])
        errors = finite_sample_errors(values)
        for segment in range(segments):
            found[segment][name] = estimate(name, values[:, 0, segment], errors[:, segment], currency)
    return tuple(found)


def finite_sample_errors(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the jackknife's standard error over the random groups: float64 (replications, segments).

    Args:
        values: float64 (replications, 1 + GROUPS, segments); a group without people is NaN in its row, and left out.

    Delete-a-group jackknife (Kott 2001, Journal of Official Statistics 17): (G - 1) / G times the sum of squares around
    the mean. NaN with fewer than two groups.
    """
    without = values[:, 1:, :]
    there = ~np.isnan(without)
    groups = there.sum(axis=1)
    some = np.maximum(groups, 1)
    mean = np.where(there, without, 0.0).sum(axis=1) / some
    squares = np.where(there, (without - mean[:, np.newaxis, :]) ** 2, 0.0).sum(axis=1)
    errors: NDArray[np.float64] = np.sqrt((groups - 1) / some * squares)
    errors[(groups < 2) | np.isnan(values[:, 0, :])] = np.nan
    return errors


def estimate(name: str, values: NDArray[np.float64], errors: NDArray[np.float64], currency: Currency) -> Figure:
    """Return one figure from its values and finite-sample errors, both float64 (replications,), NaN: no value."""
    unit = unit_of(name, currency.code)
    there = ~np.isnan(values)
    scale = 10.0**-currency.minor_digits if plain_name(name) in MONEY else 1.0
    known = values[there] * scale
    finite = _root_mean_square(errors[there] * scale)
    if not len(known):
        return Figure(None, None, None, unit, {"monte_carlo": None, "finite_sample": None, "parameter": None})
    spread = interval(known)
    if spread is None:
        parts = {"monte_carlo": None, "finite_sample": finite, "parameter": None}
        return Figure(float(known[0]), None, None, unit, parts)
    variance = float(known.var(ddof=1))
    parts = {
        "monte_carlo": (variance / len(known)) ** 0.5,
        "finite_sample": finite,
        "parameter": None if finite is None else max(0.0, variance - finite**2) ** 0.5,
    }
    # A symmetric interval may leave what is possible; a live run cannot.
    most = 1.0 if unit == "share" and known.max() <= 1.0 else None
    low, high = (_possible(name, edge, most) for edge in spread)
    return Figure(float(known.mean()), low, high, unit, parts)


def influences(
    drawn: Sequence[NDArray[np.float64]], values: NDArray[np.float64]
) -> tuple[tuple[float | None, ...], tuple[bool, ...]]:
    """Return how closely a figure follows each assumption over replications, and whether that is more than chance.

    drawn, values: float64 (replications,) each. 0 to 1, see `wakeup.stats.followed`; None where it cannot be told.
    """
    there = ~np.isnan(values)
    if there.sum() < LEAST_FOR_INFLUENCE or not drawn:
        return (None,) * len(drawn), (False,) * len(drawn)
    size, clear = followed(np.stack(drawn)[:, there], values[there])
    return tuple(None if np.isnan(each) else float(each) for each in size), tuple(map(bool, clear))


@frozen(eq=False)
class Line:
    """The profit expected for each value of an assumption, a line in the normal scores of its draws.

    given: float64 (replications,), the profit expected in each; low, high: at the assumption's 5th and 95th percentile.
    """

    given: NDArray[np.float64]
    low: float
    high: float

    @property
    def worth_of_knowing(self) -> float:
        """What it is worth to know the assumption before deciding whether to launch at all.

        The expected value of partial perfect information (Raiffa & Schlaifer 1961): who knows the assumption leaves the
        campaign be where it is not worth while. 0 where the decision is the same whatever the assumption.
        """
        return float(np.maximum(self.given, 0.0).mean() - max(float(self.given.mean()), 0.0))


def line(drawn: NDArray[np.float64], profit: NDArray[np.float64]) -> Line:
    """Return the line, from the draws of a forecast: no further runs (Strong, Oakley & Brennan 2014, Medical Decision
    Making 34, with a line for the regression). Both float64 (replications,), NaN: no value."""
    there = ~np.isnan(profit)
    order = np.argsort(np.argsort(drawn[there], kind="stable"), kind="stable")
    scores = normal((order + 0.5) / len(order))
    scores -= scores.mean()
    spread, values = float(scores @ scores), profit[there]
    slope = float(scores @ values) / spread if spread > 0 else 0.0
    mean = float(values.mean())
    return Line(mean + slope * scores, mean - slope * _Z90, mean + slope * _Z90)


def _possible(name: str, edge: float, most: float | None) -> float:
    """Return an end of an interval held at what a figure can be. `most` 1 for a share that no replication took beyond
    it: who bought need not have woken where `awake` leaves out orders, and a coupon may be used more than once."""
    floor = floor_of(name)
    if floor is None:
        return edge
    return max(floor, edge if most is None else min(edge, most))


def _root_mean_square(errors: NDArray[np.float64]) -> float | None:
    known = errors[~np.isnan(errors)]
    return float(np.sqrt((known**2).mean())) if len(known) else None

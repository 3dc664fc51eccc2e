"""From replications to figures with their uncertainty (SEMANTICS 36)."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from wakeup.draws import normal
from wakeup.figures.definitions import MONEY, Values, floor_of, plain_name, unit_of
from wakeup.figures.result import Figure, Figures
from wakeup.stats import followed, intervals

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
    names = tuple(replications[0])
    values, errors = [], []
    for each in replications:
        table = np.stack(list(each.values()))
        values.append(table[:, 0])
        errors.append(finite_sample_errors(table))
    segments = values[0].shape[1]
    # A row per segment and figure: float64 (segments * figures, replications).
    rows, scatter = (np.stack(each).transpose(2, 1, 0).reshape(segments * len(names), -1) for each in (values, errors))
    found = iter(estimates(names * segments, rows, scatter, currency))
    return tuple(dict(zip(names, found, strict=False)) for _ in range(segments))


def finite_sample_errors(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the jackknife's standard error over the random groups: float64 (m, segments).

    Args:
        values: float64 (m, 1 + GROUPS, segments) of m figures or replications; a group without people is NaN in its
            row, and left out.

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
    return estimates((name,), values[np.newaxis], errors[np.newaxis], currency)[0]


def estimates(
    names: Sequence[str], values: NDArray[np.float64], errors: NDArray[np.float64], currency: Currency
) -> list[Figure]:
    """Return a figure for each name from the row of its values and that of its finite-sample errors.

    values, errors: float64 (names, replications), NaN: no value.
    """
    told = {name: _about(name, currency) for name in dict.fromkeys(names)}
    scales, units, floors = zip(*(told[name] for name in names), strict=True)
    scale, floor = np.array(scales), np.array(floors)
    known, finite = np.full((6, len(names)), np.nan), np.full(len(names), np.nan)
    for at, rows in _alike(values * scale[:, np.newaxis]):
        known[:, at] = _told(rows)
    for at, rows in _alike(errors * scale[:, np.newaxis]):
        finite[at] = np.sqrt((rows**2).mean(axis=1))
    value, low, high, variance, count, most = known
    # A symmetric interval may leave what is possible; a live run cannot. 1 is the most of a share that no replication
    # took beyond it: who bought need not have woken where `awake` leaves out orders, and a coupon may be used twice.
    share = np.array([unit == "share" for unit in units]) & (floor == 0.0) & (most <= 1.0)
    ends = (np.maximum(floor, np.where(share, np.minimum(end, 1.0), end)) for end in (low, high))
    parts = (np.sqrt(variance / count), finite, np.sqrt(np.maximum(variance - finite**2, 0.0)))
    columns = (_listed(column) for column in (value, *ends, *parts))
    return [
        Figure(each, below, above, unit, {"monte_carlo": monte_carlo, "finite_sample": scatter, "parameter": unknown})
        for unit, each, below, above, monte_carlo, scatter, unknown in zip(units, *columns, strict=True)
    ]


def _about(name: str, currency: Currency) -> tuple[float, str, float]:
    """Return what the values of a figure are multiplied by, its unit, and the value that it cannot lie below."""
    least = floor_of(name)
    scale = 10.0**-currency.minor_digits if plain_name(name) in MONEY else 1.0
    return scale, unit_of(name, currency.code), -np.inf if least is None else least


def _alike(values: NDArray[np.float64]) -> Iterator[tuple[NDArray[np.intp], NDArray[np.float64]]]:
    """Yield the rows that know as many values, at least one: their places (m,), and what they know (m, values)."""
    there = ~np.isnan(values)
    count = there.sum(axis=1)
    for each in np.unique(count[count > 0]):
        at = np.flatnonzero(count == each)
        yield at, values[at][there[at]].reshape(len(at), each)


def _told(known: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return mean, low and high end, variance, how many and the greatest of each row (m, values): float64 (6, m)."""
    rows, count = known.shape
    nothing = np.full(rows, np.nan)
    low, high = intervals(known) if count > 1 else (nothing, nothing)
    variance = known.var(axis=1, ddof=1) if count > 1 else nothing
    return np.stack((known.mean(axis=1), low, high, variance, np.full(rows, float(count)), known.max(axis=1)))


def _listed(column: NDArray[np.float64]) -> list[float | None]:
    return [None if math.isnan(each) else each for each in column.tolist()]


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

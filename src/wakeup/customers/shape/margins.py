"""Distributions of one number: cut so that many people lie between two edges, drawn by the inverse function."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from wakeup.customers.shape.model import Margin

Floats = NDArray[np.float64]

MOST_PARTS: Final = 200
"""Parts of a distribution: more would tell nothing that a sample of a few thousand could show."""

FEWEST_PARTS: Final = 3
"""Parts of a distribution, at least: its two ends go on as the part next to them does."""

_TAIL: Final = (0.5, 0.75, 0.875, 0.9375, 0.96875)
"""Where an open end has edges, in shares of its two last parts together."""


def margin_of(
    values: NDArray[Any], least: int, *, low: float = -np.inf, high: float = np.inf, heavy: bool = False
) -> Margin:
    """Return the distribution of values (m,), m >= 3 x `least`: as many parts as give each at least `least` people.

    Edges lie half way between two people and are rounded to three digits; where at least `least` people have the very
    same value (a price, a day), the edge is that value. Nothing lies below `low` or above `high`. The smallest and the
    largest `least` values move no edge but by their number. `heavy`: the upper end falls like a power of the value
    (there every value is above 0) instead of ending.
    """
    ordered = np.sort(values).astype(np.float64)
    parts = min(len(ordered) // least, MOST_PARTS)
    ranks = [len(ordered) * i // parts for i in range(1, parts)]
    inner = [_edge(ordered, rank, least) for rank in ranks]
    p, x = [rank / len(ordered) for rank in ranks], list(inner)
    first = max(low, _rounded(2 * inner[0] - inner[1]))
    last_p, last_x = _upper_end(p, inner, min(len(ordered) - ranks[-1], len(ordered)), high=high, heavy=heavy)
    return Margin(
        (0.0, *(round(each, 6) for each in p), *last_p),
        tuple(float(each) for each in np.maximum.accumulate([first, *x, *last_x])),
    )


def draw(margin: Margin, u: Floats) -> Floats:
    """Return the values of a distribution at shares `u` (m,): its inverse function."""
    return np.interp(u, margin.p, margin.x)


def _edge(ordered: Floats, rank: int, least: int) -> float:
    """Return the edge between the values of `rank` - 1 and `rank` (from 0)."""
    below, above = ordered[rank - 1], ordered[rank]
    if below == above:
        many = np.searchsorted(ordered, below, side="right") - np.searchsorted(ordered, below, side="left")
        return float(below) if many >= least else _rounded(float(below))
    return _rounded((below + above) / 2)


def _upper_end(
    p: list[float], inner: list[float], people: int, *, high: float, heavy: bool
) -> tuple[list[float], list[float]]:
    """Return the edges above the last inner one. The last two parts hold it in their middle and go on alike."""
    before, last = inner[-2], inner[-1]
    if not heavy or before <= 0 or before == last:
        return [1.0], [min(high, _rounded(2 * last - before))]
    # A power law: every halving of the people multiplies the value by the same ratio.
    shares = [*_TAIL[1:], 1 - 1 / (4 * people)]
    steps = -np.log2(1 - np.array(shares))
    values = [min(high, _rounded(float(each))) for each in before * (last / before) ** steps]
    ends = [round(p[-1] + (1 - p[-1]) * (2 * share - 1), 6) for share in shares]
    return [*ends[:-1], 1.0], values


def _rounded(value: float) -> float:
    """Return a value with three digits: as no person's own."""
    return float(f"{value:.3g}")

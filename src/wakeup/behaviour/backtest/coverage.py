"""How many intervals held, with the uncertainty of that: origins close in time see common days and are no independent
trials, so they are drawn anew in blocks (Künsch 1989; circular, Politis & Romano 1992)."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from wakeup.draws import uniform
from wakeup.stats import normal_quantile, t_quantile

Floats = NDArray[np.float64]

RESAMPLES: Final = 2_000
"""How often the origins are drawn anew."""

TOLD: Final = 0.9
"""Level of the interval about a coverage."""


@frozen(eq=False)
class Held:
    """What became of the intervals of one log at one level. inside: float64 (origins, bins), 1.0 held, 0.0 not, NaN no
    interval. block: how many neighbouring origins see common days."""

    inside: Floats
    block: int


@frozen
class Coverage:
    """Of `intervals`, `held` held: `value` is their share, `low` to `high` its 90 % interval, None without any."""

    intervals: int
    held: int
    value: float | None
    low: float | None
    high: float | None


def coverage(logs: Sequence[Held], *, seed: int) -> Coverage:
    """Return the coverage pooled over logs, origins and bins, with its interval by the block bootstrap.

    Every log's origins are drawn anew in runs of `block` neighbours (the last origin's neighbour is the first one), as
    many as there are. The interval is the middle 90 % of the shares that result, widened about the share as Student's t
    is for so few runs. Near 100 % and with four or fewer runs it still is rather too narrow. Where all intervals held,
    or none, every resample says the same and nothing about its error: then each run counts as one trial (Clopper &
    Pearson 1934).
    """
    hits = [np.nansum(each.inside, axis=1) for each in logs]
    cells = [(~np.isnan(each.inside)).sum(axis=1).astype(np.float64) for each in logs]
    held, intervals = sum(float(each.sum()) for each in hits), sum(float(each.sum()) for each in cells)
    if not intervals:
        return Coverage(0, 0, None, None, None)
    drawn_hits, drawn_cells = np.zeros(RESAMPLES), np.zeros(RESAMPLES)
    for at, each in enumerate(logs):
        chosen = _resampled(len(each.inside), each.block, seed, at)
        drawn_hits += hits[at][chosen].sum(axis=1)
        drawn_cells += cells[at][chosen].sum(axis=1)
    shares = drawn_hits[drawn_cells > 0.0] / drawn_cells[drawn_cells > 0.0]
    value = held / intervals
    if value in (0.0, 1.0):
        least = ((1.0 - TOLD) / 2.0) ** (1.0 / _runs(logs))
        return Coverage(int(intervals), int(held), value, least * value, value or 1.0 - least)
    low, high = value + _widened(logs) * (np.quantile(shares, ((1.0 - TOLD) / 2.0, (1.0 + TOLD) / 2.0)) - value)
    return Coverage(int(intervals), int(held), value, max(float(low), 0.0), min(float(high), 1.0))


def _widened(logs: Sequence[Held]) -> float:
    """Return the factor for few runs: the sd of so small a sample, and Student's t in place of the normal quantile."""
    freedom = max(_runs(logs) - len(logs), 1.0)
    tail = (1.0 + TOLD) / 2.0
    return float(np.sqrt(_runs(logs) / freedom)) * t_quantile(tail, freedom) / normal_quantile(tail)


def _runs(logs: Sequence[Held]) -> float:
    """Return how many runs of neighbouring origins there are that do not see common days."""
    return sum(max(len(each.inside) / each.block, 1.0) for each in logs)


def _resampled(origins: int, block: int, seed: int, log: int) -> NDArray[np.int64]:
    """Return origins drawn in blocks: int64 (RESAMPLES, origins)."""
    length = min(block, origins)
    blocks = -(-origins // length)
    u = uniform(seed, 0, np.arange(RESAMPLES * blocks, dtype=np.uint64), f"backtest:blocks:{log}")
    first = np.floor(u * origins).astype(np.int64).reshape(RESAMPLES, blocks, 1)
    return ((first + np.arange(length)) % origins).reshape(RESAMPLES, -1)[:, :origins]

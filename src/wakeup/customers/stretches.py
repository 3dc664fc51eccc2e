"""The days of a log: where its orders really lie, and rows with dates far from all others."""

from typing import Final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

FAR: Final = 90
"""Orders beyond a silence of so many days, at either end of a log, have a wrong date ..."""

FEW: Final = 0.005
"""... if they are no more than this share of all."""


@frozen
class Stretch:
    """Days (UTC, counted from 1970) of a log: its first and its last one without wrong dates.

    stray: orders with dates far before or after.
    """

    first_day: int
    last_day: int
    stray: int


def main_stretch(days: NDArray[np.int64], orders: NDArray[np.int64]) -> Stretch:
    """Return where the orders of a log lie. `days`: int64 (m,), ascending, m >= 1; `orders`: int64 (m,) on them."""
    few = FEW * float(orders.sum())
    far = np.flatnonzero(np.diff(days) > FAR) + 1
    until = np.cumsum(orders)
    early = [int(at) for at in far if until[at - 1] <= few]
    late = [int(at) for at in far if until[-1] - until[at - 1] <= few]
    start, stop = max(early, default=0), min(late, default=len(days))
    stray = int(orders.sum() - orders[start:stop].sum())
    return Stretch(int(days[start]), int(days[stop - 1]), stray)

"""Order statistics of integers that are too many to hold, from a few passes over them."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

_CELLS: Final = 1 << 20

_HELD: Final = 1 << 22
"""So many values are looked at in memory."""

Passes = Callable[[], Iterable[NDArray[Any]]]
"""Begins another pass over the same integers, in arrays of any shape (m,)."""


def smallest(passes: Passes, ranks: Callable[[int], Sequence[int]]) -> NDArray[np.int64]:
    """Return the values of some ranks (0: the smallest) among int64 that are too many to hold, in the ranks' order.

    The first pass finds how many there are and between which bounds; few enough are then held. Else each further one
    counts the values of an interval in a million cells and goes on with the cell that has the rank. `ranks`: which are
    wanted of so many values.
    """
    count, low, high = 0, np.iinfo(np.int64).max, np.iinfo(np.int64).min
    for values in passes():
        if len(values):
            count, low, high = count + len(values), min(low, int(values.min())), max(high, int(values.max()))
    if count <= _HELD:
        return _among(np.concatenate([np.empty(0, np.int64), *passes()]), ranks(count))
    spans = [_Span(low, high, rank) for rank in ranks(count)]
    while any(span.first < span.last for span in spans):
        spans = _narrowed(passes(), spans)
    return np.array([span.first for span in spans], np.int64)


def _among(values: NDArray[Any], ranks: Sequence[int]) -> NDArray[np.int64]:
    return np.partition(values, ranks)[list(ranks)].astype(np.int64) if ranks else np.empty(0, np.int64)


@frozen
class _Span:
    """The values from `first` to `last`, of which the one of `rank` among them is wanted."""

    first: int
    last: int
    rank: int

    @property
    def bounds(self) -> tuple[int, int]:
        return self.first, self.last

    @property
    def width(self) -> int:
        """Values of a cell."""
        return -(-(self.last - self.first + 1) // _CELLS)

    def narrowed(self, counts: NDArray[np.int64]) -> "_Span":
        """Return the cell that has the rank; `counts` (cells,)."""
        upto = np.cumsum(counts)
        cell = int(np.searchsorted(upto, self.rank, side="right"))
        begin = self.first + cell * self.width
        return _Span(begin, min(begin + self.width - 1, self.last), self.rank - int(upto[cell] - counts[cell]))


def _narrowed(values: Iterable[NDArray[Any]], spans: Sequence[_Span]) -> list[_Span]:
    counts = {span.bounds: np.zeros(_CELLS, np.int64) for span in spans}
    widths = {span.bounds: span.width for span in spans}
    for some in values:
        for (first, last), width in widths.items():
            inside = some[(some >= first) & (some <= last)].astype(np.int64)
            # An interval may be wider than int64 has room for: whoever never ordered has the smallest number.
            cells = (inside.view(np.uint64) - np.uint64(first % 2**64)) // np.uint64(width)
            counts[first, last] += np.bincount(cells.astype(np.int64), minlength=_CELLS)
    return [span.narrowed(counts[span.bounds]) for span in spans]

"""Cells: people sorted into the finest parts that any figure asks for, so that each metric is added up once."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from wakeup.figures.totals import GROUPS, METRICS, Segment

_WIDE: Final = 1 << 16
"""Numbers of cells that are not all in use are tightened beyond so many: their table stays in the cache."""


@frozen(eq=False)
class Family:
    """A way to divide the people. code: integers (n,) from 0 for `segments[0]` on, -1 for people in none of them."""

    segments: tuple[Segment, ...]
    code: NDArray[np.integer]


@frozen(eq=False)
class Cells:
    """of: int64 (n,) cell of each person; `len(cells)`: of nobody who counts.

    Of each cell: side, group, and per family the code, integers (cells,).
    """

    families: tuple[Family, ...]
    of: NDArray[np.int64]
    side: NDArray[np.integer]
    group: NDArray[np.integer]
    codes: tuple[NDArray[np.integer], ...]

    def __len__(self) -> int:
        """Number of cells."""
        return len(self.side)

    def among(self, place: NDArray[np.int32] | None) -> "Cells":
        """Return the same cells of people who have these places among the n (-1: none, and do not count)."""
        return self if place is None else evolve(self, of=np.append(self.of, len(self)).take(place))

    def count(self, who: NDArray[np.integer]) -> NDArray[np.int64]:
        """Count rows per cell: int64 (cells,) for places of people (m,)."""
        return np.bincount(self.of.take(who), minlength=len(self))[: len(self)].astype(np.int64, copy=False)

    def marked(self, *marks: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Count people per cell: all, then for each mark (n,) those who have it: int64 (1 + marks, cells)."""
        code = np.zeros(len(self.of), np.uint8)
        for number, mark in enumerate(marks):
            code |= mark.view(np.uint8) << number
        bits = np.arange(1 << len(marks)) >> np.arange(len(marks))[:, np.newaxis] & 1
        counts = self._counted(self.of, code, 1 << len(marks))
        return np.concatenate((counts.sum(axis=1)[np.newaxis], bits @ counts.T))

    def add(self, who: NDArray[np.integer], amount: NDArray[np.int64]) -> NDArray[np.int64]:
        """Add amounts per cell: int64 (cells,). Exact while the sum of magnitudes stays below 2^53."""
        return np.bincount(self.of.take(who), weights=amount, minlength=len(self)).astype(np.int64)

    def table(self, who: NDArray[np.integer], code: NDArray[np.integer], codes: int) -> NDArray[np.int64]:
        """Count rows per cell and code: int64 (cells, codes) for places of people and codes in [0, codes), (m,)."""
        return self._counted(self.of.take(who), code, codes)

    def _counted(self, of: NDArray[np.int64], code: NDArray[np.integer], codes: int) -> NDArray[np.int64]:
        at = of * codes
        at += code
        counts = np.bincount(at, minlength=(len(self) + 1) * codes).astype(np.int64, copy=False)
        return counts.reshape(len(self) + 1, codes)[:-1]

    def by_group(self, table: NDArray[np.int64]) -> NDArray[np.int64]:
        """Add rows per cell, int64 (cells, k), up to rows per group: int64 (GROUPS, k)."""
        return summed(self.group, table, GROUPS)

    def sums(self, metrics: Mapping[str, NDArray[np.int64]]) -> NDArray[np.int64]:
        """Return int64 (2, GROUPS, segments, METRICS), segments as of `segments_of`; metrics per cell (cells,), 0 where
        there is none of a name."""
        table = np.zeros((len(self), len(METRICS)), np.int64)
        for number, name in enumerate(METRICS):
            if name in metrics:
                table[:, number] = metrics[name]
        strata = self.side.astype(np.int64) * GROUPS + self.group
        parts = [summed(strata, table, 2 * GROUPS)[:, np.newaxis]]
        for family, code in zip(self.families, self.codes, strict=True):
            segments = len(family.segments) + 1
            found = summed(strata * segments + code + 1, table, 2 * GROUPS * segments)
            parts.append(found.reshape(2 * GROUPS, segments, len(METRICS))[:, 1:])
        return np.concatenate(parts, axis=1).reshape(2, GROUPS, -1, len(METRICS))


def segments_of(families: tuple[Family, ...]) -> tuple[Segment, ...]:
    """Return all segments: everybody, then those of each family."""
    return (
        Segment("all"),
        *(segment for family in families for segment in family.segments),
    )


def summed(at: NDArray[np.integer], table: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """Add up the rows of a table (m, k) that have the same place in [0, size): int64 (size, k)."""
    # Two bytes are sorted by radix, many times faster than eight.
    order = np.argsort(at.astype(np.uint16) if size <= _WIDE else at, kind="stable")
    before = np.zeros((len(at) + 1, table.shape[1]), np.int64)
    np.cumsum(table.take(order, axis=0), axis=0, out=before[1:])
    count = np.bincount(at, minlength=size)
    after = np.cumsum(count)
    sums: NDArray[np.int64] = before.take(after, axis=0) - before.take(after - count, axis=0)
    return sums


def divide(side: NDArray[np.integer], group: NDArray[np.integer], families: tuple[Family, ...]) -> Cells:
    """Divide n people by side (0, 1), group (0 to GROUPS - 1) and every family."""
    of, one, size = side, np.zeros(0, np.intp), 2
    for digit, radix in ((group, GROUPS), *((family.code + 1, len(family.segments) + 1) for family in families)):
        if size * radix > _WIDE:
            of, one = _dense(of, size)
            size = len(one)
        size *= radix
        of = of.astype(np.uint16 if size <= _WIDE else np.int64)  # two bytes are multiplied sooner than eight
        of *= radix
        of += digit.astype(of.dtype)
    of, one = _dense(of, size)
    # Everybody in a cell is alike: any one of them says what it is.
    return Cells(families, of, side[one], group[one], tuple(family.code[one] for family in families))


def _dense(code: NDArray[np.integer], size: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Number the codes in [0, size) that occur from 0 on; return each person's number, and some person of each."""
    place, one = code.astype(np.intp, copy=False), np.full(size, -1)
    one[place] = np.arange(len(place))
    used = np.flatnonzero(one >= 0)
    number = np.empty(size, np.int64)
    number[used] = np.arange(len(used))
    return number.take(place), one[used]

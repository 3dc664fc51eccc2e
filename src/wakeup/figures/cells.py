"""Cells: people sorted into the finest parts that any figure asks for, so that each metric is added up once."""

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from wakeup.figures.totals import GROUPS, METRICS, Segment


@frozen(eq=False)
class Family:
    """A way to divide the people. code: (n,) from 0 for `segments[0]` on, -1 for people in none of them."""

    segments: tuple[Segment, ...]
    code: NDArray[np.int64]


@frozen(eq=False)
class Cells:
    """of: int64 (n,) cell of each person; side, group: int64 (cells,), side -1 for people who are not simulated;
    codes: per family int64 (cells,)."""

    families: tuple[Family, ...]
    of: NDArray[np.int64]
    side: NDArray[np.int64]
    group: NDArray[np.int64]
    codes: tuple[NDArray[np.int64], ...]

    def __len__(self) -> int:
        """Number of cells."""
        return len(self.side)

    def count(self, who: NDArray[np.integer]) -> NDArray[np.int64]:
        """Count rows per cell: int64 (cells,) for person indices (m,)."""
        return np.bincount(self.of[who], minlength=len(self)).astype(np.int64)

    def add(self, who: NDArray[np.integer], amount: NDArray[np.int64]) -> NDArray[np.int64]:
        """Add amounts per cell: int64 (cells,). Exact while the sum of magnitudes stays below 2^53."""
        return np.bincount(self.of[who], weights=amount, minlength=len(self)).astype(np.int64)

    def sums(self, metrics: dict[str, NDArray[np.int64]]) -> tuple[tuple[Segment, ...], NDArray[np.int64]]:
        """Return all segments ("all" first) and int64 (2, GROUPS, segments, METRICS) from metrics per cell."""
        table = np.stack([metrics[name] for name in METRICS], axis=1)
        segments = [Segment("all")]
        parts = [self._part(self.side >= 0, table)]
        for family, code in zip(self.families, self.codes, strict=True):
            for index, segment in enumerate(family.segments):
                segments.append(segment)
                parts.append(self._part((self.side >= 0) & (code == index), table))
        return tuple(segments), np.stack(parts, axis=2)

    def _part(self, chosen: NDArray[np.bool_], table: NDArray[np.int64]) -> NDArray[np.int64]:
        sums = np.zeros((2, GROUPS, table.shape[1]), np.int64)
        np.add.at(sums, (self.side[chosen], self.group[chosen]), table[chosen])
        return sums


def divide(side: NDArray[np.int64], group: NDArray[np.int64], families: tuple[Family, ...]) -> Cells:
    """Divide n people by side (-1: not simulated), group (0 to GROUPS - 1) and every family."""
    size = 3 * GROUPS
    of, used = _dense((side + 1) * GROUPS + group, size)
    columns = [used // GROUPS - 1, used % GROUPS]
    for family in families:
        size = len(family.segments) + 1
        of, used = _dense(of * size + family.code + 1, len(columns[0]) * size)
        columns = [column[used // size] for column in columns] + [used % size - 1]
    return Cells(families, of, columns[0], columns[1], tuple(columns[2:]))


def _dense(code: NDArray[np.int64], size: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Number the codes in [0, size) that occur from 0 on; return each person's number and the code of each number."""
    used = np.flatnonzero(np.bincount(code, minlength=size))
    number = np.zeros(size, np.int64)
    number[used] = np.arange(len(used))
    return number[code], used

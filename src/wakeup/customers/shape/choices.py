"""Attributes by cells: what many customers of a cell share is told of it, what few share of a larger one.

A larger cell tells only of those whom no smaller one speaks of: together they are everybody once, so shares over all
customers stay what they are.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from wakeup.customers.shape.margins import FEWEST_PARTS, Floats, draw, margin_of
from wakeup.customers.shape.model import DIMENSIONS, Amounts, Choice, Part
from wakeup.customers.shape.places import Places, cell_name

_FEW = 0.05

Codes = NDArray[np.int64]
Rows = NDArray[np.intp]
Told = TypeVar("Told")


def choice_of(codes: Codes, labels: tuple[str, ...], places: Places, least: int) -> tuple[Choice | None, int]:
    """Return how labels (codes int64 (n,), -1: none) are spread, and how many labels are left out.

    A label of fewer than `least` people is left out: its people have none. None: no label is left.
    """
    counts = np.bincount(codes[codes >= 0], minlength=len(labels))
    kept = np.flatnonzero(counts >= least)
    lost = int((counts > 0).sum()) - len(kept)
    if not len(kept):
        return None, lost
    number = np.full(len(labels) + 1, len(kept), np.int64)
    number[kept] = np.arange(len(kept))
    found = number[np.where(codes < 0, len(labels), codes)]
    size = len(kept) + 1

    def told(rows: Rows, depth: int) -> tuple[int, ...] | None:
        counts = np.bincount(found[rows], minlength=size)
        few = int(counts[counts < least].sum())
        # In a large cell a few are given up rather than mixing all of it with everybody else.
        return whole(rows) if few == 0 or (depth == 1 and few < _FEW * len(rows)) else None

    def whole(rows: Rows) -> tuple[int, ...]:
        counts = np.bincount(found[rows], minlength=size)
        return tuple(int(each) if each >= least else 0 for each in counts)

    by = _by(found, size, places)
    cells = _cells(by, places, told, whole)
    return Choice(tuple(labels[i] for i in kept), by, {name: each for name, each in cells.items() if sum(each)}), lost


def amounts_of(values: Floats, places: Places, least: int) -> Amounts | None:
    """Return how numbers (float64 (n,), NaN: none) are spread; None where too few have one."""
    known = ~np.isnan(values)
    if int(known.sum()) < FEWEST_PARTS * least:
        return None

    def told(rows: Rows, _: int) -> Part | None:
        here = int(known[rows].sum())
        missing = len(rows) - here
        if 0 < missing < least or 0 < here < FEWEST_PARTS * least:
            return None
        return part_of(values[rows], least)

    fifths = np.searchsorted(np.quantile(values[known], (0.2, 0.4, 0.6, 0.8)), values)
    by = _by(np.where(known, fifths, 5).astype(np.int64), 6, places)
    return Amounts(by, _cells(by, places, told, lambda rows: part_of(values[rows], least)))


def part_of(values: Floats, least: int, *, low: float = -np.inf, high: float = np.inf) -> Part:
    """Return the share of those who have a number (float64 (n,), NaN: none) and how it is distributed.

    Where fewer than a distribution needs have one, nobody has; where fewer than `least` lack it, everybody has.
    """
    known = values[~np.isnan(values)]
    if len(known) < FEWEST_PARTS * least:
        return Part(0.0, None)
    # A few who lack it are not told of.
    share = 1.0 if len(values) - len(known) < least else round(len(known) / len(values), 6)
    return Part(share, margin_of(known, least, low=low, high=high))


def chosen(choice: Choice | None, places: Places, u: Floats) -> Codes:
    """Return codes of labels at shares `u` (n,); -1: none."""
    codes = np.full(len(u), -1, np.int64)
    if choice is None:
        return codes
    for rows, counts in _told(choice.by, choice.cells, places):
        upto = np.cumsum(counts) / sum(counts)
        found = np.searchsorted(upto, u[rows], side="right")
        codes[rows] = np.where(found >= len(choice.labels), -1, found)
    return codes


def drawn_amounts(amounts: Amounts | None, places: Places, known: Floats, u: Floats) -> Floats:
    """Return numbers, NaN for those who have none: `known` (n,) decides who has one, `u` (n,) which."""
    values = np.full(len(u), np.nan)
    if amounts is None:
        return values
    for rows, part in _told(amounts.by, amounts.cells, places):
        values[rows] = drawn_part(part, known[rows], u[rows])
    return values


def drawn_part(part: Part, known: Floats, u: Floats) -> Floats:
    """Return numbers of a part, NaN for those who have none."""
    if part.margin is None:
        return np.full(len(u), np.nan)
    return np.where(known < part.share, draw(part.margin, u), np.nan)


def _by(codes: Codes, size: int, places: Places) -> tuple[str, ...]:
    """Return the dimensions, that on which the codes (below `size`) hang most first."""
    strength = {each: _association(codes, size, places.parts[each]) for each in DIMENSIONS}
    return tuple(sorted(DIMENSIONS, key=lambda each: -strength[each]))


def _association(codes: Codes, size: int, parts: Codes) -> float:
    """Return chi-square by its degrees of freedom of two classifications."""
    table = np.bincount(parts * size + codes, minlength=size * int(parts.max() + 1)).reshape(-1, size).astype(float)
    table = table[table.sum(1) > 0][:, table.sum(0) > 0]
    freedom = (table.shape[0] - 1) * (table.shape[1] - 1)
    if freedom == 0:
        return 0.0
    expected = np.outer(table.sum(1), table.sum(0)) / table.sum()
    return float(((table - expected) ** 2 / expected).sum() / freedom)


def _cells(
    by: tuple[str, ...], places: Places, told: Callable[[Rows, int], Told | None], whole: Callable[[Rows], Told]
) -> dict[str, Told]:
    """Return what is told of each cell, the smallest first; those of whom nothing is told go on to a larger one."""
    found: dict[str, Told] = {}
    left = np.arange(len(places.parts[by[0]]), dtype=np.intp)
    for depth in range(len(by), 0, -1):
        rest = []
        for number, rows in _grouped(places.cells(by[:depth])[left]):
            said = told(left[rows], depth)
            if said is None:
                rest.append(left[rows])
            else:
                found[cell_name(number, depth)] = said
        left = np.sort(np.concatenate(rest)) if rest else left[:0]
        if not len(left):
            return found
    found[""] = whole(left)
    return found


def _told(by: tuple[str, ...], cells: Mapping[str, Told], places: Places) -> Iterator[tuple[Rows, Told]]:
    """Yield the rows of each cell, each customer in the smallest that is there, and what is told of it."""
    for number, rows in _grouped(places.cells(by)):
        yield rows, cells[_nearest(cell_name(number, len(by)), cells)]


def _nearest(name: str, cells: Mapping[str, object]) -> str:
    """Return the cell that speaks of a smallest one: the longest beginning of its name that is there. Where none is,
    nobody was in it: then one that begins like it."""
    parts = name.split(".")
    beginnings = [".".join(parts[:depth]) for depth in range(len(parts), 0, -1)] + [""]
    for beginning in beginnings:
        if beginning in cells:
            return beginning
    return next((each for each in cells if each.split(".")[0] == parts[0]), next(iter(cells)))


def _grouped(numbers: Codes) -> Iterator[tuple[int, Rows]]:
    """Yield each of some numbers (n,) with the rows that have it."""
    order = np.argsort(numbers, kind="stable")
    kinds, starts = np.unique(numbers[order], return_index=True)
    for kind, rows in zip(kinds, np.split(order, starts[1:]), strict=True):
        if len(rows):
            yield int(kind), rows

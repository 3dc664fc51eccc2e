"""Rows of the trace as they come, and the batches of them that a sink takes."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np
from attrs import define, field, fields, frozen
from numpy.typing import NDArray

from wakeup.figures.events import EventBatch
from wakeup.sim.array.codes import I16, I32, I64, U8, Bools, Index
from wakeup.terms.lists import Row


@frozen(eq=False)
class Rows:
    """m rows of one kind; `who` int32 and `t` int64 have shape (m,), the others too or are one value for all."""

    row: Row
    who: I32
    t: I64
    step: I16 | int = -1
    message: I16 | int = -1
    incentive: I16 | int = -1
    reason: U8 | int = 0
    arm: I16 | int = -1
    amount: I64 | int = 0
    subsidised: Bools | bool = False

    def chosen(self, places: Index) -> "Rows":
        """Return the rows at some places."""
        columns = {each.name: getattr(self, each.name) for each in fields(Rows)}
        some = {name: column.take(places) for name, column in columns.items() if isinstance(column, np.ndarray)}
        return Rows(**(columns | some))


@define(eq=False)
class RowLog:
    """Rows in the order in which they were written down."""

    rows: list[Rows] = field(factory=list)

    def add(self, rows: Rows) -> None:
        """Write down rows, if there are any."""
        if len(rows.who):
            self.rows.append(rows)

    def of(self, *kinds: Row) -> Iterator[Rows]:
        """Return the rows of some kinds."""
        return (each for each in self.rows if each.row in kinds)

    def batches(self) -> Iterator[EventBatch]:
        """Return one batch per kind, occurrences numbered in trace order (rule 58)."""
        found: dict[Row, list[Rows]] = {}
        for each in self.rows:
            found.setdefault(each.row, []).append(each)
        for kind in sorted(found):
            yield _Batch(kind, tuple(found[kind]))


class _Batch(EventBatch):
    """Rows of one kind, whose columns are put together when they are asked for: most figures need few of them."""

    _rows: tuple[Rows, ...]
    _place: I32 | None

    def __init__(self, row: Row, rows: tuple[Rows, ...], place: I32 | None = None) -> None:
        object.__setattr__(self, "row", int(row))
        vars(self).update(_rows=rows, _place=place)

    def placed(self, place: I32) -> EventBatch:
        """Return the rows with person `who` named `place[who]`; the rows of people who have none (-1) are left out."""
        if self._place is not None:
            place = np.append(place, np.int32(-1)).take(self._place)
        return _Batch(Row(self.row), self._rows, place)

    @cached_property
    def _who(self) -> I32:
        """Place of the person of each row, -1 for who has none."""
        who: I32 = np.concatenate([each.who for each in self._rows])
        return who if self._place is None else self._place.take(who)

    @cached_property
    def _there(self) -> Index | None:
        """Which rows are of people who have a place; None: all."""
        if self._place is None:
            return None
        there = (self._who >= 0).nonzero()[0]
        return None if len(there) == len(self._who) else there

    def __len__(self) -> int:
        """Number of rows."""
        return len(self._who if self._there is None else self._there)

    def column(self, name: str, kind: type[np.generic]) -> NDArray[Any]:
        """Put a column together as numbers of a kind that has room for them."""
        column = self._who.astype(kind, copy=False) if name == "who" else self._written(name, kind)
        return column if self._there is None else column.take(self._there)

    def _written(self, name: str, kind: type[np.generic]) -> NDArray[Any]:
        """Return a column with the rows that are left out."""
        columns, lengths = [getattr(each, name) for each in self._rows], [len(each.who) for each in self._rows]
        kinds = set(map(type, columns))
        if np.ndarray not in kinds:
            return np.repeat(np.array(columns, kind), lengths)
        if len(kinds) > 1:
            columns = [
                each if isinstance(each, np.ndarray) else np.full(length, each, kind)
                for each, length in zip(columns, lengths, strict=True)
            ]
        joined: NDArray[Any] = np.concatenate(columns, dtype=kind, casting="unsafe")
        return joined

    @cached_property
    def who(self) -> I32:
        """Column of the rows, as are the following."""
        return self.column("who", np.int32)

    @cached_property
    def t(self) -> I64:
        """Column."""
        return self.column("t", np.int64)

    @cached_property
    def step(self) -> I16:
        """Column."""
        return self.column("step", np.int16)

    @cached_property
    def message(self) -> I16:
        """Column."""
        return self.column("message", np.int16)

    @cached_property
    def incentive(self) -> I16:
        """Column."""
        return self.column("incentive", np.int16)

    @cached_property
    def occurrence(self) -> I16:
        """Column."""
        return _occurrences(self.who, self.t, self.step, self.message, self.incentive)

    @cached_property
    def reason(self) -> U8:
        """Column."""
        return self.column("reason", np.uint8)

    @cached_property
    def arm(self) -> I16:
        """Column."""
        return self.column("arm", np.int16)

    @cached_property
    def amount(self) -> I64:
        """Column."""
        return self.column("amount", np.int64)

    @cached_property
    def subsidised(self) -> Bools:
        """Column."""
        return self.column("subsidised", np.bool_)


def _occurrences(who: I32, t: I64, step: I16, message: I16, incentive: I16) -> I16:
    """Number the rows of equal (who, message, incentive) by (t, step), from 0."""
    occurrence = np.zeros(len(who), np.int16)
    same = (who.astype(np.int64) << 32) | ((message.astype(np.int64) + 1) << 16) | (incentive.astype(np.int64) + 1)
    ordered = np.sort(same)
    repeated = ordered[1:][ordered[1:] == ordered[:-1]]
    if not len(repeated):
        return occurrence
    # Only people who have such a row more than once need numbers.
    again = np.flatnonzero(_among(same, repeated))
    order = again[np.lexsort((step[again], t[again], same[again]))]
    groups = same[order]
    first = np.flatnonzero(np.concatenate(([True], groups[1:] != groups[:-1])))
    lengths = np.diff(np.append(first, len(groups)))
    occurrence[order] = np.arange(len(groups)) - np.repeat(first, lengths)
    return occurrence


def _among(values: I64, ascending: I64) -> Bools:
    place = np.searchsorted(ascending, values)
    found: Bools = ascending[np.minimum(place, len(ascending) - 1)] == values
    return found

"""Rows of the trace as they come, and the batches of them that a sink takes."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from wakeup.figures.events import EventBatch
from wakeup.sim.array.codes import I16, I32, I64, U8, Bools
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
        for kind in Row:
            found = list(self.of(kind))
            if found:
                yield _batch(kind, found)


def _batch(kind: Row, found: Sequence[Rows]) -> EventBatch:
    who, t = _joined(found, "who", np.int32), _joined(found, "t", np.int64)
    step, message = _joined(found, "step", np.int16), _joined(found, "message", np.int16)
    incentive = _joined(found, "incentive", np.int16)
    return EventBatch(
        row=int(kind),
        who=who,
        t=t,
        step=step,
        message=message,
        incentive=incentive,
        occurrence=_occurrences(who, t, step, message, incentive),
        reason=_joined(found, "reason", np.uint8),
        arm=_joined(found, "arm", np.int16),
        amount=_joined(found, "amount", np.int64),
        subsidised=_joined(found, "subsidised", np.bool_),
    )


def _joined(found: Sequence[Rows], name: str, dtype: type[np.generic]) -> NDArray[Any]:
    joined: NDArray[Any] = np.empty(sum(len(each.who) for each in found), dtype)
    first = 0
    for each in found:
        joined[first : first + len(each.who)] = getattr(each, name)
        first += len(each.who)
    return joined


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

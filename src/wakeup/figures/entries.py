"""Rows one by one, as they happen, and their form for a sink."""

from collections import Counter
from collections.abc import Iterator
from itertools import groupby

import numpy as np
from attrs import frozen

from wakeup.figures.events import EventBatch
from wakeup.terms.lists import Reason, Row


@frozen
class Entry:
    """One row; -1 where a column does not apply (`EventBatch` has the meaning and units)."""

    who: int
    t: int
    row: Row
    step: int = -1
    message: int = -1
    incentive: int = -1
    reason: Reason = Reason.NONE
    arm: int = -1
    amount: int = 0
    subsidised: bool = False

    def place(self) -> tuple[int, ...]:
        """Return where the row stands in the trace of its person."""
        return self.t, self.row, self.step, self.message, self.incentive


def batches(entries: list[Entry]) -> Iterator[EventBatch]:
    """Return all rows, a batch per kind, each row with its occurrence; `who` is as in the entries."""
    ordered = sorted(entries, key=lambda each: (each.who, *each.place()))
    seen: Counter[tuple[int, ...]] = Counter()
    counted = []
    for entry in ordered:
        kind = (entry.who, entry.row, entry.message, entry.incentive)
        counted.append((entry, seen[kind]))
        seen[kind] += 1
    counted.sort(key=lambda each: each[0].row)
    for row, group in groupby(counted, key=lambda each: each[0].row):
        yield _batch(row, list(group))


def _batch(row: Row, rows: list[tuple[Entry, int]]) -> EventBatch:
    entries = [entry for entry, _ in rows]
    return EventBatch(
        row=int(row),
        who=np.array([each.who for each in entries], dtype=np.int32),
        t=np.array([each.t for each in entries], dtype=np.int64),
        step=np.array([each.step for each in entries], dtype=np.int16),
        message=np.array([each.message for each in entries], dtype=np.int16),
        incentive=np.array([each.incentive for each in entries], dtype=np.int16),
        occurrence=np.array([occurrence for _, occurrence in rows], dtype=np.int16),
        reason=np.array([each.reason for each in entries], dtype=np.uint8),
        arm=np.array([each.arm for each in entries], dtype=np.int16),
        amount=np.array([each.amount for each in entries], dtype=np.int64),
        subsidised=np.array([each.subsidised for each in entries], dtype=np.bool_),
    )

"""The rows of a part, by kind, in columns."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from wakeup.figures.events import EventBatch, Orders
from wakeup.terms.lists import Row

_COLUMNS: Final[dict[int, tuple[str, ...]]] = {
    Row.OPENED: ("who", "t", "message"),
    Row.CLICKED: ("who", "t", "message"),
    Row.CLAIMED: ("who", "t"),
    Row.JOINED: ("who", "t"),
    Row.COMPLETED: ("who", "t", "incentive", "amount"),
    Row.OPTED_OUT: ("who", "t", "message"),
    Row.COMPLAINED: ("who", "t", "message"),
    Row.ORDERED: ("who", "t", "amount"),
    Row.REDEEMED: ("who", "t", "incentive", "amount", "subsidised"),
    Row.ENTERED: ("who",),
    Row.NOT_ENTERED: ("who",),
    Row.ASSIGNED: ("who", "t", "step", "arm"),
    Row.DELAYED: ("reason",),
    Row.REFUSED: ("reason",),
    Row.SENT: ("who", "t", "message", "arm"),
    Row.GRANTED: ("who", "t"),
    Row.DELIVERED: ("who", "t", "message"),
    Row.SERVED: ("who", "t", "incentive", "amount"),
    Row.GIFTED: ("who", "t", "incentive", "amount"),
    Row.RATED: ("who", "t", "amount"),
}
"""What is looked at of the rows of each kind; of other kinds nothing is."""

_EMPTY: Final[dict[str, NDArray[Any]]] = {
    "who": np.empty(0, np.intp),
    "t": np.empty(0, np.int64),
    "step": np.empty(0, np.int16),
    "message": np.empty(0, np.int16),
    "incentive": np.empty(0, np.int16),
    "reason": np.empty(0, np.uint8),
    "arm": np.empty(0, np.int16),
    "amount": np.empty(0, np.int64),
    "subsidised": np.empty(0, np.bool_),
}


@frozen(eq=False)
class Kept:
    """Columns of m rows of one kind, as in `EventBatch`; columns that the kind does not need are empty.

    who: intp, since it is an index many times over.
    """

    who: NDArray[np.intp] = field(default=_EMPTY["who"])
    t: NDArray[np.int64] = field(default=_EMPTY["t"])
    step: NDArray[np.int16] = field(default=_EMPTY["step"])
    message: NDArray[np.int16] = field(default=_EMPTY["message"])
    incentive: NDArray[np.int16] = field(default=_EMPTY["incentive"])
    reason: NDArray[np.uint8] = field(default=_EMPTY["reason"])
    arm: NDArray[np.int16] = field(default=_EMPTY["arm"])
    amount: NDArray[np.int64] = field(default=_EMPTY["amount"])
    subsidised: NDArray[np.bool_] = field(default=_EMPTY["subsidised"])

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.who)

    def chosen(self, chosen: NDArray[np.bool_]) -> "Kept":
        """Return the rows where `chosen` (m,) is true."""
        return self if chosen.all() else self._taken(np.flatnonzero(chosen))

    def within(self, start: int, end: int) -> "Kept":
        """Return the rows in [start, end)."""
        if not len(self.t) or (self.t.min() >= start and self.t.max() < end):
            return self
        return self.chosen((self.t >= start) & (self.t < end))

    def since(self, start: int) -> "Kept":
        """Return the rows at or after `start`."""
        return self.chosen(self.t >= start)

    def paired(self, other: "Kept") -> NDArray[np.bool_]:
        """Return whether each row has a row of `other` of the same person and second: bool (m,)."""
        mine, theirs = _paired_keys(self, other)
        return np.isin(mine, theirs)

    def matched(self, other: "Kept") -> NDArray[np.int64]:
        """Return the amount of the row of `other` of the same person and second: int64 (m,), 0 where there is none.

        Nobody has two rows in one second, here or there.
        """
        amount = np.zeros(len(self.t), np.int64)
        if len(self.t):
            # The others are looked up, which are fewer.
            mine, theirs = _paired_keys(self, other)
            order = np.argsort(mine)
            place = order.take(np.searchsorted(mine, theirs, sorter=order), mode="clip")
            same = mine.take(place) == theirs
            amount[place.compress(same)] = other.amount.compress(same)
        return amount

    def _taken(self, rows: NDArray[np.intp]) -> "Kept":
        columns = ((name, getattr(self, name)) for name in _EMPTY)
        return Kept(**{name: column.take(rows) for name, column in columns if len(column)})


def _paired_keys(left: Kept, right: Kept) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    instants = np.concatenate((left.t, right.t))
    base = int(instants.min()) if len(instants) else 0
    span = int(instants.max()) - base + 1 if len(instants) else 1
    mine, theirs = (each.who.astype(np.int64) * span + (each.t - base) for each in (left, right))
    return mine, theirs


class Rows:
    """All rows of a part, by kind; `start` and `end` of the run."""

    def __init__(self, batches: Sequence[EventBatch], twins: Orders, start: int, end: int) -> None:
        self._start, self._end = start, end
        self._batches: defaultdict[int, list[EventBatch]] = defaultdict(list)
        for batch in batches:
            if batch.row in _COLUMNS and len(batch):
                self._batches[batch.row].append(batch)
        self._kept: dict[int, Kept] = {}
        self._inside: dict[int, Kept] = {}
        self.twins = Kept(who=twins[0].astype(np.intp), t=twins[1], amount=twins[2])

    def kept(self, row: Row) -> Kept:
        """Return all rows of a kind."""
        if row not in self._kept:
            found = self._batches[row]
            columns = {name: _joined(found, name) for name in _COLUMNS[row]} if found else {}
            self._kept[row] = Kept(**columns)
        return self._kept[row]

    def inside(self, row: Row) -> Kept:
        """Return the rows of a kind inside the run."""
        if row not in self._inside:
            self._inside[row] = self.kept(row).within(self._start, self._end)
        return self._inside[row]

    def after(self, row: Row) -> Kept:
        """Return the rows of a kind at or after the end of the run."""
        return self.kept(row).since(self._end)


def _joined(batches: Sequence[EventBatch], name: str) -> NDArray[Any]:
    columns = [batch.column(name, _EMPTY[name].dtype.type) for batch in batches]
    return columns[0] if len(columns) == 1 else np.concatenate(columns)

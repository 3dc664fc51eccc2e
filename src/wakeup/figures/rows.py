"""Columns of rows, kept until a replication is over."""

from collections import defaultdict
from typing import Final

import numpy as np
from attrs import evolve, field, fields, frozen
from numpy.typing import NDArray

from wakeup.figures.events import EventBatch
from wakeup.plan.model import Plan
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
    Row.ASSIGNED: ("who", "t", "step", "arm"),
    Row.SENT: ("who", "t", "message", "arm"),
    Row.GRANTED: ("who", "t"),
    Row.DELIVERED: ("who", "t", "message"),
    Row.SERVED: ("who", "t", "incentive", "amount"),
    Row.GIFTED: ("who", "t", "incentive", "amount"),
    Row.RATED: ("who", "t", "amount"),
}
"""What is kept of the rows of each kind; of other kinds nothing is."""

_TWIN: Final = 0
_EMPTY: Final = {
    "who": np.empty(0, np.int32),
    "t": np.empty(0, np.int64),
    "step": np.empty(0, np.int16),
    "message": np.empty(0, np.int16),
    "incentive": np.empty(0, np.int16),
    "arm": np.empty(0, np.int16),
    "amount": np.empty(0, np.int64),
    "subsidised": np.empty(0, np.bool_),
}


@frozen(eq=False)
class Kept:
    """Columns of m rows of one kind, as in `EventBatch`; columns that the kind does not need are empty."""

    who: NDArray[np.int32] = field(default=_EMPTY["who"])
    t: NDArray[np.int64] = field(default=_EMPTY["t"])
    step: NDArray[np.int16] = field(default=_EMPTY["step"])
    message: NDArray[np.int16] = field(default=_EMPTY["message"])
    incentive: NDArray[np.int16] = field(default=_EMPTY["incentive"])
    arm: NDArray[np.int16] = field(default=_EMPTY["arm"])
    amount: NDArray[np.int64] = field(default=_EMPTY["amount"])
    subsidised: NDArray[np.bool_] = field(default=_EMPTY["subsidised"])

    def chosen(self, chosen: NDArray[np.bool_]) -> "Kept":
        """Return the rows where `chosen` (m,) is true."""
        return self if chosen.all() else self._taken(np.flatnonzero(chosen))

    def split(self, start: int, end: int) -> tuple["Kept", "Kept"]:
        """Return the rows in [start, end) and those at or after `end`."""
        return self.chosen((self.t >= start) & (self.t < end)), self.chosen(self.t >= end)

    def sorted(self) -> "Kept":
        """Return the rows in order of (who, t)."""
        return self._taken(np.lexsort((self.t, self.who)))

    def paired(self, other: "Kept") -> NDArray[np.bool_]:
        """Return whether each row has a row of `other` of the same person and second: bool (m,)."""
        mine, theirs = _paired_keys(self, other)
        return np.isin(mine, theirs)

    def matched(self, other: "Kept") -> NDArray[np.int64]:
        """Return the amount of the row of `other` of the same person and second: int64 (m,), 0 where there is none."""
        amount = np.zeros(len(self.t), np.int64)
        if len(other.t):
            mine, theirs = _paired_keys(self, other)
            order = np.argsort(theirs)
            at = np.minimum(np.searchsorted(theirs, mine, sorter=order), len(theirs) - 1)
            same = theirs[order[at]] == mine
            amount[same] = other.amount[order[at[same]]]
        return amount

    def _taken(self, rows: NDArray[np.intp]) -> "Kept":
        columns = ((each.name, getattr(self, each.name)) for each in fields(Kept))
        return evolve(self, **{name: column[rows] for name, column in columns if len(column)})


def _paired_keys(left: Kept, right: Kept) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    instants = np.concatenate((left.t, right.t))
    base = int(instants.min()) if len(instants) else 0
    span = int(instants.max()) - base + 1 if len(instants) else 1
    mine, theirs = (each.who.astype(np.int64) * span + (each.t - base) for each in (left, right))
    return mine, theirs


class Rows:
    """All rows of a replication, by kind."""

    def __init__(self) -> None:
        self._parts: defaultdict[int, list[dict[str, NDArray[np.generic]]]] = defaultdict(list)

    def add(self, batch: EventBatch) -> None:
        """Keep the columns of a batch that its kind needs."""
        if batch.row in _COLUMNS:
            self._parts[batch.row].append({name: getattr(batch, name) for name in _COLUMNS[batch.row]})

    def add_twin(self, who: NDArray[np.int32], t: NDArray[np.int64], amount: NDArray[np.int64]) -> None:
        """Keep orders of twins."""
        self._parts[_TWIN].append({"who": who, "t": t, "amount": amount})

    def kept(self, row: Row) -> Kept:
        """Return all rows of a kind."""
        return self._joined(row)

    def within(self, row: Row, start: int, end: int) -> Kept:
        """Return the rows of a kind in [start, end)."""
        kept = self._joined(row)
        return kept.chosen((kept.t >= start) & (kept.t < end))

    def twins(self) -> Kept:
        """Return all orders of twins."""
        return self._joined(_TWIN)

    def _joined(self, kind: int) -> Kept:
        parts = self._parts[kind]
        if len(parts) > 1:
            joined = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
            self._parts[kind] = parts = [joined]
        return Kept(**parts[0]) if parts else Kept()  # type: ignore[arg-type]


def prices(plan: Plan) -> NDArray[np.int64]:
    """Return what a send costs in micros: int64 (messages, most variants + 1), the message's own text last (-1)."""
    most = max((len(each.variants) for each in plan.messages), default=0)
    table = np.zeros((len(plan.messages), most + 1), np.int64)
    for number, message in enumerate(plan.messages):
        table[number, : len(message.variants)] = [variant.cost_micros for variant in message.variants]
        table[number, -1] = message.cost_micros
    return table

"""The rows of a part, by kind, in columns."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from wakeup.figures.events import EventBatch, Part
from wakeup.terms.lists import Row

_EMPTY: Final[dict[str, NDArray[Any]]] = {
    "who": np.empty(0, np.intp),
    "t": np.empty(0, np.int64),
    "step": np.empty(0, np.int16),
    "message": np.empty(0, np.intp),
    "incentive": np.empty(0, np.int16),
    "reason": np.empty(0, np.uint8),
    "arm": np.empty(0, np.intp),
    "amount": np.empty(0, np.int64),
    "subsidised": np.empty(0, np.bool_),
}


class Kept:
    """m rows of one kind, in columns as those of `EventBatch`: each is put together when it is looked at first."""

    def __init__(self, column: Callable[[str], NDArray[Any]] = _EMPTY.__getitem__) -> None:
        self._column = column
        self._found: dict[str, NDArray[Any]] = {}

    @classmethod
    def of(cls, batches: Sequence[EventBatch]) -> "Kept":
        """Return the rows of some batches."""

        def joined(name: str) -> NDArray[Any]:
            columns = [each.column(name, _EMPTY[name].dtype.type) for each in batches]
            return columns[0] if len(columns) == 1 else np.concatenate(columns or [_EMPTY[name]])

        return cls(joined)

    def _of(self, name: str) -> NDArray[Any]:
        if name not in self._found:
            self._found[name] = self._column(name)
        return self._found[name]

    @property
    def who(self) -> NDArray[np.intp]:
        """Column: intp, since it is an index many times over."""
        return self._of("who")

    @property
    def t(self) -> NDArray[np.int64]:
        """Column."""
        return self._of("t")

    @property
    def step(self) -> NDArray[np.int16]:
        """Column."""
        return self._of("step")

    @property
    def message(self) -> NDArray[np.intp]:
        """Column: intp, as is `arm`, for rows are counted by them."""
        return self._of("message")

    @property
    def incentive(self) -> NDArray[np.int16]:
        """Column."""
        return self._of("incentive")

    @property
    def reason(self) -> NDArray[np.uint8]:
        """Column."""
        return self._of("reason")

    @property
    def arm(self) -> NDArray[np.intp]:
        """Column."""
        return self._of("arm")

    @property
    def amount(self) -> NDArray[np.int64]:
        """Column."""
        return self._of("amount")

    @property
    def subsidised(self) -> NDArray[np.bool_]:
        """Column."""
        return self._of("subsidised")

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.who)

    def chosen(self, chosen: NDArray[np.bool_]) -> "Kept":
        """Return the rows where `chosen` (m,) is true."""
        if chosen.all():
            return self
        rows = chosen.nonzero()[0]
        return Kept(lambda name: self._of(name).take(rows))

    def within(self, start: int, end: int) -> "Kept":
        """Return the rows in [start, end)."""
        if not len(self) or (self.t.min() >= start and self.t.max() < end):
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


def _paired_keys(left: Kept, right: Kept) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    instants = np.concatenate((left.t, right.t))
    base = int(instants.min()) if len(instants) else 0
    span = int(instants.max()) - base + 1 if len(instants) else 1
    mine, theirs = (each.who.astype(np.int64) * span + (each.t - base) for each in (left, right))
    return mine, theirs


class Rows:
    """All rows of a part, by kind; `start` and `end` of the run."""

    def __init__(self, part: Part, start: int, end: int) -> None:
        self._start, self._end = start, end
        self._batches, self._written = _by_kind(part.batches), _by_kind(part.written)
        self._kept: dict[int, Kept] = {}
        self._inside: dict[int, Kept] = {}
        self._counted: dict[int, Kept] = {}
        twins = part.twins
        self.twins = Kept({"who": twins[0].astype(np.intp), "t": twins[1], "amount": twins[2]}.__getitem__)

    def kept(self, row: Row) -> Kept:
        """Return all rows of a kind."""
        if row not in self._kept:
            self._kept[row] = Kept.of(self._batches[row])
        return self._kept[row]

    def inside(self, row: Row) -> Kept:
        """Return the rows of a kind inside the run."""
        if row not in self._inside:
            self._inside[row] = self.kept(row).within(self._start, self._end)
        return self._inside[row]

    def written(self, row: Row) -> Kept:
        """Return all rows of a kind as they were written, to be counted: `who` is a place in `Part.place`."""
        return Kept.of(self._written[row])

    def counted(self, row: Row) -> Kept:
        """Return the same inside the run."""
        if row not in self._counted:
            self._counted[row] = self.written(row).within(self._start, self._end)
        return self._counted[row]

    def after(self, row: Row) -> Kept:
        """Return the rows of a kind at or after the end of the run."""
        return self.kept(row).since(self._end)


def _by_kind(batches: Sequence[EventBatch]) -> defaultdict[int, list[EventBatch]]:
    found: defaultdict[int, list[EventBatch]] = defaultdict(list)
    for batch in batches:
        found[batch.row].append(batch)
    return found

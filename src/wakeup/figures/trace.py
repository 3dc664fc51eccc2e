"""The rows of a replication in order: the trace."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from wakeup.figures.events import Closing, Part
from wakeup.figures.naming import Columns, Names
from wakeup.plan.model import Plan

NUMBERS: Final[dict[str, type[np.generic]]] = {
    "t": np.int64, "who": np.int32, "row": np.uint8, "step": np.int16, "message": np.int16, "incentive": np.int16,
    "occurrence": np.int16, "reason": np.uint8, "arm": np.int16, "amount": np.int64, "subsidised": np.bool_,
    "journey": np.int16,
}  # fmt: skip
"""Columns of rows and their types; as in `EventBatch`, but for who: index into the population, and journey: of the
person."""

_NO_COLUMNS: Final = ("row", "journey")
"""What a batch has no column for."""


class Trace:
    """Collects all rows of one replication in memory (a `wakeup.figures.events.Sink`)."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Make ready for a replication; what was taken before is void."""
        self._parts: list[Part] = []

    def add(self, part: Part) -> None:
        """Take a part."""
        self._parts.append(part)

    def close(self, closing: Closing) -> None:
        """Nothing is left to do."""

    def journeys(self, people: int) -> NDArray[np.int16]:
        """Return the journey of each of so many people: int16 (people,), -1 for who is not simulated."""
        journey = np.full(people, -1, np.int16)
        for part in self._parts:
            journey[part.people] = part.membership.journey
        return journey

    def table(self) -> Columns:
        """Return all rows as numbers, in order of (t, customer, Row, step, message, incentive, occurrence).

        Columns as of `NUMBERS`, int64, and `seq`: number of the row among those of the same person and second, from 0;
        subsidised is bool.
        """
        rows = in_order([no_rows(), *(rows_of(part) for part in self._parts)])
        return {name: column if name == "subsidised" else column.astype(np.int64) for name, column in rows.items()}

    def twins(self) -> Columns:
        """Return the orders of the twins: who, t, amount (int64), in order of (t, who)."""
        columns = {
            "who": np.concatenate([np.empty(0, np.int64), *(part.people[part.twins[0]] for part in self._parts)]),
            "t": np.concatenate([np.empty(0, np.int64), *(part.twins[1] for part in self._parts)]),
            "amount": np.concatenate([np.empty(0, np.int64), *(part.twins[2] for part in self._parts)]),
        }
        order = np.lexsort((columns["amount"], columns["who"], columns["t"]))
        return {name: column[order] for name, column in columns.items()}

    def to_columns(self, plan: Plan) -> Columns:
        """Return the events by column name (`wakeup.figures.naming.EVENT_COLUMNS`), texts as objects."""
        nobody = no_rows() | {"customer_id": np.empty(0, object)}
        known = [_with_ids(part, rows_of(part)) for part in self._parts]
        return Names(plan).named(in_order([nobody, *known]))


def _with_ids(part: Part, rows: Columns) -> Columns:
    return rows | {"customer_id": part.ids[place_of(part, rows)]}


def rows_of(part: Part) -> Columns:
    """Return the rows of a part in the order of the trace, by the names of `NUMBERS`."""
    columns = {name: _column(part, name, kind) for name, kind in NUMBERS.items() if name not in _NO_COLUMNS}
    kinds = np.array([batch.row for batch in part.batches], np.uint8)
    columns["row"] = np.repeat(kinds, np.array([len(batch.who) for batch in part.batches], np.intp))
    what = columns["row"].astype(np.int64)
    for name in ("step", "message", "incentive"):
        what = what << 16 | (columns[name].astype(np.int64) + 1)
    order = np.lexsort((columns["occurrence"], what, columns["who"], columns["t"]))
    columns = {name: column[order] for name, column in columns.items()}
    place = columns["who"]
    return columns | {"who": part.people[place], "journey": part.membership.journey[place]}


def place_of(part: Part, rows: Columns) -> NDArray[np.intp]:
    """Return the place in `part.people` of the person of each row: intp (m,)."""
    return np.searchsorted(part.people, rows["who"])


def no_rows() -> Columns:
    """Return the columns of `rows_of` without a row."""
    return {name: np.empty(0, kind) for name, kind in NUMBERS.items()}


def in_order(pieces: Sequence[Columns]) -> Columns:
    """Return rows of pieces in order of (t, customer) and then as they stand, with `seq`; pieces share no person."""
    columns = {name: np.concatenate([piece[name] for piece in pieces]) for name in pieces[0]}
    order = np.lexsort((columns["who"], columns["t"]))
    columns = {name: column[order] for name, column in columns.items()}
    return columns | {"seq": _numbered(columns["t"], columns["who"])}


def _column(part: Part, name: str, kind: type[np.generic]) -> NDArray[Any]:
    return np.concatenate([np.empty(0, kind), *(getattr(batch, name) for batch in part.batches)])


def _numbered(t: NDArray[np.int64], who: NDArray[np.int32]) -> NDArray[np.int64]:
    """Number the rows of each (t, who) from 0 on; rows of a pair stand together."""
    position = np.arange(len(t))
    first = np.ones(len(t), np.bool_)
    first[1:] = (t[1:] != t[:-1]) | (who[1:] != who[:-1])
    return position - np.maximum.accumulate(np.where(first, position, 0))

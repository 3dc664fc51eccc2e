"""The sink that keeps every row: the trace of a replication, for `--events` and for asking why."""

import csv
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from wakeup.customers.population import Population
from wakeup.diagnostics import Listed, WakeupError, diagnostic, reason
from wakeup.figures.events import Closing, EventBatch, Membership
from wakeup.files import whole
from wakeup.plan.model import Grant, Instruction, Plan, Send, Split
from wakeup.terms.lists import Reason, Row

EVENT_COLUMNS: Final = (
    "customer_id", "t", "seq", "kind", "journey", "step", "message", "channel", "incentive", "occurrence", "reason",
    "amount_minor", "arm", "subsidised",
)  # fmt: skip
"""Columns of the events, in order."""

_SORTED_BY: Final = ("t", "who", "row", "step", "message", "incentive", "occurrence")
_NUMBERS: Final = ("who", "t", "row", "step", "message", "incentive", "occurrence", "reason", "arm", "amount")
_CHUNK: Final = 65_536
_FORMATS: Final = (".parquet", ".csv", ".jsonl")

Columns = dict[str, NDArray[Any]]


class Trace:
    """Collects the rows of one replication (a `wakeup.figures.events.Sink`)."""

    def __init__(self) -> None:
        self._batches: list[EventBatch] = []
        self._twins: list[tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int64]]] = []
        self.membership: Membership | None = None
        self.closing: Closing | None = None

    def begin(self, membership: Membership) -> None:
        """Take who is targeted, held out, in which band and journey."""
        self.membership = membership

    def add(self, batch: EventBatch) -> None:
        """Take rows of the simulated people."""
        self._batches.append(batch)

    def add_twin(self, who: NDArray[np.int32], t: NDArray[np.int64], amount: NDArray[np.int64]) -> None:
        """Take orders of the untouched twins."""
        self._twins.append((who, t, amount))

    def close(self, closing: Closing) -> None:
        """Take what the rows do not say."""
        self.closing = closing

    def table(self) -> Columns:
        """Return all rows as numbers, in order of (t, customer, Row, step, message, incentive, occurrence).

        Columns as in `EventBatch`, int64, `row` for each row, and `seq`: number of the row among those of the same
        person and second, from 0; subsidised is bool.
        """
        columns = {name: self._column(name) for name in (*_NUMBERS, "subsidised")}
        order = np.lexsort([columns[name] for name in reversed(_SORTED_BY)])
        columns = {name: column[order] for name, column in columns.items()}
        columns["seq"] = _numbered(columns["t"], columns["who"])
        return columns

    def twins(self) -> Columns:
        """Return the orders of the twins: who, t, amount (int64), in order of (t, who)."""
        names = ("who", "t", "amount")
        columns = {
            name: np.concatenate([np.empty(0, np.int64), *(part[index] for part in self._twins)])
            for index, name in enumerate(names)
        }
        order = np.lexsort((columns["amount"], columns["who"], columns["t"]))
        return {name: column[order] for name, column in columns.items()}

    def to_columns(self, population: Population, plan: Plan) -> Columns:
        """Return the events by column name (`EVENT_COLUMNS`): texts as object arrays ("" for none), numbers as int64.

        Raises:
            ValueError: the replication has not begun.
        """
        if self.membership is None:
            raise ValueError("a replication that has not begun has no trace")
        rows = self.table()
        journey = self.membership.journey[rows["who"]].astype(np.int64)
        channel = {each.name: index for index, each in enumerate(plan.channels)}
        channel_of = np.array([*(channel[each.channel] for each in plan.messages), -1], np.int64)
        return {
            "customer_id": population.ids[rows["who"]],
            "t": rows["t"],
            "seq": rows["seq"],
            "kind": _names([kind.name.lower() for kind in sorted(Row)])[rows["row"] - 1],
            "journey": _names([each.name for each in plan.journeys])[journey],
            "step": _steps(plan)[journey, rows["step"]],
            "message": _names([each.name for each in plan.messages])[rows["message"]],
            "channel": _names([each.name for each in plan.channels])[channel_of[rows["message"]]],
            "incentive": _names([each.name for each in plan.incentives])[rows["incentive"]],
            "occurrence": rows["occurrence"],
            "reason": _names(["" if not each else each.name.lower() for each in Reason])[rows["reason"]],
            "amount_minor": rows["amount"],
            "arm": _arms(plan)[journey, rows["step"], rows["arm"]],
            "subsidised": rows["subsidised"],
        }

    def write(self, path: str | os.PathLike[str], population: Population, plan: Plan) -> None:
        """Write the events as Parquet, CSV or JSON lines, by the extension; a file appears whole or not at all.

        Raises:
            WakeupError: another extension (WK5105), the file cannot be written (WK5106), DuckDB is missing (WK5110).
        """
        target = Path(path)
        if target.suffix not in _FORMATS:
            raise WakeupError([diagnostic("WK5105", path=path, known=Listed(tuple(_FORMATS)))])
        try:
            # A folder that takes no file is found before anything is put together.
            with whole(target) as part:
                _WRITERS[target.suffix](part, self.to_columns(population, plan))
        except OSError as error:
            raise WakeupError([diagnostic("WK5106", path=path, problem=reason(error))]) from error

    def _column(self, name: str) -> NDArray[Any]:
        if name == "row":
            parts = [np.full(len(batch.who), batch.row, np.int64) for batch in self._batches]
        else:
            parts = [getattr(batch, name) for batch in self._batches]
        kind = np.bool_ if name == "subsidised" else np.int64
        return np.concatenate([np.empty(0, kind), *parts]).astype(kind)


def _numbered(t: NDArray[np.int64], who: NDArray[np.int64]) -> NDArray[np.int64]:
    """Number the rows of each (t, who) from 0 on; rows of a pair stand together."""
    position = np.arange(len(t))
    first = np.ones(len(t), np.bool_)
    first[1:] = (t[1:] != t[:-1]) | (who[1:] != who[:-1])
    return position - np.maximum.accumulate(np.where(first, position, 0))


def _names(names: Sequence[str]) -> NDArray[np.object_]:
    """Return the names and "" at the end, so that -1 finds it."""
    return np.array([*names, ""], dtype=object)


def _steps(plan: Plan) -> NDArray[np.object_]:
    """Return the name of each instruction: object (journeys + 1, longest program + 1), "" at the ends."""
    longest = max((len(journey.program) for journey in plan.journeys), default=0)
    table = np.full((len(plan.journeys) + 1, longest + 1), "", dtype=object)
    for number, journey in enumerate(plan.journeys):
        for index, instruction in enumerate(journey.program):
            table[number, index] = _step(index, instruction)
    return table


def _step(index: int, instruction: Instruction) -> str:
    match instruction:
        case Send(step=step) | Grant(step=step):
            return step
        case Split(name=name):
            return name
        case _:
            return str(index)


def _arms(plan: Plan) -> NDArray[np.object_]:
    """Return the name of each arm of a split, the number of each variant of a send (from 1).

    object (journeys + 1, longest program + 1, most of them + 1), "" at the ends.
    """
    variants = tuple(str(n + 1) for n in range(max((len(each.variants) for each in plan.messages), default=0)))
    names = {
        (number, index): tuple(arm.name for arm in instruction.arms) if isinstance(instruction, Split) else variants
        for number, journey in enumerate(plan.journeys)
        for index, instruction in enumerate(journey.program)
        if isinstance(instruction, Split | Send)
    }
    table = np.full((*_steps(plan).shape, max(map(len, names.values()), default=0) + 1), "", dtype=object)
    for (number, index), each in names.items():
        table[number, index, : len(each)] = each
    return table


_EVENTS: Final = """
    select customer_id, t, seq, kind, nullif(journey, '') as journey, nullif(step, '') as step,
        nullif(message, '') as message, nullif(channel, '') as channel, nullif(incentive, '') as incentive,
        occurrence, nullif(reason, '') as reason, amount_minor, nullif(arm, '') as arm, subsidised
    from events
"""


def _write_parquet(path: Path, columns: Columns) -> None:
    # Late: only this needs DuckDB, and loading it takes a while.
    try:
        import duckdb
    except ImportError as error:
        raise WakeupError([diagnostic("WK5110")]) from error
    with duckdb.connect() as connection:
        connection.execute("set threads = 1")
        connection.register("events", columns)
        try:
            connection.sql(_EVENTS).write_parquet(str(path), compression="zstd")
        except duckdb.IOException as error:
            raise OSError("the disk refuses it") from error


def _write_csv(path: Path, columns: Columns) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(EVENT_COLUMNS)
        writer.writerows(_rows(columns))


def _write_jsonl(path: Path, columns: Columns) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for row in _rows(columns):
            shown = {name: None if value == "" else value for name, value in zip(EVENT_COLUMNS, row, strict=True)}
            file.write(json.dumps(shown, ensure_ascii=False) + "\n")


def _rows(columns: Columns) -> Iterator[tuple[Any, ...]]:
    for first in range(0, len(columns["t"]), _CHUNK):
        yield from zip(*(columns[name][first : first + _CHUNK].tolist() for name in EVENT_COLUMNS), strict=True)


_WRITERS: Final = {".parquet": _write_parquet, ".csv": _write_csv, ".jsonl": _write_jsonl}

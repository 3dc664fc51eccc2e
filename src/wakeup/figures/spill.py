"""The rows of a replication on disk: written part by part, read back in the order of the trace, in pieces.

Each part is a file of its own, sorted. Reading merges them: of every file so many rows are held, and what lies before
the least of the last rows held is complete. So memory does not grow with the number of people or rows.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from attrs import define
from numpy.typing import NDArray

from wakeup.figures.events import Part
from wakeup.figures.naming import Columns
from wakeup.figures.trace import NUMBERS, in_order, place_of, rows_of

Records = NDArray[np.void]
Place = tuple[int, int]
"""(t, who) of a row."""


@define
class _Run:
    """The rows of a part in a file: `kind` of a record, `rows` in all, `read` so far, those `held`."""

    path: Path
    kind: np.dtype[Any]
    rows: int
    read: int
    held: Records

    def hold(self, rows: int) -> None:
        """Hold so many rows, or all that are left."""
        wanted = min(rows - len(self.held), self.rows - self.read)
        if wanted > 0:
            offset = self.read * self.kind.itemsize
            more = np.fromfile(self.path, self.kind, wanted, offset=offset)
            self.held = np.concatenate((self.held, more))
            self.read += wanted

    def last(self) -> Place | None:
        """Return (t, who) of the last row that is held; None if there is no row after it."""
        return None if self.read == self.rows else (int(self.held["t"][-1]), int(self.held["who"][-1]))

    def take(self, until: Place | None) -> Records:
        """Return the rows before (t, who), all that are held if None, and hold them no longer."""
        if until is None:
            taken, self.held = self.held, self.held[:0]
            return taken
        t, who = until
        first = int(np.searchsorted(self.held["t"], t, side="left"))
        same = int(np.searchsorted(self.held["t"], t, side="right"))
        first += int(np.searchsorted(self.held["who"][first:same], who, side="left"))
        taken, self.held = self.held[:first], self.held[first:]
        return taken


class Spill:
    """Rows of parts in files of a folder, which is there and is the caller's to remove."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._runs: list[_Run] = []

    def clear(self) -> None:
        """Forget all rows."""
        for run in self._runs:
            run.path.unlink()
        self._runs.clear()

    def add(self, part: Part) -> None:
        """Write the rows of a part.

        Raises:
            OSError: the disk is full.
        """
        rows = rows_of(part)
        count = len(rows["t"])
        if not count:
            return
        ids = np.array([one.encode() for one in part.ids.tolist()], np.bytes_)
        kind = np.dtype([*NUMBERS.items(), ("customer_id", ids.dtype)])
        records = np.empty(count, kind)
        for name in NUMBERS:
            records[name] = rows[name]
        records["customer_id"] = ids[place_of(part, rows)]
        path = self._folder / f"{len(self._runs):06d}.rows"
        with path.open("wb") as file:
            # Not records.tofile: it does not say why a disk refuses.
            file.write(records.view(np.uint8).data)
        self._runs.append(_Run(path, kind, count, 0, np.empty(0, kind)))

    def merged(self, rows: int) -> Iterator[Columns]:
        """Give all rows in the order of the trace, each once, in pieces; about so many rows are held at a time.

        Columns as of `wakeup.figures.trace.NUMBERS`, `seq` as in `Trace.table`, and customer_id: object (m,). The rows
        can be read once.
        """
        runs, each = list(self._runs), max(1, rows // max(1, len(self._runs)))
        while runs:
            for run in runs:
                run.hold(each)
            until = min((last for run in runs if (last := run.last()) is not None), default=None)
            pieces = [_columns(taken) for run in runs if len(taken := run.take(until))]
            runs = [run for run in runs if len(run.held) or run.read < run.rows]
            if pieces:
                yield in_order(pieces)
            else:  # a second of one person has more rows than were held
                each *= 2


def _columns(records: Records) -> Columns:
    columns = {name: records[name] for name in NUMBERS}
    return columns | {"customer_id": np.char.decode(records["customer_id"], "utf-8").astype(object)}

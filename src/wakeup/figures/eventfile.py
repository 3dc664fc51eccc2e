"""The sink behind `--events`: the trace of a replication in a file, whatever the number of people."""

import csv
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import numpy as np

from wakeup.diagnostics import Listed, WakeupError, diagnostic, reason
from wakeup.figures.events import Closing, Part
from wakeup.figures.naming import EVENT_COLUMNS, Columns, Names
from wakeup.figures.spill import Spill
from wakeup.files import whole
from wakeup.plan.fingerprint import fingerprints
from wakeup.plan.json import plan_to_json
from wakeup.plan.model import Plan

HELD: Final = 500_000
"""Rows in memory while a file is put together, about."""

ABOUT: Final = "wakeup"
"""Key of the note in a Parquet file that says what run it is of: see `about`."""

PLAN: Final = "wakeup.plan"
"""Key of the note that holds the plan, as `wakeup plan -o` writes it."""

FORMAT_VERSION: Final = "1"

_GROUP: Final = 122_880
"""Rows of a row group of Parquet as DuckDB writes it; a file is put together from pieces of so many."""


class EventFile:
    """Takes a replication (a `wakeup.figures.events.Sink`); its rows wait in a folder until they are written."""

    def __init__(self, path: str | os.PathLike[str], folder: Path) -> None:
        self._path = path
        self.spill = Spill(folder)

    def begin(self) -> None:
        """Make ready for a replication; what was taken before is void."""
        self.spill.clear()

    def add(self, part: Part) -> None:
        """Take a part.

        Raises:
            WakeupError: the disk is full (WK5106).
        """
        try:
            self.spill.add(part)
        except OSError as error:
            raise _refused(self._path, error) from error

    def close(self, closing: Closing) -> None:
        """Nothing is left to do."""


@contextmanager
def event_file(path: str | os.PathLike[str], plan: Plan, *, held: int = HELD) -> Iterator[EventFile]:
    """Give a sink for one replication, whose events are written as Parquet, CSV or JSON lines, by the extension.

    The rows wait in a folder beside the file. The file appears when the block ends: whole, or not at all if anything
    went wrong or somebody interrupted. `held`: rows in memory while it is put together; they do not show in it.

    Raises:
        WakeupError: another extension (WK5105), the file cannot be written (WK5106), DuckDB is missing (WK5110).
    """
    target = Path(path)
    if target.suffix not in _WRITERS:
        raise WakeupError([diagnostic("WK5105", path=path, known=Listed(tuple(_WRITERS)))])
    if target.suffix == ".parquet":
        _duckdb()
    names, playing = Names(plan), False
    try:
        # A folder that takes no file is found before anything is played.
        with whole(target) as unfinished, _beside(target) as folder:
            sink = EventFile(path, folder)
            playing = True
            yield sink
            playing = False
            pieces = _evenly(names.named(rows) for rows in sink.spill.merged(held))
            _WRITERS[target.suffix](unfinished, folder, pieces, plan)
    except OSError as error:
        if playing:
            raise
        raise _refused(path, error) from error


def about(plan: Plan) -> dict[str, Any]:
    """Return what a Parquet file says of its run: the plan's name and fingerprints, the zone, what amounts are in."""
    ids = fingerprints(plan)
    return {
        "format_version": FORMAT_VERSION,
        "plan": {"name": plan.name, "behaviour_id": ids.conduct, "forecast_id": ids.forecast},
        "zone": plan.zone,
        "currency": plan.currency,
        "minor_digits": plan.minor_digits,
        "replication": 0,
    }


def _refused(path: str | os.PathLike[str], error: OSError) -> WakeupError:
    return WakeupError([diagnostic("WK5106", path=path, problem=reason(error))])


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(
        prefix=f".{target.name[:40]}.", suffix=".rows", dir=target.parent, ignore_cleanup_errors=True
    ) as folder:
        yield Path(folder)


# --- formats ---------------------------------------------------------------------------------------------------------


def _evenly(pieces: Iterable[Columns]) -> Iterator[Columns]:
    """Cut pieces of any size into pieces of `_GROUP` rows and a last one; if there is no row, one without any."""
    waiting: Columns = {name: np.empty(0, kind) for name, kind in EVENT_COLUMNS.items()}
    for piece in pieces:
        waiting = {name: np.concatenate((column, piece[name])) for name, column in waiting.items()}
        first, rows = 0, len(waiting["t"])
        while rows - first > _GROUP:
            yield {name: column[first : first + _GROUP] for name, column in waiting.items()}
            first += _GROUP
        waiting = {name: column[first:] for name, column in waiting.items()}
    yield waiting


_EVENTS: Final = """
    select customer_id::varchar as customer_id, t, seq, kind::varchar as kind,
        nullif(journey::varchar, '') as journey, nullif(step::varchar, '') as step,
        nullif(message::varchar, '') as message, nullif(channel::varchar, '') as channel,
        nullif(incentive::varchar, '') as incentive, occurrence, nullif(reason::varchar, '') as reason,
        amount_minor, nullif(arm::varchar, '') as arm, subsidised
    from events
"""
"""Texts as such even where there is no row; nothing instead of ""."""


_COPY: Final = """
    copy (select * from read_parquet($files)) to $path
    (format parquet, compression zstd, kv_metadata {'wakeup': $about, 'wakeup.plan': $plan})
"""


def _write_parquet(path: Path, folder: Path, pieces: Iterable[Columns], plan: Plan) -> None:
    """Write a file a piece and then all of them into one: DuckDB takes columns whole only, but streams files."""
    duckdb = _duckdb()
    files: list[str] = []
    with duckdb.connect() as connection:
        connection.execute("set threads = 1")
        connection.execute("set temp_directory = ?", [str(folder)])
        try:
            for piece in pieces:
                files.append(str(folder / f"{len(files):06d}.parquet"))
                connection.register("events", piece)
                connection.sql(_EVENTS).write_parquet(files[-1], compression="zstd")
            notes = {"about": json.dumps(about(plan), ensure_ascii=False), "plan": plan_to_json(plan).decode()}
            connection.execute(_COPY, {"files": files, "path": str(path), **notes})
        except duckdb.IOException as error:
            raise OSError("the disk refuses it") from error


def _duckdb() -> ModuleType:
    # Late: only Parquet needs DuckDB, and loading it takes a while.
    try:
        import duckdb
    except ImportError as error:
        raise WakeupError([diagnostic("WK5110")]) from error
    return duckdb


def _write_csv(path: Path, folder: Path, pieces: Iterable[Columns], plan: Plan) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(EVENT_COLUMNS)
        for piece in pieces:
            writer.writerows(_rows(piece))


def _write_jsonl(path: Path, folder: Path, pieces: Iterable[Columns], plan: Plan) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for piece in pieces:
            for row in _rows(piece):
                shown = {name: None if value == "" else value for name, value in zip(EVENT_COLUMNS, row, strict=True)}
                file.write(json.dumps(shown, ensure_ascii=False) + "\n")


def _rows(columns: Columns) -> Iterator[tuple[Any, ...]]:
    return zip(*(columns[name].tolist() for name in EVENT_COLUMNS), strict=True)


_WRITERS: Final[dict[str, Callable[[Path, Path, Iterable[Columns], Plan], None]]] = {
    ".parquet": _write_parquet,
    ".csv": _write_csv,
    ".jsonl": _write_jsonl,
}

"""A population as one Parquet file: written beside its goal and renamed, read back equal, all of it or some rows."""

import json
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from wakeup.customers.files import RowFile, literal
from wakeup.customers.identity import customer_keys, key_order
from wakeup.customers.imported import Snapshots
from wakeup.customers.kept import from_tree, to_tree
from wakeup.customers.population import Field, Population, Touches
from wakeup.customers.workspace import Workspace, workspace
from wakeup.diagnostics import WakeupError, diagnostic
from wakeup.files import whole

FORMAT_VERSION = 1
_MARK = "wakeup_population"
_EMPTY = np.empty(0, np.int64)
CORE = ("first_order", "last_order", "last_interaction", "orders", "monetary", "average_order_value", "gap")
"""Columns of every population that are called as they are there."""

_COUNTS = "SELECT count(*), CAST(coalesce(sum(orders), 0) AS BIGINT) FROM read_parquet(?)"
_WRITE = """
COPY (
    SELECT saved.* EXCLUDE (place), touch_t, touch_channel FROM saved LEFT JOIN (
        SELECT place, list(t ORDER BY nth) AS touch_t, list(code ORDER BY nth) AS touch_channel
        FROM touched GROUP BY place
    ) USING (place) ORDER BY place
) TO ? (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 32768, KV_METADATA {wakeup_population: ?})
"""
# Row groups without any of the wanted rows are not read: small ones, since a simulator asks for 131,072 rows at a time.
_ROWS = "read_parquet($path, file_row_number = true) WHERE file_row_number >= $first AND file_row_number < $last"
_COLUMNS = f"SELECT * EXCLUDE (touch_t, touch_channel, file_row_number) FROM {_ROWS}"  # noqa: S608  # our own text
_TOUCH_COUNTS = f"SELECT coalesce(len(touch_t), 0) AS n FROM {_ROWS}"  # noqa: S608  # our own text
_TOUCHES = f"SELECT unnest(touch_t) AS t, unnest(touch_channel) AS code FROM {_ROWS}"  # noqa: S608  # our own text


def save(population: Population, path: str | PathLike[str], snapshots: Snapshots | None = None) -> None:
    """Write a population as Parquet; `from_history` reads it back equal. Nothing half written is ever at `path`.

    `snapshots`: what its past says about coming back, kept beside it (counts of groups, no person's).

    Raises:
        WakeupError: WK6001, the file cannot be written; WK6010, DuckDB is not installed.
    """
    goal = Path(path)
    with workspace() as work:
        try:
            with whole(goal) as part:
                write_rows(work, population, part, snapshots=snapshots)
        except OSError as error:
            raise unwritable(goal, error.strerror) from None
        except work.duckdb.Error:
            raise unwritable(goal, None) from None


def write_rows(
    work: Workspace, population: Population, path: Path, *, keyed: bool = False, snapshots: Snapshots | None = None
) -> None:
    """Write a population to `path` as it is; `keyed`: with the keys, so that a reader need not compute them.

    Raises:
        OSError, duckdb.Error: the file cannot be written.
    """
    columns = _columns(population)
    if keyed:
        columns["key"] = population.key
    header = header_of(population)
    if snapshots is not None and len(snapshots.n):
        header["snapshots"] = to_tree(snapshots)
    work.connection.register("saved", columns)
    work.connection.register("touched", _touched(population))
    try:
        work.run(_WRITE, [str(path), json.dumps(header, ensure_ascii=False)])
    finally:
        work.connection.unregister("saved")
        work.connection.unregister("touched")


def saved_header(work: Workspace, file: RowFile) -> dict[str, Any] | None:
    """Return the header that `save` wrote, None for any other file.

    Raises:
        WakeupError: WK6014, what stands in its place is none.
    """
    if file.encoding != "Parquet":
        return None
    found = work.rows(
        "SELECT decode(value) FROM parquet_kv_metadata(?) WHERE decode(key) = ?", [literal(file.path), _MARK]
    )
    if not found:
        return None
    try:
        header = json.loads(found[0][0])
    except ValueError:
        header = None
    if not isinstance(header, dict):
        raise WakeupError([diagnostic("WK6014", file=file.name)])
    return header


@frozen(eq=False)
class SavedFile:
    """A file that `save` wrote, open in a workspace. orders: of all `people`. snapshots: of their past, if kept."""

    work: Workspace
    file: RowFile
    header: Mapping[str, Any]
    people: int
    orders: int
    snapshots: Snapshots

    @staticmethod
    def open(work: Workspace, file: RowFile) -> "SavedFile":
        """Open a saved population.

        Raises:
            WakeupError: WK6014, the file is damaged or of a newer version.
        """
        header = saved_header(work, file)
        try:
            if header is None or header["format_version"] != FORMAT_VERSION or not isinstance(header["as_of"], int):
                raise WakeupError([diagnostic("WK6014", file=file.name)])
            people, orders = work.row(_COUNTS, [literal(file.path)])
            snapshots = from_tree(header.get("snapshots"))
        except (KeyError, TypeError, ValueError, work.duckdb.Error):
            raise WakeupError([diagnostic("WK6014", file=file.name)]) from None
        return SavedFile(work, file, header, people, orders, snapshots)

    @property
    def as_of(self) -> int:
        """The instant at which the customers are known, seconds UTC."""
        return int(self.header["as_of"])

    def read(self, first: int, last: int) -> Population:
        """Return the customers of the rows [first, last).

        Raises:
            WakeupError: WK6014, the file is damaged; WK6020, two ids have the same key.
        """
        try:
            people = read_rows(self.work, self.file.path, self.header, first=first, last=last)
        except (KeyError, TypeError, ValueError, self.work.duckdb.Error):
            raise WakeupError([diagnostic("WK6014", file=self.file.name)]) from None
        key_order(people.key)
        return people


def read_rows(work: Workspace, path: Path, header: Mapping[str, Any], *, first: int, last: int) -> Population:
    """Read the rows [first, last) of a file that `write_rows` wrote; keys that it lacks are computed.

    Raises:
        KeyError, TypeError, ValueError, duckdb.Error: the file or the header is damaged.
    """
    wanted = {"path": literal(path), "first": first, "last": last}
    columns = work.arrays(_COLUMNS, wanted)
    ids = np.asarray(columns["id"], dtype=object)
    # DuckDB takes NaN for NULL.
    found = {name: each.filled(np.nan) if np.ma.isMaskedArray(each) else each for name, each in columns.items()}
    touches = None
    if header["touch_channels"] is not None:
        touches = _touches(work, wanted, tuple(header["touch_channels"]), len(ids))
    return Population(
        key=found["key"] if "key" in found else customer_keys(ids),
        ids=ids,
        as_of=header["as_of"],
        **{name: found[name] for name in CORE},
        consents={name: found[f"consent:{name}"] for name in header["consents"]},
        tags={name: found[f"tag:{name}"] for name in header["tags"]},
        fields={
            name: Field(kind, found[f"field:{name}"], tuple(header["labels"].get(name, ())))
            for name, kind in header["fields"]
        },
        touches=touches,
        zones=found["zone"] if header["zones"] is not None else None,
        zone_names=tuple(header["zones"] or ()),
        categories=_categories(header.get("categories"), found),
    )


def _categories(names: list[str] | None, found: dict[str, NDArray[Any]]) -> dict[str, NDArray[np.int64]] | None:
    return None if names is None else {name: found[f"category:{name}"] for name in names}


def header_of(population: Population) -> dict[str, Any]:
    """Return what a file says about its columns, ready for JSON: names, kinds, labels of codes, as-of, version."""
    return {
        "format_version": FORMAT_VERSION,
        "as_of": population.as_of,
        "consents": list(population.consents),
        "tags": list(population.tags),
        "fields": [(name, field.kind) for name, field in population.fields.items()],
        "labels": {name: field.labels for name, field in population.fields.items() if field.labels},
        "categories": None if population.categories is None else list(population.categories),
        "zones": None if population.zones is None else population.zone_names,
        "touch_channels": None if population.touches is None else population.touches.channels,
    }


def _columns(population: Population) -> dict[str, NDArray[Any]]:
    columns: dict[str, NDArray[Any]] = {"place": np.arange(len(population)), "id": population.ids}
    columns |= {name: getattr(population, name) for name in CORE}
    columns |= {f"consent:{name}": each for name, each in population.consents.items()}
    columns |= {f"tag:{name}": each for name, each in population.tags.items()}
    columns |= {f"field:{name}": field.values for name, field in population.fields.items()}
    columns |= {f"category:{name}": each for name, each in (population.categories or {}).items()}
    if population.zones is not None:
        columns["zone"] = population.zones
    return columns


def _touched(population: Population) -> dict[str, NDArray[Any]]:
    past = population.touches
    if past is None:
        return {"place": _EMPTY, "nth": _EMPTY, "t": _EMPTY, "code": _EMPTY}
    place = np.repeat(np.arange(len(population)), np.diff(past.offset))
    return {"place": place, "nth": np.arange(len(past.t)), "t": past.t, "code": past.channel}


def _touches(work: Workspace, wanted: Mapping[str, object], channels: tuple[str, ...], people: int) -> Touches:
    offset = np.zeros(people + 1, np.int64)
    np.cumsum(work.arrays(_TOUCH_COUNTS, wanted)["n"], out=offset[1:])
    found = work.arrays(_TOUCHES, wanted)
    return Touches(offset, np.asarray(found["t"], np.int64), np.asarray(found["code"], np.int16), channels)


def unwritable(goal: Path, reason: str | None) -> WakeupError:
    """Return the error of a place that takes no file."""
    return WakeupError([diagnostic("WK6001", name=goal.name, reason=reason or "the disk refuses it")])

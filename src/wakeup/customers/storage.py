"""A population as one Parquet file: written beside its goal and renamed, read back equal."""

import json
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wakeup.customers.files import RowFile, literal
from wakeup.customers.identity import customer_keys, key_order
from wakeup.customers.population import Field, Population, Touches
from wakeup.customers.workspace import Workspace, workspace
from wakeup.diagnostics import WakeupError, diagnostic
from wakeup.files import whole

FORMAT_VERSION = 1
_MARK = "wakeup_population"
_EMPTY = np.empty(0, np.int64)
_CORE = ("first_order", "last_order", "last_interaction", "orders", "monetary", "average_order_value", "gap")
_WRITE = """
COPY (
    SELECT saved.* EXCLUDE (place), touch_t, touch_channel FROM saved LEFT JOIN (
        SELECT place, list(t ORDER BY nth) AS touch_t, list(code ORDER BY nth) AS touch_channel
        FROM touched GROUP BY place
    ) USING (place) ORDER BY place
) TO ? (FORMAT parquet, COMPRESSION zstd, KV_METADATA {wakeup_population: ?})
"""
_TOUCH_COUNTS = "SELECT coalesce(len(touch_t), 0) AS n FROM read_parquet(?)"
_TOUCHES = "SELECT unnest(touch_t) AS t, unnest(touch_channel) AS code FROM read_parquet(?)"


def save(population: Population, path: str | PathLike[str]) -> None:
    """Write a population as Parquet; `from_history` reads it back equal. Nothing half written is ever at `path`.

    Raises:
        WakeupError: WK6001, the file cannot be written; WK6010, DuckDB is not installed.
    """
    goal = Path(path)
    with workspace() as work:
        work.connection.register("saved", _columns(population))
        work.connection.register("touched", _touched(population))
        header = json.dumps(_header(population), ensure_ascii=False)
        try:
            with whole(goal) as part:
                work.run(_WRITE, [str(part), header])
        except OSError as error:
            raise _unwritable(goal, error.strerror) from None
        except work.duckdb.Error:
            raise _unwritable(goal, None) from None


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


def read_population(work: Workspace, file: RowFile) -> Population:
    """Read a population that `save` wrote.

    Raises:
        WakeupError: WK6014, the file is damaged or of a newer version.
    """
    header = saved_header(work, file)
    if header is None or header.get("format_version") != FORMAT_VERSION:
        raise WakeupError([diagnostic("WK6014", file=file.name)])
    try:
        return _population(work, file, header)
    except (KeyError, TypeError, ValueError, work.duckdb.Error):
        raise WakeupError([diagnostic("WK6014", file=file.name)]) from None


def _population(work: Workspace, file: RowFile, header: dict[str, Any]) -> Population:
    columns = file.relation.select("* EXCLUDE (touch_t, touch_channel)").fetchnumpy()
    ids = np.asarray(columns["id"], dtype=object)
    keys = customer_keys(ids)
    key_order(keys)
    # DuckDB takes NaN for NULL.
    found = {name: each.filled(np.nan) if np.ma.isMaskedArray(each) else each for name, each in columns.items()}
    touches = None
    if header["touch_channels"] is not None:
        touches = _touches(work, file, tuple(header["touch_channels"]), len(ids))
    return Population(
        key=keys,
        ids=ids,
        as_of=header["as_of"],
        **{name: found[name] for name in _CORE},
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


def _header(population: Population) -> dict[str, Any]:
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
    columns |= {name: getattr(population, name) for name in _CORE}
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


def _touches(work: Workspace, file: RowFile, channels: tuple[str, ...], people: int) -> Touches:
    path = literal(file.path)
    offset = np.zeros(people + 1, np.int64)
    np.cumsum(work.arrays(_TOUCH_COUNTS, [path])["n"], out=offset[1:])
    found = work.arrays(_TOUCHES, [path])
    return Touches(offset, np.asarray(found["t"], np.int64), np.asarray(found["code"], np.int16), channels)


def _unwritable(goal: Path, reason: str | None) -> WakeupError:
    return WakeupError([diagnostic("WK6001", name=goal.name, reason=reason or "the disk refuses it")])

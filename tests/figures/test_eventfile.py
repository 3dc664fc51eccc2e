"""Events in a file: the trace in words, whatever it was cut into and however little was held; all of it or nothing."""

import csv
import errno
import json
import os
import tracemalloc
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.figures.crowd import RICH, apart, crowd
from tests.figures.small import CLOSING, PLAN, START, part

from wakeup.diagnostics import WakeupError
from wakeup.figures import eventfile, spill
from wakeup.figures.eventfile import event_file
from wakeup.figures.events import Part, named
from wakeup.figures.naming import EVENT_COLUMNS
from wakeup.figures.spill import Spill
from wakeup.figures.trace import Trace
from wakeup.plan.model import Plan

EXTENSIONS = ("parquet", "csv", "jsonl")


def written(path: Path, parts: Sequence[Part], plan: Plan = PLAN, held: int = 1_000) -> bytes:
    with event_file(path, plan, held=held) as sink:
        sink.begin()
        for each in parts:
            sink.add(each)
        sink.close(CLOSING)
    return path.read_bytes()


def test_events_are_the_trace_in_words(tmp_path: Path) -> None:
    trace = Trace()
    trace.add(part())
    columns = trace.to_columns(PLAN)
    for extension in EXTENSIONS:
        path = tmp_path / f"events.{extension}"
        written(path, [part()])
        found = _read(path)
        assert all(list(each) == list(EVENT_COLUMNS) for each in found)
        for name, column in columns.items():
            shown = [each[name] for each in found]
            assert [value if value is not None else "" for value in shown] == _as_read(column.tolist(), extension), name
    assert len(list(tmp_path.iterdir())) == len(EXTENSIONS)


def _as_read(values: list[object], extension: str) -> list[object]:
    return [str(value) for value in values] if extension == "csv" else values


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_no_cut_and_no_memory_shows(tmp_path: Path, extension: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eventfile, "_GROUP", 200)
    whole = crowd(6, 30)
    files = {
        written(tmp_path / f"{number}.{extension}", parts, RICH, held)
        for number, (parts, held) in enumerate(
            (parts, held)
            for parts in ([whole], apart(whole, np.arange(30) % 7), apart(whole, np.arange(30))[::-1])
            for held in (1, 7, 1_000_000)
        )
    }
    assert len(files) == 1
    assert len(_read(tmp_path / f"0.{extension}")) == sum(len(batch.who) for batch in whole.batches) > 100


@settings(max_examples=40)
@given(st.integers(0, 1_000), st.integers(1, 12), st.integers(1, 5), st.integers(1, 60))
def test_merged_rows_are_those_of_the_trace(
    tmp_path_factory: pytest.TempPathFactory, seed: int, people: int, piles: int, held: int
) -> None:
    whole = crowd(seed, people)
    # Few seconds: many people and many rows meet in one.
    whole = evolve(whole, place=None, written=[evolve(batch, t=START + batch.t % 3) for batch in whole.batches])
    kept, trace = Spill(tmp_path_factory.mktemp("rows")), Trace()
    for each in apart(whole, np.random.default_rng(seed).integers(0, piles, people)):
        kept.add(each)
    trace.add(whole)
    pieces = list(kept.merged(held))
    for name, column in trace.table().items():
        found = np.concatenate([np.empty(0, column.dtype), *(piece[name] for piece in pieces)])
        assert found.tolist() == column.tolist(), name


@pytest.mark.parametrize("seconds", [3 * 86_400, 1], ids=["spread", "in one second"])
def test_few_rows_are_held(tmp_path: Path, seconds: int) -> None:
    whole, kept = crowd(6, 30), Spill(tmp_path)
    whole = evolve(whole, place=None, written=[evolve(batch, t=START + batch.t % seconds) for batch in whole.batches])
    for each in apart(whole, np.arange(30) % 3):
        kept.add(each)
    sizes = [len(piece["t"]) for piece in kept.merged(30)]
    assert sum(sizes) == sum(len(batch.who) for batch in whole.batches) > 1_000
    # In one second some people have more rows than are to be held, and no piece ends within a person's second.
    assert max(sizes) <= (30 if seconds > 1 else 240)


def test_what_is_forgotten_leaves_the_disk(tmp_path: Path) -> None:
    kept = Spill(tmp_path)
    kept.add(part())
    kept.clear()
    assert list(tmp_path.iterdir()) == []
    assert list(kept.merged(10)) == []


def test_parts_are_on_disk_and_not_in_memory(tmp_path: Path) -> None:
    kept, whole = Spill(tmp_path), crowd(6, 2_000)
    kept.add(whole)
    tracemalloc.start()
    for _ in range(3):
        kept.add(whole)
    remembered, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    written = sum(path.stat().st_size for path in tmp_path.iterdir())
    assert written > 1_000_000
    assert remembered < written / 50


def test_a_name_is_as_it_was_given(tmp_path: Path) -> None:
    one = part()
    ids = np.array(["\u5f20\u4e09", "", 'd\'or,"x"', "e", "a" * 300], object)
    written(tmp_path / "events.jsonl", [evolve(one, named=named(ids))])
    assert {each["customer_id"] or "" for each in _read(tmp_path / "events.jsonl")} == set(ids)


@pytest.mark.parametrize("extension", EXTENSIONS)
@pytest.mark.parametrize("parts", [[], [part((), ())]], ids=["no part", "no row"])
def test_nothing_happened(tmp_path: Path, extension: str, parts: list[Part]) -> None:
    path = tmp_path / f"events.{extension}"
    written(path, parts)
    assert _read(path) == []
    assert list(tmp_path.iterdir()) == [path]
    if extension == "parquet":
        assert _types(path) == _types_of(tmp_path)


def _types(path: Path) -> list[str]:
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect() as connection:
        return [str(each) for each in connection.read_parquet(str(path)).types]


def _types_of(folder: Path) -> list[str]:
    written(folder / "full.parquet", [part()])
    return _types(folder / "full.parquet")


def test_a_part_without_rows_and_one_begun_anew(tmp_path: Path) -> None:
    path, whole = tmp_path / "events.csv", crowd(6, 12)
    first, second = apart(whole, np.arange(12) % 2)
    empty = evolve(second, written=())
    with event_file(path, RICH) as sink:
        sink.begin()
        sink.add(first)
        sink.begin()
        sink.add(empty)
        sink.add(first)
        sink.close(CLOSING)
    assert path.read_bytes() == written(tmp_path / "again.csv", [first], RICH)


def test_an_unknown_extension_is_told_before_anything_is_played(tmp_path: Path) -> None:
    with pytest.raises(WakeupError, match="WK5105") as caught, event_file(tmp_path / "events.xls", PLAN):
        pytest.fail("played")
    assert caught.value.diagnostics[0].help == "use one of: `.parquet`, `.csv`, `.jsonl`"


def test_a_folder_that_is_not_there_is_told_before_anything_is_played(tmp_path: Path) -> None:
    with pytest.raises(WakeupError, match="WK5106"), event_file(tmp_path / "missing" / "events.csv", PLAN):
        pytest.fail("played")


def test_an_unwritable_place_is_told_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "taken.csv").mkdir()
    with pytest.raises(WakeupError, match="WK5106"):
        written(tmp_path / "taken.csv", [part()])
    assert [path.name for path in tmp_path.iterdir()] == ["taken.csv"]


def test_without_duckdb_parquet_is_told_and_csv_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "duckdb", None)
    with pytest.raises(WakeupError, match="WK5110"), event_file(tmp_path / "events.parquet", PLAN):
        pytest.fail("played")
    assert written(tmp_path / "events.csv", [part()])
    assert [path.name for path in tmp_path.iterdir()] == ["events.csv"]


class Interrupt(BaseException):
    """As Ctrl-C."""


@pytest.mark.parametrize("extension", EXTENSIONS)
@pytest.mark.parametrize("error", [Interrupt(), ValueError("a fault"), OSError("of the run itself")], ids=repr)
def test_what_breaks_a_run_leaves_nothing_and_is_not_told_as_another_thing(
    tmp_path: Path, extension: str, error: BaseException
) -> None:
    path = tmp_path / f"events.{extension}"
    path.write_text("of another day", "utf-8")
    with pytest.raises(type(error)) as caught:
        _broken(path, error)
    assert caught.value is error
    assert list(tmp_path.iterdir()) == [path]
    assert path.read_text("utf-8") == "of another day"


def _broken(path: Path, error: BaseException) -> None:
    with event_file(path, PLAN) as sink:
        sink.add(part())
        raise error


def _full(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize(
    ("owner", "name"), [(spill, "rows_of"), (Spill, "merged"), (eventfile, "_rows")], ids=["rows", "merged", "written"]
)
def test_a_full_disk_is_told_and_nothing_is_left(
    tmp_path: Path, owner: object, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(owner, name, _full)
    with pytest.raises(WakeupError, match="WK5106") as caught:
        written(tmp_path / "events.csv", [part()])
    assert "no space left on the disk" in caught.value.diagnostics[0].message
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_while_the_file_is_put_together_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise Interrupt

    monkeypatch.setattr(eventfile, "_rows", interrupted)
    with pytest.raises(Interrupt):
        written(tmp_path / "events.csv", [part()])
    assert list(tmp_path.iterdir()) == []


def _read(path: Path) -> list[dict[str, object]]:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect() as connection:
        relation = connection.read_parquet(str(path))
        return [dict(zip(relation.columns, found, strict=True)) for found in relation.fetchall()]

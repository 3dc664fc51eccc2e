import csv
import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.figures.small import BATCHES, CLOSING, MEMBERS, PEOPLE, PLAN, START, TWINS, cut, rows

from wakeup.diagnostics import WakeupError
from wakeup.figures.events import EventBatch
from wakeup.figures.trace import EVENT_COLUMNS, Columns, Trace
from wakeup.terms.lists import Reason, Row


def trace(batches: tuple[EventBatch, ...] = BATCHES) -> Trace:
    sink = Trace()
    sink.begin(MEMBERS)
    for batch in batches:
        sink.add(batch)
    for who, after, amount in TWINS:
        sink.add_twin(np.array([who], np.int32), np.array([START + after]), np.array([amount]))
    sink.close(CLOSING)
    return sink


def row(columns: Columns, index: int) -> dict[str, object]:
    return {name: column[index] for name, column in columns.items()}


def test_events_have_names() -> None:
    columns = trace().to_columns(PEOPLE, PLAN)
    assert tuple(columns) == EVENT_COLUMNS
    kinds = list(columns["kind"])
    assert row(columns, kinds.index("sent")) == {
        "customer_id": "c0", "t": START + 10, "seq": 0, "kind": "sent", "journey": "main", "step": "first",
        "message": "hello", "channel": "sms", "incentive": "", "occurrence": 0, "reason": "", "amount_minor": 0,
        "arm": "", "subsidised": False,
    }  # fmt: skip
    assigned = row(columns, kinds.index("assigned"))
    assert (assigned["step"], assigned["arm"]) == ("ab", "a")
    redeemed = row(columns, kinds.index("redeemed"))
    assert (redeemed["incentive"], redeemed["amount_minor"], redeemed["subsidised"]) == ("coupon", 5_000, True)
    assert row(columns, kinds.index("refused"))["reason"] == "budget"
    assert row(columns, kinds.index("ordered"))["step"] == ""


def test_rows_of_one_second_are_numbered_in_the_order_of_kinds() -> None:
    columns = trace().to_columns(PEOPLE, PLAN)
    second = (columns["t"] == START + 100) & (columns["customer_id"] == "c0")
    assert list(zip(columns["kind"][second], columns["seq"][second], strict=True)) == [
        ("ordered", 0),
        ("redeemed", 1),
        ("exited", 2),
    ]


def test_rows_are_sorted_by_time_then_customer_then_kind_step_message_incentive() -> None:
    given = (
        rows(Row.REFUSED, (1, 5), step=2, message=0, reason=Reason.CAP),
        rows(Row.REFUSED, (1, 5), step=1, message=1, reason=Reason.CAP),
        rows(Row.REFUSED, (1, 5), step=1, message=0, incentive=1, reason=Reason.CAP),
        rows(Row.REFUSED, (1, 5), step=1, message=0, incentive=0, reason=Reason.CAP),
        rows(Row.ENTERED, (1, 5), (0, 5), (2, 4)),
    )
    table = trace(given).table()
    names = ("t", "who", "row", "step", "message", "incentive", "seq")
    found = [tuple(int(table[name][i]) for name in names) for i in range(len(table["t"]))]
    assert found == [
        (START + 4, 2, Row.ENTERED, -1, -1, -1, 0),
        (START + 5, 0, Row.ENTERED, -1, -1, -1, 0),
        (START + 5, 1, Row.ENTERED, -1, -1, -1, 0),
        (START + 5, 1, Row.REFUSED, 1, 0, 0, 1),
        (START + 5, 1, Row.REFUSED, 1, 0, 1, 2),
        (START + 5, 1, Row.REFUSED, 1, 1, -1, 3),
        (START + 5, 1, Row.REFUSED, 2, 0, -1, 4),
    ]


@given(st.data())
def test_order_and_batches_never_show(data: st.DataObject) -> None:
    pieces = []
    for batch in BATCHES:
        edges = sorted(data.draw(st.sets(st.integers(0, len(batch.who)), max_size=2)) | {0, len(batch.who)})
        pieces += [cut(batch, first, last) for first, last in pairwise(edges)]
    shuffled = trace(tuple(data.draw(st.permutations(pieces)))).table()
    assert all(np.array_equal(shuffled[name], column) for name, column in trace().table().items())


def test_twins_are_sorted() -> None:
    twins = trace().twins()
    assert twins["t"].tolist() == [START + 200, START + 500, START + 40 * 86_400]
    assert twins["amount"].tolist() == [30_000, 9_100, 6_000]


def test_nothing_happened() -> None:
    columns = trace(()).to_columns(PEOPLE, PLAN)
    assert [len(column) for column in columns.values()] == [0] * len(EVENT_COLUMNS)


@pytest.mark.parametrize("extension", ["parquet", "csv", "jsonl"])
@pytest.mark.parametrize("batches", [BATCHES, ()], ids=["rows", "none"])
def test_files_hold_the_same_rows(tmp_path: Path, extension: str, batches: tuple[EventBatch, ...]) -> None:
    path = tmp_path / f"events.{extension}"
    trace(batches).write(path, PEOPLE, PLAN)
    columns = trace(batches).to_columns(PEOPLE, PLAN)
    found = _read(path)
    assert [each["kind"] for each in found] == columns["kind"].tolist()
    assert [int(each["t"]) for each in found] == columns["t"].tolist()
    assert [each["incentive"] or "" for each in found] == columns["incentive"].tolist()
    assert [int(each["amount_minor"]) for each in found] == columns["amount_minor"].tolist()
    assert list(tmp_path.iterdir()) == [path]
    assert all(tuple(each) == EVENT_COLUMNS for each in found)


def test_the_same_rows_are_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.parquet", "b.parquet"):
        trace().write(tmp_path / name, PEOPLE, PLAN)
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()


def test_an_unknown_extension_is_told(tmp_path: Path) -> None:
    with pytest.raises(WakeupError, match="WK5105") as caught:
        trace().write(tmp_path / "events.xls", PEOPLE, PLAN)
    assert caught.value.diagnostics[0].help == "use one of: `.parquet`, `.csv`, `.jsonl`"


@pytest.mark.parametrize("place", ["missing/events.csv", "taken.csv"])
def test_an_unwritable_place_is_told_and_nothing_is_left(tmp_path: Path, place: str) -> None:
    (tmp_path / "taken.csv").mkdir()
    with pytest.raises(WakeupError, match="WK5106"):
        trace().write(tmp_path / place, PEOPLE, PLAN)
    assert [path.name for path in tmp_path.iterdir()] == ["taken.csv"]


def test_a_trace_needs_a_beginning() -> None:
    with pytest.raises(ValueError, match="has not begun"):
        Trace().to_columns(PEOPLE, PLAN)


def _read(path: Path) -> list[dict[str, str]]:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect() as connection:
        relation = connection.read_parquet(str(path))
        return [dict(zip(relation.columns, found, strict=True)) for found in relation.fetchall()]

"""One customer's events read back from the file that a run has written, with the plan that it holds."""

import builtins
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from tests.figures.small import CLOSING, PLAN, part

from wakeup.customers.identity import customer_keys
from wakeup.diagnostics import WakeupError
from wakeup.draws import share
from wakeup.figures.eventfile import event_file
from wakeup.figures.events import named
from wakeup.figures.story import read_story
from wakeup.figures.trace import Trace
from wakeup.plan.fingerprint import fingerprints
from wakeup.plan.model import Plan

duckdb = pytest.importorskip("duckdb")
NAMES = ["张三", "b[1]*", "c'd", "d", "e", "f"]


def written(path: Path, plan: Plan = PLAN) -> Any:
    some = part()
    some = evolve(some, named=named(np.array(NAMES[: len(some.people)], object)))
    with event_file(path, plan) as sink:
        sink.begin()
        sink.add(some)
        sink.close(CLOSING)
    return some


def refusal(path: Path, customer: str = "d") -> tuple[str, str]:
    with pytest.raises(WakeupError) as caught:
        read_story(path, customer)
    (told,) = caught.value.diagnostics
    return told.code, told.message


@pytest.mark.parametrize("name", ["events.parquet", "it's [1] * 事件.parquet"])
def test_the_rows_of_each_customer_come_back_in_order(tmp_path: Path, name: str) -> None:
    trace = Trace()
    trace.add(written(tmp_path / name))
    columns = trace.to_columns(PLAN)
    people = set(columns["customer_id"].tolist())
    assert len(people) > 2
    for customer in people:
        story = read_story(tmp_path / name, customer)
        mine = columns["customer_id"] == customer
        for column in ("t", "seq", "kind", "journey", "step", "message", "channel", "reason", "amount_minor", "arm"):
            assert [getattr(each, column) for each in story.events] == columns[column][mine].tolist(), column
        place = share(customer_keys([customer]), PLAN.holdout_salt)[0]
        assert story.held_out is bool(place < float(PLAN.holdout))


def test_the_file_knows_its_plan(tmp_path: Path) -> None:
    plan = evolve(PLAN, title="it's “春”")
    written(tmp_path / "events.parquet", plan)
    story = read_story(tmp_path / "events.parquet", "d")
    assert story.plan == plan
    ids = fingerprints(plan)
    assert story.about == {
        "format_version": "1",
        "plan": {"name": "small", "behaviour_id": ids.conduct, "forecast_id": ids.forecast},
        "zone": "Asia/Shanghai",
        "currency": "CNY",
        "minor_digits": 2,
        "replication": 0,
    }


def test_who_is_not_there_is_told_without_a_name(tmp_path: Path) -> None:
    written(tmp_path / "events.parquet")
    for stranger in ("stranger", "d'; drop table x; --", ""):
        code, message = refusal(tmp_path / "events.parquet", stranger)
        assert (code, message) == ("WK6064", "the run has no event of this customer")


def test_what_is_no_events_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "events.parquet"
    assert refusal(path)[0] == "WK1001"
    path.write_text("customer_id,t\n")
    assert refusal(path) == ("WK6062", "'events.parquet' is not a Parquet file of events")
    duckdb.sql("select 'd' as customer_id, 1 as t").write_parquet(str(path))
    assert refusal(path)[0] == "WK6063"
    duckdb.sql("copy (select 1 as x) to '" + str(path) + "' (format parquet, kv_metadata {wakeup: '{}'})")
    assert refusal(path)[0] == "WK6063"


def test_the_notes_of_another_version_are_not_guessed_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "events.parquet"
    monkeypatch.setattr("wakeup.figures.eventfile.FORMAT_VERSION", "2")
    written(path)
    assert refusal(path)[0] == "WK6063"


def test_notes_of_a_file_with_other_columns_are_not_believed(tmp_path: Path) -> None:
    path, other = tmp_path / "events.parquet", tmp_path / "other.parquet"
    written(path)
    notes = dict(duckdb.sql(f"select decode(key), decode(value) from parquet_kv_metadata('{path}')").fetchall())
    assert json.loads(notes["wakeup"])["replication"] == 0
    with duckdb.connect() as connection:
        copy = "copy (select 1 as x) to $path (format parquet, kv_metadata {'wakeup': $a, 'wakeup.plan': $b})"
        connection.execute(copy, {"path": str(other), "a": notes["wakeup"], "b": notes["wakeup.plan"]})
    assert refusal(other)[0] == "WK6062"


def test_without_duckdb_it_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path / "events.parquet")
    known = builtins.__import__

    def missing(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "duckdb":
            raise ImportError(name)
        return known(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", missing)
    assert refusal(tmp_path / "events.parquet")[0] == "WK6065"

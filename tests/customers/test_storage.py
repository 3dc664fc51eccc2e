"""A population as a file."""

import json
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from tests.customers.same import assert_same

from wakeup.customers import from_history, save, synthetic
from wakeup.diagnostics import Diagnostic

Write = Callable[..., Path]
Refusal = Callable[[Callable[[], object]], Diagnostic]
AS_OF = 1788192000


def test_made_up_customers_come_back_equal(tmp_path: Path) -> None:
    people = synthetic(3000, seed=7, as_of=AS_OF)
    save(people, tmp_path / "people.parquet")
    history = from_history(tmp_path / "people.parquet", as_of=AS_OF)
    assert_same(people, history.population)
    assert (history.report.kind, history.report.customers) == ("population", 3000)


def test_imported_customers_come_back_equal(tmp_path: Path, write: Write) -> None:
    log = write("orders.csv", "customer_id,date,amount", "a,2026-01-05,80", "a,2026-02-05,80", "b,2026-02-06,120")
    table = write(
        "people.csv",
        "customer_id,tags,sms_consent,zone,skin,points,birthday,empty",
        "a,x y;z,yes,Asia/Tokyo,dry,1.5,1990-02-03,",
        "c,,no,,,,,",
    )
    touches = write("touches.csv", "id,time,channel", "b,2026-02-07,sms", "b,2026-02-08,邮件", "a,2026-02-07,sms")
    people = from_history(log, as_of="2026-03-01", table=table, touches=touches).population
    save(people, tmp_path / "people.parquet")
    assert_same(people, from_history(tmp_path / "people.parquet").population)


def test_saving_twice_replaces_and_leaves_nothing_beside(tmp_path: Path) -> None:
    goal = tmp_path / "people.parquet"
    save(synthetic(10, as_of=AS_OF), goal)
    save(synthetic(20, as_of=AS_OF), goal)
    assert len(from_history(goal).population) == 20
    assert [each.name for each in tmp_path.iterdir()] == ["people.parquet"]


def test_a_failed_save_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refusal: Refusal) -> None:
    goal = tmp_path / "people.parquet"
    save(synthetic(10, as_of=AS_OF), goal)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    found = refusal(lambda: save(synthetic(20, as_of=AS_OF), goal))
    assert found.code == "WK6001"
    assert "No space left" in found.message
    monkeypatch.undo()
    assert len(from_history(goal).population) == 10
    assert [each.name for each in tmp_path.iterdir()] == ["people.parquet"]


def test_a_folder_that_is_not_there(tmp_path: Path, refusal: Refusal) -> None:
    assert refusal(lambda: save(synthetic(10, as_of=AS_OF), tmp_path / "no" / "people.parquet")).code == "WK6001"


def test_customers_saved_later_than_as_of_are_refused(tmp_path: Path, refusal: Refusal) -> None:
    goal = tmp_path / "people.parquet"
    save(synthetic(10, as_of=AS_OF), goal)
    found = refusal(lambda: from_history(goal, as_of=AS_OF - 1, zone="Asia/Shanghai"))
    assert found.code == "WK6029"
    assert "as of 2026-09-01, later than 2026-08-31" in found.message
    same = refusal(lambda: from_history(goal, as_of=AS_OF - 1, zone="UTC"))
    assert "as of 2026-08-31 16:00:00+00:00, later than 2026-08-31 15:59:59+00:00" in same.message
    assert same.help is not None
    assert same.help.endswith("--as-of 2026-08-31 --zone UTC")
    assert from_history(goal, as_of=AS_OF + 1).population.as_of == AS_OF


def test_a_saved_population_takes_no_further_tables(tmp_path: Path, refusal: Refusal) -> None:
    goal = tmp_path / "people.parquet"
    save(synthetic(10, as_of=AS_OF), goal)
    assert refusal(lambda: from_history(goal, touches=goal)).code == "WK6034"


@pytest.mark.parametrize(
    "header",
    [
        "garbage",
        "[1]",
        "{}",
        '{"format_version": 1}',
        json.dumps(
            {
                "format_version": 1,
                "as_of": 0,
                "consents": [],
                "tags": ["vip"],
                "fields": [],
                "labels": {},
                "zones": None,
                "touch_channels": None,
            }
        ),
    ],
)
def test_a_header_that_is_none_makes_a_damaged_file(tmp_path: Path, refusal: Refusal, header: str) -> None:
    path = tmp_path / "people.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            "COPY (SELECT 'c1' AS customer_id, DATE '2011-01-01' AS date, 5 AS amount) TO ? "
            "(FORMAT parquet, KV_METADATA {wakeup_population: ?})",
            [str(path), header],
        )
    assert refusal(lambda: from_history(path)).code == "WK6014"

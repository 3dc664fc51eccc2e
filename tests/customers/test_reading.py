"""What is read in runs is what is read at once: labels, codes, categories, touches, problems and all."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.customers.crowd import crowd
from tests.customers.same import assert_same

from wakeup.customers import Shards, from_history, pieces, reading, save, save_shards
from wakeup.diagnostics import Diagnostic

Write = Callable[..., Path]
Refusal = Callable[[Callable[[], object]], Diagnostic]
SOURCES = ("log", "log alone", "table", "saved", "folder")


@pytest.fixture
def given_by(write: Write, tmp_path: Path) -> Callable[[str], dict[str, Any]]:
    """Return the arguments of a reader by the source of customers."""
    log = write(
        "orders.csv",
        "customer_id,date,amount,returns,category",
        *(
            f"c{i % 23},2026-0{1 + i % 6}-{1 + i % 28:02d},{10 + i},{i % 7},{['coat', 'shoes; hat', '', 'hat'][i % 4]}"
            for i in range(90)
        ),
        "c1,soon,5,0,coat",
        "c0,2026-01-01,10,0,coat",
    )
    table = write(
        "people.csv",
        "customer_id,tags,tag_vip,email_consent,phone,zone,skin,points,birthday",
        *(
            f"c{i},{['a b;z', 'z', ''][i % 3]},{['yes', '', 'what'][i % 3]},{['y', 'n', ''][i % 3]},{['1', ''][i % 2]},"
            f"{['Asia/Tokyo', 'Mars/Base', 'Europe/Paris', ''][i % 4]},{['dry', 'oily', ''][i % 3]},{i / 2},1990-02-03"
            for i in range(30)
        ),
    )
    alone = write(
        "alone.csv",
        "customer_id,orders,last_order,total_spent,skin",
        *(f"d{i},{i % 5},2026-0{1 + i % 6}-11,{i * 10},{'xyz'[i % 3]}" for i in range(40)),
    )
    touches = write(
        "touches.csv",
        "id,time,channel",
        *(f"c{i % 35},2026-02-{1 + i % 28:02d},{['sms', 'email', 'Wecom'][i % 3]}" for i in range(80)),
    )

    def _given(source: str) -> dict[str, Any]:
        match source:
            case "log":
                return {"path": log, "table": table, "touches": touches, "as_of": "2026-07-01"}
            case "log alone":
                return {"path": log}
            case "table":
                return {"path": alone, "touches": touches}
            case "saved":
                save(crowd(40), tmp_path / "saved.parquet")
                return {"path": tmp_path / "saved.parquet"}
            case _:
                save_shards([part for _, part in pieces(crowd(40), 9)], tmp_path / "folder")
                return {"path": tmp_path / "folder"}

    return _given


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("count", [1, 2, 7])
def test_runs_are_the_rows_of_the_whole(
    given_by: Callable[[str], dict[str, Any]], tmp_path: Path, source: str, count: int
) -> None:
    arguments = given_by(source)
    whole = from_history(**arguments)
    with reading(**arguments) as found:
        assert found.people == len(whole.population)
        assert found.report == whole.report
        assert [len(each) for each in found.parts(count)] == [
            found.people * (i + 1) // count - found.people * i // count for i in range(count)
        ]
        save_shards(found.parts(count), tmp_path / "people")
    assert_same(whole.population, Shards.open(tmp_path / "people").whole())


def test_the_sources_have_every_kind_of_column(given_by: Callable[[str], dict[str, Any]]) -> None:
    people = from_history(**given_by("log")).population
    assert people.touches is not None
    assert people.zones is not None
    assert set(people.zones.tolist()) == {-1, 0, 1}
    assert people.zone_names == ("Asia/Tokyo", "Europe/Paris")
    assert list(people.categories or {}) == ["coat", "hat", "shoes"]
    assert {each.kind for each in people.fields.values()} == {"text", "number", "date"}
    assert list(people.fields) == ["top_category", "skin", "points", "birthday"]
    assert sorted(people.tags) == ["a b", "vip", "z"]
    assert sorted(people.consents) == ["email", "phone", "sms"]
    assert people.touches.channels == ("email", "sms", "wecom")


def test_a_table_from_after_as_of_is_counted_in_all_runs(
    given_by: Callable[[str], dict[str, Any]], refusal: Refusal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wakeup.customers.history.ROWS_PER_SHARD", 7)
    arguments = given_by("table")
    whole = from_history(**arguments).population
    later = int((whole.last_order >= 1_777_593_600).sum())
    found = refusal(lambda: from_history(**arguments, as_of=1_777_593_600))
    assert found.code == "WK6030"
    assert f"{later} " in found.message

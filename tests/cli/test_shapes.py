"""A shape of customers and customers made after it, from the command line; what an import keeps of the log's past."""

import json
from pathlib import Path

import pytest

from wakeup.cli import run

ONCE = ["--replications", "2", "--json", "-"]
LOG = ["--as-of", "2026-03-01", "--zone", "Asia/Shanghai"]


def printed(arguments: list[str], capsys: pytest.CaptureFixture[str], code: int = 0) -> str:
    assert run(arguments) == code
    return capsys.readouterr().out


def forecast(source: list[str], capsys: pytest.CaptureFixture[str]) -> dict:
    tree = json.loads(printed(["simulate", "spring.wake", "--customers", *source, *ONCE], capsys))
    tree.pop("timing")
    return tree


def basis(tree: dict) -> dict[str, str]:
    return {row["assumption"]: row["source"] for row in tree["basis"]}


def test_an_import_gives_the_forecast_of_the_log_itself(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = forecast(["orders.csv"], capsys)
    assert basis(log)["organic_level"].startswith("fitted to")
    start = json.loads(printed(["plan", "spring.wake", "--format", "json"], capsys))["start"]
    at = ["--as-of", f"{stamp(start)}Z"]
    printed(["customers", "import", "orders.csv", "-o", "people.parquet", "--zone", "Asia/Shanghai", *at], capsys)
    printed(
        ["customers", "import", "orders.csv", "-o", "many", "--shards", "3", "--zone", "Asia/Shanghai", *at], capsys
    )
    assert forecast(["people.parquet"], capsys) == log
    assert forecast(["many"], capsys) == log


def stamp(instant: int) -> str:
    from datetime import UTC, datetime

    return f"{datetime.fromtimestamp(instant, UTC):%Y-%m-%dT%H:%M:%S}"


def test_a_shape_is_written_and_customers_are_made_after_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = printed(["customers", "shape", "orders.csv", "-o", "shape.json", *LOG], capsys)
    assert told == "the shape of 300 customers, in cells of at least 10: shape.json\n"
    assert json.loads((folder / "shape.json").read_bytes())["people"] == 300
    assert printed(["customers", "synth", "500", "--like", "shape.json", "-o", "a.parquet"], capsys) == (
        "500 customers: a.parquet\n"
    )
    printed(["customers", "synth", "500", "--like", "orders.csv", "-o", "b.parquet", *LOG], capsys)
    assert (folder / "a.parquet").read_bytes() == (folder / "b.parquet").read_bytes()
    printed(["customers", "synth", "500", "--like", "shape.json", "-o", "many", "--shards", "2"], capsys)
    one = forecast(["a.parquet"], capsys)
    assert forecast(["many"], capsys) == one
    assert basis(one)["organic_level"].startswith("fitted to"), "the shape knows how people came back"
    assert "500" in printed(["customers", "profile", "--customers", "a.parquet"], capsys)


def test_a_shape_in_chinese_and_on_standard_output(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = printed(["customers", "shape", "orders.csv", "-o", "shape.json", *LOG, "--lang", "zh"], capsys)
    assert told == "300 位客户的画像（每格至少 10 人）：shape.json\n"
    assert json.loads(printed(["customers", "shape", "orders.csv", "-o", "-", *LOG], capsys))["least"] == 10


def test_what_is_left_out_is_counted_and_not_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "".join(f"c{i},{'vip' if i % 3 else ''},call Mrs Smith {i}\n" for i in range(300))
    (folder / "table.csv").write_text("customer_id,tags,note\n" + rows, encoding="utf-8")
    arguments = ["customers", "shape", "orders.csv", "-o", "shape.json", "--table", "table.csv", *LOG]
    assert run(arguments) == 0
    told = capsys.readouterr().err
    assert "WK6054" in told
    assert "301 tags, fields, categories or labels" in told
    text = (folder / "shape.json").read_text(encoding="utf-8")
    assert "vip" in text
    assert "Smith" not in text + told


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["synth", "5", "-o", "x.parquet", "--map", "id=who"], "WK6055"),
        (["synth", "5", "-o", "x.parquet", "--like", "shape.json", "--table", "orders.csv"], "WK6034"),
        (["synth", "5", "-o", "x.parquet", "--like", "broken.json"], "WK6053"),
        (["synth", "5", "-o", "x.parquet", "--like", "nowhere.csv"], "WK6011"),
        (["shape", "few.csv", "-o", "x.json"], "WK6052"),
        (["shape", "orders.csv", "-o", "orders.csv"], "WK6001"),
        (["shape", "orders.csv", "-o", "x.json", "--least", "1"], "--least"),
    ],
)
def test_what_cannot_be_done(folder: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    printed(["customers", "shape", "orders.csv", "-o", "shape.json", *LOG], capsys)
    (folder / "broken.json").write_text('{"wakeup_shape": 1}', encoding="utf-8")
    (folder / "few.csv").write_text("customer_id,date,amount\na,2026-01-01,5\n", encoding="utf-8")
    assert run(["customers", *arguments]) == 1
    captured = capsys.readouterr()
    assert said in captured.err + captured.out
    assert not (folder / "x.parquet").exists()


def test_customers_are_written_under_a_name_of_parquet(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    printed(["customers", "synth", "50", "-o", "people.csv"], capsys, 1)
    assert not (folder / "people.csv").exists()
    printed(["customers", "import", "orders.csv", "-o", "people.csv", *LOG], capsys, 1)
    assert not (folder / "people.csv").exists()
    printed(["customers", "synth", "50", "-o", "people.PARQUET"], capsys)


def test_a_shape_of_another_currency_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    printed(["customers", "shape", "orders.csv", "-o", "shape.json", *LOG], capsys)
    like = ["customers", "synth", "50", "--like", "shape.json", "-o", "people.parquet"]
    assert run([*like, "--currency", "USD"]) == 1
    assert "[WK6069]" in capsys.readouterr().err
    printed([*like, "--currency", "cny"], capsys)

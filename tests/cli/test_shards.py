"""Customers in a folder of files, from the command line."""

import json
from pathlib import Path

import pytest

from wakeup.cli import run

ONCE = ["--replications", "1", "--json", "-"]


def printed(arguments: list[str], capsys: pytest.CaptureFixture[str], code: int = 0) -> str:
    assert run(arguments) == code
    return capsys.readouterr().out


def figures(source: list[str], capsys: pytest.CaptureFixture[str]) -> dict:
    tree = json.loads(printed(["simulate", "spring.wake", *source, *ONCE], capsys))
    tree.pop("timing")
    return tree


def test_made_up_customers_in_any_number_of_files(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(["customers", "synth", "300", "-o", "one.parquet"], capsys) == "300 customers: one.parquet\n"
    told = printed(["customers", "synth", "300", "-o", "people", "--shards", "3"], capsys)
    assert told == "300 customers in 3 files: people\n"
    assert sorted(each.name for each in (folder / "people").iterdir()) == [
        "part-00000.parquet", "part-00001.parquet", "part-00002.parquet", "population.json",
    ]  # fmt: skip
    printed(["customers", "synth", "300", "-o", "again", "--shards", "4"], capsys)
    assert printed(["customers", "synth", "300", "-o", "again"], capsys) == "300 customers in 1 file: again\n"
    one = figures(["--customers", "one.parquet"], capsys)
    assert figures(["--customers", "people"], capsys) == one
    assert figures(["--synthetic", "300"], capsys) == one
    assert len(list((folder / ".wakeup" / "runs").iterdir())) == 1, "the same people have one id"


def test_imported_customers_in_files(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--as-of", "2026-01-01", "--zone", "Asia/Shanghai"]
    printed(["customers", "import", "orders.csv", "-o", "one.parquet", *options], capsys)
    told = printed(["customers", "import", "orders.csv", "-o", "people", "--shards", "2", *options], capsys)
    assert "300 customers in 2 files: people" in told
    assert json.loads((folder / "people" / "population.json").read_bytes())["minor_digits"] == 2
    assert figures(["--customers", "people"], capsys) == figures(["--customers", "one.parquet"], capsys)
    assert "300" in printed(["customers", "profile", "--customers", "people"], capsys)
    told = printed(["customers", "import", "people", "-o", "again.parquet", "--as-of", "2026-01-01"], capsys)
    assert (folder / "again.parquet").read_bytes() == (folder / "one.parquet").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["customers", "profile", "--customers", "empty"], "WK6047"),
        (["simulate", "spring.wake", "--customers", "empty"], "WK6047"),
        (["simulate", "spring.wake", "--customers", "people", "--table", "orders.csv"], "WK6034"),
        (["simulate", "spring.wake", "--customers", "people", "--map", "id=customer_id"], "WK6034"),
        (["simulate", "spring.wake", "--customers", "people", "--synthetic", "5"], "WK6003"),
        (["customers", "synth", "5", "-o", "people", "--shards", "0"], "--shards"),
        (["customers", "synth", "5", "-o", "orders.csv", "--shards", "2"], "WK6001"),
        (["customers", "synth", "5", "-o", "full", "--shards", "2"], "WK6001"),
        (["customers", "synth", "5", "-o", "full"], "WK6001"),
        (["customers", "import", "nothing.csv", "-o", "full", "--as-of", "2026-01-01", "--shards", "2"], "WK6001"),
    ],
)
def test_what_is_refused(folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str) -> None:
    (folder / "empty").mkdir()
    (folder / "full").mkdir()
    (folder / "full" / "photo.jpg").touch()
    printed(["customers", "synth", "20", "-o", "people", "--shards", "2"], capsys)
    assert run(arguments) in (1, 2)
    told = capsys.readouterr().err
    assert said in told
    assert "Traceback" not in told
    assert (folder / "full" / "photo.jpg").exists()

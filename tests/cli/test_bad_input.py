"""Whatever a user gives the command line, the answer is a message and an exit code; nothing is half written."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.cli.made import CAMPAIGN

from wakeup.cli import run


def told(arguments: Sequence[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Return the exit code and what was said on standard error; a traceback is never said."""
    code = run(arguments)
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert "WK9001" not in said
    return code, said


SIMULATE = ("simulate", "spring.wake", "--replications", "1")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("absent.wake", None, "WK1001"),
        ("empty.wake", b"", "WK1002"),
        ("latin.wake", "wakeup 1\n# caf\xe9".encode("latin-1"), "WK1003"),
        ("binary.wake", b"\x00\x01\x02\x03" * 50, "WK1004"),
        ("large.wake", b"# padding\n" * 500_000, "WK1005"),
        ("deep.wake", b"wakeup 1\nsegment a { where: " + b"(" * 10_000 + b")" * 10_000 + b" }", "WK1006"),
    ],
)
def test_a_file_that_is_no_campaign(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes | None, code: str
) -> None:
    if content is not None:
        (folder / name).write_bytes(content)
    for command in (("check", name), ("plan", name), ("simulate", name, "--synthetic", "10")):
        exit_code, said = told(command, capsys)
        assert exit_code == 1
        assert code in said


def test_errors_name_the_line_and_nothing_is_written(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "spring.wake").write_text(CAMPAIGN.replace("days_since_order", "days_since_ordr"), encoding="utf-8")
    code, said = told((*SIMULATE, "--synthetic", "10", "--json", "out.json"), capsys)
    assert code == 1
    assert "spring.wake:6:" in said
    assert "days_since_order" in said
    assert not (folder / "out.json").exists()


@pytest.mark.parametrize(
    ("log", "code"),
    [
        ("customer_id,amount\na,5\n", "WK60"),  # no time
        ("customer_id,date,amount\na,someday,5\nb,never,6\n", "WK60"),  # no date that anybody can read
        ("", "WK60"),
        ("customer_id,date,amount\n", "WK"),
    ],
)
def test_a_log_that_cannot_be_used(folder: Path, capsys: pytest.CaptureFixture[str], log: str, code: str) -> None:
    (folder / "bad.csv").write_text(log, encoding="utf-8")
    exit_code, said = told((*SIMULATE, "--customers", "bad.csv"), capsys)
    assert exit_code == 1
    assert code in said


def test_a_customer_twice_in_the_table(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "table.csv").write_text("customer_id,tags\nc1,vip\nc2,\nc1,\n", encoding="utf-8")
    code, said = told((*SIMULATE, "--customers", "orders.csv", "--table", "table.csv"), capsys)
    assert code == 1
    assert "c1" not in said.replace("table.csv", "")  # rows, never ids
    assert "2" in said
    assert "4" in said


def test_nobody_is_eligible(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "spring.wake").write_text(CAMPAIGN.replace("180d", "9000d"), encoding="utf-8")
    code, said = told((*SIMULATE, "--synthetic", "50", "--json", "out.json"), capsys)
    assert code == 1
    assert "50" in said
    assert not (folder / "out.json").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("--synthetic", "0"),
        ("--synthetic", "-3"),
        ("--synthetic", "many"),
        (),
        ("--synthetic", "5", "--customers", "orders.csv"),
        ("--synthetic", "5", "--as-of", "2026-01-01"),
        ("--synthetic", "5", "--replications", "0"),
        ("--synthetic", "5", "--workers", "0"),
        ("--synthetic", "5", "--seed", "-1"),
        ("--synthetic", "5", "--engine", "magic"),
        ("--synthetic", "5", "--scenario", "flood"),
        ("--synthetic", "5", "--assume", "spring.wake"),
        ("--synthetic", "5", "--assume", "orders.csv"),
        ("--customers", "absent.csv"),
        ("--customers", "spring.wake"),
        ("--customers", "orders.csv", "--as-of", "tomorrow"),
        ("--customers", "orders.csv", "--as-of", "2027-01-01"),
        ("--customers", "orders.csv", "--map", "colour=red"),
        ("--customers", "orders.csv", "--table", "absent.csv"),
        ("--synthetic", "5", "--report", "nowhere/report.html"),
        ("--synthetic", "5", "--report", "report.pdf"),
        ("--synthetic", "5", "--json", "."),
        ("--synthetic", "5", "--events", "nowhere/events.csv"),
        ("--synthetic", "5", "--events", "events.txt"),
        ("--synthetic", "5", "--flag"),
    ],
)
def test_wrong_usage(folder: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]) -> None:
    before = sorted(folder.iterdir())
    code, said = told((*SIMULATE, *arguments), capsys)
    assert code == 1
    assert any(line.startswith("error") for line in said.splitlines())
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize(("lang", "words"), [("en", "a report ends in"), ("zh", "报告的文件名应以")])
def test_a_report_is_not_written_under_the_name_of_another_form(
    folder: Path, capsys: pytest.CaptureFixture[str], lang: str, words: str
) -> None:
    # Told before the customers are looked for, which are not there.
    code, said = told((*SIMULATE, "--customers", "absent.csv", "--report", "report.pdf", "--lang", lang), capsys)
    assert code == 1
    assert "WK6066" in said
    assert words in said
    assert ".html" in said
    assert not (folder / "report.pdf").exists()


def test_assumptions_that_are_none(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for content in ("{", "[]x", '[{"parameter": "nonsense"}]', '{"a": 1}', "[1]"):
        (folder / "a.json").write_text(content, encoding="utf-8")
        code, _ = told((*SIMULATE, "--synthetic", "50", "--assume", "a.json"), capsys)
        assert code == 1
    row = {
        "parameter": "clickd",
        "scope": "",
        "median": 0.1,
        "sd": 0.0,
        "link": "logit",
        "source": "",
        "grade": "given",
    }
    (folder / "a.json").write_text(json.dumps([row]), encoding="utf-8")
    code, said = told((*SIMULATE, "--synthetic", "50", "--assume", "a.json"), capsys)
    assert code == 1
    assert "clicked" in said


@pytest.mark.parametrize(
    "arguments",
    [
        ("simulate", "spring.wake", "--synthetic", "50", "--replications", "1", "--json", "spring.wake"),
        ("simulate", "spring.wake", "--synthetic", "50", "--replications", "1", "--report", "./spring.wake"),
        ("simulate", "spring.wake", "--synthetic", "50", "--replications", "1", "--json", "other.wake"),
        ("simulate", "spring.wake", "--synthetic", "50", "--replications", "1", "--json", "x", "--report", "x"),
        ("simulate", "spring.wake", "--synthetic", "50", "--replications", "1", "--json", "-", "--report", "-"),
        ("simulate", "spring.wake", "--customers", "orders.csv", "--replications", "1", "--events", "orders.csv"),
        ("simulate", "spring.wake", "--customers", "orders.csv", "--replications", "1", "--json", "link.csv"),
        ("customers", "import", "orders.csv", "-o", "orders.csv", "--as-of", "2025-01-01"),
        ("plan", "spring.wake", "-o", "spring.wake"),
        ("plan", "spring.wake", "-o", "pipe"),
    ],
)
def test_an_output_destroys_no_input_and_no_other_output(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    (folder / "link.csv").symlink_to(folder / "orders.csv")
    os.mkfifo(folder / "pipe")
    before = {each: each.read_bytes() for each in folder.iterdir() if each.is_file()}
    code, said = told(arguments, capsys)
    assert code == 1
    assert "WK6001" in said
    assert (folder / "pipe").is_fifo()
    assert {each: each.read_bytes() for each in folder.iterdir() if each.is_file()} == before


@pytest.mark.parametrize("command", [("check",), ("plan",), ("simulate", "--synthetic", "10")])
def test_a_folder_where_a_file_belongs(
    folder: Path, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    (folder / "autumn.wake").mkdir()
    code, said = told((command[0], "autumn.wake", *command[1:]), capsys)
    assert code == 1
    assert "autumn.wake" in said
    assert ("WK1001" if command[0] == "check" else "WK1008") in said


def test_a_folder_is_searched_for_files_only(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo(folder / "pipe.wake")  # opened, it would wait for a writer for ever
    (folder / "folder.wake").mkdir()
    (folder / "again").symlink_to(folder)
    code, said = told(("check", "."), capsys)
    assert code == 0
    assert said.startswith("1 file checked")

"""`wakeup audience`: the query on standard output, what is wrong on standard error."""

import sys
from pathlib import Path

import pytest

from wakeup.cli import run


def test_the_query_is_printed_and_nothing_else(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["audience", "spring.wake", "--sql", "duckdb"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("WITH people AS (\n")
    assert "last_order <= CAST('2026-03-04 16:00:00+00:00' AS TIMESTAMPTZ)" in out
    assert err == ""
    assert run(["plan", "spring.wake", "-o", "plan.json"]) == 0
    capsys.readouterr()
    assert run(["audience", "plan.json", "--sql", "duckdb"]) == 0
    assert capsys.readouterr().out == out


def test_a_date_and_a_journey_may_be_given(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["audience", "spring.wake", "--sql", "postgres", "--journey", "wake", "--as-of", "2026-08-31"]) == 0
    out = capsys.readouterr().out
    assert "last_order <= CAST('2026-03-03 16:00:00+00:00' AS TIMESTAMPTZ)" in out
    assert out.endswith("FROM audience\nWHERE\n  journey = 'wake'\n")


@pytest.mark.parametrize(
    ("options", "code"),
    [(["--journey", "wak"], "WK5305"), (["--as-of", "soon"], "WK6024"), (["--sql", "oracle"], "oracle")],
    ids=["journey", "date", "database"],
)
def test_what_cannot_be_is_said(
    options: list[str], code: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["audience", "spring.wake", "--sql", "postgres", *options]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert code in err


def test_without_sqlglot_the_extra_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sqlglot", None)
    assert run(["audience", "spring.wake", "--sql", "postgres"]) == 1
    assert "pip install 'wakeup[sql]'" in capsys.readouterr().err

"""`wakeup tune`."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from wakeup.cli import run

TEXT = """wakeup 1
campaign c "C" {
  currency: CNY, timezone: "Asia/Shanghai", run: 2026-09-01 through 2026-09-30
  audience: days_since_order >= 30d, holdout: 10%, margin: 50%
}
coupon off { discount: tune(20 CNY..60 CNY step 20 CNY) off 200 CNY, valid: 7d }
channel post { kind: email, cost: 0 CNY per message, optout: none }
message hello via post { text: "Hello {{ offer }}" }
journey all { send hello with off }
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    path = tmp_path / "c.wake"
    path.write_text(TEXT, "utf-8")
    return path


def _tune(*arguments: str) -> int:
    return run(["tune", "c.wake", "--synthetic", "400", "--replications", "3", *arguments])


def test_the_best_is_printed_with_its_file(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _tune("--lang", "en") == 0
    told = capsys.readouterr().out
    assert "all 3 variants tried, 3 times each" in told
    assert "the profit of the best one is" in told
    assert "\nwakeup 1\n" in told
    assert "tune(" not in told


def test_in_chinese(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _tune("--lang", "zh") == 0
    assert "3 个组合全部试过，各推演 3 次" in capsys.readouterr().out


def test_json_follows_its_schema_and_does_not_depend_on_workers(
    file: Path, checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _tune("--json", "a.json", "-o", "best.wake") == 0
    assert _tune("--json", "b.json", "--workers", "2") == 0
    assert Path("a.json").read_bytes() == Path("b.json").read_bytes()
    found: dict[str, Any] = json.loads(Path("a.json").read_bytes())
    schema = json.loads((checkout / "docs" / "schema" / "tuning.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(found)
    assert found["best"]["values"][0] in Path("best.wake").read_text("utf-8")
    assert run(["check", "best.wake"]) == 0


def test_nothing_is_written_over(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _tune("-o", "c.wake") == 1
    assert file.read_text("utf-8") == TEXT
    Path("other.wake").write_text("mine", "utf-8")
    assert _tune("-o", "other.wake") == 1
    assert Path("other.wake").read_text("utf-8") == "mine"
    assert "written by people only" in capsys.readouterr().err


def test_a_closed_campaign_is_told_how_to_open(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(TEXT.replace("tune(20 CNY..60 CNY step 20 CNY)", "20 CNY"), "utf-8")
    assert _tune("--lang", "en") == 1
    assert "WK5123" in capsys.readouterr().err


def test_simulating_open_numbers_says_that_the_first_of_each_is_taken(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    few = ["--synthetic", "50", "--replications", "1"]
    run(["simulate", "c.wake", *few])
    said = capsys.readouterr().err
    assert "note[WK5141]: c.wake leaves numbers open (`off: discount`); the first value of each is taken" in said
    run(["plan", "c.wake", "-o", "c.json"])
    capsys.readouterr()
    run(["simulate", "c.json", *few])
    assert "WK5141" not in capsys.readouterr().err, "a plan has none"
    picked = file.with_name("picked.wake")
    picked.write_text(TEXT.replace("tune(20 CNY..60 CNY step 20 CNY)", "20 CNY"), "utf-8")
    run(["compare", "picked.wake", "c.wake", *few, "--lang", "zh"])
    said = capsys.readouterr().err
    assert "c.wake 中有尚未选定的数" in said
    assert "picked.wake" not in said

"""`wakeup plan`: drawn, and held against an older one."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from tests.cli.made import CAMPAIGN

from wakeup.cli import run
from wakeup.plan.diff import Kind

SCHEMA = Path(__file__).resolve().parents[2] / "docs" / "schema" / "changes.schema.json"


@pytest.fixture
def newer(folder: Path) -> str:
    """The good campaign with another audience, another text and a larger coupon, beside the good one."""
    text = (
        CAMPAIGN.replace("180d", "90d")
        .replace("Your {{ offer }}", "Dear, your {{ offer }}")
        .replace("30 CNY", "40 CNY")
    )
    (folder / "newer.wake").write_text(text, encoding="utf-8")
    return "newer.wake"


def test_mermaid_is_printed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plan", "spring.wake", "--format", "mermaid"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("flowchart TD\n")
    assert "send hello<br/>by sms<br/>offering off" in out


def test_changes_are_told(newer: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plan", newer, "--against", "spring.wake"]) == 0
    out = capsys.readouterr().out
    assert "last order at least 180 days ago → last order at least 90 days ago" in out
    assert out.endswith("3 changes: 1 audience_widened, 1 copy_only, 1 offer, 1 spend_raised\n")


def test_a_plan_json_is_as_good_as_its_campaign(newer: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plan", "spring.wake", "-o", "old.json"]) == 0
    capsys.readouterr()
    run(["plan", newer, "--against", "spring.wake"])
    told = capsys.readouterr().out
    assert run(["plan", newer, "--against", "old.json", "-o", "new.json"]) == 0
    assert capsys.readouterr().out == told
    run(["plan", "new.json", "--against", "old.json"])
    assert capsys.readouterr().out == told


def test_changes_are_told_in_the_language_that_is_asked_for(newer: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plan", newer, "--against", "spring.wake", "--lang", "zh"]) == 0
    out = capsys.readouterr().out
    assert "人群扩大        活动：人群：距上次下单不少于 180 天 → 距上次下单不少于 90 天\n" in out
    assert out.splitlines()[-1].startswith("3 处变化：人群扩大（audience_widened）1 处、")
    run(["plan", newer, "--against", "spring.wake", "--format", "json"])
    english = capsys.readouterr().out
    run(["plan", newer, "--against", "spring.wake", "--format", "json", "--lang", "zh"])
    assert capsys.readouterr().out == english


def test_changes_as_json_keep_to_their_schema(newer: str, capsys: pytest.CaptureFixture[str]) -> None:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    assert schema["properties"]["changes"]["items"]["properties"]["kinds"]["items"]["enum"] == [*Kind]
    assert run(["plan", newer, "--against", "spring.wake", "--format", "json"]) == 0
    tree = json.loads(capsys.readouterr().out)
    assert [error.message for error in Draft202012Validator(schema).iter_errors(tree)] == []
    assert tree["changes"][0]["kinds"] == ["audience_widened"]
    assert tree["old"]["behaviour_id"] != tree["new"]["behaviour_id"]


@pytest.mark.parametrize(
    ("gate", "code"), [("timing", 0), ("spend_raised", 2), ("timing, copy_only", 2), ("audience_narrowed,goals", 0)]
)
def test_a_gated_kind_is_exit_code_2(newer: str, gate: str, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plan", newer, "--against", "spring.wake", "--gate", gate]) == code
    assert ("WK5032" in capsys.readouterr().err) == (code == 2)


def test_a_gate_that_does_not_exist_is_refused(newer: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plan", newer, "--against", "spring.wake", "--gate", "spend_risen"]) == 1
    err = capsys.readouterr().err
    assert "did you mean `spend_raised`?" in err
    assert all(kind.value in err for kind in Kind)


@pytest.mark.parametrize("options", [["--gate", "timing"], ["--against", "spring.wake", "--format", "mermaid"]])
def test_options_that_mean_nothing_are_refused(
    folder: Path, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["plan", "spring.wake", *options]) == 1
    assert "WK5033" in capsys.readouterr().err


def test_an_old_plan_that_is_wrong_is_told(newer: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "old.json").write_text("{}", encoding="utf-8")
    assert run(["plan", newer, "--against", "old.json"]) == 1
    assert "WK5001" in capsys.readouterr().err
    assert run(["plan", newer, "--against", "gone.wake"]) == 1
    assert "WK1001" in capsys.readouterr().err

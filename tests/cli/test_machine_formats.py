"""`wakeup check --format …`: what other programs read, with the exit codes of the text."""

import json
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from tests.cli.made import CAMPAIGN

from wakeup.cli import run

FORMATS = ("text", "json", "sarif", "github", "junit")
TEN = Path(__file__).with_name("ten_mistakes.wake")
MISTAKES = [
    ("WK3001", 5),
    ("WK2104", 7),
    ("WK2110", 12),
    ("WK2110", 15),
    ("WK2107", 20),
    ("WK2101", 21),
    ("WK2002", 23),
    ("WK2110", 31),
    ("WK2001", 32),
    ("WK2104", 34),
]


@pytest.fixture
def ten(folder: Path) -> str:
    """A file with ten mistakes, in the user's folder."""
    shutil.copy(TEN, folder)
    return TEN.name


def test_sarif_reports_exactly_the_ten_mistakes(ten: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--format", "sarif", ten]) == 1
    out, err = capsys.readouterr()
    assert err == ""
    (sarif,) = json.loads(out)["runs"]
    found = [
        (each["ruleId"], each["locations"][0]["physicalLocation"]["region"]["startLine"]) for each in sarif["results"]
    ]
    assert found == MISTAKES


def test_github_and_junit_report_them_too(ten: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--format", "github", ten]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(MISTAKES)
    assert all(line.startswith(f"::error file={ten},line=") for line in lines)
    assert run(["check", "--format", "junit", ten]) == 1
    root = ET.fromstring(capsys.readouterr().out)
    assert [case.get("line") for case in root.iter("testcase")] == [str(line) for _, line in MISTAKES]


@pytest.mark.parametrize("format", FORMATS)
def test_the_exit_code_is_the_same_in_every_format(
    format: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["check", "--format", format, "spring.wake"]
    assert run([*options, "--strict"]) == 0
    (folder / "spring.wake").write_text(CAMPAIGN.replace("  holdout: 10%\n", ""), encoding="utf-8")
    assert run(options) == 0
    assert run([*options, "--strict"]) == 1
    (folder / "spring.wake").write_text(CAMPAIGN.replace("10%", "10"), encoding="utf-8")
    assert run(options) == 1
    assert run(["check", "--format", format, "nowhere.wake"]) == 1
    assert "WK1001" in "".join(capsys.readouterr())


@pytest.mark.parametrize("format", FORMATS[1:])
def test_every_format_speaks_chinese(ten: str, format: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--format", format, "--lang", "zh", ten]) == 1
    assert "“90”没有单位" in capsys.readouterr().out


def test_only_the_report_is_printed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for form in FORMATS[1:]:
        run(["check", "--format", form, "spring.wake"])
        assert capsys.readouterr().err == ""


def test_a_file_name_that_is_no_text_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for form in FORMATS[1:]:
        assert run(["check", "--format", form, "\udcff.wake"]) == 1
        assert "WK1001" in capsys.readouterr().out

"""`wakeup init`: a project that checks and simulates at once; nothing of the user's is ever written over."""

import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from wakeup.cli import run

COMMON = ["shared/cn_channels.wake", "shared/intl_channels.wake", "wakeup.toml"]


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, which commands are run in."""
    monkeypatch.chdir(tmp_path)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize(("lang", "campaign"), [("en", "winback.wake"), ("zh", "老客召回.wake")])
def test_a_new_project_is_clean_and_simulates(
    empty: Path, lang: str, campaign: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["init", "spring sale", "--lang", lang]) == 0
    assert files(empty / "spring sale") == sorted([*COMMON, campaign])
    commands = [shlex.split(line) for line in capsys.readouterr().out.splitlines() if line.startswith("  ")]
    assert [command[:2] for command in commands] == [["wakeup", "check"], ["wakeup", "simulate"]]
    check, simulate = (command[1:] for command in commands)
    assert simulate[-2:] == ["--synthetic", "1000"]
    assert run([*check, "--strict"]) == 0
    assert "clean" in capsys.readouterr().err
    assert run([*simulate, "--json", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["figures"]["touched"]["value"] > 0


def test_the_language_is_that_of_the_environment(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert run(["init", "a"]) == 0
    assert (empty / "a" / "老客召回.wake").is_file()


def test_a_folder_with_other_files_is_kept(empty: Path) -> None:
    (empty / "shared").mkdir()
    (empty / "shared" / "mine.wake").write_text("mine")
    (empty / "notes.txt").write_text("mine")
    assert run(["init"]) == 0
    assert files(empty) == sorted([*COMMON, "notes.txt", "shared/mine.wake", "winback.wake"])


def test_files_in_the_way_are_all_named_and_nothing_is_written(empty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (empty / "shared").mkdir()
    (empty / "shared" / "cn_channels.wake").write_text("mine")
    (empty / "winback.wake").symlink_to("nowhere")
    assert run(["init"]) == 1
    err = capsys.readouterr().err
    assert "WK5040" in err
    assert "2 file(s)" in err
    assert "`shared/cn_channels.wake`, `winback.wake`" in err
    assert files(empty) == ["shared/cn_channels.wake"]
    assert (empty / "shared" / "cn_channels.wake").read_text() == "mine"


def test_a_file_where_a_folder_should_be_is_in_the_way(empty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (empty / "shared").write_text("mine")
    assert run(["init"]) == 1
    assert "1 file(s) are in the way in .: `shared`" in capsys.readouterr().err
    assert run(["init", "shared"]) == 1
    assert "WK6001" in capsys.readouterr().err
    assert files(empty) == ["shared"]


@pytest.mark.parametrize("failure", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_what_stops_half_way_leaves_nothing(
    empty: Path, failure: BaseException, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened: list[Any] = []

    def stops(*arguments: Any, **more: Any) -> Any:
        opened.append(arguments)
        if len(opened) == 3:
            raise failure
        return open(*arguments, **more)

    monkeypatch.setattr("wakeup.cli.init.open", stops, raising=False)
    assert run(["init", "deep/down"]) == (1 if isinstance(failure, OSError) else 130)
    assert len(opened) == 3
    assert list(empty.iterdir()) == []
    assert "Traceback" not in capsys.readouterr().err


def test_a_folder_that_cannot_be_made_is_told(empty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (empty / "file").write_text("mine")
    assert run(["init", "file/below"]) == 1
    assert "WK6001" in capsys.readouterr().err

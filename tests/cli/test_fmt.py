"""`wakeup fmt` writes in place, tells what it did, and touches nothing that it cannot read."""

import os
from pathlib import Path

import pytest

import wakeup.format
from wakeup.cli import run

LOOSE = "wakeup 1\ngift kit { cost:5 CNY }\n"
TIGHT = "wakeup 1\n\ngift kit { cost: 5 CNY }\n"
BROKEN = "wakeup 1\ngift kit { cost: }\n"


@pytest.fixture
def files(folder: Path) -> dict[str, Path]:
    """A folder with a loose, a canonical and a broken file."""
    texts = {"loose": LOOSE, "tight": TIGHT, "broken": BROKEN}
    (folder / "shop").mkdir()
    paths = {name: folder / "shop" / f"{name}.wake" for name in texts}
    for name, path in paths.items():
        path.write_text(texts[name], "utf-8")
    return paths


def test_files_are_formatted_in_place(files: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["fmt", "shop/loose.wake", "shop/tight.wake"]) == 0
    told = capsys.readouterr()
    assert told.out.split() == ["shop/loose.wake"]
    assert "2 files read, 1 formatted" in told.err
    assert files["loose"].read_text("utf-8") == files["tight"].read_text("utf-8") == TIGHT
    assert run(["fmt", "shop/loose.wake"]) == 0
    assert capsys.readouterr().out == ""


def test_check_names_what_would_change_and_changes_nothing(
    files: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["fmt", "--check", "shop/loose.wake", "shop/tight.wake"]) == 1
    assert capsys.readouterr().out.split() == ["shop/loose.wake"]
    assert files["loose"].read_text("utf-8") == LOOSE
    assert run(["fmt", "--check", "shop/tight.wake"]) == 0


def test_a_broken_file_is_not_touched_and_the_others_are(
    files: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["fmt", "shop"]) == 1
    told = capsys.readouterr()
    assert told.out.split() == ["shop/loose.wake"]
    assert "broken.wake:2" in told.err
    assert files["broken"].read_text("utf-8") == BROKEN
    assert files["loose"].read_text("utf-8") == TIGHT


def test_a_file_that_cannot_be_read_does_not_stop_the_others(
    files: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    files["broken"].write_bytes(b"\xff\xfe\xff")
    assert run(["fmt", "absent.wake", "shop"]) == 1
    told = capsys.readouterr().err
    assert "WK1001" in told
    assert "broken.wake" in told
    assert files["loose"].read_text("utf-8") == TIGHT


def test_it_translates_there_and_back(files: dict[str, Path]) -> None:
    assert run(["fmt", "--lang", "zh", "shop/tight.wake"]) == 0
    assert files["tight"].read_text("utf-8") == "wakeup 1\n\n赠品 kit { 成本: 5元 }\n"
    assert run(["fmt", "shop/tight.wake", "--check"]) == 0
    assert run(["fmt", "--lang", "en", "shop/tight.wake"]) == 0
    assert files["tight"].read_text("utf-8") == TIGHT


def test_line_ends_and_byte_order_marks_are_normalised(files: dict[str, Path]) -> None:
    files["tight"].write_bytes(b"\xef\xbb\xbf" + TIGHT.replace("\n", "\r\n").encode())
    assert run(["fmt", "shop/tight.wake"]) == 0
    assert files["tight"].read_bytes() == TIGHT.encode()


def test_permissions_and_links_stay(files: dict[str, Path]) -> None:
    link = files["loose"].with_name("link.wake")
    link.symlink_to(files["loose"])
    files["loose"].chmod(0o640)
    assert run(["fmt", str(link)]) == 0
    assert link.is_symlink()
    assert files["loose"].read_text("utf-8") == TIGHT
    assert files["loose"].stat().st_mode & 0o777 == 0o640


def test_nothing_is_written_on_a_doubt(
    files: dict[str, Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wakeup.format, "print_file", lambda *_: TIGHT.replace("5", "6"))
    assert run(["fmt", "shop/loose.wake"]) == 4
    assert "WK9002" in capsys.readouterr().err
    assert files["loose"].read_text("utf-8") == LOOSE


def test_a_failed_write_leaves_the_file(
    files: dict[str, Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert run(["fmt", "shop/loose.wake"]) == 1
    told = capsys.readouterr()
    assert "WK6001" in told.err
    assert told.out == ""
    assert files["loose"].read_text("utf-8") == LOOSE
    assert sorted(path.name for path in files["loose"].parent.iterdir()) == ["broken.wake", "loose.wake", "tight.wake"]

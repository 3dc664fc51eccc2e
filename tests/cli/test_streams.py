"""Standard output and error as a shell gives them: a process each, since only a process has streams to lose."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SIMULATE = "simulate spring.wake --synthetic 50 --replications 1"
FULL = Path("/dev/full")


def shell(line: str, **environment: str) -> "subprocess.CompletedProcess[bytes]":
    """Run a line of bash in which `wakeup` is this checkout's."""
    program = f'"{sys.executable}" -c "from wakeup.cli import main; main()"'
    env = {name: value for name, value in os.environ.items() if name not in ("LC_ALL", "LANG", "PYTHONIOENCODING")}
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; wakeup() {{ {program} \"$@\"; }}; {line}"],
        capture_output=True, check=False, env=env | environment, timeout=60,
    )  # fmt: skip
    assert b"Traceback" not in done.stderr
    assert b"WK9001" not in done.stderr
    assert b"Exception ignored" not in done.stderr
    return done


@pytest.mark.parametrize("command", ["plan spring.wake", f"{SIMULATE} --json -"])
def test_a_reader_that_goes_away_is_no_failure(folder: Path, command: str) -> None:
    assert shell(f"wakeup {command} | true").returncode == 0


@pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("command", ["explain WK3004", SIMULATE])
def test_a_full_disk_behind_standard_output_is_said(folder: Path, command: str) -> None:
    done = shell(f"wakeup {command} > {FULL}")
    assert done.returncode == 1
    assert b"WK6001" in done.stderr


def test_a_closed_standard_output_cannot_take_the_result(folder: Path) -> None:
    done = shell(f"wakeup {SIMULATE} --json - >&-")
    assert done.returncode == 1
    assert b"WK6001" in done.stderr
    assert shell(f"wakeup {SIMULATE} --json out.json >&-").returncode == 0
    assert (folder / "out.json").stat().st_size > 100


def test_a_closed_standard_error_changes_no_exit_code(folder: Path) -> None:
    assert shell("wakeup check absent.wake 2>&-").returncode == 1


@pytest.mark.parametrize("encoding", ["ascii", "gbk"])
def test_a_terminal_of_few_characters_loses_no_minus(folder: Path, encoding: str) -> None:
    file = folder / "spring.wake"
    hall = "budget 900 CNY { hall: 900 CNY }\ncost hire { amount: 900 CNY, line: hall, on: 2026-09-02 }\n"
    file.write_text(file.read_text("utf-8").replace('"Spring"', '"老客😀"') + hall, encoding="utf-8")
    done = shell(f"wakeup {SIMULATE}", PYTHONIOENCODING=encoding)
    assert done.returncode == 0
    (profit,) = [line for line in done.stdout.decode(encoding).splitlines() if line.strip(" |").startswith("Profit")]
    assert "-" in profit
    assert "\\u" not in profit


def test_a_narrow_terminal_cuts_no_number_and_no_columns_are_an_unknown_width(folder: Path) -> None:
    wide, narrow, unknown = (shell(f"wakeup {SIMULATE}", COLUMNS=columns).stdout for columns in ("80", "30", "0"))
    assert b"Profit" in wide
    assert narrow == unknown == wide


@pytest.mark.parametrize(
    ("command", "output"),
    [
        ("simulate spring.wake --synthetic 3000 --replications 1 --events", "out.csv"),
        ("simulate spring.wake --synthetic 3000 --replications 1 --events", "out.parquet"),
        ("customers synth 3000 -o", "out.parquet"),
        ("plan spring.wake -o", "out.json"),
    ],
)
def test_a_disk_that_takes_no_more_leaves_the_old_file(folder: Path, command: str, output: str) -> None:
    (folder / output).write_text("old", encoding="utf-8")
    before = sorted(folder.iterdir())
    done = shell(f"ulimit -f 1; wakeup {command} {output}")  # no file may grow beyond 1 KiB
    assert done.returncode == 1
    assert b"error[WK" in done.stderr
    assert (folder / output).read_text("utf-8") == "old"
    assert [each for each in sorted(folder.iterdir()) if each.name != ".wakeup"] == before

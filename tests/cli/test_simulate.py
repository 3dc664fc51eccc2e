"""`wakeup simulate` cut short, gone on with, stopped early, on several processes, with a disk that fills up."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from wakeup import load
from wakeup.cli import run
from wakeup.sim.jobs import Done, Job, Setting
from wakeup.sim.sensitivity import paths_of

SPRING = ["simulate", "spring.wake", "--synthetic", "60", "--engine", "reference"]


def tree(path: Path) -> Any:
    found = json.loads(path.read_bytes())
    del found["timing"]
    return found


@pytest.fixture
def ctrl_c_at_3(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C while the third replication is played, once."""
    tally, seen = Setting.tally, set()

    def interrupted(setting: Setting, job: Job) -> Done:
        if job.replication == 3 and not seen:
            seen.add(job)
            raise KeyboardInterrupt
        return tally(setting, job)

    monkeypatch.setattr(Setting, "tally", interrupted)


def names(folder: Path) -> set[str]:
    return {each.name for each in folder.iterdir() if each.name != ".wakeup"}


@pytest.mark.usefixtures("ctrl_c_at_3")
def test_an_interrupt_leaves_a_partial_result_to_go_on_from(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = names(folder)
    assert run([*SPRING, "--replications", "4", "--json", "a.json"]) == 130
    said = capsys.readouterr()
    assert "2 replications, seed 1" in said.out
    assert "interrupted: these are the figures of 2 replications out of 4" in said.err
    assert "go on with: --resume a.json.partial" in said.err
    assert names(folder) == before | {"a.json", "a.json.partial"}
    partial = tree(folder / "a.json")
    assert (partial["partial"], partial["replications"], partial["stopped"]["most"]) == (True, 2, 4)
    assert run([*SPRING, "--replications", "4", "--json", "a.json", "--resume", "a.json.partial"]) in (0, 2)
    assert names(folder) == before | {"a.json"}
    assert run([*SPRING, "--replications", "4", "--json", "b.json"]) in (0, 2)
    assert tree(folder / "a.json") == tree(folder / "b.json")
    assert tree(folder / "b.json")["partial"] is False


@pytest.mark.usefixtures("ctrl_c_at_3")
def test_without_an_output_there_is_still_a_table(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = names(folder)
    assert run([*SPRING, "--lang", "zh"]) == 130
    said = capsys.readouterr()
    assert "2 次推演" in said.out
    assert "已中断：以上是 20 次中前 2 次推演的指标" in said.err
    assert "--resume" not in said.err
    assert names(folder) == before


@pytest.mark.usefixtures("ctrl_c_at_3")
def test_a_report_is_of_a_complete_run_only(folder: Path) -> None:
    assert run([*SPRING, "--report", "a.html", "--json", "-"]) == 130
    assert not (folder / "a.html").exists()
    assert (folder / "a.html.partial").is_dir()


@pytest.mark.usefixtures("ctrl_c_at_3")
def test_without_resume_a_run_begins_anew(folder: Path) -> None:
    assert run([*SPRING, "--json", "a.json"]) == 130
    assert run([*SPRING, "--json", "a.json", "--seed", "2", "--replications", "2"]) in (0, 2)
    assert tree(folder / "a.json")["seed"] == 2
    assert not (folder / "a.json.partial").exists()


def test_a_run_stops_when_it_is_precise_enough(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*SPRING, "--precision", "wake_rate=40%", "--json", "a.json"]) in (0, 2)
    found = tree(folder / "a.json")
    assert (found["replications"], found["stopped"]["because"], found["stopped"]["most"]) == (20, "precision", 1000)
    assert found["stopped"]["precision"]["wake_rate"]["asked"] == 0.4
    reached = 100 * found["stopped"]["precision"]["wake_rate"]["reached"]
    told = f"the value is known to ± {reached:.3g} % after 20 replications (asked: ± 40 %)"
    assert told in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--precision", "wake_rat=1%"], "WK5113"),
        (["--precision", "wake_rate"], "WK5114"),
        (["--resume", "."], "WK5115"),
        (["--cluster", "tcp://127.0.0.1:9", "--workers", "2"], "WK5121"),
    ],
)
def test_slips_are_told(folder: Path, capsys: pytest.CaptureFixture[str], options: list[str], code: str) -> None:
    before = names(folder)
    assert run([*SPRING, *options]) == 1
    assert code in capsys.readouterr().err
    assert names(folder) == before


def test_two_runs_with_one_output_at_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from wakeup.sim.kept import Kept

    with Kept(folder / "a.json.partial"):
        assert run([*SPRING, "--json", "a.json"]) == 1
    assert "error[WK5118]: another run is writing to the same place" in capsys.readouterr().err
    assert not (folder / "a.json").exists()


def test_a_result_that_cannot_be_written_can_be_gone_on_from(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        assert run([*SPRING, "--replications", "2", "--json", "a.json"]) == 1
    assert "go on with: --resume a.json.partial" in capsys.readouterr().err
    assert run([*SPRING, "--replications", "2", "--json", "a.json", "--resume", "a.json.partial"]) in (0, 2)
    assert json.loads((folder / "a.json").read_bytes())["timing"]["kept"] == 2


def test_customers_in_a_folder_on_several_workers(folder: Path) -> None:
    assert run(["customers", "synth", "60", "-o", "people", "--shards", "3"]) == 0
    options = ["--engine", "reference", "--replications", "2"]
    command = ["simulate", "spring.wake", "--customers", "people", *options]
    assert run([*command, "--workers", "2", "--json", "a.json"]) in (0, 2)
    assert run([*SPRING, *options, "--json", "b.json"]) in (0, 2)
    assert tree(folder / "a.json") == tree(folder / "b.json")


# --- processes -------------------------------------------------------------------------------------------------------


def begun(folder: Path, *options: str, **popen: Any) -> subprocess.Popen[bytes]:
    """Start a run of its own that takes a while."""
    command = [sys.executable, "-c", "from wakeup.cli import main; main()", *SPRING[:2], "--synthetic", "600"]
    return subprocess.Popen(
        [*command, "--engine", "reference", "--replications", "40", *options],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        **popen,
    )


def until(reached: Any, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.02)


@pytest.mark.skipif(sys.platform == "win32", reason="process groups")
@pytest.mark.parametrize("workers", ["1", "2"])
def test_ctrl_c_on_the_terminal(folder: Path, workers: str) -> None:
    process = begun(folder, "--json", "a.json", "--workers", workers)
    try:
        until(lambda: len(list((folder / "a.json.partial").glob("*-*.npz"))) >= 2)
    finally:
        os.killpg(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=60)
    told = err.decode()
    assert process.returncode == 130
    assert "interrupted: these are the figures of" in told
    assert "Traceback" not in told
    found = tree(folder / "a.json")
    assert found["partial"] is True
    assert 1 <= found["replications"] < 40


@pytest.mark.skipif(sys.platform == "win32", reason="process groups")
def test_ctrl_c_while_workers_start_is_told_in_a_line(folder: Path) -> None:
    process = begun(folder, "--json", "a.json", "--workers", "2")
    try:
        until((folder / "a.json.partial" / "run.json").exists)
    finally:
        os.killpg(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err.decode().splitlines()[-1] == "interrupted; nothing is half written"
    assert "Traceback" not in err.decode()


@pytest.mark.skipif(sys.platform == "win32", reason="limits of processes")
def test_a_full_disk_while_replications_are_kept(folder: Path) -> None:
    import resource

    def little_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (600, 600))

    process = begun(folder, "--json", "a.json", "--replications", "2", preexec_fn=little_room)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "warning[WK5117]" in err.decode()
    assert "error[WK6001]" in err.decode()
    assert names(folder) == {"spring.wake", "orders.csv"}


def test_what_the_sensitivity_costs_is_said_before_and_what_it_found_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wakeup.sim.sensitivity.PATHS", 1)
    found = paths_of(load("spring.wake"), 1)
    assert run(
        ["simulate", "spring.wake", "--synthetic", "40", "--replications", "1", "--sensitivity", "--json", "s.json"]
    ) in (0, 2)
    said = capsys.readouterr()
    assert f"1 paths through {len(found.rows)} assumptions, {found.runs} more replications" in said.err
    told = tree(folder / "s.json")["sensitivity"]
    assert len(told) == len(found.rows)
    assert ("What the profit hangs on, one by one" in said.out) == any(each["size"] for each in told)

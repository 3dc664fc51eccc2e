"""`wakeup tasks`: a campaign over people: tasks go out as a list, come back filled in, and the run goes on."""

import csv
import io
import re
from pathlib import Path

import pytest

from wakeup.cli import run
from wakeup.cli.exits import FINE, REFUSED, WRONG_INPUT

DATA = ["--customers", "customers.csv"]
QUEUE = '[channels.mail]\nadapter = "queue"\naddress = "email"\nhours = "00:00-24:00"\n'
STORE = ["--store", "a.db"]


@pytest.fixture
def handed_over(project: Path, capsys: pytest.CaptureFixture[str]) -> int:
    """A campaign whose first messages wait for people; returns how many."""
    (project / "wakeup.toml").write_text(QUEUE, "utf-8")
    assert run(["run", "spring.wake", *DATA, *STORE, "--unsimulated"]) == REFUSED
    found = re.search(r"--approve (\w{8})", capsys.readouterr().err)
    assert found is not None
    options = [*DATA, *STORE, "--unsimulated", "--approve", found[1], "--once"]
    assert run(["run", "spring.wake", *options]) == FINE
    capsys.readouterr()
    assert run(["tasks", "mail", *STORE]) == FINE
    count = re.search(r"(\d+) tasks can be taken", capsys.readouterr().out)
    assert count is not None
    return int(count[1])


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))


def test_a_list_goes_out_and_comes_back(handed_over: int, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["tasks", "mail", *STORE, "--out", "calls.csv", "--most", "5"]) == FINE
    assert "5 tasks to calls.csv" in capsys.readouterr().out
    handed = rows(project / "calls.csv")
    assert all("@" in each["address"] and each["text"] for each in handed)
    assert run(["tasks", "mail", *STORE]) == FINE
    assert f"{handed_over - 5} tasks can be taken" in capsys.readouterr().out
    results = ["done", "done", "not done", "opted out", "perhaps"]
    lines = [f"{each['row']},{result}" for each, result in zip(handed, results, strict=True)]
    (project / "back.csv").write_text("\n".join(["row,result", *lines]), "utf-8")
    assert run(["tasks", "mail", *STORE, "--back", "back.csv"]) == WRONG_INPUT
    printed = capsys.readouterr()
    assert "4 tasks taken back" in printed.out
    assert "WK7073" in printed.err
    assert run(["run", "spring.wake", *STORE, "--once"]) == FINE
    capsys.readouterr()
    assert run(["tasks", "mail", *STORE, "--back", "back.csv", "--lang", "zh"]) == WRONG_INPUT
    assert "已取回 0 个任务" in capsys.readouterr().out


def test_a_channel_without_tasks_is_told(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["tasks", "mail", *STORE]) == WRONG_INPUT
    assert "WK7076" in capsys.readouterr().err
    (project / "wakeup.toml").write_text(QUEUE.replace("24:00", "99:00"), "utf-8")
    assert run(["tasks", "mail", *STORE]) == WRONG_INPUT
    assert "WK7069" in capsys.readouterr().err
    (project / "wakeup.toml").write_text(QUEUE, "utf-8")
    assert run(["tasks", "other", *STORE]) == WRONG_INPUT
    assert "channels with tasks are `mail`" in capsys.readouterr().err

"""What is told of learning from logs: its rows, its form, its targets."""

import json
from pathlib import Path

import pytest

from benchmarks import learning
from wakeup.customers import from_history


def test_a_made_log_has_its_people_and_orders(tmp_path: Path) -> None:
    found = from_history(learning.made_log(tmp_path / "log.parquet", people=300, orders=900))
    assert (found.report.orders, found.report.customers) == (900, 300)
    assert found.population.orders.max() > 5


def test_small_sizes_run_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAKEUP_DATA", str(tmp_path))
    code = learning.main(["--customers", "2000", "--lines", "500", "--json", str(tmp_path / "l.json")])
    caught = capsys.readouterr()
    assert "WAKEUP_DATA" in caught.err
    tree = json.loads((tmp_path / "l.json").read_text("utf-8"))
    assert [row["target_s"] for row in tree["rows"]] == [10.0, None]
    assert all(row["wall_s"] > 0 and row["what"] in caught.out for row in tree["rows"])
    assert code == 0


def test_a_missed_target_is_told() -> None:
    missed, reached, free = (learning.Row("x", 3.0, 1.0, each) for each in (2.0, 3.0, None))
    assert [each.reached for each in (missed, reached, free)] == [False, True, None]
    assert "2 s missed" in learning.table([missed])
    assert "missed" not in learning.table([reached, free])

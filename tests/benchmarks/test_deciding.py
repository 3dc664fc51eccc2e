"""What is told of deciding: the report and the comparison, run whole at a small size."""

import json
from pathlib import Path

import pytest

from benchmarks import deciding


@pytest.mark.slow
def test_small_sizes_run_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = deciding.main(["--customers", "300", "--replications", "4", "--json", str(tmp_path / "d.json")])
    caught = capsys.readouterr()
    rows = json.loads((tmp_path / "d.json").read_text("utf-8"))["rows"]
    assert len(rows) == 4
    assert [row["target_s"] for row in rows] == [None] * 4, "targets are those of the full size"
    assert rows[0]["wall_s"] > rows[1]["wall_s"] > 0
    assert all(row["what"] in caught.out for row in rows)
    assert code == 0

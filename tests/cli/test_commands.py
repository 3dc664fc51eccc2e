"""The commands do what they say, with the exit codes of the contract."""

import json
from pathlib import Path

import pytest
from tests.cli.made import CAMPAIGN

from wakeup.cli import run


def out(arguments: list[str], capsys: pytest.CaptureFixture[str], code: int = 0) -> str:
    """Run a command, see its exit code and return what it printed."""
    assert run(arguments) == code
    return capsys.readouterr().out


def test_check_is_clean(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--strict", "spring.wake"]) == 0
    assert "clean" in capsys.readouterr().err


def test_strict_fails_on_warnings(folder: Path) -> None:
    (folder / "spring.wake").write_text(CAMPAIGN.replace("  holdout: 10%\n", ""), encoding="utf-8")
    assert run(["check", "spring.wake"]) == 0
    assert run(["check", "--strict", "spring.wake"]) == 1


def test_check_prints_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "spring.wake").write_text(CAMPAIGN.replace("10%", "10"), encoding="utf-8")
    tree = json.loads(out(["check", "--format", "json", "spring.wake"], capsys, 1))
    assert [each["severity"] for each in tree["diagnostics"]] == ["error"]


def test_check_speaks_chinese(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "spring.wake").write_text(CAMPAIGN.replace("10%", "10"), encoding="utf-8")
    assert run(["check", "--lang", "zh", "spring.wake"]) == 1
    assert "错误" in capsys.readouterr().err


def test_plan_in_words_and_as_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = out(["plan", "spring.wake"], capsys)
    assert "hello" in words
    assert "30" in words
    printed = out(["plan", "spring.wake", "--format", "json"], capsys)
    assert run(["plan", "spring.wake", "-o", "plan.json"]) == 0
    assert (folder / "plan.json").read_text(encoding="utf-8") == printed


def test_a_plan_runs_like_its_campaign(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["plan", "spring.wake", "-o", "plan.json"])
    capsys.readouterr()
    options = ["--synthetic", "300", "--seed", "3", "--replications", "2", "--json", "-"]
    trees = [json.loads(out(["simulate", file, *options], capsys)) for file in ("spring.wake", "plan.json")]
    for tree in trees:
        del tree["timing"]
    assert trees[0] == trees[1]


def test_equal_runs_give_equal_bytes_but_for_timing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["simulate", "spring.wake", "--synthetic", "300", "--replications", "3", "--json", "-"]
    first, second, engine, seed = (
        json.loads(out([*options, *more], capsys))
        for more in ([], ["--workers", "2"], ["--engine", "reference"], ["--seed", "2"])
    )
    timings = [tree.pop("timing") for tree in (first, second, engine, seed)]
    assert all(timing["wall_s"] > 0 for timing in timings)
    assert first == second == engine
    assert first["figures"] != seed["figures"]


def test_an_expectation_that_fails_is_exit_code_2(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = CAMPAIGN + "expect wake_rate >= 99% sure 90%\n"
    (folder / "spring.wake").write_text(text, encoding="utf-8")
    told = out(["simulate", "spring.wake", "--synthetic", "300", "--replications", "5"], capsys, 2)
    assert "wake_rate >= 99%" in told


def test_all_outputs_at_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    outputs = ["--json", "r.json", "--report", "r.html", "--events", "e.csv"]
    told = out(["simulate", "spring.wake", "--synthetic", "300", "--replications", "2", *outputs], capsys)
    assert "r.html" in told
    result = json.loads((folder / "r.json").read_text(encoding="utf-8"))
    assert result["customers"] == 300
    assert (folder / "r.html").read_bytes().startswith(b"<!doctype html>")
    head, *rows = (folder / "e.csv").read_text(encoding="utf-8").splitlines()
    assert head.startswith(
        "customer_id,t,seq,kind,journey,step,message,channel,incentive,occurrence,reason,amount_minor"
    )
    assert any(",sent," in row for row in rows)
    assert not list(folder.glob(".wakeup-*"))


def test_a_simulation_is_recorded_beside_the_campaign(folder: Path) -> None:
    for seed in ("1", "2", "2"):
        assert run(["simulate", "spring.wake", "--synthetic", "50", "--replications", "1", "--seed", seed]) in (0, 2)
    records = [json.loads(each.read_text(encoding="utf-8")) for each in (folder / ".wakeup" / "runs").iterdir()]
    assert {len(each[name]) for each in records for name in ("conduct", "forecast", "data")} == {16}
    assert len({each["conduct"] for each in records}) == 1
    assert len({each["data"] for each in records}) == 2  # other people: the seed makes them, too


def test_real_customers(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["simulate", "spring.wake", "--customers", "orders.csv", "--as-of", "2026-01-01", "--replications", "2"]
    tree = json.loads(out([*options, "--json", "-"], capsys))
    assert tree["customers"] == 300
    assert tree["figures"]["targeted"]["value"] > 0
    assert any("fitted" in row["source"] for row in tree["basis"])


def test_customers_there_and_back(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out(["customers", "import", "orders.csv", "-o", "people.parquet", "--as-of", "2026-01-01"], capsys)
    assert "300" in out(["customers", "profile", "--customers", "people.parquet"], capsys)
    out(["customers", "synth", "200", "-o", "made.parquet"], capsys)
    options = ["--replications", "1", "--json", "-"]
    made = json.loads(out(["simulate", "spring.wake", "--customers", "made.parquet", *options], capsys))
    fresh = json.loads(out(["simulate", "spring.wake", "--synthetic", "200", *options], capsys))
    assert made["figures"] == fresh["figures"]


def test_an_interrupt_is_told_and_leaves_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("wakeup.sim.replications.simulate", interrupted)
    before = sorted(folder.iterdir())
    assert run(["simulate", "spring.wake", "--synthetic", "50", "--json", "r.json"]) == 130
    assert "interrupted" in capsys.readouterr().err
    assert sorted(folder.iterdir()) == before


def test_a_bug_of_ours_is_told_as_one(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr("wakeup.sim.replications.simulate", broken)
    assert run(["simulate", "spring.wake", "--synthetic", "50"]) == 4
    said = capsys.readouterr().err
    assert "WK9001" in said
    assert "Traceback" not in said


def test_a_full_disk(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    assert run(["simulate", "spring.wake", "--synthetic", "50", "--replications", "1", "--json", "r.json"]) == 1
    assert "no space left" in capsys.readouterr().err
    assert not (folder / "r.json").exists()
    assert not list(folder.glob(".wakeup-*"))


def test_explain(capsys: pytest.CaptureFixture[str]) -> None:
    assert "WK1002" in out(["explain", "wk1002"], capsys)
    assert run(["explain", "WK0000"]) == 1


def test_customers_made_for_a_date_are_of_the_zone_s_midnight(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = ["customers", "synth", "200", "-o", "made.parquet", "--as-of", "2026-09-01"]
    simulated = ["simulate", "spring.wake", "--customers", "made.parquet", "--as-of", "2026-09-01"]
    out(made, capsys)
    assert run([*simulated, "--replications", "1"]) == 1
    assert "made as of 2026-09-01 08:00:00+08:00, later than 2026-09-01 00:00:00+08:00" in capsys.readouterr().err
    out([*made, "--zone", "Asia/Shanghai"], capsys)
    out([*simulated, "--replications", "1"], capsys)

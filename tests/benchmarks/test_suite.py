"""The suite: every program in its own process, ratios only where counts agree, JSON, history, targets."""

import json
from pathlib import Path

import numpy as np
import pytest
from attrs import evolve
from benchmarks.__main__ import main
from benchmarks.record import history, remember, to_json
from benchmarks.shown import shown
from benchmarks.suite import Changed, Found, Row, beside, played
from benchmarks.targets import targets
from benchmarks.w import terms as w
from benchmarks.w.measured import Measured, in_own_process
from benchmarks.w.programs import ALL_FIGURES, BY_HAND, CHANGED, CHANGED_PROGRAMS, NATURAL, PROGRAMS, program
from benchmarks.w.scatter import FAR

TABLE = np.ones((len(w.METRICS), len(w.GROUPS)))


def measured(name: str, seconds: float | None, customers: int = 100_000) -> Measured:
    if seconds is None:
        return Measured(name, customers, note="more than 60 s")
    return Measured(name, customers, "ok", seconds, seconds, 1, 50 * customers, {"people": 0.1}, TABLE)


@pytest.fixture
def found() -> Found:
    """Findings made up: NumPy 0.1 s, wakeup 0.2 s, SimPy 100 s, the heap loop with wrong counts, Mesa missing."""
    rows = [
        Row(measured(NATURAL, 100.0), 1.0, "sent of top"),
        Row(Measured("Mesa, a step a day", 100_000, "missing", note="mesa is not installed")),
        Row(measured("heap loop", 4.0), FAR + 0.1, "clicked of low"),
        Row(measured(BY_HAND, 0.1), 0.5, "sent of low"),
        Row(measured(ALL_FIGURES, 0.2), 2.0, "sent of low"),
    ]
    changed = [
        Changed(measured(CHANGED + "all limits slack", 0.6), "slack", False, 6.2, 3.0, 6.0),
        Changed(measured(CHANGED + "reordered", 0.2), "the last touch first", True, 6.2, 1.1, 2.0),
        Changed(measured(CHANGED + "another cap", None), "at most 2", True, None, None, None),
    ]
    replicated = [measured("20 replications, 1 process", 4.0), measured("20 replications, 2 processes", 2.5)]
    shared = [measured("one, 1 process", 4.0), measured("one, 2 processes", 2.5)]
    imports = {"NumPy": 0.1, "Mesa": None}
    return Found({100_000: beside(rows)}, 100_000, changed, replicated, shared, True, imports, 60.0)


def row(found: Found, name: str) -> Row:
    return next(each for each in found.sizes[100_000] if each.measured.program == name)


def test_ratios_are_of_the_time_per_customer(found: Found) -> None:
    assert row(found, NATURAL).to_numpy == pytest.approx(1_000)
    assert row(found, NATURAL).to_wakeup == pytest.approx(500)
    assert row(found, ALL_FIGURES).to_numpy == pytest.approx(2)


def test_no_ratio_is_quoted_where_counts_differ_or_are_missing(found: Found) -> None:
    for name in ("heap loop", "Mesa, a step a day"):
        assert (row(found, name).to_numpy, row(found, name).to_wakeup) == (None, None)
    differing = [evolve(each, far=9.0) if each.measured.program == BY_HAND else each for each in found.sizes[100_000]]
    assert {each.to_numpy for each in beside(differing)} == {None}


def test_what_is_wrong_is_said(found: Found) -> None:
    assert [each.split(":")[0] for each in found.wrong] == ["heap loop, 100,000 customers"]
    assert not evolve(found, sizes={}).wrong
    assert evolve(found, sizes={}, same=False).wrong
    failed = evolve(found.replicated[0], status="failed", note="it ended")
    assert evolve(found, sizes={}, replicated=[failed]).wrong
    assert evolve(found, sizes={}, shared=[failed]).wrong


def test_the_table_has_every_program_and_what_was_skipped(found: Found) -> None:
    text = shown(found)
    assert "missing: mesa is not installed" in text
    assert "SKIPPED: Mesa, a step a day" in text
    assert "WRONG: heap loop, 100,000 customers: clicked of low is 4.1 standard errors away" in text
    assert "W, another cap" in text
    assert "more than 60 s" in text


def test_targets_are_judged_where_there_is_something_to_judge(found: Found) -> None:
    met = {each.what.split(",")[1].split(":")[-1].strip(): each.met for each in targets(found)}
    assert [each.met for each in targets(found)] == [True, False, True], met
    assert not list(targets(evolve(found, sizes={}, changed=[])))


def test_slack_limits_are_judged_at_their_own_size(found: Found) -> None:
    many = Changed(measured(CHANGED + "all limits slack", 6.0, 1_000_000), "slack", False, 6.2, 3.0, 4.0)
    both = evolve(found, changed=[*found.changed, many])
    judged = {each.what.split(":")[0]: each.met for each in targets(both) if "slack" in each.what}
    assert judged == {"100,000": False, "1,000,000": True}
    assert "W, all limits slack, 1,000,000" in shown(both)
    assert [each["customers"] for each in json.loads(to_json(both))["changed"]["plans"]][-1] == 1_000_000
    at_both = evolve(both, sizes={**both.sizes, 1_000_000: []})
    assert [line.split("|")[7].strip() for line in history(at_both)] == ["6", "4"]


def test_json_has_the_shape_that_readers_rely_on(found: Found) -> None:
    content = json.loads(to_json(found))
    assert content["format"] == 1
    assert set(content["machine"]) == {"cores", "memory_gb"}  # and nothing else is told of it
    (size,) = content["sizes"]
    assert size["customers"] == 100_000
    natural, mesa, *_ = size["programs"]
    assert natural["to_numpy"] == pytest.approx(1_000)
    assert natural["bytes_per_customer"] == 50
    assert (mesa["status"], mesa["seconds"], mesa["agrees"]) == ("missing", None, False)
    assert {frozenset(each) for each in size["programs"]} == {frozenset(natural)}
    assert content["changed"]["plans"][0]["per_event_to_w"] == 3.0
    assert content["replications"]["same"] is True
    assert len(content["targets"]) == 3


def test_history_is_appended(found: Found, tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    page.write_text("before\n<!-- history -->\n| date |\n|---|\n<!-- end -->\nafter\n", "utf-8")
    remember(found, page)
    remember(found, page)
    lines = page.read_text("utf-8").splitlines()
    assert lines[:4] == ["before", "<!-- history -->", "| date |", "|---|"]
    assert lines[4:6] == history(found) * 2
    assert lines[6:] == ["<!-- end -->", "after"]
    assert " 1,000 |" in lines[4]
    page.write_text("no place\n", "utf-8")
    with pytest.raises(ValueError, match="history"):
        remember(found, page)


def test_the_history_of_the_project_has_the_columns_of_a_line(found: Found, checkout: Path) -> None:
    page = (checkout / "docs" / "performance.md").read_text("utf-8")
    head = page.split("<!-- history -->\n")[1].splitlines()[0]
    assert head.count("|") == history(found)[0].count("|")


def test_a_program_is_ended_when_its_time_is_up() -> None:
    late = in_own_process(NATURAL, 200_000, 1.0)
    assert (late.status, late.seconds, late.table) == ("too long", None, None)


def test_what_needs_more_than_there_is_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.w.programs.find_spec", lambda name: None)
    assert in_own_process("Mesa, by events", 100, 60.0).status == "missing"


def test_every_name_leads_to_its_program() -> None:
    for each in (*PROGRAMS, *CHANGED_PROGRAMS):
        assert program(each.name) is each


def test_small_sizes_from_end_to_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "out" / "bench.json"
    only = [BY_HAND, "heap loop", ALL_FIGURES]
    assert main(["--customers", "400", "--only", *only, "--json", str(file)]) == 0
    content = json.loads(file.read_text("utf-8"))
    (size,) = content["sizes"]
    assert {each["program"]: each["status"] for each in size["programs"]} == dict.fromkeys(only, "ok")
    assert all(each["agrees"] and each["to_wakeup"] is not None for each in size["programs"])
    out = capsys.readouterr().out
    assert all(name in out for name in only)


def test_more_customers_are_not_tried_where_fewer_took_too_long() -> None:
    told: list[str] = []
    found = played([50, 5_000_000], limit=1e-9, tell=told.append, only=["heap loop"])
    assert [row.measured.status for rows in found.sizes.values() for row in rows] == ["too long", "not tried"]
    assert any("5,000,000 customers: heap loop" in each for each in told)

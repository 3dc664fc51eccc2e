"""`wakeup why` on a file that `simulate --events` has written."""

import json
from pathlib import Path

import pytest
from tests.cli.made import CAMPAIGN

from wakeup.cli import run

duckdb = pytest.importorskip("duckdb")

TWICE = CAMPAIGN.replace("from 2026-09-01 at 10:00", "from 2026-09-01 at 23:00").replace(
    "  wait 7d for order\n", "  wait 1d for order\n  send hello with off\n  wait 7d for order\n"
)
CADENCE = "cadence { at most 1 per 30d }\n"


@pytest.fixture
def events(folder: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """The events of a run in which quiet hours hold the first message and a cap refuses the second."""
    (folder / "spring.wake").write_text(TWICE + CADENCE, encoding="utf-8")
    options = ["--synthetic", "300", "--replications", "1", "--events", "events.parquet"]
    assert run(["simulate", "spring.wake", *options]) in (0, 2)
    capsys.readouterr()
    return folder / "events.parquet"


def somebody(events: Path, condition: str) -> str:
    """The first customer with an event for which a condition holds."""
    rows = duckdb.sql(f"select customer_id from '{events}' where {condition} order by customer_id limit 1").fetchall()
    return str(rows[0][0])


def cells(printed: str) -> list[str]:
    """What is printed, as lines of words without the layout."""
    return [" ".join(line.split()) for line in printed.splitlines() if line.strip()]


def test_each_decision_is_told_with_its_rule(
    events: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    customer = somebody(events, "reason = 'cap'")
    assert run(["why", customer, "--run", str(events)]) == 0
    lines = cells(capsys.readouterr().out)
    assert lines[0] == "spring: what happened, and why (times of Asia/Shanghai)"
    for line in (
        "2026-09-01 23:00 enters journey wake",
        "2026-09-01 23:00 message hello by sms is held Quiet hours: nothing from 22:00 to 08:00",
        "2026-09-02 08:00 message hello by sms is sent",
        "2026-09-02 08:00 coupon off is granted",
    ):
        assert line in lines, line
    allowed = "Frequency cap reached: allowed are 1 contact in any 30 days; this would be number 2"
    assert any(line.endswith(f"message hello by sms is not sent {allowed}") for line in lines)
    assert lines[-1] == "One simulated run, with every assumption at its median."
    assert not any(customer in line for line in lines)


def test_in_chinese(events: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    assert run(["why", somebody(events, "reason = 'cap'"), "--run", str(events), "--lang", "zh"]) == 0
    lines = cells(capsys.readouterr().out)
    assert "2026-09-01 23:00 推迟消息“hello”（sms） 免打扰时段：22:00 到 08:00不发送" in lines
    assert any("已达频次上限：任意 30 天内最多 1 次触达；这会是第 2 次" in line for line in lines)


def test_json_instead_of_a_table(events: Path, capsys: pytest.CaptureFixture[str]) -> None:
    customer = somebody(events, "kind = 'sent'")
    assert run(["why", customer, "--run", str(events), "--json", "-", "--lang", "zh"]) == 0
    tree = json.loads(capsys.readouterr().out)
    rows = duckdb.execute(
        f"select t, kind from '{events}' where customer_id = ? order by t, seq", [customer]
    ).fetchall()
    assert [(each["t"], each["kind"]) for each in tree["events"]] == rows
    assert run(["why", customer, "--run", str(events), "--json", "why.json"]) == 0
    assert json.loads((events.parent / "why.json").read_text("utf-8")) == tree


def test_who_is_held_out_is_said_to_be(events: Path, capsys: pytest.CaptureFixture[str]) -> None:
    customers = [each for (each,) in duckdb.sql(f"select distinct customer_id from '{events}' order by 1").fetchall()]
    alone = somebody(
        events, "customer_id not in (select customer_id from '" + str(events) + "' where kind = 'entered')"
    )
    assert alone in customers
    assert run(["why", alone, "--run", str(events)]) == 0
    said = capsys.readouterr().out
    assert "This person is held out for comparison: nothing is sent on purpose." in said
    assert run(["why", somebody(events, "kind = 'entered'"), "--run", str(events)]) == 0
    assert "held out" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("customer", "file", "code"),
    [("nobody", "events.parquet", "WK6064"), ("c1", "missing.parquet", "WK1001"), ("c1", "spring.wake", "WK6062")],
)
@pytest.mark.usefixtures("events")
def test_slips_are_told(capsys: pytest.CaptureFixture[str], customer: str, file: str, code: str) -> None:
    assert run(["why", customer, "--run", file]) == 1
    said = capsys.readouterr()
    assert code in said.err
    assert said.out == ""

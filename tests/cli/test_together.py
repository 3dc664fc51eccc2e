"""`wakeup simulate A B` from files to tables, HTML and JSON, its warnings, its errors and its exit codes."""

import json
from pathlib import Path

import jsonschema
import pytest
from tests.cli.made import CAMPAIGN

import wakeup
from wakeup.cli import run

SIZE = ["--synthetic", "300", "--replications", "2"]
CAPPED = "cadence { at most 1 per 30d }\n"


@pytest.fixture
def pair(folder: Path) -> Path:
    """The campaign, and another one a week later that sends once in 30 days."""
    other = CAMPAIGN.replace("campaign spring", "campaign summer")
    assert other != CAMPAIGN
    (folder / "summer.wake").write_text(other + CAPPED, encoding="utf-8")
    return folder


def edited(pair: Path, name: str, old: str, new: str) -> str:
    """Write the second campaign with an edit; return its file name."""
    text = (pair / "summer.wake").read_text("utf-8")
    assert old in text
    (pair / name).write_text(text.replace(old, new), encoding="utf-8")
    return name


@pytest.mark.usefixtures("pair")
def test_what_they_do_to_each_other_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["simulate", "spring.wake", "summer.wake", *SIZE]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "of profit" in said
    assert "messages fewer than alone; refused more often: cap" in said
    assert "spring comes first" in said
    assert run(["simulate", "spring.wake", "summer.wake", *SIZE, "--lang", "zh"]) == 0
    told = capsys.readouterr().out
    assert "并排对照" in told
    assert "先满足 spring" in told


def test_the_json_is_as_published_and_workers_change_nothing(pair: Path, checkout: Path) -> None:
    command = ["simulate", "spring.wake", "summer.wake", *SIZE, "--json"]
    assert run([*command, "a.json"]) == 0
    assert run([*command, "b.json", "--workers", "2"]) == 0
    one, other = (json.loads((pair / name).read_text("utf-8")) for name in ("a.json", "b.json"))
    schema = json.loads((checkout / "docs/schema/together.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(one, schema)
    assert set(one) == set(schema["required"]) == set(schema["properties"])
    result = json.loads((checkout / "docs/schema/result.schema.json").read_text("utf-8"))
    for each in one["campaigns"]:
        jsonschema.validate(each, result)
    for tree in (one, other):
        del tree["timing"]
    assert one == other
    cap = one["presence"][1]["reasons"]["cap"]
    assert cap["old"] == 0 < cap["new"]
    assert "cap" not in one["presence"][0]["reasons"]
    assert one["presence"][1]["people"]["refused"]["cap"]["newly"] > 0


def test_alone_is_what_simulate_says(pair: Path) -> None:
    assert run(["simulate", "spring.wake", "summer.wake", *SIZE, "--json", "both.json"]) == 0
    assert run(["simulate", "spring.wake", *SIZE, "--json", "alone.json"]) == 0
    both, alone = (json.loads((pair / name).read_text("utf-8")) for name in ("both.json", "alone.json"))
    figures = both["presence"][0]["figures"]
    assert {name: each["old"] for name, each in figures.items()} == {
        name: each["value"] for name, each in alone["figures"].items()
    }
    together = {name: each["value"] for name, each in both["campaigns"][0]["figures"].items()}
    assert {name: each["new"] for name, each in figures.items()} == together


def test_the_report_is_a_page_in_either_language(pair: Path) -> None:
    assert run(["simulate", "spring.wake", "summer.wake", *SIZE, "--report", "r.html"]) == 0
    page = (pair / "r.html").read_text("utf-8")
    assert "Side by side" in page
    assert "<svg" in page
    assert "http" not in page.replace("http-equiv", "").replace("http://www.w3.org", "")
    assert run(["simulate", "spring.wake", "summer.wake", *SIZE, "--report", "r.html", "--lang", "zh"]) == 0
    assert "各活动单独带来多少" in (pair / "r.html").read_text("utf-8")
    assert run(["simulate", "spring.wake", "summer.wake", *SIZE, "--report", "r.md"]) == 1


def test_an_expectation_that_fails_beside_the_others_ends_with_2(
    pair: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (pair / "summer.wake").write_text(
        (pair / "summer.wake").read_text("utf-8") + "expect sent >= 1_000_000 sure 80%\n", encoding="utf-8"
    )
    assert run(["simulate", "spring.wake", "summer.wake", *SIZE]) == 2
    assert "summer does not meet an expectation" in " ".join(capsys.readouterr().out.split())


@pytest.mark.usefixtures("pair")
@pytest.mark.parametrize("option", ["--by-channel", "--events", "--resume", "--junit", "--precision", "--cluster"])
def test_options_about_one_campaign_are_refused(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    value = [] if option == "--by-channel" else ["wake_rate=1%" if option == "--precision" else "x.csv"]
    assert run(["simulate", "spring.wake", "summer.wake", *SIZE, option, *value]) == 1
    said = capsys.readouterr().err
    assert "WK5130" in said
    assert option in said


def test_what_cannot_run_together_is_told(pair: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["simulate", "spring.wake", "spring.wake", *SIZE]) == 1
    assert "WK5124" in capsys.readouterr().err
    moved = edited(pair, "moved.wake", '"Asia/Shanghai"', '"Asia/Tokyo"')
    assert run(["simulate", "spring.wake", moved, *SIZE]) == 1
    said = capsys.readouterr().err
    assert "WK5125" in said
    assert "Asia/Tokyo" in said
    assert run(["simulate", "spring.wake", "summer.wake", *SIZE, "--scenario", "flood"]) == 1
    assert "WK5101" in capsys.readouterr().err


def test_a_field_declared_in_two_ways_is_an_error(pair: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, text in (("spring.wake", "dry, oily"), ("summer.wake", "dry, normal")):
        before = (pair / name).read_text("utf-8")
        (pair / name).write_text(f"{before}customers {{ skin: {text} }}\n", encoding="utf-8")
    assert run(["simulate", "spring.wake", "summer.wake", *SIZE]) == 1
    assert "WK5131" in capsys.readouterr().err


def test_campaigns_on_real_customers(pair: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The people are as of the first start; the organic part of both is fitted to the one log."""
    for name in ("spring.wake", "summer.wake"):
        text = (pair / name).read_text("utf-8").replace("2026-09-01", "2025-03-01").replace("2026-10-31", "2025-04-30")
        (pair / name).write_text(text, encoding="utf-8")
    late = edited(pair, "late.wake", "2025-03-01", "2025-03-20")
    command = [
        "simulate",
        "spring.wake",
        late,
        "--customers",
        "orders.csv",
        "--replications",
        "2",
        "--json",
        "both.json",
    ]
    assert run(command) == 0
    assert "WK5127" not in capsys.readouterr().err
    both = json.loads((pair / "both.json").read_text("utf-8"))
    assert both["customers"] == 300
    assert all(each["figures"]["targeted"]["value"] > 0 for each in both["campaigns"])


def test_a_program_gets_the_same_and_is_told_what_it_did_wrong(pair: Path) -> None:
    plans = [wakeup.load(pair / name) for name in ("spring.wake", "summer.wake")]
    found = wakeup.together(plans, wakeup.customers.synthetic(300, seed=1), replications=2)
    assert run(["simulate", "spring.wake", "summer.wake", *SIZE, "--json", "both.json"]) == 0
    printed = json.loads((pair / "both.json").read_text("utf-8"))
    tree = json.loads(found.to_json())
    del tree["timing"], printed["timing"]
    assert tree == printed
    assert found.remarks == ()
    with pytest.raises(wakeup.WakeupError, match="two plans or more"):
        wakeup.together(plans[:1], wakeup.customers.synthetic(300))

"""`wakeup compare` from files to tables, Markdown and JSON, and its exit codes."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from attrs import evolve
from tests.cli.made import CAMPAIGN

import wakeup
from wakeup.cli import run
from wakeup.customers import anchored
from wakeup.plan.model import Assumption
from wakeup.sim.jobs import Done, Job, Setting

PAIR = ["compare", "spring.wake", "new.wake", "--synthetic", "400", "--replications", "3"]
CAPPED = "cadence { at most 1 per 30d }\n"


@pytest.fixture
def pair(folder: Path) -> Path:
    """Two versions of the campaign: the new one has a larger coupon and a second message, and a cap that refuses it."""
    new = CAMPAIGN.replace("30 CNY off", "40 CNY off").replace(
        "  wait 7d for order\n", "  wait 7d for order\n  send hello with off\n  wait 7d for order\n"
    )
    (folder / "new.wake").write_text(new + CAPPED, encoding="utf-8")
    return folder


def tree(text: str) -> Any:
    found = json.loads(text)
    del found["timing"]
    return found


@pytest.mark.usefixtures("pair")
def test_an_edit_is_told_in_a_sentence_and_in_tables(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(PAIR) == 0
    said = capsys.readouterr()
    assert "cadence_tightened" in said.out
    assert "newly over the cap." in " ".join(said.out.split())
    assert "Discounts, CNY" in said.out
    assert "Both plans on the same 400 customers with the same luck, 3 times (seed 1)." in said.out


def test_the_json_is_as_published_and_only_timing_differs(
    pair: Path, checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*PAIR, "--json", "-"]) == 0
    printed = capsys.readouterr().out
    assert run([*PAIR, "--json", "c.json", "--workers", "2"]) == 0
    written = (pair / "c.json").read_text("utf-8")
    assert tree(printed) == tree(written)
    schema = json.loads((checkout / "docs/schema/comparison.schema.json").read_text("utf-8"))
    jsonschema.validate(json.loads(written), schema)
    found = json.loads(written)
    assert found["people"]["refused"]["cap"]["newly"] > 0
    assert {"offer", "cadence_tightened"} <= {kind for each in found["changes"] for kind in each["kinds"]}
    assert str(pair) not in written
    assert found["timing"]["simulate_s"] > 0


def test_both_sides_are_those_of_simulate(pair: Path) -> None:
    assert run([*PAIR, "--json", "c.json"]) == 0
    found = tree((pair / "c.json").read_text("utf-8"))
    for side, name in (("old", "spring.wake"), ("new", "new.wake")):
        assert run(["simulate", name, *PAIR[3:], "--json", f"{side}.json"]) == 0
        alone = tree((pair / f"{side}.json").read_text("utf-8"))
        assert {name: each[side] for name, each in found["figures"].items()} == {
            name: each["value"] for name, each in alone["figures"].items()
        }
        assert found[side] == alone["plan"]


@pytest.mark.usefixtures("pair")
def test_markdown_for_a_comment(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*PAIR, "--format", "markdown", "--lang", "zh"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("**发送数")
    assert "<details><summary>各预算项花费" in said


def test_a_plan_and_its_campaign_are_the_same(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plan", "spring.wake", "-o", "plan.json"]) == 0
    capsys.readouterr()
    assert run(["compare", "plan.json", "spring.wake", "--synthetic", "200", "--replications", "2"]) == 0
    said = capsys.readouterr().out
    assert "nothing changed" in said
    assert "Every figure stays the same." in said


def test_an_expectation_of_the_new_plan_decides(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "new.wake").write_text(CAMPAIGN + "expect wake_rate >= 99% sure 90%\n", encoding="utf-8")
    assert run(PAIR) == 2
    assert "The new plan does not meet an expectation: wake_rate >= 99% sure 90%." in capsys.readouterr().out
    assert run(["compare", "new.wake", "spring.wake", *PAIR[3:]]) == 0


def test_customers_of_a_log_are_read_once_as_of_the_earlier_run(folder: Path) -> None:
    later = CAMPAIGN.replace("2026-09-01 through", "2026-09-11 through").replace("from 2026-09-01", "from 2026-09-11")
    (folder / "new.wake").write_text(later, encoding="utf-8")
    data = ["--customers", "orders.csv", "--replications", "2"]
    assert run(["compare", "spring.wake", "new.wake", *data, "--json", "c.json"]) == 0
    found = tree((folder / "c.json").read_text("utf-8"))
    assert run(["simulate", "new.wake", *data, "--as-of", "2026-09-01", "--json", "new.json"]) == 0
    alone = tree((folder / "new.json").read_text("utf-8"))
    assert found["figures"]["targeted"]["new"] == alone["figures"]["targeted"]["value"] > 0
    assert found["figures"]["profit"]["new"] == alone["figures"]["profit"]["value"]


@pytest.mark.parametrize(
    ("new", "options", "code"),
    [
        (CAMPAIGN.replace("CNY", "USD"), [], "WK6061"),
        (CAMPAIGN.replace("Asia/Shanghai", "Europe/London"), [], "WK6061"),
        (CAMPAIGN, ["--scenario", "storm"], "WK5101"),
        (CAMPAIGN, ["--json", "spring.wake"], "WK6001"),
        (CAMPAIGN.replace("journey wake", "journey"), [], "WK1"),
    ],
    ids=["currency", "zone", "scenario", "output", "broken"],
)
def test_slips_are_told(
    folder: Path, capsys: pytest.CaptureFixture[str], new: str, options: list[str], code: str
) -> None:
    (folder / "new.wake").write_text(new, encoding="utf-8")
    assert run([*PAIR, *options]) == 1
    assert code in capsys.readouterr().err


@pytest.mark.usefixtures("pair")
def test_without_customers_there_is_nothing_to_compare(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(PAIR[:3]) == 1
    assert "WK6003" in capsys.readouterr().err


def test_customers_in_a_folder_give_what_those_in_a_file_give(pair: Path) -> None:
    assert run(["customers", "synth", "300", "-o", "people.parquet"]) == 0
    assert run(["customers", "synth", "300", "-o", "people", "--shards", "3"]) == 0
    found = []
    for place in ("people", "people.parquet"):
        data = ["--customers", place, "--replications", "2", "--json", "c.json"]
        assert run(["compare", "spring.wake", "new.wake", *data]) == 0
        found.append(tree((pair / "c.json").read_text("utf-8")))
    assert found[0] == found[1]
    assert found[0]["people"]["refused"]["cap"]["newly"] > 0


@pytest.mark.usefixtures("pair")
@pytest.mark.parametrize("at", [1, 4], ids=["the old plan", "the new plan"])
def test_an_interrupted_comparison_gives_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    tally, seen = Setting.tally, []

    def interrupted(setting: Setting, job: Job) -> Done:
        seen.append(job)
        if len(seen) == at:
            raise KeyboardInterrupt
        return tally(setting, job)

    monkeypatch.setattr(Setting, "tally", interrupted)
    assert run([*PAIR, "--json", "c.json"]) == 130
    assert capsys.readouterr().out == ""
    assert not Path("c.json").exists()


@pytest.mark.usefixtures("pair")
def test_from_python_it_is_the_same(pair: Path) -> None:
    old, new = (wakeup.load(name) for name in ("spring.wake", "new.wake"))
    found = wakeup.compare(old, new, wakeup.customers.synthetic(400), replications=3)
    assert isinstance(found, wakeup.Comparison)
    assert found.markdown("zh").startswith("**发送数")
    assert run([*PAIR, "--json", "c.json"]) == 0
    assert tree(found.to_json().decode()) == tree((pair / "c.json").read_text("utf-8"))


@pytest.mark.usefixtures("pair")
def test_what_is_assumed_for_both_is_no_edit() -> None:
    old = wakeup.load("spring.wake")
    new = evolve(old, assumptions=(Assumption("clicked", "kind:sms", 0.1, 0.1, "logit", "ours", "pilot"),))
    people, surely = (
        wakeup.customers.synthetic(400),
        Assumption("clicked", "kind:sms", 0.2, 0.1, "logit", "theirs", "pilot"),
    )
    found = wakeup.compare(old, new, people, replications=2, assume=[surely])
    assert not found.changes, "what holds for both is the same"
    assert [each["kinds"] for each in found.to_dict()["changes"]] == [["assumptions"]], "but the files differ"
    assert wakeup.compare(old, new, people, replications=2).changes


def test_made_up_customers_are_as_of_the_earlier_run(folder: Path) -> None:
    later = CAMPAIGN.replace("2026-09-01 through", "2026-09-11 through").replace("from 2026-09-01", "from 2026-09-11")
    (folder / "later.wake").write_text(later, encoding="utf-8")
    first, second = (wakeup.load(name) for name in ("spring.wake", "later.wake"))
    people = wakeup.customers.synthetic(300)
    alone = [wakeup.simulate(each, anchored(people, first.start), replications=2).figures for each in (first, second)]
    for old, new, sides in ((first, second, ("old", "new")), (second, first, ("new", "old"))):
        found = wakeup.compare(old, new, people, replications=2)
        for side, figures in zip(sides, alone, strict=True):
            assert {name: getattr(each, side) for name, each in found.figures.items()} == {
                name: each.value for name, each in figures.items()
            }

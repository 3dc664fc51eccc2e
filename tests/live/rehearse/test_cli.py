"""`wakeup rehearse`, and what is told of its store: `wakeup status`, `wakeup why --store`, and for calibration."""

import json
from contextlib import closing
from pathlib import Path

import jsonschema
import pytest
from tests.cli.made import CAMPAIGN, LOG
from tests.cli.test_calibrate import shop

from wakeup.cli.main import run
from wakeup.customers import synthetic
from wakeup.face import load
from wakeup.live.begin import Approval, begin
from wakeup.live.core import journey
from wakeup.live.core.enrol import Admission
from wakeup.live.rehearse.limits import Limit
from wakeup.live.store.opening import open_store

duckdb = pytest.importorskip("duckdb")
PEOPLE = ["--synthetic", "120", "--seed", "3"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's folder with a good campaign and a good log."""
    (tmp_path / "spring.wake").write_text(CAMPAIGN, encoding="utf-8")
    (tmp_path / "orders.csv").write_text(LOG, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "WAKEUP_TRACEBACK", "WAKEUP_STORE"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_a_rehearsal_is_what_simulate_says(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rehearse", "spring.wake", *PEOPLE, "--json", "a.json", "--events", "e.csv", "--report", "r.md"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "Equal to the simulation, row by row:" in told
    assert "Each message reaches its person at most once" in told
    assert run(["simulate", "spring.wake", *PEOPLE, "--replications", "1", "--json", "b.json"]) == 0
    mine, other = (json.loads((folder / name).read_text("utf-8")) for name in ("a.json", "b.json"))
    assert {name for name in mine if mine[name] != other[name]} <= {"timing"}
    assert set(mine) == set(other)
    assert (folder / "e.csv").read_text("utf-8").count("sent") > 10
    assert "Spring" in (folder / "r.md").read_text("utf-8")
    assert sorted(each.name for each in folder.glob("*.db*")) == []


def test_a_rehearsal_in_chinese(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rehearse", "spring.wake", *PEOPLE, "--lang", "zh"]) == 0
    assert "与推演逐行一致" in capsys.readouterr().out


def test_a_rehearsal_with_faults_says_what_held(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rehearse", "spring.wake", *PEOPLE, "--faults", "lost=10%,throttled=10%", "--latency", "2"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "Equal to the simulation" not in told
    assert "What held, by the log of the provider" in told


def test_a_difference_is_an_error(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    as_it_is = journey.add_period
    monkeypatch.setattr(journey, "add_period", lambda t, length, zone: as_it_is(t, length, zone) + 1)
    assert run(["rehearse", "spring.wake", *PEOPLE]) == 1
    assert "error[WK7002]" in capsys.readouterr().err


def test_a_broken_limit_is_an_error(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wakeup.live.rehearse.drive.judged", lambda _: (Limit("cap", 10, 2),))
    assert run(["rehearse", "spring.wake", "--synthetic", "20", "--no-compare"]) == 1
    printed = capsys.readouterr()
    assert "error[WK7003]: the rehearsal broke a limit 2 times: Frequency caps" in printed.err
    assert "Frequency caps 10 2" in " ".join(printed.out.split())


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--faults", "lost=lots"], "WK7000"),
        (["--report", "r.pdf"], "WK6066"),
        (["--seed", str(1 << 63)], "WK5107"),
    ],
)
def test_wrong_options_are_told(
    folder: Path, capsys: pytest.CaptureFixture[str], options: list[str], code: str
) -> None:
    assert run(["rehearse", "spring.wake", "--synthetic", "20", *options]) == 1
    assert f"error[{code}]" in capsys.readouterr().err


@pytest.fixture
def rehearsed(folder: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert run(["rehearse", "spring.wake", *PEOPLE, "--no-compare", "--store", "run.db"]) == 0
    capsys.readouterr()
    return folder


def test_the_store_of_a_rehearsal_is_told_like_that_of_a_run(
    rehearsed: Path, checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["rehearse", "spring.wake", *PEOPLE, "--store", "run.db"]) == 1
    assert "error[WK7001]" in capsys.readouterr().err
    options = ["--json", "s.json", "--report", "s.html", "--events", "e.parquet"]
    assert run(["status", "--store", "run.db", *PEOPLE, *options]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "of runs ever raise an alarm" in told
    assert "Against the people held out" in told
    found = json.loads((rehearsed / "s.json").read_text("utf-8"))
    schema = json.loads((checkout / "docs/schema/standing.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(found)
    assert found["forecast"]["alarms"] == []
    assert found["figures"]["sent"]["value"] == found["sends"]["sms"]["sent"] > 0
    assert not any(name.startswith("incremental_") for name in found["figures"])
    page = (rehearsed / "s.html").read_text("utf-8")
    assert "<script" not in page
    assert "Against the people held out" in page
    customer = duckdb.sql("select customer_id from 'e.parquet' where kind = 'opened' limit 1").fetchall()[0][0]
    assert run(["why", customer, "--store", "run.db"]) == 0
    own = capsys.readouterr().out
    assert customer not in own
    assert run(["why", customer, "--run", "e.parquet"]) == 0
    assert capsys.readouterr().out.startswith(own.rstrip())


def test_a_run_that_goes_otherwise_raises_the_alarm(rehearsed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nobody_comes = [
        {"parameter": "organic_level", "scope": "", "median": -20.0, "sd": 0.0, "link": "identity",
         "source": "a wrong belief", "grade": "given"},
        {"parameter": "delivered", "scope": "", "median": 0.001, "sd": 0.0, "link": "logit",
         "source": "a wrong belief", "grade": "given"},
    ]  # fmt: skip
    (rehearsed / "wrong.json").write_text(json.dumps(nobody_comes), encoding="utf-8")
    assert run(["status", "--store", "run.db", *PEOPLE, "--assume", "wrong.json"]) == 2
    told = " ".join(capsys.readouterr().out.split())
    assert "Alarm:" in told
    assert "Delivered" in told.split("Alarm:")[1]


def test_wrong_questions_are_told(rehearsed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = ["--store", "run.db"]
    for arguments, code in (
        (["why", "nobody", *store], "WK7005"),
        (["why", "nobody"], "WK7006"),
        (["why", "nobody", *store, "--run", "e.parquet"], "WK7006"),
        (["status", "--store", "other.db"], "WK7021"),
    ):
        assert run(arguments) == 1
        assert f"error[{code}]" in capsys.readouterr().err


def test_a_campaign_without_people_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "spring.wake").write_text(CAMPAIGN.replace("180d", "9000d"), encoding="utf-8")
    plan = load("spring.wake")
    with closing(open_store("run.db")) as store:
        begin(store, plan, Admission((), 0, 0), synthetic(1), {}, Approval("somebody", plan.start))
    assert run(["status", "--store", "run.db"]) == 1
    assert "error[WK7004]" in capsys.readouterr().err


def test_calibration_reads_what_a_run_brought(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shop(folder, people=200)
    (folder / "spring.wake").write_text(CAMPAIGN.replace("holdout: 10%", "holdout: 40%"), encoding="utf-8")
    people = ["--customers", "shop.csv"]
    assert run(["rehearse", "spring.wake", *people, "--no-compare", "--store", "run.db"]) == 0
    assert run(["status", "--store", "run.db", "--events", "e.parquet"]) == 0
    capsys.readouterr()
    logs = ["--orders", "shop.csv", "--touches", "e.parquet", "--campaign", "spring.wake"]
    assert run(["calibrate", *logs, "-o", "learnt.json"]) == 0
    learnt = json.loads((folder / "learnt.json").read_text("utf-8"))
    assert {"delivered", "seen"} <= {each["parameter"] for each in learnt}

"""`wakeup backtest --orders`: what it prints and writes, what it refuses and how."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.behaviour.backtest.logs import DAY, START, steady

from wakeup.behaviour.backtest import rolling_origin
from wakeup.cli import run

QUICK = ["--origins", "3", "--horizon", "60d"]


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop with a year and a half of orders."""
    return steady(tmp_path_factory.mktemp("log") / "orders.csv", people=600, days=540, gap=80.0, seed=4)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer draws: how good forecasts are is tested elsewhere."""
    monkeypatch.setitem(rolling_origin.backtest.__kwdefaults__, "draws", 60)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "WAKEUP_TRACEBACK"):
        monkeypatch.delenv(name, raising=False)


def test_the_json_has_the_published_form(log: Path, checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trees = []
    for _ in range(2):
        assert run(["backtest", "--orders", str(log), *QUICK, "--json", "-"]) == 0
        trees.append(json.loads(capsys.readouterr().out))
    tree: dict[str, Any] = trees[0]
    schema = json.loads((checkout / "docs" / "schema" / "backtest.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(tree)
    assert (tree["origins"], len(tree["dates"]), tree["horizon_days"]) == (3, 3, 60)
    assert set(tree["coverage"]) == {"50", "80", "90"}
    assert set(tree["scores"]) == {"wakeup", "last_period", "segment_mean", "bg_nbd"}
    cells = [cell for each in tree["bins"] for cell in each["at"]]
    assert tree["coverage"]["90"]["intervals"] == len(cells) == sum(tree["places"])
    for level in ("50", "80", "90"):
        held = sum(low <= each["came"] <= high for each in cells for low, high in [each["intervals"][level]])
        assert tree["coverage"][level]["held"] == held
    first = tree["bins"][0]
    assert first["bias"] == pytest.approx(first["forecast"] - first["came"])
    assert first["people"] == pytest.approx(sum(each["people"] for each in first["at"]) / len(first["at"]))
    assert str(log.parent) not in json.dumps(tree)
    for each in trees:
        assert each.pop("timing")["wall_s"] > 0
    assert trees[0] == trees[1]


@pytest.mark.parametrize(("lang", "words"), [("en", "intervals that claim 90"), ("zh", "把握”的区间命中")])
def test_tables_and_sentences(log: Path, capsys: pytest.CaptureFixture[str], lang: str, words: str) -> None:
    assert run(["backtest", "--orders", str(log), *QUICK, "--lang", lang]) == 0
    told = capsys.readouterr().out
    assert words in told
    assert "orders.csv" in told
    assert "BG/NBD" in told
    assert all(len(line) <= 80 for line in told.splitlines())


def test_the_page_and_the_json_at_once(log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page, tree = tmp_path / "b.html", tmp_path / "b.json"
    assert run(["backtest", "--orders", str(log), *QUICK, "--report", str(page), "--json", str(tree)]) == 0
    assert "b.html" in capsys.readouterr().out
    assert page.read_bytes().startswith(b"<!doctype html>")
    assert json.loads(tree.read_text("utf-8"))["origins"] == 3
    assert {each.name for each in tmp_path.iterdir()} == {"b.html", "b.json"}


def told_of(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    assert run(["backtest", *arguments]) == 1
    caught = capsys.readouterr()
    assert caught.out == ""
    return caught.err


def test_exactly_one_of_log_and_campaign(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "WK6147" in told_of([], capsys)
    assert "WK6147" in told_of(["--orders", str(log), "--campaign", str(log)], capsys)
    assert "两个都没有" in told_of(["--lang", "zh"], capsys)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--horizon", "3 months"], "WK6148"),
        (["--horizon", "0"], "WK6148"),
        (["--horizon", "1001d"], "WK6148"),
        (["--origins", "0"], "WK6004"),
        (["--origins", "201"], "WK6004"),
        (["--splits", "5"], "WK6149"),
        (["--control", "none"], "WK6149"),
        (["--currency", "XXX"], "WK6008"),
        (["--zone", "Mars"], "WK6025"),
        (["--horizon", "400d"], "WK6140"),
        (["--map", "id=nobody"], "WK6018"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_what_cannot_be_is_refused(
    log: Path, capsys: pytest.CaptureFixture[str], options: list[str], code: str
) -> None:  # fmt: skip
    assert code in told_of(["--orders", str(log), *options], capsys)


def test_options_of_logs_do_not_go_with_a_campaign(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "WK6149" in told_of(["--campaign", str(log), "--origins", "3"], capsys)
    assert "WK6149" in told_of(["--campaign", str(log), "--horizon", "30d"], capsys)


def test_horizons_are_written_in_either_language(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for text in ("60", "60d", "60天"):
        assert run(["backtest", "--orders", str(log), "--origins", "1", "--horizon", text, "--json", "-"]) == 0
        assert json.loads(capsys.readouterr().out)["horizon_days"] == 60


def test_fewer_origins_than_asked_for_are_said(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["backtest", "--orders", str(log), "--origins", "100", "--horizon", "170d", "--json", "-"]) == 0
    caught = capsys.readouterr()
    assert "WK6141" in caught.err
    assert json.loads(caught.out)["asked"] == 100
    assert 1 <= json.loads(caught.out)["origins"] < 10


def test_a_bad_log_is_read_as_far_as_it_can_be(tmp_path: Path, log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Duplicates, a future date, an unreadable amount, one customer with most of the money, a silence."""
    head, *rows = log.read_text("utf-8").splitlines()
    kept = [row for row in rows if not "2024-07-01" <= row.split(",")[1] < "2024-08-01"]
    odd = [*kept[:50], "c1,2099-01-01 00:00:00,10", "c2,2025-01-01 00:00:00,many", "c3,2025-02-01 00:00:00,9999999"]
    path = tmp_path / "bad.csv"
    path.write_text("\n".join([head, *kept, *odd]) + "\n", "utf-8")
    assert run(["backtest", "--orders", str(path), *QUICK, "--json", "-"]) == 0
    caught = capsys.readouterr()
    for code in ("WK6039", "WK6037", "WK6071", "WK6143"):
        assert code in caught.err
    assert json.loads(caught.out)["log"]["end"] < "2025-08"


@pytest.mark.parametrize(
    "stop", [KeyboardInterrupt, partial(RuntimeError, "Query interrupted")], ids=["python", "duckdb"]
)
def test_nothing_is_half_written_when_it_is_interrupted(
    log: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    stop: Callable[[], BaseException],
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise stop()

    monkeypatch.setattr(rolling_origin, "judge", interrupted)
    outputs = ["--json", str(tmp_path / "b.json"), "--report", str(tmp_path / "b.html")]
    assert run(["backtest", "--orders", str(log), *QUICK, *outputs]) == 130
    assert list(tmp_path.iterdir()) == []
    assert capsys.readouterr().out == ""


def test_an_output_that_is_the_log_is_refused_before_the_work(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "WK6001" in told_of(["--orders", str(log), "--json", str(log)], capsys)


def test_without_scipy_it_says_what_to_install(
    log: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("scipy", "scipy.special", "scipy.optimize"):
        monkeypatch.setitem(__import__("sys").modules, name, None)
    told = told_of(["--orders", str(log), *QUICK], capsys)
    assert "WK6146" in told
    assert "pip install wakeup[calibrate]" in told


def test_the_log_is_cut_at_as_of(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["backtest", "--orders", str(log), *QUICK, "--as-of", "2025-02-01", "--json", "-"]) == 0
    tree = json.loads(capsys.readouterr().out)
    assert tree["log"] == {"first": "2024-01-01", "end": "2025-02-01"}
    assert tree["dates"][-1] == "2024-12-03"
    assert START % DAY == 0

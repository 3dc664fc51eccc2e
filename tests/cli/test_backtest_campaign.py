"""`wakeup backtest --campaign`: what is printed, written and answered."""

import csv
import json
from pathlib import Path

import duckdb
import numpy as np
import pytest
from tests.behaviour.backtest.trial_worlds import world

from wakeup.cli import run
from wakeup.cli.exits import FINE, WRONG_INPUT


def table(path: Path, kind: str = "same for all", people: int = 1_500, seed: int = 1) -> Path:
    """Write a campaign of known truth."""
    made = world(kind, people, seed).table
    assert made.value is not None
    recency, region = (np.asarray(made.features[name].values) for name in ("recency", "region"))
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["customer_id", "arm", "recency", "region", "ordered", "value"])
        for at in range(people):
            name, value = made.arms[made.arm[at]], made.value[at] / 100
            out.writerow([f"C{at}", name, f"{recency[at]:.1f}", "NESWX"[region[at]], int(made.outcome[at]), value])
    return path


def test_a_campaign_is_told_and_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made, page = tmp_path / "out.json", tmp_path / "out.html"
    options = ["--splits", "5", "--json", str(made), "--report", str(page), "--currency", "GBP", "--lang", "en"]
    assert run(["backtest", "--campaign", str(table(tmp_path / "mail.csv")), *options]) == FINE
    shown = " ".join(capsys.readouterr().out.split())
    assert "mail.csv: 1,500 customers in 2 arms; the control is `control`." in shown
    assert "Nothing known before the campaign tells the arms apart" in shown
    assert "rate of an arm: of 10 intervals that claim 90 %" in shown
    assert "All 5 splits cut the same people:" in shown
    tree = json.loads(made.read_bytes())
    assert tree["splits"] == 5
    assert tree["table"] == {
        "name": "mail.csv", "people": 1500,
        "columns": {"arm": "arm", "customer": "customer_id", "outcome": "ordered", "value": "value"},
    }  # fmt: skip
    text = page.read_text("utf-8")
    assert text.startswith("<!doctype html>")
    assert text.count("<svg") == 2
    assert "http" not in text.replace("http-equiv", "").replace("http://www.w3.org", "")
    assert "C17" not in text


def test_in_chinese(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, page = table(tmp_path / "mail.csv"), tmp_path / "out.html"
    assert run(["backtest", "--campaign", str(path), "--splits", "3", "--report", str(page), "--lang", "zh"]) == FINE
    shown = capsys.readouterr().out
    assert "对照组是“control”" in shown
    assert "分组是抽签的吗？" in shown
    assert 'lang="zh-CN"' in page.read_text("utf-8")


def test_json_alone_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = table(tmp_path / "mail.csv", "three arms")
    assert run(["backtest", "--campaign", str(path), "--splits", "2", "--json", "-"]) == FINE
    first = capsys.readouterr().out
    assert set(json.loads(first)["coverage"]) == {"rates", "lift", "value", "value_lift"}
    assert run(["backtest", "--campaign", str(path), "--splits", "2", "--json", "-"]) == FINE
    assert capsys.readouterr().out == first


def test_a_campaign_without_effect_is_told_as_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = table(tmp_path / "mail.csv", "none")
    assert run(["backtest", "--campaign", str(path), "--splits", "2", "--lang", "en"]) == FINE
    shown = " ".join(capsys.readouterr().out.split())
    assert "mail: none that this campaign could see; the smallest visible: +" in shown


def test_arms_that_are_not_random_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = table(tmp_path / "mail.csv")
    with path.open(encoding="utf-8", newline="") as file:
        head, *rows = list(csv.reader(file))
    for row in rows:
        row[1] = "mail" if float(row[2]) < 150 else "control"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    assert run(["backtest", "--campaign", str(path), "--json", "-", "--lang", "en"]) == WRONG_INPUT
    out, err = capsys.readouterr()
    assert "error[WK6165]: the arms are not random: `recency` in arm" in err
    tree = json.loads(out)
    assert tree["randomised"]["random"] is False
    assert (tree["coverage"], tree["effect"], tree["splits"]) == ({}, {}, 0)


def test_a_column_that_tells_the_arm_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = table(tmp_path / "mail.csv")
    with path.open(encoding="utf-8", newline="") as file:
        head, *rows = list(csv.reader(file))
    written = [[*head, "postage", "treatment"], *([*row, int(row[1] == "mail"), row[1]] for row in rows)]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(written)
    assert run(["backtest", "--campaign", str(path), "--map", "arm=arm", "--lang", "en"]) == WRONG_INPUT
    err = capsys.readouterr().err
    assert "columns that are not used: treatment (the arm once more)" in err
    assert "`postage` tells everybody's arm" in err
    left = ["--map", "arm=arm,leave=postage", "--splits", "2"]
    assert run(["backtest", "--campaign", str(path), *left]) == FINE


def test_shares_are_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = table(tmp_path / "mail.csv")
    asked = ["backtest", "--campaign", str(path), "--splits", "2", "--lang", "en", "--shares"]
    assert run([*asked, "control=50%,mail=50%"]) == FINE
    capsys.readouterr()
    assert run([*asked, "control=20,mail=80"]) == WRONG_INPUT
    assert "people came to the arms in other shares than the stated ones" in capsys.readouterr().err
    for wrong in ("control", "control=0,mail=1", "control=1,letter=2", "control=much,mail=1"):
        assert run([*asked, wrong]) == WRONG_INPUT
        assert "error[WK6160]" in capsys.readouterr().err


def test_shares_that_are_no_whole_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["backtest", "--campaign", str(table(tmp_path / "mail.csv")), "--splits", "2", "--shares"]
    assert run([*options, "control=70,mail=50"]) == WRONG_INPUT
    assert "the shares add up to 100 %, and these to 120" in capsys.readouterr().err


def test_a_header_alone_everybody_and_what_came_after(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "mail.csv"
    path.write_text("客户,组别,结果,age,revenue_after\n", encoding="utf-8")
    assert run(["backtest", "--campaign", str(path)]) == WRONG_INPUT
    assert "[WK6058]" in capsys.readouterr().err
    rows = "".join(f"c{at},{'mail' if at % 3 else 'control'},1,{20 + at % 50},{at % 7}\n" for at in range(600))
    path.write_text("客户,组别,came,age,revenue_after\n" + rows, encoding="utf-8")
    run(["backtest", "--campaign", str(path), "--splits", "2", "--map", "事件=came"])
    told = capsys.readouterr().err
    assert "[WK6079]" in told
    assert "all 200 people of arm 'control' have the outcome" in told
    assert "columns that are not used: revenue_after (called like an outcome" in told


def test_one_person_who_pays_for_many_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = table(tmp_path / "mail.csv")
    with path.open(encoding="utf-8", newline="") as file:
        head, *rows = list(csv.reader(file))
    next(row for row in rows if row[4] == "1")[5] = "9000"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    assert run(["backtest", "--campaign", str(path), "--splits", "2", "--lang", "en"]) == FINE
    assert "of all money: forecasts of money are off" in " ".join(capsys.readouterr().out.split())


def test_few_outcomes_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = table(tmp_path / "mail.csv", "rare", 600)
    assert run(["backtest", "--campaign", str(path), "--splits", "2", "--lang", "en"]) == FINE
    assert "warning[WK6169]: arm 'control' has" in capsys.readouterr().err


def test_households_that_were_chosen_for_a_campaign(real_data: Path, tmp_path: Path) -> None:
    folder = real_data / "completejourney"
    query = """
    WITH t AS (SELECT household_id, CAST(transaction_timestamp AS DATE) AS day, sales_value FROM $trips),
    c AS (SELECT start_date, end_date FROM $campaigns WHERE campaign_id = '18')
    SELECT household_id AS customer_id,
           CASE WHEN household_id IN (SELECT household_id FROM $mailed WHERE campaign_id = '18')
                THEN 'mailed' ELSE 'control' END AS arm,
           coalesce(sum(sales_value) FILTER (day < start_date), 0) AS spent_before,
           CAST(bool_or(day BETWEEN start_date AND end_date) AS INTEGER) AS outcome
    FROM t, c GROUP BY ALL"""
    for name, file in (
        ("trips", "transactions_sample"),
        ("campaigns", "campaign_descriptions"),
        ("mailed", "campaigns"),
    ):
        query = query.replace(f"${name}", f"'{folder / file}.parquet'")
    path = tmp_path / "households.parquet"
    duckdb.sql(query).write_parquet(str(path))
    out = tmp_path / "out.json"
    assert run(["backtest", "--campaign", str(path), "--json", str(out)]) == WRONG_INPUT
    tree = json.loads(out.read_bytes())
    assert tree["randomised"]["random"] is False
    assert tree["randomised"]["p"] < 1e-9

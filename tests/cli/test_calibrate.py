"""`wakeup calibrate`: from logs to a library that a campaign imports, and back."""

import csv
import json
import re
from pathlib import Path

import numpy as np
import pytest
from tests.cli.made import CAMPAIGN, LOG

from wakeup.cli.main import run
from wakeup.face import load


def shop(folder: Path, people: int = 1_500) -> None:
    """Write a log of two years with people who come back, some of them asleep by September 2026."""
    draw = np.random.default_rng(7)
    with (folder / "shop.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["customer_id", "date", "amount"])
        for who in range(people):
            day = draw.uniform(0, 500)
            while day < 970:
                at = np.datetime64("2024-01-01T10:00:00") + np.timedelta64(int(day * 86_400), "s")
                rows.writerow([f"c{who}", str(at).replace("T", " "), f"{np.exp(4.6 + 0.5 * draw.normal()):.2f}"])
                if draw.uniform() < 0.4:
                    break
                day += draw.exponential(90.0)


@pytest.fixture
def played(folder: Path) -> Path:
    """A shop whose campaign was played: its events are the logs of touches and outcomes."""
    shop(folder)
    (folder / "spring.wake").write_text(CAMPAIGN.replace("holdout: 10%", "holdout: 40%"), encoding="utf-8")
    assert (
        run(["simulate", "spring.wake", "--customers", "shop.csv", "--replications", "1", "--events", "e.parquet"]) == 0
    )
    return folder


def test_an_order_log_alone_gives_a_library_that_checks_and_is_formatted(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop(folder)
    assert run(["calibrate", "--orders", "shop.csv", "-o", "shop.assume.wake"]) == 0
    told = capsys.readouterr().out
    assert "organic_level" in told
    assert "there is no log of touches and outcomes" in told
    text = (folder / "shop.assume.wake").read_text(encoding="utf-8")
    assert "organic_dormancy: " in text
    assert "usual_basket: " in text
    assert "grade fitted  # 1,500 customers" in text
    (weekday,) = (line for line in text.splitlines() if "weekday_monday" in line)
    counted = re.search(r'"fitted to (\d+) orders in whole weeks before .*# ([\d,]+) orders$', weekday)
    assert counted is not None, weekday
    assert counted[1] == counted[2].replace(",", ""), "each row says what it was fitted to"
    assert run(["check", "--strict", "shop.assume.wake"]) == 0
    assert run(["fmt", "--check", "shop.assume.wake"]) == 0


def test_the_same_logs_give_the_same_bytes(folder: Path) -> None:
    shop(folder, 400)
    files = [folder / "a.assume.wake", folder / "b.assume.wake"]
    for file in files:
        assert run(["calibrate", "--orders", "shop.csv", "-o", file.name]) == 0
    assert files[0].read_bytes() == files[1].read_bytes()


def test_in_chinese(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shop(folder, 400)
    assert run(["calibrate", "--orders", "shop.csv", "-o", "店.assume.wake", "--lang", "zh"]) == 0
    told = capsys.readouterr().out
    assert "从记录中学到的" in told
    assert "天" in told
    text = (folder / "店.assume.wake").read_text(encoding="utf-8")
    assert "常见客单: " in text
    assert "位客户" in text
    assert run(["check", "--strict", "店.assume.wake"]) == 0
    assert run(["fmt", "--check", "店.assume.wake"]) == 0


def test_what_a_played_campaign_teaches_is_imported_and_used(played: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--orders", "shop.csv", "--touches", "e.parquet", "--campaign", "spring.wake"]
    assert run(["calibrate", *options, "-o", "shop.assume.wake"]) == 0
    told = capsys.readouterr().out
    assert "seen" in told
    library = (played / "shop.assume.wake").read_text(encoding="utf-8")
    assert "assume for sms {" in library
    assert "# For what the campaign itself declares: paste into the campaign file." in library
    text = CAMPAIGN.replace("wakeup 1\n", 'wakeup 1\nimport "shop.assume.wake" as shop\n')
    (played / "next.wake").write_text(text, encoding="utf-8")
    assert run(["check", "next.wake"]) == 0
    rows = {(row.parameter, row.scope): row for row in load(played / "next.wake").assumptions}
    seen = rows["seen", "channel:sms"]  # what a word means in the campaign goes before the kind of that name
    assert seen.grade == "fitted"
    assert 0.42 < seen.median < 0.58  # played with .5
    assert 0.0 < seen.sd < 0.4
    simulated = ["simulate", "next.wake", "--customers", "shop.csv", "--replications", "2", "--json", "r.json"]
    assert run(simulated) == 0
    basis = json.loads((played / "r.json").read_text(encoding="utf-8"))["basis"]
    used = {each["assumption"]: each for each in basis}
    assert used["seen channel:sms"]["source"] == seen.source
    assert used["seen channel:sms"]["grade"] == "fitted"
    assert seen.source.startswith("fitted to ")
    assert " delivered messages of 1 campaign before 2026-09-" in seen.source


def test_names_of_imported_libraries_are_written_with_their_import(played: Path) -> None:
    library = next(line for line in CAMPAIGN.splitlines() if line.startswith("channel sms"))
    (played / "channels.wake").write_text(f"wakeup 1\n{library}\n", encoding="utf-8")
    text = CAMPAIGN.replace(library, "").replace("wakeup 1\n", 'wakeup 1\nimport "channels.wake" as our\n')
    text = text.replace("via sms", "via our.sms").replace("holdout: 10%", "holdout: 40%")
    (played / "spring.wake").write_text(text, encoding="utf-8")
    assert (
        run(["simulate", "spring.wake", "--customers", "shop.csv", "--replications", "1", "--events", "e.parquet"]) == 0
    )
    options = ["--orders", "shop.csv", "--touches", "e.parquet", "--campaign", "spring.wake"]
    assert run(["calibrate", *options, "-o", "shop.assume.wake"]) == 0
    told = (played / "shop.assume.wake").read_text(encoding="utf-8")
    assert 'import "channels.wake" as our\n' in told
    assert "assume for our.sms {" in told
    assert run(["check", "--strict", "shop.assume.wake"]) == 0


def test_json_is_what_simulate_takes(played: Path) -> None:
    options = ["--orders", "shop.csv", "--touches", "e.parquet", "--campaign", "spring.wake"]
    assert run(["calibrate", *options, "-o", "shop.json"]) == 0
    rows = json.loads((played / "shop.json").read_text(encoding="utf-8"))
    assert {"channel:sms", "kind:sms", ""} <= {row["scope"] for row in rows}
    assert all(row["count"] > 0 and row["counted"] for row in rows)
    simulated = ["simulate", "spring.wake", "--customers", "shop.csv", "--replications", "2", "--json", "r.json"]
    assert run([*simulated, "--assume", "shop.json"]) == 0
    basis = json.loads((played / "r.json").read_text(encoding="utf-8"))["basis"]
    assert "fitted" in {each["grade"] for each in basis if each["assumption"] == "seen channel:sms"}


def test_calibrating_what_was_simulated_with_the_learnt_gives_it_again(played: Path) -> None:
    options = ["--orders", "shop.csv", "--campaign", "spring.wake"]
    assert run(["calibrate", *options, "--touches", "e.parquet", "-o", "one.json"]) == 0
    simulated = ["simulate", "spring.wake", "--customers", "shop.csv", "--replications", "1", "--assume", "one.json"]
    assert run([*simulated, "--seed", "5", "--events", "again.parquet"]) == 0
    assert run(["calibrate", *options, "--touches", "again.parquet", "-o", "two.json"]) == 0
    one, two = (
        {(row["parameter"], row["scope"]): row for row in json.loads((played / name).read_text(encoding="utf-8"))}
        for name in ("one.json", "two.json")
    )
    link = {"identity": lambda x: x, "log": np.log, "logit": lambda x: np.log(x / (1 - x))}
    shared = [key for key in one.keys() & two.keys() if key[1].startswith("channel")]
    apart = [
        abs(link[one[key]["link"]](one[key]["median"]) - link[one[key]["link"]](two[key]["median"])) / two[key]["sd"]
        for key in shared
    ]
    assert len(shared) >= 6
    assert sum(each < 1.645 for each in apart) >= len(apart) - 2
    assert max(apart) < 3.5


@pytest.mark.parametrize(
    ("output", "code"),
    [("shop.wake", "WK6100"), ("shop.txt", "WK6100"), (".assume.wake", "WK6100"), ("mine.assume.wake", "WK6101"),
     ("orders.json", "WK6001"), ("nowhere/shop.assume.wake", "WK6001")],
    ids=["a_campaign", "a_text", "no_name", "by_hand", "an_input", "no_folder"],
)  # fmt: skip
def test_outputs_that_are_refused(folder: Path, capsys: pytest.CaptureFixture[str], output: str, code: str) -> None:
    (folder / "mine.assume.wake").write_text("wakeup 1\nassume { lapse: 30% }\n", encoding="utf-8")
    (folder / "orders.json").write_text(LOG, encoding="utf-8")
    before = sorted(each.name for each in folder.iterdir())
    assert run(["calibrate", "--orders", "orders.json", "-o", output]) == 1
    assert f"[{code}]" in capsys.readouterr().err
    assert sorted(each.name for each in folder.iterdir()) == before


def test_too_little_data_is_said_and_nothing_is_made_up(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "few.csv").write_text("customer_id,date,amount\na,2026-01-01,5\nb,2026-01-02,6\n", encoding="utf-8")
    assert run(["calibrate", "--orders", "few.csv", "-o", "few.assume.wake"]) == 0
    told = capsys.readouterr().out
    assert "fewer than 30 customers tell of it" in told
    assert "assume" not in (folder / "few.assume.wake").read_text(encoding="utf-8").replace(".assume.", "")
    assert run(["check", "few.assume.wake"]) == 0


def test_amounts_of_several_currencies_are_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "".join(f"c{i},2026-01-{1 + i % 28:02d},{50 + i},{'EUR' if i % 3 else 'USD'}\n" for i in range(60))
    (folder / "mixed.csv").write_text("customer_id,date,amount,currency\n" + rows, encoding="utf-8")
    assert run(["calibrate", "--orders", "mixed.csv", "--currency", "EUR", "-o", "s.assume.wake"]) == 1
    assert "[WK6110]" in capsys.readouterr().err
    (folder / "other.csv").write_text(
        "customer_id,date,amount,currency\n" + rows.replace("USD", "EUR"), encoding="utf-8"
    )
    assert run(["calibrate", "--orders", "other.csv", "--currency", "CNY", "-o", "s.assume.wake"]) == 1
    assert "[WK6110]" in capsys.readouterr().err
    assert run(["calibrate", "--orders", "other.csv", "--currency", "EUR", "-o", "s.assume.wake"]) == 0


def test_an_empty_log_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "empty.csv").write_text("", encoding="utf-8")
    assert run(["calibrate", "--orders", "empty.csv", "-o", "s.assume.wake"]) == 1
    assert "[WK6012]" in capsys.readouterr().err
    assert run(["calibrate", "--orders", "orders.csv", "--touches", "empty.csv", "-o", "s.assume.wake"]) == 1
    assert "[WK6012]" in capsys.readouterr().err
    assert not (folder / "s.assume.wake").exists()


def orders(folder: Path, *, id: str = "c{}", amount: str = "50", people: int = 150, name: str = "odd.csv") -> None:
    """A log of 600 orders over 2024."""
    rows = "".join(f"{id.format(i % people)},2024-{1 + i % 12:02d}-{1 + i % 28:02d},{amount}\n" for i in range(600))
    (folder / name).write_text("customer_id,date,amount\n" + rows, encoding="utf-8")


def test_what_no_campaign_can_say_is_left_out_and_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    orders(folder, amount="999999999999")
    assert run(["calibrate", "--orders", "odd.csv", "-o", "s.assume.wake"]) == 0
    assert "`usual_basket`: what the logs say is out of range" in " ".join(capsys.readouterr().out.split())
    assert run(["check", "s.assume.wake"]) == 0
    assert "usual_basket" not in (folder / "s.assume.wake").read_text(encoding="utf-8")
    assert run(["calibrate", "--orders", "odd.csv", "-o", "s.json"]) == 0
    learnt = {row["parameter"] for row in json.loads((folder / "s.json").read_text(encoding="utf-8"))}
    assert "organic_level" in learnt
    assert "usual_basket" not in learnt


@pytest.mark.parametrize(("people", "why"), [(150, "the amounts do not vary"), (600, "nobody ordered twice")])
def test_why_nothing_is_known_of_how_baskets_vary(
    folder: Path, capsys: pytest.CaptureFixture[str], people: int, why: str
) -> None:
    orders(folder, people=people)
    assert run(["calibrate", "--orders", "odd.csv", "-o", "s.assume.wake"]) == 0
    assert f"`basket_spread`: {why}\n" in capsys.readouterr().out


def test_rows_that_name_no_customer_are_what_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    orders(folder, id="")
    assert run(["calibrate", "--orders", "odd.csv", "-o", "s.assume.wake"]) == 1
    told = capsys.readouterr().err
    assert "[WK6067]" in told
    assert "no row has a customer id in column 'customer_id'" in told


def test_one_customer_who_is_much_of_the_business_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    orders(folder)
    with (folder / "odd.csv").open("a", encoding="utf-8") as file:
        file.write("Big,2024-06-01,20000\n")
    for command in (["calibrate", "-o", "s.assume.wake"], ["backtest"]):
        run([*command, "--orders", "odd.csv"])
        told = capsys.readouterr().err
        assert "[WK6074]" in told
        assert "40% of the value" in told


def test_sends_after_the_order_log_are_counted_with_their_rows(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    orders(folder)
    rows = "".join(f"c{i},{2024 + i // 3}-01-10,sms\n" for i in range(5))
    (folder / "touches.csv").write_text("customer_id,time,channel\n" + rows, encoding="utf-8")
    assert run(["calibrate", "--orders", "odd.csv", "--touches", "touches.csv", "-o", "s.assume.wake"]) == 0
    told = capsys.readouterr().err
    assert "[WK6068]" in told
    assert "2 sends lie at or after 2024-12-29" in told
    assert "cannot be learnt: 5, 6" in told


def test_a_campaign_of_another_currency_or_another_time(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    orders(folder)
    (folder / "spring.wake").write_text(CAMPAIGN, encoding="utf-8")
    options = ["calibrate", "--orders", "odd.csv", "--campaign", "spring.wake", "-o", "s.assume.wake"]
    assert run([*options, "--currency", "USD"]) == 1
    assert "[WK6069]" in capsys.readouterr().err
    assert not (folder / "s.assume.wake").exists()
    assert run(options) == 0
    told = capsys.readouterr().err
    assert "[WK6078]" in told
    assert "the orders in 'odd.csv' lie from 2024-01-01 to 2024-12-28" in told


def test_roles_in_chinese_as_the_messages_call_them(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    orders(folder)
    text = (folder / "odd.csv").read_text(encoding="utf-8").replace("customer_id,date,amount", "who,when,much")
    (folder / "odd.csv").write_text(text, encoding="utf-8")
    assert run(["calibrate", "--orders", "odd.csv", "-o", "s.assume.wake", "--lang", "zh"]) == 1
    assert "--map 客户编号=列名" in capsys.readouterr().err
    roles = "客户编号=who,时间=when,金额=much"
    assert run(["calibrate", "--orders", "odd.csv", "-o", "s.assume.wake", "--map", roles]) == 0
    assert run(["calibrate", "--orders", "orders.csv", "--touches", "odd.csv", "-o", "s.assume.wake"]) == 1
    told = capsys.readouterr().err
    assert "call it `id` in the file" in told
    assert "--map" not in told

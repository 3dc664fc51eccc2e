"""`wakeup check` with people, from a file to a message with its line."""

import json
from pathlib import Path

import pytest
from tests.cli.made import CAMPAIGN, LOG

import wakeup
from wakeup.cli import run
from wakeup.diagnostics import in_language, registry
from wakeup.face import examine, preflight
from wakeup.source import Source

ROOT = Path(__file__).resolve().parents[2]

TROUBLED = CAMPAIGN.replace("holdout: 10%", "holdout: 1%").replace(
    "journey wake {",
    """tier value by average_order_value { high: 90_000_000 CNY and up, low: below 90_000_000 CNY }
budget 4 CNY { promotion: 4 CNY }
gift kit { cost: 18 CNY, stock: 40, limit: 1 per person, line: promotion }
message again via sms { text: "Again. Reply R to stop." }
journey rich for value.high { send hello with off }
journey wake {""",
).replace("start: 500 per day", "start: 1 per day").replace(
    "send hello with off\n  wait 7d for order",
    "split halves { 50% one { send hello with off } 50% two { send again with kit } }\n  wait 7d for order",
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "spring.wake").write_text(CAMPAIGN, "utf-8")
    (tmp_path / "trouble.wake").write_text(TROUBLED, "utf-8")
    (tmp_path / "orders.csv").write_text(LOG, "utf-8")
    monkeypatch.chdir(tmp_path)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def told(source: str, n: int) -> dict[str, str]:
    """What is underlined, by code."""
    checked = examine(Source("t.wake", source))
    found = preflight(checked, wakeup.customers.synthetic(n))
    return {
        each.code: checked.sources[each.span.source].text[each.span.start : each.span.end]
        for each in found
        if each.span is not None
    }


def test_each_problem_is_shown_where_it_was_written() -> None:
    assert told(TROUBLED, 3_000) == {
        "WK3902": "days_since_order",
        "WK3906": "90_000_000",
        "WK3908": "2026-09-01",
        "WK3912": "1%",
        "WK3915": "halves",
        "WK3930": "promotion",
        "WK3932": "4",
        "WK5310": "1%",
        "WK5311": "halves",
    } | {code: "40" for code in told(TROUBLED, 3_000) if code == "WK3921"}


def test_places_in_an_imported_file(tmp_path: Path) -> None:
    (tmp_path / "lib.wake").write_text(
        "wakeup 1\nchannel sms { kind: sms, cost: 0.05 CNY per part, quiet: 22:00 to 08:00 otherwise delay }\n"
        "gift kit { cost: 1 CNY, stock: 3 }\n",
        "utf-8",
    )
    (tmp_path / "c.wake").write_text(
        'wakeup 1\nimport "lib.wake" as l\n'
        'campaign c { currency: CNY, timezone: "Asia/Shanghai", run: 2026-09-01 through 2026-10-31, '
        "audience: days_since_order >= 180d, holdout: none, margin: 50% }\n"
        'message hello via l.sms { text: "Reply R to stop." }\n'
        "journey j { send hello with l.kit; wait 7d for order }\n",
        "utf-8",
    )
    checked = examine(tmp_path / "c.wake")
    found = preflight(checked, wakeup.customers.synthetic(400))
    (stock,) = (each for each in found if each.code in ("WK3920", "WK3921"))
    assert stock.span is not None
    assert stock.span.source.endswith("lib.wake")
    assert checked.sources[stock.span.source].text_of(stock.span) == "3"


def test_a_plan_without_its_text_is_told_without_a_place() -> None:
    checked = examine(Source("t.wake", TROUBLED))
    assert checked.plan is not None
    from wakeup.face import prepared
    from wakeup.preflight import check

    found = check(*prepared(checked.plan, wakeup.customers.synthetic(300)))
    assert found
    assert all(each.span is None for each in found)


def test_the_python_face_takes_people(folder: Path) -> None:
    alone = wakeup.check("trouble.wake")
    with_people = wakeup.check("trouble.wake", wakeup.customers.synthetic(500))
    history = wakeup.check("spring.wake", wakeup.customers.from_history("orders.csv", as_of="2026-08-31"))
    assert with_people[: len(alone)] == alone
    assert {each.code for each in with_people[len(alone) :]} >= {"WK3902", "WK3930"}
    assert {each.code for each in history} >= {"WK3902"}


def test_warnings_fail_when_strict(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "trouble.wake", "--synthetic", "3000"]) == 0
    err = capsys.readouterr().err
    assert "warning[WK3930]: line `promotion` holds 4 CNY" in err
    assert "trouble.wake:" in err
    assert run(["check", "trouble.wake", "--synthetic", "3000", "--strict"]) == 1


def test_nobody_eligible_fails(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "nobody.wake").write_text(CAMPAIGN.replace(">= 180d", ">= 9000d"), "utf-8")
    assert run(["check", "nobody.wake", "--customers", "orders.csv"]) == 1
    err = capsys.readouterr().err
    assert "error[WK3901]: the audience selects none of the 300 customers" in err
    assert "`days_since_order >= 9000d` 0" in err


def test_all_formats_and_languages(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["check", "trouble.wake", "--synthetic", "3000", "--format", "json", "--lang", "zh"])
    found = json.loads(capsys.readouterr().out)
    text = json.dumps(found, ensure_ascii=False)
    assert "WK3930" in text
    assert "预算项“promotion”为 4元" in text


def test_data_that_cannot_be_read_are_told_beside_the_campaign(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "warned.wake").write_text(CAMPAIGN.replace("  margin: 50%\n", ""), "utf-8")
    assert run(["check", "warned.wake", "--customers", "none.csv"]) == 1
    err = capsys.readouterr().err
    assert "WK3208" in err
    assert "none.csv" in err
    assert run(["check", "spring.wake", "--as-of", "2026-01-01"]) == 1
    assert "WK6003" in capsys.readouterr().err


def test_a_campaign_with_errors_is_not_rehearsed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "wrong.wake").write_text(CAMPAIGN.replace("with off", "with of"), "utf-8")
    assert run(["check", "wrong.wake", "--synthetic", "100"]) == 1
    assert "WK39" not in capsys.readouterr().err


def test_libraries_are_skipped(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "lib.wake").write_text("wakeup 1\ngift kit { cost: 1 CNY }\n", "utf-8")
    assert run(["check", "lib.wake", "spring.wake", "--synthetic", "2000"]) == 0
    assert "2 files checked" in capsys.readouterr().err


# --- the campaigns that ship -----------------------------------------------------------------------------------------


def warnings(path: str, people: object) -> set[str]:
    checked = examine(ROOT / "campaigns" / path)
    found = preflight(checked, people)  # type: ignore[arg-type]
    assert len(found) <= 8, "nobody reads more"
    return {each.code for each in found if each.severity != "note"}


def test_the_beauty_chain_on_a_hundred_thousand() -> None:
    # 6,000 coupons for 9,400 people who each hold one for 15 days: what the campaign's author should know.
    assert warnings("beauty_autumn.wake", wakeup.customers.synthetic(100_000)) == {"WK3920"}


def test_the_gift_shop_on_its_log(real_data: Path) -> None:
    # A shop of 3,000 dormant customers cannot see what its own campaign expects to see, and is told so.
    log = real_data / "online_retail_ii" / "orders.parquet"
    people = wakeup.customers.from_history(log, as_of="2011-06-01", zone="Europe/London")
    assert warnings("gift_shop_winback.wake", people) == {"WK3911", "WK3915"}


@pytest.mark.parametrize("code", [code for code in registry() if code.startswith("WK39")])
def test_help_is_said_in_both_languages(code: str) -> None:
    entry = registry()[code]
    assert entry.severity == "note" or (entry.help_en and entry.help_zh)
    for each in preflight(examine(Source("t.wake", TROUBLED)), wakeup.customers.synthetic(300)):
        chinese = in_language(each, "zh")
        assert chinese.message != each.message
        assert each.help is None or chinese.help != each.help

"""`wakeup run` and what goes with it, on a real clock: approval, sends, going on, versions, orders, forgetting."""

import re
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.cli.live.conftest import DATA, approved, campaign

from wakeup.cli import run
from wakeup.cli.exits import FINE, REFUSED, WRONG_INPUT
from wakeup.live.clock import WallClock
from wakeup.live.store.opening import open_store

SENT = re.compile(r"^send channel=mail campaign=spring message=(\w+) ", re.MULTILINE)


def test_nothing_is_sent_before_somebody_has_read_the_screen_and_typed_its_id(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["run", "spring.wake", *DATA, "--store", "a.db"]) == REFUSED
    printed = capsys.readouterr()
    assert "WK7140" in printed.err  # never simulated
    for part in ("will be contacted", "held out", "mail (console): hello and reminder", "at most 900 GBP", "undone"):
        assert part in printed.out
    assert run(["run", "spring.wake", *DATA, "--store", "a.db", "--unsimulated", "--approve", "00000000"]) == REFUSED
    printed = capsys.readouterr()
    assert "WK7141" in printed.err
    assert not SENT.findall(printed.out)


def test_a_version_that_was_simulated_here_needs_no_excuse(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["simulate", "spring.wake", *DATA, "--replications", "1"]) == FINE
    assert run(["run", "spring.wake", *DATA, "--store", "a.db"]) == REFUSED
    printed = capsys.readouterr()
    assert "WK7142" in printed.err
    assert "on these customers" in printed.out


def test_who_agreed_is_sent_the_first_message_once(started: str) -> None:
    people = int(re.search(r"(\d+) customers will be contacted", started)[1])  # type: ignore[index]  # it is there
    reached = int(re.search(r"(\d+) of them have an address", started)[1])  # type: ignore[index]  # it is there
    assert SENT.findall(started) == ["hello"] * reached
    assert 20 < reached < people < 40


def test_the_same_command_goes_on_and_sends_nobody_the_same_again(
    started: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["run", "spring.wake", "--store", "a.db", "--once"]) == FINE
    printed = capsys.readouterr().out
    assert not SENT.findall(printed)
    assert f"sent {len(SENT.findall(started))}," in printed


def test_after_the_last_day_the_same_command_still_takes_answers_in(
    started: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(WallClock, "now", lambda _: int(time.time()) + 400 * 86_400)
    assert run(["run", "spring.wake", "--store", "a.db", "--once"]) == FINE
    assert f"sent {len(SENT.findall(started))}," in capsys.readouterr().out
    assert run(["run", "spring.wake", *DATA, "--store", "b.db", "--once"]) == WRONG_INPUT
    assert "WK7143" in capsys.readouterr().err


def test_a_changed_file_is_a_new_version_with_an_approval_of_its_own(
    started: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (project / "spring.wake").read_text("utf-8")
    (project / "spring.wake").write_text(text.replace("Still {{ offer }}.", "Do not forget {{ offer }}."), "utf-8")
    assert run(["run", "spring.wake", "--store", "a.db"]) == REFUSED
    printed = capsys.readouterr()
    assert "reminder" in printed.out
    assert "WK7140" in printed.err  # it was never simulated
    assert run(["run", "spring.wake", "--store", "a.db", "--unsimulated"]) == REFUSED
    printed = capsys.readouterr()
    found = re.search(r"--approve (\w{8})", printed.err)
    assert found is not None
    options = ["--store", "a.db", "--unsimulated", "--approve", found[1], "--adopt", "copy", "--once"]
    assert run(["run", "spring.wake", *options]) == FINE
    treated = int(re.search(r"(\d+) customers will be contacted", started)[1])  # type: ignore[index]  # it is there
    assert f"{treated} customers of those under way take its wording" in capsys.readouterr().out
    assert run(["run", "spring.wake", "--store", "a.db", "--adopt", "all"]) == WRONG_INPUT
    assert "WK7150" in capsys.readouterr().err


def test_a_paused_campaign_sends_nothing_and_a_stopped_one_never_again(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "spring.wake").write_text(campaign(wait="1h"), encoding="utf-8")
    options = approved(capsys)
    store = ["--store", "a.db"]
    assert run(["run", "spring.wake", *DATA, *store, "--unsimulated", *options, "--once"]) == FINE
    assert run(["pause", *store]) == FINE
    monkeypatch.setattr(WallClock, "now", lambda _: int(time.time()) + 3_601)  # after the wait of the campaign
    capsys.readouterr()
    assert run(["run", "spring.wake", *store, "--once"]) == FINE
    assert not SENT.findall(capsys.readouterr().out)
    assert run(["resume", *store]) == FINE
    capsys.readouterr()
    assert run(["run", "spring.wake", *store, "--once"]) == FINE
    assert set(SENT.findall(capsys.readouterr().out)) == {"reminder"}
    assert run(["stop", *store]) == FINE
    assert run(["resume", *store]) == WRONG_INPUT
    assert "WK7146" in capsys.readouterr().err


def test_a_person_is_forgotten_on_their_wish_and_unknown_after_it(
    started: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["erase", "C7", "--store", "a.db"]) == FINE
    assert run(["erase", "C7", "--store", "a.db"]) == WRONG_INPUT
    printed = capsys.readouterr()
    assert "WK7147" in printed.err
    assert "C7" not in printed.err


def test_what_is_wrong_is_said_before_anything_is_kept(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "wakeup.toml").write_text("", encoding="utf-8")
    assert run(["run", "spring.wake", *DATA, "--store", "a.db"]) == WRONG_INPUT
    assert "WK7061" in capsys.readouterr().err  # no adapter
    assert not (project / "a.db").exists()
    over = campaign().replace(str(datetime.now(UTC).year), "2020")
    (project / "old.wake").write_text(over, encoding="utf-8")
    (project / "wakeup.toml").write_text('[channels.mail]\nadapter = "console"\n', encoding="utf-8")
    assert run(["run", "old.wake", *DATA, "--store", "a.db"]) == WRONG_INPUT
    assert "WK7143" in capsys.readouterr().err
    assert run(["pause", "--store", "nothing.db"]) == WRONG_INPUT
    assert "WK7021" in capsys.readouterr().err
    assert not (project / "nothing.db").exists()


def test_a_first_run_needs_customers_of_whom_somebody_can_be_contacted(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["run", "spring.wake", "--store", "a.db", "--unsimulated"]) == WRONG_INPUT
    assert "WK7151" in capsys.readouterr().err
    (project / "none.csv").write_text("customer_id,orders,last_order\n", encoding="utf-8")
    assert run(["run", "spring.wake", "--customers", "none.csv", "--store", "a.db"]) == WRONG_INPUT
    assert "WK7152" in capsys.readouterr().err
    (project / "silent.csv").write_text("customer_id,orders,last_order\nC1,2,2020-01-01\nC2,1,2020-01-01\n", "utf-8")
    assert run(["run", "spring.wake", "--customers", "silent.csv", "--store", "a.db", "--unsimulated"]) == REFUSED
    assert "email_consent" in capsys.readouterr().out  # says what would let them be reached
    assert not list(project.glob("a.db*"))


def test_the_shops_codes_are_given_and_when_they_are_used_up_nothing_goes_out(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "codes.txt").write_text("AAA1\nAAA2\n\nAAA3\n", encoding="utf-8")
    options = [*approved(capsys), "--unsimulated", "--once", "--store", "a.db"]
    assert run(["run", "spring.wake", *DATA, *options, "--codes", "off=codes.txt"]) == FINE
    printed = capsys.readouterr().out
    assert "codes of off: 3 new" in printed
    assert SENT.findall(printed) == ["hello"] * 3  # the fourth has no code left
    (project / "more.txt").write_text("AAA3\nAAA4\n", encoding="utf-8")
    assert run(["run", "spring.wake", "--once", "--store", "a.db", "--codes", "off=more.txt"]) == FINE
    assert "codes of off: 1 new" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("given", "content", "code"),
    [
        ("off", "", "WK7161"),
        ("of=codes.txt", "A1\n", "WK7162"),
        ("off=codes.txt", "A1\nA1\n", "WK7163"),
        ("off=codes.txt", "A 1\n", "WK7163"),
        ("off=codes.txt", "\n", "WK7163"),
        ("off=nowhere.txt", "A1\n", "WK1001"),
    ],
)
def test_codes_that_cannot_be_stop_the_start(
    project: Path, capsys: pytest.CaptureFixture[str], given: str, content: str, code: str
) -> None:
    (project / "codes.txt").write_text(content, encoding="utf-8")
    assert run(["run", "spring.wake", *DATA, "--store", "a.db", "--unsimulated", "--codes", given]) == WRONG_INPUT
    assert code in capsys.readouterr().err
    assert not list(project.glob("a.db*"))


def test_a_seed_list_gets_every_message_marked_as_a_test(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "own.csv").write_text("id,email\nme,me@shop.example\nyou,\n", encoding="utf-8")
    assert run(["run", "spring.wake", "--seed-list", "own.csv"]) == FINE
    printed = capsys.readouterr().out
    assert printed.count(" test=yes") == 4  # two messages, two people: the console needs no address
    (project / "nobody.csv").write_text("id,email\n", encoding="utf-8")
    assert run(["run", "spring.wake", "--seed-list", "nobody.csv"]) == WRONG_INPUT


def test_a_backup_is_a_store_of_its_own_and_is_never_written_over(
    started: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["backup", "copy.db", "--store", "a.db"]) == FINE
    assert run(["doctor", "--store", "copy.db", "--key", "file:a.db.key"]) == FINE
    assert "campaign spring" in capsys.readouterr().out
    assert run(["backup", "copy.db", "--store", "a.db"]) == WRONG_INPUT
    assert "WK7027" in capsys.readouterr().err


def test_the_doctor_finds_a_project_and_its_store_sound(
    started: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["doctor", "--store", "a.db"]) == FINE
    printed = capsys.readouterr().out
    assert "channel mail by console" in printed
    assert "audit log unbroken" in printed
    (project / "wakeup.toml").write_text('[channels.mail]\nadapter = "consol"\n', encoding="utf-8")
    assert run(["doctor"]) == WRONG_INPUT
    assert "WK7062" in capsys.readouterr().out


def test_a_version_that_comes_back_is_approved_once(
    started: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = (project / "spring.wake").read_text("utf-8")
    for text in (first.replace("Still ", "Yet "), first):
        (project / "spring.wake").write_text(text, "utf-8")
        assert run(["run", "spring.wake", "--store", "a.db", "--unsimulated"]) == REFUSED
        found = re.search(r"--approve (\w{8})", capsys.readouterr().err)
        assert found is not None
        assert run(["run", "spring.wake", "--store", "a.db", "--unsimulated", "--approve", found[1], "--once"]) == FINE
        assert run(["run", "spring.wake", "--store", "a.db", "--once"]) == FINE


def test_people_under_way_keep_a_channel_that_a_new_version_drops(
    started: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (project / "spring.wake").read_text("utf-8")
    renamed = text.replace("channel mail", "channel post").replace("via mail", "via post")
    (project / "spring.wake").write_text(renamed, "utf-8")
    (project / "wakeup.toml").write_text('[channels.post]\nadapter = "console"\n', "utf-8")
    # Without the old channel nothing is taken up, or the run could neither go on nor go back.
    assert run(["run", "spring.wake", "--store", "a.db", "--approve", "00000000"]) == WRONG_INPUT
    assert "WK7061" in capsys.readouterr().err
    both = '[channels.post]\nadapter = "console"\n[channels.mail]\nadapter = "console"\n'
    (project / "wakeup.toml").write_text(both, "utf-8")
    assert run(["run", "spring.wake", "--store", "a.db", "--unsimulated"]) == REFUSED
    found = re.search(r"--approve (\w{8})", capsys.readouterr().err)
    assert found is not None
    assert run(["run", "spring.wake", "--store", "a.db", "--unsimulated", "--approve", found[1], "--once"]) == FINE


@pytest.mark.parametrize("public", ["shop.example", "http://shop.example", "https://shop.example/?a=b"])
def test_an_address_for_opt_outs_that_nobody_can_open(
    project: Path, capsys: pytest.CaptureFixture[str], public: str
) -> None:
    begin = ["run", "spring.wake", *DATA, "--store", "a.db", "--unsimulated", "--approve", "00000000"]
    assert run([*begin, "--public", public]) == WRONG_INPUT
    assert "WK7155" in capsys.readouterr().err
    toml = (project / "wakeup.toml").read_text("utf-8")
    (project / "wakeup.toml").write_text(f'{toml}[ingest]\npublic = "{public}"\n', "utf-8")
    assert run(begin) == WRONG_INPUT
    assert "WK7155" in capsys.readouterr().err
    assert not (project / "a.db").exists()


def test_the_doctor_says_what_to_do(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["doctor", "--store", "none.db"]) == WRONG_INPUT
    assert "wakeup run" in capsys.readouterr().out


def test_a_store_without_a_campaign_says_so(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    open_store("empty.db").close()
    assert run(["status", "--store", "empty.db"]) == WRONG_INPUT
    assert "WK7156" in capsys.readouterr().err


def test_a_port_that_is_none(started: str, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "wakeup.toml").write_text('[channels.mail]\nadapter = "console"\n[ingest]\nport = 99999\n', "utf-8")
    assert run(["ingest", "--store", "a.db"]) == WRONG_INPUT
    printed = capsys.readouterr()
    assert "WK7153" in printed.err
    assert "listening" not in printed.out


def test_a_store_counts_in_one_currency(started: str, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = campaign().replace("GBP", "EUR").replace("campaign spring", "campaign autumn")
    (project / "autumn.wake").write_text(text, "utf-8")
    options = approved(capsys, "autumn.wake")
    assert run(["run", "autumn.wake", *DATA, "--store", "a.db", "--unsimulated", *options, "--once"]) == WRONG_INPUT
    printed = capsys.readouterr()
    assert "WK7164" in printed.err
    assert not SENT.findall(printed.out)
    assert run(["run", "autumn.wake", *DATA, "--store", "b.db", "--unsimulated", *options, "--once"]) == FINE

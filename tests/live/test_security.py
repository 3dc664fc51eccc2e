"""What nobody may find anywhere after a run: who the customers are, and what the secrets are.

The other promises of the kind have their tests beside what keeps them: texts in `test_texts.py`, calls in and
one-click links in `tests/service`, calls out in `tests/channels/webhook`, cells of lists in
`tests/channels/test_sheet.py`, seals and the audit log in `test_seal.py` and `store/test_audit.py`.
"""

import base64
import csv
import io
import os
import re
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.cli.live.conftest import campaign

from wakeup.channels.console import ConsoleChannel
from wakeup.channels.protocol import Request
from wakeup.cli import run
from wakeup.cli.exits import FINE, REFUSED, WRONG_INPUT

ANY = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp"))
HEAD = ("customer_id", "email", "email_consent", "phone", "openid", "first_name", "last_name", "note",
        "last_order", "orders", "total_spent", "average_order_value")  # fmt: skip
PERSONAL = ("customer_id", "email", "phone", "openid", "first_name", "last_name", "note")


@st.composite
def _person(draw: st.DrawFn, number: int) -> dict[str, str]:
    """One customer; everything personal is long enough to stand nowhere by chance."""
    word = st.text("abcdefghijkmnpqrstuvwxyz", min_size=12, max_size=20)
    odd = draw(st.text(ANY.filter(lambda each: not each.isspace()), max_size=4))
    return {
        "customer_id": f"K{draw(word)}{odd}{number}",
        "email": f"{draw(word)}{number}@shop.example",
        "email_consent": "yes",
        "phone": f"+86139{draw(st.integers(10_000_000, 99_999_999))}",
        "openid": f"o6{draw(word)}{number}_{draw(word)}",
        "first_name": f"王{draw(word)}",
        "last_name": f"O'{draw(word)}\",=",
        "note": f"call {draw(word)}",
        "last_order": f"{datetime.now(UTC).date() - timedelta(days=200)}",
        "orders": "2",
        "total_spent": "100",
        "average_order_value": "50",
    }


def _written(people: Sequence[dict[str, str]]) -> str:
    out = io.StringIO(newline="")
    rows = csv.DictWriter(out, HEAD)
    rows.writeheader()
    rows.writerows(people)
    return out.getvalue()


def _all_commands(people: Sequence[dict[str, str]]) -> None:
    """What a day of a run does, also what goes wrong in it."""
    one = people[0]
    Path("answers.csv").write_text(
        f'id,kind,time,customer,amount\no1,ordered,{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ},"{one["customer_id"]}",50\n',
        encoding="utf-8",
    )
    Path("wrong.csv").write_text(
        f'id,kind,time,customer,amount\no2,ordered,tomorrow,"{one["customer_id"]}",much\n',
        encoding="utf-8",
    )
    begin = ["run", "spring.wake", "--customers", "customers.csv", "--store", "a.db", "--unsimulated", "--once"]
    assert run(begin) == REFUSED
    told = Path("err").read_text("utf-8")
    found = re.search(r"--approve (\w{8})", told)
    assert found is not None, told
    assert run([*begin, "--approve", found[1]]) == FINE
    assert run(["ingest", "--store", "a.db", "--file", "answers.csv"]) == FINE
    assert run(["ingest", "--store", "a.db", "--file", "wrong.csv"]) == WRONG_INPUT
    assert run(["run", "spring.wake", "--store", "a.db", "--once"]) == FINE
    assert run(["status", "--store", "a.db", "--json", "status.json", "--report", "status.html"]) == FINE
    assert run(["why", one["customer_id"], "--store", "a.db", "--json", "why.json"]) == FINE
    assert run(["why", one["email"], "--store", "a.db"]) == WRONG_INPUT
    assert run(["doctor", "--store", "a.db"]) == FINE
    assert run(["pause", "--store", "a.db"]) == FINE
    assert run(["erase", people[1]["customer_id"], "--store", "a.db"]) == FINE
    assert run(["erase", one["phone"], "--store", "a.db"]) == WRONG_INPUT


GIVEN = {"customers.csv", "answers.csv", "wrong.csv", "spring.wake", "wakeup.toml"}
"""Files that a person wrote; all others were written by the run."""


def _found(words: Sequence[str]) -> list[str]:
    """Where in the files of the present folder one of the words stands, in whichever way bytes are commonly written."""
    found = []
    for file in (each for each in Path().rglob("*") if each.is_file() and each.name not in GIVEN):
        data = file.read_bytes()
        for word in words:
            plain = word.encode()
            forms = (plain, ascii(word)[1:-1].encode(), plain.hex().encode(), base64.b64encode(plain).rstrip(b"="))
            found += [f"{file}: {word}" for form in forms if form in data]
    return found


def _here(folder: str, people: Sequence[dict[str, str]]) -> None:
    os.chdir(folder)
    Path("spring.wake").write_text(campaign(), encoding="utf-8")
    Path("wakeup.toml").write_text('[channels.mail]\nadapter = "console"\n', encoding="utf-8")
    Path("customers.csv").write_text(_written(people), encoding="utf-8")


@settings(max_examples=2, phases=[Phase.generate], deadline=None, suppress_health_check=list(HealthCheck))
@given(st.tuples(*(_person(number) for number in range(6))), st.sampled_from(["en", "zh"]))
def test_no_customer_stands_in_anything_that_a_run_writes(people: tuple[dict[str, str], ...], lang: str) -> None:
    before = Path.cwd()
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("LC_ALL", "zh_CN.UTF-8" if lang == "zh" else "C.UTF-8")
        _here(folder, people)
        try:
            with (
                Path("out").open("w", encoding="utf-8", buffering=1) as out,
                Path("err").open("w", encoding="utf-8", buffering=1) as err,
                redirect_stdout(out),
                redirect_stderr(err),
            ):
                _all_commands(people)
            assert _found([each[name] for each in people for name in PERSONAL]) == []
            assert "send channel=mail" in Path("out").read_text("utf-8")  # it did run
        finally:
            os.chdir(before)


PEOPLE = tuple(
    {
        "customer_id": f"Kundin{number}xyz", "email": f"somebody{number}@shop.example", "email_consent": "yes",
        "phone": f"+8613912345{number:03}", "openid": f"o6_abcdefghij{number}", "first_name": f"Adelgunde{number}",
        "last_name": f"Zwirbel{number}", "note": f"call after nine {number}", "orders": "2", "total_spent": "100",
        "last_order": "2020-01-01", "average_order_value": "50",
    }
    for number in range(6)
)  # fmt: skip


def test_an_adapter_that_raises_with_an_address_in_its_words_shows_it_to_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    def send(_self: ConsoleChannel, requests: Sequence[Request]) -> None:
        raise RuntimeError(f"550 <{requests[0].address.reveal()}>: {requests[0].text}")

    monkeypatch.chdir(tmp_path)
    _here(str(tmp_path), PEOPLE)
    monkeypatch.setattr(ConsoleChannel, "send", send)
    begin = ["run", "spring.wake", "--customers", "customers.csv", "--store", "a.db", "--unsimulated", "--once"]
    assert run(begin) == REFUSED
    found = re.search(r"--approve (\w{8})", capfd.readouterr().err)
    assert found is not None
    assert run([*begin, "--approve", found[1]]) == FINE
    assert run(["status", "--store", "a.db", "--json", "status.json"]) == FINE
    printed = capfd.readouterr()
    Path("printed").write_text(printed.out + printed.err + caplog.text, encoding="utf-8")
    assert _found([each[name] for each in PEOPLE for name in PERSONAL]) == []
    assert re.search(r"in doubt [1-9]|doubt", printed.out)  # who knows what it did before it raised


def test_secrets_stand_in_nothing_that_a_run_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    secrets = {
        "HOOK": "whsec_" + base64.b64encode(b"a secret of thirty-two bytes, or so").decode(),
        "SHOP": "whsec_" + base64.b64encode(b"another secret, of the shop's calls").decode(),
        "WATCH": "horse-battery-staple",
        "STORE": "k1:" + "0123456789abcdef" * 4,
    }
    monkeypatch.chdir(tmp_path)
    _here(str(tmp_path), PEOPLE)
    for name, secret in secrets.items():
        monkeypatch.setenv(name, secret)
    Path("wakeup.toml").write_text(
        '[channels.mail]\nadapter = "webhook"\nurl = "http://127.0.0.1:9/"\nkeys = ["env:HOOK"]\n'
        'allow_hosts = ["127.0.0.1"]\n[ingest]\nkeys = ["env:SHOP"]\nmetrics_token = "env:WATCH"\n',
        encoding="utf-8",
    )
    at = ["--store", "a.db", "--key", "env:STORE"]
    begin = ["run", "spring.wake", "--customers", "customers.csv", *at, "--unsimulated", "--once"]
    assert run(begin) == REFUSED, capfd.readouterr().err
    told = capfd.readouterr()
    found = re.search(r"--approve (\w{8})", told.err)
    assert found is not None
    assert run([*begin, "--approve", found[1]]) == FINE
    assert run(["status", *at, "--json", "status.json", "--report", "status.html"]) == FINE
    run(["doctor", *at])  # nobody answers there, and it says so
    printed = capfd.readouterr()
    Path("printed").write_text(told.out + told.err + printed.out + printed.err + caplog.text, encoding="utf-8")
    parts = [part for each in secrets.values() for part in (each, re.split("[:_]", each, maxsplit=1)[-1])]
    assert _found(parts) == []

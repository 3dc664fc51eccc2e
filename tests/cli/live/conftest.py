"""A project whose campaign is under way today, with customers who can be reached by a channel that prints nothing."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from wakeup.cli import run
from wakeup.cli.exits import FINE, REFUSED

CAMPAIGN = """wakeup 1
channel mail {{ kind: email, cost: 0.01 GBP per message, optout: none }}
campaign spring "Spring" {{
  currency: GBP
  timezone: "UTC"
  run:      {start} through {end}
  audience: days_since_order >= 90d
  holdout:  10%
  margin:   45%
}}
budget 900 GBP {{ promotion: 900 GBP }}
coupon off {{ discount: 5 GBP off 20 GBP, valid: 14d, limit: 1 per person, line: promotion }}
message hello via mail {{
  text: "{{{{ first_name | default: \\"Hello\\" }}}}: {{{{ offer }}}} until {{{{ offer_ends }}}}."
}}
message reminder via mail {{ text: "Still {{{{ offer }}}}." }}
journey everybody {{
  start: 1_000 per day from {start} at 00:00
  send hello with off
  wait {wait} for order
  if no order {{ send reminder with off }}
}}
"""
PEOPLE = 40
DATA = ["--customers", "customers.csv"]


def campaign(wait: str = "1d") -> str:
    """A campaign that began yesterday and ends in three weeks."""
    today = datetime.now(UTC).date()
    return CAMPAIGN.format(start=today - timedelta(days=1), end=today + timedelta(days=20), wait=wait)


def customers() -> str:
    """A table of forty people, of whom every tenth has not agreed to mail."""
    last = datetime.now(UTC).date() - timedelta(days=200)
    head = "customer_id,email,email_consent,first_name,last_order,orders,total_spent,average_order_value\n"
    rows = (
        f"C{each},c{each}@shop.example,{'no' if each % 10 == 0 else 'yes'},Name{each},{last},2,100,50\n"
        for each in range(PEOPLE)
    )
    return head + "".join(rows)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project, as the present folder."""
    (tmp_path / "spring.wake").write_text(campaign(), encoding="utf-8")
    (tmp_path / "customers.csv").write_text(customers(), encoding="utf-8")
    (tmp_path / "wakeup.toml").write_text('[channels.mail]\nadapter = "console"\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "WAKEUP_TRACEBACK", "WAKEUP_STORE"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def approved(capsys: pytest.CaptureFixture[str], file: str = "spring.wake") -> list[str]:
    """The option that approves a file as it is, read from the screen as a person would."""
    assert run(["run", file, *DATA, "--store", "look.db", "--unsimulated"]) == REFUSED
    printed = capsys.readouterr()
    found = re.search(r"--approve (\w{8})", printed.err)
    assert found is not None
    assert f"version {found[1]}" in printed.out
    return ["--approve", found[1]]


@pytest.fixture
def started(project: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """A campaign whose first messages are out; returns what was printed."""
    options = approved(capsys)
    assert run(["run", "spring.wake", *DATA, "--store", "a.db", "--unsimulated", *options, "--once"]) == FINE
    return capsys.readouterr().out

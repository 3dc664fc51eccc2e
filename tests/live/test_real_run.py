"""A real run from the command line: three providers on this machine, killed in the middle, gone on with, and held
against its forecast. The providers' own logs are the judge."""

import json
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from attrs import field, frozen
from tests.channels.aliyun_sms.server import KEY_ID, SECRET, AliyunServer
from tests.channels.providers.local import serving
from tests.channels.smtp.server import PASSWORD, USER, MailServer, mail_server
from tests.channels.webhook.server import KEY, Shop, shop

from wakeup.cli import run
from wakeup.live.store.opening import open_store

pytestmark = pytest.mark.proof

PEOPLE = 90
CAMPAIGN = """wakeup 1
channel mail {{ kind: email, cost: 0.01 CNY per message, optout: none, rate: 20 per second }}
channel text {{ kind: sms, cost: 0.05 CNY per message, rate: 20 per second }}
channel hook {{ kind: website, cost: 0 CNY per message, rate: 20 per second }}
campaign autumn "秋日" {{
  currency: CNY
  timezone: "UTC"
  run:      {start} through {end}
  audience: days_since_order >= 90d
  holdout:  10%
  margin:   45%
}}
budget 900 CNY {{ promotion: 900 CNY }}
coupon off {{ discount: 5 CNY off 20 CNY, valid: 14d, limit: 1 per person, line: promotion }}
message hello via mail {{ text: "{{{{ first_name }}}}, {{{{ offer }}}} until {{{{ offer_ends }}}}." }}
message nudge via text {{ text: "Your {{{{ offer }}}} waits. 拒收请回复R" }}
message tell via hook {{ text: "over" }}
journey everybody {{
  start: 1_000 per day from {start} at 00:00
  send hello with off
  wait 2s for order
  send nudge with off
  wait 1s for order
  send tell
}}
"""
TOML = """[channels.mail]
adapter = "smtp"
host = "localhost"
port = {mail}
user = "{user}"
password = "env:MAIL_PASSWORD"
sender = "The Shop <news@shop.example>"
bounces = "bounces@shop.example"
ca_file = "mail/certificate.pem"
timeout = 2

[channels.text]
adapter = "aliyun_sms"
access_key_id = "{key_id}"
access_key_secret = "env:SMS_SECRET"
sign_name = "小店"
endpoint = "{sms}"
grace = 1
timeout = 2

[channels.text.messages.nudge]
template = "SMS_100"
fields = {{ code = "{{{{ offer }}}}" }}

[channels.hook]
adapter = "webhook"
url = "{hook}"
keys = ["env:HOOK_KEY"]
allow_hosts = ["127.0.0.1"]
ca_file = "hook/certificate.pem"
key_window = 600
timeout = 2
"""


class Now:
    """A clock of a provider that is the machine's."""

    @property
    def at(self) -> float:
        return time.time()

    def __call__(self) -> float:
        return time.time()


@frozen
class World:
    """The project and the providers."""

    folder: Path
    mail: MailServer
    text: AliyunServer
    hook: Shop
    running: list[subprocess.Popen[str]] = field(factory=list)

    def counts(self) -> dict[str, Counter[str]]:
        """The truth: per provider how many times each send arrived."""
        return {
            "mail": Counter(self.mail.delivered()),
            "text": Counter(each.ref for each in self.text.truth),
            "hook": Counter(self.hook.delivered()),
        }


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A project whose channels lead to providers on this machine."""
    today = datetime.now(UTC).date()
    start, end, last = today - timedelta(days=1), today + timedelta(days=20), today - timedelta(days=200)
    (tmp_path / "autumn.wake").write_text(CAMPAIGN.format(start=start, end=end), encoding="utf-8")
    head = "customer_id,email,phone,email_consent,sms_consent,website_consent,first_name,last_order,orders,"
    rows = [f"{head}average_order_value"] + [
        f"C{each},c{each}@example.org,{13900000000 + each},yes,yes,yes,Name{each},{last},2,50" for each in range(PEOPLE)
    ]
    (tmp_path / "customers.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    text = AliyunServer()
    text.clock = Now()  # type: ignore[assignment]  # real time, where other tests set it
    for each in ("mail", "hook"):
        (tmp_path / each).mkdir()
    with mail_server(tmp_path / "mail") as mail, serving(text) as sms, shop(tmp_path / "hook") as hook:
        toml = TOML.format(mail=mail.settings["port"], user=USER, key_id=KEY_ID, sms=sms, hook=hook.settings["url"])
        (tmp_path / "wakeup.toml").write_text(toml, encoding="utf-8")
        monkeypatch.chdir(tmp_path)
        for name, value in {"MAIL_PASSWORD": PASSWORD, "SMS_SECRET": SECRET, "HOOK_KEY": KEY}.items():
            monkeypatch.setenv(name, value)
        monkeypatch.delenv("WAKEUP_STORE", raising=False)
        made = World(tmp_path, mail, text, hook)
        yield made
        for each in made.running:
            each.kill()
            each.communicate()


def started(world: World, *options: str) -> subprocess.Popen[str]:
    """`wakeup run` in a process of its own."""
    command = [sys.executable, "-m", "wakeup", "run", "autumn.wake", "--store", "run.db", *options]
    running = subprocess.Popen(command, cwd=world.folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    world.running.append(running)
    return running


def until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait for something."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it does not come"
        time.sleep(0.05)


def test_a_killed_run_goes_on_and_every_provider_saw_every_message_once(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["simulate", "autumn.wake", "--customers", "customers.csv", "--replications", "12"]) == 0
    assert run(["run", "autumn.wake", "--customers", "customers.csv", "--store", "run.db"]) == 3
    found = re.search(r"--approve (\w{8})", capsys.readouterr().err)
    assert found is not None

    first = started(world, "--customers", "customers.csv", "--approve", found[1])
    until(lambda: sum(map(len, world.counts().values())) >= PEOPLE // 2)
    first.send_signal(signal.SIGKILL)
    first.wait(timeout=30)

    second = started(world)
    with_time = re.compile(r"sent (\d+)")
    treated = _treated(world.folder)
    until(lambda: _settled(world.folder) == 3 * treated, 120)
    second.send_signal(signal.SIGINT)
    out, err = second.communicate(timeout=60)
    assert second.returncode == 130, err

    counts = world.counts()
    for provider, seen in counts.items():
        assert set(seen.values()) == {1}, provider  # nobody twice
    assert len(counts["text"]) == len(counts["hook"]) == treated
    # Mail can neither be asked nor knows our key: what was under way at the kill is at most once, and counted.
    states = _states(world.folder)
    assert len(counts["mail"]) <= treated <= states["mail", "sent"] + states["mail", "unknown"]
    assert states["mail", "sent"] <= len(counts["mail"])
    told = with_time.search(out)
    assert told is not None
    assert int(told[1]) == sum(count for (_, state), count in states.items() if state == "sent")
    assert sum(states.values()) == 3 * treated

    _tell(world, capsys)


def _tell(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """Orders come from the shop's file; the status holds fact against forecast."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    rows = ["id,kind,time,customer,amount", *(f"o{each},ordered,{now},C{each},60.00" for each in range(0, 30, 2))]
    (world.folder / "orders.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert run(["ingest", "--store", "run.db", "--file", "orders.csv"]) == 0
    assert run(["run", "autumn.wake", "--store", "run.db", "--once"]) == 0
    capsys.readouterr()
    assert run(["status", "--store", "run.db", "--json", "status.json"]) == 0
    printed = capsys.readouterr().out
    assert "Orders" in printed
    told = json.loads((world.folder / "status.json").read_text("utf-8"))
    assert told["figures"]["orders"]["value"] <= 15
    assert told["figures"]["orders"]["value"] >= 8  # most of the fifteen are treated


def _settled(folder: Path) -> int:
    return sum(count for (_, state), count in _states(folder).items() if state in ("sent", "unknown", "refused"))


def _treated(folder: Path) -> int:
    store = open_store(str(folder / "run.db"), make=False)
    with store.read() as read:
        found = sum(not each.held_out for each in read.people("autumn"))
    store.close()
    return found


def _states(folder: Path) -> Counter[tuple[str, str]]:
    store = open_store(str(folder / "run.db"), make=False)
    with store.read() as read:
        found = Counter(
            {(channel, str(state)): count for (channel, state), count in read.send_counts("autumn").items()}
        )
    store.close()
    return found

"""Signed calls, to where they may go and nowhere else; and calls that come back."""

import base64
import contextlib
import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from tests.channels.webhook.server import KEY, Shop, shop

from wakeup.channels import pinned
from wakeup.channels.http import Lost
from wakeup.channels.kit import CHECKS, Check
from wakeup.channels.pinned import is_public, place
from wakeup.channels.protocol import AnswerKind, Offered, Report, Request, Secret, Setup, Verdict
from wakeup.channels.setting import SettingError
from wakeup.channels.webhook import WebhookChannel, open_webhook

REF = "0123456789abcdef" * 2
APPLY_NOT = {
    "one_failure_spoils_no_other",  # one message a call
    "a_wrong_address_is_told",  # what is an address is the receiver's affair
    "a_send_in_doubt_can_be_looked_up",
    "answers_are_polled",
}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Shop]:
    with shop(tmp_path) as running:
        yield running


@pytest.mark.parametrize("check", CHECKS, ids=str)
def test_it_conforms(check: Check, server: Shop) -> None:
    assert bool(check(open_webhook, server)) == (check.name in APPLY_NOT)


def opened(server: Shop, **settings: Any) -> WebhookChannel:
    return open_webhook(Setup("cn.sms", {**server.settings, **settings}, server.now, server.folder))


def request(**more: Any) -> Request:
    offers = (Offered("coupon", "C-1", 1_772_416_800),)
    return evolve(Request(REF, 1, "autumn", "hello", Secret("+8613900000001"), "你好", offers=offers), **more)


def one(channel: WebhookChannel, asked: Request | None = None) -> Report:
    (report,) = channel.send([asked or request()])
    return report


def test_a_call_as_it_arrives(server: Shop) -> None:
    own = {"data": {"template": "T1"}}
    assert one(opened(server), request(settings=own, fields={"name": "Zoë"}, deadline=1_772_416_800)).provider_id == REF
    call = server.calls[0]
    assert (call.url, call.headers["webhook-id"], call.headers["host"]) == (
        "/hook?shop=1",
        REF,
        f"127.0.0.1:{server.port}",
    )
    told = json.loads(call.body)
    assert told["type"] == "wakeup.message"
    assert told["data"] == {
        "ref": REF,
        "attempt": 1,
        "campaign": "autumn",
        "message": "hello",
        "address": "+8613900000001",
        "subject": "",
        "text": "你好",
        "fields": {"name": "Zoë"},
        "offers": [{"incentive": "coupon", "code": "C-1", "end": "2026-03-02T02:00:00Z"}],
        "unsubscribe": "",
        "deadline": "2026-03-02T02:00:00Z",
        "test": False,
        "data": {"template": "T1"},
    }


def test_every_attempt_has_the_same_id_and_its_own_time(server: Shop) -> None:
    channel = opened(server)
    one(channel)
    server.advance(100)
    one(channel, request(attempt=2))
    first, second = server.calls
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == REF
    assert int(second.headers["webhook-timestamp"]) - int(first.headers["webhook-timestamp"]) in (100, 101)
    assert server.done == {REF: 1}


def test_while_a_key_is_replaced_both_sign(server: Shop) -> None:
    new = "whsec_" + base64.b64encode(b"the next key, of enough bytes too").decode()
    assert one(opened(server, keys=(Secret(new), Secret(KEY)))).verdict is Verdict.ACCEPTED
    assert one(opened(server, keys=(Secret(new),))).verdict is Verdict.POLICY


@pytest.mark.parametrize(
    ("status", "headers", "body", "verdict", "wait"),
    [
        (204, {}, b"", Verdict.ACCEPTED, 0),
        (200, {}, b"x" * 60_000, Verdict.ACCEPTED, 0),
        (200, {}, b"x" * 70_000, Verdict.DOUBT, 0),
        (301, {"location": "https://169.254.169.254/"}, b"", Verdict.POLICY, 0),
        (307, {"location": "https://127.0.0.1:1/"}, b"", Verdict.POLICY, 0),
        (400, {}, b"", Verdict.BAD_CONTENT, 0),
        (403, {}, b"", Verdict.POLICY, 0),
        (408, {}, b"", Verdict.DOUBT, 0),
        (409, {}, b"", Verdict.DOUBT, 0),
        (410, {}, b"", Verdict.POLICY, 0),
        (422, {}, b'{"refused": "no_grant"}', Verdict.NO_GRANT, 0),
        (422, {}, b'{"refused": "because"}', Verdict.BAD_CONTENT, 0),
        (422, {}, b"[" * 100_000, Verdict.DOUBT, 0),
        (422, {}, b"[1]", Verdict.BAD_CONTENT, 0),
        (429, {}, b"", Verdict.THROTTLED, 60),
        (429, {"retry-after": "7"}, b"", Verdict.THROTTLED, 7),
        (429, {"retry-after": "9" * 30}, b"", Verdict.THROTTLED, 86_400),
        (429, {"retry-after": "Mon, 02 Mar 1998 02:00:00 GMT"}, b"", Verdict.THROTTLED, 1),
        (429, {"retry-after": "soon"}, b"", Verdict.THROTTLED, 60),
        (500, {}, b"", Verdict.DOUBT, 0),
        (504, {}, b"", Verdict.DOUBT, 0),
    ],
)
def test_statuses_have_their_verdicts(
    status: int, headers: dict[str, str], body: bytes, verdict: Verdict, wait: int, server: Shop
) -> None:
    server.answer = (status, headers, body)
    report = one(opened(server))
    assert (report.verdict, report.retry_after) == (verdict, wait)
    assert len(server.calls) == 1, "a redirect is followed"


def test_a_message_that_is_too_long_is_not_called(server: Shop) -> None:
    report = one(opened(server), request(text="长" * 4_000))
    assert (report.verdict, report.code, server.calls) == (Verdict.BAD_CONTENT, "too_long", [])


# --- where calls may go ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "192.0.2.1",
        "198.18.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1",
        "fec0::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
        "2002:a00:1::", "2001:0:7f00:1::", "::7f00:1", "not an address", "",
    ],
)  # fmt: skip
def test_private_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::5db8:d822"])
def test_public_addresses_are(address: str) -> None:
    assert is_public(address)


def resolving(channel: WebhookChannel, *found: str) -> list[str]:
    """Let a host have these addresses; return what is asked."""
    asked: list[str] = []

    def resolve(host: str, port: int) -> tuple[str, ...]:
        asked.append(host)
        return found

    channel._wiring = evolve(channel._wiring, resolve=resolve)
    return asked


@pytest.mark.parametrize("found", [("127.0.0.1",), ("93.184.216.34", "10.0.0.1"), ("::ffff:127.0.0.1",), ()])
def test_a_name_that_leads_inside_is_not_called(found: tuple[str, ...], server: Shop) -> None:
    channel = opened(server, url=f"https://rebound.example:{server.port}/", allow_hosts=[])
    asked = resolving(channel, *found)
    report = one(channel)
    assert report.verdict is Verdict.NOT_LEFT
    assert report.code == ("private_address" if found else "no_such_host")
    assert asked == ["rebound.example"]
    assert server.calls == []


def test_a_name_is_resolved_once_and_the_call_goes_to_that_address(
    server: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = opened(server, url=f"https://rebound.example:{server.port}/", allow_hosts=[])
    asked = resolving(channel, "93.184.216.34")
    called: list[Any] = []

    def connect(goal: Any, timeout: float) -> socket.socket:
        called.append(goal)
        raise ConnectionRefusedError

    monkeypatch.setattr(pinned.socket, "create_connection", connect)
    assert one(channel).code == "no_connection"
    assert (asked, called) == (["rebound.example"], [("93.184.216.34", server.port)])


def test_the_certificate_is_checked_against_the_name(server: Shop) -> None:
    channel = opened(server, url=f"https://other.example:{server.port}/", allow_hosts=["other.example"])
    resolving(channel, "127.0.0.1")
    assert one(channel).code == "certificate"
    assert server.calls == []


def test_the_next_address_of_a_host_is_tried(server: Shop) -> None:
    channel = opened(server)
    resolving(channel, "127.0.0.9", "127.0.0.1")
    assert one(channel).verdict is Verdict.ACCEPTED


@pytest.mark.parametrize(
    "url",
    [
        "http://shop.example/",
        "ftp://shop.example/",
        "file:///etc/passwd",
        "//shop.example/",
        "shop.example",
        "",
        "https://",
        "https://me:secret@shop.example/",
        "https://me@shop.example/",
        "https://shop.example:99999/",
        "https://shop.example/ HTTP/1.1\r\nx: y",
        "https://shop.example/#part",
        "https://shop example/",
        "https://[::1/",
    ],
)
def test_addresses_that_are_refused(url: str) -> None:
    with pytest.raises(SettingError) as raised:
        place("url", url, [])
    assert "secret" not in str(raised.value)


def test_a_host_of_ones_own_may_be_spoken_to_plainly() -> None:
    goal = place("url", "http://hooks.internal:8080/a?b=c", ["hooks.internal"])
    assert (goal.secure, goal.port, goal.path, goal.private) == (False, 8080, "/a?b=c", True)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("keys", ()),
        ("keys", (Secret("whsec_short"),)),
        ("receipt_keys", (Secret("x"),)),
        ("url", "http://127.0.0.1/"),
        ("ca_file", "nowhere.pem"),
        ("key_window", "long"),
    ],
)
def test_settings_that_cannot_be(setting: str, value: Any, server: Shop) -> None:
    allowed = [] if setting == "url" else ["127.0.0.1"]
    with pytest.raises(SettingError) as raised:
        opened(server, **{"allow_hosts": allowed, setting: value})
    assert raised.value.name == setting


# --- calls that come back --------------------------------------------------------------------------------------------


def test_what_is_told_and_when(server: Shop) -> None:
    early = (datetime.fromtimestamp(server.now(), UTC) - timedelta(hours=3)).replace(microsecond=0)
    received = server.receipt(REF, "wakeup.failed", "event-1", timestamp=early.isoformat())
    (answer,) = opened(server).receive(received).answers
    assert (answer.kind, answer.ref, answer.event_id, answer.channel) == (AnswerKind.FAILED, REF, "event-1", "cn.sms")
    assert (answer.t, answer.code_of) == (int(early.timestamp()), "ok")


def test_nobody_answers_in_the_future(server: Shop) -> None:
    far = datetime.fromtimestamp(server.now(), UTC) + timedelta(days=9)
    (answer,) = opened(server).receive(server.receipt(REF, "wakeup.opened", "e", timestamp=far.isoformat())).answers
    assert answer.t <= server.now()


def event(told: str, timestamp: str = "2026-03-02T02:00:00Z", data: object = None) -> str:
    return json.dumps({"type": told, "timestamp": timestamp, "data": {"ref": REF} if data is None else data})


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{}",
        "[" * 100_000,
        event("wakeup.message"),
        event("wakeup.ordered"),
        event("wakeup.opened", "yesterday"),
        event("wakeup.opened", "2026-03-02T02:00:00"),
        event("wakeup.opened", data={"ref": "+8613900000001"}),
        event("wakeup.opened", data=[REF]),
    ],
)
def test_what_says_nothing_is_refused_though_it_is_signed(body: str, server: Shop) -> None:
    at = datetime.fromtimestamp(int(server.now()), UTC)
    with pytest.raises(PermissionError):
        opened(server).receive(server.signed(body, "e", at))


def test_a_call_that_is_old_is_refused(server: Shop) -> None:
    received = server.receipt(REF, "wakeup.opened", "e")
    server.advance(302)
    with pytest.raises(PermissionError):
        opened(server).receive(received)


def test_receipts_may_have_keys_of_their_own(server: Shop) -> None:
    other = (Secret("whsec_" + base64.b64encode(b"for calls to us, of enough bytes").decode()),)
    with pytest.raises(PermissionError):
        opened(server, receipt_keys=other).receive(server.receipt(REF, "wakeup.opened", "e"))


def test_an_encryption_that_dribbles_is_given_up(tmp_path: Path) -> None:
    """A server that says one byte of its hello at a time never meets a limit of a single answer."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        over = threading.Event()

        def dribble() -> None:
            taken, _ = listening.accept()
            with taken:
                for byte in b"\x16\x03\x03\x40\x00" + bytes(200):
                    if over.wait(0.1):
                        return
                    with contextlib.suppress(OSError):
                        taken.sendall(bytes([byte]))

        thread = threading.Thread(target=dribble, daemon=True)
        thread.start()
        goal = place("url", f"https://127.0.0.1:{listening.getsockname()[1]}/", ["127.0.0.1"])
        began = time.monotonic()
        found = pinned.post(goal, {}, b"{}", 0.4, ssl.create_default_context(), pinned.addresses)
        assert time.monotonic() - began < 2
        over.set()
        thread.join(5)
    assert isinstance(found, Lost)
    assert found.verdict is Verdict.NOT_LEFT

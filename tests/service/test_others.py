"""Providers, people who unsubscribe, and those who watch."""

import re

import pytest
from tests.live.store.places import CAMPAIGN, outgoing
from tests.service.conftest import LI, NOW, TestClient, client_of, waiting

from wakeup.channels.protocol import Answer, AnswerKind, Secret
from wakeup.diagnostics import WakeupError
from wakeup.live.clock import FastClock
from wakeup.live.keys import token_of
from wakeup.live.store.protocol import Consent, Store, Switch
from wakeup.service import serving
from wakeup.service.settings import Settings

REF = outgoing(7).ref
SIGNED = {"x-signed": "yes"}


def link(store: Store, ref: str = REF) -> str:
    return f"/u/{token_of(store.keys.derive('unsubscribe'), ref)}"


def test_a_receipt_is_durable_before_it_is_confirmed(client: TestClient, store: Store) -> None:
    told = client.post("/channels/cn.sms/receipts?a=1", content=f"r1 {REF}\nr2 {REF}\nr1 {REF}", headers=SIGNED)
    assert (told.status_code, told.text) == (200, "http://testserver/channels/cn.sms/receipts?a=1")
    assert waiting(store) == [("r1", 7), ("r2", 7)]


def test_a_provider_s_clock_that_is_ahead_keeps_nobody_waiting(client: TestClient, store: Store) -> None:
    assert client.post("/channels/cn.sms/receipts", content=f"ahead {REF}", headers=SIGNED).status_code == 200
    with store.read() as reader:
        assert [each.answer.t for each in reader.waiting(CAMPAIGN, NOW, 10)] == [NOW]


def test_behind_a_proxy_the_public_address_is_checked(store: Store, clock: FastClock) -> None:
    with client_of(store, clock, public="https://shop.example/w/") as client:
        told = client.get("/channels/cn.sms/receipts?a=1&b=%20", headers=SIGNED)
    assert told.text == "https://shop.example/w/channels/cn.sms/receipts?a=1&b=%20"


def test_a_receipt_that_nobody_signed(client: TestClient, store: Store) -> None:
    assert client.post("/channels/cn.sms/receipts", content=f"r1 {REF}").status_code == 403
    assert waiting(store) == []


@pytest.mark.parametrize("name", ["mail", "none", "..", "cn.sms/x"])
def test_channels_that_tell_nothing_have_no_address(client: TestClient, name: str) -> None:
    assert client.post(f"/channels/{name}/receipts", headers=SIGNED).status_code == 404


def test_an_adapter_s_bug_shows_nothing(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    told = client.post("/channels/cn.sms/receipts", content=b"bug", headers=SIGNED)
    assert (told.status_code, told.content) == (500, b"")
    assert LI not in caplog.text
    assert "KeyError" in caplog.text


def test_looking_at_the_page_does_nothing(client: TestClient, store: Store) -> None:
    told = client.get(link(store), headers={"accept-language": "fr, zh-TW;q=0.9, en;q=0.8"})
    assert told.status_code == 200
    assert '<form method="post"><button type="submit">退订</button></form>' in told.text
    assert client.head(link(store)).status_code == 200
    assert waiting(store) == []
    with store.read() as reader:
        assert reader.consents(7) == {}


@pytest.mark.parametrize("content", [b"List-Unsubscribe=One-Click", b""])
def test_one_click_does_it_without_cookies_or_redirects(client: TestClient, store: Store, content: bytes) -> None:
    told = client.post(link(store), content=content, headers={"content-type": "application/x-www-form-urlencoded"})
    assert told.status_code == 200
    assert "location" not in told.headers
    assert "set-cookie" not in told.headers
    assert "Done" in told.text
    with store.read() as reader:
        assert reader.consents(7) == {"sms": False}
        (queued,) = reader.waiting(CAMPAIGN, NOW, 10)
    assert (queued.customer, queued.answer.kind, queued.answer.ref) == (7, AnswerKind.OPTED_OUT, REF)
    for _ in range(3):
        assert client.post(link(store)).status_code == 200
    assert len(waiting(store)) == 1


def test_an_old_link_works_after_somebody_has_come_back(client: TestClient, store: Store, clock: FastClock) -> None:
    client.post(link(store))
    with store.work() as work:
        work.consent([Consent(7, "sms", True, NOW + 5, "web")])
    clock.wait(NOW + 10, lambda _: False)
    client.post(link(store))
    with store.read() as reader:
        assert reader.consents(7) == {"sms": False}
    assert len(waiting(store)) == 2


def test_a_full_inbox_does_not_stop_anybody_from_leaving(store: Store, clock: FastClock) -> None:
    with store.work() as work:
        work.receive([(Answer("x", "1", AnswerKind.CLICKED, NOW, campaign=CAMPAIGN), 7)])
    with client_of(store, clock, most_waiting=1) as client:
        assert client.post(link(store)).status_code == 200
    with store.read() as reader:
        assert reader.consents(7) == {"sms": False}


@pytest.mark.parametrize("token", ["x", "A" * 43, "..%2f..%2fetc"])
def test_links_that_are_not_ours(client: TestClient, store: Store, token: str) -> None:
    for told in (client.get(f"/u/{token}"), client.post(f"/u/{token}")):
        assert told.status_code == 404
    assert waiting(store) == []


def test_a_message_that_is_not_kept_can_be_left_too(client: TestClient, store: Store) -> None:
    assert client.post(link(store, "0" * 32)).status_code == 200
    assert waiting(store) == []


def test_the_page_loads_nothing_and_runs_nothing(client: TestClient, store: Store) -> None:
    told = client.get(link(store))
    assert not re.search(r"<script|src=|href=|https?://", told.text)
    assert "default-src 'none'" in told.headers["content-security-policy"]
    assert told.headers["referrer-policy"] == "no-referrer"
    assert told.headers["cache-control"] == "no-store"


def test_health(client: TestClient, store: Store) -> None:
    assert client.get("/health").json() == {"status": "ok", "answers_waiting": 0}


def test_metrics_tell_sends_doubts_answers_lag_and_switch(client: TestClient, store: Store, clock: FastClock) -> None:
    with store.work() as work:
        work.decide(outgoing(7, 1, state="unknown"))
        work.receive([(Answer("x", "1", AnswerKind.CLICKED, NOW - 42, campaign=CAMPAIGN), 7)])
        work.order(CAMPAIGN, Switch.PAUSED, NOW, "Wu")
        work.lease_of("me", NOW, 60)
    client.get("/health")
    told = client.get("/metrics")
    assert told.headers["content-type"].startswith("text/plain")
    for line in (
        'wakeup_sends{campaign="autumn",channel="sms",state="sent"} 1.0',
        'wakeup_sends_in_doubt{campaign="autumn"} 1.0',
        'wakeup_enrolments{campaign="autumn",status="planned"} 1.0',
        "wakeup_answers_waiting 1.0",
        "wakeup_answers_lag_seconds 42.0",
        'wakeup_switch{campaign="autumn",switch="paused"} 1.0',
        'wakeup_switch{campaign="autumn",switch="running"} 0.0',
        "wakeup_executors 1.0",
        'wakeup_calls_total{at="health",status="200"} 1.0',
    ):
        assert line in told.text


def test_metrics_want_the_token(store: Store, clock: FastClock) -> None:
    with client_of(store, clock, metrics_token=Secret("s3cret")) as client:
        assert client.get("/metrics").status_code == 401
        assert client.get("/metrics", headers={"authorization": "Bearer s3cre"}).status_code == 401
        assert client.get("/metrics", headers={"authorization": "Bearer s3cret"}).status_code == 200


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "shop.example"])
def test_nobody_listens_to_the_world_without_a_token(host: str) -> None:
    with pytest.raises(WakeupError) as told:
        serving.check_host(host, Settings())
    assert told.value.diagnostics[0].code == "WK7110"
    serving.check_host(host, Settings(metrics_token=Secret("x")))


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_this_machine_needs_none(host: str) -> None:
    serving.check_host(host, Settings())
    assert serving.HOST == "127.0.0.1"


@pytest.mark.parametrize("path", ["/", "/docs", "/events/", "/u/", "/channels/"])
def test_there_is_nothing_else(client: TestClient, path: str) -> None:
    assert client.get(path).status_code in (404, 405)

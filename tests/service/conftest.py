"""A service over a store of its own, on a clock that stands still, and a shop that signs its calls."""

import base64
import json
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve, field, frozen
from tests.live.store.places import CAMPAIGN, outgoing, person

from wakeup.channels.protocol import Accepted, Answer, AnswerKind, Capabilities, Received, Secret
from wakeup.channels.signing import SigningKeys, signing_keys
from wakeup.live.clock import FastClock
from wakeup.live.keys import code_of
from wakeup.live.rows import SendState
from wakeup.live.sealed import sealed_customer
from wakeup.live.store import open_store
from wakeup.live.store.protocol import Store
from wakeup.service.app import app
from wakeup.service.settings import Settings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it would rather have a successor of httpx
    from starlette.testclient import TestClient

NOW = 1_795_000_000
KEYS = signing_keys([Secret("whsec_" + base64.b64encode(bytes(range(32))).decode())])
LI = "li@example.com"
CODE = code_of(b"secret", CAMPAIGN, "c8", 7, 0)
SETTINGS = Settings(keys=KEYS, lang="en")


@frozen
class Provider:
    """An adapter that believes calls with the header `x-signed: yes` and reads one receipt a line: id, ref."""

    capabilities: Capabilities = field(factory=lambda: Capabilities(receipts="push"))

    def receive(self, received: Received) -> Accepted:
        if received.headers.get("x-signed") != "yes":
            raise PermissionError("signature")
        if received.body == b"bug":
            raise KeyError(LI)
        rows = [line.split() for line in received.body.decode().splitlines()]
        at = NOW + 9_999 if received.body.startswith(b"ahead") else NOW
        answers = [Answer("sms", row[0], AnswerKind.DELIVERED, at, ref=row[1]) for row in rows]
        return Accepted(tuple(answers), received.url.encode())


@pytest.fixture
def clock() -> FastClock:
    return FastClock(NOW)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Person 7 is Li, in a campaign, with a message sent and a code."""
    opened = open_store(str(tmp_path / "shop.db"))
    with opened.work() as work:
        work.add_customers([sealed_customer(opened.keys, 7, LI, {"phone": "+86 138-0013-8000", "first_name": "Li"})])
        work.enrol([person(7)])
        work.decide(outgoing(7, state=SendState.SENT, provider_id="msg-1"))
        work.give_code(CAMPAIGN, "c8", 7, CODE)
    yield opened
    opened.close()


def client_of(store: Store, clock: FastClock, **more: Any) -> TestClient:
    settings = evolve(SETTINGS, **more)
    channels: Mapping[str, Any] = {"cn.sms": Provider(), "mail": Provider(Capabilities(receipts="poll"))}
    return TestClient(app(store, channels, settings, clock), follow_redirects=False, raise_server_exceptions=False)


@pytest.fixture
def client(store: Store, clock: FastClock) -> Iterator[TestClient]:
    with client_of(store, clock) as opened:
        yield opened


def body_of(events: Sequence[Mapping[str, Any]]) -> bytes:
    return json.dumps({"events": list(events)}).encode()


def headers_of(body: bytes, call_id: str = "call-1", at: int = NOW, keys: SigningKeys = KEYS) -> dict[str, str]:
    return keys.headers(call_id, at, body)


def order(event_id: str = "o1", **more: Any) -> dict[str, Any]:
    return {"id": event_id, "kind": "ordered", "time": NOW - 60, "customer": LI, "amount": "128.50", **more}


def waiting(store: Store) -> list[tuple[str, int | None]]:
    with store.read() as reader:
        return [(each.answer.event_id, each.customer) for each in reader.waiting(CAMPAIGN, NOW + 999, 1000)]

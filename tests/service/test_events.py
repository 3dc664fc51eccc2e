"""What a shop tells: believed only when it is signed, in time, whole and new; confirmed only when it is durable."""

import base64
import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest
from tests.live.store.places import CAMPAIGN, outgoing
from tests.service.conftest import CODE, KEYS, LI, NOW, TestClient, body_of, client_of, headers_of, order, waiting

from wakeup.channels.protocol import Answer, AnswerKind, Secret
from wakeup.channels.signing import SigningKeys, signing_keys
from wakeup.diagnostics import WakeupError, diagnostic
from wakeup.live.clock import FastClock
from wakeup.live.store.protocol import Store
from wakeup.service import app as app_module
from wakeup.service import intake

OTHER = signing_keys([Secret("whsec_" + base64.b64encode(b"o" * 32).decode())])


def tell(client: TestClient, *events: dict[str, Any], call_id: str = "call-1", **more: Any) -> Any:
    body = body_of(events)
    return client.post("/events", content=body, headers={**headers_of(body, call_id), **more})


def test_an_order_by_customer_by_code_and_by_message(client: TestClient, store: Store) -> None:
    by_code = order("o2", customer=None, code=CODE.lower().replace("-", ""))
    by_coupon = order("o3", customer="", redeemed=[{"code": CODE.lower(), "amount": 80}])
    by_message = {"id": "c1", "kind": "clicked", "time": "2026-11-18T12:00:00+08:00", "ref": outgoing(7).ref}
    told = tell(client, order(), by_code, by_coupon, by_message)
    assert (told.status_code, told.json()) == (200, {"events": 4, "new": 4, "repeated": False})
    assert sorted(waiting(store)) == [("c1", 7), ("o1", 7), ("o2", 7), ("o3", 7)]
    with store.read() as reader:
        amounts = {each.answer.event_id: each.answer for each in reader.waiting(CAMPAIGN, NOW, 10)}
    assert amounts["o1"].amount == 12_850
    assert amounts["o1"].customer == "", "the id is not kept"
    assert amounts["o3"].redeemed == ((CODE, 8_000),)


def test_who_is_not_known_is_confirmed_and_moves_nothing(client: TestClient, store: Store) -> None:
    assert tell(client, order(customer="nobody"), order("o9")).json()["new"] == 2
    assert waiting(store) == [("o9", 7)]
    assert b"nobody" not in b"".join(path.read_bytes() for path in _files(store))


def test_the_same_call_again_is_confirmed_and_does_nothing(client: TestClient, store: Store) -> None:
    first = tell(client, order())
    again = tell(client, order())
    assert (first.json()["new"], again.status_code, again.json()["repeated"]) == (1, 200, True)
    assert waiting(store) == [("o1", 7)]


def test_a_call_that_was_seen_is_refused_even_with_other_events(client: TestClient, store: Store) -> None:
    tell(client, order())
    tell(client, order("forged"))
    assert waiting(store) == [("o1", 7)]


def test_the_same_event_in_another_call_counts_once(client: TestClient, store: Store) -> None:
    tell(client, order(), order("o2"))
    assert tell(client, order(), order("o3"), call_id="call-2").json()["new"] == 1
    assert sorted(waiting(store)) == [("o1", 7), ("o2", 7), ("o3", 7)]


@pytest.mark.parametrize("late", [-301, 301])
def test_a_call_from_another_time_is_refused(client: TestClient, store: Store, late: int) -> None:
    body = body_of([order()])
    told = client.post("/events", content=body, headers=headers_of(body, at=NOW + late))
    assert told.status_code == 401
    assert told.json()["errors"][0]["code"] == "WK7109"
    near = client.post("/events", content=body, headers=headers_of(body, at=NOW + late * 300 // 301))
    assert near.status_code == 200


@pytest.mark.parametrize("at", [0, 15, -1])
def test_one_byte_changed_and_nothing_is_believed(client: TestClient, store: Store, at: int) -> None:
    body = bytearray(body_of([order()]))
    headers = headers_of(bytes(body))
    body[at] ^= 1
    assert client.post("/events", content=bytes(body), headers=headers).status_code == 401
    assert waiting(store) == []


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_every_header_is_needed_and_signed(client: TestClient, store: Store, name: str) -> None:
    body = body_of([order()])
    headers = headers_of(body)
    changed = {**headers, name: {"webhook-id": "call-2", "webhook-timestamp": str(NOW + 1)}.get(name, "v1,AAAA")}
    assert client.post("/events", content=body, headers=changed).status_code == 401
    del headers[name]
    assert client.post("/events", content=body, headers=headers).status_code == 401
    assert waiting(store) == []


def test_a_key_can_be_replaced(store: Store, clock: FastClock) -> None:
    body = body_of([order()])
    with client_of(store, clock, keys=SigningKeys((*OTHER.keys, *KEYS.keys))) as client:
        for number, keys in enumerate((KEYS, OTHER)):
            headers = headers_of(body, f"call-{number}", keys=keys)
            assert client.post("/events", content=body, headers=headers).status_code == 200
    with client_of(store, clock, keys=OTHER) as client:
        assert client.post("/events", content=body, headers=headers_of(body, "call-9")).status_code == 401


def test_the_specification_s_own_library_signs_what_we_believe(store: Store, clock: FastClock) -> None:
    webhooks = pytest.importorskip("standardwebhooks.webhooks", reason="NO standardwebhooks: pip install it")
    secret = "whsec_" + base64.b64encode(b"k" * 32).decode()
    body = body_of([order()])
    signed = webhooks.Webhook(secret).sign("msg_1", dt.datetime.fromtimestamp(NOW, dt.UTC), body.decode())
    headers = {"webhook-id": "msg_1", "webhook-timestamp": str(NOW), "webhook-signature": signed}
    with client_of(store, clock, keys=signing_keys([Secret(secret)])) as client:
        assert client.post("/events", content=body, headers=headers).status_code == 200


def test_without_a_key_there_is_no_such_address(store: Store, clock: FastClock) -> None:
    with client_of(store, clock, keys=None) as client:
        assert tell(client, order()).status_code == 404


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"events": 1}', b'{"events": [1]}', b'{"events": [], "x": 1}', b"[" * 200_000, b"\xff"]
)
def test_what_is_no_list_of_events(client: TestClient, body: bytes) -> None:
    told = client.post("/events", content=body, headers=headers_of(body))
    assert (told.status_code, told.json()["errors"][0]["code"]) == (422, "WK7100")


def test_one_wrong_event_and_none_is_taken(client: TestClient, store: Store) -> None:
    wrong = {"id": "x", "kind": "orderd", "time": "yesterday", "colour": 1, "customer": "\u0000"}
    told = tell(client, order(), wrong)
    assert told.status_code == 422
    errors = told.json()["errors"]
    assert [each["code"] for each in errors] == ["WK7103", "WK7104", "WK7104", "WK7106"]
    assert all("event 2" in each["message"] for each in errors)
    assert waiting(store) == []
    chinese = tell(client, order(), wrong, **{"accept-language": "zh-CN,en;q=0.5"})
    assert "第 2 个事件" in chinese.json()["errors"][0]["message"]
    assert tell(client, order()).json()["new"] == 1, "a refused call may come again, mended"


def test_what_nobody_can_print_is_told_all_the_same(client: TestClient) -> None:
    body = rb'{"events": [{"id": "\ud800", "\ud801\u0007": 1, "kind": "clicked", "time": "\n\n", "customer": "x"}]}'
    told = client.post("/events", content=body, headers=headers_of(body))
    assert (told.status_code, [each["code"] for each in told.json()["errors"]]) == (422, ["WK7103", "WK7104", "WK7104"])


def test_what_may_be_personal_is_not_said_again(client: TestClient) -> None:
    told = tell(client, order(customer=["13800138000"]), order("o2", code={"13900139000": 1}))
    assert told.status_code == 422
    assert "138" not in told.text
    assert "139" not in told.text


def test_a_hundred_events_and_no_more(client: TestClient) -> None:
    assert tell(client, *[order(str(each)) for each in range(100)]).json()["new"] == 100
    told = tell(client, *[order(f"x{each}") for each in range(101)], call_id="call-2")
    assert (told.status_code, told.json()["errors"][0]["code"]) == (413, "WK7101")


def test_a_body_that_is_too_large_is_not_read_to_its_end(client: TestClient) -> None:
    read = 0

    def parts() -> Iterator[bytes]:
        nonlocal read
        for _ in range(100):
            read += 1
            yield b" " * 100_000

    told = client.post("/events", content=parts(), headers={"webhook-id": "x"})
    assert (told.status_code, told.json()["errors"][0]["code"]) == (413, "WK7112")


def test_a_body_that_does_not_come(store: Store, clock: FastClock, monkeypatch: pytest.MonkeyPatch) -> None:
    import anyio

    monkeypatch.setattr(app_module, "SLOWEST", 0.05)
    messages: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        await anyio.sleep(5)
        raise AssertionError

    async def send(message: dict[str, Any]) -> None:
        messages.append(message)

    async def call() -> None:
        with client_of(store, clock) as client:
            scope = {"type": "http", "method": "POST", "path": "/events", "headers": [], "query_string": b""}
            await client.app(scope, receive, send)

    anyio.run(call)
    assert messages[0]["status"] == 413


def test_too_many_that_wait_put_new_ones_off(store: Store, clock: FastClock) -> None:
    with client_of(store, clock, most_waiting=3) as client:
        assert tell(client, *[order(str(each)) for each in range(4)]).status_code == 200
        told = tell(client, order("later"), call_id="call-2")
        assert (told.status_code, told.headers["retry-after"]) == (503, "5")
        assert told.json()["errors"][0]["code"] == "WK7111"
        assert client.get("/health").json() == {"status": "full", "answers_waiting": 4}
        with store.work() as work:
            work.taken([each.place for each in work.waiting(CAMPAIGN, NOW, 10)])
        clock.wait(NOW + 2, lambda _: False)
        assert tell(client, order("later"), call_id="call-2").json()["new"] == 1


def test_a_store_that_cannot_write_confirms_nothing(
    client: TestClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise WakeupError([diagnostic("WK7027", store="shop.db", reason="no space left on the disk")])

    with monkeypatch.context() as broken:
        broken.setattr(intake, "take_into", full)
        assert tell(client, order()).status_code == 503
    assert waiting(store) == []
    assert tell(client, order()).json()["new"] == 1, "the id of the call was not noted either"


def test_calls_that_come_together_are_taken_together_and_fail_apart(
    store: Store, clock: FastClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    import asyncio

    began = 0
    whole = store.work

    def work(campaign: str = "") -> Any:
        nonlocal began
        began += 1
        return whole(campaign)

    monkeypatch.setattr(store, "work", work)
    answers = [Answer("shop", str(each), AnswerKind.CLICKED, NOW, campaign=CAMPAIGN) for each in range(12)]
    # An integer that no database takes: the fault of one call.
    answers[5] = Answer("shop", "5", AnswerKind.CLICKED, -(2**70), campaign=CAMPAIGN)

    async def run() -> list[Any]:
        way = intake.Intake(store, clock, 1000)
        first = asyncio.create_task(way.call("first", [answers[0]]))
        await first
        calls = [way.call(each.event_id, [each]) for each in answers]
        found = await asyncio.gather(*calls, way.call("5", [answers[1]]), return_exceptions=True)
        await way.close()
        return found

    found = asyncio.run(run())
    assert isinstance(found[5], OverflowError)
    assert [each for at, each in enumerate(found) if at != 5] == [0, *[1] * 10, 0]
    assert began == 1 + 1 + 13, "once for all, then each for itself"
    assert len(waiting(store)) == 11


def test_one_transaction_for_calls_that_come_together(
    store: Store, clock: FastClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    import asyncio

    began: list[str] = []
    whole = store.work
    monkeypatch.setattr(store, "work", lambda campaign="": began.append(campaign) or whole(campaign))

    async def run() -> list[Any]:
        way = intake.Intake(store, clock, 1000)
        told = [Answer("shop", str(each), AnswerKind.CLICKED, NOW, campaign=CAMPAIGN) for each in range(50)]
        found = await asyncio.gather(*(way.call(each.event_id, [each]) for each in told))
        await way.close()
        return found

    assert asyncio.run(run()) == [1] * 50
    assert len(began) <= 2
    assert len(waiting(store)) == 50


def test_confirmed_is_durable(client: TestClient, store: Store) -> None:
    """What is confirmed can be read by another connection at once."""
    assert tell(client, order()).status_code == 200
    from wakeup.live.store import open_store

    other = open_store(store.address)
    assert waiting(other) == [("o1", 7)]
    other.close()


def test_an_opt_out_holds_at_once(client: TestClient, store: Store) -> None:
    tell(client, {"id": "u", "kind": "opted_out", "time": NOW, "customer": LI, "channel": "sms"})
    with store.read() as reader:
        assert reader.consents(7) == {"sms": False}


def test_the_schema_describes_what_is_taken() -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="NO jsonschema: pip install it")
    from wakeup.live.events import events_schema

    checker = jsonschema.Draft202012Validator(events_schema(100))
    good = json.loads(body_of([order(), {"id": "1", "kind": "rated", "time": NOW, "ref": "0" * 32, "score": 4.5}]))
    assert list(checker.iter_errors(good)) == []
    for bad in (order(amount=-1), order(kind="no"), order(colour=1), {"id": "1", "kind": "ordered", "time": NOW}):
        assert list(checker.iter_errors({"events": [bad]}))


def _files(store: Store) -> list[Any]:
    from pathlib import Path

    return [each for each in Path(store.address).parent.iterdir() if each.suffix != ".key"]

"""Twilio: signatures as the SDK makes them, a look-up in the list of messages, receipts in any order, replies."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from attrs import evolve
from tests.channels.providers.local import START, Fault, opened, ref, request, serving
from tests.channels.twilio.server import CALLBACK, SID, TOKEN, TwilioServer, signed

from wakeup.channels.http import Reply
from wakeup.channels.protocol import AnswerKind, Found, Received, Secret, Verdict
from wakeup.channels.setting import SettingError
from wakeup.channels.twilio import Twilio, open_twilio, signature

GOLDEN = json.loads((Path(__file__).parent / "golden" / "signatures.json").read_text())["vectors"]
SETTINGS = {"account_sid": SID, "auth_token": Secret(TOKEN), "from": "+14155550100", "callback": CALLBACK}
MESSAGE = request(1, "+14155550001", text="We miss you – come back", first_attempt=int(START))


@pytest.fixture
def server() -> TwilioServer:
    return TwilioServer()


@pytest.fixture
def adapter(server: TwilioServer) -> Iterator[Twilio]:
    with serving(server) as base, opened(open_twilio, {**SETTINGS, "endpoint": base}, server.clock) as adapter:
        yield adapter


@pytest.mark.parametrize("vector", GOLDEN, ids=lambda vector: vector["name"])
def test_signatures_are_those_of_the_sdk(vector: dict[str, Any]) -> None:
    form = {name: [value] for name, value in vector["form"].items()}
    assert signature(Secret(TOKEN), vector["url"], form, vector["algorithm"]) == vector["signature"]


@pytest.mark.parametrize("vector", GOLDEN, ids=lambda vector: vector["name"])
def test_calls_signed_by_the_sdk_are_believed(vector: dict[str, Any]) -> None:
    headers = {"x-twilio-signature": vector["signature"]}
    if vector["algorithm"] != "HMAC_SHA1":
        headers["x-twilio-webhooks-signature-settings"] = f"key=webhooks_1,algorithm={vector['algorithm']}"
    callback = "https://example.com:8443/in/sms" if "8443" in vector["url"] else CALLBACK
    body = urlencode(vector["form"]).encode()
    with opened(open_twilio, {**SETTINGS, "callback": callback, "shared_key": Secret(TOKEN)}, lambda: START) as adapter:
        # behind a gateway the address that arrives is another one than Twilio called
        query = vector["url"].partition("?")[2]
        assert adapter.receive(Received("POST", f"http://10.0.0.1/in/sms?{query}", headers, body)).answers


def test_the_sdk_that_is_installed_signs_alike() -> None:
    validator = pytest.importorskip("twilio.request_validator", reason="SKIPPED: needs `pip install twilio`")
    for vector in GOLDEN:
        theirs = validator.RequestValidator(TOKEN).compute_signature(vector["url"], vector["form"], vector["algorithm"])
        form = {name: [value] for name, value in vector["form"].items()}
        assert theirs == signature(Secret(TOKEN), vector["url"], form, vector["algorithm"])


def test_the_sdk_that_is_installed_is_served(server: TwilioServer) -> None:
    rest = pytest.importorskip("twilio.rest", reason="SKIPPED: needs `pip install twilio`")
    client = pytest.importorskip("twilio.http.http_client")

    with serving(server) as base:

        class Near(client.TwilioHttpClient):  # type: ignore[misc, name-defined]  # it may not be installed
            def request(self, method: str, url: str, *args: Any, **more: Any) -> Any:
                return super().request(method, url.replace("https://api.twilio.com", base), *args, **more)

        sdk = rest.Client(SID, TOKEN, http_client=Near())
        made = sdk.messages.create(to="+14155550001", from_="+14155550100", body="hello")
        listed = sdk.messages.list(to="+14155550001", limit=5)
    assert made.sid == listed[0].sid
    assert listed[0].body == "hello"


def test_what_is_sent(server: TwilioServer, adapter: Twilio) -> None:
    report = adapter.deliver(evolve(MESSAGE, deadline=int(START) + 900))
    form = dict(parse_qsl(server.calls[0].body.decode()))
    assert form == {
        "To": "+14155550001",
        "Body": "We miss you – come back",
        "From": "+14155550100",
        "StatusCallback": f"{CALLBACK}?ref={ref(1)}",
        "ValidityPeriod": "900",
    }
    assert (report.verdict, report.provider_id, report.code) == (Verdict.ACCEPTED, f"SM{1:032x}", "queued")


def test_a_send_in_doubt_is_found_or_absent(server: TwilioServer, adapter: Twilio) -> None:
    server.faults.append(Fault("status_after", 500))
    assert adapter.deliver(MESSAGE).verdict is Verdict.DOUBT
    assert adapter.look_up([MESSAGE]) == [Found(MESSAGE.ref, True, f"SM{1:032x}")]
    assert adapter.look_up([evolve(MESSAGE, text="Another text")])[0].sent is False
    assert adapter.look_up([evolve(MESSAGE, text="Another text", first_attempt=0)])[0].sent is None


def test_a_text_that_twilio_made_plainer_is_the_same(server: TwilioServer, adapter: Twilio) -> None:
    adapter.deliver(MESSAGE)
    server.messages[0]["body"] = "Sent from your Twilio trial account - We miss you - come back"
    assert adapter.look_up([MESSAGE])[0].sent


def test_a_text_without_letters_is_found_by_its_signs(server: TwilioServer, adapter: Twilio) -> None:
    adapter.deliver(MESSAGE)
    hearts = evolve(MESSAGE, text="❤️❤️", ref=ref(2))
    assert adapter.look_up([hearts])[0].sent is False
    adapter.deliver(hearts)
    assert adapter.look_up([hearts])[0].sent


def test_a_message_without_its_text_may_be_this_one(server: TwilioServer, adapter: Twilio) -> None:
    server.keeps_text = False
    adapter.deliver(MESSAGE)
    assert adapter.look_up([MESSAGE])[0].sent is None


def test_an_older_message_with_the_same_text_is_another(server: TwilioServer, adapter: Twilio) -> None:
    adapter.deliver(MESSAGE)
    server.clock.at += 86_400
    assert adapter.look_up([evolve(MESSAGE, first_attempt=int(server.clock.at))])[0].sent is False


def test_the_list_is_late_by_less_than_the_grace(server: TwilioServer, adapter: Twilio) -> None:
    server.listed_after = adapter.capabilities.grace - 1
    adapter.deliver(MESSAGE)
    assert adapter.look_up([MESSAGE])[0].sent is False
    server.clock.at += adapter.capabilities.grace
    assert adapter.look_up([MESSAGE])[0].sent


def test_every_page_of_the_list_is_read(server: TwilioServer, adapter: Twilio) -> None:
    server.page = 2
    adapter.deliver(MESSAGE)
    for n in range(2, 7):
        adapter.deliver(evolve(MESSAGE, ref=ref(n), text=f"Other {n}"))
    assert adapter.look_up([MESSAGE])[0].sent
    server.page = 0
    server.messages[0]["date_created"] = "no date"
    assert adapter.look_up([MESSAGE])[0].sent is None


@pytest.mark.parametrize(
    "target", ["@evil.example/", ".evil.example/", "https://evil.example/", "/2010-04-01/Accounts"]
)
def test_a_next_page_elsewhere_is_not_asked_for(adapter: Twilio, target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[str] = []

    def call(method: str, where: str, *args: object) -> Reply:
        called.append(where)
        return Reply(200, {}, json.dumps({"messages": [], "next_page_uri": target}).encode())

    monkeypatch.setattr(adapter.line, "call", call)
    assert adapter.look_up([MESSAGE])[0].sent is None
    assert len(called) == 1


def test_receipts_in_any_order_and_twice(server: TwilioServer, adapter: Twilio) -> None:
    sid = adapter.deliver(MESSAGE).provider_id
    told = [
        answer
        for status in ("delivered", "sent", "delivered", "queued")
        for answer in adapter.receive(server.receipt(sid, status)).answers
    ]
    assert [(answer.kind, answer.ref) for answer in told] == [(AnswerKind.DELIVERED, ref(1))] * 2
    assert told[0].event_id == told[1].event_id


def test_a_failed_receipt_tells_its_code(server: TwilioServer, adapter: Twilio) -> None:
    sid = adapter.deliver(MESSAGE).provider_id
    (failed,) = adapter.receive(server.receipt(sid, "undelivered", ErrorCode="30005")).answers
    assert (failed.kind, failed.code_of) == (AnswerKind.FAILED, "30005")
    _, out = adapter.receive(server.receipt(sid, "failed", ErrorCode="21610")).answers
    assert (out.kind, out.ref) == (AnswerKind.OPTED_OUT, ref(1))


def test_replies(adapter: Twilio) -> None:
    form = {"MessageSid": "SM1", "From": "+14155550001", "To": "+14155550100", "Body": " Stop "}
    (out,) = adapter.receive(signed(CALLBACK, form)).answers
    (back,) = adapter.receive(signed(CALLBACK, {**form, "Body": "thanks"})).answers
    (other,) = adapter.receive(signed(CALLBACK, {**form, "Body": "arrêt", "OptOutType": "STOP"})).answers
    kinds = [answer.kind for answer in (out, back, other)]
    assert kinds == [AnswerKind.OPTED_OUT, AnswerKind.REPLIED, AnswerKind.OPTED_OUT]
    assert out.address == "+14155550001"
    assert "4155550001" not in repr(out)


def test_one_byte_of_a_call_changed_is_refused(server: TwilioServer, adapter: Twilio) -> None:
    call = server.receipt(adapter.deliver(MESSAGE).provider_id, "delivered")
    assert adapter.receive(call).answers
    changed = [
        evolve(call, body=call.body.replace(b"delivered", b"deliverex")),
        evolve(call, url=call.url[:-1] + "2"),
        evolve(call, body=call.body + b"&More=1"),
        evolve(call, headers={}),
        evolve(call, headers={"x-twilio-signature": "A" + call.headers["x-twilio-signature"][1:]}),
        evolve(call, headers={**call.headers, "x-twilio-webhooks-signature-settings": "algorithm=HMAC_SHA256"}),
        evolve(call, headers={**call.headers, "x-twilio-webhooks-signature-settings": "algorithm=none"}),
        signed(call.url, {"MessageSid": "SM1", "MessageStatus": "delivered"}, token="another"),
    ]
    for each in changed:
        with pytest.raises(PermissionError):
            adapter.receive(each)


@pytest.mark.parametrize("given", [{"from": ""}, {"messaging_service_sid": "MG1"}])
def test_exactly_one_sender_is_wanted(given: dict[str, str]) -> None:
    with (
        pytest.raises(SettingError, match="messaging_service_sid"),
        opened(open_twilio, {**SETTINGS, **given}, lambda: START),
    ):
        pass

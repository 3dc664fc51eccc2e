"""Aliyun SMS: signature as the SDK makes it, look-up after a grace, receipts and replies."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from tests.channels.aliyun_sms.server import KEY_ID, SECRET, AliyunServer
from tests.channels.providers.local import START, Fault, opened, ref, request, serving

from wakeup.channels.aliyun_sms import AliyunSms, authorization, encoded, open_aliyun_sms
from wakeup.channels.http import Reply
from wakeup.channels.protocol import Adapter, Answer, AnswerKind, Found, Received, Report, Secret, Verdict

GOLDEN = Path(__file__).parent / "golden"
SETTINGS = {
    "access_key_id": KEY_ID,
    "access_key_secret": Secret(SECRET),
    "sign_name": "小店",
    "receipt_token": Secret("word"),
}
MESSAGE = evolve(
    request(1, settings={"template": "SMS_100"}, fields={"code": "你好 1"}), first_attempt=int(START), attempt=1
)


@pytest.fixture
def server() -> AliyunServer:
    return AliyunServer()


@pytest.fixture
def adapter(server: AliyunServer) -> Iterator[AliyunSms]:
    with serving(server) as base, opened(open_aliyun_sms, {**SETTINGS, "endpoint": base}, server.clock) as adapter:
        yield adapter


def signatures() -> list[dict[str, Any]]:
    return json.loads((GOLDEN / "signatures.json").read_text())["vectors"]


@pytest.mark.parametrize("vector", signatures(), ids=lambda vector: vector["name"])
def test_signatures_are_those_of_the_sdk(vector: dict[str, Any]) -> None:
    made = authorization(Secret(SECRET), KEY_ID, "POST", vector["query"], vector["headers"])
    assert made == vector["authorization"]


def test_the_sdk_that_is_installed_signs_alike() -> None:
    utils = pytest.importorskip(
        "alibabacloud_tea_openapi.utils", reason="SKIPPED: needs `pip install alibabacloud_dysmsapi20170525`"
    )
    requests = pytest.importorskip("darabonba.request")
    for vector in signatures():
        made = requests.DaraRequest()
        made.method, made.pathname, made.query, made.headers = "POST", "/", vector["query"], vector["headers"]
        payload = vector["headers"]["x-acs-content-sha256"]
        theirs = utils.Utils.get_authorization(made, "ACS3-HMAC-SHA256", payload, KEY_ID, SECRET)
        assert theirs == authorization(Secret(SECRET), KEY_ID, "POST", vector["query"], vector["headers"])


def test_the_sdk_that_is_installed_is_served(server: AliyunServer) -> None:
    client = pytest.importorskip(
        "alibabacloud_dysmsapi20170525.client", reason="SKIPPED: needs `pip install alibabacloud_dysmsapi20170525`"
    )
    models = pytest.importorskip("alibabacloud_dysmsapi20170525.models")
    openapi = pytest.importorskip("alibabacloud_tea_openapi.models")
    runtime = pytest.importorskip("darabonba.runtime")
    import time

    server.clock.at = time.time()
    with serving(server) as base:
        config = openapi.Config(access_key_id=KEY_ID, access_key_secret=SECRET, protocol="http")
        config.endpoint = base.removeprefix("http://")
        sdk = client.Client(config)
        sent = sdk.send_sms_with_options(
            models.SendSmsRequest(
                phone_numbers="13900000001",
                sign_name="小店",
                template_code="SMS_100",
                template_param='{"code": "你好"}',
                out_id=ref(1),
            ),
            runtime.RuntimeOptions(),
        )
    assert sent.body.code == "OK"
    assert server.refs() == [ref(1)]


def test_a_send_in_doubt_that_had_its_effect_is_found(server: AliyunServer, adapter: AliyunSms) -> None:
    server.faults.append(Fault("drop_after"))
    assert adapter.deliver(MESSAGE).verdict is Verdict.DOUBT
    assert adapter.look_up([MESSAGE]) == [Found(MESSAGE.ref, True, delivered=True)]


def test_a_send_in_doubt_that_had_none_is_absent(server: AliyunServer, adapter: AliyunSms) -> None:
    adapter.deliver(evolve(MESSAGE, ref=ref(2)))
    assert adapter.look_up([MESSAGE]) == [Found(MESSAGE.ref, False)]


def test_a_refusal_with_an_error_of_the_gateway_is_in_doubt(
    adapter: AliyunSms, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = json.dumps({"Code": "isv.MOBILE_NUMBER_ILLEGAL"}).encode()
    monkeypatch.setattr(adapter.line, "call", lambda *args: Reply(503, {}, body))
    assert adapter.deliver(MESSAGE).verdict is Verdict.DOUBT
    body = json.dumps({"Code": "Throttling.User"}).encode()
    assert adapter.deliver(MESSAGE).verdict is Verdict.THROTTLED  # the gateway says so before anything is done


def test_the_list_is_late_by_less_than_the_grace(server: AliyunServer, adapter: AliyunSms) -> None:
    server.listed_after = adapter.capabilities.grace - 1
    adapter.deliver(MESSAGE)
    assert adapter.look_up([MESSAGE]) == [Found(MESSAGE.ref, False)]  # asked at once: wrong, hence the grace
    server.clock.at += adapter.capabilities.grace
    assert adapter.look_up([MESSAGE])[0].sent


@pytest.mark.parametrize("others", [49, 50, 120])
def test_every_page_of_the_list_is_read(server: AliyunServer, adapter: AliyunSms, others: int) -> None:
    for n in range(others):
        adapter.deliver(evolve(MESSAGE, ref=ref(1000 + n)))
    assert adapter.look_up([MESSAGE])[0].sent is False
    adapter.deliver(MESSAGE)
    assert adapter.look_up([MESSAGE])[0].sent


def test_a_message_before_midnight_is_found_after_it(server: AliyunServer, adapter: AliyunSms) -> None:
    server.clock.at = START + 16 * 3600 - 5  # five seconds before a day ends in Beijing
    message = evolve(MESSAGE, first_attempt=int(server.clock.at))
    adapter.deliver(message)
    server.clock.at += 600
    assert adapter.look_up([message])[0].sent
    assert adapter.look_up([evolve(message, ref=ref(3))])[0].sent is False


def test_absence_is_no_proof_without_the_first_attempt_or_after_a_month(
    server: AliyunServer, adapter: AliyunSms
) -> None:
    assert adapter.look_up([evolve(MESSAGE, first_attempt=0)])[0].sent is None
    server.clock.at += 30 * 86_400
    assert adapter.look_up([MESSAGE])[0].sent is None


def test_numbers_abroad_keep_their_country(server: AliyunServer, adapter: AliyunSms) -> None:
    adapter.deliver(evolve(MESSAGE, address=Secret("+85251234567")))
    adapter.deliver(MESSAGE)
    assert [delivery.address for delivery in server.truth] == ["85251234567", "13900000001"]


def test_a_template_without_its_field_is_refused_and_a_message_without_a_template_not_sent(
    server: AliyunServer, adapter: AliyunSms
) -> None:
    assert adapter.deliver(evolve(MESSAGE, settings={})) == Report(MESSAGE.ref, Verdict.BAD_CONTENT, code="no template")
    assert server.calls == []
    assert adapter.deliver(evolve(MESSAGE, fields={})).code == "isv.TEMPLATE_MISSING_PARAMETERS"


def test_a_number_takes_five_messages_an_hour(server: AliyunServer, adapter: AliyunSms) -> None:
    server.hourly = 5
    reports = [adapter.deliver(evolve(MESSAGE, ref=ref(n))) for n in range(6)]
    assert [report.verdict for report in reports] == [Verdict.ACCEPTED] * 5 + [Verdict.THROTTLED]
    assert adapter.deliver(evolve(MESSAGE, ref=ref(7), address=Secret("+8613900000002"))).verdict is Verdict.ACCEPTED
    server.clock.at += reports[5].retry_after
    assert adapter.deliver(evolve(MESSAGE, ref=ref(5))).verdict is Verdict.ACCEPTED
    assert len(server.truth) == 7


@pytest.mark.parametrize(
    ("message", "seconds"),
    [("触发分钟级流控Permits:1", 60), ("触发小时级流控Permits:5", 3600), ("触发天级流控Permits:10", 16 * 3600)],
)
def test_limits_end_with_their_window(
    server: AliyunServer, adapter: AliyunSms, message: str, seconds: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(
        __import__("tests.channels.aliyun_sms.server", fromlist=["MESSAGES"]).MESSAGES,
        "isv.BUSINESS_LIMIT_CONTROL",
        message,
    )
    server.faults.append(Fault("code", code="isv.BUSINESS_LIMIT_CONTROL"))
    assert adapter.deliver(MESSAGE).retry_after == seconds


REPORT = {
    "phone_number": "13900000001",
    "send_time": "2026-11-22 08:00:00",
    "report_time": "2026-11-22 08:00:07",
    "success": True,
    "err_code": "DELIVERED",
    "err_msg": "用户接收成功",
    "sms_size": "1",
    "biz_id": "900619746936498440^0",
    "out_id": ref(1),
}
UP = {
    "phone_number": "13900000001",
    "send_time": "2026-11-22 09:00:00",
    "content": " td ",
    "sign_name": "小店",
    "dest_code": "1234",
    "sequence_id": "1234567890",
}


def told(adapter: Adapter, rows: object, token: str = "word") -> tuple[Answer, ...]:
    body = json.dumps(rows, ensure_ascii=False).encode()
    return adapter.receive(Received("POST", f"https://example.com/in/sms?token={token}", {}, body)).answers


def test_receipts_and_replies_become_answers(adapter: AliyunSms) -> None:
    failed = {**REPORT, "success": False, "err_code": "MK:0012", "out_id": ref(2)}
    yes, no = told(adapter, [REPORT, failed])
    assert (yes.kind, yes.ref, yes.t) == (AnswerKind.DELIVERED, ref(1), int(START) + 7)
    assert (no.kind, no.ref, no.code_of) == (AnswerKind.FAILED, ref(2), "MK:0012")
    out, back = told(adapter, [UP, {**UP, "content": "好的", "sequence_id": "2"}])
    assert (out.kind, out.address, out.ref, out.t) == (AnswerKind.OPTED_OUT, "+8613900000001", "", int(START) + 3600)
    assert (back.kind, back.event_id) == (AnswerKind.REPLIED, "up:2")
    assert "13900000001" not in repr(out)


def test_a_receipt_that_comes_twice_is_the_same_event(adapter: AliyunSms) -> None:
    first, again, other = told(adapter, [REPORT, {**REPORT, "report_time": "2026-11-22 08:00:09"}, UP])
    assert first.event_id == again.event_id != other.event_id


def test_messages_of_other_systems_are_left_out(adapter: AliyunSms) -> None:
    assert told(adapter, [{**REPORT, "out_id": "order-17"}, {**REPORT, "out_id": ""}]) == ()


@pytest.mark.parametrize("token", ["", "wore", "word2"])
def test_a_call_with_another_word_is_refused(adapter: AliyunSms, token: str) -> None:
    with pytest.raises(PermissionError):
        told(adapter, [REPORT], token)


def test_without_a_word_no_call_is_believed() -> None:
    given = {name: value for name, value in SETTINGS.items() if name != "receipt_token"}
    with opened(open_aliyun_sms, given, lambda: START) as adapter, pytest.raises(PermissionError):
        told(adapter, [REPORT], "")


def test_the_provider_reads_that_it_was_taken(adapter: AliyunSms) -> None:
    taken = adapter.receive(Received("POST", "/?token=word", {}, b"[]"))
    assert json.loads(taken.reply) == {"code": 0, "msg": "OK"}


def test_the_check_finds_a_wrong_secret(server: AliyunServer) -> None:
    with serving(server) as base:
        for given, said in ((SETTINGS, ""), ({**SETTINGS, "access_key_secret": Secret("no")}, "SignatureDoesNotMatch")):
            with opened(open_aliyun_sms, {**given, "endpoint": base}, server.clock) as adapter:
                assert adapter.check() == said


def test_queries_are_spelled_as_they_are_signed() -> None:
    assert encoded({"b": "a b*~/", "a": "你"}) == "a=%E4%BD%A0&b=a%20b%2A~%2F"

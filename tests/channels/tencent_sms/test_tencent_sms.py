"""Tencent SMS: signature as the SDK makes it, results inside HTTP 200, a look-up that only finds, receipts, replies."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from tests.channels.providers.local import START, Fault, opened, ref, request, serving
from tests.channels.tencent_sms.server import APP, ID, KEY, TencentServer

from wakeup.channels.protocol import Answer, AnswerKind, Found, Received, Report, Secret, Verdict
from wakeup.channels.tencent_sms import TencentSms, authorization, open_tencent_sms

GOLDEN = json.loads((Path(__file__).parent / "golden" / "signatures.json").read_text())["vectors"]
SETTINGS = {
    "secret_id": Secret(ID),
    "secret_key": Secret(KEY),
    "sdk_app_id": APP,
    "sign_name": "小店",
    "receipt_token": Secret("word"),
}
MESSAGE = request(1, settings={"template": "1110"}, fields={"1": "你好 1"}, first_attempt=int(START))


@pytest.fixture
def server() -> TencentServer:
    return TencentServer()


@pytest.fixture
def adapter(server: TencentServer) -> Iterator[TencentSms]:
    with serving(server) as base, opened(open_tencent_sms, {**SETTINGS, "endpoint": base}, server.clock) as adapter:
        yield adapter


@pytest.mark.parametrize("vector", GOLDEN, ids=lambda vector: vector["name"])
def test_signatures_are_those_of_the_sdk(vector: dict[str, Any]) -> None:
    made = authorization(Secret(ID), Secret(KEY), vector["host"], vector["timestamp"], vector["body"].encode())
    assert made == vector["authorization"]


def test_the_sdk_that_is_installed_is_served(server: TencentServer) -> None:
    import time

    sms = pytest.importorskip(
        "tencentcloud.sms.v20210111.sms_client", reason="SKIPPED: needs `pip install tencentcloud-sdk-python-sms`"
    )
    models = pytest.importorskip("tencentcloud.sms.v20210111.models")
    common = pytest.importorskip("tencentcloud.common.credential")
    client_profile = pytest.importorskip("tencentcloud.common.profile.client_profile")
    http_profile = pytest.importorskip("tencentcloud.common.profile.http_profile")
    server.clock.at = time.time()
    with serving(server) as base:
        profile = http_profile.HttpProfile(protocol="http", endpoint=base.removeprefix("http://"))
        sdk = sms.SmsClient(
            common.Credential(ID, KEY), "ap-guangzhou", client_profile.ClientProfile(httpProfile=profile)
        )
        wanted = models.SendSmsRequest()
        wanted.from_json_string(
            json.dumps(
                {
                    "PhoneNumberSet": ["+8613900000001"],
                    "SmsSdkAppId": APP,
                    "TemplateId": "1110",
                    "TemplateParamSet": ["你好"],
                    "SessionContext": ref(1),
                }
            )
        )
        sent = sdk.SendSms(wanted)
    assert sent.SendStatusSet[0].Code == "Ok"
    assert server.refs() == [ref(1)]


def test_what_is_sent(server: TencentServer, adapter: TencentSms) -> None:
    report = adapter.deliver(MESSAGE)
    assert json.loads(server.calls[0].body) == {
        "PhoneNumberSet": ["+8613900000001"],
        "SmsSdkAppId": APP,
        "TemplateId": "1110",
        "SignName": "小店",
        "TemplateParamSet": ["你好 1"],
        "SessionContext": ref(1),
    }
    assert (report.verdict, report.provider_id) == (Verdict.ACCEPTED, "5000:1045710669157053657849499610")


@pytest.mark.parametrize(
    ("code", "verdict", "seconds"),
    [
        ("LimitExceeded.PhoneNumberThirtySecondLimit", Verdict.THROTTLED, 30),
        ("LimitExceeded.PhoneNumberOneHourLimit", Verdict.THROTTLED, 3600),
        ("LimitExceeded.PhoneNumberDailyLimit", Verdict.THROTTLED, 57_600),
        ("LimitExceeded.DeliveryFrequencyLimit", Verdict.THROTTLED, 60),
        ("FailedOperation.MarketingSendTimeConstraint", Verdict.THROTTLED, 86_400),
        ("InternalError.Timeout", Verdict.DOUBT, 0),
        ("InternalError.SendAndRecvFail", Verdict.DOUBT, 0),
        ("InternalError.RequestTimeException", Verdict.POLICY, 0),
        ("UnauthorizedOperation.ServiceSuspendDueToArrears", Verdict.POLICY, 0),
        ("InvalidParameterValue.ProhibitedUseUrlInTemplateParameter", Verdict.BAD_CONTENT, 0),
    ],
)
def test_codes(server: TencentServer, adapter: TencentSms, code: str, verdict: Verdict, seconds: int) -> None:
    server.faults.append(Fault("code", code=code))  # 08:00 in Beijing
    assert adapter.deliver(MESSAGE) == Report(MESSAGE.ref, verdict, code=code, retry_after=seconds)


def test_a_number_takes_one_message_in_thirty_seconds(server: TencentServer, adapter: TencentSms) -> None:
    server.pause = 30
    assert adapter.deliver(MESSAGE).verdict is Verdict.ACCEPTED
    later = evolve(MESSAGE, ref=ref(2))
    refusal = adapter.deliver(later)
    assert (refusal.verdict, refusal.retry_after) == (Verdict.THROTTLED, 30)
    server.clock.at += refusal.retry_after
    assert adapter.deliver(later).verdict is Verdict.ACCEPTED
    assert server.refs() == [ref(1), ref(2)]


def test_marketing_waits_for_the_morning(server: TencentServer, adapter: TencentSms) -> None:
    server.clock.at = START + 15 * 3600  # 23:00 in Beijing
    server.faults.append(Fault("code", code="FailedOperation.MarketingSendTimeConstraint"))
    assert adapter.deliver(MESSAGE).retry_after == 9 * 3600


def test_variables_are_in_the_order_of_their_numbers(server: TencentServer, adapter: TencentSms) -> None:
    fields = {"10": "j", "2": "b", "name": "left out", "1": "a"}
    adapter.deliver(evolve(MESSAGE, fields=fields))
    assert json.loads(server.calls[-1].body)["TemplateParamSet"] == ["a", "b", "j"]


def test_a_message_without_a_template_is_not_sent(server: TencentServer, adapter: TencentSms) -> None:
    assert adapter.deliver(evolve(MESSAGE, settings={})).code == "no template"
    assert server.calls == []


def test_a_look_up_finds_and_never_denies(server: TencentServer, adapter: TencentSms) -> None:
    server.faults.append(Fault("drop_after"))
    assert adapter.deliver(MESSAGE).verdict is Verdict.DOUBT
    server.clock.at += 1
    serial = "5000:1045710669157053657849499610"
    assert adapter.look_up([MESSAGE]) == [Found(MESSAGE.ref, True, serial, delivered=True)]
    assert adapter.look_up([evolve(MESSAGE, ref=ref(2))])[0].sent is None
    server.tells_context = False
    assert adapter.look_up([MESSAGE])[0].sent is None


def test_every_page_is_asked_for(server: TencentServer, adapter: TencentSms) -> None:
    server.sent = [
        {"at": START, "phone": "+8613900000001", "context": ref(n), "serial": f"5000:{n}"} for n in range(250)
    ]
    assert adapter.look_up([evolve(MESSAGE, ref=ref(249))])[0].sent
    assert adapter.look_up([evolve(MESSAGE, ref=ref(250))])[0].sent is None


REPORT = {
    "user_receive_time": "2026-11-22 08:00:04",
    "nationcode": "86",
    "mobile": "13900000001",
    "report_status": "SUCCESS",
    "errmsg": "DELIVRD",
    "description": "用户短信送达成功",
    "sid": "5000:1045710669157053657849499610",
}
UP = {"extend": "", "mobile": "13900000001", "nationcode": "86", "sign": "小店", "text": "R", "time": 1_795_309_200}


def told(adapter: TencentSms, rows: object, token: str = "word") -> tuple[Answer, ...]:
    body = json.dumps(rows).encode()
    return adapter.receive(Received("POST", f"https://example.com/in/sms?token={token}", {}, body)).answers


def test_receipts_and_replies_become_answers(server: TencentServer, adapter: TencentSms) -> None:
    sid = adapter.deliver(MESSAGE).provider_id
    yes, again, no = told(
        adapter, [REPORT, REPORT, {**REPORT, "sid": "5000:2", "report_status": "FAIL", "errmsg": "REJECTD"}]
    )
    assert (yes.kind, yes.provider_id, yes.t, yes.event_id) == (
        AnswerKind.DELIVERED,
        sid,
        int(START) + 4,
        again.event_id,
    )
    assert (no.kind, no.code_of) == (AnswerKind.FAILED, "REJECTD")
    (out,) = told(adapter, UP)
    (same,) = told(adapter, [UP])
    (back,) = told(adapter, [{**UP, "text": "好"}])
    assert (out.kind, out.address, out.t) == (AnswerKind.OPTED_OUT, "+8613900000001", 1_795_309_200)
    assert out.event_id == same.event_id != back.event_id
    assert back.kind is AnswerKind.REPLIED
    assert "13900000001" not in repr((yes, no, out, back))


def test_a_call_with_another_word_is_refused(adapter: TencentSms) -> None:
    for token in ("", "wore", "word2"):
        with pytest.raises(PermissionError):
            told(adapter, [REPORT], token)


def test_the_provider_reads_that_it_was_taken(adapter: TencentSms) -> None:
    taken = adapter.receive(Received("POST", "/?token=word", {}, b"[]"))
    assert json.loads(taken.reply) == {"result": 0, "errmsg": "OK"}


def test_the_check_finds_a_wrong_key(server: TencentServer) -> None:
    with serving(server) as base:
        wrong = {**SETTINGS, "secret_key": Secret("wrong")}
        for given, said in ((SETTINGS, ""), (wrong, "AuthFailure.SignatureFailure")):
            with opened(open_tencent_sms, {**given, "endpoint": base}, server.clock) as adapter:
                assert adapter.check() == said

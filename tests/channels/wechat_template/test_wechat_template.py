"""WeChat template message: one reference is sent once in ten minutes, receipts name WeChat's number."""

import json
from collections.abc import Iterator

import pytest
from attrs import evolve
from tests.channels.providers.local import START, Fault, opened, ref, request, serving
from tests.channels.providers.sealed import AES_KEY, TOKEN, plain, safe
from tests.channels.wechat_template.server import APP, SECRET, TEMPLATE, TemplateServer, event

from wakeup.channels.protocol import AnswerKind, Report, Secret, Verdict
from wakeup.channels.wechat_template import KEY_WINDOW, WechatTemplate, open_wechat_template

SETTINGS = {
    "app_id": APP,
    "app_secret": Secret(SECRET),
    "event_token": Secret(TOKEN),
    "event_aes_key": Secret(AES_KEY),
}
OPENID = "oOpenid-of-somebody-0001"
MESSAGE = request(1, OPENID, settings={"template": TEMPLATE}, fields={"keyword1": "你好 1"}, first_attempt=int(START))


@pytest.fixture
def server() -> TemplateServer:
    return TemplateServer()


@pytest.fixture
def adapter(server: TemplateServer) -> Iterator[WechatTemplate]:
    with (
        serving(server) as base,
        opened(open_wechat_template, {**SETTINGS, "endpoint": base}, server.clock, "wechat") as adapter,
    ):
        yield adapter


@pytest.mark.parametrize("fault", [Fault("drop_after"), Fault("status_after", 502), Fault("late", seconds=30)])
def test_a_send_in_doubt_is_repeated_without_harm(
    server: TemplateServer, adapter: WechatTemplate, fault: Fault
) -> None:
    server.faults.append(fault)
    assert adapter.deliver(MESSAGE).verdict is Verdict.DOUBT
    server.advance(KEY_WINDOW - 60)
    assert adapter.deliver(evolve(MESSAGE, attempt=2)).verdict is Verdict.ACCEPTED
    assert server.refs() == [MESSAGE.ref]


def test_after_the_window_the_provider_sends_again(server: TemplateServer, adapter: WechatTemplate) -> None:
    adapter.deliver(MESSAGE)
    server.clock.at += KEY_WINDOW
    adapter.deliver(MESSAGE)
    assert len(server.refs()) == 2  # so nobody may rely on it any longer


def test_what_is_sent(server: TemplateServer, adapter: WechatTemplate) -> None:
    settings = {
        "template": TEMPLATE,
        "url_field": "link",
        "miniprogram": "wx9",
        "page": "index?a=b",
    }
    fields = {"thing1": "好久不见", "time2": "2026年11月30日", "link": "https://shop.example/c/1"}
    adapter.deliver(evolve(MESSAGE, settings=settings, fields=fields))
    assert json.loads(server.calls[-1].body) == {
        "touser": OPENID,
        "template_id": TEMPLATE,
        "data": {"thing1": {"value": "好久不见"}, "time2": {"value": "2026年11月30日"}},
        "client_msg_id": ref(1),
        "url": "https://shop.example/c/1",
        "miniprogram": {"appid": "wx9", "pagepath": "index?a=b"},
    }


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"settings": {}}, "no template"),
        ({"fields": {"thing1": "长" * 21}}, "too long thing1"),
        ({"fields": {"character_string2": "x" * 33}}, "too long character_string2"),
        ({"fields": {"phone_number3": "x" * 18}}, "too long phone_number3"),
    ],
)
def test_what_does_not_fit_the_template_is_not_sent(
    server: TemplateServer, adapter: WechatTemplate, given: dict[str, object], code: str
) -> None:
    assert adapter.deliver(evolve(MESSAGE, **given)) == Report(MESSAGE.ref, Verdict.BAD_CONTENT, code=code)
    assert server.calls == []


def test_values_as_long_as_allowed_are_sent(server: TemplateServer, adapter: WechatTemplate) -> None:
    fields = {"thing1": "长" * 20, "character_string2": "x" * 32, "first": "free " * 40}
    assert adapter.deliver(evolve(MESSAGE, fields=fields)).verdict is Verdict.ACCEPTED


def test_tokens_are_fetched_when_needed(server: TemplateServer, adapter: WechatTemplate) -> None:
    for n in range(1, 4):
        adapter.deliver(evolve(MESSAGE, ref=ref(n)))
    assert server.granted == 1
    server.void()
    assert adapter.deliver(evolve(MESSAGE, ref=ref(4))).verdict is Verdict.ACCEPTED
    server.clock.at += 7000
    assert adapter.deliver(evolve(MESSAGE, ref=ref(5))).verdict is Verdict.ACCEPTED
    assert server.granted == 3
    assert server.refs() == [ref(n) for n in range(1, 6)]


def test_a_token_that_is_never_accepted_stops_the_channel(
    server: TemplateServer, adapter: WechatTemplate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "tokens", {})
    monkeypatch.setattr(server, "token", lambda: TemplateServer().token())
    report = adapter.deliver(MESSAGE)
    assert (report.verdict, report.code) == (Verdict.POLICY, "40014")
    assert len(server.calls) == 4


def test_a_wrong_secret_is_found(server: TemplateServer) -> None:
    with serving(server) as base:
        given = {**SETTINGS, "app_secret": Secret("wrong"), "endpoint": base}
        with opened(open_wechat_template, given, server.clock) as adapter:
            assert adapter.check() == "40125"
            assert adapter.send([MESSAGE])[0] == Report(MESSAGE.ref, Verdict.POLICY, code="40125")


def test_the_quota_of_a_day_ends_at_midnight_in_beijing(server: TemplateServer, adapter: WechatTemplate) -> None:
    server.daily = 2
    reports = [adapter.deliver(evolve(MESSAGE, ref=ref(n))) for n in range(3)]
    assert [report.verdict for report in reports] == [Verdict.ACCEPTED, Verdict.ACCEPTED, Verdict.THROTTLED]
    assert reports[2].retry_after == 16 * 3600
    server.clock.at += reports[2].retry_after
    assert adapter.deliver(evolve(MESSAGE, ref=ref(2))).verdict is Verdict.ACCEPTED


def test_receipts(server: TemplateServer, adapter: WechatTemplate) -> None:
    sent = adapter.deliver(MESSAGE).provider_id
    (done,) = adapter.receive(server.receipt(sent)).answers
    assert (done.kind, done.provider_id, done.ref, done.t) == (AnswerKind.DELIVERED, sent, "", int(START))
    for status in ("failed:user block", "failed: user block"):
        failed, out = adapter.receive(server.receipt("7", status)).answers
        assert (failed.kind, failed.code_of, out.kind) == (AnswerKind.FAILED, "user_block", AnswerKind.OPTED_OUT)
        assert failed.provider_id == out.provider_id == "7"
    for status in ("failed: system failed", "failed:system failed"):
        (failed,) = adapter.receive(server.receipt("8", status)).answers
        assert (failed.kind, failed.code_of) == (AnswerKind.FAILED, "system_failed")


def test_who_follows_no_more_has_refused(adapter: WechatTemplate) -> None:
    call = safe(event("unsubscribe", START, OPENID), APP, START)
    (out,) = adapter.receive(call).answers
    (again,) = adapter.receive(call).answers
    assert (out.kind, out.address, out.event_id) == (AnswerKind.OPTED_OUT, OPENID, again.event_id)
    assert OPENID not in repr(out)
    assert OPENID not in out.event_id
    assert adapter.receive(safe(event("subscribe", START), APP, START)).answers == ()


def test_what_wechat_reads_back(adapter: WechatTemplate, server: TemplateServer) -> None:
    assert adapter.receive(server.receipt("1")).reply == b"success"
    assert adapter.receive(plain("", START, method="GET", echostr="99")).reply == b"99"

"""Mini-program subscribe message: one permission, one message; the dialog's events are permissions and refusals."""

import json
from collections.abc import Iterator

import pytest
from attrs import evolve
from tests.channels.providers.local import START, Fault, opened, ref, request, serving
from tests.channels.providers.sealed import AES_KEY, TOKEN, plain, safe
from tests.channels.wechat_subscribe.server import APP, SECRET, TEMPLATE, SubscribeServer

from wakeup.channels.protocol import AnswerKind, Secret, Verdict
from wakeup.channels.setting import SettingError
from wakeup.channels.wechat_subscribe import WechatSubscribe, open_wechat_subscribe

OPENID = "oOpenid-of-somebody-0001"
SETTINGS = {
    "app_id": APP,
    "app_secret": Secret(SECRET),
    "templates": [TEMPLATE],
    "event_token": Secret(TOKEN),
    "event_aes_key": Secret(AES_KEY),
}
MESSAGE = request(1, OPENID, settings={"template": TEMPLATE, "page": "index"}, fields={"thing1": "你好 1"})


@pytest.fixture
def server() -> SubscribeServer:
    return SubscribeServer(everybody=False)


@pytest.fixture
def adapter(server: SubscribeServer) -> Iterator[WechatSubscribe]:
    with (
        serving(server) as base,
        opened(open_wechat_subscribe, {**SETTINGS, "endpoint": base}, server.clock, "mini") as adapter,
    ):
        yield adapter


def test_one_permission_is_one_message(server: SubscribeServer, adapter: WechatSubscribe) -> None:
    assert adapter.deliver(MESSAGE).verdict is Verdict.NO_GRANT
    (given,) = adapter.receive(server.popup(OPENID)).answers
    assert (given.kind, given.address, given.code) == (AnswerKind.PERMITTED, OPENID, TEMPLATE)
    assert adapter.deliver(MESSAGE).verdict is Verdict.ACCEPTED
    assert adapter.deliver(evolve(MESSAGE, ref=ref(2))).verdict is Verdict.NO_GRANT
    assert json.loads(server.calls[-1].body) == {
        "touser": OPENID,
        "template_id": TEMPLATE,
        "data": {"thing1": {"value": "你好 1"}},
        "miniprogram_state": "formal",
        "lang": "zh_CN",
        "page": "index",
    }


def test_nothing_protects_against_a_repeated_call(server: SubscribeServer, adapter: WechatSubscribe) -> None:
    for _ in range(2):
        adapter.receive(server.popup(OPENID))
    server.faults.append(Fault("drop_after"))
    assert adapter.deliver(MESSAGE).verdict is Verdict.DOUBT
    assert adapter.look_up([MESSAGE])[0].sent is None
    adapter.deliver(MESSAGE)
    assert len(server.truth) == 2
    assert (adapter.capabilities.key_window, adapter.capabilities.look_up) == (0, False)


def test_a_refusal_of_the_dialog_is_no_permission_and_of_the_settings_is_an_opt_out(
    server: SubscribeServer, adapter: WechatSubscribe
) -> None:
    assert adapter.receive(server.popup(OPENID, "reject")).answers == ()
    assert adapter.receive(server.change(OPENID, "accept")).answers == ()
    (out,) = adapter.receive(server.change(OPENID)).answers
    assert (out.kind, out.address) == (AnswerKind.OPTED_OUT, OPENID)
    assert OPENID not in repr(out) + out.event_id


def test_templates_of_others_do_not_count(server: SubscribeServer, adapter: WechatSubscribe) -> None:
    assert adapter.receive(server.popup(OPENID, template="order-shipped")).answers == ()
    assert adapter.receive(server.change(OPENID, template="order-shipped")).answers == ()


def test_an_event_that_comes_twice_is_one_and_two_permissions_are_two(
    server: SubscribeServer, adapter: WechatSubscribe
) -> None:
    call = server.popup(OPENID)
    first, again = (adapter.receive(call).answers[0].event_id for _ in range(2))
    server.clock.at += 1
    assert first == again != adapter.receive(server.popup(OPENID)).answers[0].event_id


def test_receipts(server: SubscribeServer, adapter: WechatSubscribe) -> None:
    server.everybody = True
    sent = adapter.deliver(MESSAGE).provider_id
    (done,) = adapter.receive(server.receipt(sent)).answers
    (failed,) = adapter.receive(server.receipt(sent, "20")).answers
    assert (done.kind, done.provider_id) == (AnswerKind.DELIVERED, sent)
    assert (failed.kind, failed.code_of) == (AnswerKind.FAILED, "20")


def test_events_may_be_xml_with_one_row_or_several(adapter: WechatSubscribe) -> None:
    def popup(*statuses: str) -> str:
        rows = "".join(
            f"<List><TemplateId>{TEMPLATE}</TemplateId><SubscribeStatusString>{status}</SubscribeStatusString></List>"
            for status in statuses
        )
        return (
            f"<xml><FromUserName>{OPENID}</FromUserName><CreateTime>1795305600</CreateTime>"
            f"<Event>subscribe_msg_popup_event</Event><SubscribeMsgPopupEvent>{rows}</SubscribeMsgPopupEvent></xml>"
        )

    for statuses, count in ((("accept",), 1), (("accept", "reject"), 1), (("accept", "accept"), 2), (("reject",), 0)):
        answers = adapter.receive(safe(popup(*statuses), APP, START)).answers
        assert [answer.kind for answer in answers] == [AnswerKind.PERMITTED] * count
        assert len({answer.event_id for answer in answers}) == count


def test_a_value_that_is_too_long_is_not_sent(server: SubscribeServer, adapter: WechatSubscribe) -> None:
    report = adapter.deliver(evolve(MESSAGE, fields={"thing1": "长" * 21}))
    assert (report.verdict, report.code) == (Verdict.BAD_CONTENT, "too long thing1")
    assert adapter.deliver(evolve(MESSAGE, settings={})).code == "no template"
    assert server.calls == []


@pytest.mark.parametrize("templates", [[], (), "", "one", [1]])
def test_templates_are_a_list_with_something_in_it(templates: object) -> None:
    with (
        pytest.raises(SettingError, match="templates"),
        opened(open_wechat_subscribe, {**SETTINGS, "templates": templates}, lambda: START),
    ):
        pass


def test_the_address_is_tried(adapter: WechatSubscribe) -> None:
    assert adapter.receive(plain("", START, method="GET", echostr="99")).reply == b"99"
    with pytest.raises(PermissionError):
        adapter.receive(plain("{}", START))

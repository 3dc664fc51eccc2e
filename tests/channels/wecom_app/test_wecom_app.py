"""WeCom application message: to one colleague, a repeated text is left out by WeCom."""

import json
from collections.abc import Iterator

import pytest
from attrs import evolve
from tests.channels.providers.local import Fault, opened, ref, request, serving
from tests.channels.wecom_app.server import AGENT, CORP, SECRET, AppServer

from wakeup.channels.protocol import Report, Secret, Verdict
from wakeup.channels.setting import SettingError
from wakeup.channels.wecom_app import LONGEST, WecomApp, open_wecom_app

SETTINGS = {"corp_id": CORP, "secret": Secret(SECRET), "agent_id": str(AGENT)}
MESSAGE = request(1, "colleague-0001")


@pytest.fixture
def server() -> AppServer:
    return AppServer()


@pytest.fixture
def adapter(server: AppServer) -> Iterator[WecomApp]:
    with serving(server) as base, opened(open_wecom_app, {**SETTINGS, "endpoint": base}, server.clock) as adapter:
        yield adapter


def test_what_is_sent(server: AppServer, adapter: WecomApp) -> None:
    assert adapter.deliver(MESSAGE) == Report(MESSAGE.ref, Verdict.ACCEPTED, "msg-1", "0")
    assert json.loads(server.calls[-1].body) == {
        "touser": "colleague-0001",
        "msgtype": "text",
        "agentid": AGENT,
        "text": {"content": "你好 1"},
        "enable_duplicate_check": 1,
        "duplicate_check_interval": 1800,
    }


def test_a_send_in_doubt_is_repeated_without_harm_within_the_window(server: AppServer, adapter: WecomApp) -> None:
    server.faults.append(Fault("drop_after"))
    assert adapter.deliver(MESSAGE).verdict is Verdict.DOUBT
    server.clock.at += adapter.capabilities.key_window - 1
    assert adapter.deliver(MESSAGE).verdict is Verdict.ACCEPTED
    assert len(server.truth) == 1
    server.clock.at += 1
    adapter.deliver(MESSAGE)
    assert len(server.truth) == 2


def test_another_message_with_the_same_words_is_left_out_too(server: AppServer, adapter: WecomApp) -> None:
    adapter.deliver(MESSAGE)
    adapter.deliver(evolve(MESSAGE, ref=ref(2)))
    assert len(server.truth) == 1


def test_without_the_check_there_is_no_key(server: AppServer) -> None:
    with serving(server) as base:
        given = {**SETTINGS, "same_text": 0, "endpoint": base}
        with opened(open_wecom_app, given, server.clock) as adapter:
            assert adapter.capabilities.key_window == 0
            for _ in range(2):
                adapter.send([MESSAGE])
    assert len(server.truth) == 2


@pytest.mark.parametrize("userid", ["@all", "colleague-0001|colleague-0002", ""])
def test_an_address_that_means_many_people_is_refused(server: AppServer, adapter: WecomApp, userid: str) -> None:
    assert adapter.deliver(evolve(MESSAGE, address=Secret(userid))).verdict is Verdict.BAD_ADDRESS
    assert server.calls == []


def test_an_unknown_colleague(adapter: WecomApp) -> None:
    report = adapter.deliver(evolve(MESSAGE, address=Secret("somebody")))
    assert (report.verdict, report.code) == (Verdict.BAD_ADDRESS, "81013")


def test_a_text_that_would_be_cut_is_not_sent(server: AppServer, adapter: WecomApp) -> None:
    assert adapter.deliver(evolve(MESSAGE, text="长" * (LONGEST // 3 + 1))).code == "text too long"
    assert adapter.deliver(evolve(MESSAGE, text="长" * (LONGEST // 3))).verdict is Verdict.ACCEPTED


@pytest.mark.parametrize(("name", "value"), [("agent_id", "one"), ("same_text", 14_401)])
def test_settings_that_cannot_be(name: str, value: object) -> None:
    with pytest.raises(SettingError, match=name), opened(open_wecom_app, {**SETTINGS, name: value}, lambda: 0.0):
        pass

"""Calls of WeChat: signed, in safe mode encrypted, read without document types and entities."""

import base64
import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from tests.channels.providers.local import START
from tests.channels.providers.sealed import AES_KEY, TOKEN, encrypted, plain, safe

from wakeup.channels.protocol import Received, Secret
from wakeup.channels.setting import SettingError
from wakeup.channels.wechat_events import Door, door, opened, signature

GOLDEN = json.loads((Path(__file__).parent / "golden" / "safe_mode.json").read_text())
APP = "wx0123456789abcdef"
EVENT = "<xml><Event><![CDATA[unsubscribe]]></Event><FromUserName>o1</FromUserName></xml>"


def a_door(aes_key: str = AES_KEY, token: str = TOKEN) -> Door:
    return door(APP, {"event_token": Secret(token), "event_aes_key": Secret(aes_key)}, lambda: START)


def test_the_vendors_own_sample_is_opened() -> None:
    token = Secret(GOLDEN["token"])
    made = signature(token, GOLDEN["timestamp"], GOLDEN["nonce"], GOLDEN["sealed"])
    assert made == GOLDEN["signature"]
    key = base64.b64decode(GOLDEN["aes_key"] + "=")
    assert opened(key, GOLDEN["sealed"], GOLDEN["account"]) == GOLDEN["opened"].encode()


def test_wechatpy_that_is_installed_seals_what_is_opened() -> None:
    crypto = pytest.importorskip("wechatpy.crypto", reason="SKIPPED: needs `pip install wechatpy`")
    at, nonce = str(int(START)), "1320562132"
    xml = crypto.WeChatCrypto(TOKEN, AES_KEY, APP).encrypt_message(EVENT, nonce, at)
    sealed = xml.partition("<Encrypt><![CDATA[")[2].partition("]]>")[0]
    theirs = xml.partition("<MsgSignature><![CDATA[")[2].partition("]]>")[0]
    url = f"https://example.com/in?timestamp={at}&nonce={nonce}&msg_signature={theirs}"
    call = Received("POST", url, {}, f"<xml><Encrypt>{sealed}</Encrypt></xml>".encode())
    assert a_door().event(call) == {"Event": "unsubscribe", "FromUserName": "o1"}


def test_a_sealed_event_is_read_and_one_byte_changed_is_refused() -> None:
    call = safe(EVENT, APP, START)
    assert a_door().event(call) == {"Event": "unsubscribe", "FromUserName": "o1"}
    start = call.body.index(b"<Encrypt>")
    for place in range(start, len(call.body), 5):
        changed = call.body[:place] + bytes([call.body[place] ^ 1]) + call.body[place + 1 :]
        with pytest.raises(PermissionError):
            a_door().event(evolve(call, body=changed))


@pytest.mark.parametrize(
    "call",
    [
        safe(EVENT, "wx-another-account", START),
        safe(EVENT, APP, START - 301),
        safe(EVENT, APP, START + 301),
        safe(EVENT, APP, START, token="another"),
        plain(EVENT, START),
        plain("<xml><Encrypt>AAAA</Encrypt></xml>", START, msg_signature="0" * 40),
        evolve(safe(EVENT, APP, START), url="https://example.com/in"),
        evolve(safe(EVENT, APP, START), url="https://example.com/in?timestamp=²&nonce=1&msg_signature=é"),
    ],
    ids=["account", "old", "early", "token", "plain", "unsigned", "bare", "odd"],
)
def test_what_does_not_fit_is_refused(call: Received) -> None:
    with pytest.raises(PermissionError):
        a_door().event(call)


def test_without_a_key_the_plain_mode_is_read() -> None:
    assert a_door(aes_key="").event(plain(EVENT, START))["Event"] == "unsubscribe"
    with pytest.raises(PermissionError):
        a_door(aes_key="").event(plain(EVENT, START, token="another"))
    with pytest.raises(PermissionError):
        a_door(aes_key="", token="").event(plain(EVENT, START, token=""))


def test_the_address_is_tried() -> None:
    assert a_door().echo(plain("", START, method="GET", echostr="4711")) == b"4711"
    assert a_door().echo(plain(EVENT, START)) is None
    with pytest.raises(PermissionError):
        a_door().echo(plain("", START, token="another", method="GET", echostr="4711"))


@pytest.mark.parametrize(
    "body",
    [
        '<!DOCTYPE xml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><xml><Event>&b;</Event></xml>',
        '<!DOCTYPE xml SYSTEM "file:///etc/passwd"><xml/>',
        '<!DOCTYPE xml [<!ENTITY x SYSTEM "file:///etc/passwd">]><xml><Event>&x;</Event></xml>',
        "<xml><Event>&undefined;</Event></xml>",
        "<xml>" + "<a>" * 50 + "</a>" * 50 + "</xml>",
        "<xml><Event>",
        "",
        "[1]",
        '{"a": ' + "[" * 100_000,
        "no xml",
    ],
    ids=["bomb", "system", "external", "undefined", "deep", "open", "empty", "list", "deep json", "text"],
)
def test_dangerous_bodies_are_refused(body: str) -> None:
    with pytest.raises(PermissionError):
        a_door().event(safe(body, APP, START))


def test_repeated_elements_are_a_list() -> None:
    xml = "<xml><List><T>1</T></List><List><T>2</T></List><List><T>3</T></List><One> a b </One></xml>"
    assert a_door().event(safe(xml, APP, START)) == {"List": [{"T": "1"}, {"T": "2"}, {"T": "3"}], "One": "a b"}


@given(st.text(max_size=200).filter(lambda text: "\0" not in text))
def test_every_content_survives(content: str) -> None:
    body = json.dumps({"a": content})
    assert a_door().event(safe(body, APP, START)) == {"a": content}


@given(st.binary(max_size=200))
def test_anything_is_an_event_or_refused(data: bytes) -> None:
    for call in (
        Received("POST", f"https://x/?{data.decode('latin-1')}", {}, data),
        evolve(plain("", START), body=data),
    ):
        for each in (a_door(), a_door(aes_key="")):
            try:
                assert isinstance(each.event(call), Mapping)
            except PermissionError:
                continue


@pytest.mark.parametrize("key", ["short", "!" * 43, AES_KEY + "AAAA"])
def test_a_key_of_another_form_is_refused(key: str) -> None:
    with pytest.raises(SettingError, match="event_aes_key") as raised:
        a_door(aes_key=key)
    assert key not in str(raised.value)


def test_sealing_twice_differs() -> None:
    assert encrypted(EVENT, APP) != encrypted(EVENT, APP)

"""Whatever comes from outside: a problem is told or refused, and nothing breaks."""

import base64
import string
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wakeup.channels.faults import told
from wakeup.channels.protocol import Received, Secret, Setup
from wakeup.channels.settings import read_channels
from wakeup.channels.sheet import read_filled, zone
from wakeup.channels.signing import signing_keys
from wakeup.channels.smtp.mail import Letterhead, Mailbox, recipient
from wakeup.channels.smtp.returned import answers_of
from wakeup.channels.webhook import open_webhook
from wakeup.diagnostics import Diagnostic, Say, WakeupError
from wakeup.source import Source

KEY = Secret("whsec_" + base64.b64encode(b"a key that everybody may know").decode())
NOW = 1_772_416_800
REF = "0123456789abcdef" * 2
SETTINGS: dict[str, Any] = {"url": "https://shop.example/", "keys": (KEY,)}
WEBHOOK = open_webhook(Setup("shop", SETTINGS, lambda: float(NOW)))
HEAD = Letterhead(Mailbox("", "news", "shop.example"), Mailbox("", "bounces", "shop.example"))
CELLS = st.sampled_from(
    ["row", "result", "when", "结果", "r" + REF, "done", "未发", "0001-01-01", "9999-12-31", '"', "\0", ";"]
)
MIME = st.sampled_from(
    [
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n",
        "Content-Type: message/rfc822\n",
        "Content-Type: message/delivery-status\n",
        f"To: bounces+{REF}@shop.example\n",
        "Date: Mon, 99 Foo 2026 99:99:99 +9999\n",
        "Content-Transfer-Encoding: base64\n",
        "Action: failed\n",
        "=?utf-8?b?////?=\n",
        "\n",
        "--b\n",
        "--b--\n",
        "\xff",
    ]
)
TOML = st.sampled_from(
    [
        "[channels.sms]\n",
        "[channels]\n",
        "[[channels]]\n",
        'adapter = "console"\n',
        'adapter = "smtp"\n',
        "messages.a.b = 1\n",
        "quiet = true\n",
        'url = "https://[::1"\n',
        "x = [1, [2]]\n",
        'token = ["a", 1]\n',
        "t = 2026-01-01\n",
        "'' = {}\n",
        '"\\u0000" = 1\n',
    ]
)


@given(
    st.binary(max_size=200)
    | st.lists(CELLS, max_size=30).map(lambda cells: ",".join(cells).replace("r0", "\nr0").encode())
)
@example(b"row,result,when\nr" + REF.encode() + b",done,0001-01-01 00:00\n")
def test_a_list_of_anything_is_read_or_told(data: bytes) -> None:
    found, problems = read_filled(data, "list.csv", zone("Asia/Shanghai"))
    assert all(each.key[1:].isalnum() for each in found)
    assert all(each.code in ("WK7071", "WK7072", "WK7073") for each in problems)


@given(st.lists(TOML, max_size=12).map("".join) | st.text(max_size=60))
@example("x = " + "[" * 5_000)
@example("[channels." + ".".join("a" * 3_000) + "]\n")
def test_settings_of_anything_are_read_or_told(text: str) -> None:
    found: tuple[Diagnostic, ...] = ()
    try:
        read_channels(Source("wakeup.toml", text))
    except WakeupError as error:
        found = error.diagnostics
    assert all(each.code.startswith("WK706") for each in found)


@given(st.binary(max_size=200) | st.lists(MIME, max_size=20).map(lambda parts: "".join(parts).encode("latin-1")))
def test_a_mail_of_anything_tells_of_our_messages_or_nothing(data: bytes) -> None:
    for each in answers_of(data, HEAD, "smtp:x", NOW):
        assert (each.ref, each.t <= NOW) == (REF, True)


@given(
    st.binary(max_size=100)
    | st.fixed_dictionaries(
        {"type": st.sampled_from(["wakeup.opened", 7, None]), "timestamp": st.text(max_size=8) | st.integers()},
        optional={"data": st.dictionaries(st.sampled_from(["ref", "code"]), st.text(max_size=5)) | st.none()},
    ).map(lambda told: str(told).replace("'", '"').encode("utf-8", "replace"))
)
def test_a_signed_call_of_anything_is_refused(body: bytes) -> None:
    headers = signing_keys([KEY]).headers("e", NOW, body)
    with pytest.raises(PermissionError):
        WEBHOOK.receive(Received("POST", "https://us.example/", headers, body))


@given(st.text(max_size=80) | st.text(string.ascii_letters + "@.<>\r\n ,:\"'", max_size=30))
def test_an_address_is_one_or_none(text: str) -> None:
    found = recipient(text)
    if found is not None:
        assert found[1].isascii()
        assert not set("\r\n<> ,") & set("".join(found))


def test_words_of_adapters_have_a_text_for_people() -> None:
    assert isinstance(told("certificate"), Say)
    assert told("isv.AMOUNT_NOT_ENOUGH") == "isv.AMOUNT_NOT_ENOUGH"
    assert not told("")

"""Standard Webhooks: against the example of the specification and against the published package."""

import base64
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from wakeup.channels.protocol import Secret
from wakeup.channels.signing import signing_keys

KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OLD = "whsec_" + base64.b64encode(b"another key of at least 24 bytes").decode()
KEYS = signing_keys([Secret(KEY)])
BODY = b'{"test": 2432232314}'
AT = 1_614_265_330
SIGNED = KEYS.headers("msg_p5jXN8AQM9LWM0D4loKWxJek", AT, BODY)


def test_the_example_of_the_specification() -> None:
    assert SIGNED["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert KEYS.verify(SIGNED, BODY, AT) == "msg_p5jXN8AQM9LWM0D4loKWxJek"


@given(
    st.binary(min_size=24, max_size=64),
    st.text("abc-_019", min_size=1, max_size=40),
    st.dictionaries(st.text(), st.integers()),
)
def test_the_published_package_signs_alike_and_takes_ours(key: bytes, event: str, told: dict[str, int]) -> None:
    written = "whsec_" + base64.b64encode(key).decode()
    now = datetime.now(UTC).replace(microsecond=0)
    body = json.dumps(told)
    headers = signing_keys([Secret(written)]).headers(event, int(now.timestamp()), body.encode())
    theirs = Webhook(written)
    assert theirs.sign(event, now, body) == headers["webhook-signature"]
    assert theirs.verify(body, headers) == told
    if key != base64.b64decode(KEY.removeprefix("whsec_")):
        with pytest.raises(WebhookVerificationError):
            Webhook(KEY).verify(body, headers)


def test_a_key_is_replaced_without_a_gap() -> None:
    both = signing_keys([Secret(KEY), Secret(OLD)])
    headers = both.headers("e", AT, BODY)
    assert len(headers["webhook-signature"].split(" ")) == 2
    for one in (KEYS, signing_keys([Secret(OLD)]), both):
        assert one.verify(headers, BODY, AT) == "e"
    assert both.verify(signing_keys([Secret(OLD)]).headers("e", AT, BODY), BODY, AT) == "e"


@pytest.mark.parametrize("place", range(len(BODY)))
def test_one_byte_of_the_body(place: int) -> None:
    with pytest.raises(PermissionError):
        KEYS.verify(SIGNED, BODY[:place] + bytes([BODY[place] ^ 1]) + BODY[place + 1 :], AT)


@pytest.mark.parametrize(
    "headers",
    [
        {"webhook-id": "msg_other"},
        {"webhook-id": ""},
        {"webhook-id": "é"},
        {"webhook-id": "a" * 5_000},
        {"webhook-timestamp": str(AT + 1)},
        {"webhook-timestamp": "soon"},
        {"webhook-timestamp": "-1"},
        {"webhook-timestamp": "9" * 400},
        {"webhook-timestamp": "１６１４２６５３３０"},
        {"webhook-signature": ""},
        {"webhook-signature": "v1,"},
        {"webhook-signature": "v1,not base64"},
        {"webhook-signature": SIGNED["webhook-signature"].replace("v1,", "v2,")},
        {"webhook-signature": SIGNED["webhook-signature"].replace("g0h", "g0i")},
        {"webhook-signature": "v1,AAAA " * 2_000},
    ],
    ids=str,
)
def test_headers_that_are_not_as_signed(headers: dict[str, str]) -> None:
    with pytest.raises(PermissionError):
        KEYS.verify({**SIGNED, **headers}, BODY, AT)


@pytest.mark.parametrize(("now", "taken"), [(AT - 301, False), (AT - 300, True), (AT + 300, True), (AT + 301, False)])
def test_a_call_is_believed_for_five_minutes(now: float, taken: bool) -> None:
    if taken:
        assert KEYS.verify(SIGNED, BODY, now)
    else:
        with pytest.raises(PermissionError):
            KEYS.verify(SIGNED, BODY, now)


@pytest.mark.parametrize("written", ["", "whsec_", "whsec_c2hvcnQ=", "not base64 at all !!", "whsec_" + "A" * 100])
def test_a_key_that_is_none_is_refused_and_not_shown(written: str) -> None:
    with pytest.raises(ValueError, match="24 to 64 bytes") as raised:
        signing_keys([Secret(written)])
    assert not written.removeprefix("whsec_") or written not in str(raised.value)


def test_there_must_be_a_key() -> None:
    with pytest.raises(ValueError, match="no signing key"):
        signing_keys([])
    assert "Mf" not in repr(KEYS)

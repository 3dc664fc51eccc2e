"""FCM: a signed assertion buys a token, an app that is gone is a bad address, quotas say how long."""

import json
from collections.abc import Iterator

import pytest
from attrs import evolve
from tests.channels.fcm.server import EMAIL, FcmServer, key, service_account
from tests.channels.providers.local import START, Fault, opened, ref, request, serving

from wakeup.channels.fcm import AUDIENCE, SCOPE, Fcm, assertion, open_fcm
from wakeup.channels.protocol import Report, Secret, Verdict
from wakeup.channels.setting import SettingError

MESSAGE = request(1, "app-token-0001", subject="We miss you")


@pytest.fixture
def server() -> FcmServer:
    return FcmServer()


@pytest.fixture
def adapter(server: FcmServer) -> Iterator[Fcm]:
    with serving(server) as base:
        given = {"service_account": Secret(service_account()), "endpoint": base, "token_endpoint": base}
        with opened(open_fcm, given, server.clock) as adapter:
            yield adapter


def test_what_is_sent(server: FcmServer, adapter: Fcm) -> None:
    fields = {"coupon": "ABC"}
    report = adapter.deliver(evolve(MESSAGE, subject="Come back", fields=fields, deadline=int(START) + 900))
    assert report.verdict is Verdict.ACCEPTED
    assert json.loads(server.calls[-1].body) == {
        "message": {
            "token": "app-token-0001",
            "notification": {"body": "你好 1", "title": "Come back"},
            "data": {"coupon": "ABC", "wakeup_ref": ref(1)},
            "android": {"notification": {"tag": ref(1)}, "ttl": "900s"},
            "apns": {"headers": {"apns-collapse-id": ref(1), "apns-expiration": str(int(START) + 900)}},
        }
    }


def test_without_a_subject_there_is_no_title(server: FcmServer, adapter: Fcm) -> None:
    adapter.deliver(evolve(MESSAGE, subject=""))
    assert json.loads(server.calls[-1].body)["message"]["notification"] == {"body": "你好 1"}


def test_tokens_are_fetched_when_needed(server: FcmServer, adapter: Fcm) -> None:
    for n in range(1, 4):
        adapter.deliver(evolve(MESSAGE, ref=ref(n)))
    assert server.granted == 1
    server.void()
    adapter.deliver(evolve(MESSAGE, ref=ref(4)))
    server.clock.at += 3400
    adapter.deliver(evolve(MESSAGE, ref=ref(5)))
    assert server.granted == 3
    assert server.refs() == [ref(n) for n in range(1, 6)]


def test_a_clock_that_is_wrong_is_found(server: FcmServer, adapter: Fcm) -> None:
    server.clock.at += 0
    assert adapter.check() == ""
    with serving(server) as base:
        given = {"service_account": Secret(service_account()), "endpoint": base, "token_endpoint": base}
        with opened(open_fcm, given, lambda: START + 7200) as late:
            assert late.check() == "invalid_grant"
            assert late.send([MESSAGE]) == [Report(MESSAGE.ref, Verdict.POLICY, code="invalid_grant")]


def test_an_app_token_of_another_form_is_a_bad_address_and_a_long_message_bad_content(
    server: FcmServer, adapter: Fcm
) -> None:
    assert adapter.deliver(evolve(MESSAGE, address=Secret("nobody"))).verdict is Verdict.BAD_ADDRESS
    assert adapter.deliver(evolve(MESSAGE, text="x" * 6000)).verdict is Verdict.BAD_CONTENT
    assert server.truth == []


def test_a_quota_says_how_long(server: FcmServer, adapter: Fcm) -> None:
    server.faults.append(Fault("code", code="QUOTA_EXCEEDED"))
    assert adapter.deliver(MESSAGE) == Report(MESSAGE.ref, Verdict.THROTTLED, code="QUOTA_EXCEEDED", retry_after=17)


def test_a_fault_of_apples_certificate_is_no_fault_of_the_token(server: FcmServer, adapter: Fcm) -> None:
    server.faults.append(Fault("code", code="THIRD_PARTY_AUTH_ERROR"))
    assert adapter.deliver(MESSAGE).verdict is Verdict.POLICY
    assert server.granted == 1


def test_google_auth_that_is_installed_believes_the_assertion() -> None:
    jwt = pytest.importorskip("google.auth.jwt", reason="SKIPPED: needs `pip install google-auth`")
    from cryptography.hazmat.primitives import serialization

    public = (
        key().public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    import time

    claims = jwt.decode(assertion(EMAIL, key(), int(time.time())), certs=public, audience=AUDIENCE)
    assert (claims["iss"], claims["scope"]) == (EMAIL, SCOPE)


@pytest.mark.parametrize(
    "file", ["", "no json", "[]", "{}", '{"private_key": "x", "client_email": "a", "project_id": "b"}', "null"]
)
def test_a_file_that_is_no_key_file_is_refused(file: str) -> None:
    with (
        pytest.raises(SettingError, match="service_account"),
        opened(open_fcm, {"service_account": Secret(file)}, lambda: START),
    ):
        pass

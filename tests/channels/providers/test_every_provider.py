"""What every provider's adapter must do: each fault has its honest word, nothing personal is told or raised."""

import http.client
import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.channels.providers.cases import CASES, Case
from tests.channels.providers.local import START, Call, Fault, Local, opened, serving

from wakeup.channels.http import Line, Lost, Reply
from wakeup.channels.protocol import REFUSED, TAKEN, Adapter, Received, Secret, Verdict
from wakeup.channels.setting import SettingError

every = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@pytest.fixture
def running(case: Case) -> Iterator[tuple[Local, Adapter, str]]:
    server = case.server()
    with serving(server) as base, opened(case.opener, case.settings(base), server.clock) as adapter:
        yield server, adapter, base


@every
def test_refusals_have_their_words(case: Case, running: tuple[Local, Adapter, str]) -> None:
    server, adapter, _ = running
    for code, verdict in case.refusals.items():
        server.faults.append(Fault("code", code=code))
        (report,) = adapter.send([case.message(1)])
        assert (code, report.verdict, report.code) == (code, verdict, code)
    assert server.truth == []


@every
def test_one_recipient_spoils_no_other(case: Case, running: tuple[Local, Adapter, str]) -> None:
    server, adapter, _ = running
    code = next(code for code, verdict in case.refusals.items() if verdict in REFUSED)
    server.faults.append(Fault("code", code=code))
    reports = adapter.send([case.message(n) for n in (1, 2, 3)])
    assert [report.ref for report in reports] == [case.message(n).ref for n in (1, 2, 3)]
    assert reports[0].verdict in REFUSED
    assert all(report.verdict in TAKEN for report in reports[1:])
    assert len(server.truth) == 2


def replayed(base: str, call: Call, target: str, headers: Mapping[str, str]) -> None:
    """Make a recorded call again, changed."""
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=5)
    connection.request(call.method, target, call.body, {**call.headers, **headers})
    connection.getresponse().read()
    connection.close()


def flipped(text: str, place: int) -> str:
    """The same text with one other letter or digit."""
    places = [at for at, letter in enumerate(text) if letter.isascii() and letter.isalnum()]
    at = places[place]
    return text[:at] + ("b" if text[at] == "a" else "a" if text[at] != "1" else "2") + text[at + 1 :]


@every
def test_a_password_or_token_with_one_byte_changed_is_refused(case: Case, running: tuple[Local, Adapter, str]) -> None:
    server, adapter, base = running
    assert adapter.send([case.message(1)])[0].verdict in TAKEN
    call = next(call for call in reversed(server.calls) if server.sends(call))
    server.truth.clear()
    path, _, query = call.target.partition("?")
    if "authorization" in call.headers:
        scheme, _, rest = call.headers["authorization"].partition(" ")
        replayed(base, call, call.target, {"authorization": f"{scheme} {flipped(rest, -3)}"})
    else:
        replayed(base, call, f"{path}?{flipped(query, -1)}", {})
    assert server.truth == []


@every
def test_nothing_personal_and_no_secret_is_in_an_adapter_or_a_log(
    case: Case, running: tuple[Local, Adapter, str], caplog: pytest.LogCaptureFixture
) -> None:
    server, adapter, _ = running
    caplog.set_level(logging.DEBUG)
    message = case.message(1)
    told = []
    for code in (None, *case.refusals):
        server.faults.append(Fault("code", code=code) if code else None)
        told.append(repr(adapter.send([message])))
    told += [repr(adapter), repr(vars(adapter)), caplog.text]
    for private in (message.address.reveal(), message.address.reveal()[3:], message.text, *case.secrets):
        assert private not in "".join(told)


@every
def test_a_setting_that_is_missing_is_named(case: Case) -> None:
    whole = case.settings("https://example.com")
    for setting in case.declared:
        if setting.required:
            with pytest.raises(SettingError, match=setting.name):
                case.open_and_close({name: value for name, value in whole.items() if name != setting.name})
        if setting.secret:
            with pytest.raises(SettingError, match=setting.name) as raised:
                case.open_and_close({**whole, setting.name: "literal"})
            assert "literal" not in str(raised.value)
    for address in ("http://example.com", "ftp://example.com", "https://user:word@example.com", "https://e.com/?a=b"):
        with pytest.raises(SettingError, match="https"):
            case.open_and_close({**whole, "endpoint": address})


NAMES = [
    "Code",
    "code",
    "BizId",
    "errcode",
    "errmsg",
    "msgid",
    "fail_list",
    "Response",
    "SendStatusSet",
    "Error",
    "TotalCount",
    "SmsSendDetailDTOs",
    "OutId",
    "SmsSendDetailDTO",
    "messages",
    "sid",
    "body",
    "status",
    "name",
    "error",
    "details",
    "access_token",
    "expires_in",
    "group_msg_list",
    "task_list",
    "send_list",
    "next_cursor",
    "invaliduser",
    "date_created",
    "next_page_uri",
    "phone_number",
    "out_id",
    "success",
    "content",
]
"""Names that the answers of the providers have."""


def everything_answers(adapter: Adapter, reply: Reply | Lost) -> None:
    """Every call of the adapter gets this."""
    for line in vars(adapter).values():
        if isinstance(line, Line):
            line.call = lambda *args: reply  # type: ignore[method-assign]  # no network


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8) | st.just("OK"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=12,
)


@pytest.fixture
def alone(case: Case) -> Iterator[Adapter]:
    with opened(case.opener, case.settings("https://example.com"), lambda: START) as adapter:
        yield adapter


@every
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(status=st.sampled_from([200, 201, 302, 400, 401, 403, 404, 429, 500, 503]), said=junk, phone=st.booleans())
def test_no_answer_makes_an_adapter_raise_or_tell(
    case: Case, alone: Adapter, status: int, said: object, phone: bool
) -> None:
    message, text = case.message(1), json.dumps(said)
    if phone:
        text = text.replace('"OK"', json.dumps(message.address.reveal()))
    everything_answers(alone, Reply(status, {}, text.encode()))
    reports, found = alone.send([message, case.message(2)]), alone.look_up([message])
    assert [report.ref for report in reports] == [message.ref, case.message(2).ref]
    assert [each.ref for each in found] == [message.ref]
    assert message.address.reveal() not in repr(reports) + repr(found) + alone.check() + repr(alone.poll(0))
    with suppress(PermissionError):
        alone.receive(Received("POST", "https://example.com/?token=word-in-the-address", {}, text.encode()))


@every
@pytest.mark.parametrize("lost", [Lost(Verdict.DOUBT, "connection_lost"), Lost(Verdict.NOT_LEFT, "no_connection")])
def test_a_look_up_that_is_not_answered_says_so(case: Case, alone: Adapter, lost: Lost) -> None:
    everything_answers(alone, lost)
    assert [found.sent for found in alone.look_up([case.message(1)])] == [None]
    assert list(alone.poll(0)) == []


def test_secrets_are_asterisks() -> None:
    assert repr(Secret("word")) == str(Secret("word")) == "***"

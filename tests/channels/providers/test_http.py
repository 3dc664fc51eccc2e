"""One call over HTTP: what was never connected never left, everything else that breaks is in doubt."""

import socket
import time
from collections.abc import Iterator
from email.utils import formatdate

import pytest
from tests.channels.providers.local import START, Call, Fault, Local, Reaction, serving

from wakeup.channels.http import LONGEST, Line, Lost, Reply
from wakeup.channels.protocol import Verdict


class Echo(Local):
    """Answers with what a test says."""

    reaction = Reaction(200, b'{"fine": true}')

    def sends(self, call: Call) -> bool:
        return True

    def handle(self, call: Call) -> Reaction:
        return self.reaction


@pytest.fixture
def server() -> Echo:
    return Echo()


@pytest.fixture
def line(server: Echo) -> Iterator[Line]:
    with serving(server) as base:
        line = Line(base, 0.3, 2, time.time)
        yield line
        line.close()


def test_an_answer(server: Echo, line: Line) -> None:
    reply = line.call("POST", "/a%20b?c=%2F", {"x-more": "1"}, b"body")
    assert isinstance(reply, Reply)
    assert (reply.status, reply.json()) == (200, {"fine": True})
    (call,) = server.calls
    assert (call.method, call.target, call.body, call.headers["x-more"]) == ("POST", "/a%20b?c=%2F", b"body", "1")
    assert call.headers["accept-encoding"] == "identity"


def test_an_answer_that_dribbles_is_given_up_by_its_whole_time(server: Echo, line: Line) -> None:
    server.faults.append(Fault("slow"))
    began = time.monotonic()
    assert line.call("POST", "/", {}) == Lost(Verdict.DOUBT, "no_answer_in_time")
    assert time.monotonic() - began < 1.5


def test_an_answer_that_is_too_long_is_none(server: Echo, line: Line) -> None:
    server.reaction = Reaction(200, b"x" * (LONGEST + 1))
    assert line.call("POST", "/", {}) == Lost(Verdict.DOUBT, "answer_too_long")


def test_no_such_host_never_left(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_host(*args: object, **more: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", no_host)
    line = Line("https://sms.example", 0.3, 2, time.time)
    assert line.call("POST", "/", {}) == Lost(Verdict.NOT_LEFT, "no_connection")
    line.close()


def test_a_host_that_does_not_answer_never_left() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(full.getsockname())
        line = Line(f"http://127.0.0.1:{full.getsockname()[1]}", 0.2, 2, time.time)
        assert line.call("POST", "/", {}) == Lost(Verdict.NOT_LEFT, "no_connection_in_time")
        line.close()
        for each in waiting:
            each.close()


def test_a_server_that_cannot_prove_who_it_is_gets_nothing(server: Echo) -> None:
    with serving(server) as base:
        line = Line(base.replace("http://", "https://"), 2.0, 2, time.time)
        assert line.call("POST", "/", {}, b"secret") == Lost(Verdict.NOT_LEFT, "no_connection")
        line.close()
    assert server.calls == []


def test_a_redirect_is_not_followed(server: Echo, line: Line) -> None:
    server.reaction = Reaction(302, b"", {"location": "http://169.254.169.254/"})
    reply = line.call("POST", "/", {})
    assert isinstance(reply, Reply)
    assert reply.status == 302
    assert len(server.calls) == 1


def test_nothing_is_taken_from_the_environment(server: Echo, line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    fresh = Line(line.base, 2.0, 2, time.time)
    assert isinstance(fresh.call("GET", "/", {}), Reply)
    fresh.close()


def test_an_address_that_is_too_long_can_never_be_sent(server: Echo, line: Line) -> None:
    assert line.call("POST", "/?a=" + "x" * 70_000, {}) == Lost(Verdict.BAD_CONTENT, "unsendable")
    assert server.calls == []


@pytest.mark.parametrize("headers", [{"authorization": "é"}, {"x": "a\nb: c"}, {"x": "a\r\n\r\nGET /"}])
def test_a_header_that_cannot_be_sent_adds_nothing_to_the_call(
    server: Echo, line: Line, headers: dict[str, str]
) -> None:
    assert isinstance(line.call("POST", "/", headers), Lost)
    assert server.calls == []


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("17", 17), ("", 0), ("soon", 0), ("-5", 0), ("99999999", 86_400), (formatdate(START + 90, usegmt=True), 90)],
)
def test_the_time_to_wait(text: str, seconds: int) -> None:
    assert Reply(429, {"retry-after": text}, b"").retry_after(START) == seconds


@pytest.mark.parametrize("body", [b"", b"[1]", b"null", b"{", b"\xff", b"[" * 100_000])
def test_what_is_no_object_is_an_empty_one(body: bytes) -> None:
    assert Reply(200, {}, body).json() == {}

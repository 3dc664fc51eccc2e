"""A provider on this machine: speaks HTTP as the real one, breaks by script, and keeps a log of what happened."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit

from attrs import define, frozen

from wakeup.channels.protocol import Adapter, Opener, Request, Secret, Setup

START = 1_795_305_600.0
"""2026-11-22 00:00:00 UTC: what local clocks begin with."""

Kind = Literal["drop_before", "drop_after", "late", "status_before", "status_after", "slow", "garbage_after", "code"]


@frozen
class Fault:
    """What goes wrong with the next message: the connection dies before or after the effect, the effect comes late, a
    gateway's status before or after it, a body that never ends, a page instead of an answer, a refusal by code."""

    kind: Kind
    status: int = 503
    seconds: float = 0.0
    code: str = ""


@frozen
class Call:
    """A call that arrived: method, path with query as sent, headers in lower case, body."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))


@frozen
class Reaction:
    """What goes back."""

    status: int
    body: bytes
    headers: Mapping[str, str] = {}


class RefusedCallError(Exception):
    """The call is refused, with this answer."""

    def __init__(self, reaction: Reaction) -> None:
        super().__init__(reaction.status)
        self.reaction = reaction


@frozen
class Delivery:
    """A message that had its effect."""

    ref: str
    address: str
    content: str


@define
class Clock:
    """A clock that a test sets."""

    at: float = START

    def __call__(self) -> float:
        return self.at


class Local:
    """A provider. Subclasses say `handle` (checks, has the effect, answers), `sends` (is this a message?), and
    `refusal` (the answer for a code)."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.faults: deque[Fault | None] = deque()
        self.truth: list[Delivery] = []
        self.calls: list[Call] = []
        self.known: dict[str, str] = {}  # address -> reference, for interfaces that carry none
        self.lock = threading.RLock()
        self.late: list[tuple[float, Call]] = []

    def handle(self, call: Call) -> Reaction:
        raise NotImplementedError

    def sends(self, call: Call) -> bool:
        raise NotImplementedError

    def refusal(self, code: str) -> Reaction:
        raise NotImplementedError

    def check_signature(self, call: Call) -> None:
        """Refuse a call whose signature does not hold."""
        raise NotImplementedError

    def refs(self) -> list[str]:
        """References of all messages that had their effect, in order."""
        return [delivery.ref for delivery in self.truth]

    def react(self, call: Call) -> tuple[Reaction | None, bool]:
        """The answer (None: the connection dies) and whether it never ends."""
        with self.lock:
            self.calls.append(call)
            fault = self.faults.popleft() if self.faults and self.sends(call) else None
            if fault is None:
                return self.answer(call), False
            return self._broken(call, fault), fault.kind == "slow"

    def answer(self, call: Call) -> Reaction:
        """The answer of a provider that works."""
        try:
            return self.handle(call)
        except RefusedCallError as refusal:
            return refusal.reaction

    def _broken(self, call: Call, fault: Fault) -> Reaction | None:
        if fault.kind == "code":
            return self.refusal(fault.code)
        if fault.kind == "late":
            self.late.append((self.clock.at + fault.seconds, call))
        effect = fault.kind in ("drop_after", "status_after", "slow", "garbage_after")
        usual = self.answer(call) if effect else None
        broken = {
            "slow": usual,
            "garbage_after": Reaction(200, b"<html>hello</html>"),
            "status_before": Reaction(fault.status, b"<html>bad gateway</html>"),
            "status_after": Reaction(fault.status, b"<html>bad gateway</html>"),
        }
        return broken.get(fault.kind)

    def advance(self, seconds: float) -> None:
        """Let time pass; what is late comes."""
        with self.lock:
            end = self.clock.at + seconds
            due = sorted((each for each in self.late if each[0] <= end), key=lambda each: each[0])
            self.late = [each for each in self.late if each[0] > end]
            for self.clock.at, call in due:
                self.answer(call)
            self.clock.at = end


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    provider: Local

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no error here."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is printed."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        reaction, endless = self.server.provider.react(Call(self.command, self.path, headers, body))
        if reaction is None:
            self.close_connection = True
            return
        self.send_response(reaction.status)
        self.send_header("content-length", str(len(reaction.body) + (1 << 16 if endless else 0)))
        for name, value in reaction.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reaction.body)
        self.wfile.flush()
        if endless:
            self.close_connection = True
            self._drip()

    do_GET = do_POST  # noqa: N815  # http.server's name

    def _drip(self) -> None:
        for _ in range(60):
            self.wfile.write(b" ")
            self.wfile.flush()
            time.sleep(0.05)


@contextmanager
def serving(provider: Local, port: int = 0) -> Iterator[str]:
    """Serve; yields the address."""
    server = _Server(("127.0.0.1", port), _Handler)
    server.provider = provider
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def opened(
    opener: Opener, settings: Mapping[str, Any], now: Callable[[], float], channel: str = "sms"
) -> Iterator[Adapter]:
    """An open adapter."""
    adapter = opener(Setup(channel=channel, settings=settings, now=now))
    try:
        yield adapter
    finally:
        adapter.close()


def ref(number: int) -> str:
    """An outbox key."""
    return f"{number:032x}"


def request(number: int = 1, address: str = "+8613900000001", **more: Any) -> Request:
    """A message."""
    given: dict[str, Any] = {"attempt": 1, "campaign": "autumn", "message": "hello", "text": f"你好 {number}", **more}
    return Request(ref=ref(number), address=Secret(address), **given)

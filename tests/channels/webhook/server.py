"""A receiver of webhooks on this machine, with a certificate: checks every signature by the published package, leaves
out what it has done already, breaks by script."""

import base64
import json
import ssl
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError
from tests.channels.certificates import certificate

from wakeup.channels.kit import REFUSALS, Fault, Provider, Receipt
from wakeup.channels.protocol import AnswerKind, Received, Secret

KEY = "whsec_" + base64.b64encode(b"a key that everybody may know").decode()
WINDOW = 600


class Shop(Provider):
    """The receiver."""

    faults = frozenset(Fault)

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = str(folder)
        self.port = port
        # The published package reads the machine's clock.
        self.ahead = 0.0
        self.coming: list[Fault | None] = []
        self.done: Counter[str] = Counter()
        self.at: dict[str, float] = {}
        self.late: list[str] = []
        self.calls: list[Received] = []
        self.answer: tuple[int, dict[str, str], bytes] | None = None
        self.settings = {
            "url": f"https://127.0.0.1:{port}/hook?shop=1",
            "keys": (Secret(KEY),),
            "allow_hosts": ["127.0.0.1", "hooks.invalid"],
            "ca_file": "certificate.pem",
            "key_window": WINDOW,
            "timeout": 1.0,
        }

    def now(self) -> float:
        return time.time() + self.ahead

    def advance(self, seconds: float) -> None:
        self.ahead += seconds
        for ref in self.late:
            self._do(ref)
        self.late = []

    def address(self, number: int) -> str:
        return f"+86139{number:08}"

    def script(self, *faults: Fault | None) -> None:
        self.coming = list(faults)

    def delivered(self) -> Mapping[str, int]:
        return self.done

    def unreachable(self) -> Mapping[str, Mapping[str, Any]]:
        return {
            "nobody listens": {**self.settings, "url": "https://127.0.0.1:1/"},
            "no such host": {**self.settings, "url": "https://hooks.invalid/"},
            "a false certificate": {**self.settings, "ca_file": ""},
            "a private address": {**self.settings, "allow_hosts": []},
        }

    def last_call(self) -> Received | None:
        return self.calls[-1]

    def accepts(self, call: Received) -> bool:
        """By the published package, whose clock is set to ours."""
        told = int(call.headers["webhook-timestamp"])
        if abs(told - self.now()) > 300:
            return False
        as_of_now = int(time.time())
        ours = Webhook(KEY)
        signed = ours.sign(call.headers["webhook-id"], datetime.fromtimestamp(told, UTC), call.body.decode("latin-1"))
        if not call.body.isascii() or signed not in call.headers["webhook-signature"].split(" "):
            return False
        again = ours.sign(call.headers["webhook-id"], datetime.fromtimestamp(as_of_now, UTC), call.body.decode())
        headers = {**call.headers, "webhook-timestamp": str(as_of_now), "webhook-signature": again}
        try:
            ours.verify(call.body, headers)
        except (WebhookVerificationError, json.JSONDecodeError):
            return False
        return True

    def receipts(self, ref: str) -> Sequence[Receipt]:
        kinds = (AnswerKind.DELIVERED, AnswerKind.CLICKED, AnswerKind.OPTED_OUT)
        return [Receipt(self.receipt(ref, f"wakeup.{kind}", f"{kind}-{ref}"), ref, kind) for kind in kinds]

    def receipt(self, ref: str, told: str, event: str, **more: Any) -> Received:
        at = datetime.fromtimestamp(int(self.now()), UTC)
        body = {"type": told, "timestamp": at.isoformat(), "data": {"ref": ref, "code": "ok"}, **more}
        return self.signed(json.dumps(body), event, at)

    def signed(self, body: str, event: str, at: datetime) -> Received:
        headers = {
            "webhook-id": event,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": Webhook(KEY).sign(event, at, body),
        }
        return Received("POST", "https://wakeup.example/channels/shop/receipts", headers, body.encode())

    def handle(self, call: Received, handler: "_Handler") -> None:
        """Answer a call, or break."""
        self.calls.append(call)
        if self.answer is not None:
            return handler.answer(*self.answer)
        if not self.accepts(call):
            return handler.answer(401, {}, b"signature")
        ref = json.loads(call.body)["data"]["ref"]
        fault = self.coming.pop(0) if self.coming else None
        if fault in REFUSALS:
            return handler.answer(422, {}, json.dumps({"refused": fault, "to": "+8613900000001"}).encode())
        if fault is Fault.THROTTLE:
            return handler.answer(429, {"retry-after": "30"}, b"")
        if fault is Fault.ERROR_BEFORE:
            return handler.answer(503, {}, b"")
        if fault is Fault.LATE:
            self.late.append(ref)
        elif fault is not Fault.DROP_BEFORE:
            self._do(ref)
        return self._broken(fault, handler)

    def _broken(self, fault: Fault | None, handler: "_Handler") -> None:
        match fault:
            case Fault.LATE | Fault.DROP_BEFORE | Fault.DROP_AFTER:
                handler.close_connection = True
            case Fault.ERROR_AFTER:
                handler.answer(502, {}, b"")
            case Fault.SLOW:
                handler.dribble()
            case Fault.GARBAGE:
                handler.wfile.write(b"what do you mean\r\n\r\n")
            case _:
                handler.answer(200, {}, b"")

    def _do(self, ref: str) -> None:
        if ref not in self.at or self.now() - self.at[ref] > WINDOW:
            self.done[ref] += 1
            self.at[ref] = self.now()


class _Handler(BaseHTTPRequestHandler):
    shop: Shop

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.shop.handle(Received("POST", self.path, headers, body), self)

    def answer(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def dribble(self) -> None:
        try:
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            for number in range(60):
                self.wfile.write(f"x-{number}: patience\r\n".encode())
                time.sleep(0.05)
        except OSError:
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: object, client_address: object) -> None:
        """A connection that dies is what half of these tests are about."""


@contextmanager
def shop(folder: Path) -> Iterator[Shop]:
    """Run it on a port that is free."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(folder), folder / "key.pem")
    handler = type("Handler", (_Handler,), {})
    server = _Server(("127.0.0.1", 0), handler)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    running = Shop(folder, server.server_address[1])
    handler.shop = running
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield running
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)

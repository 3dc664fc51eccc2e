"""A provider as a process of its own, spoken to over HTTP, and the adapter for it.

The server keeps its log in a file, line by line as messages have their effect: who kills the executor, or the log's
reader, changes nothing in it. `python -m tests.live.proof.wire LOG SEED POLICY PAUSE` prints its port.
"""

import http.client
import json
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

from attrs import define, field
from tests.live.proof.lossy import draw
from tests.live.proof.truth import Effect, Truth

from wakeup.channels.protocol import Capabilities, Found, Report, Request, Verdict

LANDS: Final = 0.3
"""Seconds after which a message lands whose connection died."""

GRACE: Final = 1
PATIENCE: Final = 0.5
"""Seconds that the adapter waits for an answer."""

SHARES: Final = {"lost": 0.03, "late": 0.02, "before": 0.01, "after": 0.01, "throttled": 0.02}
"""Shares of calls: no answer, the connection dies and it lands later, 503 before and after the effect, 429."""


def capabilities(policy: str) -> Capabilities:
    """What the provider can do under a policy."""
    return Capabilities(
        key_window=3_600 if policy == "key" else 0,
        look_up=policy in {"look-up", "look-up at once"},
        grace=GRACE if policy == "look-up" else 0,
        concurrency=8,
        timeout=PATIENCE,
    )


# --- the server ------------------------------------------------------------------------------------------------------


class Server(ThreadingHTTPServer):
    """Takes messages. log: its truth."""

    daemon_threads = True

    def __init__(self, log: Path, seed: int, policy: str, pause: float) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.seed, self.policy, self.pause = seed, policy, pause
        self.guard = threading.Lock()
        self.accepted: set[str] = set()
        self.landed: set[str] = set()
        self.file = log.open("a", encoding="ascii")

    def land(self, body: dict[str, Any], delay: float, called: float) -> None:
        """Let a message have its effect, now or later; under "key" once per key."""
        with self.guard:
            if self.policy == "key" and body["ref"] in self.accepted:
                return
            self.accepted.add(body["ref"])
        if delay:
            threading.Timer(delay, self._write, (body, called)).start()
        else:
            self._write(body, called)

    def _write(self, body: dict[str, Any], called: float) -> None:
        with self.guard:
            self.landed.add(body["ref"])
            self.file.write(json.dumps({**body, "called": called, "landed": time.time()}) + "\n")
            self.file.flush()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A killed caller is no news."""


class Handler(BaseHTTPRequestHandler):
    """POST / sends; POST /look asks for a key."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_POST(self) -> None:
        """Take one request."""
        called = time.time()
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self.path == "/look":
            with self.server.guard:
                return self._say(200, {"found": body["ref"] in self.server.landed})
        time.sleep(self.server.pause)
        return self._send(body, called)

    def _send(self, body: dict[str, Any], called: float) -> None:
        fate, place = "", draw(self.server.seed, body["ref"], body["attempt"])
        for name, share in SHARES.items():
            if 0 <= place < share:
                fate = name
            place -= share
        if fate == "throttled":
            return self._say(429, {})
        if fate == "late":
            self.server.land(body, LANDS, called)
            self.close_connection = True
            return None
        if fate != "before":
            self.server.land(body, 0, called)
        if fate == "lost":
            time.sleep(PATIENCE + 0.2)
        return self._say(503 if fate in {"before", "after"} else 200, {"id": f"p{body['ref'][:8]}"})

    def _say(self, status: int, body: dict[str, Any]) -> None:
        data = json.dumps(body).encode()
        with suppress(OSError):
            self.send_response(status)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Its log is another."""


def read_log(path: Path) -> Truth:
    """Read what a server has written."""
    truth = Truth()
    for line in path.read_text("ascii").splitlines():
        each = json.loads(line)
        truth.effects.append(
            Effect(
                each["ref"], int(each["to"].removeprefix("to:")), each["channel"], each["message"],
                int(each["called"]), int(each["landed"]), codes=tuple(each["codes"]),
            )
        )  # fmt: skip
    return truth


# --- the adapter -----------------------------------------------------------------------------------------------------


@define(eq=False)
class Wire:
    """The adapter for the server: one connection per thread."""

    port: int
    policy: str
    channel: str = "sms"
    _own: threading.local = field(factory=threading.local)

    @property
    def capabilities(self) -> Capabilities:
        return capabilities(self.policy)

    def send(self, requests: Sequence[Request]) -> Sequence[Report]:
        return [self._one(each) for each in requests]

    def _one(self, request: Request) -> Report:
        body = {
            "ref": request.ref,
            "attempt": request.attempt,
            "to": request.address.reveal(),
            "channel": self.channel,
            "message": request.message,
            "codes": [each.code for each in request.offers],
        }
        try:
            status, answer = self._ask("/", body)
        except ConnectionRefusedError:
            return Report(request.ref, Verdict.NOT_LEFT, code="refused")
        except (OSError, http.client.HTTPException) as error:
            return Report(request.ref, Verdict.DOUBT, code=type(error).__name__)
        if status == 429:
            return Report(request.ref, Verdict.THROTTLED, code="429", retry_after=1)
        if status != 200:
            return Report(request.ref, Verdict.DOUBT, code=str(status))
        return Report(request.ref, Verdict.ACCEPTED, provider_id=answer["id"])

    def look_up(self, requests: Sequence[Request]) -> Sequence[Found]:
        found = []
        for each in requests:
            try:
                _, answer = self._ask("/look", {"ref": each.ref})
            except (OSError, http.client.HTTPException):
                found.append(Found(each.ref, None))
            else:
                found.append(Found(each.ref, answer["found"]))
        return found

    def _ask(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Ask over this thread's connection. One that broke is not used again: whether a request left would be
        unknown."""
        connection: http.client.HTTPConnection | None = getattr(self._own, "connection", None)
        self._own.connection = None
        if connection is None:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
            connection.connect()
        connection.request("POST", path, json.dumps(body), {"content-type": "application/json"})
        response = connection.getresponse()
        answer = json.loads(response.read() or b"{}")
        if not response.will_close:
            self._own.connection = connection
        return response.status, answer

    def poll(self, since: int) -> Sequence[Any]:
        return ()

    def receive(self, received: Any) -> Any:
        raise PermissionError

    def check(self) -> str:
        return ""

    def close(self) -> None:
        """Connections end with the process."""


if __name__ == "__main__":
    running = Server(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], float(sys.argv[4]))
    print(running.server_port, flush=True)
    running.serve_forever()

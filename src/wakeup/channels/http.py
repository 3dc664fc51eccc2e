"""One call to a provider over HTTP, and the honest word for each way in which it can fail.

A request whose connection was never made had no effect (NOT_LEFT). Whatever breaks after that may have had one (DOUBT).
Nothing is retried here, no redirect is followed, no proxy or password is taken from the environment, and nothing is
logged: addresses of requests may hold tokens.
"""

import json
import ssl
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any, Final

import httpx
from attrs import field, frozen

from wakeup.channels.protocol import Verdict

LONGEST: Final = 1 << 20
"""Bytes of an answer that are read; a longer one is no answer of the provider's interface."""

IDLE: Final = 3.0
"""Seconds for which an idle connection is kept: shorter than servers keep theirs, so that few die as they are used."""


@frozen(eq=False)
class Reply:
    """What a provider answered: status, headers (lower case), raw body."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    def json(self) -> dict[str, Any]:
        """The body as a JSON object; an empty one where it is anything else."""
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}

    def retry_after(self, now: float) -> int:
        """Seconds that the header `Retry-After` asks for (a number or a date), 1 to a day; 0 without one."""
        text = self.headers.get("retry-after", "").strip()
        if text.isascii() and text.isdigit():
            return max(1, min(int(text[:9]), 86_400))
        try:
            return max(1, min(int(parsedate_to_datetime(text).timestamp() - now), 86_400))
        except (ValueError, OverflowError):
            return 0


@frozen
class Lost:
    """No answer. verdict: NOT_LEFT, DOUBT, or BAD_CONTENT where the request cannot even be written down (an address
    of more than 64 KiB). code: a short word for what happened."""

    verdict: Verdict
    code: str


@cache
def _certificates() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


class Line:
    """Connections to one provider.

    base: its address without a path. timeout: seconds for connecting, for each pause while writing and reading, and
    (by `now`) for all of it.
    """

    def __init__(self, base: str, timeout: float, concurrency: int, now: Callable[[], float]) -> None:
        self.base = base
        self._timeout = timeout
        self._now = now
        limits = httpx.Limits(max_connections=concurrency, max_keepalive_connections=concurrency, keepalive_expiry=IDLE)
        self._transport = httpx.HTTPTransport(verify=_certificates(), limits=limits)

    def call(self, method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> Reply | Lost:
        """Make one request to `target` (path and query, already encoded) and read the answer."""
        try:
            request = httpx.Request(
                method,
                self.base + target,
                headers={"accept-encoding": "identity", "user-agent": "wakeup", **headers},
                content=body,
                extensions={"timeout": httpx.Timeout(self._timeout).as_dict()},
            )
        except (httpx.InvalidURL, ValueError):
            return Lost(Verdict.BAD_CONTENT, "unsendable")
        try:
            return self._read(request)
        except (httpx.ConnectError, httpx.UnsupportedProtocol):
            return Lost(Verdict.NOT_LEFT, "no_connection")
        except (httpx.ConnectTimeout, httpx.PoolTimeout):
            return Lost(Verdict.NOT_LEFT, "no_connection_in_time")
        except httpx.TimeoutException:
            return Lost(Verdict.DOUBT, "no_answer_in_time")
        except (httpx.TransportError, httpx.StreamError, httpx.DecodingError):
            return Lost(Verdict.DOUBT, "connection_lost")

    def _read(self, request: httpx.Request) -> Reply | Lost:
        until = self._now() + self._timeout
        response = self._transport.handle_request(request)
        body = bytearray()
        try:
            for chunk in response.iter_raw():
                body += chunk
                if len(body) > LONGEST:
                    return Lost(Verdict.DOUBT, "answer_too_long")
                if self._now() > until:
                    return Lost(Verdict.DOUBT, "no_answer_in_time")
        finally:
            response.close()
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Reply(status=response.status_code, headers=headers, body=bytes(body))

    def close(self) -> None:
        """Give back the connections."""
        self._transport.close()

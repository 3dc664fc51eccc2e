"""Access tokens: fetched when they are needed, renewed before they end, once more when the provider says they are void.

Fetching a token comes before the message, so whatever goes wrong with it leaves the message unsent.
"""

import threading
from collections.abc import Callable
from typing import Final

from attrs import field, frozen

from wakeup.channels.http import Lost, Reply
from wakeup.channels.protocol import Report, Request, Verdict

EARLY: Final = 300
"""Seconds before its end at which a token is renewed."""


@frozen
class Granted:
    """A token and the seconds for which it holds."""

    token: str = field(repr=False)
    seconds: int


@frozen
class Failed:
    """A call that had no effect: why, and when it may be tried again."""

    verdict: Verdict
    code: str
    retry_after: int = 0


class Tokens:
    """The token that holds at present, for all threads."""

    def __init__(self, fetch: Callable[[], Granted | Failed], now: Callable[[], float]) -> None:
        self._fetch = fetch
        self._now = now
        self._lock = threading.Lock()
        self._token = ""
        self._until = 0.0

    def get(self) -> str | Failed:
        """The token; it is fetched if there is none or it is about to end. One thread fetches, the others wait."""
        with self._lock:
            if self._token and self._now() < self._until:
                return self._token
            fetched = self._fetch()
            if isinstance(fetched, Failed):
                return fetched
            self._token = fetched.token
            self._until = self._now() + max(fetched.seconds - EARLY, fetched.seconds / 2)
            return self._token

    def void(self, token: str) -> None:
        """Note that the provider does not accept this token any more."""
        with self._lock:
            if self._token == token:
                self._token = ""


class TokenLine:
    """Calls that carry a token. `call(token)` makes one; `is_void(reply)` says that the token was not accepted, which
    comes before any effect: then a new one is fetched and the call is made once more."""

    def __init__(self, tokens: Tokens, is_void: Callable[[Reply], bool]) -> None:
        self._tokens = tokens
        self._is_void = is_void

    def call(self, make: Callable[[str], Reply | Lost]) -> Reply | Lost | Failed:
        """Make a call with the token that holds."""
        reply: Reply | Lost | Failed = Failed(Verdict.POLICY, "token")
        for _ in range(2):
            token = self._tokens.get()
            if isinstance(token, Failed):
                return token
            reply = make(token)
            if not (isinstance(reply, Reply) and self._is_void(reply)):
                return reply
            self._tokens.void(token)
        return reply


def failed(request: Request, failure: Failed) -> Report:
    """The report of a message that was not sent because there was no token."""
    return Report(request.ref, failure.verdict, code=failure.code, retry_after=failure.retry_after)


def without_token(fault: Lost) -> Failed:
    """A token that could not be fetched: the message never left, whatever became of the call for the token."""
    return Failed(Verdict.NOT_LEFT, fault.code)

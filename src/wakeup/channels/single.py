"""What adapters of HTTP providers share: one message a call, words from a provider made safe, calls from it checked."""

import hmac
import json
import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from wakeup.channels.bare import Bare
from wakeup.channels.http import Line, Lost, Reply
from wakeup.channels.protocol import Capabilities, Received, Report, Request, Secret, Verdict

REF: Final = re.compile(r"[0-9a-f]{32}")
"""What an outbox key looks like: anything else in a receipt was not sent by us."""

_WORD: Final = re.compile(r"[A-Za-z0-9_.:\- ]{1,64}")
_NUMBER: Final = re.compile(r"\d{7}")
_NAME: Final = re.compile(r"[\x21-\x7e]{1,200}")


class Single(Bare, ABC):
    """An adapter that makes one call for each message. Subclasses say `deliver`, and what else they can do."""

    capabilities: Capabilities
    line: Line

    def send(self, requests: Sequence[Request]) -> Sequence[Report]:
        """Hand over each message by itself: what becomes of one is no matter of the others."""
        return [self.deliver(request) if is_text(request) else refused(request, "no_unicode") for request in requests]

    @abstractmethod
    def deliver(self, request: Request) -> Report:
        """Hand over one message."""

    def close(self) -> None:
        """Give back connections."""
        self.line.close()


def is_text(request: Request) -> bool:
    """Whether everything in a message can be written as UTF-8: half a character cannot."""
    parts = (request.address.reveal(), request.text, request.subject, request.unsubscribe, *request.fields.values())
    try:
        "".join(parts).encode()
    except UnicodeEncodeError:
        return False
    return True


def lost(request: Request, fault: Lost) -> Report:
    """The report of a call that got no answer."""
    return Report(request.ref, fault.verdict, code=fault.code)


def by_status(request: Request, reply: Reply, now: float, code: str = "") -> Report:
    """The report of an answer that says nothing but its HTTP status: 429 is a throttle, 401 and 403 are about our own
    account, 413, 414 and 431 are too long a call, everything else is in doubt (a gateway may have answered after the
    provider did the work)."""
    code = word(code) if code else f"http_{reply.status}"
    if reply.status == 429:
        return Report(request.ref, Verdict.THROTTLED, code=code, retry_after=reply.retry_after(now) or 60)
    if reply.status in (401, 403):
        return Report(request.ref, Verdict.POLICY, code=code)
    if reply.status in (413, 414, 431):
        return Report(request.ref, Verdict.BAD_CONTENT, code=code)
    return Report(request.ref, Verdict.DOUBT, code=code)


def word(value: object) -> str:
    """A provider's code if it can only be one: short, plain, and without a run of digits that may be a number of
    somebody; else "other"."""
    text = str(value) if isinstance(value, str | int) else ""
    if not text:
        return ""
    return text if _WORD.fullmatch(text) and not _NUMBER.search(text) else "other"


def name(value: object) -> str:
    """A provider's own name of a message, "" if it is none (not printable, too long, no text)."""
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return text if _NAME.fullmatch(text) else ""


def text(value: object) -> str:
    """A text of a provider's JSON, "" where it is anything else; numbers are written out."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def number(value: object) -> int | None:
    """A whole number of a provider's JSON, also where it is written as text; None where it is anything else."""
    try:
        return None if isinstance(value, bool) or not isinstance(value, int | str) else int(value)
    except ValueError:
        return None


def objects(value: object) -> list[dict[str, Any]]:
    """The objects of a JSON list; none where it is anything else."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def refused(request: Request, code: str) -> Report:
    """The report of a message that cannot be handed over as it is; nothing was called."""
    return Report(request.ref, Verdict.BAD_CONTENT, code=word(code))


def query_of(received: Received) -> dict[str, str]:
    """The query of a call's address, the first value of each name."""
    pairs = parse_qsl(urlsplit(received.url).query, keep_blank_values=True)
    return dict(reversed(pairs))


def require_token(received: Received, token: Secret) -> None:
    """Check the secret word in the address of a call, for providers that sign nothing: `?token=…`.

    Raises:
        PermissionError: it is wrong, or none is set.
    """
    if not token.reveal() or not equal(query_of(received).get("token", ""), token.reveal()):
        raise PermissionError("the word in the address of the call is wrong")


def equal(left: str, right: str) -> bool:
    """Compare in a time that does not tell how much was right."""
    return hmac.compare_digest(left.encode(), right.encode())


def rows_of(received: Received) -> list[dict[str, Any]]:
    """The JSON objects in a call's body: a list of them, or one.

    Raises:
        PermissionError: it is no such JSON.
    """
    try:
        value = json.loads(received.body)
    except (ValueError, RecursionError):
        raise PermissionError("the call's body is not JSON") from None
    rows = value if isinstance(value, list) else [value]
    if not all(isinstance(row, dict) for row in rows):
        raise PermissionError("the call's body has another form")
    return rows

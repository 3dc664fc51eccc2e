"""Adapter `webhook`: each message is a signed call to a system of your own (Standard Webhooks 1.0), and what that
system learns comes back in calls that are signed alike.

Out: `{"type": "wakeup.message", "timestamp": …, "data": {"ref": …, "address": …, "text": …}}`; the header `webhook-id`
is the ref and stays the same when the call is repeated, so that the receiver can leave out what it has done already.
In: `{"type": "wakeup.delivered", "timestamp": …, "data": {"ref": …}}`.
"""

import json
import ssl
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from attrs import frozen

from wakeup.channels.bare import Bare
from wakeup.channels.http import Lost, Reply
from wakeup.channels.pinned import STAGES, Place, Resolve, addresses, place, post, reach
from wakeup.channels.protocol import (
    Accepted,
    Answer,
    AnswerKind,
    Capabilities,
    Received,
    Report,
    Request,
    Setup,
    Verdict,
)
from wakeup.channels.setting import Setting, SettingError
from wakeup.channels.signing import SigningKeys, signing_keys
from wakeup.channels.single import REF, lost, word
from wakeup.channels.values import values_of
from wakeup.diagnostics import Say

SETTINGS: Final = (
    Setting("url", "Address that is called for every message; `https://` only.", required=True),
    Setting(
        "keys",
        "Signing keys, `whsec_` and base64 of 24 to 64 bytes; several while one is replaced.",
        required=True,
        secret=True,
        kind="list",
    ),
    Setting("receipt_keys", "Keys that calls to us are signed with, if they are others.", secret=True, kind="list"),
    Setting(
        "key_window",
        "Seconds for which the receiver remembers `webhook-id` and does the same one only once. Say it only if it is "
        "so: a call in doubt is then repeated within this time.",
        default=0,
        kind="number",
    ),
    Setting(
        "allow_hosts",
        "Hosts that may be in a private network or spoken to without encryption: machines of your own.",
        kind="list",
    ),
    Setting("ca_file", "File with the certificate of an authority of your own, from the project's folder."),
    Setting(
        "timeout",
        "Seconds for connecting, for the encryption and for the answer, each; then the call is in doubt.",
        default=10,
        kind="number",
    ),
)
MESSAGE_SETTINGS: Final = (
    Setting("data", "Values of your own that go along with this message, as they are.", kind="table"),
)

LONGEST_CALL: Final = 20_000
"""Bytes; the specification asks receivers to take no more."""
SENT_TYPE: Final = "wakeup.message"
_TYPES: Final[Mapping[str, AnswerKind]] = {
    f"wakeup.{kind}": kind
    for kind in (
        AnswerKind.DELIVERED,
        AnswerKind.FAILED,
        AnswerKind.OPENED,
        AnswerKind.CLICKED,
        AnswerKind.REPLIED,
        AnswerKind.OPTED_OUT,
        AnswerKind.COMPLAINED,
    )
}
"""What a receiver may tell about a message."""
_REFUSALS: Final[Mapping[str, Verdict]] = {
    "bad_address": Verdict.BAD_ADDRESS,
    "opted_out": Verdict.OPTED_OUT,
    "bad_content": Verdict.BAD_CONTENT,
    "no_grant": Verdict.NO_GRANT,
    "policy": Verdict.POLICY,
}
"""What may stand behind `refused` in the body of a 422."""
_WAIT: Final = 60


@frozen(eq=False)
class Wiring:
    """What a webhook channel is made of."""

    goal: Place
    keys: SigningKeys
    receipt_keys: SigningKeys
    timeout: float
    context: ssl.SSLContext
    now: Callable[[], float]
    resolve: Resolve = addresses


class WebhookChannel(Bare):
    """One call per message, each over a connection of its own."""

    def __init__(self, channel: str, wiring: Wiring, key_window: int) -> None:
        self._channel = channel
        self._wiring = wiring
        self.capabilities = Capabilities(
            key_window=key_window, receipts="push", timeout=STAGES * wiring.timeout, concurrency=8
        )

    def send(self, requests: Sequence[Request]) -> Sequence[Report]:
        """Call once for each."""
        return [self._send(each) for each in requests]

    def receive(self, received: Received) -> Accepted:
        """Read what a receiver tells.

        Raises:
            PermissionError: it is not signed with one of our keys, too old, or says nothing that we know.
        """
        now = self._wiring.now()
        event_id = self._wiring.receipt_keys.verify(received.headers, received.body, now)
        return Accepted((self._told(event_id, _object(received.body), now),))

    def check(self) -> str:
        """Connect, without a call."""
        wiring = self._wiring
        return reach(wiring.goal, wiring.timeout, wiring.context, wiring.resolve)

    def _send(self, request: Request) -> Report:
        now = self._wiring.now()
        body = _body(request, now)
        if len(body) > LONGEST_CALL:
            return Report(request.ref, Verdict.BAD_CONTENT, code="too_long")
        headers = {
            "content-type": "application/json",
            "user-agent": "wakeup",
            **self._wiring.keys.headers(request.ref, int(now), body),
        }
        told = post(self._wiring.goal, headers, body, self._wiring.timeout, self._wiring.context, self._wiring.resolve)
        return lost(request, told) if isinstance(told, Lost) else _report(request.ref, told, now)

    def _told(self, event_id: str, event: Mapping[str, Any], now: float) -> Answer:
        kind, data = _TYPES.get(str(event.get("type"))), event.get("data")
        ref = str(data.get("ref")) if isinstance(data, Mapping) else ""
        t = _instant(event.get("timestamp"))
        if kind is None or not isinstance(data, Mapping) or not REF.fullmatch(ref) or t is None:
            raise PermissionError("form")
        code = word(data.get("code", ""))
        source = f"webhook:{self._channel}"
        return Answer(source, event_id, kind, min(t, int(now)), ref=ref, channel=self._channel, code_of=code)


def open_webhook(setup: Setup) -> WebhookChannel:
    """Open it.

    Raises:
        SettingError: a setting is missing or cannot be.
    """
    given = values_of(SETTINGS, setup.settings)
    keys = _keys("keys", given)
    wiring = Wiring(
        goal=place("url", str(given["url"]), given["allow_hosts"]),
        keys=keys,
        receipt_keys=_keys("receipt_keys", given) if given["receipt_keys"] else keys,
        timeout=float(given["timeout"]),
        context=_context(str(given["ca_file"]), setup.folder),
        now=setup.now,
    )
    return WebhookChannel(setup.channel, wiring, int(given["key_window"]))


def _keys(name: str, given: Mapping[str, Any]) -> SigningKeys:
    try:
        return signing_keys(given[name])
    except ValueError:
        raise SettingError(name, Say("a key is `whsec_` and base64 of 24 to 64 bytes")) from None


def _context(file: str, folder: str) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=str(Path(folder) / file) if file else None)
    except (OSError, ssl.SSLError):
        raise SettingError("ca_file", Say("it holds no certificate")) from None


def _body(request: Request, now: float) -> bytes:
    data = {
        "ref": request.ref,
        "attempt": request.attempt,
        "campaign": request.campaign,
        "message": request.message,
        "address": request.address.reveal(),
        "subject": request.subject,
        "text": request.text,
        "fields": dict(request.fields),
        "offers": [
            {"incentive": each.incentive, "code": each.code, "end": _stamp(each.end)} for each in request.offers
        ],
        "unsubscribe": request.unsubscribe,
        "deadline": _stamp(request.deadline) if request.deadline else None,
        "test": request.test,
        "data": request.settings.get("data", {}),
    }
    event = {"type": SENT_TYPE, "timestamp": _stamp(int(now)), "data": data}
    return json.dumps(event, separators=(",", ":"), default=str).encode()


def _report(ref: str, told: Reply, now: float) -> Report:
    """What a status means. A receiver that has not refused may have done it: everything unclear is in doubt."""
    status, code = told.status, f"http_{told.status}"
    if 200 <= status < 300:
        return Report(ref, Verdict.ACCEPTED, provider_id=ref)
    if status in (429, 425):
        return Report(ref, Verdict.THROTTLED, code=code, retry_after=told.retry_after(now) or _WAIT)
    if status == 422:
        refused = str(told.json().get("refused", ""))
        return Report(ref, _REFUSALS.get(refused, Verdict.BAD_CONTENT), code=code)
    if status in (400, 413, 415):
        return Report(ref, Verdict.BAD_CONTENT, code=code)
    if 300 <= status < 400 or status in (401, 403, 404, 405, 410):
        return Report(ref, Verdict.POLICY, code=code)
    return Report(ref, Verdict.DOUBT, code=code)


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise PermissionError("form")
    return value


def _stamp(instant: int) -> str:
    return f"{datetime.fromtimestamp(instant, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _instant(written: object) -> int | None:
    try:
        at = datetime.fromisoformat(str(written))
        return int(at.timestamp()) if at.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None

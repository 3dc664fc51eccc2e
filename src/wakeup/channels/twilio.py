"""Twilio text messages: our reference travels in the address of the receipt, sends in doubt are asked for in the list.

Interface 2010-04-01 (`Messages.json`, fields as in twilio 9.13.0; error codes as at twilio.com/docs/api/errors, read in
November 2026). Twilio promises nothing about repeated calls, and says itself that a call repeated after an error 500
may send twice. The list of messages to a number shows text and time of each: there a send in doubt is found.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Iterator, Mapping, Sequence
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import parse_qs, quote, urlencode, urlsplit, urlunsplit

from wakeup.channels.http import Line, Lost, Reply
from wakeup.channels.protocol import (
    Accepted,
    Answer,
    AnswerKind,
    Capabilities,
    Found,
    Received,
    Report,
    Request,
    Secret,
    Setup,
    Verdict,
)
from wakeup.channels.setting import TIMEOUT, Setting, SettingError
from wakeup.channels.single import (
    REF,
    Single,
    by_status,
    equal,
    lost,
    name,
    number,
    objects,
    query_of,
    refused,
    text,
    word,
)
from wakeup.channels.values import endpoint, values_of
from wakeup.diagnostics import Say

SETTINGS: Final = (
    Setting("account_sid", "Account SID (AC…).", required=True),
    Setting(
        "auth_token", "Its auth token; it also signs the calls that Twilio makes to us.", required=True, secret=True
    ),
    Setting("from", "Number or sender ID that messages come from; or a messaging service."),
    Setting("messaging_service_sid", "Messaging service (MG…) that chooses the sender; or a number."),
    Setting("callback", "Public https address of this channel's receipts, as Twilio shall call it."),
    Setting("shared_key", "Key of calls signed with SHA-256, where the account uses one.", secret=True),
    Setting("grace", "Seconds after which a message must show up in the list.", default=120, kind="number"),
    TIMEOUT,
    Setting("endpoint", "Address of the interface.", default="https://api.twilio.com"),
)

MESSAGE_SETTINGS: Final[tuple[Setting, ...]] = ()

VERDICTS: Final = {
    21211: Verdict.BAD_ADDRESS,
    21217: Verdict.BAD_ADDRESS,
    21612: Verdict.BAD_ADDRESS,
    21614: Verdict.BAD_ADDRESS,
    21610: Verdict.OPTED_OUT,
    21602: Verdict.BAD_CONTENT,
    21617: Verdict.BAD_CONTENT,
    20429: Verdict.THROTTLED,
    21611: Verdict.THROTTLED,
    14107: Verdict.THROTTLED,
    63038: Verdict.THROTTLED,
    20003: Verdict.POLICY,
    20005: Verdict.POLICY,
    20404: Verdict.POLICY,
    21212: Verdict.POLICY,
    21408: Verdict.POLICY,
    21603: Verdict.POLICY,
    21606: Verdict.POLICY,
    21703: Verdict.POLICY,
}
"""What the provider's codes mean; another code with HTTP 400 refuses this message, anything else leaves it in doubt."""

STOP_WORDS: Final = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"})
"""Replies after which Twilio itself sends no more to a number."""

_KINDS: Final = {
    "delivered": AnswerKind.DELIVERED,
    "undelivered": AnswerKind.FAILED,
    "failed": AnswerKind.FAILED,
    "read": AnswerKind.OPENED,
}
_HASHES: Final[Mapping[str, Callable[..., Any]]] = {"HMAC_SHA1": hashlib.sha1, "HMAC_SHA256": hashlib.sha256}
_EARLIER: Final = 60
_PAGES: Final = 20


class Twilio(Single):
    """The open adapter."""

    def __init__(self, setup: Setup) -> None:
        values = values_of(SETTINGS, setup.settings)
        self._sender = _sender(values)
        self._callback: str = values["callback"] and endpoint("callback", values["callback"])
        self.capabilities = Capabilities(
            address="phone",
            look_up=True,
            grace=int(values["grace"]),
            receipts="push" if self._callback else "none",
            timeout=float(values["timeout"]),
        )
        self._channel = setup.channel
        self._now: Callable[[], float] = setup.now
        self._token: Secret = values["auth_token"]
        self._shared: Secret = values["shared_key"]
        self._path = f"/2010-04-01/Accounts/{quote(values['account_sid'], safe='')}"
        login = f"{values['account_sid']}:{self._token.reveal()}"
        self._login = Secret(f"Basic {base64.b64encode(login.encode()).decode()}")
        base = endpoint("endpoint", values["endpoint"])
        self.line = Line(base, self.capabilities.timeout, self.capabilities.concurrency, setup.now)

    def deliver(self, request: Request) -> Report:
        """Send one message to one number. Twilio gives it up itself when nobody wants it any more."""
        if not request.text:
            return refused(request, "no text")
        form = {"To": request.address.reveal(), "Body": request.text, **self._sender}
        if self._callback:
            form["StatusCallback"] = f"{self._callback}?ref={request.ref}"
        left = int(request.deadline - self._now()) if request.deadline else 0
        if left > 0:
            form["ValidityPeriod"] = str(min(left, 36_000))
        reply = self._call("POST", f"{self._path}/Messages.json", urlencode(form).encode())
        return lost(request, reply) if isinstance(reply, Lost) else self._report(request, reply)

    def _report(self, request: Request, reply: Reply) -> Report:
        said = reply.json()
        sid = name(said.get("sid"))
        if reply.status in (200, 201) and sid:
            code = number(said.get("error_code"))
            verdict = VERDICTS.get(code) if code is not None and said.get("status") == "failed" else None
            return Report(request.ref, verdict or Verdict.ACCEPTED, sid, word(said.get("status")))
        code = number(said.get("code"))
        if code is None or reply.status >= 500:
            return by_status(request, reply, self._now(), text(said.get("code")))
        verdict = VERDICTS.get(code, Verdict.BAD_CONTENT if reply.status == 400 else None)
        if verdict is None:
            return by_status(request, reply, self._now(), str(code))
        after = reply.retry_after(self._now()) or 60 if verdict is Verdict.THROTTLED else 0
        return Report(request.ref, verdict, code=word(str(code)), retry_after=after)

    def look_up(self, requests: Sequence[Request]) -> Sequence[Found]:
        """Ask for a message to the number with this text, made since the first attempt."""
        return [self._found(request) for request in requests]

    def _found(self, request: Request) -> Found:
        since = (request.first_attempt or self._now() - 86_400) - _EARLIER
        certain = bool(request.first_attempt)
        try:
            for row in self._made_since(request.address.reveal(), since):
                if not text(row.get("direction")).startswith("outbound"):
                    continue
                theirs = _letters(text(row.get("body")))
                if theirs and theirs.endswith(_letters(request.text)):
                    delivered = row.get("status") in ("delivered", "read")
                    return Found(request.ref, True, name(row.get("sid")), delivered)
                certain = certain and bool(theirs)  # a message without its text may be this one
        except _UnansweredError:
            certain = False
        return Found(request.ref, False if certain else None)

    def _made_since(self, phone: str, since: float) -> Iterator[dict[str, Any]]:
        """Messages to a number, the newest first. They are not asked for by the day on which they were sent: one that
        still waits at Twilio has none."""
        target = f"{self._path}/Messages.json?{urlencode({'To': phone, 'PageSize': '100'})}"
        for _ in range(_PAGES):
            reply = self._call("GET", target)
            said = reply.json() if isinstance(reply, Reply) and reply.status == 200 else {}
            if not isinstance(said.get("messages"), list):
                raise _UnansweredError
            for row in objects(said["messages"]):
                made = _instant(text(row.get("date_created")))
                if made is None:
                    raise _UnansweredError
                if made < since:
                    return
                yield row
            target = text(said.get("next_page_uri"))
            if not target:
                return
            if not target.startswith(f"{self._path}/Messages.json?"):
                break
        raise _UnansweredError

    def receive(self, received: Received) -> Accepted:
        """Read receipts and replies; both are signed over the address that was called and the form."""
        form = parse_qs(received.body.decode(errors="replace"), keep_blank_values=True)
        self._check_signature(received, form)
        fields = {key: values[0] for key, values in form.items()}
        answers = self._receipt(received, fields) if "MessageStatus" in fields else self._reply(fields)
        return Accepted(tuple(answers), b"<Response/>", "text/xml")

    def _check_signature(self, received: Received, form: Mapping[str, list[str]]) -> None:
        settings = received.headers.get("x-twilio-webhooks-signature-settings", "")
        parts = dict(part.strip().partition("=")[::2] for part in settings.split(","))
        algorithm = parts.get("algorithm") or "HMAC_SHA1"
        key = self._shared if algorithm == "HMAC_SHA256" else self._token
        query = urlsplit(received.url).query
        if not self._callback or not key.reveal() or algorithm not in _HASHES:
            raise PermissionError("calls of Twilio cannot be checked")
        given = received.headers.get("x-twilio-signature", "")
        called = f"{self._callback}?{query}" if query else self._callback
        if not any(equal(signature(key, each, form, algorithm), given) for each in _spellings(called)):
            raise PermissionError("the signature of the call is wrong")

    def _receipt(self, received: Received, fields: Mapping[str, str]) -> Iterator[Answer]:
        ref, status, sid = query_of(received).get("ref", ""), fields["MessageStatus"], name(fields.get("MessageSid"))
        kind = _KINDS.get(status)
        if kind is None or not REF.fullmatch(ref):
            return
        code = word(fields.get("ErrorCode", "")) if kind is AnswerKind.FAILED else ""
        now = int(self._now())
        yield Answer(
            self._channel, f"{sid}:{status}", kind, now, ref=ref, channel=self._channel, provider_id=sid, code_of=code
        )
        if code == "21610":
            yield Answer(self._channel, f"{sid}:out", AnswerKind.OPTED_OUT, now, ref=ref, channel=self._channel)

    def _reply(self, fields: Mapping[str, str]) -> Iterator[Answer]:
        sid, phone = name(fields.get("MessageSid")), fields.get("From", "")
        if sid and phone:
            said = fields.get("Body", "").strip().casefold()
            stopped = fields.get("OptOutType") == "STOP" or said in STOP_WORDS
            kind = AnswerKind.OPTED_OUT if stopped else AnswerKind.REPLIED
            yield Answer(self._channel, f"{sid}:in", kind, int(self._now()), channel=self._channel, address=phone)

    def check(self) -> str:
        """Read the account."""
        reply = self._call("GET", f"{self._path}.json")
        if isinstance(reply, Lost):
            return reply.code
        return "" if reply.status == 200 else word(text(reply.json().get("code"))) or f"http_{reply.status}"

    def _call(self, method: str, target: str, body: bytes = b"") -> Reply | Lost:
        headers = {"authorization": self._login.reveal(), "accept": "application/json"}
        if body:
            headers["content-type"] = "application/x-www-form-urlencoded"
        return self.line.call(method, target, headers, body)


class _UnansweredError(Exception):
    """The list could not be read to its end."""


def signature(key: Secret, called: str, form: Mapping[str, list[str]], algorithm: str = "HMAC_SHA1") -> str:
    """The signature of a call that Twilio makes: over the address and, sorted, every name with every value."""
    signed = called + "".join(f"{field}{value}" for field in sorted(form) for value in sorted(set(form[field])))
    digest = hmac.new(key.reveal().encode(), signed.encode(), _HASHES[algorithm]).digest()
    return base64.b64encode(digest).decode()


def _spellings(called: str) -> Iterator[str]:
    """The address with and without its port: Twilio signs either."""
    parts = urlsplit(called)
    host = parts.netloc.rpartition(":")[0] if parts.port else parts.netloc
    port = parts.port or (443 if parts.scheme == "https" else 80)
    yield urlunsplit(parts._replace(netloc=host))
    yield urlunsplit(parts._replace(netloc=f"{host}:{port}"))


def _sender(values: Mapping[str, Any]) -> dict[str, str]:
    service, phone = values["messaging_service_sid"], values["from"]
    if bool(service) == bool(phone):
        raise SettingError("from", Say("either this or `{other}` is wanted", other="messaging_service_sid"))
    return {"MessagingServiceSid": service} if service else {"From": phone}


def _letters(text: str) -> str:
    """Letters and digits only: Twilio may replace quotation marks and dashes by plainer ones."""
    return "".join(letter for letter in text.casefold() if letter.isalnum()) or text.strip()


def _instant(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, OverflowError):
        return None


def open_twilio(setup: Setup) -> Twilio:
    """Open it."""
    return Twilio(setup)

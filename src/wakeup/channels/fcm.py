"""Push to apps through Firebase Cloud Messaging, HTTP v1.

`POST /v1/projects/…/messages:send` with an OAuth token for a service account (RFC 7523: a JWT signed with RS256 is
exchanged for it); error codes as in firebase-admin 7.7 and at firebase.google.com/docs/cloud-messaging (November 2026).
Firebase promises nothing about repeated calls and nothing can be asked for. Messages carry our reference as `tag`
(Android) and `apns-collapse-id` (iOS): on a telephone a repeated one takes the place of the first.
"""

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import quote, urlencode

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from wakeup.channels.http import Line, Lost, Reply
from wakeup.channels.protocol import Capabilities, Report, Request, Secret, Setup, Verdict
from wakeup.channels.setting import TIMEOUT, Setting, SettingError
from wakeup.channels.single import (
    Single,
    by_status,
    lost,
    name,
    number,
    objects,
    text,
    word,
)
from wakeup.channels.token import Failed, Granted, TokenLine, Tokens, failed, without_token
from wakeup.channels.values import endpoint, values_of
from wakeup.diagnostics import Say

SETTINGS: Final = (
    Setting("service_account", "The key file (JSON) of the service account.", required=True, secret=True),
    TIMEOUT,
    Setting("endpoint", "Address of the interface.", default="https://fcm.googleapis.com"),
    Setting("token_endpoint", "Address that gives tokens.", default="https://oauth2.googleapis.com"),
)

MESSAGE_SETTINGS: Final[tuple[Setting, ...]] = ()

VERDICTS: Final = {
    "UNREGISTERED": Verdict.BAD_ADDRESS,
    "SENDER_ID_MISMATCH": Verdict.BAD_ADDRESS,
    "QUOTA_EXCEEDED": Verdict.THROTTLED,
    "RESOURCE_EXHAUSTED": Verdict.THROTTLED,
    "INVALID_ARGUMENT": Verdict.BAD_CONTENT,
    "THIRD_PARTY_AUTH_ERROR": Verdict.POLICY,
    "PERMISSION_DENIED": Verdict.POLICY,
    "UNAUTHENTICATED": Verdict.POLICY,
    "NOT_FOUND": Verdict.POLICY,
}
"""What the provider's codes mean; INTERNAL, UNAVAILABLE and codes that are not here leave the send in doubt."""

SCOPE: Final = "https://www.googleapis.com/auth/firebase.messaging"
AUDIENCE: Final = "https://oauth2.googleapis.com/token"
_LIFE: Final = 3600


class Fcm(Single):
    """The open adapter."""

    def __init__(self, setup: Setup) -> None:
        values = values_of(SETTINGS, setup.settings)
        self.capabilities = Capabilities(address="token", timeout=float(values["timeout"]))
        self._now: Callable[[], float] = setup.now
        self._email, project, self._key = _account(values["service_account"])
        self._target = f"/v1/projects/{quote(project, safe='')}/messages:send"
        timeout, concurrency = self.capabilities.timeout, self.capabilities.concurrency
        self.line = Line(endpoint("endpoint", values["endpoint"]), timeout, concurrency, setup.now)
        self.token_line = Line(endpoint("token_endpoint", values["token_endpoint"]), timeout, 1, setup.now)
        self._tokens = Tokens(self._fetch, setup.now)
        self._calls = TokenLine(self._tokens, _void)

    def _fetch(self) -> Granted | Failed:
        form = {
            "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
            "assertion": assertion(self._email, self._key, int(self._now())),
        }
        headers = {"content-type": "application/x-www-form-urlencoded"}
        reply = self.token_line.call("POST", "/token", headers, urlencode(form).encode())
        if isinstance(reply, Lost):
            return without_token(reply)
        said = reply.json()
        token, seconds = text(said.get("access_token")), number(said.get("expires_in"))
        if reply.status == 200 and token and seconds and token.isascii() and token.isprintable():
            return Granted(token, seconds)
        verdict = Verdict.POLICY if reply.status in (400, 401, 403) else Verdict.NOT_LEFT
        return Failed(verdict, word(said.get("error")) or f"http_{reply.status}")

    def deliver(self, request: Request) -> Report:
        """Send one message to one installed app."""
        message: dict[str, Any] = {
            "token": request.address.reveal(),
            "notification": {"body": request.text, **({"title": request.subject} if request.subject else {})},
            "data": {**request.fields, "wakeup_ref": request.ref},
            "android": {"notification": {"tag": request.ref}},
            "apns": {"headers": {"apns-collapse-id": request.ref}},
        }
        if request.deadline:
            message["android"]["ttl"] = f"{max(0, int(request.deadline - self._now()))}s"
            message["apns"]["headers"]["apns-expiration"] = str(request.deadline)
        body = json.dumps({"message": message}, ensure_ascii=False).encode()
        reply = self._calls.call(lambda token: self.line.call("POST", self._target, _headers(token), body))
        match reply:
            case Lost():
                return lost(request, reply)
            case Failed():
                return failed(request, reply)
        return self._report(request, reply)

    def _report(self, request: Request, reply: Reply) -> Report:
        said = reply.json()
        message_id = name(said.get("name"))
        if reply.status == 200 and message_id:
            return Report(request.ref, Verdict.ACCEPTED, message_id, "200")
        code, about_token = _error(said)
        verdict = Verdict.BAD_ADDRESS if about_token else VERDICTS.get(code)
        if verdict is None or reply.status == 200 or reply.status >= 500:
            return by_status(request, reply, self._now(), code)
        after = reply.retry_after(self._now()) or 60 if verdict is Verdict.THROTTLED else 0
        return Report(request.ref, verdict, code=word(code), retry_after=after)

    def check(self) -> str:
        """Fetch a token."""
        token = self._tokens.get()
        return token.code if isinstance(token, Failed) else ""

    def close(self) -> None:
        """Give back connections."""
        self.token_line.close()
        super().close()


def assertion(email: str, key: rsa.RSAPrivateKey, now: int) -> str:
    """A JWT (RS256) by which a service account asks for a token."""
    claims = {"iss": email, "scope": SCOPE, "aud": AUDIENCE, "iat": now, "exp": now + _LIFE}
    parts = ".".join(_base64(json.dumps(part).encode()) for part in ({"alg": "RS256", "typ": "JWT"}, claims))
    return f"{parts}.{_base64(key.sign(parts.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _headers(token: str) -> Mapping[str, str]:
    return {"authorization": f"Bearer {token}", "content-type": "application/json; charset=utf-8"}


def _void(reply: Reply) -> bool:
    return reply.status == 401 and _error(reply.json())[0] != "THIRD_PARTY_AUTH_ERROR"


def _error(said: Mapping[str, Any]) -> tuple[str, bool]:
    """The code of an error, and whether it is about the token of the app."""
    error = said.get("error")
    if not isinstance(error, dict):
        return "", False
    details = objects(error.get("details"))
    codes = [text(detail.get("errorCode")) for detail in details]
    code = next((each for each in codes if each), text(error.get("status")))
    fields = [text(each.get("field")) for detail in details for each in objects(detail.get("fieldViolations"))]
    return code, code == "INVALID_ARGUMENT" and "message.token" in fields


def _account(written: Secret) -> tuple[str, str, rsa.RSAPrivateKey]:
    """E-mail, project and key of a service account.

    Raises:
        SettingError: it is no key file of one.
    """
    wrong = SettingError("service_account", Say("it is no key file of a service account"))
    try:
        file = json.loads(written.reveal())
        key = load_pem_private_key(file["private_key"].encode(), password=None)
        email, project = file["client_email"], file["project_id"]
    except (ValueError, KeyError, TypeError, AttributeError, UnsupportedAlgorithm):
        raise wrong from None
    if not (isinstance(key, rsa.RSAPrivateKey) and isinstance(email, str) and isinstance(project, str)):
        raise wrong
    return email, project, key


def open_fcm(setup: Setup) -> Fcm:
    """Open it."""
    return Fcm(setup)

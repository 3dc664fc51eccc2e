"""Firebase on this machine: the token endpoint (RFC 7523) and `messages:send` of HTTP v1, errors as
google.rpc.Status with fcm.v1.FcmError."""

import base64
import json
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from tests.channels.providers.local import Call, Delivery, Local, Reaction, RefusedCallError

EMAIL, PROJECT = "wakeup@shop-123.iam.gserviceaccount.com", "shop-123"
CODES = {
    "INVALID_ARGUMENT": 400,
    "UNREGISTERED": 404,
    "SENDER_ID_MISMATCH": 403,
    "PERMISSION_DENIED": 403,
    "THIRD_PARTY_AUTH_ERROR": 401,
    "UNAUTHENTICATED": 401,
    "QUOTA_EXCEEDED": 429,
    "UNAVAILABLE": 503,
    "INTERNAL": 500,
}


@cache
def key() -> rsa.RSAPrivateKey:
    """The key of the service account, another in every run."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def service_account() -> str:
    """The key file."""
    pem = key().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return json.dumps(
        {"type": "service_account", "project_id": PROJECT, "client_email": EMAIL, "private_key": pem.decode()}
    )


class FcmServer(Local):
    """Gives tokens for a good assertion, and sends to app tokens that begin with "app-"."""

    def __init__(self) -> None:
        super().__init__()
        self.tokens: dict[str, float] = {}
        self.granted = 0

    def sends(self, call: Call) -> bool:
        return call.path.endswith("messages:send")

    def refusal(self, code: str) -> Reaction:
        return error(code)

    def handle(self, call: Call) -> Reaction:
        if call.path == "/token":
            return self._grant(dict(parse_qsl(call.body.decode())))
        token = call.headers.get("authorization", "").removeprefix("Bearer ")
        if self.tokens.get(token, 0) <= self.clock.at:
            raise RefusedCallError(error("UNAUTHENTICATED"))
        if call.path != f"/v1/projects/{PROJECT}/messages:send":
            return error("PERMISSION_DENIED")
        message = json.loads(call.body)["message"]
        if len(call.body) > 4096 + 1024:
            return error("INVALID_ARGUMENT", field="message")
        if not message["token"].startswith("app-"):
            return error("INVALID_ARGUMENT", field="message.token")
        self.truth.append(Delivery(message["data"]["wakeup_ref"], message["token"], message["notification"]["body"]))
        name = f"projects/{PROJECT}/messages/0:1500415314455276%31bd1c96{len(self.truth):08d}"
        return Reaction(200, json.dumps({"name": name}).encode())

    def void(self) -> None:
        """All tokens end now."""
        self.tokens.clear()

    def _grant(self, form: dict[str, str]) -> Reaction:
        parts = form.get("assertion", "").split(".")
        wrong = Reaction(400, b'{"error": "invalid_grant", "error_description": "Invalid JWT Signature."}')
        if form.get("grant_type") != "urn:ietf:params:oauth:grant-type:jwt-bearer" or len(parts) != 3:
            return wrong
        try:
            signed = f"{parts[0]}.{parts[1]}".encode()
            key().public_key().verify(_decoded(parts[2]), signed, padding.PKCS1v15(), hashes.SHA256())
        except (InvalidSignature, ValueError):
            return wrong
        claims = json.loads(_decoded(parts[1]))
        fits = claims["iss"] == EMAIL and claims["aud"] == "https://oauth2.googleapis.com/token"
        if not fits or not claims["iat"] - 300 <= self.clock.at <= claims["exp"] <= claims["iat"] + 3600:
            return wrong
        self.granted += 1
        token = f"ya29.TOKEN-{self.granted}"
        self.tokens[token] = self.clock.at + 3600
        return Reaction(200, json.dumps({"access_token": token, "expires_in": 3599, "token_type": "Bearer"}).encode())


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def error(code: str, field: str = "") -> Reaction:
    status = CODES.get(code, 400)
    details: list[dict[str, Any]] = [
        {"@type": "type.googleapis.com/google.firebase.fcm.v1.FcmError", "errorCode": code}
    ]
    if field:
        violation = {"field": field, "description": "Invalid registration token"}
        details.append({"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [violation]})
    body = {"error": {"code": status, "message": "refused", "status": code, "details": details}}
    headers = {"retry-after": "17"} if status == 429 else {}
    return Reaction(status, json.dumps(body).encode(), headers)

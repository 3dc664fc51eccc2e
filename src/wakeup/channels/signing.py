"""Signatures by the Standard Webhooks specification 1.0 (standardwebhooks.com, read in November 2026): of calls that we
make and of calls that are made to us.

Signed is `id.timestamp.body` with HMAC-SHA256. A key is written `whsec_` and base64 of 24 to 64 bytes. Several keys may
hold at a time, so that one can be replaced: all of them sign, and any of them may have signed.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Final

from attrs import frozen

from wakeup.channels.protocol import Secret

ID: Final = "webhook-id"
TIMESTAMP: Final = "webhook-timestamp"
SIGNATURE: Final = "webhook-signature"
TOLERANCE: Final = 300
"""A call that is older or newer by more seconds than this is refused."""

_PREFIX: Final = "whsec_"
_SHORTEST, _LONGEST = 24, 64
_LONGEST_HEADER: Final = 4_096


@frozen(repr=False)
class SigningKeys:
    """Keys that hold at present, the newest first."""

    keys: tuple[bytes, ...]

    def __repr__(self) -> str:
        return f"SigningKeys({len(self.keys)})"

    def sign(self, event_id: str, at: int, body: bytes) -> str:
        """Return the signature header of a call: one `v1` signature per key."""
        return " ".join(f"v1,{base64.b64encode(each).decode()}" for each in self._signatures(event_id, at, body))

    def headers(self, event_id: str, at: int, body: bytes) -> dict[str, str]:
        """Return the three headers of a call made at an instant (seconds UTC)."""
        return {ID: event_id, TIMESTAMP: str(at), SIGNATURE: self.sign(event_id, at, body)}

    def verify(self, headers: Mapping[str, str], body: bytes, now: float) -> str:
        """Return the id of a call that was signed with one of the keys within `TOLERANCE` of now.

        headers: names in lower case.

        Raises:
            PermissionError: a header is missing or malformed, the time is too far off, no signature fits.
        """
        event_id, told = headers.get(ID, ""), headers.get(TIMESTAMP, "")
        if not event_id or len(event_id) > _LONGEST_HEADER or not event_id.isascii() or not event_id.isprintable():
            raise PermissionError("no id")
        if not (told.isascii() and told.isdigit() and len(told) <= 12) or abs(now - int(told)) > TOLERANCE:
            raise PermissionError("time")
        given = headers.get(SIGNATURE, "")
        if len(given) > _LONGEST_HEADER:
            raise PermissionError("signature")
        wanted = self._signatures(event_id, int(told), body)
        # Every pair is compared in constant time, whether or not one before it fitted.
        fits = [hmac.compare_digest(mine, theirs) for theirs in _given(given) for mine in wanted]
        if not any(fits):
            raise PermissionError("signature")
        return event_id

    def _signatures(self, event_id: str, at: int, body: bytes) -> list[bytes]:
        content = f"{event_id}.{at}.".encode() + body
        return [hmac.new(key, content, hashlib.sha256).digest() for key in self.keys]


def signing_keys(written: Sequence[Secret]) -> SigningKeys:
    """Return keys as they are written, `whsec_…`.

    Raises:
        ValueError: there is none, or one is no base64 of 24 to 64 bytes; the message never shows it.
    """
    keys = []
    for each in written:
        try:
            key = base64.b64decode(each.reveal().strip().removeprefix(_PREFIX), validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if not _SHORTEST <= len(key) <= _LONGEST:
            raise ValueError(f"a signing key is `{_PREFIX}` and base64 of {_SHORTEST} to {_LONGEST} bytes")
        keys.append(key)
    if not keys:
        raise ValueError("there is no signing key")
    return SigningKeys(tuple(keys))


def _given(header: str) -> list[bytes]:
    """The `v1` signatures of a header; what else stands there belongs to other versions."""
    found = []
    for part in header.split(" "):
        version, _, signature = part.partition(",")
        if version == "v1":
            try:
                found.append(base64.b64decode(signature, validate=True))
            except (binascii.Error, ValueError):
                continue
    return found

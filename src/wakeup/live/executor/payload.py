"""The request of a send as it is kept: whole, sealed, the same bytes for every attempt."""

import hashlib
import json
from typing import Any, Final

from attrs import evolve
from attrs import fields as fields_of

from wakeup.channels.protocol import Offered, Request, Secret
from wakeup.live.rows import Outgoing
from wakeup.live.seal import Keys

_PLAIN: Final = tuple(
    each.name
    for each in fields_of(Request)
    if each.name not in {"attempt", "first_attempt", "address", "fields", "settings", "offers"}
)
_OFFERED: Final = tuple(each.name for each in fields_of(Offered))
_encode: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def packed(request: Request) -> bytes:
    """Return the bytes of a request: JSON with its keys in order. Which attempt it is, is none of its content."""
    fields = {name: getattr(request, name) for name in _PLAIN}
    fields["address"] = request.address.reveal()
    fields["fields"] = dict(request.fields)
    fields["settings"] = {name: _hidden(value) for name, value in request.settings.items()}
    fields["offers"] = [[getattr(each, name) for name in _OFFERED] for each in request.offers]
    return _encode(fields).encode()


def unpacked(data: bytes, attempt: int) -> Request:
    """Return the request that was packed, for its n-th attempt."""
    fields: dict[str, Any] = json.loads(data)
    fields["address"] = Secret(fields["address"])
    fields["offers"] = tuple(Offered(*each) for each in fields["offers"])
    fields["settings"] = {name: _shown(value) for name, value in fields["settings"].items()}
    return Request(**{**fields, "attempt": attempt})


def seal(send: Outgoing, request: Request, keys: Keys) -> None:
    """Give the send its request, sealed, and the fingerprint of what is in it."""
    data = packed(request)
    send.payload, send.fingerprint = keys.seal(_place(send), data), hashlib.sha256(data).hexdigest()


def opened(send: Outgoing, keys: Keys) -> Request:
    """Return the request of a send, with the instant of its first attempt (look-ups ask from then on).

    Raises:
        UnsealableError: it was changed, belongs to another send, or the key is missing.
    """
    request = unpacked(keys.open(_place(send), send.payload), send.attempt)
    return evolve(request, first_attempt=send.first_attempt)


def _place(send: Outgoing) -> str:
    return f"payload:{send.ref}"


def _hidden(value: object) -> object:
    return {"secret": value.reveal()} if isinstance(value, Secret) else value


def _shown(value: object) -> object:
    if isinstance(value, dict) and set(value) == {"secret"}:
        return Secret(value["secret"])
    return value

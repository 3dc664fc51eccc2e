"""Calls that WeChat makes: checked, decrypted, read without document types or entities.

Every call carries a SHA-1 over our token, its time and a nonce, which says nothing of its body. In safe mode (安全模式)
the body is encrypted with a key of ours (AES-256-CBC) and a second SHA-1 covers it: with a key set, only that is
believed. Documented at developers.weixin.qq.com/doc/oplatform, "消息加解密"; read in November 2026 in stored copies.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from typing import Any, Final
from xml.parsers import expat

from attrs import define, field
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from wakeup.channels.protocol import Received, Secret
from wakeup.channels.setting import Setting, SettingError
from wakeup.channels.single import equal, query_of, text
from wakeup.diagnostics import Say

EVENT_SETTINGS: Final = (
    Setting("event_token", "Token (令牌) set for the address to which WeChat sends events.", secret=True),
    Setting("event_aes_key", "EncodingAESKey of that address; set it: without it bodies are not signed.", secret=True),
)

TOLERANCE: Final = 300
"""Seconds by which the time of a call may differ from ours."""

_BLOCK: Final = 32
_DEEPEST: Final = 8


@define(repr=False)
class Door:
    """Where events of one account come in. app_id: the account that they must be for."""

    app_id: str
    token: Secret
    key: bytes
    now: Callable[[], float]

    def echo(self, received: Received) -> bytes | None:
        """What to answer when WeChat only tries the address; None if this is no try.

        Raises:
            PermissionError: the signature or the time is wrong.
        """
        query = query_of(received)
        if received.method != "GET":
            return None
        self._check(query, "signature")
        return query.get("echostr", "").encode()

    def event(self, received: Received) -> Mapping[str, Any]:
        """The event in a call.

        Raises:
            PermissionError: the signature, the time, the encryption or the form is wrong.
        """
        query, outer = query_of(received), _parsed(received.body)
        if not self.key:
            self._check(query, "signature")
            return outer
        sealed = text(outer.get("Encrypt"))
        self._check(query, "msg_signature", sealed)
        return _parsed(opened(self.key, sealed, self.app_id))

    def _check(self, query: Mapping[str, str], which: str, *more: str) -> None:
        at, nonce = query.get("timestamp", ""), query.get("nonce", "")
        if not self.token.reveal() or not at.isascii() or not at.isdigit() or len(at) > 12:
            raise PermissionError("the call cannot be checked")
        if abs(self.now() - int(at)) > TOLERANCE:
            raise PermissionError("the call is too old")
        if not equal(query.get(which, ""), signature(self.token, at, nonce, *more)):
            raise PermissionError("the signature of the call is wrong")


def door(app_id: str, values: Mapping[str, Any], now: Callable[[], float]) -> Door:
    """The door that the settings describe.

    Raises:
        SettingError: the key is no EncodingAESKey.
    """
    written: Secret = values["event_aes_key"]
    try:
        key = base64.b64decode(f"{written.reveal()}=", validate=True) if written.reveal() else b""
    except (binascii.Error, ValueError):
        key = b"?"
    if len(key) not in (0, 32):
        raise SettingError("event_aes_key", Say("it has another form"))
    return Door(app_id, values["event_token"], key, now)


def signature(token: Secret, *parts: str) -> str:
    """SHA-1 over the token and the parts, sorted."""
    return hashlib.sha1("".join(sorted([token.reveal(), *parts])).encode(), usedforsecurity=False).hexdigest()


def event_name(token: Secret, *parts: object) -> str:
    """A name for an event that has none, without the ids in it."""
    return hmac.new(token.reveal().encode(), repr(parts).encode(), hashlib.sha256).hexdigest()[:32]


def opened(key: bytes, sealed: str, app_id: str) -> bytes:
    """Decrypt: 16 random bytes, the length (4 bytes, big end first), the message, the account it is for.

    Raises:
        PermissionError: it cannot be decrypted, or is for another account.
    """
    try:
        data = base64.b64decode(sealed, validate=True)
        decryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
        plain = decryptor.update(data) + decryptor.finalize()
    except (binascii.Error, ValueError):
        raise PermissionError("the call cannot be decrypted") from None
    padding = plain[-1] if plain else 0
    length = int.from_bytes(plain[16:20], "big")
    content, account = plain[20 : 20 + length], plain[20 + length : -padding or None]
    if not 1 <= padding <= _BLOCK or len(content) != length or account != app_id.encode():
        raise PermissionError("the call is for another account")
    return content


def _parsed(body: bytes) -> Mapping[str, Any]:
    """JSON or XML as nested tables; an element that stands there several times is a list."""
    if body.lstrip()[:1] == b"{":
        try:
            value = json.loads(body)
        except (ValueError, RecursionError):
            raise PermissionError("the body of the call cannot be read") from None
        if not isinstance(value, dict):
            raise PermissionError("the body of the call cannot be read")
        return value
    reader = _Reader()
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.characters
    parser.StartDoctypeDeclHandler = reader.refuse
    parser.EntityDeclHandler = reader.refuse
    try:
        parser.Parse(body, True)
    except expat.ExpatError:
        raise PermissionError("the body of the call cannot be read") from None
    return reader.root if isinstance(reader.root, dict) else {}


@define
class _Reader:
    """Builds tables from an XML document, without its root element."""

    stack: list[dict[str, Any]] = field(factory=list)
    said: list[str] = field(factory=list)
    root: Any = None

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if len(self.stack) >= _DEEPEST:
            raise PermissionError("the body of the call cannot be read")
        self.stack.append({})
        self.said.append("")

    def characters(self, data: str) -> None:
        self.said[-1] += data

    def end(self, name: str) -> None:
        table, said = self.stack.pop(), self.said.pop()
        value = table or said.strip()
        if not self.stack:
            self.root = value
            return
        above = self.stack[-1]
        if name not in above:
            above[name] = value
        elif isinstance(above[name], list):
            above[name].append(value)
        else:
            above[name] = [above[name], value]

    def refuse(self, *parts: object) -> None:
        raise PermissionError("a document type or an entity has no place in a call")

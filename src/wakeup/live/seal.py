"""What must not be read by whoever gets hold of a database: sealed by AES-GCM, found by keyed HMAC.

Keys come from a reference (``env:NAME``, ``file:PATH``) and never stand in the store. A key file is text, one key a
line, ``NAME:64 hexadecimal digits``. The first line is the root: look-ups, codes, one-click addresses and the audit
chain hang on it, and it stays. The last line seals; every line opens. So a new line at the end is a new key.
"""

import hashlib
import hmac
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from attrs import field, frozen

from wakeup.channels.protocol import Secret
from wakeup.diagnostics import Say, Text, WakeupError, diagnostic, reason

try:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
except ModuleNotFoundError as error:
    raise WakeupError([diagnostic("WK7033", package=str(error.name), extra="live")]) from None

_SIZE: Final = 32
_NONCE: Final = 12
_LINE: Final = re.compile(r"([A-Za-z0-9_.-]{1,32}):([0-9a-fA-F]{64})")


class UnsealableError(Exception):
    """Sealed with a key that is not here, or changed since."""


@frozen(repr=False, eq=False)
class Keys:
    """The keys of a store: `names` in the order of their lines; nothing shows their values."""

    names: tuple[str, ...]
    _sealers: Mapping[str, AESGCM]
    _root: bytes = field(repr=False)

    @classmethod
    def parse(cls, text: Secret) -> "Keys":
        """Read the text of a key file.

        Raises:
            ValueError: it is none; the message holds nothing of it.
        """
        lines = [line for each in re.split(r"[\n,]", text.reveal()) if (line := each.strip()) and line[0] != "#"]
        found = [_LINE.fullmatch(each) for each in lines]
        pairs = [(match[1], bytes.fromhex(match[2])) for match in found if match]
        if not pairs or len(pairs) != len(lines) or len(dict(pairs)) != len(pairs):
            raise ValueError("no key file")
        return cls(tuple(dict(pairs)), {name: AESGCM(value) for name, value in pairs}, pairs[0][1])

    def seal(self, place: str, plain: bytes) -> bytes:
        """Seal bytes for a place, such as ``address:17``: they open nowhere else."""
        name = self.names[-1].encode()
        nonce = os.urandom(_NONCE)
        head = bytes((len(name),)) + name
        return head + nonce + self._sealers[self.names[-1]].encrypt(nonce, plain, head + place.encode())

    def open(self, place: str, sealed: bytes) -> bytes:
        """Open what was sealed for a place.

        Raises:
            UnsealableError: the key is missing, the bytes were changed, or they belong elsewhere.
        """
        start = 1 + (sealed[0] if sealed else 0)
        head, nonce, rest = sealed[:start], sealed[start : start + _NONCE], sealed[start + _NONCE :]
        sealer = self._sealers.get(head[1:].decode("ascii", "replace"))
        if sealer is None:
            raise UnsealableError("no such key")
        try:
            return sealer.decrypt(nonce, rest, head + place.encode())
        except (InvalidTag, ValueError):
            raise UnsealableError("changed, or sealed for another place") from None

    def sealed_with(self, sealed: bytes) -> str:
        """Return the name of the key that something was sealed with."""
        return sealed[1 : 1 + sealed[0]].decode("ascii", "replace") if sealed else ""

    def derive(self, purpose: str) -> bytes:
        """Return a secret of 32 bytes for one purpose (HMAC-SHA256 of its name under the root)."""
        return hmac.digest(self._root, b"wakeup:" + purpose.encode(), "sha256")

    def lookup(self, customer_id: str) -> str:
        """Return the keyed HMAC of a person's id, 64 hexadecimal digits: the same for the same id, and no way back."""
        return hmac.digest(self.derive("lookup"), customer_id.encode(), hashlib.sha256).hex()

    def __repr__(self) -> str:
        return f"Keys({', '.join(self.names)}: ***)"


def fresh_line(name: str = "k1") -> str:
    """Return a line of a key file with a new key of the system's randomness."""
    return f"{name}:{os.urandom(_SIZE).hex()}\n"


def fresh_keys() -> Keys:
    """Return keys that nobody has: for a rehearsal, gone with the process."""
    return Keys.parse(Secret(fresh_line()))


def keys_at(reference: str) -> Keys:
    """Read the keys that ``env:NAME`` or ``file:PATH`` refers to.

    Raises:
        WakeupError: WK7025 there is nothing there, WK7034 it is no reference or what is there is no key file.
    """
    kind, _, where = reference.partition(":")
    if kind == "env" and where:
        text = os.environ.get(where)
        if text is None:
            raise _missing(reference, Say("the variable is not set"))
    elif kind == "file" and where:
        try:
            text = Path(where).read_text("utf-8")
        except OSError as error:
            raise _missing(reference, reason(error)) from None
        except UnicodeDecodeError:
            raise WakeupError([diagnostic("WK7034")]) from None
    else:
        raise WakeupError([diagnostic("WK7034")])
    try:
        return Keys.parse(Secret(text))
    except ValueError:
        raise WakeupError([diagnostic("WK7034")]) from None


def make_key_file(path: Path) -> None:
    """Make a key file that only its owner may read, durable and whole, unless there is one already.

    Raises:
        WakeupError: WK7027, the folder takes no file.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(fresh_line())
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(part, path)  # whoever is second finds the first one's key, and whole
        except FileExistsError:
            pass
        finally:
            part.unlink()
        _sync_folder(path.parent)
    except OSError as error:
        raise WakeupError([diagnostic("WK7027", store=str(path), reason=reason(error))]) from None


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":  # elsewhere a folder cannot be opened
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def check_private(path: Path) -> None:
    """Refuse a key file that others may read.

    Raises:
        WakeupError: WK7026 they may; WK7025 it cannot be looked at.
    """
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise _missing(f"file:{path}", reason(error)) from None
    if os.name == "posix" and mode & 0o077:
        raise WakeupError([diagnostic("WK7026", file=str(path))])


def _missing(reference: str, why: Text) -> WakeupError:
    return WakeupError([diagnostic("WK7025", key=reference, reason=why)])

"""Names that leave the house: outbox keys, codes that people type, one-click addresses. None tells who somebody is."""

import base64
import hashlib
import hmac
from typing import Final

ALPHABET: Final = "23456789BCDFGHJKLMNPQRSTVWXYZ"
"""Characters of a code, 29, a prime: Crockford's base 32 without vowels (no words), 0 and 1 (no O, no I)."""

BODY: Final = 11
"""Characters of a code before its check character: 29**11 is 53 bits; with a million codes given, one guess in ten
thousand million hits."""

_GROUP: Final = 4
_MAC: Final = 16
_REF: Final = 16


def ref_of(campaign: str, customer: int, occurrence: int, journey: str, step: str, nth: int) -> str:
    """Return the outbox key of a send, 32 hexadecimal digits: the same send always has the same.

    BLAKE2b-128 over the parts, each with its length in front, so that no two lists of parts read alike.
    """
    digest = hashlib.blake2b(digest_size=_REF, person=b"wakeup send")
    for part in (campaign, str(customer), str(occurrence), journey, step, str(nth)):
        data = part.encode()
        digest.update(len(data).to_bytes(4, "big") + data)
    return digest.hexdigest()


def code_of(secret: bytes, campaign: str, incentive: str, customer: int, n: int) -> str:
    """Return the n-th code of a person for an incentive, such as ``ZTHQ-M967-BS5M``.

    Nobody without the secret can tell what it will be. Two people may rarely get the same (`Work.give_code` says so):
    then the next n is tried.
    """
    text = "\0".join((campaign, incentive, str(customer), str(n)))
    number = int.from_bytes(hmac.digest(secret, text.encode(), "sha256"), "big")
    body = []
    for _ in range(BODY):
        number, digit = divmod(number, len(ALPHABET))
        body.append(digit)
    return _written([*body, _check(body)])


def read_code(text: str) -> str | None:
    """Return a code as it was given, from what somebody typed (small letters, spaces, missing hyphens); None if it is
    no code of ours: every single wrong character and every two neighbours exchanged are seen."""
    typed = "".join(each for each in text.upper() if each not in " -\u2010\u2011\u2013\u3000")
    if len(typed) != BODY + 1 or any(each not in ALPHABET for each in typed):
        return None
    digits = [ALPHABET.index(each) for each in typed]
    return _written(digits) if _check(digits[:-1]) == digits[-1] else None


def token_of(secret: bytes, ref: str) -> str:
    """Return the token of a one-click address: the outbox key with its signature, 43 characters that fit an address.

    Raises:
        ValueError: `ref` is no outbox key.
    """
    raw = bytes.fromhex(ref)
    if len(raw) != _REF:
        raise ValueError("not an outbox key")
    return base64.urlsafe_b64encode(raw + _signature(secret, raw)).decode().rstrip("=")


def read_token(secret: bytes, token: str) -> str | None:
    """Return the outbox key that a token holds, None if we did not make it."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return None
    if len(raw) != _REF + _MAC or not hmac.compare_digest(raw[_REF:], _signature(secret, raw[:_REF])):
        return None
    return raw[:_REF].hex()


def _written(digits: list[int]) -> str:
    text = "".join(ALPHABET[each] for each in digits)
    return "-".join(text[at : at + _GROUP] for at in range(0, len(text), _GROUP))


def _check(digits: list[int]) -> int:
    # Weights 1, 2, 3 ... below a prime: a wrong character or two exchanged ones always change the sum.
    return sum(place * digit for place, digit in enumerate(digits, 1)) % len(ALPHABET)


def _signature(secret: bytes, raw: bytes) -> bytes:
    return hmac.digest(secret, raw, "sha256")[:_MAC]

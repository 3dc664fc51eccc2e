"""Uniform numbers by a counter-based hash: splitmix64's finaliser over (seed, replication, purpose), key, occurrence.

The finaliser is Stafford's "Mix13" as used by splitmix64 (Steele, Lea, Flood 2014); the way of drawing, per agent and
purpose instead of from a stream, is Starsim's.
"""

from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Final

import numpy as np
from numpy.typing import NDArray

_MASK: Final = (1 << 64) - 1
_GOLDEN: Final = 0x9E3779B97F4A7C15
_FIRST: Final = 0xBF58476D1CE4E5B9
_SECOND: Final = 0x94D049BB133111EB
_REPLICATION: Final = 0xD1342543DE82EF95
"""Keeps seed 3, replication 5 apart from seed 5, replication 3."""


def _word(number: int) -> NDArray[np.uint64]:
    """Return a word as an array without dimensions, which NumPy takes in sooner than a number."""
    return np.array(number, np.uint64)


_ONE: Final = _word(1)
_STEP: Final = _word(_GOLDEN)
_FACTORS: Final = _word(_FIRST), _word(_SECOND)
_SHIFTS: Final = {bits: _word(bits) for bits in (11, 12, 27, 30, 31)}
_EXPONENT: Final = _word(0x3FF << 52)
_ALMOST_ONE: Final = np.array(1.0 - 2.0**-53)


def uniform(
    seed: int,
    replication: int,
    key: NDArray[np.uint64],
    purpose: str,
    occurrence: int | NDArray[np.integer] = 0,
) -> NDArray[np.float64]:
    """Draw one uniform per key.

    Args:
        seed: seed of the run, >= 0.
        replication: number of the replication, >= 0.
        key: uint64 (m,) customer keys; 0 is the key of draws that belong to nobody, such as parameters.
        purpose: kind and declared name, such as ``"clicked:nudge"``.
        occurrence: how often this key has drawn for this purpose before, >= 0: one number or an integer array (m,).

    Returns:
        float64 (m,), strictly between 0 and 1, multiples of 2^-53. Element i depends on its own arguments only.
    """
    return _drawn(key ^ _stream(seed, replication, purpose), occurrence)


def of_nobody(seed: int, replication: int, purposes: Sequence[str]) -> NDArray[np.float64]:
    """Draw one uniform under key 0 for each of some purposes, (m,): what `uniform` draws for one after the other."""
    return _drawn(np.array([_stream(seed, replication, purpose) for purpose in purposes], np.uint64), 0)


def _drawn(hashed: NDArray[np.uint64], occurrence: int | NDArray[np.integer]) -> NDArray[np.float64]:
    """Turn keys, each mixed with its stream, into uniforms in place."""
    spare = np.empty_like(hashed)
    _mix(hashed, spare)
    if isinstance(occurrence, int) or not occurrence.any():
        hashed += _turn(occurrence if isinstance(occurrence, int) else 0)
    else:
        np.copyto(spare, occurrence, casting="unsafe")
        spare += _ONE
        spare *= _STEP
        hashed += spare
    _mix(hashed, spare)
    # 52 bits and a half: with 53 the largest would round up to 1. As digits of a number from 1 to 2 they need no
    # conversion, and the difference is exact.
    hashed >>= _SHIFTS[12]
    hashed |= _EXPONENT
    drawn = hashed.view(np.float64)
    drawn -= _ALMOST_ONE
    return drawn


def share(key: NDArray[np.uint64], salt: str) -> NDArray[np.float64]:
    """Return each key's place in [0, 1) for a salt: float64 (m,), independent of any seed (SEMANTICS 10).

    Whoever owns the half-open range that holds the place gets the customer, so unchanged shares never move anybody.
    """
    hashed = key ^ _salted(salt)
    _mix(hashed, np.empty_like(hashed))
    hashed >>= _SHIFTS[11]
    place = hashed.astype(np.float64)
    place *= 2.0**-53
    return place


@lru_cache(maxsize=64)
def _turn(occurrence: int) -> NDArray[np.uint64]:
    return _word((occurrence + 1) * _GOLDEN & _MASK)


@lru_cache(maxsize=4096)
def _stream(seed: int, replication: int, purpose: str) -> NDArray[np.uint64]:
    named = int.from_bytes(blake2b(purpose.encode(), digest_size=8).digest(), "little")
    return _word(_mixed(_mixed(seed & _MASK) ^ _mixed(replication + _REPLICATION & _MASK) ^ named))


@lru_cache(maxsize=1024)
def _salted(salt: str) -> NDArray[np.uint64]:
    digest = blake2b(salt.encode(), digest_size=8, person=b"wakeup:share").digest()
    return _word(_mixed(int.from_bytes(digest, "little")))


def _mixed(word: int) -> int:
    word = ((word ^ (word >> 30)) * _FIRST) & _MASK
    word = ((word ^ (word >> 27)) * _SECOND) & _MASK
    return word ^ (word >> 31)


def _mix(words: NDArray[np.uint64], spare: NDArray[np.uint64]) -> None:
    """Mix words in place; `spare` is room of the same shape."""
    np.right_shift(words, _SHIFTS[30], spare)
    words ^= spare
    words *= _FACTORS[0]
    np.right_shift(words, _SHIFTS[27], spare)
    words ^= spare
    words *= _FACTORS[1]
    np.right_shift(words, _SHIFTS[31], spare)
    words ^= spare

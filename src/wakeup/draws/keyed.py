"""Uniform numbers by a counter-based hash: splitmix64's finaliser over (seed, replication, purpose), key, occurrence.

The finaliser is Stafford's "Mix13" as used by splitmix64 (Steele, Lea, Flood 2014); the way of drawing, per agent and
purpose instead of from a stream, is Starsim's.
"""

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
    hashed = key ^ np.uint64(_stream(seed, replication, purpose))
    spare = np.empty_like(hashed)
    _mix(hashed, spare)
    if isinstance(occurrence, int):
        hashed += np.uint64((occurrence + 1) * _GOLDEN & _MASK)
    else:
        np.copyto(spare, occurrence, casting="unsafe")
        spare += np.uint64(1)
        spare *= np.uint64(_GOLDEN)
        hashed += spare
    _mix(hashed, spare)
    # 52 bits and a half: with 53 the largest would round up to 1.
    hashed >>= np.uint64(12)
    drawn = hashed.astype(np.float64)
    drawn += 0.5
    drawn *= 2.0**-52
    return drawn


def share(key: NDArray[np.uint64], salt: str) -> NDArray[np.float64]:
    """Return each key's place in [0, 1) for a salt: float64 (m,), independent of any seed (SEMANTICS 10).

    Whoever owns the half-open range that holds the place gets the customer, so unchanged shares never move anybody.
    """
    hashed = key ^ np.uint64(_salted(salt))
    _mix(hashed, np.empty_like(hashed))
    hashed >>= np.uint64(11)
    place = hashed.astype(np.float64)
    place *= 2.0**-53
    return place


@lru_cache(maxsize=4096)
def _stream(seed: int, replication: int, purpose: str) -> int:
    named = int.from_bytes(blake2b(purpose.encode(), digest_size=8).digest(), "little")
    return _mixed(_mixed(seed & _MASK) ^ _mixed(replication + _REPLICATION & _MASK) ^ named)


@lru_cache(maxsize=1024)
def _salted(salt: str) -> int:
    digest = blake2b(salt.encode(), digest_size=8, person=b"wakeup:share").digest()
    return _mixed(int.from_bytes(digest, "little"))


def _mixed(word: int) -> int:
    word = ((word ^ (word >> 30)) * _FIRST) & _MASK
    word = ((word ^ (word >> 27)) * _SECOND) & _MASK
    return word ^ (word >> 31)


def _mix(words: NDArray[np.uint64], spare: NDArray[np.uint64]) -> None:
    """Mix words in place; `spare` is room of the same shape."""
    np.right_shift(words, np.uint64(30), out=spare)
    words ^= spare
    words *= np.uint64(_FIRST)
    np.right_shift(words, np.uint64(27), out=spare)
    words ^= spare
    words *= np.uint64(_SECOND)
    np.right_shift(words, np.uint64(31), out=spare)
    words ^= spare

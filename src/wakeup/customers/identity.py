"""Customer keys: 64 bits of BLAKE2b of the id, the name under which a customer draws and is assigned."""

from collections.abc import Iterable
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from wakeup.diagnostics import WakeupError, diagnostic


def customer_keys(ids: Iterable[str]) -> NDArray[np.uint64]:
    """Return the key of every id: BLAKE2b with an 8-byte digest over the UTF-8 id, read little endian (SEMANTICS 8)."""
    digests = b"".join([blake2b(each.encode(), digest_size=8).digest() for each in ids])
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64)


def customer_key(identity: str) -> int:
    """Return the key of one id."""
    return int.from_bytes(blake2b(identity.encode(), digest_size=8).digest(), "little")


def key_order(keys: NDArray[np.uint64]) -> NDArray[np.intp]:
    """Return the order that sorts the keys of n different ids; shape (n,).

    Raises:
        WakeupError: WK6020, two ids have the same key.
    """
    order = np.argsort(keys, kind="stable")
    ascending = keys[order]
    if bool(np.any(ascending[1:] == ascending[:-1])):
        raise WakeupError([diagnostic("WK6020")])
    return order

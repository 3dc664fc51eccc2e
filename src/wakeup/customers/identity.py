"""Customer keys: 64 bits of BLAKE2b of the id, the name under which a customer draws and is assigned."""

from collections.abc import Iterable
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from wakeup.customers.population import Population
from wakeup.diagnostics import WakeupError, diagnostic


def customer_keys(ids: Iterable[str]) -> NDArray[np.uint64]:
    """Return the key of every id: BLAKE2b with an 8-byte digest over the UTF-8 id, read little endian (SEMANTICS 8)."""
    digests = b"".join([blake2b(each.encode(), digest_size=8).digest() for each in ids])
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64)


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


def data_id(population: Population) -> str:
    """Return a hex id (16 digits) of the people as a simulation sees them: equal columns, equal id."""
    digest = blake2b(str(population.as_of).encode(), digest_size=8)
    whole = (population.key, population.first_order, population.last_order, population.last_interaction)
    for column in (*whole, population.orders, population.monetary, population.average_order_value, population.gap):
        digest.update(np.ascontiguousarray(column).tobytes())
    named = {
        **population.consents,
        **population.tags,
        **{name: each.values for name, each in population.fields.items()},
    }
    for name in sorted(named):
        digest.update(name.encode() + np.ascontiguousarray(named[name]).tobytes())
    if population.touches is not None:
        digest.update(population.touches.offset.tobytes() + population.touches.t.tobytes())
    return digest.hexdigest()

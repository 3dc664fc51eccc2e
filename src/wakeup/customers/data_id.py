"""One name for the people as a simulation sees them, whether they are in memory or in files."""

import json
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from wakeup.customers.population import Population
from wakeup.customers.shards import Shards
from wakeup.customers.slices import pieces
from wakeup.customers.storage import CORE, header_of

_PIECE: Final = 1 << 18


def data_id(people: Population | Shards) -> str:
    """Return a hex id (16 digits) of the people as a simulation sees them: equal columns and labels, equal id.

    People on disk are read once, in pieces; into how many files they are cut does not matter.

    Raises:
        WakeupError: the files are damaged.
    """
    if isinstance(people, Population):
        return _id(people, pieces(people, _PIECE))
    return _id(people.read(0, 0), people.pieces(_PIECE))


def _id(described: Population, parts: Iterable[tuple[int, Population]]) -> str:
    """Return the id of people, given as pieces, with the columns and labels of `described`."""
    digests = {name: blake2b(digest_size=8) for name, _ in _columns(described)}
    for _, part in parts:
        for name, column in _columns(part):
            digests[name].update(np.ascontiguousarray(column).data)
    header = json.dumps(header_of(described), ensure_ascii=False, sort_keys=True)
    whole = blake2b(header.encode(), digest_size=8)
    for name, digest in sorted(digests.items()):
        whole.update(name.encode() + digest.digest())
    return whole.hexdigest()


def _columns(people: Population) -> Iterator[tuple[str, NDArray[Any]]]:
    """Yield what a simulation looks at, by name; not the ids, which the keys stand for."""
    yield "key", people.key
    yield from ((name, getattr(people, name)) for name in CORE)
    yield from ((f"consent:{name}", each) for name, each in people.consents.items())
    yield from ((f"tag:{name}", each) for name, each in people.tags.items())
    yield from ((f"field:{name}", each.values) for name, each in people.fields.items())
    yield from ((f"category:{name}", each) for name, each in (people.categories or {}).items())
    if people.zones is not None:
        yield "zone", people.zones
    if people.touches is not None:
        yield from (("touches", np.diff(people.touches.offset)), ("touched at", people.touches.t))
        yield "touched through", people.touches.channel

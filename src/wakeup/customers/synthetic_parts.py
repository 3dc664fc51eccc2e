"""Made-up customers by ranges of their keys, one range in memory at a time.

A customer's key is a hash of the id, so a range of keys has ids from everywhere: a first pass computes all keys and
lays each (key, number) aside with its range, a second one sorts a range and makes its customers.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wakeup.customers.identity import customer_keys, key_order
from wakeup.customers.population import Population
from wakeup.customers.synthetic import check_number, customer_ids, made

_CHUNK: Final = 1 << 18
_NUMBERED: Final = np.dtype([("key", "<u8"), ("number", "<u4")])


Make = Callable[[NDArray[np.object_], NDArray[np.uint64]], Population]
"""Makes the customers of some ids and their keys, ascending."""


def synthetic_parts(n: int, parts: int, *, seed: int = 1) -> Iterator[Population]:
    """Yield the customers of `synthetic(n, seed=seed)` in runs as `made_in_parts` does."""
    return made_in_parts(n, parts, lambda ids, keys: made(ids, keys, seed=seed))


def made_in_parts(n: int, parts: int, make: Make) -> Iterator[Population]:
    """Yield made-up customers 1 to n in `parts` >= 1 runs of about equal size, keys ascending.

    Memory: that of one run; disk: 12 bytes a customer in the system's temporary folder.

    Raises:
        WakeupError: WK6004, n is not from 1 to `synthetic.MOST`; WK6020, two ids have the same key.
        OSError: the temporary folder is full.
    """
    check_number(n)
    with TemporaryDirectory(prefix="wakeup-") as name:
        ranges = [Path(name) / str(i) for i in range(parts)]
        for path in ranges:
            path.touch()
        for first in range(1, n + 1, _CHUNK):
            _lay_aside(range(first, min(first + _CHUNK, n + 1)), ranges)
        for path in ranges:
            numbered = np.fromfile(path, _NUMBERED)
            order = key_order(numbered["key"])
            keys, numbers = numbered["key"][order].astype(np.uint64), numbered["number"][order]
            yield make(customer_ids(numbers.tolist()), keys)


def range_of(keys: NDArray[np.uint64], parts: int) -> NDArray[np.int64]:
    """Return which of `parts` equal ranges of 64 bits each key is in, from 0."""
    return ((keys >> np.uint64(32)) * np.uint64(parts) >> np.uint64(32)).astype(np.int64)


def _lay_aside(numbers: range, ranges: list[Path]) -> None:
    numbered = np.empty(len(numbers), _NUMBERED)
    numbered["key"] = customer_keys(customer_ids(numbers))
    numbered["number"] = numbers
    range_number = range_of(numbered["key"], len(ranges))
    order = np.argsort(range_number, kind="stable")
    bounds = np.searchsorted(range_number[order], np.arange(len(ranges) + 1))
    numbered = numbered[order]
    for path, first, last in zip(ranges, bounds[:-1], bounds[1:], strict=True):
        if first < last:
            with path.open("ab") as stream:
                numbered[first:last].tofile(stream)

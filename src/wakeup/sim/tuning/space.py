"""The space of choices: every open number at each of its values."""

from collections.abc import Sequence
from math import prod

import numpy as np
from attrs import frozen

from wakeup.draws import uniform

Picks = tuple[int, ...]
"""Of each open number, which of its values: from 0."""


@frozen
class Open:
    """An open number: where it stands, in words, and the texts of the values it may have, ascending."""

    label: str
    values: tuple[str, ...]


def told(numbers: Sequence[Open], picks: Picks) -> tuple[str, ...]:
    """Return the values of a choice as the file says them."""
    return tuple(each.values[pick] for each, pick in zip(numbers, picks, strict=True))


@frozen
class Space:
    """How many values each open number has, at least one number and two values of it."""

    sizes: tuple[int, ...]

    def __len__(self) -> int:
        """Number of variants."""
        return prod(self.sizes)

    def picks(self, index: int) -> Picks:
        """Return the choice of variant `index`, the last number running fastest; 0 has the first value of each."""
        found = []
        for size in reversed(self.sizes):
            index, pick = divmod(index, size)
            found.append(pick)
        return tuple(reversed(found))

    def candidates(self, most: int, seed: int) -> tuple[int, ...]:
        """Return the variants to try, ascending: all of them, or `most` drawn evenly, the first one among them."""
        if len(self) <= most:
            return tuple(range(len(self)))
        drawn: dict[int, None] = {0: None}
        number = 0
        while len(drawn) < most:
            u = float(uniform(seed, 0, np.zeros(1, np.uint64), "tune", number)[0])
            drawn[min(int(u * len(self)), len(self) - 1)] = None
            number += 1
        return tuple(sorted(drawn))

"""People who ask shared limits in one step, cut into pieces that can be decided at once."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

import numpy as np
from attrs import frozen

from wakeup.sim.array.codes import I64, Bools
from wakeup.sim.array.limits import UNLIMITED, Meter

_MOST: Final = 16
"""From so many pieces on the rest is decided at once, right or wrong: a wrong answer is found and taught later."""

ASKS_NOTHING: Final = -UNLIMITED // 2
"""The need of somebody who does not ask a limit: any value leaves room for it."""


@frozen(eq=False)
class Check:
    """A limit that m people may ask in one step: what each needs of it, the most that each may add to it, (m,)."""

    meter: Meter
    need: I64
    ups: I64


def pieces(where: I64, checks: Sequence[Check], takers: Callable[[], Bools]) -> Iterator[slice]:
    """Return slices of people, one after the other, whose answers do not depend on what the others of the slice do.

    The next slice is worked out when what the last one took is written down.

    Args:
        where: positions (m,), ascending.
        checks: the limits.
        takers: who can take anything at all (m,); asked only if the limits are near.
    """
    first, cut, known = 0, 0, False
    while first < len(where):
        count = _sure(where, checks, first)
        if count < len(where) - first and not known:
            takes = takers()
            checks, known = [Check(each.meter, each.need, each.ups * takes) for each in checks], True
            count = _sure(where, checks, first)
        cut += 1
        last = first + count if cut < _MOST else len(where)
        yield slice(first, last)
        first = last


def _sure(where: I64, checks: Sequence[Check], first: int) -> int:
    rest = (each.meter.sure(where[first:], each.need[first:], each.ups[first:]) for each in checks)
    return min(rest, default=len(where) - first)


def needs(asks: Bools, need: I64 | int) -> I64:
    """Return what each person (m,) needs of a limit that only some ask."""
    return np.where(asks, need, ASKS_NOTHING)

"""What is asked of a person's sends in time order: how dense they come, and which one an order is credited to."""

from collections.abc import Callable
from typing import Final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from wakeup.figures.totals import CREDIT_UNITS

_NEVER: Final = np.iinfo(np.int64).min


@frozen(eq=False)
class Contacts:
    """Sends in any order, each array (m,)."""

    who: NDArray[np.integer]
    t: NDArray[np.int64]
    message: NDArray[np.integer]


def most_touches(who: NDArray[np.integer], t: NDArray[np.int64], seconds: int) -> int:
    """Return the greatest number of sends to one person in any (t - seconds, t]; sends come in any order."""
    keys = np.sort(_Clock(t, seconds).key(who, t))
    most = min(1, len(keys))
    # So long as any send has one so many places before it in its window.
    while (keys[most:] - keys[:-most] < seconds).any():
        most += 1
    return most


def credit(
    within: int,
    sends: Contacts,
    channel_of: NDArray[np.intp],
    channels: int,
    who: NDArray[np.integer],
    t: NDArray[np.int64],
    paid: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Credit orders to channels by their sends in (t - within, t), by every model (SEMANTICS, Figures).

    Args:
        within: window in seconds.
        sends: all sends.
        channel_of: channel of each message, intp (messages,).
        channels: number of channels.
        who: persons of the orders, each array (m,).
        t: their instants.
        paid: minor units paid.

    Returns:
        int64 (models, channels + 1, 2), in the order of `MODELS`: orders and minor units per channel in `CREDIT_UNITS`,
        the last row for orders without a touch. An order's shares are rounded to such units and the last touch takes
        what rounding leaves, so that every order is credited exactly once and sums of sums are exact.
    """
    clock, messages = _Clock(np.concatenate((sends.t, t)), within), len(channel_of)
    # One plain sort of packed numbers: many times faster than sorting by three columns. Before all of them, nobody's.
    packed = np.sort(np.append(clock.key(sends.who, sends.t) * messages + sends.message, _NEVER))
    at = clock.key(who, t)
    order = np.argsort(at)  # what is looked up in order is found three times as fast
    at, paid = at.take(order), paid.take(order)
    after = np.searchsorted(packed, at * messages)
    first = after.copy()
    while (earlier := packed.take(first - 1) >= (at - within + 1) * messages).any():
        first -= earlier
    touched = first < after
    paths = _paths(first[touched], after[touched], at[touched], packed, channel_of)
    # Long rows, for every operation goes along them.
    whole = np.stack((np.ones_like(paid), paid)) * np.array(CREDIT_UNITS)[:, np.newaxis]
    shares = np.stack([share(paths) for share in _SHARES.values()])
    shared, left = _shared(whole.compress(touched, axis=1), shares, paths)
    table, taker = np.empty((len(MODELS), channels + 1, len(CREDIT_UNITS)), np.int64), paths.channel[paths.last]
    for channel in range(channels):
        parts = shared.compress(paths.channel == channel, axis=2), left.compress(taker == channel, axis=2)
        table[:, channel] = sum(each.sum(axis=2) for each in parts).T
    table[:, channels] = whole.compress(~touched, axis=1).sum(axis=1)
    return table


def _shared(
    whole: NDArray[np.int64], shares: NDArray[np.float64], paths: "_Paths"
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Share units of orders, (2, orders), among their touches by the shares (models, p); return what the touches have,
    int64 (2, models, p), and what rounding leaves for the last touch of each order, int64 (2, models, orders)."""
    shared = whole.take(paths.order, axis=1)[:, np.newaxis] * shares
    parts = np.rint(shared, out=shared).astype(np.int64)
    given = parts.cumsum(axis=2).compress(paths.last, axis=2)
    given[:, :, 1:] -= given[:, :, :-1].copy()
    return parts, whole[:, np.newaxis] - given


@frozen(eq=False)
class _Paths:
    """The touches before each order, one row a touch, in order of (order, instant): arrays (p,).

    order: position of the order. first, last: whether the touch is the first or last of its order. touches: how many
    the order has. age: seconds from the touch to the order. channel: of the touch.
    """

    order: NDArray[np.int64]
    first: NDArray[np.bool_]
    last: NDArray[np.bool_]
    touches: NDArray[np.int64]
    age: NDArray[np.int64]
    channel: NDArray[np.int64]


def _paths(
    first: NDArray[np.intp],
    after: NDArray[np.intp],
    at: NDArray[np.int64],
    packed: NDArray[np.int64],
    channel_of: NDArray[np.intp],
) -> _Paths:
    """Lay out the touches first..after, places in the packed sends, of each order at a key, all (m,)."""
    touches = after - first
    order = np.repeat(np.arange(len(first)), touches)
    ends = np.cumsum(touches)
    touch = np.arange(len(order)) + (after - ends)[order]
    key = packed[touch] // len(channel_of)
    return _Paths(
        order,
        touch == first[order],
        touch == after[order] - 1,
        touches[order],
        at[order] - key,
        channel_of[packed[touch] - key * len(channel_of)],
    )


HALF_LIFE: Final = 7 * 86_400
"""Seconds in which the weight of a touch halves under `time_decay`, as in common analytics tools."""

POSITION: Final = (0.4, 0.4)
"""Shares of the first and the last touch under `position`; the touches between them share the rest."""


def _last(paths: _Paths) -> NDArray[np.float64]:
    return paths.last.astype(np.float64)


def _first(paths: _Paths) -> NDArray[np.float64]:
    return paths.first.astype(np.float64)


def _linear(paths: _Paths) -> NDArray[np.float64]:
    return 1.0 / paths.touches


def _time_decay(paths: _Paths) -> NDArray[np.float64]:
    # Relative to the order's last touch: the oldest of a long window does not vanish in rounding.
    latest = paths.age[paths.last]
    weight = np.exp2(-(paths.age - latest[paths.order]) / HALF_LIFE)
    shares: NDArray[np.float64] = weight / np.bincount(paths.order, weights=weight)[paths.order]
    return shares


def _position(paths: _Paths) -> NDArray[np.float64]:
    """Give the ends their shares; of two touches each has half, one touch has all."""
    ends = np.where(paths.first, POSITION[0], 0.0) + np.where(paths.last, POSITION[1], 0.0)
    between = (1.0 - sum(POSITION)) / np.maximum(paths.touches - 2, 1)
    return np.where(paths.touches <= 2, 1.0 / paths.touches, np.where(ends > 0, ends, between))


def _shapley(paths: _Paths) -> NDArray[np.float64]:
    """Share each order evenly among the distinct channels of its touches.

    That is the Shapley value of the game in which a coalition of channels is worth the orders whose touches all lie
    within it: a sum of unanimity games, one an order (Shapley 1953). The first touch of a channel bears its share.
    """
    channels = int(paths.channel.max(initial=0)) + 1
    pair = paths.order * channels + paths.channel
    touches = np.arange(len(pair))
    at = np.zeros(int(pair.max(initial=-1)) + 1, np.intp)
    # Of equal indices the last one stays: backwards, the first touch.
    at[pair[::-1]] = touches[::-1]
    first = at[pair] == touches
    distinct = np.bincount(paths.order, weights=first)
    return np.where(first, 1.0 / distinct[paths.order], 0.0)


_SHARES: Final[dict[str, Callable[[_Paths], NDArray[np.float64]]]] = {
    "last_touch": _last,
    "first_touch": _first,
    "linear": _linear,
    "time_decay": _time_decay,
    "position": _position,
    "shapley": _shapley,
}

MODELS: Final = tuple(_SHARES)
"""The models of credit, in the order of the tables."""


class _Clock:
    """Puts (person, instant) into one int64 that sorts like the pair, with room for a window before every instant.

    The key is person * span + (instant - base).
    """

    def __init__(self, t: NDArray[np.int64], window: int) -> None:
        self.base = int(t.min()) if len(t) else 0
        self.span = (int(t.max()) - self.base if len(t) else 0) + window + 1

    def key(self, who: NDArray[np.integer], t: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the keys: int64 (m,)."""
        return who.astype(np.int64, copy=False) * self.span + (t - self.base)

"""What is asked of a person's sends in time order: how dense they come, and which one an order is credited to."""

from collections.abc import Callable
from typing import Final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from wakeup.figures.cells import summed
from wakeup.figures.totals import CREDIT_UNITS


@frozen(eq=False)
class Contacts:
    """Sends in order of (person, instant, message): who int64, t int64, message int64, each (m,)."""

    who: NDArray[np.int64]
    t: NDArray[np.int64]
    message: NDArray[np.int64]


def in_order(who: NDArray[np.integer], t: NDArray[np.int64], message: NDArray[np.int16]) -> Contacts:
    """Sort sends that came in any order."""
    # One plain sort of packed numbers: many times faster than sorting by three columns.
    clock = _Clock(t, 0)
    messages = int(message.max()) + 1 if len(message) else 1
    packed = np.sort(clock.key(who.astype(np.int64), t) * messages + message)
    person, after = np.divmod(packed // messages, clock.span)
    return Contacts(person, clock.base + after, packed % messages)


def most_touches(who: NDArray[np.integer], t: NDArray[np.int64], seconds: int) -> int:
    """Return the greatest number of sends to one person in any (t - seconds, t]; sends come in any order."""
    keys = np.sort(_Clock(t, seconds).key(who.astype(np.int64), t))
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
    when = _Clock(np.concatenate((sends.t, t)), within)
    keys = when.key(sends.who, sends.t)
    at = when.key(who.astype(np.int64), t)
    first = np.searchsorted(keys, at - within, side="right")
    after = np.searchsorted(keys, at, side="left")
    touched = first < after
    paths = _paths(first[touched], after[touched], t[touched], sends, channel_of)
    whole = np.stack((np.ones_like(paid), paid), axis=1) * CREDIT_UNITS
    shares = np.stack([share(paths) for share in _SHARES.values()], axis=1)
    credited = summed(paths.channel, _shared(whole[touched], shares, paths), channels + 1)
    table = credited.reshape(channels + 1, len(MODELS), len(CREDIT_UNITS)).swapaxes(0, 1).copy()
    table[:, channels] += whole[~touched].sum(axis=0)
    return table


def _shared(whole: NDArray[np.int64], shares: NDArray[np.float64], paths: "_Paths") -> NDArray[np.int64]:
    """Share units of orders, (orders, 2), among their touches by the shares (p, models): int64 (p, 2 * models)."""
    count, models = shares.shape
    shared = (whole[paths.order][:, np.newaxis] * shares[:, :, np.newaxis]).reshape(count, 2 * models)
    parts = np.rint(shared, out=shared).astype(np.int64)
    if count:
        given = np.add.reduceat(parts, np.flatnonzero(paths.place == 0), axis=0)
        parts[paths.place == paths.touches - 1] += np.tile(whole, models) - given
    return parts


@frozen(eq=False)
class _Paths:
    """The touches before each order, one row a touch, in order of (order, instant): int64 (p,).

    order: position of the order. place: from 0 within the order. touches: how many the order has. age: seconds from the
    touch to the order. channel: of the touch.
    """

    order: NDArray[np.int64]
    place: NDArray[np.int64]
    touches: NDArray[np.int64]
    age: NDArray[np.int64]
    channel: NDArray[np.int64]


def _paths(
    first: NDArray[np.intp],
    after: NDArray[np.intp],
    t: NDArray[np.int64],
    sends: Contacts,
    channel_of: NDArray[np.intp],
) -> _Paths:
    """Lay out the touches first..after of each order at t, all (m,)."""
    touches = after - first
    order = np.repeat(np.arange(len(first)), touches)
    place = np.arange(len(order)) - np.repeat(np.cumsum(touches) - touches, touches)
    touch = first[order] + place
    return _Paths(
        order,
        place,
        touches[order],
        t[order] - sends.t[touch],
        channel_of[sends.message[touch]],
    )


HALF_LIFE: Final = 7 * 86_400
"""Seconds in which the weight of a touch halves under `time_decay`, as in common analytics tools."""

POSITION: Final = (0.4, 0.4)
"""Shares of the first and the last touch under `position`; the touches between them share the rest."""


def _last(paths: _Paths) -> NDArray[np.float64]:
    last: NDArray[np.bool_] = paths.place == paths.touches - 1
    return last.astype(np.float64)


def _first(paths: _Paths) -> NDArray[np.float64]:
    first: NDArray[np.bool_] = paths.place == 0
    return first.astype(np.float64)


def _linear(paths: _Paths) -> NDArray[np.float64]:
    return 1.0 / paths.touches


def _time_decay(paths: _Paths) -> NDArray[np.float64]:
    # Relative to the order's last touch: the oldest of a long window does not vanish in rounding.
    latest = paths.age[paths.place == paths.touches - 1]
    weight = np.exp2(-(paths.age - latest[paths.order]) / HALF_LIFE)
    shares: NDArray[np.float64] = weight / np.bincount(paths.order, weights=weight)[paths.order]
    return shares


def _position(paths: _Paths) -> NDArray[np.float64]:
    """Give the ends their shares; of two touches each has half, one touch has all."""
    ends = np.where(paths.place == 0, POSITION[0], 0.0) + np.where(paths.place == paths.touches - 1, POSITION[1], 0.0)
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

    def key(self, who: NDArray[np.int64], t: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the keys: int64 (m,)."""
        return who * self.span + (t - self.base)

"""What is asked of a person's sends in time order: how dense they come, and which one an order is credited to."""

from collections.abc import Callable
from typing import Final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from wakeup.plan.model import Attribution


@frozen(eq=False)
class Contacts:
    """Sends in order of (person, instant, message): who int64, t int64, message int64, each (m,)."""

    who: NDArray[np.int64]
    t: NDArray[np.int64]
    message: NDArray[np.int64]


def in_order(who: NDArray[np.int32], t: NDArray[np.int64], message: NDArray[np.int16]) -> Contacts:
    """Sort sends that came in any order."""
    # One plain sort of packed numbers: many times faster than sorting by three columns.
    clock = _Clock(t, 0)
    messages = int(message.max()) + 1 if len(message) else 1
    packed = np.sort(clock.key(who.astype(np.int64), t) * messages + message)
    person, after = np.divmod(packed // messages, clock.span)
    return Contacts(person, clock.base + after, packed % messages)


def most_touches(sends: Contacts, seconds: int) -> int:
    """Return the greatest number of sends to one person in any (t - seconds, t]."""
    if not len(sends.t):
        return 0
    when = _Clock(sends.t, seconds)
    keys = when.key(sends.who, sends.t)
    first = np.searchsorted(keys, keys - seconds, side="right")
    return int((np.arange(len(keys)) - first).max()) + 1


def credit(
    rule: Attribution,
    sends: Contacts,
    channel_of: NDArray[np.int64],
    channels: int,
    who: NDArray[np.integer],
    t: NDArray[np.int64],
    paid: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Credit orders to channels by their sends in (t - within, t) (SEMANTICS, Figures).

    Args:
        rule: the model and its window.
        sends: all sends.
        channel_of: channel of each message, int64 (messages,).
        channels: number of channels.
        who: persons of the orders, which come in order of (who, t), each array (m,).
        t: their instants.
        paid: minor units paid.

    Returns:
        float64 (channels + 1, 2): orders and minor units per channel, the last row for orders without a touch.
    """
    when = _Clock(np.concatenate((sends.t, t)), rule.within)
    keys = when.key(sends.who, sends.t)
    at = when.key(who.astype(np.int64), t)
    first = np.searchsorted(keys, at - rule.within, side="right")
    after = np.searchsorted(keys, at, side="left")
    table = np.zeros((channels + 1, 2))
    touched = first < after
    _book(table, np.full(int((~touched).sum()), channels), paid[~touched], 1.0)
    touch, share, order = _MODELS[rule.model](first[touched], after[touched])
    _book(table, channel_of[sends.message[touch]], paid[touched][order], share)
    return table


def _book(
    table: NDArray[np.float64], row: NDArray[np.integer], paid: NDArray[np.int64], share: float | NDArray[np.float64]
) -> None:
    weight = np.broadcast_to(np.asarray(share, np.float64), row.shape)
    table[:, 0] += np.bincount(row, weights=weight, minlength=len(table))
    table[:, 1] += np.bincount(row, weights=weight * paid, minlength=len(table))


_Positions = NDArray[np.intp]
_Shares = tuple[_Positions, "float | NDArray[np.float64]", _Positions]
"""Positions of the credited sends, the share of each, and the position of the order that gives it."""


def _last(first: _Positions, after: _Positions) -> _Shares:
    return after - 1, 1.0, np.arange(len(first))


def _first(first: _Positions, after: _Positions) -> _Shares:
    return first, 1.0, np.arange(len(first))


def _linear(first: _Positions, after: _Positions) -> _Shares:
    touches = after - first
    order = np.repeat(np.arange(len(first)), touches)
    within = np.arange(len(order)) - np.repeat(np.cumsum(touches) - touches, touches)
    return first[order] + within, 1.0 / touches[order], order


_MODELS: Final[dict[str, Callable[[_Positions, _Positions], _Shares]]] = {
    "last_touch": _last,
    "first_touch": _first,
    "linear": _linear,
}


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

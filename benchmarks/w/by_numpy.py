"""W by hand in NumPy: touch by touch, in blocks that fit the cache; only the advisers' queue is sorted by time."""

import heapq
from collections.abc import Mapping, Sequence

import numpy as np
from attrs import define, frozen
from numpy.typing import NDArray

from benchmarks.w import terms as w
from benchmarks.w.people import Floats, People, Words, draw, streams, word

BLOCK = 32_768
Index = NDArray[np.intp]
_GROUPS = range(len(w.GROUPS))
_TREATED = np.isin(_GROUPS, w.TREATED)
_MEDIAN = np.array(w.MEDIAN_VALUE)[list(w.TIER_OF)]
_GAP = 24.0 / np.array(w.ORGANIC_PER_DAY)[list(w.TIER_OF)]


def _limits(chances: Floats) -> Words:
    """Return the words below which a uniform is below the chances."""
    return np.ceil(chances * 2.0**53).astype(np.uint64) << np.uint64(11)


def _by_group(numbers: Mapping[int, float]) -> Floats:
    return np.array([numbers.get(group, 0.0) for group in _GROUPS])


def _by_touch(chances: Sequence[float]) -> list[Words]:
    """Return limits by touch and group, from chances by channel."""
    channels = [[w.CHANNELS.get(group, (w.TEXT,) * 3)[k] for group in _GROUPS] for k in range(3)]
    return [_limits(np.array(chances)[channel]) for channel in channels]


_BUYS, _VALIDITY, _FACE = _by_group(w.BUYS), _by_group(w.VALIDITY), _by_group(w.FACE)
_DELIVERED, _UNSUBSCRIBED, _OPENED, _CLICKED = (
    _by_touch(chances) for chances in (w.DELIVERED, w.UNSUBSCRIBED, w.OPENED, w.CLICKED)
)
_ORDERS_AT_ALL = _limits(-np.expm1(-w.HORIZON / _GAP) * (1.0 + 1e-9))
"""Who is not below has no organic order in the run, and needs no instant."""


@define(eq=False)
class _Some:
    """Some customers: streams, groups, first purchase, what is known of them; the table that they add to."""

    stream: Words
    group: Index
    bought: Floats
    latest: NDArray[np.float32]
    earlier: NDArray[np.float32]
    npri: NDArray[np.uint8]
    dormancy: NDArray[np.float32]
    table: Floats

    def add(self, metric: int, group: Index, weights: Floats | None = None) -> None:
        self.table[metric] += np.bincount(group, weights, minlength=len(_GROUPS))

    def columns(self) -> tuple[NDArray[np.generic], ...]:
        return (self.stream, self.group, self.bought, self.latest, self.earlier, self.npri, self.dormancy)

    def close(self) -> None:
        self.add(w.PURCHASERS, self.group[np.flatnonzero(self.bought < w.HORIZON)])


@frozen(eq=False)
class _Due:
    """Who is due for a touch: places among some customers, planned instants, third latest touches (hours)."""

    rows: Index
    planned: Floats
    third: NDArray[np.float32]

    def among(self, places: Index) -> "_Due":
        return _Due(self.rows[places], self.planned[places], self.third[places])

    def times(self, *, late: bool) -> Floats:
        """Return when they may be sent the touch after cap and quiet hours; infinity where the cap forbids it."""
        over = self.third + w.CAP_HOURS
        t = np.maximum(self.planned, over)
        hour = t - 24.0 * np.floor(t * (1.0 / 24.0))
        quiet = np.flatnonzero((hour < w.OPENS) | (hour >= w.CLOSES))
        t[quiet] += w.OPENS - hour[quiet] + np.where(hour[quiet] >= w.CLOSES, 24.0, 0.0)
        if not late:
            t[over > self.planned] = np.inf
        return t


def run(people: People, seed: int, *, late: bool) -> Floats:
    """Return the table, (metrics, groups). late: who is over the cap is sent the message later, else never."""
    table = np.zeros((len(w.METRICS), len(w.GROUPS)))
    asking: list[tuple[_Some, _Due]] = []
    for first in range(0, len(people), BLOCK):
        some, at = _some(people, seed, first, table)
        _organic(some)
        rows = np.flatnonzero(_TREATED[some.group])
        launch = people.launch[at][rows].astype(np.float64)
        due = _touch(some, 0, _Due(rows, launch, np.full(len(rows), -1e9, np.float32)), late=late)
        top = some.group[due.rows] == w.TOP
        rest = _touch(some, 1, due.among(np.flatnonzero(~top)), late=late)
        _touch(some, 2, rest, late=late)
        asking.append(_apart(some, due.among(np.flatnonzero(top))))
        some.close()
    _advise(asking, table, late=late)
    return table


def _some(people: People, seed: int, first: int, table: Floats) -> tuple[_Some, slice]:
    at = slice(first, min(first + BLOCK, len(people)))
    group = people.group[at].astype(np.intp)
    some = _Some(
        streams(seed, first, at.stop), group, np.full(len(group), np.inf), people.latest[at], people.earlier[at],
        people.npri[at], people.dormancy[at], table,
    )  # fmt: skip
    some.add(w.N, group)
    return some, at


def _apart(some: _Some, due: _Due) -> tuple[_Some, _Due]:
    """Take people out of a block: they wait for an adviser, and are counted there."""
    apart = _Some(*(each[due.rows] for each in some.columns()), some.table)  # type: ignore[arg-type]
    some.bought[due.rows] = np.inf
    return apart, _Due(np.arange(len(due.rows)), due.planned, due.third)


def _organic(some: _Some) -> None:
    rows = np.flatnonzero(word(some.stream, 64) < _ORDERS_AT_ALL[some.group])
    t, number = np.zeros(len(rows)), 0
    while len(rows):
        t -= np.log1p(-draw(some.stream[rows], 64 + 3 * number)) * _GAP[some.group[rows]]
        inside = np.flatnonzero(t < w.HORIZON)
        rows, t = rows[inside], t[inside]
        if number == 0:
            some.bought[rows] = t
        group = some.group[rows]
        some.add(w.ORDERS, group)
        some.add(w.REVENUE, group, _value(some.stream[rows], group, 65 + 3 * number))
        number += 1


def _value(stream: Words, group: Index, number: int) -> Floats:
    values = _normal(stream, number)
    values *= w.VALUE_SPREAD
    np.exp(values, out=values)
    values *= _MEDIAN[group]
    return values


def _normal(stream: Words, number: int) -> Floats:
    normal, angle = draw(stream, number), draw(stream, number + 1)
    np.negative(normal, out=normal)
    np.log1p(normal, out=normal)
    normal *= -2.0
    np.sqrt(normal, out=normal)
    angle *= 2.0 * np.pi
    normal *= np.cos(angle, out=angle)
    return normal


def _wait(stream: Words, number: int, mean: float) -> Floats:
    wait = draw(stream, number)
    np.negative(wait, out=wait)
    np.log1p(wait, out=wait)
    wait *= -mean
    return wait


def _touch(some: _Some, k: int, due: _Due, *, late: bool) -> _Due:
    """Send touch k to who is due; return who is due for the next one."""
    t = due.times(late=late)
    bought = some.bought[due.rows]
    going = np.flatnonzero((bought > t) & (t < w.HORIZON))
    over = np.flatnonzero(np.isinf(t) & (bought > due.planned)) if not late else going[:0]
    return _next(some, k, due, t, going, over)


def _next(some: _Some, k: int, due: _Due, t: Floats, going: Index, over: Index) -> _Due:
    """Send touch k to those `going` at t, not to those `over` the cap; return who is due for the next touch."""
    going = going[_send(some, k, due.rows[going], t[going])]
    if k == 2:
        return due.among(going[:0])
    rows = due.rows[np.concatenate((going, over))]
    # With this touch one of those before the run becomes the third latest: which one is known beforehand.
    before = some.earlier if k == 0 else some.latest
    third = np.concatenate((before[due.rows[going]], due.third[over]))
    return _Due(rows, np.concatenate((t[going], due.planned[over])) + w.WAITS[k + 1], third)


def _send(some: _Some, k: int, rows: Index, t: Floats) -> Index:
    """Send touch k at `t`; return the places of those who stay."""
    group, stream = some.group[rows], some.stream[rows]
    base = 16 + 16 * k
    some.add(w.SENT, group)
    got = word(stream, base) < _DELIVERED[k][group]
    unsubscribed = word(stream, base + 1) < _UNSUBSCRIBED[k][group]
    unsubscribed &= got
    some.add(w.GOT, group[np.flatnonzero(got)])
    some.add(w.UNSUB, group[np.flatnonzero(unsubscribed)])
    stays = ~unsubscribed
    on = np.flatnonzero(got & stays & (word(stream, base + 2) < _OPENED[k][group]))
    _react(some, k, rows[on], group[on], stream[on], t[on])
    return np.flatnonzero(stays)


def _react(some: _Some, k: int, rows: Index, group: Index, stream: Words, sent: Floats) -> None:
    """Let people open touch k, click and buy."""
    base = 16 + 16 * k
    at = sent + w.OPEN_HOURS * np.exp(_normal(stream, base + 3))
    opened = at < w.HORIZON
    some.add(w.OPEN, group[np.flatnonzero(opened)])
    on = np.flatnonzero(opened & (word(stream, base + 5) < _CLICKED[k][group]))
    rows, group, stream, sent, at = rows[on], group[on], stream[on], sent[on], at[on]
    at += _wait(stream, base + 6, w.CLICK_HOURS)
    clicked = at < w.HORIZON
    some.add(w.CLICK, group[np.flatnonzero(clicked)])
    chance = np.exp(some.dormancy[rows] * (-1.0 / w.DORMANCY_DAYS), dtype=np.float64)
    chance *= _BUYS[group] * w.FATIGUE ** (np.arange(3.0) + k)[some.npri[rows]]
    on = np.flatnonzero(clicked & (draw(stream, base + 7) < chance))
    rows, group, stream, sent, at = rows[on], group[on], stream[on], sent[on], at[on]
    at += _wait(stream, base + 8, w.BUY_HOURS)
    on = np.flatnonzero((at - sent <= _VALIDITY[group]) & (at < w.HORIZON))
    rows, group, at = rows[on], group[on], at[on]
    some.bought[rows] = np.minimum(some.bought[rows], at)
    value = _value(stream[on], group, base + 9)
    discount = np.minimum(value, _FACE[group])
    some.add(w.CAMPAIGN, group)
    some.add(w.ORDERS, group)
    some.add(w.REVENUE, group, value - discount)
    some.add(w.DISCOUNT, group, discount + w.KIT_COST * (group == w.KIT))


def _advise(asking: Sequence[tuple[_Some, _Due]], table: Floats, *, late: bool) -> None:
    """Let the advisers call in order of (time, customer), then play the last touch of the top tier."""
    t = np.concatenate([due.times(late=late) for _, due in asking])
    bought = np.concatenate([some.bought for some, _ in asking])
    service = np.concatenate([_wait(some.stream, 16 + 16 + 11, w.SERVICE_HOURS) for some, _ in asking])
    queue = np.flatnonzero((t < w.HORIZON) & (bought > t))
    queue = queue[_by_time(t[queue])]
    start = np.full(len(t), np.nan)
    start[queue] = _served(t[queue].tolist(), bought[queue].tolist(), service[queue].tolist())
    first = 0
    for some, due in asking:
        mine = slice(first, first + len(due.rows))
        first = mine.stop
        going = np.flatnonzero(start[mine] < w.HORIZON)
        over = np.flatnonzero(np.isinf(t[mine]) & (some.bought > due.planned))
        some.add(w.CONTACTS, some.group[going])
        _touch(some, 2, _next(some, 1, due, start[mine], going, over), late=late)
        some.close()


def _by_time(t: Floats) -> Index:
    """Return the order by time, then place, of instants that are whole 2**-31 hours: one plain sort."""
    bits = max(1, len(t).bit_length())
    packed = (t * 2.0**31).astype(np.uint64) << np.uint64(bits)
    packed |= np.arange(len(t), dtype=np.uint64)
    packed.sort()
    packed &= np.uint64((1 << bits) - 1)
    return packed.astype(np.intp)


def _served(asked: list[float], bought: list[float], service: list[float]) -> list[float]:
    """Return when each call starts; infinity where the customer has bought before, or the run ends first."""
    free = [0.0] * w.ADVISERS
    starts = []
    for t, until, length in zip(asked, bought, service, strict=True):
        start = free[0]
        if start < t:
            start = t
        hour = start % 24.0
        if hour < w.DESK_OPENS:
            start += w.DESK_OPENS - hour
        elif hour >= w.DESK_CLOSES:
            start += 24.0 + w.DESK_OPENS - hour
        if start >= w.HORIZON or until <= start:
            starts.append(np.inf)
        else:
            heapq.heapreplace(free, start + length)
            starts.append(start)
    return starts

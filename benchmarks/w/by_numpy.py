"""W by hand in NumPy: touch by touch, in blocks that fit the cache; only the advisers' queue is sorted by time."""

import heapq

import numpy as np
from attrs import define
from numpy.typing import NDArray

from benchmarks.w import terms as w
from benchmarks.w.people import Floats, People, Words, draw, streams

BLOCK = 16_384
Index = NDArray[np.intp]
_PER_GROUP = {name: np.zeros(7) for name in ("buys", "validity", "face", "median", "gap")}
for _group in range(7):
    _tier = w.TIER_OF[_group]
    _PER_GROUP["median"][_group] = w.MEDIAN_VALUE[_tier]
    _PER_GROUP["gap"][_group] = 24.0 / w.ORGANIC_PER_DAY[_tier]
for _group in w.TREATED:
    _PER_GROUP["buys"][_group] = w.BUYS[_group]
    _PER_GROUP["validity"][_group] = w.VALIDITY[_group]
    _PER_GROUP["face"][_group] = w.FACE[_group]
_CHANNEL = [np.array([w.CHANNELS.get(group, (-1, -1, -1))[k] for group in range(7)]) for k in range(3)]


@define(eq=False)
class _Block:
    """Some customers: their streams, state (touches latest first, first purchase), the table that they add to."""

    people: People
    at: slice
    stream: Words
    group: NDArray[np.uint8]
    touches: list[Floats]
    bought: Floats
    late: bool
    table: Floats

    def add(self, metric: int, rows: Index, weights: Floats | None = None) -> None:
        self.table[metric] += np.bincount(self.group[rows], weights, minlength=7)


def run(people: People, seed: int, *, late: bool) -> Floats:
    """Return the table, (metrics, groups). late: who is over the cap is sent the message later, else never."""
    table = np.zeros((len(w.METRICS), len(w.GROUPS)))
    asked, blocks = [], []
    for first in range(0, len(people), BLOCK):
        block = _block(people, seed, first, late, table)
        _organic(block)
        rows = np.flatnonzero(np.isin(block.group, w.TREATED))
        t, rows = _touch(block, 0, rows, block.people.launch[block.at][rows].astype(np.float64))
        top = block.group[rows] == w.TOP
        asked.append((rows[top], _due(block, rows[top], t[top] + w.WAITS[1])))
        blocks.append(block if top.any() else None)
        t, rows = _touch(block, 1, rows[~top], t[~top] + w.WAITS[1])
        _touch(block, 2, rows, t + w.WAITS[2])
        if not top.any():
            _close(block)
    _advise(seed, blocks, asked, table)
    return table


def _block(people: People, seed: int, first: int, late: bool, table: Floats) -> _Block:
    at = slice(first, min(first + BLOCK, len(people)))
    group = people.group[at]
    touches = [people.latest[at].astype(np.float64), people.earlier[at].astype(np.float64), np.full(len(group), -1e9)]
    stream = streams(seed, first, at.stop)
    table[w.N] += np.bincount(group, minlength=7)
    return _Block(people, at, stream, group, touches, np.full(len(group), np.inf), late, table)


def _organic(block: _Block) -> None:
    rows, t, number = np.arange(len(block.group)), np.zeros(len(block.group)), 0
    while len(rows):
        t = t - np.log1p(-draw(block.stream[rows], 64 + 3 * number)) * _PER_GROUP["gap"][block.group[rows]]
        inside = np.flatnonzero(t < w.HORIZON)
        rows, t = rows[inside], t[inside]
        if number == 0:
            block.bought[rows] = t
        block.add(w.ORDERS, rows)
        block.add(w.REVENUE, rows, _value(block, rows, 65 + 3 * number))
        number += 1


def _value(block: _Block, rows: Index, number: int) -> Floats:
    values = np.exp(w.VALUE_SPREAD * _normal(block.stream[rows], number))
    values *= _PER_GROUP["median"][block.group[rows]]
    return values


def _normal(stream: Words, number: int) -> Floats:
    radius = np.sqrt(-2.0 * np.log1p(-draw(stream, number)))
    radius *= np.cos(2.0 * np.pi * draw(stream, number + 1))
    return radius


def _due(block: _Block, rows: Index, t: Floats) -> Floats:
    """Return when people are due after cap and quiet hours; over the cap and not late: at infinity."""
    over = block.touches[2][rows] + w.CAP_HOURS
    t = np.maximum(t, over) if block.late else np.where(over > t, np.inf, t)
    finite = np.isfinite(t)
    hour = np.where(finite, t, 0.0) % 24.0
    wait = np.where(hour < w.OPENS, w.OPENS - hour, np.where(hour >= w.CLOSES, 24.0 + w.OPENS - hour, 0.0))
    return t + wait


def _touch(block: _Block, k: int, rows: Index, planned: Floats) -> tuple[Floats, Index]:
    """Touch people; return who goes on and from when."""
    t = _due(block, rows, planned)
    over = np.isinf(t)
    t[over] = planned[over]
    alive = (block.bought[rows] > t) & (t < w.HORIZON)
    going = np.flatnonzero(alive & ~over)
    stays = _send(block, k, rows[going], t[going])
    left = np.concatenate((going[stays], np.flatnonzero(alive & over)))
    return t[left], rows[left]


def _send(block: _Block, k: int, rows: Index, t: Floats) -> Index:
    """Send touch k at `t`; return the places of those who stay."""
    people, group = block.people, block.group[rows]
    channel = _CHANNEL[k][group]
    base, stream = 16 + 16 * k, block.stream[rows]
    block.touches[2][rows], block.touches[1][rows] = block.touches[1][rows], block.touches[0][rows]
    block.touches[0][rows] = t
    block.add(w.SENT, rows)
    got = draw(stream, base) < np.array(w.DELIVERED)[channel]
    block.add(w.GOT, rows[got])
    unsubscribed = got & (draw(stream, base + 1) < np.array(w.UNSUBSCRIBED)[channel])
    block.add(w.UNSUB, rows[unsubscribed])

    on = np.flatnonzero(got & ~unsubscribed)
    on = on[draw(stream[on], base + 2) < np.array(w.OPENED)[channel[on]]]
    at = t[on] + w.OPEN_HOURS * np.exp(_normal(stream[on], base + 3))
    on, at = on[at < w.HORIZON], at[at < w.HORIZON]
    block.add(w.OPEN, rows[on])
    chosen = np.flatnonzero(draw(stream[on], base + 5) < np.array(w.CLICKED)[channel[on]])
    on, at = on[chosen], at[chosen]
    at = at - np.log1p(-draw(stream[on], base + 6)) * w.CLICK_HOURS
    on, at = on[at < w.HORIZON], at[at < w.HORIZON]
    block.add(w.CLICK, rows[on])
    who = rows[on]
    chance = _PER_GROUP["buys"][group[on]] * w.FATIGUE ** (people.npri[block.at][who].astype(np.float64) + k)
    chance *= np.exp(-people.dormancy[block.at][who].astype(np.float64) / w.DORMANCY_DAYS)
    chosen = np.flatnonzero(draw(stream[on], base + 7) < chance)
    on, at = on[chosen], at[chosen]
    at = at - np.log1p(-draw(stream[on], base + 8)) * w.BUY_HOURS
    buys = (at - t[on] <= _PER_GROUP["validity"][group[on]]) & (at < w.HORIZON)
    on, at = on[buys], at[buys]
    who = rows[on]
    block.bought[who] = np.minimum(block.bought[who], at)
    value = _value(block, who, base + 9)
    discount = np.minimum(value, _PER_GROUP["face"][group[on]])
    block.add(w.CAMPAIGN, who)
    block.add(w.ORDERS, who)
    block.add(w.REVENUE, who, value - discount)
    block.add(w.DISCOUNT, who, discount + w.KIT_COST * (group[on] == w.KIT))
    return np.flatnonzero(~unsubscribed)


def _close(block: _Block) -> None:
    block.add(w.PURCHASERS, np.flatnonzero(block.bought < w.HORIZON))


def _advise(seed: int, blocks: list[_Block | None], asked: list[tuple[Index, Floats]], table: Floats) -> None:
    """Let the advisers call in order of (time, customer), then play the last touch of the top tier."""
    t = np.concatenate([each[1] for each in asked])
    who = np.concatenate([each[0] + number * BLOCK for number, each in enumerate(asked)])
    bought = np.concatenate([b.bought[each[0]] for b, each in zip(blocks, asked, strict=True) if b is not None])
    streams_of = np.concatenate([b.stream[each[0]] for b, each in zip(blocks, asked, strict=True) if b is not None])
    service = -np.log1p(-draw(streams_of, 16 + 16 + 11)) * w.SERVICE_HOURS
    queue = np.flatnonzero((t < w.HORIZON) & (bought > t))
    queue = queue[np.argsort(t[queue], kind="stable")]
    start = np.full(len(t), np.inf)
    start[queue] = _served(t[queue].tolist(), bought[queue].tolist(), service[queue].tolist())
    # Who is over the cap is not asked for; their journey goes on from the planned time.
    offset = np.cumsum([0, *(len(each[0]) for each in asked)])
    for number, block in enumerate(blocks):
        if block is None:
            continue
        mine = slice(offset[number], offset[number + 1])
        rows, at = who[mine] - number * BLOCK, start[mine]
        called = np.flatnonzero(at < w.HORIZON)
        block.add(w.CONTACTS, rows[called])
        stays = called[_send(block, 1, rows[called], at[called])]
        over = np.flatnonzero(np.isinf(t[mine]))
        planned = block.touches[0][rows[over]] + w.WAITS[1]
        over, planned = over[block.bought[rows[over]] > planned], planned[block.bought[rows[over]] > planned]
        _touch(
            block, 2, rows[np.concatenate((stays, over))],
            np.concatenate((at[stays], planned)) + w.WAITS[2],
        )  # fmt: skip
        _close(block)


def _served(t: list[float], bought: list[float], service: list[float]) -> list[float]:
    """Return when each call starts; infinity where the customer has bought before, or the run ends first."""
    free = [0.0] * w.ADVISERS
    starts = []
    for asked, until, length in zip(t, bought, service, strict=True):
        start = w.desk_start(max(asked, free[0]))
        if start >= w.HORIZON or until <= start:
            starts.append(float("inf"))
            continue
        heapq.heapreplace(free, start + length)
        starts.append(start)
    return starts

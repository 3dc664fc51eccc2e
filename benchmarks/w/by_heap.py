"""W by hand in Python: one heap of touches in order of time; answers are drawn at the touch."""

import heapq
import math
import random

import numpy as np

from benchmarks.w import terms as w
from benchmarks.w.people import Floats, People

Counts = list[list[float]]
NEVER = -1e9
"""When a touch was that has not been."""


def run(people: People, seed: int, *, late: bool) -> Floats:
    """Return the table, (metrics, groups). late: who is over the cap is sent the message later, else never."""
    chance, counts = random.Random(seed), empty()
    group, npri, dormancy = people.group.tolist(), people.npri.tolist(), people.dormancy.tolist()
    latest, earlier = people.latest.tolist(), people.earlier.tolist()
    bought = [_organic(each, chance, counts) for each in group]
    # Nobody has had three touches before the first one. A sorted list is a heap, and what comes out one after the other
    # then lies side by side in memory.
    first = sorted((due(t, 0, NEVER, late)[0], who) for who, t in enumerate(people.launch.tolist()))
    heap = [(t + 0.0, who, 0) for t, who in first if group[who] in w.CHANNELS]
    desk = [0.0] * w.ADVISERS
    while heap:
        t, who, k = heap[0]
        mine = group[who]
        if w.CHANNELS[mine][k] == w.ADVISER and t < bought[who]:
            t = call(t, bought[who], desk, chance)
            counts[w.CONTACTS][mine] += t < w.HORIZON
        if t >= w.HORIZON or bought[who] <= t:
            heapq.heappop(heap)
            continue
        order, stays = answers(mine, k, npri[who], dormancy[who], t, chance, counts)
        if order < bought[who]:
            bought[who] = order
        if k == 2 or not stays:
            heapq.heappop(heap)
            continue
        t, k = due(t + w.WAITS[k + 1], k + 1, latest[who] if k else earlier[who], late)
        heapq.heapreplace(heap, (t, who, k))
    return finished(counts, people, bought)


def empty() -> Counts:
    """Return counts to add to, by metric and group."""
    return [[0.0] * len(w.GROUPS) for _ in w.METRICS]


def finished(counts: Counts, people: People, bought: list[float]) -> Floats:
    """Return the table of counts, with people and purchasers; `bought` is when each first bought."""
    table = np.array(counts)
    table[w.N] = np.bincount(people.group, minlength=len(w.GROUPS))
    table[w.PURCHASERS] = np.bincount(people.group[np.array(bought) < w.HORIZON], minlength=len(w.GROUPS))
    return table


def due(t: float, k: int, third: float, late: bool) -> tuple[float, int]:
    """Return when which touch is due that was planned for `t`; `third` is the third latest touch before it."""
    if third + w.CAP_HOURS > t:
        if late:
            t = third + w.CAP_HOURS
        else:
            return due(t + w.WAITS[k + 1], k + 1, third, late) if k < 2 else (math.inf, k)
    hour = t % 24.0
    if hour < w.OPENS:
        return t + w.OPENS - hour, k
    return (t + 24.0 + w.OPENS - hour if hour >= w.CLOSES else t), k


def call(t: float, bought: float, desk: list[float], chance: random.Random) -> float:
    """Return when an adviser calls who asks at `t`: purchases to come are known, so it is known at once."""
    start = w.desk_start(max(t, desk[0]))
    if start < w.HORIZON and start < bought:
        heapq.heapreplace(desk, start - math.log(1.0 - chance.random()) * w.SERVICE_HOURS)
        return start
    return math.inf


def _organic(group: int, chance: random.Random, counts: Counts) -> float:
    """Count the orders that come by themselves; return the first, infinity if there is none."""
    gap = 24.0 / w.ORGANIC_PER_DAY[w.TIER_OF[group]]
    first, t = math.inf, -math.log(1.0 - chance.random()) * gap
    while t < w.HORIZON:
        first = min(first, t)
        counts[w.ORDERS][group] += 1
        counts[w.REVENUE][group] += value(group, chance)
        t -= math.log(1.0 - chance.random()) * gap
    return first


def answers(
    group: int, k: int, npri: int, dormancy: float, sent: float, chance: random.Random, counts: Counts
) -> tuple[float, bool]:
    """Draw the answers to a touch; return when an order comes (infinity: never), and whether the person stays."""
    channel, uniform = w.CHANNELS[group][k], chance.random
    counts[w.SENT][group] += 1
    if uniform() >= w.DELIVERED[channel]:
        return math.inf, True
    counts[w.GOT][group] += 1
    if uniform() < w.UNSUBSCRIBED[channel]:
        counts[w.UNSUB][group] += 1
        return math.inf, False
    return _order(group, k, npri, dormancy, sent, chance, counts), True


def _order(group: int, k: int, npri: int, dormancy: float, sent: float, chance: random.Random, counts: Counts) -> float:
    """Draw what follows a touch that has arrived; return when an order comes, infinity if none does."""
    channel, uniform = w.CHANNELS[group][k], chance.random
    if uniform() >= w.OPENED[channel]:
        return math.inf
    t = sent + w.OPEN_HOURS * math.exp(chance.gauss(0.0, 1.0))
    counts[w.OPEN][group] += t < w.HORIZON
    if t >= w.HORIZON or uniform() >= w.CLICKED[channel]:
        return math.inf
    t -= math.log(1.0 - uniform()) * w.CLICK_HOURS
    counts[w.CLICK][group] += t < w.HORIZON
    if uniform() >= w.BUYS[group] * w.FATIGUE ** (npri + k) * math.exp(-dormancy / w.DORMANCY_DAYS):
        return math.inf
    t -= math.log(1.0 - uniform()) * w.BUY_HOURS
    if t - sent > w.VALIDITY[group] or t >= w.HORIZON:
        return math.inf
    worth = value(group, chance)
    discount = min(worth, w.FACE[group])
    counts[w.CAMPAIGN][group] += 1
    counts[w.ORDERS][group] += 1
    counts[w.REVENUE][group] += worth - discount
    counts[w.DISCOUNT][group] += discount + (w.KIT_COST if group == w.KIT else 0.0)
    return t


def value(group: int, chance: random.Random) -> float:
    """Return what an order is worth."""
    return w.MEDIAN_VALUE[w.TIER_OF[group]] * math.exp(w.VALUE_SPREAD * chance.gauss(0.0, 1.0))

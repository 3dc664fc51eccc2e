"""W by hand in Python: one heap of touches in order of time; answers are drawn at the touch."""

import heapq
import math
import random

from benchmarks.w import terms as w
from benchmarks.w.people import Floats, People
from benchmarks.w.table import Table

_ASKS, _SENDS = 0, 1


def run(people: People, seed: int) -> Floats:
    """Return the table, (metrics, groups)."""
    chance, table = random.Random(seed), Table()
    group, npri, dormancy = people.group.tolist(), people.npri.tolist(), people.dormancy.tolist()
    touches = [list(each) for each in zip(people.earlier.tolist(), people.latest.tolist(), strict=True)]
    bought = [_organic(each, chance, table) for each in group]
    launch = people.launch.tolist()
    heap = [(t, who, 0, _ASKS) for who, t in enumerate(launch) if group[who] in w.CHANNELS]
    heapq.heapify(heap)
    free = [0.0] * w.ADVISERS
    while heap:
        t, who, k, step = heapq.heappop(heap)
        mine = group[who]
        if t >= w.HORIZON or bought[who] <= t:
            continue
        if step == _ASKS:
            if sum(each > t - w.CAP_HOURS for each in touches[who]) >= w.CAP:
                if k < 2:
                    heapq.heappush(heap, (t + w.WAITS[k + 1], who, k + 1, _ASKS))
                continue
            hour = t % 24.0
            if not w.OPENS <= hour < w.CLOSES:
                opens = t - hour + w.OPENS + (24.0 if hour >= w.CLOSES else 0.0)
                heapq.heappush(heap, (opens, who, k, _SENDS))
                continue
        if w.CHANNELS[mine][k] == w.ADVISER:
            # First come, first served, and purchases to come are known: the start is known at the request.
            t = w.desk_start(max(t, free[0]))
            if t >= w.HORIZON or bought[who] <= t:
                continue
            heapq.heapreplace(free, t + chance.expovariate(1.0 / w.SERVICE_HOURS))
            table.add(w.CONTACTS, mine)
        touches[who].append(t)
        order, stays = _answers(mine, k, npri[who], dormancy[who], t, chance, table)
        bought[who] = min(bought[who], order)
        if stays and k < 2:
            heapq.heappush(heap, (t + w.WAITS[k + 1], who, k + 1, _ASKS))
    for mine, t in zip(group, bought, strict=True):
        table.add(w.N, mine)
        if t < w.HORIZON:
            table.add(w.PURCHASERS, mine)
    return table.array()


def _organic(group: int, chance: random.Random, table: Table) -> float:
    """Count the orders that come by themselves; return the first, infinity if there is none."""
    rate = w.ORGANIC_PER_DAY[w.TIER_OF[group]] / 24.0
    first = t = chance.expovariate(rate)
    while t < w.HORIZON:
        table.add(w.ORDERS, group)
        table.add(w.REVENUE, group, _value(group, chance))
        t += chance.expovariate(rate)
    return first if first < w.HORIZON else math.inf


def _answers(
    group: int, k: int, npri: int, dormancy: float, sent: float, chance: random.Random, table: Table
) -> tuple[float, bool]:
    """Draw the answers to a touch; return when an order comes (infinity: never), and whether the person stays."""
    channel = w.CHANNELS[group][k]
    table.add(w.SENT, group)
    if chance.random() >= w.DELIVERED[channel]:
        return math.inf, True
    table.add(w.GOT, group)
    if chance.random() < w.UNSUBSCRIBED[channel]:
        table.add(w.UNSUB, group)
        return math.inf, False
    clicked = _click(group, channel, sent, chance, table)
    likes = w.BUYS[group] * w.FATIGUE ** (npri + k) * math.exp(-dormancy / w.DORMANCY_DAYS)
    if clicked >= w.HORIZON or chance.random() >= likes:
        return math.inf, True
    t = clicked + chance.expovariate(1.0 / w.BUY_HOURS)
    if t - sent > w.VALIDITY[group] or t >= w.HORIZON:
        return math.inf, True
    value = _value(group, chance)
    discount = min(value, w.FACE[group])
    table.add(w.CAMPAIGN, group)
    table.add(w.ORDERS, group)
    table.add(w.REVENUE, group, value - discount)
    table.add(w.DISCOUNT, group, discount + (w.KIT_COST if group == w.KIT else 0.0))
    return t, True


def _click(group: int, channel: int, sent: float, chance: random.Random, table: Table) -> float:
    """Return when the message is clicked, infinity if it is not before the end."""
    if chance.random() >= w.OPENED[channel]:
        return math.inf
    t = sent + w.OPEN_HOURS * math.exp(chance.gauss(0.0, 1.0))
    if t >= w.HORIZON:
        return math.inf
    table.add(w.OPEN, group)
    if chance.random() >= w.CLICKED[channel]:
        return math.inf
    t += chance.expovariate(1.0 / w.CLICK_HOURS)
    if t >= w.HORIZON:
        return math.inf
    table.add(w.CLICK, group)
    return t


def _value(group: int, chance: random.Random) -> float:
    return w.MEDIAN_VALUE[w.TIER_OF[group]] * math.exp(w.VALUE_SPREAD * chance.gauss(0.0, 1.0))

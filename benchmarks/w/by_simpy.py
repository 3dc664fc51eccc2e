"""W as most would write it: SimPy, a process per customer, its reactions and its organic life."""

import math
import random
from collections.abc import Generator

import simpy
from attrs import define, field

from benchmarks.w import terms as w
from benchmarks.w.people import Floats, People
from benchmarks.w.table import Table

Process = Generator[simpy.Event, None, None]


@define(eq=False)
class _Customer:
    group: int
    dormancy: float
    launch: float
    touches: list[float]
    npri: int
    bought: bool = False
    stopped: bool = False

    def gone(self) -> bool:
        """Return whether the journey is over: an order of any kind, or unsubscribed."""
        return self.bought or self.stopped


@define(eq=False)
class _World:
    env: simpy.Environment
    advisers: simpy.Resource
    chance: random.Random
    table: Table = field(factory=Table)


def run(people: People, seed: int) -> Floats:
    """Return the table, (metrics, groups)."""
    env = simpy.Environment()
    world = _World(env, simpy.Resource(env, w.ADVISERS), random.Random(seed))
    columns = (people.group, people.dormancy, people.launch, people.latest, people.earlier, people.npri)
    for group, dormancy, launch, latest, earlier, npri in zip(*(each.tolist() for each in columns), strict=True):
        customer = _Customer(group, dormancy, launch, [earlier, latest], npri)
        world.table.add(w.N, group)
        env.process(_organic(world, customer))
        if group in w.CHANNELS:
            env.process(_journey(world, customer))
    env.run(until=w.HORIZON)
    return world.table.array()


def _organic(world: _World, customer: _Customer) -> Process:
    rate = w.ORGANIC_PER_DAY[w.TIER_OF[customer.group]] / 24.0
    while True:
        yield world.env.timeout(world.chance.expovariate(rate))
        _buy(world, customer, _value(world, customer))


def _journey(world: _World, customer: _Customer) -> Process:
    env = world.env
    yield env.timeout(customer.launch)
    for k, channel in enumerate(w.CHANNELS[customer.group]):
        yield env.timeout(w.WAITS[k])
        if customer.gone():
            return
        if sum(t > env.now - w.CAP_HOURS for t in customer.touches) >= w.CAP:
            continue
        hour = env.now % 24.0
        if hour < w.OPENS:
            yield env.timeout(w.OPENS - hour)
        elif hour >= w.CLOSES:
            yield env.timeout(24.0 + w.OPENS - hour)
        if channel == w.ADVISER:
            yield from _call(world, customer)
        if customer.gone():
            return
        _send(world, customer, k, channel)


def _call(world: _World, customer: _Customer) -> Process:
    """Wait until an adviser takes up the call; they are busy with it while the journey goes on."""
    request = world.advisers.request()
    yield request
    now = world.env.now
    if not customer.gone() and w.desk_start(now) > now:
        yield world.env.timeout(w.desk_start(now) - now)
    if customer.gone():
        world.advisers.release(request)
        return
    world.table.add(w.CONTACTS, customer.group)
    world.env.process(_busy(world, request))


def _busy(world: _World, request: simpy.resources.resource.Request) -> Process:
    yield world.env.timeout(world.chance.expovariate(1.0 / w.SERVICE_HOURS))
    world.advisers.release(request)


def _send(world: _World, customer: _Customer, k: int, channel: int) -> None:
    chance, table, group = world.chance, world.table, customer.group
    customer.touches.append(world.env.now)
    table.add(w.SENT, group)
    if chance.random() >= w.DELIVERED[channel]:
        return
    table.add(w.GOT, group)
    if chance.random() < w.UNSUBSCRIBED[channel]:
        table.add(w.UNSUB, group)
        customer.stopped = True
    elif chance.random() < w.OPENED[channel]:
        world.env.process(_react(world, customer, k, channel))


def _react(world: _World, customer: _Customer, k: int, channel: int) -> Process:
    env, chance, group = world.env, world.chance, customer.group
    sent = env.now
    yield env.timeout(w.OPEN_HOURS * chance.lognormvariate(0.0, 1.0))
    world.table.add(w.OPEN, group)
    if chance.random() >= w.CLICKED[channel]:
        return
    yield env.timeout(chance.expovariate(1.0 / w.CLICK_HOURS))
    world.table.add(w.CLICK, group)
    buys = w.BUYS[group] * w.FATIGUE ** (customer.npri + k) * math.exp(-customer.dormancy / w.DORMANCY_DAYS)
    if chance.random() >= buys:
        return
    wait = chance.expovariate(1.0 / w.BUY_HOURS)
    if env.now + wait - sent > w.VALIDITY[group]:
        return
    yield env.timeout(wait)
    value = _value(world, customer)
    discount = min(value, w.FACE[group])
    world.table.add(w.CAMPAIGN, group)
    world.table.add(w.DISCOUNT, group, discount + (w.KIT_COST if group == w.KIT else 0.0))
    _buy(world, customer, value - discount)


def _buy(world: _World, customer: _Customer, paid: float) -> None:
    world.table.add(w.ORDERS, customer.group)
    world.table.add(w.REVENUE, customer.group, paid)
    if not customer.bought:
        world.table.add(w.PURCHASERS, customer.group)
    customer.bought = True


def _value(world: _World, customer: _Customer) -> float:
    median = w.MEDIAN_VALUE[w.TIER_OF[customer.group]]
    return median * math.exp(w.VALUE_SPREAD * world.chance.gauss(0.0, 1.0))

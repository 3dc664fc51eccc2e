"""W in SimPy: as most would write it, and with fewer events.

Natural: a process per customer, per touch and per organic life; whoever waits for the next touch waits for an order
besides (`timeout | purchased`, as callers in SimPy's own examples wait for a line or lose patience). Lean: waits for
time alone; only a touch that is opened and an organic life with an order have a process.
"""

import math
import random
from collections.abc import Generator

import simpy

from benchmarks.w import terms as w
from benchmarks.w.people import Floats, People
from benchmarks.w.table import Table

Process = Generator[simpy.Event, object, None]


def run(people: People, seed: int, *, late: bool) -> Floats:
    """Return the table, (metrics, groups). late: who is over the cap is sent the message later, else never."""
    return _run(Customer, people, seed, late)


def run_lean(people: People, seed: int, *, late: bool) -> Floats:
    """Return the table, (metrics, groups), with fewer events. late: as in `run`."""
    return _run(Lean, people, seed, late)


def _run(kind: "type[Customer]", people: People, seed: int, late: bool) -> Floats:
    world = World(seed, late)
    columns = (people.group, people.dormancy, people.launch, people.latest, people.earlier, people.npri)
    for group, dormancy, launch, latest, earlier, npri in zip(*(each.tolist() for each in columns), strict=True):
        kind(world, group, dormancy, launch, [earlier, latest], npri)
    world.env.run(until=w.HORIZON)
    return world.table.array()


class World:
    """What customers share: the clock, the desk, chance and the table."""

    def __init__(self, seed: int, late: bool) -> None:
        self.env = simpy.Environment()
        self.advisers = simpy.Resource(self.env, w.ADVISERS)
        self.chance = random.Random(seed)
        self.table = Table()
        self.late = late


class Customer:
    """A customer, who lives in processes: an organic life, a journey if treated, a reaction to each touch."""

    def __init__(
        self, world: World, group: int, dormancy: float, launch: float, touches: list[float], npri: int
    ) -> None:
        self.world, self.env, self.chance, self.table = world, world.env, world.chance, world.table
        self.group, self.dormancy, self.launch, self.touches, self.npri = group, dormancy, launch, touches, npri
        self.purchased = self.env.event()
        self.unsubscribed = False
        self.table.add(w.N, group)
        self.live()
        if group in w.CHANNELS:
            self.env.process(self.journey())

    def live(self) -> None:
        """Begin the organic life."""
        self.env.process(self.organic(self.until_organic()))

    def organic(self, wait: float) -> Process:
        """Buy now and then without being asked, for the first time after `wait`."""
        while True:
            yield self.env.timeout(wait)
            self.buy(self.value())
            wait = self.until_organic()

    def until_organic(self) -> float:
        """Return how long it is to the next order that comes by itself."""
        return self.chance.expovariate(w.ORGANIC_PER_DAY[w.TIER_OF[self.group]] / 24.0)

    def journey(self) -> Process:
        """Be sent three touches."""
        planned = self.launch
        for k, channel in enumerate(w.CHANNELS[self.group]):
            yield self.pause(planned - self.env.now)
            if self.gone():
                return
            if len(self.touches) >= w.CAP:
                free = self.touches[-w.CAP] + w.CAP_HOURS
                if free > self.env.now and not self.world.late:
                    planned = self.env.now + (w.WAITS[k + 1] if k < 2 else 0.0)
                    continue
                yield self.env.timeout(max(0.0, free - self.env.now))
            yield from self.until(w.OPENS, w.CLOSES)
            if channel == w.ADVISER:
                yield from self.call(k)
            elif not self.gone():
                self.touch(k)
            if self.gone():
                return
            planned = self.touches[-1] + (w.WAITS[k + 1] if k < 2 else 0.0)

    def pause(self, hours: float) -> simpy.Event:
        """Return what to wait for until the next touch: its time, or an order before."""
        return self.env.timeout(hours) | self.purchased

    def until(self, opens: float, closes: float) -> Process:
        """Wait for the hours of the day."""
        hour = self.env.now % 24.0
        if hour < opens:
            yield self.env.timeout(opens - hour)
        elif hour >= closes:
            yield self.env.timeout(24.0 + opens - hour)

    def call(self, k: int) -> Process:
        """Wait for an adviser, and be called."""
        with self.world.advisers.request() as request:
            yield request
            yield from self.until(w.DESK_OPENS, w.DESK_CLOSES)
            if self.gone():
                return
            self.table.add(w.CONTACTS, self.group)
            self.touch(k)
            yield self.env.timeout(self.chance.expovariate(1.0 / w.SERVICE_HOURS))

    def touch(self, k: int) -> None:
        """Be sent a touch."""
        self.touches.append(self.env.now)
        self.table.add(w.SENT, self.group)
        self.env.process(self.react(k))

    def react(self, k: int) -> Process:
        """Get the touch, and open it or not."""
        if self.opens(k):
            yield from self.open(k, self.env.now)

    def opens(self, k: int) -> bool:
        """Get the touch; return whether it will be opened."""
        channel = w.CHANNELS[self.group][k]
        if self.chance.random() >= w.DELIVERED[channel]:
            return False
        self.table.add(w.GOT, self.group)
        if self.chance.random() < w.UNSUBSCRIBED[channel]:
            self.table.add(w.UNSUB, self.group)
            self.unsubscribed = True
            return False
        return self.chance.random() < w.OPENED[channel]

    def open(self, k: int, sent: float) -> Process:
        """Open the touch, click, buy."""
        yield self.env.timeout(w.OPEN_HOURS * self.chance.lognormvariate(0.0, 1.0))
        self.table.add(w.OPEN, self.group)
        if self.chance.random() >= w.CLICKED[w.CHANNELS[self.group][k]]:
            return
        yield self.env.timeout(self.chance.expovariate(1.0 / w.CLICK_HOURS))
        self.table.add(w.CLICK, self.group)
        likes = w.BUYS[self.group] * w.FATIGUE ** (self.npri + k) * math.exp(-self.dormancy / w.DORMANCY_DAYS)
        if self.chance.random() >= likes:
            return
        yield self.env.timeout(self.chance.expovariate(1.0 / w.BUY_HOURS))
        if self.env.now - sent > w.VALIDITY[self.group]:
            return
        value = self.value()
        discount = min(value, w.FACE[self.group])
        self.table.add(w.CAMPAIGN, self.group)
        self.table.add(w.DISCOUNT, self.group, discount + (w.KIT_COST if self.group == w.KIT else 0.0))
        self.buy(value - discount)

    def buy(self, paid: float) -> None:
        """Order."""
        self.table.add(w.ORDERS, self.group)
        self.table.add(w.REVENUE, self.group, paid)
        if not self.purchased.triggered:
            self.table.add(w.PURCHASERS, self.group)
            self.purchased.succeed()

    def value(self) -> float:
        """Return what an order is worth."""
        median = w.MEDIAN_VALUE[w.TIER_OF[self.group]]
        return median * self.chance.lognormvariate(0.0, w.VALUE_SPREAD)

    def gone(self) -> bool:
        """Return whether the journey is over: an order of any kind, or unsubscribed."""
        return self.purchased.triggered or self.unsubscribed


class Lean(Customer):
    """A customer with fewer events."""

    def live(self) -> None:
        """Begin the organic life if there is anything in it."""
        wait = self.until_organic()
        if wait < w.HORIZON:
            self.env.process(self.organic(wait))

    def pause(self, hours: float) -> simpy.Event:
        """Return what to wait for until the next touch: its time alone."""
        return self.env.timeout(hours)

    def touch(self, k: int) -> None:
        """Be sent a touch; only what is opened has a process."""
        self.touches.append(self.env.now)
        self.table.add(w.SENT, self.group)
        if self.opens(k):
            self.env.process(self.open(k, self.env.now))

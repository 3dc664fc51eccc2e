"""W in Mesa: an agent per customer, by steps of a day or by Mesa's scheduler of events. Needs `wakeup[bench]`."""

import math
from collections import deque

from mesa import Agent, Model
from mesa.experimental.devs import DEVSimulator

from benchmarks.w import terms as w
from benchmarks.w.by_heap import NEVER, answers, call, due, empty, finished, value
from benchmarks.w.people import Floats, People

DAY = 24.0
DAYS = round(w.HORIZON / DAY)


def run_days(people: People, seed: int, *, late: bool) -> Floats:
    """Return the table, (metrics, groups); every agent takes a step a day. late: as in `by_simpy.run`."""
    model = Days(people, seed, late)
    for _ in range(DAYS):
        model.step()
    return finished(model.counts, people, [each.bought for each in model.agents])


def run_events(people: People, seed: int, *, late: bool) -> Floats:
    """Return the table, (metrics, groups); agents act when an event is due. late: as in `by_simpy.run`."""
    simulator = DEVSimulator()
    model = Events(people, seed, late, simulator)
    simulator.run_until(w.HORIZON)
    return finished(model.counts, people, [each.bought for each in model.agents])


def _columns(people: People) -> list[list[float]]:
    columns = (people.group, people.dormancy, people.launch, people.latest, people.earlier, people.npri)
    return [each.tolist() for each in columns]


class Customer(Agent):
    """A customer, whichever way time goes. `bought`: when first; `due`: when touch k is."""

    def __init__(
        self, model: Model, group: int, dormancy: float, launch: float, latest: float, earlier: float, npri: int
    ) -> None:
        super().__init__(model)
        self.group, self.dormancy, self.npri, self.latest, self.earlier = group, dormancy, npri, latest, earlier
        self.bought, self.due, self.k = math.inf, math.inf, 0
        if group in w.CHANNELS:
            self.due, self.k = due(launch, 0, NEVER, model.late)

    def until_organic(self) -> float:
        """Return how long it is to the next order that comes by itself."""
        return self.random.expovariate(w.ORGANIC_PER_DAY[w.TIER_OF[self.group]] / DAY)

    def order(self, paid: float) -> None:
        """Count an order."""
        self.model.counts[w.ORDERS][self.group] += 1
        self.model.counts[w.REVENUE][self.group] += paid

    def plan(self, t: float) -> None:
        """Plan the touch after the one at `t`."""
        self.due = math.inf
        if self.k < 2:
            third = self.latest if self.k else self.earlier
            self.due, self.k = due(t + w.WAITS[self.k + 1], self.k + 1, third, self.model.late)


# --- by days ---------------------------------------------------------------------------------------------------------


class Days(Model):
    """The day, the desk and who waits for it."""

    def __init__(self, people: People, seed: int, late: bool) -> None:
        super().__init__(seed=seed)
        self.counts, self.late, self.until = empty(), late, 0.0
        self.desk = [0.0] * w.ADVISERS
        self.waiting: deque[tuple[float, int, Daily]] = deque()
        self.asked: list[tuple[float, int, Daily]] = []
        Daily.create_agents(self, len(people), *_columns(people))

    def step(self) -> None:
        """Let everybody live a day, then let the advisers call who waits."""
        self.until += DAY
        self.agents.do("step")
        self.waiting.extend(sorted(self.asked))
        self.asked.clear()
        while self.waiting and w.desk_start(max(self.waiting[0][0], self.desk[0])) < self.until:
            t, _, customer = self.waiting.popleft()
            start = call(t, customer.bought, self.desk, self.random)
            if start < w.HORIZON:
                self.counts[w.CONTACTS][customer.group] += 1
                customer.touch(start)


class Daily(Customer):
    """A customer who acts once a day on what is due in it; answers to a touch are drawn at the touch."""

    def __init__(self, *columns: object) -> None:
        super().__init__(*columns)
        self.bought = self.organic = self.until_organic()

    def step(self) -> None:
        """Live a day."""
        until = self.model.until
        while self.organic < until:
            self.order(value(self.group, self.random))
            self.organic += self.until_organic()
        if self.due < until:
            t, self.due = self.due, math.inf
            if self.bought <= t:
                return
            if w.CHANNELS[self.group][self.k] == w.ADVISER:
                self.model.asked.append((t, self.unique_id, self))
            else:
                self.touch(t)

    def touch(self, t: float) -> None:
        """Be sent a touch and answer it."""
        order, stays = answers(self.group, self.k, self.npri, self.dormancy, t, self.random, self.model.counts)
        self.bought = min(self.bought, order)
        if stays:
            self.plan(t)


# --- by events -------------------------------------------------------------------------------------------------------


class Events(Model):
    """The desk: advisers who are free, and who waits for them."""

    def __init__(self, people: People, seed: int, late: bool, simulator: DEVSimulator) -> None:
        super().__init__(seed=seed)
        simulator.setup(self)
        self.simulator, self.counts, self.late = simulator, empty(), late
        self.free, self.waiting = w.ADVISERS, deque[Eventful]()
        for day in range(DAYS):
            simulator.schedule_event_absolute(self.call, day * DAY + w.DESK_OPENS)
        Eventful.create_agents(self, len(people), *_columns(people))

    def ask(self, customer: "Eventful") -> None:
        """Put a customer into the advisers' queue."""
        self.waiting.append(customer)
        self.call()

    def call(self) -> None:
        """Let free advisers call who waits, in their hours."""
        now = self.simulator.time
        while self.free and self.waiting and w.desk_start(now) == now:
            customer = self.waiting.popleft()
            if customer.gone():
                continue
            self.free -= 1
            self.counts[w.CONTACTS][customer.group] += 1
            customer.touch()
            self.simulator.schedule_event_relative(self.hang_up, self.random.expovariate(1.0 / w.SERVICE_HOURS))

    def hang_up(self) -> None:
        """End a call."""
        self.free += 1
        self.call()


class Eventful(Customer):
    """A customer who acts when an event of theirs is due."""

    def __init__(self, *columns: object) -> None:
        super().__init__(*columns)
        self.unsubscribed = False
        self.clock = self.model.simulator
        self.clock.schedule_event_absolute(self.buy_organically, self.until_organic())
        self.schedule()

    def gone(self) -> bool:
        """Return whether the journey is over."""
        return self.unsubscribed or self.bought <= self.clock.time

    def schedule(self) -> None:
        """Let the next touch come when it is due."""
        if self.due < w.HORIZON:
            self.clock.schedule_event_absolute(self.be_due, self.due)

    def be_due(self) -> None:
        """Be touched, or wait for an adviser."""
        if self.gone():
            return
        if w.CHANNELS[self.group][self.k] == w.ADVISER:
            self.model.ask(self)
        else:
            self.touch()

    def touch(self) -> None:
        """Be sent a touch: open it later, or do not."""
        k, sent, counts = self.k, self.clock.time, self.model.counts
        channel, chance = w.CHANNELS[self.group][k], self.random
        counts[w.SENT][self.group] += 1
        if chance.random() < w.DELIVERED[channel]:
            counts[w.GOT][self.group] += 1
            if chance.random() < w.UNSUBSCRIBED[channel]:
                counts[w.UNSUB][self.group] += 1
                self.unsubscribed = True
                return
            if chance.random() < w.OPENED[channel]:
                wait = w.OPEN_HOURS * chance.lognormvariate(0.0, 1.0)
                self.clock.schedule_event_relative(self.open, wait, function_args=[k, sent])
        self.plan(sent)
        self.schedule()

    def open(self, k: int, sent: float) -> None:
        """Open touch k: click it later, or do not."""
        self.model.counts[w.OPEN][self.group] += 1
        if self.random.random() < w.CLICKED[w.CHANNELS[self.group][k]]:
            wait = self.random.expovariate(1.0 / w.CLICK_HOURS)
            self.clock.schedule_event_relative(self.click, wait, function_args=[k, sent])

    def click(self, k: int, sent: float) -> None:
        """Click touch k: buy later, or do not."""
        self.model.counts[w.CLICK][self.group] += 1
        likes = w.BUYS[self.group] * w.FATIGUE ** (self.npri + k) * math.exp(-self.dormancy / w.DORMANCY_DAYS)
        wait = self.random.expovariate(1.0 / w.BUY_HOURS)
        if self.random.random() < likes and self.clock.time + wait - sent <= w.VALIDITY[self.group]:
            self.clock.schedule_event_relative(self.redeem, wait)

    def redeem(self) -> None:
        """Buy for a touch."""
        worth, counts = value(self.group, self.random), self.model.counts
        discount = min(worth, w.FACE[self.group])
        counts[w.CAMPAIGN][self.group] += 1
        counts[w.DISCOUNT][self.group] += discount + (w.KIT_COST if self.group == w.KIT else 0.0)
        self.buy(worth - discount)

    def buy_organically(self) -> None:
        """Buy without being asked, and go on."""
        self.buy(value(self.group, self.random))
        self.clock.schedule_event_relative(self.buy_organically, self.until_organic())

    def buy(self, paid: float) -> None:
        """Order."""
        self.bought = min(self.bought, self.clock.time)
        self.order(paid)

"""What people share while everybody lives alone (`free.py`).

A limit (stock, a budget line) is taken for far away: every answer is yes, demand is added up per day, and `binds` says
from when on the limit may have said no.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from attrs import define, evolve, field

from wakeup.plan.model import Activity, Grant, Plan, Send
from wakeup.sim.array.apart import apart
from wakeup.sim.array.book import Book
from wakeup.sim.array.codes import DAY, FAR, I64, MOST_PEOPLE, Bools, Index, among, person_of, seconds_of
from wakeup.sim.array.limits import UNLIMITED, Meter
from wakeup.sim.array.queue import Queue
from wakeup.sim.array.shared import Cost, Shared, shared_at_start
from wakeup.sim.array.sums import grown, sums_by
from wakeup.sim.array.turns import Hours
from wakeup.sim.array.waiting import Places

_Key = TypeVar("_Key", int, str)


@define(eq=False)
class Slack(Meter):
    """A limit of which there is enough. start: of the run. most: the greatest need that was asked for."""

    start: int = 0
    most: int = 0
    _new: list[tuple[I64, I64 | int]] = field(factory=list)
    _gains: I64 = field(factory=lambda: np.zeros(0, np.int64))
    _losses: I64 = field(factory=lambda: np.zeros(0, np.int64))

    def change(self, where: I64, amount: I64 | int) -> None:
        """Write down changes by `amount` at positions (m,)."""
        self._new.append((where, amount))

    def ask(self, need: I64 | int) -> None:
        """Take note of what somebody needs, or each of some: it is there."""
        self.most = max(self.most, need if isinstance(need, int) else int(need.max(initial=0)))

    def fits(self, where: I64, need: I64 | int) -> Bools:
        """Answer yes."""
        if len(where):
            self.ask(need)
        return np.ones(len(where), np.bool_)

    def settle(self, waiting: I64) -> None:
        """Add what was written down to the sums of its days, but for people (ascending) who will live again."""
        for where, amount in self._new:
            others = _others(waiting, where)
            self.count(seconds_of(where[others]), amount if isinstance(amount, int) else amount[others])
        self._new.clear()

    def count(self, t: I64, amount: I64 | int) -> None:
        """Add changes by `amount` at instants (m,) to the sums of their days."""
        more, less = np.maximum(amount, 0), np.minimum(amount, 0)
        if more.any():
            self.gain(*sums_by(self.day(t), more))
        if less.any():
            self._losses = grown(self._losses, *sums_by(self.day(t), less))

    def gain(self, first: int, sums: I64) -> None:
        """Add what is taken per day, from day number `first` on."""
        self._gains = grown(self._gains, first, sums)

    def day(self, t: I64) -> I64:
        """Return the numbers of the days of instants (m,)."""
        return (t - self.start) // DAY

    def add(self, other: "Slack") -> None:
        """Add what other people, who have lived elsewhere, have asked of the limit."""
        self._gains, self._losses = grown(self._gains, 0, other._gains), grown(self._losses, 0, other._losses)
        self.most = max(self.most, other.most)

    def binds(self) -> int:
        """Return the first instant of the first day in which the limit may say no, FAR if it never does."""
        if self.limit == UNLIMITED:
            return FAR
        days = max(len(self._gains), len(self._losses)) + 1
        gained = np.cumsum(np.pad(self._gains, (0, days - len(self._gains))))
        lost = np.cumsum(np.pad(self._losses, (1, days - 1 - len(self._losses))))
        full = np.flatnonzero(self.value + gained + lost + self.most > self.limit)
        return self.start + int(full[0]) * DAY if len(full) else FAR


@define(eq=False)
class Pool(Shared):
    """All that people share, while they live alone.

    places_of: per rated channel. queues: per desk. end: of the run. `reserved` is what those who have lived have
    reserved at that end.
    """

    places_of: list[Places] = field(factory=list)
    queues: list[Queue] = field(factory=list)
    end: int = 0
    _spent: list[tuple[Cost, str, Callable[[], I64]]] = field(factory=list)
    _held: list[tuple[str, I64, I64]] = field(factory=list)

    @property
    def meters(self) -> list[Slack]:
        """All limits, in an order that is the same for every pool of a plan."""
        counts = (self.stock, self.codes, self.places, self.wins)
        pieces = (each for some in counts for each in some.values())
        return [_slack(each) for each in (*pieces, *self.lines.values(), self.total)]

    @property
    def orders(self) -> list[Places | Queue]:
        """All that is given to people in the order in which they ask."""
        return [*self.places_of, *self.queues]

    def paying(self, line: str) -> Sequence[Slack]:
        """Return the total, and the line if it is declared."""
        return [_slack(each) for each in super().paying(line)]

    def spend(self, cost: Cost, line: str, where: Callable[[], I64]) -> None:
        """Write down costs (m,) on a line and the total; where: gives their positions."""
        if len(cost.t):
            self._spent.append((cost, line, where))

    def reserve(self, line: str, where: I64, micros: I64) -> None:
        """Write down what is reserved on a line, or given back where it is negative."""
        if line in self.lines:
            self._held.append((line, where, micros))

    def binds(self, plan: Plan) -> list[tuple[int, str]]:
        """Return from when on each limit may have said no (FAR: never), and its name."""
        named = {"stock": self.stock, "codes": self.codes, "places": self.places, "prizes": self.wins}
        found = [
            (_slack(each).binds(), f"{what} of {plan.incentives[index].name}")
            for what, meters in named.items()
            for index, each in meters.items()
        ]
        found += [(_slack(each).binds(), f"budget line {name}") for name, each in self.lines.items()]
        return [*found, (_slack(self.total).binds(), "budget")]

    def aside(self) -> "Pool":
        """Return what people share who only show what they would do: nothing of what they ask is kept."""

        def endless(meters: dict[_Key, Meter]) -> dict[_Key, Meter]:
            return {key: Slack(UNLIMITED) for key in meters}

        return evolve(
            self,
            stock=endless(self.stock),
            codes=endless(self.codes),
            places=endless(self.places),
            wins=endless(self.wins),
            lines=endless(self.lines),
            total=Slack(UNLIMITED),
            costs=[],
            spent=[],
            held=[],
        )

    def settle(self, waiting: I64) -> None:
        """Let what was written down stand, but for people (ascending) who will live again; costs are in `costs`."""
        self.add_up(waiting)
        for each in self.orders:
            each.asked.settle(waiting)

    def add_up(self, waiting: I64) -> None:
        """Do so with what was asked of limits."""
        for meter in self.meters:
            meter.settle(waiting)
        for cost, line, where in self._spent:
            stays = cost.chosen(_others(waiting, where())) if len(waiting) else cost
            self.costs.append(stays)
            self._pay(stays, line)
        for line, at, micros in self._held:
            others = _others(waiting, at)
            t, held = seconds_of(at[others]), micros[others]
            _slack(self.lines[line]).count(t, held)
            self.reserved[line] += int(held[t < self.end].sum())
        self._spent.clear()
        self._held.clear()

    def _pay(self, cost: Cost, line: str) -> None:
        """Add costs to the sums of the total and of a line, which are summed up once."""
        limits = [each for each in self.paying(line) if each.limit != UNLIMITED]
        if limits:
            sums = sums_by(limits[0].day(cost.t), cost.micros)
            for each in limits:
                each.gain(*sums)


def pool_at_start(book: Book, people: int = MOST_PEOPLE, *, eager: bool = False, entering: int = 0) -> Pool:
    """Return what so many people share, none of it expected to act; a stock that they cannot use up is left out.

    eager: places in a rate may be given before all have asked: chunks live one after the other, in the order of people.
    entering: seconds from the first wave to the last; where people of one can ask again while others enter, nobody is
    given a place so.
    """
    plan, shared = book.plan, shared_at_start(book, _no_span)
    start, least = plan.start, apart(book) if eager and entering else []

    def slack(meters: dict[int, Meter]) -> dict[int, Meter]:
        return {index: Slack(each.limit, start=start) for index, each in meters.items()}

    def supply(meters: dict[int, Meter]) -> dict[int, Meter]:
        few = {i: each for i, each in meters.items() if each.limit < people * _pieces_at_most(plan, i)}
        return slack(few)

    return Pool(
        stock=supply(shared.stock),
        codes=supply(shared.codes),
        places=slack(shared.places),
        wins=slack(shared.wins),
        lines={name: Slack(each.limit, start=start) for name, each in shared.lines.items()},
        reserved=shared.reserved,
        total=Slack(shared.total.limit, start=start),
        rates=[],
        desks=[],
        paused_until=shared.paused_until,
        winners=shared.winners,
        ordered=False,
        places_of=[
            Places(
                each.rate,
                each.seconds,
                start=start,
                end=plan.end,
                plenty=each.rate >= people * _sends_at_most(book, channel),
                eager=2 * (eager and _waits_alone(book, channel) and all(entering < after[number] for after in least)),
            )
            for number, (channel, each) in enumerate(zip(book.rated, shared.rates, strict=True))
        ],
        queues=[
            Queue(Hours(each.hours, plan.zone), each.people, plan.end, everybody=people if eager else 0)
            for each in plan.staff
        ],
        end=plan.end,
    )


def again(book: Book, people: int, pool: Pool) -> Pool:
    """Return what people share as it is at the start, with what is known of its order by now."""
    fresh = pool_at_start(book, people)
    fresh.places_of = [each.again() for each in pool.places_of]
    fresh.queues = [each.again() for each in pool.queues]
    return fresh


def _pieces_at_most(plan: Plan, incentive: int) -> int:
    """Return how many grants of an incentive one person can be given; as good as endless if it is a reward as well."""
    name = plan.incentives[incentive].name
    if any(isinstance(each, Activity) and each.reward == name for each in plan.incentives):
        return UNLIMITED
    return max(
        sum(isinstance(each, Send | Grant) and name in each.incentives for each in journey.program)
        for journey in plan.journeys
    )


def _sends_at_most(book: Book, channel: int) -> int:
    """Return how many places in a channel's rate one person can ask for: one for each step that sends there.

    As good as endless where messages are fallbacks or wait for staff: these may ask again whenever they are released.
    """
    there, every = _there(book, channel), _chains(book)
    spare = any(not there.isdisjoint(chain[1:]) for some in every for chain in some)
    if spare or any(book.serving[message] >= 0 for message in there):
        return UNLIMITED
    return max(sum(chain[0] in there for chain in some) for some in every)


def _waits_alone(book: Book, channel: int) -> bool:
    """Say whether nothing else can come of a request that finds no place now than to be held for it: no message there
    has or is a fallback, or waits for staff."""
    there = _there(book, channel)
    if any(book.serving[message] >= 0 for message in there):
        return False
    return all(len(chain) == 1 or there.isdisjoint(chain) for some in _chains(book) for chain in some)


def _there(book: Book, channel: int) -> set[int]:
    """Return the messages that go by a channel."""
    return {message for message, its in enumerate(book.channel_of) if its == channel}


def _chains(book: Book) -> list[list[tuple[int, ...]]]:
    """Return what each step that sends may send, per journey."""
    return [
        [book.chain(book.message[each.message]) for each in journey.program if isinstance(each, Send)]
        for journey in book.plan.journeys
    ]


def _others(waiting: I64, where: I64) -> Index | slice:
    """Return the places of those of some positions whose people are not among `waiting`, ascending."""
    return np.flatnonzero(~among(person_of(where), waiting)) if len(waiting) else slice(None)


def _slack(meter: Meter) -> Slack:
    assert isinstance(meter, Slack)
    return meter


def _no_span(desk: int, people: I64, turns: I64) -> I64:
    raise ValueError("who waits at a desk is served in `queue.py`")

"""W as a campaign: its plan, its customers as wakeup's population, and a sink that counts as the peers count."""

from pathlib import Path

import numpy as np
from attrs import define, evolve, field
from numpy.typing import NDArray

import wakeup
from benchmarks.w import terms as w
from benchmarks.w.people import HELD, TREATED, Floats, People
from wakeup.customers.identity import customer_keys, key_order
from wakeup.customers.population import Population, Touches
from wakeup.draws import share
from wakeup.figures.events import Closing, EventBatch, Part
from wakeup.plan.model import Channel, Journey, Plan, Split
from wakeup.source import Source
from wakeup.terms.lists import Row

CAMPAIGN = Path(__file__).parents[1] / "workload_w.wake"
WRITTEN_FOR = 100_000
ROUGH = 20
"""Below so many sends a minute, rounding would change the rate: it is one in some seconds then."""
_HOUR, _DAY = 3600, 86_400


def plan_for(customers: int, origin: Path | Source = CAMPAIGN) -> Plan:
    """Return the plan with three daily batches for so many customers, each sent over twelve hours."""
    plan = wakeup.load(origin)
    return evolve(
        plan,
        channels=tuple(_channel(each, customers) for each in plan.channels),
        journeys=tuple(_journey(each, customers) for each in plan.journeys),
    )


def _channel(channel: Channel, customers: int) -> Channel:
    rate, seconds = channel.rate * customers // WRITTEN_FOR, channel.rate_seconds
    if channel.rate and rate < ROUGH:
        rate, seconds = 1, max(1, channel.rate_seconds * WRITTEN_FOR // (channel.rate * customers))
    return evolve(channel, rate=rate, rate_seconds=seconds)


def _journey(journey: Journey, customers: int) -> Journey:
    assert journey.wave.per_day is not None
    per_day = max(1, -(-journey.wave.per_day * customers // WRITTEN_FOR))
    return evolve(journey, wave=evolve(journey.wave, per_day=per_day))


def population(people: People, as_of: int) -> Population:
    """Return W's customers as of the run's start; groups and launches are the plan's affair."""
    ids = np.array([f"W{number:08d}" for number in range(len(people))], object)
    keys = customer_keys(ids)
    order = key_order(keys)
    last = as_of - np.rint(people.dormancy[order].astype(np.float64) * _DAY).astype(np.int64)
    value = np.floor(people.aov[order].astype(np.float64) * 100).astype(np.int64)  # nobody rises into a higher tier
    return Population(
        key=keys[order],
        ids=ids[order],
        as_of=as_of,
        first_order=last,
        last_order=last,
        last_interaction=last,
        orders=np.ones(len(people), np.int32),
        monetary=value,
        average_order_value=value,
        gap=np.full(len(people), np.nan, np.float32),
        consents={},
        tags={},
        fields={},
        touches=_touches(people, order, as_of),
    )


def _touches(people: People, order: NDArray[np.intp], as_of: int) -> Touches:
    """Return the touches before the run, the earlier before the later, of each customer."""
    both = np.stack((people.earlier[order], people.latest[order]), axis=1).astype(np.float64)
    there = both > -1e8
    t = as_of + np.rint(both[there] * _HOUR).astype(np.int64)
    offset = np.concatenate(([0], np.cumsum(there.sum(axis=1)))).astype(np.int64)
    return Touches(offset, t, np.zeros(len(t), np.int16), ("others",))


@define(eq=False)
class Counts:
    """A sink that counts like the peers: table (metrics, groups), see terms.METRICS."""

    plan: Plan
    table: Floats = field(factory=lambda: np.zeros((len(w.METRICS), len(w.GROUPS))))
    _group: NDArray[np.intp] = field(factory=lambda: np.zeros(0, np.intp))
    _bought: NDArray[np.bool_] = field(factory=lambda: np.zeros(0, np.bool_))

    def begin(self) -> None:
        self.table[:] = 0

    def add(self, part: Part) -> None:
        split = next(each for each in self.plan.journeys[1].program if isinstance(each, Split))
        arm = share(part.key, split.salt) < float(split.arms[0].high)
        tier = part.membership.journey  # the journeys stand in the order of the tiers
        assert (tier >= 0).all(), "everybody is of W"
        treated = np.where((tier == 1) & ~arm, w.KIT, TREATED[tier])
        self._group = np.where(part.membership.held_out, HELD[tier], treated)
        self._bought = np.zeros(len(self._group), np.bool_)
        self.table[w.N] += np.bincount(self._group, minlength=7)
        for batch in part.batches:
            self._count(batch)
        self.table[w.PURCHASERS] += np.bincount(self._group[self._bought], minlength=7)

    def _count(self, batch: EventBatch) -> None:
        counted = {
            Row.SENT: w.SENT, Row.DELIVERED: w.GOT, Row.COMPLAINED: w.UNSUB, Row.OPENED: w.OPEN, Row.CLICKED: w.CLICK,
            Row.ORDERED: w.ORDERS, Row.REDEEMED: w.CAMPAIGN, Row.GIFTED: w.CAMPAIGN,
        }  # fmt: skip
        row = Row(batch.row)
        if row not in counted:
            return
        self._add(counted[row], batch.who)
        money = batch.amount / 10.0**self.plan.minor_digits
        if row is Row.SENT:
            advised = [number for number, each in enumerate(self.plan.messages) if each.channel == "adviser"]
            self._add(w.CONTACTS, batch.who[np.isin(batch.message, advised)])
        elif row is Row.ORDERED:
            self._bought[batch.who] = True
            self._add(w.REVENUE, batch.who, money)
        elif row is Row.REDEEMED:
            self._add(w.REVENUE, batch.who, -money)
        if row in (Row.REDEEMED, Row.GIFTED):
            self._add(w.DISCOUNT, batch.who, money)

    def _add(self, metric: int, who: NDArray[np.int32], weights: Floats | None = None) -> None:
        self.table[metric] += np.bincount(self._group[who], weights, minlength=7)

    def close(self, closing: Closing) -> None:
        pass

"""The sink that adds up one replication. Rows may come in any order and in batches of any size.

Only the columns that the sums need are kept (about a dozen bytes a row), because what a row counts for can depend on
rows that come later: an order on the moment of waking, a person on the arm.
"""

from collections import Counter
from typing import Final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from wakeup.customers.population import Population
from wakeup.figures.cells import Cells, Family, divide
from wakeup.figures.contacts import Contacts, credit, in_order, most_touches
from wakeup.figures.events import Closing, EventBatch, Membership
from wakeup.figures.periods import day_edges, local_days, month_edges
from wakeup.figures.rows import Kept, Rows, prices
from wakeup.figures.spending import spending
from wakeup.figures.totals import CHANNEL_METRICS, DAY_METRICS, GROUPS, HELD_OUT, TREATED, Segment, Totals
from wakeup.plan.model import Coupon, Plan, Split
from wakeup.stats import random_groups
from wakeup.terms.lists import Outcome, Reason, Row

_QUARTER_HOUR: Final = 900
_AWAKE: Final = {
    Outcome.ORDER: Row.ORDERED,
    Outcome.OPEN: Row.OPENED,
    Outcome.CLICK: Row.CLICKED,
    Outcome.CLAIM: Row.CLAIMED,
    Outcome.JOIN: Row.JOINED,
    Outcome.COMPLETE: Row.COMPLETED,
    Outcome.ATTEND: Row.COMPLETED,
}
_COUNTED: Final = {
    "sent": Row.SENT,
    "delivered": Row.DELIVERED,
    "opened": Row.OPENED,
    "clicked": Row.CLICKED,
    "claimed": Row.CLAIMED,
    "joined": Row.JOINED,
    "completed": Row.COMPLETED,
    "opted_out": Row.OPTED_OUT,
    "complained": Row.COMPLAINED,
    "grants": Row.GRANTED,
    "ratings": Row.RATED,
}
_NEVER: Final = np.iinfo(np.int64).max


class Tally:
    """Takes one replication of one plan over one population (a `wakeup.figures.events.Sink`); then ask for `totals`.

    The arrays of a batch are kept: whoever hands them over must not write to them afterwards.
    """

    def __init__(self, plan: Plan, population: Population) -> None:
        self._plan = plan
        self._population = population
        self._rows = Rows()
        self._refused: Counter[int] = Counter()
        self._delayed: Counter[int] = Counter()
        self._not_entered = 0
        self._membership: Membership | None = None
        self._closing: Closing | None = None

    def begin(self, membership: Membership) -> None:
        """Take who is targeted, held out, in which band and journey."""
        self._membership = membership

    def add(self, batch: EventBatch) -> None:
        """Take rows of the simulated people."""
        match batch.row:
            case Row.REFUSED:
                self._refused.update(_by_reason(batch.reason))
            case Row.DELAYED:
                self._delayed.update(_by_reason(batch.reason))
            case Row.NOT_ENTERED:
                self._not_entered += len(batch.who)
            case _:
                self._rows.add(batch)

    def add_twin(self, who: NDArray[np.int32], t: NDArray[np.int64], amount: NDArray[np.int64]) -> None:
        """Take orders of the untouched twins: person index, instant, value in minor units."""
        self._rows.add_twin(who, t, amount)

    def close(self, closing: Closing) -> None:
        """Take what the rows do not say; nothing follows."""
        self._closing = closing

    def totals(self) -> Totals:
        """Return the sums.

        Raises:
            ValueError: the replication has not begun, or has not been closed.
        """
        if self._membership is None or self._closing is None:
            raise ValueError("a replication that was not run to its end has no totals")
        return _Sums(self._plan, self._population, self._membership, self._closing, self._rows).totals(
            self._reasons(self._membership), _named(self._delayed)
        )

    def _reasons(self, membership: Membership) -> dict[str, int]:
        ways = {"not_entered": self._not_entered, "no_journey": membership.no_journey}
        return _named(self._refused) | {name: count for name, count in ways.items() if count}


def _by_reason(reason: NDArray[np.uint8]) -> dict[int, int]:
    counts = np.bincount(reason)
    return {int(code): int(counts[code]) for code in np.flatnonzero(counts)}


def _named(counts: Counter[int]) -> dict[str, int]:
    return {Reason(code).name.lower(): counts[code] for code in sorted(counts)}


@frozen(eq=False)
class _Orders:
    """Orders of one kind of people inside the run, those of their history known, and months of those awake."""

    rows: Kept
    paid: NDArray[np.int64]


class _Sums:
    """All rows are there: sort people into cells, then add up."""

    def __init__(
        self, plan: Plan, population: Population, membership: Membership, closing: Closing, rows: Rows
    ) -> None:
        self._plan = plan
        self._membership = membership
        self._closing = closing
        self._rows = rows
        self._n = len(population)
        simulated = membership.journey >= 0
        self._side = np.where(simulated, np.where(membership.held_out, HELD_OUT, TREATED), -1).astype(np.int64)
        self._group = random_groups(population.key, GROUPS).astype(np.int64)
        self._price = prices(plan)
        self._events = _of(plan, "event")
        self._rebates = np.array([isinstance(each, Coupon) and each.rebate for each in plan.incentives], np.bool_)
        channel = {c.name: index for index, c in enumerate(plan.channels)}
        self._channel_of = np.array([channel[m.channel] for m in plan.messages], np.int64)
        # A person's own average order value before the run, half up; 0 without orders.
        orders = membership.orders.astype(np.int64)
        self._own_average = (2 * membership.monetary + orders) // np.maximum(2 * orders, 1)
        self._own_average[orders == 0] = 0

    def totals(self, reasons: dict[str, int], delays: dict[str, int]) -> Totals:
        """Add up."""
        plan, rows = self._plan, self._rows
        cells = divide(self._side, self._group, self._families())
        orders, tail = rows.kept(Row.ORDERED).split(plan.start, plan.end)
        redeemed, tail_redeemed = rows.kept(Row.REDEEMED).split(plan.start, plan.end)
        earned = self._rebates[redeemed.incentive]
        coupons, points = redeemed.chosen(~earned), redeemed.chosen(earned)
        tail_coupons = tail_redeemed.chosen(~self._rebates[tail_redeemed.incentive])
        twins, _ = rows.twins().split(plan.start, plan.end)
        sends = rows.within(Row.SENT, plan.start, plan.end)
        metrics = self._people(cells) | self._counts(cells, sends) | self._gifts(cells, points)
        metrics |= self._own_orders(cells, orders, coupons, points)
        metrics |= self._tail(cells, tail, tail_coupons)
        metrics |= self._twin_orders(cells, twins)
        segments, sums = cells.sums(metrics)
        contacts = in_order(sends.who, sends.t, sends.message)
        return Totals(
            segments=segments,
            sums=sums,
            channels=self._channels(sends),
            days=self._days(sends, orders, coupons, twins),
            eligible=self._membership.eligible,
            no_journey=self._membership.no_journey,
            unclassified=self._unclassified(),
            reasons=reasons,
            delays=delays,
            spending=spending(plan, rows, self._closing),
            most_touches={each.per: most_touches(contacts, each.per) for each in plan.expectations if each.per > 0},
            credit=self._credit(contacts, orders, coupons),
            promoted=self._closing.promoted,
            tripped=self._closing.tripped,
        )

    # --- who belongs where ---------------------------------------------------------------------------------------

    def _families(self) -> tuple[Family, ...]:
        membership = self._membership
        tiers = [
            Family(tuple(Segment("tier", tier.name, band.name) for band in tier.bands), bands.astype(np.int64))
            for tier, bands in zip(self._plan.tiers, membership.bands, strict=True)
        ]
        journeys = tuple(Segment("journey", "journey", journey.name) for journey in self._plan.journeys)
        return (*tiers, Family(journeys, membership.journey.astype(np.int64)), *self._arms())

    def _arms(self) -> list[Family]:
        assigned = self._rows.kept(Row.ASSIGNED)
        journey_of = self._membership.journey[assigned.who]
        families = []
        for number, journey in enumerate(self._plan.journeys):
            for step, split in enumerate(journey.program):
                if isinstance(split, Split):
                    rows = assigned.chosen((journey_of == number) & (assigned.step == step))
                    families.append(self._arm_family(journey.name, split, rows))
        return families

    def _arm_family(self, journey: str, split: Split, rows: Kept) -> Family:
        before = rows.chosen(rows.t < self._promotion(journey, split.name, rows.t))
        code = np.full(self._n, -1, np.int64)
        code[before.who] = before.arm
        name = f"{journey}/{split.name}"
        return Family(tuple(Segment("arm", name, arm.name) for arm in split.arms), code)

    def _promotion(self, journey: str, split: str, assigned: NDArray[np.int64]) -> int:
        """Instant from which a winner takes newly arriving people (SEMANTICS 26); far away if there is none."""
        if not dict(self._closing.promoted).get(f"{journey}/{split}") or not len(assigned):
            return _NEVER
        start = self._plan.start
        after = next(p.after for p in self._plan.promotions if (p.journey, p.split) == (journey, split))
        return start - (start - int(assigned.min()) - after) // _QUARTER_HOUR * _QUARTER_HOUR

    def _unclassified(self) -> dict[str, int]:
        simulated = self._side >= 0
        return {
            tier.name: int((simulated & (bands < 0)).sum())
            for tier, bands in zip(self._plan.tiers, self._membership.bands, strict=True)
        }

    # --- people and rows -----------------------------------------------------------------------------------------

    def _people(self, cells: Cells) -> dict[str, NDArray[np.int64]]:
        everybody = np.arange(self._n)
        return {
            "people": cells.count(everybody),
            "enrolled": self._distinct(cells, self._rows.kept(Row.ENTERED).who),
        }

    def _distinct(self, cells: Cells, who: NDArray[np.integer]) -> NDArray[np.int64]:
        there = np.zeros(self._n, np.bool_)
        there[who] = True
        return cells.count(np.flatnonzero(there))

    def _counts(self, cells: Cells, sends: Kept) -> dict[str, NDArray[np.int64]]:
        plan, rows = self._plan, self._rows
        metrics = {name: cells.count(rows.within(row, plan.start, plan.end).who) for name, row in _COUNTED.items()}
        metrics["touched"] = self._distinct(cells, sends.who)
        metrics["send_micros"] = cells.add(sends.who, self._price[sends.message, sends.arm])
        attended = self._inside(Row.COMPLETED)
        metrics["attended"] = cells.count(attended.chosen(self._events[attended.incentive]).who)
        for name, row in (("staff_cost", Row.SERVED), ("score", Row.RATED)):
            found = rows.within(row, plan.start, plan.end)
            metrics[name] = cells.add(found.who, found.amount)
        return metrics

    def _gifts(self, cells: Cells, points: Kept) -> dict[str, NDArray[np.int64]]:
        """What was handed over, won, spent on a seat or earned in points."""
        given = (self._inside(Row.GIFTED), self._inside(Row.COMPLETED), points)
        return {"gift_cost": np.sum([cells.add(each.who, each.amount) for each in given], axis=0)}

    # --- orders --------------------------------------------------------------------------------------------------

    def _own_orders(self, cells: Cells, orders: Kept, coupons: Kept, points: Kept) -> dict[str, NDArray[np.int64]]:
        woke = self._woke(orders)
        subsidised, for_nothing = coupons.chosen(coupons.subsidised), points.chosen(points.subsidised)
        known = cells.add(coupons.who, np.where(self._own_average[coupons.who] > 0, coupons.amount, 0))
        ordered = self._ordered(cells, orders, self._rows.kept(Row.ORDERED), woke)
        return {
            **ordered,
            "known_paid": ordered["known_paid"] - known,
            "redemptions": cells.count(coupons.who),
            "discount": cells.add(coupons.who, coupons.amount),
            "subsidised_orders": cells.count(subsidised.who),
            "subsidy_cost": cells.add(subsidised.who, subsidised.amount)
            + cells.add(for_nothing.who, for_nothing.amount),
        }

    def _twin_orders(self, cells: Cells, twins: Kept) -> dict[str, NDArray[np.int64]]:
        woke = np.full(self._n, _NEVER)
        if Outcome.ORDER in self._plan.awake:
            np.minimum.at(woke, twins.who, twins.t)
        ordered = self._ordered(cells, twins, self._rows.twins(), woke)
        return {f"twin_{name}": metric for name, metric in ordered.items()}

    def _woke(self, orders: Kept) -> NDArray[np.int64]:
        """First instant of an `awake` outcome inside the run per person: int64 (n,), far away if there is none."""
        woke = np.full(self._n, _NEVER)
        for outcome in self._plan.awake:
            row = _AWAKE[Outcome(outcome)]
            rows = orders if row is Row.ORDERED else self._inside(row)
            if outcome == Outcome.ATTEND:
                rows = rows.chosen(self._events[rows.incentive])
            np.minimum.at(woke, rows.who, rows.t)
        return woke

    def _ordered(
        self, cells: Cells, inside: Kept, every: Kept, woke: NDArray[np.int64]
    ) -> dict[str, NDArray[np.int64]]:
        known = inside.chosen(self._own_average[inside.who] > 0)
        return {
            "woken": cells.count(np.flatnonzero(woke != _NEVER)),
            "converted": self._distinct(cells, inside.who),
            "orders": cells.count(inside.who),
            "value": cells.add(inside.who, inside.amount),
            "known_paid": cells.add(known.who, known.amount),
            "known_base": cells.add(known.who, self._own_average[known.who]),
            "active_months": cells.count(self._active_months(every, woke)),
        }

    def _active_months(self, orders: Kept, woke: NDArray[np.int64]) -> NDArray[np.int64]:
        """One person index per distinct local month with an order from waking on, for `follow_up`."""
        plan = self._plan
        since = woke[orders.who]
        # The difference first: `since` may be far away, and a sum with it would run over.
        followed = orders.chosen((orders.t >= since) & (orders.t - np.minimum(since, orders.t) < plan.follow_up))
        edges = month_edges(plan.start, plan.end + plan.follow_up, plan.zone)
        months = len(edges) + 1
        pairs = followed.who.astype(np.int64) * months + np.searchsorted(edges, followed.t, side="right")
        return np.unique(pairs) // months

    def _tail(self, cells: Cells, orders: Kept, coupons: Kept) -> dict[str, NDArray[np.int64]]:
        redeemed = orders.chosen(orders.paired(coupons))
        return {
            "tail_orders": cells.count(redeemed.who),
            "tail_redemptions": cells.count(coupons.who),
            "tail_value": cells.add(redeemed.who, redeemed.amount),
            "tail_discount": cells.add(coupons.who, coupons.amount),
        }

    # --- channels and days ---------------------------------------------------------------------------------------

    def _channels(self, sends: Kept) -> NDArray[np.int64]:
        channels = len(self._plan.channels)
        table = np.zeros((GROUPS, channels, len(CHANNEL_METRICS)), np.int64)
        for index, name in enumerate(CHANNEL_METRICS):
            rows = sends if name in ("sent", "send_micros") else self._inside(_COUNTED[name])
            at = self._group[rows.who] * channels + self._channel_of[rows.message]
            weight = self._price[rows.message, rows.arm] if name == "send_micros" else None
            counts = np.bincount(at, weights=weight, minlength=GROUPS * channels)
            table[:, :, index] = counts.reshape(GROUPS, channels)
        return table

    def _inside(self, row: Row) -> Kept:
        return self._rows.within(row, self._plan.start, self._plan.end)

    def _days(self, sends: Kept, orders: Kept, coupons: Kept, twins: Kept) -> NDArray[np.int64]:
        plan = self._plan
        edges = day_edges(local_days(plan.start, plan.end, plan.zone), plan.zone)
        table = np.zeros((len(edges), len(DAY_METRICS)), np.int64)
        sources = {"sent": (sends, False), "orders": (orders, False), "value": (orders, True)}
        sources |= {"discount": (coupons, True), "twin_orders": (twins, False), "twin_value": (twins, True)}
        for index, name in enumerate(DAY_METRICS):
            rows, money = sources[name]
            treated = rows.chosen(self._side[rows.who] == TREATED)
            day = np.searchsorted(edges, treated.t, side="right") - 1
            table[:, index] = np.bincount(day, weights=treated.amount if money else None, minlength=len(edges))
        return table

    def _credit(self, contacts: Contacts, orders: Kept, coupons: Kept) -> NDArray[np.float64]:
        own = orders.chosen(self._side[orders.who] == TREATED).sorted()
        paid = own.amount - own.matched(coupons)
        channels = len(self._plan.channels)
        return credit(self._plan.attribution, contacts, self._channel_of, channels, own.who, own.t, paid)


def _of(plan: Plan, kind: str) -> NDArray[np.bool_]:
    return np.array([each.kind == kind for each in plan.incentives], np.bool_)

"""Adds up the rows of a part.

What a row counts for can depend on other rows of the same person: an order on the moment of waking, a person on the
arm. A part has all rows of its people, so it can be added up alone.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wakeup.figures.cells import Family, divide, segments_of
from wakeup.figures.contacts import MODELS, Contacts, credit, most_touches
from wakeup.figures.events import Part
from wakeup.figures.rows import Kept, Rows
from wakeup.figures.sums import Sums
from wakeup.figures.tables import Tables
from wakeup.figures.totals import (
    CHANNEL_METRICS,
    CREDIT_UNITS,
    DAY_METRICS,
    GROUPS,
    Segment,
)
from wakeup.plan.model import Split
from wakeup.stats import random_groups
from wakeup.terms.lists import ROW_OF, Outcome, Reason, Row

Metrics = dict[str, NDArray[np.int64]]

_COUNTED: Final = {
    "claimed": Row.CLAIMED,
    "joined": Row.JOINED,
    "completed": Row.COMPLETED,
    "grants": Row.GRANTED,
    "ratings": Row.RATED,
}
_BY_MESSAGE: Final = {
    "delivered": Row.DELIVERED,
    "opened": Row.OPENED,
    "clicked": Row.CLICKED,
    "opted_out": Row.OPTED_OUT,
    "complained": Row.COMPLAINED,
}
_PAID: Final = (Row.GIFTED, Row.SERVED, Row.COMPLETED, Row.REDEEMED)
_NEVER: Final = np.iinfo(np.int64).max


def add_up(tables: Tables, part: Part, promoted: Mapping[tuple[int, int], int]) -> Sums:
    """Add up a part.

    Args:
        tables: of the plan.
        part: everything that happened to some people, all of whom have a journey.
        promoted: the instant from which a winner takes those who arrive, by (number of the journey, step of the split);
            splits without a winner are not in it.
    """
    return _Adding(tables, part, promoted).sums()


class _Adding:
    """The rows of a part by kind, and its people in cells."""

    def __init__(self, tables: Tables, part: Part, promoted: Mapping[tuple[int, int], int]) -> None:
        plan, members = tables.plan, part.membership
        self._tables, self._plan, self._members = tables, plan, members
        self._n = len(part.people)
        self._rows, self._place = Rows(part, plan.start, plan.end), part.place
        families = (*self._bands(), *self._journeys(), *self._arms(promoted))
        self._segments = segments_of(families)
        self._cells = divide(members.held_out.astype(np.int8), random_groups(part.key, GROUPS), families)
        self._written = self._cells.among(part.place)
        self._orders = self._rows.inside(Row.ORDERED)
        redeemed = self._rows.inside(Row.REDEEMED)
        earned = tables.is_rebate[redeemed.incentive]
        self._coupons, self._points = redeemed.chosen(~earned), redeemed.chosen(earned)

    def sums(self) -> Sums:
        """Add up everything."""
        cells, rows, members, price = (
            self._cells,
            self._rows,
            self._members,
            self._tables.price,
        )
        sent, answers = self._sent_by_text(), self._answers()
        twins = rows.twins.within(self._plan.start, self._plan.end)
        metrics = {name: table.sum(axis=1) for name, table in (("sent", sent), *answers.items())}
        metrics["send_micros"] = (sent * price.ravel()).sum(axis=1)
        metrics |= self._people() | self._counts() | self._own_orders() | self._tail() | self._twin_orders(twins)
        return Sums(
            segments=self._segments,
            table=cells.sums(metrics),
            channels=self._by_channel(sent, answers),
            days=self._days(twins),
            eligible=members.eligible,
            no_journey=members.no_journey,
            unclassified=np.array([np.count_nonzero(bands < 0) for bands in members.bands], np.int64),
            refused=_by_reason(rows.kept(Row.REFUSED)),
            delayed=_by_reason(rows.kept(Row.DELAYED)),
            not_entered=len(rows.kept(Row.NOT_ENTERED)),
            texts=sent.sum(axis=0).reshape(price.shape),
            paid=self._paid(),
            most_touches=self._most_touches(),
            credit=self._credit(),
        )

    # --- who belongs where ---------------------------------------------------------------------------------------

    def _bands(self) -> list[Family]:
        return [
            Family(
                tuple(Segment("tier", tier.name, band.name) for band in tier.bands),
                bands,
            )
            for tier, bands in zip(self._plan.tiers, self._members.bands, strict=True)
        ]

    def _journeys(self) -> list[Family]:
        names = tuple(Segment("journey", "journey", journey.name) for journey in self._plan.journeys)
        return [Family(names, self._members.journey)]

    def _arms(self, promoted: Mapping[tuple[int, int], int]) -> list[Family]:
        assigned = self._rows.kept(Row.ASSIGNED)
        journey_of = self._members.journey[assigned.who]
        families = []
        for number, journey, step, split in self._tables.splits():
            rows = assigned.chosen((journey_of == number) & (assigned.step == step))
            before = rows.chosen(rows.t < promoted.get((number, step), _NEVER))
            families.append(self._arm_family(f"{journey.name}/{split.name}", split, before))
        return families

    def _arm_family(self, name: str, split: Split, rows: Kept) -> Family:
        code = np.full(self._n, -1, np.int16)
        code[rows.who] = rows.arm
        return Family(tuple(Segment("arm", name, arm.name) for arm in split.arms), code)

    # --- people and rows -----------------------------------------------------------------------------------------

    def _people(self) -> Metrics:
        written = (self._rows.written(Row.ENTERED), self._rows.counted(Row.SENT))
        enrolled, touched = (_flags(each.who, len(self._written.of)) for each in written)
        return dict(zip(("people", "enrolled", "touched"), self._written.marked(enrolled, touched), strict=True))

    def _sent_by_text(self) -> NDArray[np.int64]:
        """Return sends by cell and text, int64 (cells, messages * texts of one): all costs of sends follow from it."""
        messages, width = self._tables.price.shape
        sends = self._rows.counted(Row.SENT)
        text = sends.message if width == 1 else sends.message * width + sends.arm % width
        return self._written.table(sends.who, text, messages * width)

    def _answers(self) -> Metrics:
        """Return what followed sends by cell and message, int64 (cells, messages) by name."""
        cells, messages = self._written, len(self._plan.messages)
        found = {name: self._rows.counted(row) for name, row in _BY_MESSAGE.items()}
        return {name: cells.table(rows.who, rows.message, messages) for name, rows in found.items() if len(rows)}

    def _by_channel(self, sent: NDArray[np.int64], answers: Metrics) -> NDArray[np.int64]:
        """Return int64 (GROUPS, channels, CHANNEL_METRICS)."""
        price, messages = self._tables.price, len(self._plan.messages)
        by_group = self._cells.by_group(np.concatenate((sent, *answers.values()), axis=1))
        texts = by_group[:, : sent.shape[1]].reshape(GROUPS, *price.shape)
        by_message = {"sent": texts.sum(axis=2), "send_micros": (texts * price).sum(axis=2)}
        for number, name in enumerate(answers):
            first = sent.shape[1] + number * messages
            by_message[name] = by_group[:, first : first + messages]
        channels = np.zeros((GROUPS, len(self._plan.channels), len(CHANNEL_METRICS)), np.int64)
        for name, table in by_message.items():
            channels[:, :, CHANNEL_METRICS.index(name)] = table @ self._tables.on_channel
        return channels

    def _counts(self) -> Metrics:
        rows, cells, is_event = self._rows, self._cells, self._tables.is_event
        metrics = {name: self._written.count(rows.counted(row).who) for name, row in _COUNTED.items()}
        completed, gifted = rows.inside(Row.COMPLETED), rows.inside(Row.GIFTED)
        metrics["attended"] = cells.count(completed.chosen(is_event[completed.incentive]).who)
        # What was handed over, won, spent on a seat or earned in points.
        given = [cells.add(each.who, each.amount) for each in (gifted, completed, self._points)]
        metrics["gift_cost"] = np.sum(given, axis=0)
        for name, row in (("staff_cost", Row.SERVED), ("score", Row.RATED)):
            found = rows.inside(row)
            metrics[name] = cells.add(found.who, found.amount)
        return metrics

    # --- orders --------------------------------------------------------------------------------------------------

    def _own_orders(self) -> Metrics:
        cells, coupons, points = self._cells, self._coupons, self._points
        subsidised, for_nothing = (
            coupons.chosen(coupons.subsidised),
            points.chosen(points.subsidised),
        )
        known = coupons.chosen(self._own_average(coupons.who) > 0)
        ordered = self._ordered(self._orders, self._rows.kept(Row.ORDERED), self._awake())
        return {
            **ordered,
            "known_paid": ordered["known_paid"] - cells.add(known.who, known.amount),
            "redemptions": cells.count(coupons.who),
            "discount": cells.add(coupons.who, coupons.amount),
            "subsidised_orders": cells.count(subsidised.who),
            "subsidy_cost": cells.add(subsidised.who, subsidised.amount)
            + cells.add(for_nothing.who, for_nothing.amount),
        }

    def _twin_orders(self, inside: Kept) -> Metrics:
        awake = [inside if Outcome.ORDER in self._plan.awake else Kept()]
        ordered = self._ordered(inside, self._rows.twins, awake)
        return {f"twin_{name}": metric for name, metric in ordered.items()}

    def _awake(self) -> list[Kept]:
        """Return the rows of `awake` outcomes inside the run."""
        found = [Kept()]
        for outcome in self._plan.awake:
            rows = self._rows.inside(ROW_OF[outcome])
            found.append(rows.chosen(self._tables.is_event[rows.incentive]) if outcome == Outcome.ATTEND else rows)
        return found

    def _ordered(self, inside: Kept, every: Kept, awake: Sequence[Kept]) -> Metrics:
        cells, own = self._cells, self._own_average(inside.who)
        known = inside.chosen(own > 0)
        return {
            "woken": cells.count(_once(np.concatenate([each.who for each in awake]), self._n)),
            "converted": cells.count(_once(inside.who, self._n)),
            "orders": cells.count(inside.who),
            "value": cells.add(inside.who, inside.amount),
            "markup": cells.add(inside.who, self._tables.markup(inside.t, inside.amount)),
            "known_paid": cells.add(known.who, known.amount),
            "known_base": cells.add(inside.who, own),
            "active_months": cells.count(self._active_months(every, awake)),
        }

    def _own_average(self, who: NDArray[np.integer]) -> NDArray[np.int64]:
        """Average order value before the run, half up, of the person of each row: int64 (m,), 0 without orders."""
        orders = self._members.orders[who].astype(np.int64)
        average = (2 * self._members.monetary[who] + orders) // np.maximum(2 * orders, 1)
        return np.where(orders > 0, average, 0)

    def _active_months(self, orders: Kept, awake: Sequence[Kept]) -> NDArray[np.int64]:
        """One person per distinct local month with an order from waking on, for `follow_up`."""
        woke = np.full(self._n, _NEVER)
        for rows in awake:
            np.minimum.at(woke, rows.who, rows.t)
        since = woke[orders.who]
        # The difference first: `since` may be far away, and a sum with it would run over.
        followed = orders.chosen((orders.t >= since) & (orders.t - np.minimum(since, orders.t) < self._plan.follow_up))
        months = len(self._tables.months) + 1
        month = np.searchsorted(self._tables.months, followed.t, side="right")
        return _once(followed.who * months + month, self._n * months) // months

    def _tail(self) -> Metrics:
        cells, redeemed = self._cells, self._rows.after(Row.REDEEMED)
        coupons = redeemed.chosen(~self._tables.is_rebate[redeemed.incentive])
        if not len(coupons):
            return {}
        orders = self._rows.after(Row.ORDERED)
        orders = orders.chosen(orders.paired(coupons))
        return {
            "tail_orders": cells.count(orders.who),
            "tail_redemptions": cells.count(coupons.who),
            "tail_value": cells.add(orders.who, orders.amount),
            "tail_discount": cells.add(coupons.who, coupons.amount),
        }

    # --- days, money, credit -------------------------------------------------------------------------------------

    def _days(self, twins: Kept) -> NDArray[np.int64]:
        tables = self._tables
        table = np.zeros((len(tables.days), len(DAY_METRICS)), np.int64)
        for name, money, rows in (
            ("sent", None, self._sends()),
            ("orders", "value", self._treated(self._orders)),
            (None, "discount", self._coupons),
            ("twin_orders", "twin_value", self._treated(twins)),
        ):
            day = tables.day(rows.t)
            if name:
                table[:, DAY_METRICS.index(name)] = np.bincount(day, minlength=len(table))
            if money:
                table[:, DAY_METRICS.index(money)] = np.bincount(day, weights=rows.amount, minlength=len(table))
        return table

    def _sends(self, some: NDArray[np.bool_] | None = None) -> Kept:
        """Return the sends to the people, or to some of them (n,), as they were written."""
        sends = self._rows.counted(Row.SENT)
        if self._place is not None:
            some = self._place >= 0 if some is None else np.append(some, False).take(self._place)
        return sends if some is None else sends.chosen(some.take(sends.who))

    def _treated(self, rows: Kept) -> Kept:
        return rows.chosen(~self._members.held_out[rows.who])

    def _paid(self) -> NDArray[np.int64]:
        incentives = len(self._plan.incentives)
        paid = np.zeros(2 * incentives, np.int64)
        for row in _PAID:
            rows = self._rows.kept(row)
            if len(rows):
                at = (rows.t >= self._plan.end) * np.int64(incentives) + rows.incentive
                paid += np.bincount(at, weights=rows.amount, minlength=len(paid)).astype(np.int64)
        return paid.reshape(2, incentives)

    def _most_touches(self) -> NDArray[np.int64]:
        if not self._tables.windows:
            return np.zeros(0, np.int64)
        sends = self._rows.inside(Row.SENT)
        return np.array([most_touches(sends.who, sends.t, seconds) for seconds in self._tables.windows], np.int64)

    def _credit(self) -> NDArray[np.int64]:
        channels = len(self._plan.channels)
        own = self._treated(self._orders)
        if not len(own):
            return np.zeros((len(MODELS), channels + 1, len(CREDIT_UNITS)), np.int64)
        paid = own.amount - own.matched(self._coupons)
        # Sends to people without an order bring no credit.
        sends = self._sends(_flags(own.who, self._n))
        who = sends.who if self._place is None else self._place.take(sends.who)
        contacts = Contacts(who, sends.t, sends.message)
        within, channel_of = self._plan.attribution.within, self._tables.channel_of
        return credit(within, contacts, channel_of, channels, own.who, own.t, paid)


def _flags(who: NDArray[np.integer], people: int) -> NDArray[np.bool_]:
    """Say of each of so many people whether they are among some: bool (people,)."""
    there = np.zeros(people, np.bool_)
    there[who] = True
    return there


def _by_reason(rows: Kept) -> NDArray[np.int64]:
    return np.bincount(rows.reason, minlength=max(Reason) + 1)


def _once(codes: NDArray[np.intp], size: int) -> NDArray[np.intp]:
    """Return each of some codes in [0, size) once, in no order."""
    rows = np.arange(len(codes))
    last = np.empty(size, np.intp)
    last[codes] = rows
    return codes.compress(last.take(codes) == rows)

"""The rows and people of a live run in the columns that figures are made of: one definition, simulated or live."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import numpy as np
from attrs import evolve, field, frozen

from wakeup.figures.entries import Entry as Numbered
from wakeup.figures.entries import batches
from wakeup.figures.events import Closing, Membership, Orders, Part, named
from wakeup.live.core.person import Person
from wakeup.live.core.shared import Shared
from wakeup.live.rows import Entry
from wakeup.plan.model import Band, Grant, Plan, Send, Split
from wakeup.terms.lists import Row


@frozen(eq=False)
class Member:
    """Who somebody is in a campaign, as figures need it: names become places in the plan.

    orders, monetary: of all time, at the enrolment. bands: place of the band per tier, -1 for none.
    """

    key: int
    journey: int
    held_out: bool
    wave: int
    entry: int
    bands: tuple[int, ...]
    orders: int
    monetary: int


@frozen(eq=False)
class Places:
    """Where the names of a plan stand in it; a name that it has not is at -1."""

    plan: Plan
    journey: Mapping[str, int] = field(init=False)
    message: Mapping[str, int] = field(init=False)
    incentive: Mapping[str, int] = field(init=False)
    step: Mapping[tuple[str, str], int] = field(init=False)
    split: Mapping[tuple[str, str], int] = field(init=False)
    arm: Mapping[tuple[str, str, str], int] = field(init=False)

    @journey.default
    def _journeys(self) -> Mapping[str, int]:
        return {each.name: place for place, each in enumerate(self.plan.journeys)}

    @message.default
    def _messages(self) -> Mapping[str, int]:
        return {each.name: place for place, each in enumerate(self.plan.messages)}

    @incentive.default
    def _incentives(self) -> Mapping[str, int]:
        return {each.name: place for place, each in enumerate(self.plan.incentives)}

    @step.default
    def _steps(self) -> Mapping[tuple[str, str], int]:
        return {
            (journey.name, each.step): place
            for journey in self.plan.journeys
            for place, each in enumerate(journey.program)
            if isinstance(each, Send | Grant)
        }

    @split.default
    def _splits(self) -> Mapping[tuple[str, str], int]:
        return {
            (journey.name, each.name): place
            for journey in self.plan.journeys
            for place, each in enumerate(journey.program)
            if isinstance(each, Split)
        }

    @arm.default
    def _arms(self) -> Mapping[tuple[str, str, str], int]:
        return {
            (journey.name, each.name, arm.name): place
            for journey in self.plan.journeys
            for each in journey.program
            if isinstance(each, Split)
            for place, arm in enumerate(each.arms)
        }

    def member(self, person: Person) -> Member:
        """Return who somebody is."""
        orders, monetary = person.about.started
        return Member(
            key=person.customer,
            journey=self.journey.get(person.journey, -1),
            held_out=person.held_out,
            wave=person.wave,
            entry=person.entry,
            bands=tuple(_place(tier.bands, person.bands.get(tier.name, "")) for tier in self.plan.tiers),
            orders=orders,
            monetary=monetary,
        )

    def numbered(self, entry: Entry, who: int) -> Numbered:
        """Return a row by number, of the person at place `who`."""
        assigned = entry.row is Row.ASSIGNED
        steps = self.split if assigned else self.step
        arm = self.arm.get((entry.journey, entry.step, entry.arm), -1) if assigned else _variant(entry.arm)
        return Numbered(
            who=who,
            t=entry.t,
            row=entry.row,
            step=steps.get((entry.journey, entry.step), -1),
            message=self.message.get(entry.message, -1),
            incentive=self.incentive.get(entry.incentive, -1),
            reason=entry.reason,
            arm=arm,
            amount=entry.amount,
            subsidised=entry.subsidised,
        )


def _variant(arm: str) -> int:
    """Return the place of a wording; "" is the message's own."""
    return int(arm) if arm else -1


def _place(bands: Sequence[Band], name: str) -> int:
    return next((place for place, each in enumerate(bands) if each.name == name), -1)


NO_ORDERS: Orders = (np.empty(0, np.int32), np.empty(0, np.int64), np.empty(0, np.int64))
"""Twins of a run that really happened: nobody knows what they would have done."""


def part_of(
    places: Places, members: Sequence[Member], entries: Iterable[Entry], eligible: int, no_journey: int
) -> Part:
    """Put people and rows of a live run into one part, without twins.

    Args:
        places: of the plan whose names the rows use.
        members: in ascending order of key; those whose journey the plan has not are left out with their rows.
        entries: rows, in the order in which they were written.
        eligible: how many the audience selected.
        no_journey: how many of them no journey took.
    """
    known = [each for each in members if each.journey >= 0]
    place = {each.key: number for number, each in enumerate(known)}
    rows = [places.numbered(each, place[each.customer]) for each in held(entries) if each.customer in place]
    keys = np.array([each.key for each in known], np.uint64)
    return Part(
        people=np.arange(len(known), dtype=np.int32),
        key=keys,
        named=named(np.array([""] * len(known), object)),
        membership=_membership(places.plan, known, eligible, no_journey),
        written=list(batches(rows)),
        twins=NO_ORDERS,
    )


def held(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Return the rows that figures are made of.

    A send in doubt is written down as sent. Where it turns out that it never was, a row REFUSED of the same step and
    message follows, and everything was given back: then it was no send, and what came with it was not granted.

    Every answer is of a message: one that names none (a word by telephone, an opt-out on a page) is of the last message
    over its channel, or of the last at all. One of somebody to whom nothing was sent counts in no figure.
    """
    rows = list(entries)
    never = _never_sent(rows)
    last: dict[tuple[int, str], Entry] = {}
    for each in rows:
        if each.row in _GIVEN_BACK and _sending(each) in never:
            continue
        if each.row is Row.SENT:
            last[each.customer, each.channel] = last[each.customer, ""] = each
        elif each.row in _ANSWERS and not each.message:
            sent = last.get((each.customer, each.channel))
            if sent is None:
                continue
            each = evolve(each, step=sent.step, message=sent.message, channel=sent.channel)
        yield each


def _never_sent(rows: Iterable[Entry]) -> set[tuple[int, str, str, str]]:
    """Return the sends that were refused after they had been written down as sent."""
    sent: set[tuple[int, str, str, str]] = set()
    never: set[tuple[int, str, str, str]] = set()
    for each in rows:
        if each.row is Row.SENT:
            sent.add(_sending(each))
        elif each.row is Row.REFUSED and not each.incentive and _sending(each) in sent:
            never.add(_sending(each))
    return never


def _sending(entry: Entry) -> tuple[int, str, str, str]:
    """Return what names a send of a person: a step comes once in a journey."""
    return entry.customer, entry.journey, entry.step, entry.message


_GIVEN_BACK: Final = frozenset({Row.SENT, Row.GRANTED})
"""Rows of a send that are void where it was never made."""

_ANSWERS: Final = frozenset({Row.DELIVERED, Row.OPENED, Row.CLICKED, Row.OPTED_OUT, Row.COMPLAINED})
"""Rows that figures count by message."""


def _membership(plan: Plan, members: Sequence[Member], eligible: int, no_journey: int) -> Membership:
    return Membership(
        journey=np.array([each.journey for each in members], np.int16),
        held_out=np.array([each.held_out for each in members], np.bool_),
        wave=np.array([each.wave for each in members], np.int32),
        entry=np.array([each.entry for each in members], np.int64),
        bands=tuple(np.array([each.bands[tier] for each in members], np.int8) for tier in range(len(plan.tiers))),
        eligible=eligible,
        no_journey=no_journey,
        orders=np.array([each.orders for each in members], np.int32),
        monetary=np.array([each.monetary for each in members], np.int64),
    )


def closing_of(plan: Plan, shared: Shared) -> Closing:
    """Return what the rows do not say: reserved money, promoted arms, guards that acted."""
    reserved = {line.name: 0 for line in plan.budget.lines} if plan.budget is not None else {}
    reserved |= dict(shared.reserved)
    names = [f"{each.journey}/{each.split}" for each in plan.promotions]
    return Closing(
        tuple(reserved.items()),
        tuple((name, shared.promoted.get(name, "")) for name in names),
        tuple((guard, channel, t) for guard, channel, t in shared.tripped),
    )

"""Setting the stage: what about each treated person never changes in a run."""

import numpy as np

from wakeup.behaviour.protocol import Model
from wakeup.customers.population import BLANK, NEVER, NO, Population
from wakeup.plan.model import Coupon
from wakeup.sim.array.block import Stage
from wakeup.sim.array.book import Book
from wakeup.sim.array.codes import I8, I16, I64, MOST_PEOPLE, U8, Bools, Index
from wakeup.sim.array.columns import Layout, most_touches
from wakeup.sim.array.people import Cast, zones_of
from wakeup.sim.array.truth import band_index
from wakeup.terms.lists import Reason

_MOST_PERMISSIONS = 1 << 31


def set_stage(
    layout: Layout,
    cast: Cast,
    model: Model,
    number: Index | None = None,
    *,
    who: Index | None = None,
    life: Model | None = None,
) -> Stage:
    """Return the stage of a run; number: of the treated among all the treated, None if these are all of them.

    Where campaigns share a clock, `who` are the people whom any of them treats, and `life` tells their orders.

    Raises:
        ValueError: more people than positions can number (2^27).
    """
    book, journey = layout.book, cast.membership.journey
    if who is None:
        who = cast.treated
    else:
        journey = np.where(cast.membership.held_out, -1, journey).astype(np.int16)
    if len(who) >= MOST_PEOPLE:
        raise ValueError(f"{len(who)} people are more than one run can number ({MOST_PEOPLE})")
    plan, before = book.plan, book.touched_before(most_touches(cast.people))
    bands = {tier.name: band[who] for tier, band in zip(plan.tiers, cast.membership.bands, strict=True)}
    return Stage(
        plan=plan,
        book=book,
        layout=layout,
        model=model,
        people=cast.people,
        who=who.astype(np.int32),
        journey=journey[who],
        zone=cast.zone,
        zones=zones_of(plan, cast.people, who),
        bands=bands,
        scores={name: (values[who], known[who]) for name, (values, known) in cast.roll.scores.items()},
        coupons=book.rungs,
        rungs=_rungs(book, bands, len(who)),
        standing=_standing(book, cast.people, who, model),
        blank=_blank(book, cast.people, who),
        touched_before=before,
        rings=book.rings(before),
        number=number,
        life=life,
    )


def _rungs(book: Book, bands: dict[str, I8], count: int) -> I16:
    found = np.zeros((len(book.plan.incentives), count), np.int16)
    for index in book.coupons:
        coupon = book.plan.incentives[index]
        assert isinstance(coupon, Coupon)
        found[index] = -1
        for number in reversed(range(len(coupon.rungs))):  # the first that fits wins
            rung = coupon.rungs[number]
            fits = bands[rung.tier] == band_index(book.plan, rung.tier, rung.band) if rung.tier else slice(None)
            found[index, fits] = number
    return found


def _standing(book: Book, people: Population, who: Index, model: Model) -> U8:
    """Return what consent and reach say about each channel that a message uses (rule 14)."""
    reason = np.zeros((len(book.plan.channels), len(who)), np.uint8)
    for index in set(book.channel_of):
        channel = book.plan.channels[index]
        column = people.consents.get(channel.name, people.consents.get(channel.channel_kind))
        if column is None:
            reason[index, ~model.reach(index, who.astype(np.int32))] = Reason.UNREACHABLE
        else:
            reason[index, column[who] == NO] = Reason.NO_CONSENT
            reason[index, column[who] == BLANK] = Reason.UNREACHABLE
    return reason


def _blank(book: Book, people: Population, who: Index) -> Bools:
    """Return whether a field that each wording needs is blank; a column the data do not have counts as filled."""
    blank = np.zeros((len(book.needed_fields), len(who)), np.bool_)
    for index, fields in enumerate(book.needed_fields):
        for name in fields:
            if name in people.fields:
                blank[index] |= _missing(people, name)[who]
    return blank


def permissions(stage: Stage) -> I64:
    """Return how many sends each person (m,) has permitted on each channel that asks for it (rule 71)."""
    found = np.zeros((stage.book.carried.permits, len(stage.who)), np.int64)
    for channel, place in stage.book.permitted.items():
        each = stage.plan.channels[channel]
        names = (f"{each.name}_permissions", f"{each.channel_kind}_permissions")
        own = next((stage.people.fields[name] for name in names if _is_number(stage.people, name)), None)
        if own is None:
            found[place] = 1  # whom nobody reaches is refused before anybody asks for a permission
        else:
            number = np.nan_to_num(own.values[stage.who].astype(np.float64))
            found[place] = np.clip(np.trunc(number), 0, _MOST_PERMISSIONS)
    return found


def _is_number(people: Population, name: str) -> bool:
    return name in people.fields and people.fields[name].kind == "number"


def _missing(people: Population, name: str) -> Bools:
    field = people.fields[name]
    if field.kind == "number":
        return np.isnan(field.values)
    missing: Bools = field.values == (NEVER if field.kind == "date" else -1)
    return missing

"""A past campaign as calibration needs it: kinds of its names, what its steps show, whom it held out, what offers were
worth to whom."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wakeup.customers import History
from wakeup.customers.past import Assigned, Stage
from wakeup.decide.incentives import face_of
from wakeup.plan.model import Activity, AmountOff, Coupon, Elapsed, Period, Plan, Send, Tier

if TYPE_CHECKING:
    from wakeup.figures.events import Membership

_MONTH = 2_629_746
"""Seconds of a mean month."""

Whole = NDArray[np.int64]


def stage_of(plan: Plan) -> Stage:
    """Return what a campaign says about the names in its logs."""
    return Stage(
        channels={each.name: each.channel_kind for each in plan.channels},
        incentives={each.name: each.kind for each in plan.incentives},
        messages={each.name: each.channel for each in plan.messages},
        steps={
            (journey.name, each.step): each.incentives
            for journey in plan.journeys
            for each in journey.program
            if isinstance(each, Send)
        },
    )


def days_of(plan: Plan) -> dict[str, int]:
    """Return the length of each activity by its name."""
    return {each.name: each.days for each in plan.incentives if isinstance(each, Activity)}


def assigned_of(plan: Plan, history: History) -> Assigned:
    """Return whom the campaign took in and held out, by its own rules, from customers as of its first instant.

    Raises:
        WakeupError: the data lack what the plan looks at.
    """
    from wakeup.behaviour import DefaultBehaviour
    from wakeup.face import prepared
    from wakeup.sim.array.people import cast

    plan, people = prepared(plan, history)
    membership = cast(plan, people, DefaultBehaviour().model(plan, people, 0, 0, None)).membership
    mine = np.flatnonzero(membership.journey >= 0)
    worth = people.average_order_value[mine]
    coupons = [each for each in plan.incentives if isinstance(each, Coupon)]
    return Assigned(
        ids=people.ids[mine],
        held_out=membership.held_out[mine],
        origin=np.maximum(membership.entry[mine], plan.start),
        terms={each.name: _terms(each, plan.tiers, membership, mine, worth) for each in coupons},
        bands={
            f"{tier.name}={band.name}": membership.bands[place][mine] == number
            for place, tier in enumerate(plan.tiers)
            for number, band in enumerate(tier.bands)
        },
    )


def _terms(
    coupon: Coupon, tiers: tuple[Tier, ...], membership: "Membership", mine: NDArray[np.intp], worth: Whole
) -> tuple[Whole, Whole, Whole]:
    """Return amount, threshold (minor units) and validity (seconds) of a coupon for each person; 0 who gets none."""
    amount, threshold, valid = (np.zeros(len(mine), np.int64) for _ in range(3))
    for rung in reversed(coupon.rungs):  # the first rung that fits wins
        fits = np.ones(len(mine), np.bool_)
        for place, tier in enumerate(tiers):
            if tier.name == rung.tier:
                bands = [band.name for band in tier.bands]
                fits = membership.bands[place][mine] == bands.index(rung.band)
        discount = rung.discount
        if isinstance(discount, AmountOff):
            amount[fits] = discount.amount
        else:
            amount[fits] = [face_of(discount, int(each)) for each in worth[fits]]
        threshold[fits] = discount.threshold
        valid[fits] = _length(rung.valid)
    return amount, threshold, valid


def _length(valid: Period) -> int:
    """Return a validity in seconds."""
    return valid.seconds if isinstance(valid, Elapsed) else valid.months * _MONTH

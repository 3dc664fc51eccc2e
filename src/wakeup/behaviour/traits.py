"""The numbers of one replication, gathered for whom they belong to: everybody, each channel, each incentive."""

import math
from collections.abc import Callable, Iterator

import numpy as np
from attrs import frozen

from wakeup.behaviour.calendar import MONTHS, WEEKDAYS, Season
from wakeup.behaviour.organic import Law
from wakeup.behaviour.parameters import Values
from wakeup.behaviour.timing import Delay, Floats, Redemption, redemption
from wakeup.plan.model import Activity, Channel, Coupon, Incentive, Plan
from wakeup.terms.lists import ChannelKind

DAY = 86_400
HOUR = 3_600

PERMITTING = (ChannelKind.MINI_PROGRAM, ChannelKind.MINI_SUBSCRIBE)
"""Kinds of channels on which a click may permit one more subscribe message (rule 71)."""


@frozen
class General:
    """What holds for everybody. Lengths in seconds, money in minor units."""

    law: Law
    season: Season
    window: float
    lapse: float
    usual_gap: float
    gap_weight: float
    usual_basket: float
    basket_spread: float
    response_spread: float
    dormancy_lift: float
    fatigue: float
    pressure_decay: float
    harm_by_pressure: float
    ln_bond: float
    ln_scene_match: float
    purchase: Delay
    stretch: float


@frozen
class ChannelTraits:
    """What holds for a channel. `opt_out` and `complaint` are per message seen, so that they are as declared per
    message delivered; `ln_advertising` is the log-odds that seeing a message adds after 120 dormant days; `subscribes`
    is the probability that a click permits one more subscribe message."""

    reach: float
    delivered: float
    seen: float
    opening: Delay
    clicked: float
    reaction: Delay
    opt_out: float
    complaint: float
    ln_advertising: float
    subscribes: float


@frozen
class CouponTraits:
    """What holds for a coupon: log-odds per unit of value, aversion to thresholds above the basket, timing of use,
    `opens`: the instant from which it may be used, probability that an organic order uses it."""

    response: float
    aversion: float
    timing: Redemption
    opens: int
    remembers: float


@frozen
class Opinion:
    """What a survey hears: mean and spread of the score in points, its correlation with the hidden response level."""

    mean: float
    spread: float
    by_response: float


@frozen
class TakenTraits:
    """What holds for a gift, service or activity: probability and delay of the claim or join, log-odds that showing it
    adds, log-odds that a service given or an activity completed without a reward adds (0 for gifts), probability that
    who joined completes, what a survey hears (others: None)."""

    take_up: float
    delay: Delay
    ln_value: float
    ln_done: float
    completion: float
    opinion: Opinion | None


IncentiveTraits = CouponTraits | TakenTraits


@frozen(eq=False)
class Traits:
    """All of it, channels and incentives in the order of the plan.

    tiers: for each tier whose bands answer differently its place in the plan and what multiplies the lift of a contact,
    float64 (bands + 1,): the last is 1, for who is in none (-1).
    """

    general: General
    channels: tuple[ChannelTraits, ...]
    incentives: tuple[IncentiveTraits, ...]
    tiers: tuple[tuple[int, Floats], ...]


def gather(plan: Plan, values: Values) -> Traits:
    """Ask the values for everything that the plan can need."""
    return Traits(
        general=_general(plan, values),
        channels=tuple(_channel(channel, values) for channel in plan.channels),
        incentives=tuple(_incentive(incentive, values) for incentive in plan.incentives),
        tiers=tuple(_tiers(plan, values)),
    )


def _tiers(plan: Plan, values: Values) -> Iterator[tuple[int, Floats]]:
    """Ask only for the bands that are spoken of: by itself no band answers better than another."""
    spoken = {row.scope for row in plan.assumptions if row.parameter == "tier_response"}
    for place, tier in enumerate(plan.tiers):
        scopes = [f"tier:{tier.name}={band.name}" for band in tier.bands]
        if spoken.intersection(scopes):
            found = (values("tier_response", scope) if scope in spoken else 1.0 for scope in scopes)
            yield place, np.array([*found, 1.0])


def law_of(values: Values) -> Law:
    """Ask the values for the law of organic return."""
    return Law(*(values(f"organic_{part}") for part in ("level", "dormancy", "orders", "shape", "recent")))


def season_of(values: Values) -> Season:
    """Ask the values for the calendar of orders."""
    return Season(
        tuple(values(f"season_{month}") for month in MONTHS), tuple(values(f"weekday_{day}") for day in WEEKDAYS)
    )


def _general(plan: Plan, values: Values) -> General:
    return General(
        law=law_of(values),
        season=season_of(values),
        window=values("response_window") * DAY,
        lapse=values("lapse"),
        usual_gap=values("usual_gap") * DAY,
        gap_weight=values("gap_weight"),
        usual_basket=values("usual_basket") * 10.0**plan.minor_digits,
        basket_spread=values("basket_spread"),
        response_spread=values("response_spread"),
        dormancy_lift=values("dormancy_lift"),
        fatigue=values("fatigue"),
        pressure_decay=math.log(2.0) / (values("fatigue_half_life") * DAY),
        harm_by_pressure=values("harm_by_pressure"),
        ln_bond=math.log(values("bond")),
        ln_scene_match=math.log(values("scene_match")),
        purchase=Delay(math.log(values("purchase_delay") * HOUR), values("purchase_delay_spread")),
        stretch=values("stretch"),
    )


def _channel(channel: Channel, values: Values) -> ChannelTraits:
    def of(parameter: str) -> float:
        return values(parameter, f"channel:{channel.name}", f"kind:{channel.channel_kind}")

    seen = of("seen")
    return ChannelTraits(
        reach=of("reach"),
        delivered=of("delivered"),
        seen=seen,
        opening=Delay(math.log(of("open_delay") * HOUR), of("open_delay_spread")),
        clicked=of("clicked"),
        reaction=Delay(math.log(of("click_delay") * HOUR), of("click_delay_spread")),
        opt_out=_per_seen(of("opt_out"), seen),
        complaint=_per_seen(of("complaint"), seen),
        ln_advertising=math.log(of("advertising")),
        subscribes=of("subscribes") if channel.channel_kind in PERMITTING else 0.0,
    )


def _per_seen(per_delivered: float, seen: float) -> float:
    return min(per_delivered / seen, 1.0) if seen > 0.0 else 0.0


def _incentive(incentive: Incentive, values: Values) -> IncentiveTraits:
    def of(parameter: str) -> float:
        return values(parameter, f"incentive:{incentive.name}", f"kind:{incentive.kind}")

    if isinstance(incentive, Coupon):
        return CouponTraits(
            response=of("offer_response"),
            aversion=of("threshold_aversion"),
            timing=redemption(of("redemption_decay"), of("redemption_early"), of("deadline_bump")),
            opens=incentive.opens or 0,
            remembers=0.0 if incentive.rebate else of("remembers"),
        )
    activity = incentive if isinstance(incentive, Activity) else None
    return TakenTraits(
        take_up=of("take_up"),
        delay=Delay(math.log(of("take_delay") * HOUR), of("take_delay_spread")),
        ln_value=math.log(of("perceived_value")),
        ln_done=_ln_done(incentive, of),
        completion=1.0 if activity is None else _completion(activity, of),
        opinion=Opinion(of("satisfaction"), of("satisfaction_spread"), of("satisfaction_by_response"))
        if incentive.kind == "survey"
        else None,
    )


def _ln_done(incentive: Incentive, of: Callable[[str], float]) -> float:
    if incentive.kind == "service":
        return math.log(of("service_lift"))
    return math.log(of("activity_lift")) if isinstance(incentive, Activity) and not incentive.reward else 0.0


def _completion(activity: Activity, of: Callable[[str], float]) -> float:
    if activity.kind == "event":
        return of("attendance")
    return of("keeps_up") ** (activity.days - 1) if activity.kind == "challenge" else 1.0

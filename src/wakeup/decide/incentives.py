"""What an incentive is worth to a person: its rung, its discount, its face, the coupons that an order uses."""

from collections.abc import Mapping, Sequence

from attrs import frozen

from wakeup.decide.calendar import add_period
from wakeup.decide.money import share_of
from wakeup.plan.model import Activity, AmountOff, Coupon, Incentive, PercentOff, Rung


def rung_of(coupon: Coupon, bands: Mapping[str, str]) -> Rung | None:
    """Return the first rung for a person of these bands (per tier), None if the coupon has none for them."""
    for rung in coupon.rungs:
        if not rung.tier or bands.get(rung.tier) == rung.band:
            return rung
    return None


def last_instant(incentive: Incentive) -> int | None:
    """Return when it is over for everybody: the end of a flash price, the begin of an event; None for others."""
    match incentive:
        case Coupon(closes=over) | Activity(at=over):
            return over
        case _:
            return None


def fits(incentive: Incentive, bands: Mapping[str, str], t: int) -> bool:
    """Return whether the incentive has anything for a person of these bands at `t` (rules 17, 60, 63)."""
    over = last_instant(incentive)
    if over is not None and over <= t:
        return False
    return not isinstance(incentive, Coupon) or rung_of(incentive, bands) is not None


def grant_end(incentive: Incentive, bands: Mapping[str, str], t: int, zone: str) -> int:
    """Return the end of a grant made at `t`; calendar months count in the campaign's zone.

    Raises:
        ValueError: the coupon has no rung for these bands.
    """
    if isinstance(incentive, Coupon):
        rung = rung_of(incentive, bands)
        if rung is None:
            raise ValueError(f"coupon {incentive.name} has no rung for {dict(bands)}")
        end = add_period(t, rung.valid, zone)
    else:
        end = add_period(t, incentive.valid, zone)
    over = last_instant(incentive)
    return end if over is None else min(end, over)


def redeemable(coupon: Coupon, t: int) -> bool:
    """Return whether a live grant of the coupon may be used at `t`: a flash price opens later (rule 60)."""
    return coupon.opens is None or coupon.opens <= t


def discount_on(discount: AmountOff | PercentOff, basket: int) -> int:
    """Return what the discount takes off a basket that reaches the threshold: never more than the basket."""
    if isinstance(discount, AmountOff):
        return min(discount.amount, basket)
    return share_of(discount.share, basket)


def face_of(discount: AmountOff | PercentOff, average_order_value: int) -> int:
    """Return the face value: the amount, or the share of the average order value, at least of the threshold."""
    if isinstance(discount, AmountOff):
        return discount.amount
    return share_of(discount.share, max(average_order_value, discount.threshold))


@frozen
class Redemption:
    """The coupon an order uses: its place among those offered, the basket (perhaps topped up), the discount."""

    coupon: int
    basket: int
    discount: int


def redemption(discounts: Sequence[AmountOff | PercentOff], basket: int, stretch: float) -> Redemption | None:
    """Return what an order of `basket` uses, None if nothing fits.

    Args:
        discounts: of the coupons that the order looks at, in order of declaration.
        basket: value of the order before discount.
        stretch: share of a threshold from which a basket is topped up to it.
    """
    reached = [
        Redemption(place, basket, discount_on(each, basket))
        for place, each in enumerate(discounts)
        if basket >= each.threshold
    ]
    topped_up = [
        Redemption(place, each.threshold, discount_on(each, each.threshold))
        for place, each in enumerate(discounts)
        if basket >= stretch * each.threshold
    ]
    return max(reached or topped_up, key=lambda each: each.discount, default=None)


def earned(rebates: Sequence[AmountOff | PercentOff], basket: int) -> list[tuple[int, int]]:
    """Return (place, amount) of every rebate that an order of `basket` earns, in order of declaration (rule 61)."""
    return [(place, discount_on(each, basket)) for place, each in enumerate(rebates) if basket >= each.threshold]

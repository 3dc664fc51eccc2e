"""What `{{ offer }}` says: the wording of an incentive."""

from decimal import Decimal

from wakeup.lang.checked import Checked, Declared, Send, walk
from wakeup.lang.values import Offer
from wakeup.plan.model import AmountOff, PercentOff


def wordings(checked: Checked, message: str) -> tuple[str, ...]:
    """The wordings of every incentive that this message is sent with, as itself or as a fallback."""
    found: dict[str, None] = {}
    for journey in checked.journeys:
        for step in walk(journey.steps):
            if isinstance(step, Send) and message in (each.name for each in checked.chain(step.message)):
                for name in step.incentives:
                    declared = checked.one("incentive", name)
                    if declared is not None:
                        found |= dict.fromkeys(wording(checked, declared))
    return tuple(found)


def wording(checked: Checked, incentive: Declared) -> tuple[str, ...]:
    """How an incentive is named to people: its title, else the discount of each rung, else its name."""
    if incentive.title:
        return (incentive.title,)
    told = tuple(_discount(checked, offer.discount) for offer in discounts(incentive))
    return told or (incentive.entity.decl.name.written if incentive.entity.decl.name else incentive.name,)


def discounts(coupon: Declared) -> tuple[Offer, ...]:
    """The offers of a coupon: one, or one per rung."""
    rungs = coupon.get("rungs", tuple)
    if rungs is not None:
        return tuple(rung for _, rung in rungs if isinstance(rung, Offer))
    offer = coupon.get("discount", Offer)
    return () if offer is None else (offer,)


def _discount(checked: Checked, discount: AmountOff | PercentOff) -> str:
    if isinstance(discount, PercentOff):
        return f"{Decimal(discount.share) * 100:f}% off"
    return f"{amount(discount.amount, checked)} off {amount(discount.threshold, checked)}"


def amount(minor: int, checked: Checked) -> str:
    """An amount for people: `80 CNY`, `12.50 GBP`."""
    major = Decimal(minor).scaleb(-checked.minor_digits)
    text = f"{major:f}"
    whole, _, cents = text.partition(".")
    return f"{whole if not cents.strip('0') else text} {checked.currency}"

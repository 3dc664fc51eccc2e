"""What incentives give: the discounts of a price, and the wording that `{{ offer }}` shows."""

from decimal import Decimal

from wakeup.diagnostics import Piece
from wakeup.lang.checked import Checked, Declared
from wakeup.lang.values import Offer
from wakeup.plan.model import AmountOff, PercentOff
from wakeup.plan.offers import discount_told, money


def wordings(checked: Checked, message: str) -> tuple[str, ...]:
    """The wordings of every incentive that this message is sent with, as itself or as a fallback."""
    found: dict[str, None] = {}
    for name in checked.sent_with.get(message, ()):
        declared = checked.one("incentive", name)
        if declared is not None:
            found |= dict.fromkeys(wording(checked, declared))
    return tuple(found)


def wording(checked: Checked, incentive: Declared) -> tuple[str, ...]:
    """How an incentive is named to people: its title, else the discount of each rung, else its name."""
    if incentive.title:
        return (incentive.title,)
    offers = () if incentive.kind == "points" else discounts(incentive)
    told = tuple(_discount(checked, offer.discount) for offer in offers)
    return told or (incentive.entity.decl.name.written if incentive.entity.decl.name else incentive.name,)


def discounts(price: Declared) -> tuple[Offer, ...]:
    """The offers of a coupon or another price: one, or one per rung; of points what they are worth."""
    if price.kind == "points":
        return _rebate(price)
    rungs = price.get("rungs", tuple)
    if rungs is not None:
        return tuple(rung for _, rung in rungs if isinstance(rung, Offer))
    offer = price.get("discount", Offer)
    return () if offer is None else (offer,)


def _rebate(points: Declared) -> tuple[Offer, ...]:
    """What is earned besides ordinary points: (multiplier - 1) times what these are worth."""
    multiplier, earn = points.get("multiplier", Decimal), points.get("earn", str)
    if multiplier is None or earn is None:
        return ()
    share = (multiplier - 1) * Decimal(earn)
    return (Offer(PercentOff(f"{share.normalize():f}", points.get("threshold", int) or 0), None, points.span("earn")),)


def _discount(checked: Checked, discount: AmountOff | PercentOff) -> str:
    chinese = checked.project.languages[checked.project.main.source.name] == "zh"
    return discount_told(discount, checked.currency, checked.minor_digits, chinese=chinese)


def amount(minor: int, checked: Checked) -> Piece:
    """An amount for people: `80 CNY`, `12.50 GBP`."""
    return money(minor, checked.currency, checked.minor_digits)

"""What incentives give: the discounts of a price, and the wording that `{{ offer }}` shows."""

from decimal import Decimal

from wakeup.diagnostics import Piece
from wakeup.diagnostics import amount as written
from wakeup.lang.checked import Checked, Declared
from wakeup.lang.reader import plain
from wakeup.lang.values import Offer
from wakeup.plan.model import AmountOff, PercentOff
from wakeup.terms.zhe import zhe


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
    if isinstance(discount, PercentOff):
        percent = Decimal(discount.share) * 100
        return (zhe(percent) or f"减免 {plain(percent)}%") if chinese else f"{plain(percent)}% off"
    if chinese and checked.currency == "CNY":
        return f"满{_number(discount.threshold, checked)}减{_number(discount.amount, checked)}"
    off, threshold = amount(discount.amount, checked), amount(discount.threshold, checked)
    return f"满 {threshold} 减 {off}" if chinese else f"{off} off {threshold}"


def amount(minor: int, checked: Checked) -> Piece:
    """An amount for people: `80 CNY`, `12.50 GBP`."""
    return written(_number(minor, checked), checked.currency)


def _number(minor: int, checked: Checked) -> str:
    """An amount in major units: `80`, `12.50`."""
    text = f"{Decimal(minor).scaleb(-checked.minor_digits):f}"
    whole, _, cents = text.partition(".")
    return text if cents.strip("0") else whole

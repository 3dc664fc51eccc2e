"""What `{{ offer }}` shows: an incentive in words, the same when a text is checked and when it is sent."""

from decimal import Decimal

from wakeup.diagnostics import Piece
from wakeup.diagnostics import amount as written
from wakeup.plan.incentives import AmountOff, PercentOff
from wakeup.terms.zhe import zhe


def discount_told(discount: AmountOff | PercentOff, currency: str, minor_digits: int, *, chinese: bool) -> str:
    """Return a discount for people: `80 CNY off 300 CNY`, `20% off`, `满300减80`, `8折`."""
    if isinstance(discount, PercentOff):
        percent = Decimal(discount.share) * 100
        plain = f"{percent.normalize():f}"
        return (zhe(percent) or f"减免 {plain}%") if chinese else f"{plain}% off"
    if chinese and currency == "CNY":
        return f"满{major(discount.threshold, minor_digits)}减{major(discount.amount, minor_digits)}"
    off, threshold = (money(each, currency, minor_digits) for each in (discount.amount, discount.threshold))
    return f"满 {threshold} 减 {off}" if chinese else f"{off} off {threshold}"


def money(minor: int, currency: str, minor_digits: int) -> Piece:
    """Return an amount for people: `80 CNY`, `12.50 GBP`."""
    return written(major(minor, minor_digits), currency)


def major(minor: int, minor_digits: int) -> str:
    """Return an amount in major units: `80`, `12.50`."""
    text = f"{Decimal(minor).scaleb(-minor_digits):f}"
    whole, _, cents = text.partition(".")
    return text if cents.strip("0") else whole

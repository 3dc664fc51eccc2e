"""Values of a plan as words: amounts, shares, lengths, moments, conditions."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from attrs import frozen

from wakeup.plan.model import (
    AmountOff,
    Band,
    Calendar,
    DayWindow,
    Elapsed,
    Months,
    PercentOff,
    Plan,
    Rolling,
    Tier,
    Until,
)
from wakeup.plan.predicates import And, Compare, Happened, HasTag, InTier, Not, Or, Predicate

_UNITS: Final = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))
_AGES: Final = {
    "days_since_order": "last order",
    "days_since_interaction": "last interaction",
    "days_since_first_order": "first order",
}
_OPS: Final = {"<": "below", "<=": "at most", ">": "above", ">=": "at least", "==": "is", "!=": "is not"}
_AGE_OPS: Final = {"<": "less than", "<=": "at most", ">": "more than", ">=": "at least", "==": "exactly", "!=": "not"}


@frozen
class Wording:
    """Words for the values of one plan, in its currency and its zone."""

    plan: Plan

    # ------------------------------------------------------------------ values

    def money(self, minor: int) -> str:
        """Minor units as an amount: `1,200,000 CNY`, `12.50 GBP`."""
        major = Decimal(minor).scaleb(-self.plan.minor_digits)
        whole = major == int(major)
        return f"{int(major):,} {self.plan.currency}" if whole else f"{major:,f} {self.plan.currency}"

    def micros(self, micros: int) -> str:
        """Micros of the major unit as an amount."""
        major = Decimal(micros).scaleb(-6).normalize()
        return f"{major:f} {self.plan.currency}"

    def moment(self, instant: int) -> str:
        """An instant as local date and time; the date alone at midnight."""
        local = dt.datetime.fromtimestamp(instant, ZoneInfo(self.plan.zone))
        return f"{local:%Y-%m-%d}" if local.time() == dt.time() else f"{local:%Y-%m-%d %H:%M}"

    def last_day(self, end: int) -> str:
        """The local day that an interval ends with."""
        return self.moment(end - 1)[:10]

    def band(self, tier: Tier, band: Band) -> str:
        """`500 CNY and up`, `3 months up to 6 months`, `below 200 CNY`."""
        low, high = (None if bound is None else self._bound(tier, bound) for bound in (band.low, band.high))
        if low is None:
            return "all" if high is None else f"below {high}"
        return f"{low} and up" if high is None else f"{low} up to {high}"

    def _bound(self, tier: Tier, bound: int) -> str:
        match tier.unit:
            case "money":
                return self.money(bound)
            case "seconds":
                return lasting(Elapsed(bound))
            case "months":
                return counted(bound, "month")
            case "count":
                return f"{bound:,}"

    # ------------------------------------------------------------------ discounts and conditions

    def discount(self, discount: AmountOff | PercentOff) -> str:
        """`200 CNY off 800 CNY`, `20% off from 300 CNY`."""
        if isinstance(discount, AmountOff):
            return f"{self.money(discount.amount)} off {self.money(discount.threshold)}"
        threshold = f" from {self.money(discount.threshold)}" if discount.threshold else ""
        return f"{share(discount.share)} off{threshold}"

    def condition(self, predicate: Predicate) -> str:
        """A predicate as a phrase."""
        match predicate:
            case Compare():
                return self._compare(predicate)
            case Not(operand=Happened(outcome=outcome)):
                return f"no {outcome}"
            case Not(operand=operand):
                return f"not {self._inner(operand)}"
            case And() | Or():
                return self._several(predicate)
            case _:
                return _plain(predicate)

    def _several(self, predicate: And | Or) -> str:
        words = [self._inner(each) for each in predicate.operands]
        if isinstance(predicate, And):
            return " and ".join(words) or "everybody"
        return " or ".join(words) or "nobody"

    def _inner(self, predicate: Predicate) -> str:
        text = self.condition(predicate)
        return f"({text})" if isinstance(predicate, And | Or) else text

    def _compare(self, compare: Compare) -> str:
        age = _AGES.get(compare.attribute)
        if age is not None and compare.unit in ("seconds", "months"):
            length = Elapsed(int(compare.value)) if compare.unit == "seconds" else Months(int(compare.value))
            return f"{age} {_AGE_OPS[compare.op]} {lasting(length)} ago"
        value = self.money(int(compare.value)) if compare.unit == "money" else str(compare.value)
        if compare.unit == "seconds":
            value = lasting(Elapsed(int(compare.value)))
        return f"{compare.attribute.replace('_', ' ')} {_OPS[compare.op]} {value}"


def _plain(predicate: HasTag | InTier | Happened) -> str:
    match predicate:
        case HasTag(tag=tag):
            return f"tagged {tag}"
        case InTier(tier=tier, band=band):
            return f"{tier}.{band}"
        case Happened(outcome=outcome):
            return f"{outcome} happened"


def share(text: str) -> str:
    """An exact share as a percentage."""
    return f"{(Decimal(text) * 100).normalize():f}%"


def lasting(length: Elapsed | Months) -> str:
    """`5 days`, `36 hours`, `1 month`."""
    if isinstance(length, Months):
        return counted(length.months, "month")
    for seconds, unit in _UNITS:
        if length.seconds % seconds == 0:
            return counted(length.seconds // seconds, unit)
    raise AssertionError(length)


def counted(number: int, thing: str) -> str:
    """`1 day`, `5 days`."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def clock(window: DayWindow) -> str:
    """`21:00 to 09:00`."""
    start, end = (f"{at // 3600:02d}:{at % 3600 // 60:02d}" for at in (window.start, window.end))
    return f"{start} to {end}"


def window(length: Rolling | Calendar) -> str:
    """`in any 30 days`, `per calendar month`."""
    if isinstance(length, Calendar):
        return f"per calendar {length.unit}"
    return f"in any {lasting(Elapsed(length.seconds))}"


def listed(words: Iterable[str], last: str = "and") -> str:
    """`a, b and c`."""
    words = tuple(words)
    return f" {last} ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else "".join(words)


def waited(length: Elapsed | Months | Until, wording: Wording) -> str:
    """What a wait waits for: a length, or a moment."""
    return f"until {wording.moment(length.instant)}" if isinstance(length, Until) else lasting(length)

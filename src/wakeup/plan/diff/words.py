"""Values of a plan in words, as a change shows them: any part of the model, known to this module or not."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from attrs import fields, frozen, has

from wakeup.plan.model import (
    AmountOff,
    Arm,
    Band,
    Calendar,
    DayWindow,
    Elapsed,
    Expectation,
    Goal,
    Months,
    PercentOff,
    Plan,
    Quiet,
    Rolling,
    Tier,
    Until,
)
from wakeup.plan.predicates import And, Bought, Compare, Happened, HasTag, InTier, Not, Or
from wakeup.plan.wording import Wording, clock, lasting, listed, share, waited, window

_PREDICATES: Final = (Compare, HasTag, Bought, InTier, Happened, Not, And, Or)
_SILENT: Final = ("name", "kind", "salt", "program", "step", "otherwise", "target")
"""Fields that say nothing in the summary of a declaration: its name, which stands before it; places in a program."""

UNITS: Final[Mapping[str, str]] = {
    "Plan.start": "instant",
    "Plan.end": "end",
    "Plan.awake": "any",
    "Plan.follow_up": "seconds",
    "Plan.holdout": "share",
    "Plan.margin": "share",
    "Attribution.within": "seconds",
    "Wait.outcomes": "any",
    "Wave.first": "instant",
    "Send.expires": "seconds",
    "Gift.cost": "money",
    "Service.cost": "money",
    "Activity.cost": "money",
    "Activity.odds": "share",
    "Activity.at": "instant",
    "Coupon.opens": "instant",
    "Coupon.closes": "instant",
    "Channel.cost_micros": "micros",
    "Channel.rate_seconds": "seconds",
    "Message.cost_micros": "micros",
    "Message.text": "text",
    "Variant.cost_micros": "micros",
    "Variant.text": "text",
    "Staff.handles": "seconds",
    "Cadence.gap": "seconds",
    "Budget.total": "money",
    "Line.limit": "money",
    "FixedCost.amount": "money",
    "FixedCost.on": "instant",
    "Phase.start": "instant",
    "Phase.end": "instant",
    "Label.share": "share",
    "Scenario.start": "instant",
    "Scenario.end": "instant",
    "Guard.lasts": "seconds",
    "Promotion.after": "seconds",
    "Promotion.within": "seconds",
    "Promotion.sure": "share",
    "Expectation.sure": "share",
    "Expectation.per": "seconds",
}
"""What the numbers and texts of a field are; fields that are not here are shown as they are."""

_FIELDS: Final[Mapping[str, str]] = {
    "cost_micros": "price of a send",
    "holdout": "control group",
    "match": "whom",
    "first": "first entry",
    "per_day": "people a day",
    "rate_seconds": "seconds of the rate",
    "follow_up": "follow-up",
    "reserve_face": "face value held",
    "predicate": "if",
    "outcomes": "outcome",
    "wins": "prizes",
    "at": "begins",
    "bond": "membership",
    "reusable": "on every order",
    "rebate": "given back as points",
}

_NONE: Final[Mapping[str, str]] = {
    "limit": "no limit",
    "stock": "no limit",
    "codes": "no limit",
    "wins": "no limit",
    "places": "no limit",
    "per_day": "all at once",
}
"""What it means that there is no value, where that is not plain."""


def part(field: str) -> str:
    """The name of a field for people."""
    return _FIELDS.get(field, field.replace("_", " "))


def arm_share(arm: Arm) -> str:
    """The share of people that an arm of a split takes."""
    return share(str(Decimal(arm.high) - Decimal(arm.low)))


@frozen
class Words:
    """Words for the values of one plan."""

    plan: Plan

    @property
    def _wording(self) -> Wording:
        return Wording(self.plan)

    def field(self, owner: type[Any], field: str, value: Any) -> str:
        """The value of a field of a class of the model."""
        if value is None or value == "" or value == ():
            return _NONE.get(field, "none")
        unit = UNITS.get(f"{owner.__name__}.{field}", "")
        return self._in_unit(value, unit) if unit else self.value(value)

    def band(self, tier: Tier, band: Band) -> str:
        """The values of a band."""
        return self._wording.band(tier, band)

    def value(self, value: Any) -> str:
        """A value that carries its own meaning."""
        if isinstance(value, _PREDICATES):
            return self._wording.condition(value)
        if isinstance(value, tuple):
            return listed(self.value(each) for each in value)
        if has(type(value)):
            return self._object(value)
        if isinstance(value, bool):
            return "yes" if value else "no"
        return f"{value:,}" if isinstance(value, int) else " ".join(str(value).split())

    def summary(self, thing: Any) -> str:
        """A declaration without its name: its parts that say something."""
        if isinstance(thing, Goal | Expectation):
            return thing.text
        told = []
        for row in fields(type(thing)):
            value = getattr(thing, row.name)
            if row.name not in _SILENT and value != row.default and value not in (None, "", ()):
                told.append(f"{part(row.name)} {self.field(type(thing), row.name, value)}")
        return ", ".join(told) or "as by default"

    def _object(self, value: Any) -> str:
        match value:
            case Elapsed() | Months() | Until():
                return waited(value, self._wording)
            case AmountOff() | PercentOff():
                return self._wording.discount(value)
            case DayWindow():
                return clock(value)
            case Rolling() | Calendar():
                return window(value)
            case Quiet():
                return f"{clock(value.window)} {'held to the end' if value.delay else 'left out'}"
        return f"{getattr(value, 'name', '')} ({self.summary(value)})".strip()

    def _in_unit(self, value: Any, unit: str) -> str:
        told: Mapping[str, Callable[[Any], str]] = {
            "instant": self._wording.moment,
            "end": self._wording.last_day,
            "seconds": lambda seconds: lasting(Elapsed(seconds)) if seconds else "none",
            "any": lambda names: listed(names, "or"),
            "money": self._wording.money,
            "micros": self._wording.micros,
            "share": share,
            "text": lambda text: (
                f"\N{LEFT DOUBLE QUOTATION MARK}{' '.join(text.split())}\N{RIGHT DOUBLE QUOTATION MARK}"
            ),
        }
        return told[unit](value)

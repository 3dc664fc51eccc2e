"""Values of a plan in words, as a change shows them: any part of the model, known to this module or not."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from attrs import fields, frozen, has

from wakeup.diagnostics import Figure, Noun, Say, Word
from wakeup.diagnostics.words import table
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
from wakeup.plan.wording import Wording, share, waited
from wakeup.terms.language import THINGS, Language, chinese

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
    "Attribution.model": "word",
    "Journey.goal": "word",
    "Wait.outcomes": "any",
    "Wave.first": "instant",
    "Send.expires": "seconds",
    "Gift.cost": "money",
    "Service.cost": "money",
    "Activity.cost": "money",
    "Coupon.kind": "noun",
    "Gift.kind": "noun",
    "Activity.kind": "noun",
    "Activity.task": "word",
    "Activity.odds": "share",
    "Activity.at": "instant",
    "Coupon.opens": "instant",
    "Coupon.closes": "instant",
    "Channel.channel_kind": "word",
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
    "Phase.end": "end",
    "Label.share": "share",
    "Scenario.start": "instant",
    "Scenario.end": "end",
    "Guard.figure": "figure",
    "Guard.after_figure": "figure",
    "Guard.action": "action",
    "Guard.lasts": "seconds",
    "Promotion.figure": "figure",
    "Promotion.after": "seconds",
    "Promotion.within": "seconds",
    "Promotion.sure": "share",
    "Expectation.sure": "share",
    "Expectation.per": "seconds",
    "Assumption.grade": "word",
    "OwnField.sort": "noun",
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

_NOTHING: Final = Say("none")
_UNLIMITED: Final = Say("no limit")
_NONE: Final[Mapping[str, Say]] = {
    "limit": _UNLIMITED,
    "stock": _UNLIMITED,
    "codes": _UNLIMITED,
    "wins": _UNLIMITED,
    "places": _UNLIMITED,
    "per_day": Say("all at once"),
}
"""What it means that there is no value, where that is not plain."""


_ACTIONS: Final = {"stop": Say("stop the campaign"), "pause_channel": Say("pause the channel")}
"""What a guard does."""

_NOUNS: Final[Mapping[str, str]] = {"FixedCost": "cost", "Line": "budget line", "Rung": "for"}
"""What a class is called, where that is not its own name."""


def part(field: str, lang: Language = "en") -> str:
    """The name of a field for people; one that has no Chinese name is told in English."""
    told = _FIELDS.get(field, field.replace("_", " "))
    return told if lang == "en" else table("parts").get(field, told)


def noun(thing: Any, lang: Language = "en") -> str:
    """What sort of thing a declaration is."""
    cls = type(thing).__name__
    name = _NOUNS.get(cls, str(getattr(thing, "kind", "")) or cls.lower())
    return name if lang == "en" else chinese(name, THINGS) or part(name, lang)


def arm_share(arm: Arm) -> str:
    """The share of people that an arm of a split takes."""
    return share(str(Decimal(arm.high) - Decimal(arm.low)))


@frozen
class Words:
    """Words for the values of one plan, in one language."""

    plan: Plan
    lang: Language = "en"

    @property
    def wording(self) -> Wording:
        """Words for what any text about the plan tells."""
        return Wording(self.plan, self.lang)

    def field(self, owner: type[Any], field: str, value: Any) -> str:
        """The value of a field of a class of the model."""
        if value is None or value == "" or value == ():
            return self.wording.say(_NONE.get(field, _NOTHING).text)
        unit = UNITS.get(f"{owner.__name__}.{field}", "")
        return self._in_unit(value, unit) if unit else self.value(value)

    def band(self, tier: Tier, band: Band) -> str:
        """The values of a band."""
        return self.wording.band(tier, band)

    def value(self, value: Any) -> str:
        """A value that carries its own meaning."""
        if isinstance(value, _PREDICATES):
            return self.wording.condition(value)
        if isinstance(value, tuple):
            return self.wording.listed(self.value(each) for each in value)
        if has(type(value)):
            return self._object(value)
        if isinstance(value, bool):
            return self.wording.say("yes" if value else "no")
        return f"{value:,}" if isinstance(value, int) else " ".join(str(value).split())

    def summary(self, thing: Any) -> str:
        """A declaration without its name: its parts that say something."""
        if isinstance(thing, Goal | Expectation):
            return thing.text
        told = []
        for row in fields(type(thing)):
            value = getattr(thing, row.name)
            if row.name not in _SILENT and value != row.default and value not in (None, "", ()):
                told.append(f"{part(row.name, self.lang)} {self.field(type(thing), row.name, value)}")
        return self.wording.comma.join(told) or self.wording.say("as by default")

    def _object(self, value: Any) -> str:
        words = self.wording
        match value:
            case Elapsed() | Months() | Until():
                return waited(value, words)
            case AmountOff() | PercentOff():
                return words.discount(value)
            case DayWindow():
                return words.clock(value)
            case Rolling() | Calendar():
                return words.window(value)
            case Quiet():
                return f"{words.clock(value.window)} {words.say('held to the end' if value.delay else 'left out')}"
        name = getattr(value, "name", "")
        return words.say("{name} ({parts})", name=name, parts=self.summary(value)).strip()

    def _in_unit(self, value: Any, unit: str) -> str:
        words = self.wording
        told: Mapping[str, Callable[[Any], str]] = {
            "instant": words.moment,
            "end": words.finish,
            "seconds": lambda seconds: words.lasting(Elapsed(seconds)) if seconds else _NOTHING.told(self.lang),
            "any": lambda names: words.listed((Word(name).told(self.lang) for name in names), "or"),
            "word": lambda name: Word(name).told(self.lang),
            "figure": lambda name: Figure(name).told(self.lang),
            "action": lambda name: _ACTIONS[name].told(self.lang) if self.lang == "zh" else name,
            "noun": lambda name: name if self.lang == "en" else Noun(name).told(self.lang),
            "money": words.money,
            "micros": words.micros,
            "share": share,
            "text": lambda text: (
                f"\N{LEFT DOUBLE QUOTATION MARK}{' '.join(text.split())}\N{RIGHT DOUBLE QUOTATION MARK}"
            ),
        }
        return told[unit](value)

"""Values of a plan as words: amounts, shares, lengths, moments, conditions."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from attrs import frozen

from wakeup.diagnostics import Count, Joint, Listed, Noun, Say, Word, amount
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
from wakeup.plan.predicates import EVERYONE, And, Bought, Compare, Happened, HasTag, InTier, Not, Or, Predicate
from wakeup.terms.language import Language
from wakeup.terms.zhe import zhe

INDENT: Final = "  "
"""Before what belongs to the line above."""

_DAY_S: Final = 86_400
_UNITS: Final = ((_DAY_S, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))
_AGES: Final = {
    "days_since_order": Say("last order"),
    "days_since_interaction": Say("last interaction"),
    "days_since_first_order": Say("first order"),
}
_OPS: Final = {
    "<": Say("{what} below {value}"),
    "<=": Say("{what} at most {value}"),
    ">": Say("{what} above {value}"),
    ">=": Say("{what} at least {value}"),
    "==": Say("{what} is {value}"),
    "!=": Say("{what} is not {value}"),
}
_AGE_OPS: Final = {
    "<": Say("{what} less than {value} ago"),
    "<=": Say("{what} at most {value} ago"),
    ">": Say("{what} more than {value} ago"),
    ">=": Say("{what} at least {value} ago"),
    "==": Say("{what} exactly {value} ago"),
    "!=": Say("{what} not {value} ago"),
}


@frozen
class Wording:
    """Words for the values of one plan, in its currency and its zone, in one language."""

    plan: Plan
    lang: Language = "en"

    def say(self, text: str, **fields: object) -> str:
        """A text of ours, filled in."""
        return Say(text, **fields).told(self.lang)

    def word(self, name: str) -> str:
        """A word of the language, in English without underscores."""
        return Word(name).told(self.lang).replace("_", " ")

    def noun(self, name: str) -> str:
        """A kind of thing."""
        return Noun(name).told(self.lang)

    def counted(self, number: int, thing: str) -> str:
        """`1 day`, `5 days`."""
        return counted(number, thing, self.lang)

    @property
    def comma(self) -> str:
        """What stands between parts of a line."""
        return "，" if self.lang == "zh" else ", "

    @property
    def colon(self) -> str:
        """What stands behind a heading on its line."""
        return "：" if self.lang == "zh" else ": "

    def listed(self, words: Iterable[str], last: Joint = "and") -> str:
        """`a, b and c`."""
        return listed(words, last, self.lang)

    def lasting(self, length: Elapsed | Months) -> str:
        """`5 days`."""
        return lasting(length, self.lang)

    # ------------------------------------------------------------------ values

    def money(self, minor: int) -> str:
        """Minor units as an amount: `1,200,000 CNY`, `12.50 GBP`."""
        return amount(self.number(minor), self.plan.currency).told(self.lang)

    def number(self, minor: int) -> str:
        """Minor units as a number of major ones: `1,200,000`, `12.50`."""
        major = Decimal(minor).scaleb(-self.plan.minor_digits)
        return f"{int(major):,}" if major == int(major) else f"{major:,f}"

    def micros(self, micros: int) -> str:
        """Micros of the major unit as an amount."""
        major = Decimal(micros).scaleb(-6).normalize()
        return amount(f"{major:f}", self.plan.currency).told(self.lang)

    def moment(self, instant: int) -> str:
        """An instant as local date and time; the date alone at midnight."""
        local = dt.datetime.fromtimestamp(instant, ZoneInfo(self.plan.zone))
        return f"{local:%Y-%m-%d}" if local.time() == dt.time() else f"{local:%Y-%m-%d %H:%M}"

    def last_day(self, end: int) -> str:
        """The local day that an interval ends with."""
        return self.moment(end - 1)[:10]

    def finish(self, end: int) -> str:
        """The end of an interval as people write it: its last day; with a time where it ends within a day."""
        return self.last_day(end) if len(self.moment(end)) == len("2026-09-01") else self.moment(end)

    def stretch(self, start: int, end: int) -> str:
        """An interval: `2026-09-01 through 2026-09-30`, `2026-09-01 10:00 until 2026-09-02 10:00`."""
        if len(self.moment(start)) == len(self.moment(end)) == len("2026-09-01"):
            return self.say("{start} through {end}", start=self.moment(start), end=self.last_day(end))
        return self.say("{start} until {end}", start=self.moment(start), end=self.moment(end))

    def band(self, tier: Tier, band: Band) -> str:
        """`500 CNY and up`, `3 months up to 6 months`, `below 200 CNY`; of a rule its condition."""
        if band.match is not None:
            return self.say("everybody else") if band.match == EVERYONE else self.condition(band.match)
        low, high = (None if bound is None else self._bound(tier, bound) for bound in (band.low, band.high))
        if low is None:
            return self.say("all") if high is None else self.say("below {high}", high=high)
        return self.say("{low} and up", low=low) if high is None else self.say("{low} up to {high}", low=low, high=high)

    def _bound(self, tier: Tier, bound: int) -> str:
        match tier.unit:
            case "money":
                return self.money(bound)
            case "seconds":
                return self.lasting(Elapsed(bound))
            case "months":
                return counted(bound, "month", self.lang)
            case "count" | "rule":
                return f"{bound:,}"

    # ------------------------------------------------------------------ discounts and conditions

    def discount(self, discount: AmountOff | PercentOff) -> str:
        """`200 CNY off 800 CNY`, `20% off from 300 CNY`; in Chinese 8折."""
        if isinstance(discount, AmountOff):
            off, threshold = self.money(discount.amount), self.money(discount.threshold)
            return self.say("{off} off {threshold}", off=off, threshold=threshold)
        left = zhe(Decimal(discount.share) * 100) if self.lang == "zh" else None
        if not discount.threshold:
            return left or self.say("{share} off", share=share(discount.share))
        threshold = self.money(discount.threshold)
        if left is not None:
            return f"满 {threshold} 打 {left}"
        return self.say("{share} off from {threshold}", share=share(discount.share), threshold=threshold)

    def condition(self, predicate: Predicate) -> str:
        """A predicate as a phrase."""
        match predicate:
            case Compare():
                return self._compare(predicate)
            case Not(operand=Happened(outcome=outcome)):
                return self.say("no {outcome}", outcome=self.word(outcome))
            case Not(operand=operand):
                return self.say("not {condition}", condition=self._inner(operand))
            case And() | Or():
                return self._several(predicate)
            case _:
                return self._plain(predicate)

    def _several(self, predicate: And | Or) -> str:
        words = [self._inner(each) for each in predicate.operands]
        if isinstance(predicate, And):
            return self.say(" and ").join(words) or self.say("everybody")
        return self.say(" or ").join(words) or self.say("nobody")

    def _inner(self, predicate: Predicate) -> str:
        text = self.condition(predicate)
        return f"({text})" if isinstance(predicate, And | Or) else text

    def _compare(self, compare: Compare) -> str:
        age = _AGES.get(compare.attribute)
        if age is not None and compare.unit in ("seconds", "months"):
            length = Elapsed(int(compare.value)) if compare.unit == "seconds" else Months(int(compare.value))
            return self.say(_AGE_OPS[compare.op].text, what=age, value=self.lasting(length))
        value = self.money(int(compare.value)) if compare.unit == "money" else str(compare.value)
        if compare.unit == "seconds":
            value = self.lasting(Elapsed(int(compare.value)))
        return self.say(_OPS[compare.op].text, what=self.word(compare.attribute), value=value)

    def _plain(self, predicate: HasTag | Bought | InTier | Happened) -> str:
        match predicate:
            case HasTag(tag=tag):
                return self.say("tagged {tag}", tag=tag)
            case Bought():
                return self._bought(predicate)
            case InTier(tier=tier, band=band):
                return f"{tier}.{band}"
            case Happened(outcome=outcome):
                return self.say("{outcome} happened", outcome=self.word(outcome))

    def _bought(self, bought: Bought) -> str:
        if bought.within is None:
            return self.say("ever bought {category}", category=bought.category)
        length = self.lasting(Months(bought.within) if bought.months else Elapsed(bought.within))
        return self.say("bought {category} in the last {length}", category=bought.category, length=length)

    def clock(self, window: DayWindow) -> str:
        """`21:00 to 09:00`."""
        return clock(window, self.lang)

    def window(self, length: Rolling | Calendar) -> str:
        """`in any 30 days`, `per calendar month`."""
        return window(length, self.lang)


def share(text: str) -> str:
    """An exact share as a percentage."""
    return f"{(Decimal(text) * 100).normalize():f}%"


def lasting(length: Elapsed | Months, lang: Language = "en") -> str:
    """`5 days`, `90 minutes`, `1 month`; a day and more in days first: `80 days 2 hours`."""
    if isinstance(length, Months):
        return counted(length.months, "month", lang)
    days, rest = divmod(length.seconds, _DAY_S)
    if not days or not rest:
        return _in_one_unit(length.seconds, lang)
    parts = [counted(days, "day", lang)]
    for seconds, unit in _UNITS[1:]:
        number, rest = divmod(rest, seconds)
        if number:
            parts.append(counted(number, unit, lang))
    return " ".join(parts)


def _in_one_unit(length_s: int, lang: Language) -> str:
    """In the largest unit that it is a whole number of."""
    seconds, unit = next(each for each in _UNITS if length_s % each[0] == 0)
    return counted(length_s // seconds, unit, lang)


def counted(number: int, thing: str, lang: Language = "en") -> str:
    """`1 day`, `5 days`."""
    return Count(number, thing).told(lang)


def clock(window: DayWindow, lang: Language = "en") -> str:
    """`21:00 to 09:00`."""
    start, end = (f"{at // 3600:02d}:{at % 3600 // 60:02d}" for at in (window.start, window.end))
    return Say("{start} to {end}", start=start, end=end).told(lang)


def window(length: Rolling | Calendar, lang: Language = "en") -> str:
    """`in any 30 days`, `per calendar month`."""
    if isinstance(length, Calendar):
        return Say("per calendar {unit}", unit=Word(length.unit)).told(lang)
    return Say("in any {length}", length=lasting(Elapsed(length.seconds), lang)).told(lang)


def waited(length: Elapsed | Months | Until, wording: Wording) -> str:
    """What a wait waits for: a length, or a moment."""
    if isinstance(length, Until):
        return wording.say("until {moment}", moment=wording.moment(length.instant))
    return wording.lasting(length)


def listed(words: Iterable[str], last: Joint = "and", lang: Language = "en") -> str:
    """`a, b and c`."""
    items = [Say("{name}", name=word) for word in words]
    return Listed(items, last, len(items)).told(lang)

"""Three-valued meaning of a plan's predicates for one person: yes (True), no (False) or unknown (None).

A comparison with a missing value is unknown, `not unknown` is unknown, `and` and `or` are Kleene's; only yes selects.
"""

import operator
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any, Final

from attrs import frozen

from wakeup.decide.calendar import add_months, local
from wakeup.plan.model import Band, Tier
from wakeup.plan.predicates import And, Bought, Compare, Happened, HasTag, InTier, Not, Or, Predicate

Value = int | float | str | None
"""An attribute's value: minor units, seconds, a count, a number, a name, an instant; None where it is missing."""

_OPERATORS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip


@frozen
class Facts:
    """What is known of a person at `instant`, in the campaign's `zone`.

    bands: the band per tier at run start. happened: the outcomes that the journey may see. bought: the last order of
    each category before the run, None where the data have no categories. minor_digits: decimals of the campaign's
    currency, for own fields of money, which the data have in major units.
    """

    attributes: Mapping[str, Value]
    instant: int
    zone: str
    tags: Collection[str] = ()
    bands: Mapping[str, str] = {}
    happened: Collection[str] = ()
    bought: Mapping[str, int] | None = None
    minor_digits: int = 2


def holds(predicate: Predicate, facts: Facts) -> bool | None:
    """Return whether the predicate is yes (True), no (False) or unknown (None)."""
    match predicate:
        case Compare():
            return _compared(predicate, facts)
        case Bought():
            return _bought(predicate, facts)
        case Not(operand):
            truth = holds(operand, facts)
            return None if truth is None else not truth
        case And(operands):
            truths = [holds(each, facts) for each in operands]
            return False if False in truths else None if None in truths else True
        case Or(operands):
            truths = [holds(each, facts) for each in operands]
            return True if True in truths else None if None in truths else False
        case _:
            return _known(predicate, facts)


def _known(predicate: HasTag | InTier | Happened, facts: Facts) -> bool:
    """Return the truth of what is never unknown."""
    match predicate:
        case HasTag(tag):
            return tag in facts.tags
        case InTier(tier, band):
            return facts.bands.get(tier) == band
        case Happened(outcome):
            return outcome in facts.happened


def _bought(predicate: Bought, facts: Facts) -> bool | None:
    """Return whether the last order of the category is recent enough (rule 74)."""
    if facts.bought is None:
        return None
    last = facts.bought.get(predicate.category)
    if last is None or predicate.within is None:
        return last is not None
    if predicate.months:
        return last >= add_months(facts.instant, -predicate.within, facts.zone)
    return last >= facts.instant - predicate.within


def band_of(tier: Tier, facts: Facts) -> str:
    """Return the band of the tier that the person is in, "" where no band or rule takes them (rule 73)."""
    return next((band.name for band in tier.bands if _takes(tier, band, facts)), "")


def _takes(tier: Tier, band: Band, facts: Facts) -> bool:
    if tier.unit == "rule":
        return band.match is not None and holds(band.match, facts) is True

    unit = tier.unit

    def reaches(bound: int) -> bool:
        return bool(_compared(Compare(tier.attribute, ">=", bound, unit), facts))

    known = facts.attributes.get(tier.attribute) is not None
    return known and (band.low is None or reaches(band.low)) and (band.high is None or not reaches(band.high))


def _compared(compare: Compare, facts: Facts) -> bool | None:
    value = facts.attributes.get(compare.attribute)
    if value is None:
        return None
    return _OPERATORS[compare.op](*_sides(value, compare, facts))


def _sides(value: int | float | str, compare: Compare, facts: Facts) -> tuple[Any, Any]:
    """Return what stands left and right of the operator."""
    match compare.unit:
        case "months":  # an age of n months or more: the event lies at or before the instant minus n months
            event = facts.instant - int(value)
            return add_months(facts.instant, -int(compare.value), facts.zone), event
        case "date":
            return local(int(value), facts.zone).date(), date.fromisoformat(str(compare.value))
        case "money" if isinstance(value, float):
            return value, int(compare.value) / 10**facts.minor_digits
        case "decimal":
            return float(value), float(compare.value)
        case _:
            return value, compare.value

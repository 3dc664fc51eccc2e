"""Three-valued meaning of a plan's predicates for one person: yes (True), no (False) or unknown (None).

A comparison with a missing value is unknown, `not unknown` is unknown, `and` and `or` are Kleene's; only yes selects.
"""

import operator
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any, Final

from attrs import frozen

from wakeup.decide.calendar import add_months, local
from wakeup.plan.model import Tier
from wakeup.plan.predicates import And, Compare, Happened, HasTag, InTier, Not, Or, Predicate

Value = int | float | str | None
"""An attribute's value: minor units, seconds, a count, a number, a name, an instant; None where it is missing."""

_OPERATORS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip


@frozen
class Facts:
    """What is known of a person at `instant`, in the campaign's `zone`.

    bands: the band per tier at run start. happened: the outcomes that the journey may see. minor_digits: decimals of
    the campaign's currency, for own fields of money, which the data have in major units.
    """

    attributes: Mapping[str, Value]
    instant: int
    zone: str
    tags: Collection[str] = ()
    bands: Mapping[str, str] = {}
    happened: Collection[str] = ()
    minor_digits: int = 2


def holds(predicate: Predicate, facts: Facts) -> bool | None:
    """Return whether the predicate is yes (True), no (False) or unknown (None)."""
    match predicate:
        case Compare():
            return _compared(predicate, facts)
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


def band_of(tier: Tier, facts: Facts) -> str:
    """Return the band of the tier that the person is in, "" where the attribute is missing or no band holds it."""
    for band in tier.bands:
        above = band.low is None or _at_least(tier, band.low, facts)
        below = band.high is None or not _at_least(tier, band.high, facts)
        if above and below and facts.attributes.get(tier.attribute) is not None:
            return band.name
    return ""


def _at_least(tier: Tier, bound: int, facts: Facts) -> bool:
    return bool(_compared(Compare(tier.attribute, ">=", bound, tier.unit), facts))


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

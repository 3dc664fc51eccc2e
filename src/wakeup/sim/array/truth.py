"""Predicates over many people at once, three-valued: 0 no, 1 unknown, 2 yes (SEMANTICS 13; rules 10, 40).

With these codes Kleene's `and` is the minimum, `or` the maximum and `not` two minus the value.
"""

import operator
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

import numpy as np
from attrs import frozen

from wakeup.customers.attributes import Values, attribute
from wakeup.customers.population import NEVER, Population
from wakeup.plan.model import Plan, Tier
from wakeup.plan.predicates import And, Bought, Compare, Happened, HasTag, InTier, Not, Or, Predicate
from wakeup.sim.array.codes import I8, I64, Bools
from wakeup.sim.array.localtime import Zone

NO: Final = np.int8(0)
UNKNOWN: Final = np.int8(1)
YES: Final = np.int8(2)

_EPOCH: Final = date(1970, 1, 1).toordinal()
_OPERATORS: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip


@frozen(eq=False)
class Seen:
    """What predicates look at, for m people: their columns, one instant each (int64 (m,)), the campaign's zone,
    the band index per tier (int8 (m,) each), and the outcomes that the journey may see (bool (m,) each): what is not
    there is no.

    scores: RFM scores settled among everybody at the run's start (rule 40), int64 (m,) each, and for whom they are
    known, bool (m,); without them they are those among `people`.
    """

    plan: Plan
    people: Population
    instant: I64
    zone: Zone
    bands: Mapping[str, I8]
    happened: Mapping[str, Bools]
    scores: Mapping[str, tuple[Values, Bools]] = {}


def yes(predicate: Predicate, seen: Seen) -> Bools:
    """Return for whom the predicate is yes, bool (m,)."""
    flags: Bools = truth(predicate, seen) == YES
    return flags


def truth(predicate: Predicate, seen: Seen) -> I8:  # noqa: PLR0911 - one line per kind of predicate
    """Return 0 no, 1 unknown, 2 yes for each person, int8 (m,)."""
    match predicate:
        case Compare():
            return _compared(predicate, seen)
        case Not(operand):
            return YES - truth(operand, seen)
        case And(operands):
            return _folded(np.minimum, YES, [truth(each, seen) for each in operands], seen)
        case Or(operands):
            return _folded(np.maximum, NO, [truth(each, seen) for each in operands], seen)
        case HasTag(tag):
            return _sure(seen.people.tags[tag]) if tag in seen.people.tags else _nobody(seen)
        case Bought():
            return _bought(predicate, seen)
        case InTier(tier, band):
            return _sure(seen.bands[tier] == band_index(seen.plan, tier, band)) if tier in seen.bands else _nobody(seen)
        case Happened(outcome):
            return _sure(seen.happened[outcome]) if outcome in seen.happened else _nobody(seen)


def bands_of(plan: Plan, seen: Seen) -> dict[str, I8]:
    """Return the index of each person's band per tier, -1 none."""
    return {tier.name: _ruled(tier, seen) if tier.unit == "rule" else _banded(tier, seen) for tier in plan.tiers}


def _ruled(tier: Tier, seen: Seen) -> I8:
    """Return the first band whose rule is yes (rule 73)."""
    found = np.full(len(seen.instant), -1, np.int8)
    for index in reversed(range(len(tier.bands))):
        match = tier.bands[index].match
        if match is not None:
            found[np.flatnonzero(yes(match, seen))] = index
    return found


def _banded(tier: Tier, seen: Seen) -> I8:
    """Return the band that holds the attribute, -1 where it is missing or no band holds it."""
    found = np.full(len(seen.instant), -1, np.int8)
    known = truth(Compare(tier.attribute, ">=", 0, "count"), seen) != UNKNOWN
    edges = {bound for each in tier.bands for bound in (each.low, each.high) if bound is not None}
    beyond = {bound: _at_least(tier, bound, seen) for bound in edges}
    for index in reversed(range(len(tier.bands))):
        band = tier.bands[index]
        inside = known.copy()
        if band.low is not None:
            inside &= beyond[band.low]
        if band.high is not None:
            inside &= ~beyond[band.high]
        found[np.flatnonzero(inside)] = index
    return found


def band_index(plan: Plan, tier: str, band: str) -> int:
    """Return the index of a band in its tier; -2, which nobody has, if there is no such band."""
    for each in plan.tiers:
        if each.name == tier:
            return next((index for index, one in enumerate(each.bands) if one.name == band), -2)
    return -2


def _folded(fold: np.ufunc, neutral: np.int8, truths: list[I8], seen: Seen) -> I8:
    result = _everybody(neutral, seen)
    for each in truths:
        fold(result, each, out=result)
    return result


def _everybody(value: np.int8, seen: Seen) -> I8:
    return np.full(len(seen.instant), value, np.int8)


def _nobody(seen: Seen) -> I8:
    return _everybody(NO, seen)


def _sure(flags: Bools) -> I8:
    return flags.astype(np.int8) * YES


def _at_least(tier: Tier, bound: int, seen: Seen) -> Bools:
    assert tier.unit != "rule"
    return yes(Compare(tier.attribute, ">=", bound, tier.unit), seen)


def _bought(bought: Bought, seen: Seen) -> I8:
    """Return whether the last order of a category lies at or after the instant minus `within` (rule 74)."""
    categories = seen.people.categories
    if categories is None:
        return _everybody(UNKNOWN, seen)
    last = categories.get(bought.category)
    if last is None:
        return _nobody(seen)
    if bought.within is None:
        return _sure(last != NEVER)
    since = seen.zone.add_months(seen.instant, -bought.within) if bought.months else seen.instant - bought.within
    return _sure((last != NEVER) & (last >= since))


def _compared(compare: Compare, seen: Seen) -> I8:
    try:
        settled = seen.scores.get(compare.attribute)
        values, known = settled or attribute(seen.people, compare.attribute, seen.instant)
    except KeyError:  # a column that the data do not have is blank for everybody
        return _everybody(UNKNOWN, seen)
    result = _sure(_holds(compare, values, seen))
    result[np.flatnonzero(~known)] = UNKNOWN
    return result


def _holds(compare: Compare, values: Values, seen: Seen) -> Bools:
    """Return whether the comparison holds; what it says where the value is unknown means nothing."""
    compares = _OPERATORS[compare.op]
    holds: Bools
    match compare.unit:
        case "months":  # an age of n months or more: the event lies at or before the instant minus n months
            moved = seen.zone.add_months(seen.instant, -int(compare.value))
            holds = compares(moved, seen.instant - values.astype(np.int64))
        case "date":
            day = date.fromisoformat(str(compare.value)).toordinal() - _EPOCH
            holds = compares(seen.zone.day(values.astype(np.int64)), day)
        case "text":
            labels = seen.people.fields[compare.attribute].labels
            table = np.array([compares(label, compare.value) for label in labels] + [False], np.bool_)
            holds = table[values.astype(np.int64)]
        case "money" if values.dtype.kind == "f":  # an own field, in major units
            holds = compares(values, int(compare.value) / 10**seen.plan.minor_digits)
        case "decimal":
            holds = compares(values.astype(np.float64), float(compare.value))
        case _:
            holds = compares(values, int(compare.value))
    return holds

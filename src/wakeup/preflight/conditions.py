"""Conditions and values as a campaign file writes them: the same words in every language's messages."""

from math import ceil
from typing import Final

from wakeup.plan.model import Plan
from wakeup.plan.predicates import And, Compare, Happened, HasTag, InTier, Not, Or, Predicate
from wakeup.plan.wording import Wording
from wakeup.terms.attributes import ATTRIBUTES

_UNITS: Final = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def written(plan: Plan, predicate: Predicate) -> str:
    """Return `days_since_order >= 180d and not tag(employee)`."""
    match predicate:
        case Compare():
            return f"{predicate.attribute} {predicate.op} {_operand(plan, predicate)}"
        case HasTag(tag=tag):
            return f"tag({tag})"
        case InTier(tier=tier, band=band):
            return f"{tier}.{band}"
        case Happened(outcome=outcome):
            return outcome
        case Not(operand=operand):
            return f"not {_inner(plan, operand)}"
        case And(operands=operands) | Or(operands=operands):
            word = " and " if isinstance(predicate, And) else " or "
            return word.join(_inner(plan, each) for each in operands)


def _inner(plan: Plan, predicate: Predicate) -> str:
    text = written(plan, predicate)
    return f"({text})" if isinstance(predicate, And | Or) else text


def _operand(plan: Plan, compare: Compare) -> str:
    match compare.unit:
        case "money":
            return money(plan, int(compare.value))
        case "seconds":
            return length(int(compare.value))
        case "months":
            return f"{compare.value} months"
        case "text":
            return f'"{compare.value}"'
        case _:
            return str(compare.value)


def length(seconds: int) -> str:
    """Return `180d`, `36h`."""
    return next(f"{seconds // size}{unit}" for size, unit in _UNITS if seconds % size == 0)


def money(plan: Plan, minor: float) -> str:
    """Return `1,200 CNY`, `12.50 GBP`: minor units, half up, cents only where there are some."""
    return Wording(plan).money(int(minor + 0.5))


def value(plan: Plan, attribute: str, worth: float) -> str:
    """Return an attribute's value in its unit: `185d`, `210 CNY`, `4`."""
    match ATTRIBUTES.get(attribute):
        case "seconds":
            return f"{int(worth // 86_400):,}d"
        case "money":
            return money(plan, worth)
        case _:
            return f"{worth:,.6g}"


def typed(number: float) -> str:
    """Return a number as it is typed in a campaign file: `12_345`, rounded up."""
    return f"{ceil(number):_}"


def count(number: float) -> str:
    """Return a number of people or things: `12,345`."""
    return f"{number:,.0f}"


def percent(share: float) -> str:
    """Return a share in percent, without the sign: `12.3`; two digits below one percent, never rounded up to 100."""
    if 0.9995 <= share < 1:
        return "> 99.9"
    return f"{share * 100:.1f}" if share >= 0.01 or share == 0 else f"{share * 100:.2f}"

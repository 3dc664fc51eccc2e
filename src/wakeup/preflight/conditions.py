"""Conditions and values as a campaign file writes them, in either language."""

from math import ceil
from typing import Final

from attrs import frozen

from wakeup.diagnostics import Piece, Text, Typed, Word, amount, tell
from wakeup.plan.model import Plan
from wakeup.plan.predicates import And, Bought, Compare, Happened, HasTag, InTier, Not, Or, Predicate
from wakeup.plan.wording import Wording
from wakeup.terms.attributes import ATTRIBUTES
from wakeup.terms.language import Language

_UNITS: Final = (
    (86_400, Typed("{number}d")),
    (3_600, Typed("{number}h")),
    (60, Typed("{number}min")),
    (1, Typed("{number}s")),
)


@frozen(str=False)
class Written(Piece):
    """A condition of a plan: `days_since_order >= 180d and not tag(employee)`."""

    plan: Plan
    predicate: Predicate

    def told(self, lang: Language) -> str:
        """Return it as a campaign file has it."""
        return _written(self.plan, self.predicate, lang)


def _written(plan: Plan, predicate: Predicate, lang: Language) -> str:
    match predicate:
        case Compare():
            attribute = Word(predicate.attribute).told(lang)
            return f"{attribute} {predicate.op} {tell(_operand(plan, predicate), lang)}"
        case Not(operand=operand):
            return f"{Word('not').told(lang)} {_inner(plan, operand, lang)}"
        case And(operands=operands) | Or(operands=operands):
            word = Word("and" if isinstance(predicate, And) else "or").told(lang)
            return f" {word} ".join(_inner(plan, each, lang) for each in operands)
        case _:
            return tell(_fact(predicate), lang)


def _fact(predicate: HasTag | Bought | InTier | Happened) -> Text:
    match predicate:
        case HasTag(tag=tag):
            return Typed("tag({tag})", tag=tag)
        case Bought():
            return _bought(predicate)
        case InTier(tier=tier, band=band):
            return f"{tier}.{band}"
        case Happened(outcome=outcome):
            return Word(outcome)


def _bought(bought: Bought) -> Piece:
    if bought.within is None:
        return Typed('bought("{category}")', category=bought.category)
    within = months(bought.within) if bought.months else length(bought.within)
    return Typed('bought("{category}") within {length}', category=bought.category, length=within)


def _inner(plan: Plan, predicate: Predicate, lang: Language) -> str:
    text = _written(plan, predicate, lang)
    return f"({text})" if isinstance(predicate, And | Or) else text


def _operand(plan: Plan, compare: Compare) -> Text:
    match compare.unit:
        case "money":
            return money(plan, int(compare.value))
        case "seconds":
            return length(int(compare.value))
        case "months":
            return months(int(compare.value))
        case "text":
            return f'"{compare.value}"'
        case _:
            return str(compare.value)


def length(seconds: int) -> Typed:
    """Return `180d`, `36h`."""
    return next(Typed(unit.text, number=seconds // size) for size, unit in _UNITS if seconds % size == 0)


def months(number: int) -> Typed:
    """Return `1 month`, `6 months`."""
    return Typed("1 month") if number == 1 else Typed("{number} months", number=number)


def money(plan: Plan, minor: float) -> Typed:
    """Return `1,200 CNY`, `12.50 GBP`: minor units, half up, cents only where there are some."""
    number = Wording(plan).number(int(minor + 0.5))
    return amount(number, plan.currency)


def value(plan: Plan, attribute: str, worth: float) -> Text:
    """Return an attribute's value in its unit: `185d`, `210 CNY`, `4`."""
    match ATTRIBUTES.get(attribute):
        case "seconds":
            return Typed("{number}d", number=f"{int(worth // 86_400):,}")
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

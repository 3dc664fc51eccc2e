"""Predicates as SQL conditions: one function per kind. SQL's AND, OR and NOT are Kleene's, its NULL is unknown."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from attrs import frozen
from sqlglot import exp

from wakeup.decide.calendar import add_months
from wakeup.diagnostics import WakeupError, Word, diagnostic
from wakeup.plan.predicates import And, Bought, Compare, Happened, HasTag, InTier, Not, Or, Predicate
from wakeup.sql.customers import COUNTS, EVENTS, MONEY, OWN, bought_column, is_own, tag_column
from wakeup.sql.dialects import Dialect
from wakeup.sql.terms import EARLIEST, column, day, double, instant, known, named, number, text

_OPERATORS: Final[Mapping[str, type[exp.Binary]]] = {
    "<": exp.LT, "<=": exp.LTE, ">": exp.GT, ">=": exp.GTE, "==": exp.EQ, "!=": exp.NEQ,
}  # fmt: skip
_TURNED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
"""An age of at least n means an event at or before the instant n ago."""


@frozen
class Asked:
    """What conditions are asked about: customers at `at` (seconds UTC), months and days in `zone`.

    bands: whether the bands of tiers are there already; a rule of a tier knows none (rule 73).
    """

    dialect: Dialect
    at: int
    zone: str
    minor_digits: int
    bands: bool = True


def condition(predicate: Predicate, asked: Asked) -> exp.Expr:
    """Return the SQL condition that is true, false or NULL where the predicate is yes, no or unknown.

    Raises:
        WakeupError: WK5301, an outcome of a run; WK5302, a comparison that means nothing; WK5303, an impossible name.
        TypeError: a kind of predicate that this module does not know.
    """
    render = RENDERERS.get(type(predicate))
    if render is None:
        raise TypeError(f"no SQL is known for {type(predicate).__name__}")
    return render(predicate, asked)


def value(attribute: str, asked: Asked) -> exp.Column:
    """Return the cleaned column that an attribute is asked of: for an age, the one with the event."""
    if is_own(attribute):
        return exp.column(named(attribute, asked.dialect))
    return column(EVENTS.get(attribute, attribute))


def tier_column(tier: str) -> str:
    """Return the name of the column with the bands of a tier."""
    return f"tier_{tier}"


def _compare(compare: Compare, asked: Asked) -> exp.Expr:
    name = compare.attribute
    if name in EVENTS:
        return _age(compare, asked)
    if name in MONEY and compare.unit == "money":
        amount = Decimal(compare.value).scaleb(-asked.minor_digits)
        return _binary(compare.op, value(name, asked), number(amount))
    if name in COUNTS and compare.unit in ("count", "decimal"):
        return _binary(compare.op, value(name, asked), number(Decimal(compare.value)))
    if is_own(name) and compare.unit in OWN:
        return _own(compare, asked)
    raise _meaningless(compare)


def _age(compare: Compare, asked: Asked) -> exp.Expr:
    if compare.unit not in ("seconds", "months"):
        raise _meaningless(compare)
    bound = _before(asked, int(compare.value), months=compare.unit == "months")
    return _binary(_TURNED[compare.op], value(compare.attribute, asked), instant(bound))


def _before(asked: Asked, length: int, *, months: bool) -> int:
    """The instant that lies a length before: seconds, or calendar months in the campaign's zone."""
    try:
        return add_months(asked.at, -length, asked.zone) if months else asked.at - length
    except (ValueError, OverflowError):  # before the first year of the calendar: older than anybody
        return EARLIEST


def _own(compare: Compare, asked: Asked) -> exp.Expr:
    field = value(compare.attribute, asked)
    match compare.unit:
        case "text":
            return _binary(compare.op, _by_code_point(field, compare, asked), text(str(compare.value), asked.dialect))
        case "date":
            return _binary(compare.op, field, day(str(compare.value)))
        case "money":
            return _binary(compare.op, field, double(Decimal(compare.value).scaleb(-asked.minor_digits)))
        case _:
            return _binary(compare.op, field, double(Decimal(compare.value)))


def _by_code_point(field: exp.Column, compare: Compare, asked: Asked) -> exp.Expr:
    """Order texts as Python and DuckDB do; PostgreSQL would ask the language of the database."""
    if asked.dialect is Dialect.POSTGRES and compare.op not in ("==", "!="):
        return exp.Collate(this=field, expression=exp.to_identifier("C", quoted=True))
    return field


def _tag(has: HasTag, asked: Asked) -> exp.Expr:
    return exp.column(named(tag_column(has.tag), asked.dialect))


def _bought(bought: Bought, asked: Asked) -> exp.Expr:
    """Never unknown: who has no order of the category has not bought it."""
    last = exp.column(named(bought_column(bought.category), asked.dialect))
    if bought.within is None:
        return known(last)
    since = instant(_before(asked, bought.within, months=bought.months))
    return exp.func("COALESCE", _binary(">=", last, since), exp.false())


def _tier(inside: InTier, asked: Asked) -> exp.Expr:
    """Never unknown: who is in no band is not in this one."""
    if not asked.bands:
        return exp.false()
    band = exp.column(named(tier_column(inside.tier), asked.dialect))
    return exp.NullSafeEQ(this=band, expression=text(inside.band, asked.dialect))


def _happened(happened: Happened, _: Asked) -> exp.Expr:
    raise WakeupError([diagnostic("WK5301", outcome=Word(happened.outcome))])


def _not(negated: Not, asked: Asked) -> exp.Expr:
    return exp.not_(condition(negated.operand, asked), copy=False)


def _and(conjunction: And, asked: Asked) -> exp.Expr:
    operands = [condition(each, asked) for each in conjunction.operands]
    return exp.and_(*operands, copy=False) if operands else exp.true()


def _or(disjunction: Or, asked: Asked) -> exp.Expr:
    operands = [condition(each, asked) for each in disjunction.operands]
    return exp.or_(*operands, copy=False) if operands else exp.false()


def _binary(op: str, left: exp.Expr, right: exp.Expr) -> exp.Expr:
    return _OPERATORS[op](this=left, expression=right)


def _meaningless(compare: Compare) -> WakeupError:
    return WakeupError([diagnostic("WK5302", attribute=Word(compare.attribute))])


RENDERERS: Final[Mapping[type, Callable[[Any, Asked], exp.Expr]]] = {
    Compare: _compare,
    HasTag: _tag,
    Bought: _bought,
    InTier: _tier,
    Happened: _happened,
    Not: _not,
    And: _and,
    Or: _or,
}
"""Kind of predicate -> the function that renders it."""

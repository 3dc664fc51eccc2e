"""Table `customers` as wakeup reads it: which columns a query needs, and how each is cleaned.

Columns are cleaned as the import of a customer table does it: whole seconds, whole minor units, no blank texts, no NaN.
A missing value is NULL, and NULL is unknown.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from attrs import frozen
from sqlglot import exp

from wakeup.diagnostics import WakeupError, diagnostic
from wakeup.plan.predicates import Compare, Predicate
from wakeup.sql.dialects import Dialect
from wakeup.sql.terms import as_double, column, named, number, select_as

TABLE: Final = "customers"
ID: Final = "customer_id"

EVENTS: Final[Mapping[str, str]] = {
    "days_since_order": "last_order",
    "days_since_interaction": "last_interaction",
    "days_since_first_order": "first_order",
}
"""Attribute -> the column with the instant that it counts from."""

SCORED: Final[Mapping[str, str]] = {
    "recency_score": "last_order",
    "frequency_score": "orders",
    "monetary_score": "total_spent",
}
"""RFM score -> the column that customers are ranked by."""

MONEY: Final = frozenset({"total_spent", "average_order_value"})
COUNTS: Final = frozenset({"orders", *SCORED})

OWN: Final[Mapping[str, str]] = {
    "text": "text",
    "date": "date",
    "money": "number",
    "decimal": "number",
    "count": "number",
}
"""Unit of a comparison -> the kind of own field that it is about."""


@frozen
class Table:
    """The table in one database; money has `minor_digits` decimals."""

    dialect: Dialect
    minor_digits: int

    def seconds(self, name: str) -> exp.Expr:
        """An instant in whole seconds."""
        return _whole_seconds(column(name))

    def money(self, name: str) -> exp.Expr:
        """An amount in major units, to whole minor units."""
        return exp.Round(this=exp.cast(column(name), "DECIMAL(24, 9)"), decimals=number(self.minor_digits))

    def built_in(self, attributes: Iterable[str]) -> list[exp.Expr]:
        """Return the select list of the built-in columns that attributes are computed from."""
        names: set[str] = set()
        for attribute in attributes:
            names.add(EVENTS.get(attribute) or SCORED.get(attribute) or attribute)
            if attribute in SCORED:
                names.add("orders")
        return [select_as(clean(self), exp.to_identifier(name)) for name, clean in _CLEAN.items() if name in names]

    def tag(self, tag: str) -> exp.Expr:
        """Return whether the person carries a tag, for a select list: a blank is no."""
        name = named(tag_column(tag), self.dialect)
        return select_as(exp.func("COALESCE", exp.column(name), exp.false()), name)

    def bought(self, category: str) -> exp.Expr:
        """Return the last order of a category, for a select list."""
        name = named(bought_column(category), self.dialect)
        return select_as(_whole_seconds(exp.column(name)), name)

    def own(self, field: str, kind: str) -> exp.Expr:
        """Return an own field, for a select list."""
        name = named(field, self.dialect)
        value = exp.column(name)
        match kind:
            case "text":
                return select_as(exp.func("NULLIF", exp.func("TRIM", value), exp.Literal.string("")), name)
            case "number":
                missing = as_double(exp.Literal.string("NaN"))
                return select_as(exp.func("NULLIF", as_double(value), missing), name)
            case _:
                return value


def is_own(attribute: str) -> bool:
    """Whether an attribute is an own field of the table."""
    return attribute not in EVENTS and attribute not in MONEY and attribute not in COUNTS


def own_fields(leaves: Iterable[Predicate]) -> dict[str, str]:
    """Return the own fields that conditions compare, and the kind of each.

    Raises:
        WakeupError: WK5302, a field cannot be of two kinds.
    """
    kinds: dict[str, str] = {}
    for leaf in leaves:
        if isinstance(leaf, Compare) and is_own(leaf.attribute) and leaf.unit in OWN:
            kind = OWN[leaf.unit]
            if kinds.setdefault(leaf.attribute, kind) != kind:
                raise WakeupError([diagnostic("WK5302", attribute=leaf.attribute)])
    return dict(sorted(kinds.items()))


def tag_column(tag: str) -> str:
    """Return the name of the column that says who carries a tag."""
    return f"tag_{tag}"


def bought_column(category: str) -> str:
    """Return the name of the column with the last order of a category of goods."""
    return f"bought_{category}"


def _whole_seconds(value: exp.Expr) -> exp.Expr:
    return exp.TimestampTrunc(this=value, unit=exp.var("SECOND"))


def _zero(value: exp.Expr) -> exp.Expr:
    return exp.func("COALESCE", value, number(0))


def _interaction(table: Table) -> exp.Expr:
    """Whoever orders interacts. GREATEST takes no notice of NULL."""
    ordered, interacted = table.seconds("last_order"), table.seconds("last_interaction")
    return exp.Greatest(this=ordered, expressions=[interacted], ignore_nulls=True)


def _average(table: Table) -> exp.Expr:
    """Nobody has an average of no orders."""
    return exp.Case().when(exp.GT(this=column("orders"), expression=number(0)), table.money("average_order_value"))


_CLEAN: Final[Mapping[str, Callable[[Table], exp.Expr]]] = {
    "first_order": lambda table: table.seconds("first_order"),
    "last_order": lambda table: table.seconds("last_order"),
    "last_interaction": _interaction,
    "orders": lambda _: _zero(column("orders")),
    "total_spent": lambda table: _zero(table.money("total_spent")),
    "average_order_value": _average,
}
"""Built-in column -> its cleaned value."""

RESERVED: Final = (ID, *_CLEAN, *SCORED, "journey")
"""Columns that mean what this package says, whatever a plan calls its fields."""

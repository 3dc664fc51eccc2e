"""Conditions about what only this company's data have: own fields, tags, categories of goods."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from wakeup.diagnostics import Fix, Label, Listed, Noun, Piece, Say, Typed, diagnostic, suggest
from wakeup.lang.reader import Reader, did_you_mean, plain
from wakeup.plan import predicates as p
from wakeup.plan.model import Elapsed, Months, OwnField
from wakeup.plan.predicates import Predicate
from wakeup.syntax import nodes
from wakeup.syntax.nodes import Ref, Value

EXAMPLES: Final[Mapping[str, Piece]] = {
    "tag": Typed("tag(employee)"),
    "bought": Typed('bought("outerwear") within 2 years'),
    "field": Typed('field(skin_type) == "dry"'),
}
"""What takes something in parentheses, and how it is written."""

CATEGORIES: Final = ("last_category", "top_category")
"""Attributes whose values are categories."""


def known(reader: Reader, sort: str, name: Ref | nodes.String) -> bool:
    """Whether the customers have a field, tag or category of this name; told if not."""
    own, written, span = reader.names.own, _written(name), name.span
    if own is None or (sort, written) in own.places:
        return True
    names = own.names(sort)
    near = suggest(written, names)
    fix = Fix(span, near[0] if isinstance(name, Ref) else f'"{near[0]}"', Say("use")) if near else None
    listed = Say("known: {names}", names=Listed(names)) if names else None
    told = did_you_mean(near) if near else listed
    reader.bag.add(diagnostic("WK2130", span, fix=fix, help=told, kind=Noun(sort), name=written))
    return False


def _written(name: Ref | nodes.String) -> str:
    return name.written if isinstance(name, Ref) else name.value


# --- calls -----------------------------------------------------------------------------------------------------------


def call(reader: Reader, call: nodes.Call) -> Predicate | None:
    """`tag(employee)`, `bought("outerwear") within 2 years`."""
    tag = call.name.text == "tag"
    (argument, *more) = call.args
    if more or not isinstance(argument, Ref | nodes.String) or (tag and call.within is not None):
        reader.shape(call.name.text, EXAMPLES[call.name.text], call.span)
        return None
    name = _written(argument)
    if not known(reader, "tag" if tag else "category", argument):
        return None
    return p.HasTag(name) if tag else _bought(reader, name, call.within)


def _bought(reader: Reader, category: str, within: nodes.Literal | None) -> Predicate | None:
    if within is None:
        return p.Bought(category)
    match reader.period(within, "within"):
        case Elapsed(seconds=seconds):
            return p.Bought(category, seconds)
        case Months(months=months):
            return p.Bought(category, months, months=True)
        case _:
            return None


# --- comparisons -----------------------------------------------------------------------------------------------------


def own_field(reader: Reader, column: Ref | nodes.String, op: p.Op, right: Value) -> Predicate | None:
    """`field(skin_type) == "dry"`; against a declared field the type and the label are checked."""
    name = _written(column)
    if not known(reader, "field", column):
        return None
    field = None if reader.names.own is None else reader.names.own.field(name)
    if field is not None and not _fits(field, op, right):
        place = Label(reader.names.own.places["field", name], Say("declared here")) if reader.names.own else None
        labels = () if place is None else (place,)
        example = Listed((_example(field),))
        told = diagnostic("WK2132", right.span, labels=labels, name=name, kind=Noun(field.sort), example=example)
        reader.bag.add(told)
        return None
    return _compared(reader, name, op, right)


def _fits(field: OwnField, op: p.Op, right: Value) -> bool:
    match field.sort:
        case "text":
            return isinstance(right, Ref | nodes.String) and op in ("==", "!=")
        case "date":
            return isinstance(right, nodes.Date)
        case _:
            return isinstance(right, nodes.Number | nodes.Percent | nodes.Money)


def _example(field: OwnField) -> Typed:
    match field.sort:
        case "text":
            return Typed('field({name}) == "{value}"', name=field.name, value=field.labels[0].name)
        case "date":
            return Typed("field({name}) >= {value}", name=field.name, value=field.low)
        case _:
            return Typed("field({name}) >= {value}", name=field.name, value=field.high)


def _compared(reader: Reader, name: str, op: p.Op, right: Value) -> Predicate | None:
    match right:
        case nodes.Number(value=number):
            return p.Compare(name, op, plain(number), "decimal")
        case nodes.Percent(fraction=fraction):
            return p.Compare(name, op, plain(Decimal(fraction)), "decimal")
        case nodes.Money():
            amount = reader.money(right, name)
            return None if amount is None else p.Compare(name, op, amount, "money")
        case nodes.Date(value=day):
            return p.Compare(name, op, day.isoformat(), "date")
        case Ref() | nodes.String() if op in ("==", "!="):
            return text(reader, name, op, right)
        case _:
            reader.shape(name, Typed('field({name}) == "…"', name=name), right.span)
            return None


def text(reader: Reader, name: str, op: p.Op, right: Ref | nodes.String) -> Predicate | None:
    """A text equal, or not, to a value; declared labels and categories are the only values there can be."""
    written = _written(right)
    if name in CATEGORIES and reader.names.own is not None and reader.names.own.names("category"):
        return p.Compare(name, op, written, "text") if known(reader, "category", right) else None
    field = None if reader.names.own is None else reader.names.own.field(name)
    labels = [] if field is None else [label.name for label in field.labels]
    if labels and written not in labels:
        near = suggest(written, labels)
        fix = Fix(right.span, f'"{near[0]}"', Say("use")) if near else None
        told = did_you_mean(near) if near else Say("known: {names}", names=Listed(labels))
        reader.bag.add(diagnostic("WK2131", right.span, fix=fix, help=told, name=name, label=written))
        return None
    return p.Compare(name, op, written, "text")

"""Conditions: who is meant (audience, segment, `for`), and what has happened (`if` in a journey)."""

from decimal import Decimal
from typing import Final

from attrs import frozen

from wakeup.diagnostics import Label, diagnostic
from wakeup.lang.attributes import ATTRIBUTES, EXAMPLE
from wakeup.lang.names import Entity
from wakeup.lang.reader import Reader, plain
from wakeup.plan import predicates as p
from wakeup.plan.model import Elapsed, Months, Period
from wakeup.plan.predicates import Predicate
from wakeup.syntax import nodes
from wakeup.syntax.nodes import Ref, Value
from wakeup.terms.lists import Outcome

EVENTS: Final = tuple(str(outcome) for outcome in Outcome)

_FLIPPED: Final[dict[str, str]] = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_OPS: Final[dict[str, p.Op]] = {"<": "<", "<=": "<=", ">": ">", ">=": ">=", "==": "==", "!=": "!="}


@frozen
class Conditions:
    """Reads conditions. `events`: whether "has ordered" means something here, as it does inside a journey.

    `trail` holds the segments being read, so that one that contains itself is found.
    """

    reader: Reader
    events: bool
    trail: tuple[Entity, ...] = ()

    def read(self, value: Value) -> Predicate | None:
        """The predicate of a condition; None after a diagnostic."""
        match value:
            case nodes.And() | nodes.Or():
                parts = tuple(self.read(item) for item in value.items)
                return _all(parts, p.And if isinstance(value, nodes.And) else p.Or)
            case nodes.Not(item=item):
                return _negated(self.read(item))
            case nodes.Absent(event=event):
                return _negated(self._happened(event))
            case _:
                return self._elementary(value)

    def _elementary(self, value: Value) -> Predicate | None:
        match value:
            case nodes.Compare():
                return self._compare(value)
            case nodes.Call(name=name):
                return self._call(value) if name.text == "tag" else self._no_condition(value)
            case Ref():
                return self._reference(value)
            case _:
                return self._no_condition(value)

    def _no_condition(self, value: Value) -> Predicate | None:
        self.reader.bag.add(diagnostic("WK2112", value.span, found=self.reader.text(value.span)))
        return None

    # ------------------------------------------------------------------ names alone

    def _reference(self, ref: Ref) -> Predicate | None:
        if ref.text in EVENTS:
            return self._happened(ref)
        if ref.text in ATTRIBUTES:
            return self._no_condition(ref)
        reader = self.reader
        parts = tuple(part.written for part in ref.parts)
        segment = reader.names.find(reader.module, parts, "segment")
        if segment is not None:
            return self._segment(segment, ref)
        if len(parts) > 1:
            band = self.band(ref)
            return None if band is None else p.InTier(*band)
        known = reader.names.visible(reader.module, "segment") + self._bands() + (list(EVENTS) if self.events else [])
        reader.unknown_word(ref.written, ref.span, known, "condition")
        return None

    def _bands(self) -> list[str]:
        names, module = self.reader.names, self.reader.module
        found = []
        for written in names.visible(module, "tier"):
            tier = names.find(module, tuple(written.split(".")), "tier")
            found += [f"{written}.{prop.key.written}" for prop in tier.decl.props] if tier else []
        return found

    def band(self, ref: Ref) -> tuple[str, str] | None:
        """The tier and the band that `tier.band` names."""
        reader = self.reader
        parts = tuple(part.written for part in ref.parts)
        tier = reader.names.find(reader.module, parts[:-1], "tier")
        if tier is None:
            known = self._bands() + reader.names.visible(reader.module, "segment")
            reader.unknown_word(ref.written, ref.span, known, "tier band")
            return None
        bands = [prop.key.written for prop in tier.decl.props]
        if parts[-1] not in bands:
            reader.unknown_word(parts[-1], ref.parts[-1].span, bands, f"band of {tier.name}")
            return None
        return tier.name, parts[-1]

    def _segment(self, segment: Entity, ref: Ref) -> Predicate | None:
        if segment in self.trail:
            self._cycle(self.trail[self.trail.index(segment) :])
            return None
        where = segment.decl.prop("where")
        if where is None:
            return None
        inside = Reader(self.reader.bag, self.reader.names, segment.module, self.reader.currency, self.reader.zone)
        return Conditions(inside, events=False, trail=(*self.trail, segment)).read(where.value.head)

    def _cycle(self, trail: tuple[Entity, ...]) -> None:
        # Told from its first name on, so that it is told once, whichever segment was read first.
        at = min(range(len(trail)), key=lambda index: trail[index].name)
        names = [each.name for each in (*trail[at:], *trail[:at], trail[at])]
        self.reader.bag.add(diagnostic("WK3311", trail[at].span, cycle=" -> ".join(names)))

    # ------------------------------------------------------------------ events

    def _happened(self, event: Ref) -> Predicate | None:
        reader = self.reader
        if not self.events:
            help_text = "write `days_since_order >= 90d`: who is meant is judged before anything was sent"
            reader.bag.add(diagnostic("WK2112", event.span, help=help_text, found=reader.text(event.span)))
            return None
        if event.text not in EVENTS:
            reader.unknown_word(event.written, event.span, EVENTS, "event")
            return None
        return p.Happened(event.text)

    def _call(self, call: nodes.Call) -> Predicate | None:
        (argument, *more) = call.args
        if more or not isinstance(argument, Ref | nodes.String):
            self.reader.shape("tag", "`tag(employee)`", call.span)
            return None
        return p.HasTag(argument.written if isinstance(argument, Ref) else argument.value)

    # ------------------------------------------------------------------ comparisons

    def _compare(self, value: nodes.Compare) -> Predicate | None:
        left, op, right = value.left, value.op, value.right
        if _is_literal(left) and not _is_literal(right):
            left, op, right = right, _FLIPPED[op], left
        match left:
            case nodes.Call(name=name, args=(Ref() as column,)) if name.text == "field":
                return self._own_field(column.written, _OPS[op], right)
            case Ref() if left.text in ATTRIBUTES:
                return self._attribute(left, _OPS[op], right)
            case Ref():
                self._unknown_attribute(left)
            case _:
                self._no_condition(value)
        return None

    def _unknown_attribute(self, ref: Ref) -> None:
        known = (*ATTRIBUTES, "tag")
        reader = self.reader
        reader.unknown_word(ref.written, ref.span, known, "attribute")

    def _attribute(self, ref: Ref, op: p.Op, right: Value) -> Predicate | None:
        reader, name = self.reader, ref.text
        measure = ATTRIBUTES[name]
        if measure == "text":
            return self._text(name, op, right)
        if measure == "count":
            count = reader.count(right, name, least=0)
            return None if count is None else p.Compare(name, op, count, "count")
        if op in ("==", "!="):
            return self._order_only(ref, op, right)
        if measure == "money":
            amount = reader.money(right, name)
            return None if amount is None else p.Compare(name, op, amount, "money")
        return _age(name, op, reader.period(right, name))

    def _text(self, name: str, op: p.Op, right: Value) -> Predicate | None:
        written = right.written if isinstance(right, Ref) else right.value if isinstance(right, nodes.String) else None
        if written is None or op not in ("==", "!="):
            self.reader.shape(name, f'`{name} == "…"`', right.span)
            return None
        return p.Compare(name, op, written, "text")

    def _order_only(self, ref: Ref, op: str, right: Value) -> Predicate | None:
        reader = self.reader
        here = Label(ref.span, EXAMPLE[ATTRIBUTES[ref.text]])
        reader.bag.add(diagnostic("WK2111", right.span, labels=(here,), attribute=ref.written, op=op))
        return None

    def _own_field(self, name: str, op: p.Op, right: Value) -> Predicate | None:
        match right:
            case nodes.Number(value=number):
                return p.Compare(name, op, plain(number), "decimal")
            case nodes.Percent(fraction=fraction):
                return p.Compare(name, op, plain(Decimal(fraction)), "decimal")
            case nodes.Money():
                amount = self.reader.money(right, name)
                return None if amount is None else p.Compare(name, op, amount, "money")
            case nodes.Date(value=day):
                return p.Compare(name, op, day.isoformat(), "date")
            case _:
                return self._text(name, op, right)


def _age(name: str, op: p.Op, length: Period | None) -> Predicate | None:
    match length:
        case Elapsed(seconds=seconds):
            return p.Compare(name, op, seconds, "seconds")
        case Months(months=months):
            return p.Compare(name, op, months, "months")
        case None:
            return None


def _is_literal(value: Value) -> bool:
    return isinstance(value, nodes.Literal)  # type: ignore[arg-type, unused-ignore]


def _negated(inner: Predicate | None) -> Predicate | None:
    return None if inner is None else p.Not(inner)


def _all(parts: tuple[Predicate | None, ...], kind: type[p.And] | type[p.Or]) -> Predicate | None:
    read = tuple(part for part in parts if part is not None)
    return kind(read) if len(read) == len(parts) else None  # type: ignore[arg-type]  # attrs' converter=tuple

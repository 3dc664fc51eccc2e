"""Conditions: who is meant (audience, segment, `for`), and what has happened (`if` in a journey)."""

from typing import Final

from attrs import frozen

from wakeup.diagnostics import Fix, Label, Listed, Say, Text, Typed, Word, diagnostic, words
from wakeup.lang import own_conditions
from wakeup.lang.attributes import ATTRIBUTES, EXAMPLE
from wakeup.lang.names import Entity
from wakeup.lang.reader import Reader
from wakeup.plan import predicates as p
from wakeup.plan.model import Elapsed, Months, Period
from wakeup.plan.predicates import Predicate
from wakeup.syntax import nodes
from wakeup.syntax.attempts import said_otherwise
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
            case nodes.Call(name=name) if name.text in ("tag", "bought"):
                return own_conditions.call(self.reader, value)
            case nodes.Call():
                return self._no_call(value)
            case Ref():
                return self._reference(value)
            case _:
                return self._no_condition(value)

    def _no_call(self, value: nodes.Call) -> Predicate | None:
        """Report a call that is no condition; who writes 没买过 or has_bought means `bought`."""
        name = value.name.text
        if name == "field":
            self.reader.shape(name, own_conditions.EXAMPLES[name], value.span)
            return None
        if "bought" not in name.casefold() and "买" not in name:
            return self._no_condition(value)
        examples = (own_conditions.EXAMPLES["bought"], Typed('not bought("outerwear")'))
        self.reader.shape("bought", examples, value.span)
        return None

    def _no_condition(self, value: Value) -> Predicate | None:
        meant = said_otherwise(self.reader.module.source, value.span)
        self.reader.bag.add(meant or diagnostic("WK2112", value.span, found=self.reader.text(value.span)))
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
        names = reader.names.visible(reader.module, "segment") + reader.names.bands(reader.module)
        known: list[Text] = [*names, *(words(EVENTS) if self.events else ())]
        reader.unknown_word(ref.written, ref.span, known, "condition")
        return None

    def band(self, ref: Ref) -> tuple[str, str] | None:
        """The tier and the band that `tier.band` names."""
        reader = self.reader
        parts = tuple(part.written for part in ref.parts)
        tier = reader.names.find(reader.module, parts[:-1], "tier")
        if tier is None:
            known = reader.names.bands(reader.module) + reader.names.visible(reader.module, "segment")
            reader.unknown_word(ref.written, ref.span, known, "tier band")
            return None
        bands = [prop.key.written for prop in tier.decl.props]
        if parts[-1] not in bands:
            reader.unknown_word(parts[-1], ref.parts[-1].span, bands, "band")
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
        self.reader.bag.add(diagnostic("WK3311", trail[at].span, cycle=" → ".join(names)))

    # ------------------------------------------------------------------ events

    def _happened(self, event: Ref) -> Predicate | None:
        reader = self.reader
        if not self.events:
            help_text = Say("write `days_since_order >= 90d`: who is meant is judged before anything was sent")
            reader.bag.add(diagnostic("WK2112", event.span, help=help_text, found=reader.text(event.span)))
            return None
        if event.text not in EVENTS:
            reader.unknown_word(event.written, event.span, words(EVENTS), "known event")
            return None
        return p.Happened(event.text)

    # ------------------------------------------------------------------ comparisons

    def _compare(self, value: nodes.Compare) -> Predicate | None:
        left, op, right = value.left, value.op, value.right
        if _is_literal(left) and not _is_literal(right):
            left, op, right = right, _FLIPPED[op], left
        match left:
            case nodes.Call(name=name, args=(Ref() | nodes.String() as column,), within=None) if name.text == "field":
                return own_conditions.own_field(self.reader, column, _OPS[op], right)
            case Ref() if left.text in ATTRIBUTES:
                return self._attribute(left, _OPS[op], right)
            case Ref():
                self._unknown_attribute(left)
            case _:
                self._no_condition(value)
        return None

    def _unknown_attribute(self, ref: Ref) -> None:
        known = words((*ATTRIBUTES, "tag"))
        reader = self.reader
        if reader.names.own is not None and reader.names.own.field(ref.written) is not None:
            fixed = Typed("field({name})", name=ref.written)
            reader.bag.add(diagnostic("WK2138", ref.span, fix=Fix(ref.span, fixed, Say("write")), fixed=fixed))
            return
        if ref.text in own_conditions.EXAMPLES:
            reader.shape(ref.text, own_conditions.EXAMPLES[ref.text], ref.span)
            return
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
        if not isinstance(right, Ref | nodes.String) or op not in ("==", "!="):
            self.reader.shape(name, Typed('{name} == "…"', name=Word(name)), right.span)
            return None
        return own_conditions.text(self.reader, name, op, right)

    def _order_only(self, ref: Ref, op: str, right: Value) -> Predicate | None:
        reader = self.reader
        here = Label(ref.span, Listed((EXAMPLE[ATTRIBUTES[ref.text]],)))
        reader.bag.add(diagnostic("WK2111", right.span, labels=(here,), attribute=ref.written, op=op))
        return None


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

"""Phrases, predicates and references: raw tree -> nodes."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence

from attrs import define, evolve, field

from wakeup.diagnostics import Diagnostic, Fix, Say, Word, diagnostic
from wakeup.source import Span
from wakeup.syntax import nodes as n
from wakeup.syntax.lexicon import NO_EVENT, canonical_word, lexicon
from wakeup.syntax.literals import Reader
from wakeup.syntax.raw import Raw, child, children, tokens
from wakeup.syntax.stack import Token, Tree
from wakeup.syntax.tunes import tuned

_OPERATORS: Mapping[str, str] = {"≥": ">=", "≤": "<=", "≠": "!=", "＞": ">", "＜": "<", "＞=": ">=", "＜=": "<="}
_EVERY = re.compile(r"每 ?(?:(?P<number>[0-9]+)(?P<unit>.+?)|(?P<calendar>自然)?(?P<per>.+?))(?:最多|至多|不超过)?")
_TAILS_WITHOUT_VALUE = {"ALWAYS": "always", "IN_A_ROW": "in_a_row"}


@define
class PhraseBuilder:
    """Builds what stands behind a key, a claim or a condition."""

    raw: Raw
    reader: Reader = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.reader = Reader(self.raw.source, self.raw.tell)

    # ------------------------------------------------------------------ names

    def ref(self, token: Token, event: bool = False) -> n.Ref:
        """A name used; ``event`` tells that a word of the list of events is meant as one."""
        start = self.raw.place(token).start
        parts = []
        for part in token.split("."):
            span = self.raw.source.span(start, start + len(part))
            parts.append(n.Name(canonical_word(part, event=event and "." not in token), part, span))
            start += len(part) + 1
        return n.Ref(tuple(parts), self.raw.place(token))

    # ------------------------------------------------------------------ literals

    def string(self, tree: Tree) -> n.String:
        """A text in quotes."""
        token = tokens(tree)[0]
        return self.reader.string(token.type, str(token), self.raw.place(token))

    def literal(self, tree: Tree) -> n.Literal:
        """A number with unit, one that may vary, a moment or a text."""
        inner = tree.children[0]
        assert isinstance(inner, Tree)
        match inner.data:
            case "string":
                return self.string(inner)
            case "amount":
                return self._amount(inner)
            case "tuned":
                return self._tuned(inner)
        return self._moment(inner)

    def _tuned(self, tree: Tree) -> n.Amount:
        low, high, step = (self._amount(each) for each in children(tree, "amount"))
        found = tuned(low, high, step, self.raw.span(tree))
        if not isinstance(found, Diagnostic):
            return found
        self.raw.tell(found)
        return low

    def _amount(self, tree: Tree) -> n.Amount:
        number, *rest = tokens(tree)
        span = self.raw.span(tree)
        if not rest:
            return self.reader.amount(str(number), span, None)
        if rest[0].type == "PERCENT":
            return self.reader.amount(str(number), self.raw.place(number), None, self.raw.place(rest[0]))
        unit = n.Name(canonical_word(str(rest[0]), event=False), str(rest[0]), self.raw.place(rest[0]))
        return self.reader.amount(str(number), span, unit)

    def _moment(self, tree: Tree) -> n.Literal:
        parts = tokens(tree)
        if parts[0].type == "TIME":
            return self.reader.time(str(parts[0]), self.raw.place(parts[0]))
        day = self.reader.date(str(parts[0]), self.raw.place(parts[0]))
        if len(parts) == 1 or isinstance(day, n.DateTime):
            return day
        time = self.reader.time(str(parts[-1]), self.raw.place(parts[-1]))
        return n.DateTime(_at(day, time), self.raw.span(tree))

    def share(self, token: Token, percent_apart: Span | None) -> n.Literal:
        """The share of an arm."""
        return self.reader.amount(str(token), self.raw.place(token), None, percent_apart)

    # ------------------------------------------------------------------ phrases

    def value(self, tree: Tree) -> n.Phrase:
        """What stands behind a key: one phrase, or a list of phrases as its head."""
        items = [self.phrase(each) for each in children(tree, "phrase")]
        if len(items) == 1:
            return items[0]
        span = self.raw.span(tree)
        return n.Phrase(n.ValueList(tuple(items), span), (), span)

    def phrase(self, tree: Tree) -> n.Phrase:
        """A head and its tails; 每人 before the head is the tail `per person`."""
        each = [self._every(token) for token in tokens(tree, "EACH")]
        heads = [part for part in tree.children if isinstance(part, Tree) and part.data != "tail"]
        return n.Phrase(self._head(heads[0]), (*each, *self.tails(tree)), self.raw.span(tree))

    def cap(self, tree: Tree) -> n.Phrase:
        """The limit behind `at most`."""
        each = [self._every(token) for token in tokens(tree, "EVERY_AT_MOST")]
        head = self.literal(child(tree, "literal"))
        tails = (*each, *self.tails(tree))
        return n.Phrase(head, tails, self.raw.span(tree))

    def _every(self, token: Token) -> n.Tail:
        """每天, 每自然月, 每30天最多: the tail `per …`."""
        span = self.raw.place(token)
        match = _EVERY.fullmatch(token)
        assert match is not None
        if match["number"] is not None:
            text = match["number"] + match["unit"]
            return n.Tail("per", self.reader.amount(text, self.raw.source.span(span.start, span.end), None), span)
        unit = lexicon().per.get(match["per"], match["per"])
        return n.Tail("per", n.Unit(unit, match["calendar"] is not None, span), span)

    def _head(self, tree: Tree) -> n.Value:
        if tree.data == "or_expr":
            return self.predicate(tree)
        span = self.raw.span(tree)
        literals = [self.literal(each) for each in children(tree, "literal")]
        if tree.data == "range":
            return self._range(tree, literals, span)
        if tree.data in ("up", "below"):
            return n.Range(literals[0], None, span) if tree.data == "up" else n.Range(None, literals[0], span)
        if tree.data == "off":
            return n.Discount(literals[0], literals[1] if len(literals) > 1 else None, span)
        return self._other_head(tree, span)

    def _other_head(self, tree: Tree, span: Span) -> n.Value:
        """A head that is no condition and has no literals."""
        match tree.data:
            case "full_cut":
                return self.reader.full_cut(str(tokens(tree)[0]), span)
            case "zhe":
                return self.reader.zhe(str(tokens(tree)[0]), span)
            case "share":
                return self._share(tree, span)
            case "rest":
                return n.Otherwise(span)
        names = tokens(tree, "NAME")
        return n.Action("pause", self.ref(names[0]) if names else None, span)

    def _share(self, tree: Tree, span: Span) -> n.Share:
        texts, names = children(tree, "string"), tokens(tree, "NAME")
        apart = next((self.raw.place(token) for token in tokens(tree, "PERCENT")), None)
        name = self.string(texts[0]) if texts else self.ref(names[0])
        return n.Share(name, self.share(tokens(tree, "AMOUNT")[0], apart), span)

    def _range(self, tree: Tree, ends: Sequence[n.Literal], span: Span) -> n.Value:
        word = next(token for token in tokens(tree))
        start, end = ends
        if isinstance(start, n.Date | n.DateTime) and isinstance(end, n.Date | n.DateTime):
            if word.type == "TO":
                place = self.raw.place(word)
                fix = Fix(place, Word("through"), Say("write"))
                self.raw.tell(diagnostic("WK1050", place, fix=fix, word=str(word)))
            return n.DateRange(start, end, word.type != "UNTIL", span)
        if word.type != "TO" and not (word.type == "THROUGH" and isinstance(start, n.Time)):
            place = self.raw.place(word)
            self.raw.tell(diagnostic("WK1051", place, fix=Fix(place, Word("to"), Say("write")), word=str(word)))
        if isinstance(start, n.Time) and isinstance(end, n.Time):
            return n.TimeRange(start, end, span)
        return n.Range(start, end, span)

    # ------------------------------------------------------------------ tails

    def tails(self, tree: Tree) -> tuple[n.Tail, ...]:
        """The prepositional tails of a phrase, in order."""
        return tuple(self._tail(each) for each in children(tree, "tail"))

    def only(self, tails: Sequence[n.Tail], kind: str, allowed: Sequence[str]) -> dict[str, n.Literal]:
        """Return the literal values of the tails that a statement knows; tell of the others and of a second one."""
        found: dict[str, n.Literal] = {}
        seen: set[str] = set()
        for tail in tails:
            if tail.word not in allowed or tail.word in seen:
                self.raw.tell(diagnostic("WK1063", tail.span, word=Word(tail.word.replace("_", " ")), kind=Word(kind)))
            elif isinstance(tail.value, n.Literal):
                found[tail.word] = tail.value
            seen.add(tail.word)
        return found

    def _tail(self, tree: Tree) -> n.Tail:
        span = self.raw.span(tree)
        first = tree.children[0]
        if isinstance(first, Tree):
            return n.Tail("for", self._target(first), span)
        if first.type == "EACH":
            return self._every(first)
        if first.type == "APIECE":
            return n.Tail("per", n.Unit("item", False, span), span)
        if first.type == "POSTPONE":
            return n.Tail("otherwise", n.Ref((n.Name("delay", str(first), span),), span), span)
        if first.type in _TAILS_WITHOUT_VALUE:
            return n.Tail(_TAILS_WITHOUT_VALUE[first.type], None, span)
        return n.Tail(first.type.lower(), self._tail_value(tree, first), span)

    def _tail_value(self, tree: Tree, word: Token) -> n.Value:
        names = tokens(tree, "NAME")
        if names:
            return self.ref(names[0])
        inner = next(each for each in tree.children if isinstance(each, Tree))
        match inner.data:
            case "period":
                return self._period(inner)
            case "string":
                return self.string(inner)
            case "range":
                return self._head(inner)
        literals = [self.literal(each) for each in children(tree, "literal")]
        if word.type == "BETWEEN":
            return n.Range(literals[0], literals[1], literals[0].span.join(literals[1].span))
        return literals[0]

    def _period(self, tree: Tree) -> n.Value:
        words = tokens(tree)
        last = words[-1]
        if last.type == "AMOUNT":
            return self.reader.amount(str(last), self.raw.place(last), None)
        unit = lexicon().per.get(str(last), str(last))
        return n.Unit(unit, words[0].type == "CALENDAR", self.raw.span(tree))

    def _target(self, tree: Tree) -> n.Value:
        return self.predicate(child(tree, "or_expr"))

    def events(self, tree: Tree) -> list[n.Ref]:
        """The events of a `wait … for`."""
        found = []
        value = self._target(tree)
        for each in value.items if isinstance(value, n.Or) else (value,):
            if isinstance(each, n.Ref):
                found.append(each)
            else:
                self.raw.tell(diagnostic("WK1067", each.span))
        return found

    # ------------------------------------------------------------------ predicates

    def predicate(self, tree: Tree) -> n.Value:
        """A condition; a single operand is returned as itself."""
        parts = tuple(self._and(each) for each in children(tree, "and_expr"))
        return parts[0] if len(parts) == 1 else n.Or(parts, self._joined(parts))

    def _and(self, tree: Tree) -> n.Value:
        parts = tuple(self._term(each) for each in tree.children if isinstance(each, Tree))
        return parts[0] if len(parts) == 1 else n.And(parts, self._joined(parts))

    def _joined(self, parts: Sequence[n.Value]) -> Span:
        return parts[0].span.join(parts[-1].span)

    def _term(self, tree: Tree) -> n.Value:
        if tree.data != "negation":
            return self._compare(tree) if tree.data == "compare" else self._operand(tree, event=True)
        inner = next(each for each in tree.children if isinstance(each, Tree))
        value = self._term(inner)
        nots = tokens(tree)
        if self.raw.too_many(len(nots), self.raw.span(tree)):
            return value
        for word in reversed(nots):
            value = n.Not(value, self.raw.place(word).join(value.span))
        return value

    def _compare(self, tree: Tree) -> n.Compare:
        left, right = (self._operand(each, event=False) for each in children(tree, "operand"))
        sign = tokens(tree)[0]
        op = _OPERATORS.get(sign, str(sign))
        if op in ("=", "＝"):
            place = self.raw.place(sign)
            self.raw.tell(diagnostic("WK1052", place, fix=Fix(place, "==", Say("write"))))
            op = "=="
        return n.Compare(left, op, right, self.raw.span(tree))

    def _operand(self, tree: Tree, event: bool) -> n.Value:
        inner = tree.children[0]
        assert isinstance(inner, Tree)
        match inner.data:
            case "literal":
                return self.literal(inner)
            case "ref":
                return self.ref(tokens(inner)[0], event)
            case "call":
                return self._call(inner)
            case "recent":
                amount = tokens(inner, "AMOUNT")[0]
                within = self.reader.amount(str(amount), self.raw.place(amount), None)
                return evolve(self._call(child(inner, "call")), within=within, span=self.raw.span(inner))
            case "group":
                return self.predicate(child(inner, "or_expr"))
            case _:
                return self._absent(inner)

    def _call(self, tree: Tree) -> n.Call:
        token = tokens(tree)[0]
        name = n.Name(canonical_word(str(token), event=False), str(token), self.raw.place(token))
        args = tuple(self._operand(each, event=False) for each in children(tree, "operand"))
        within = [self.literal(each) for each in children(tree, "literal")]
        return n.Call(name, args, self.raw.span(tree), within[0] if within else None)

    def _absent(self, tree: Tree) -> n.Absent:
        last = tokens(tree)[-1]
        if last.type != "NO_EVENT":
            return n.Absent(self.ref(last, event=True), self.raw.span(tree))
        span = self.raw.place(last)
        word = str(last).removeprefix(next(each for each in NO_EVENT if last.startswith(each)))
        place = self.raw.source.span(span.end - len(word), span.end)
        return n.Absent(n.Ref((n.Name(lexicon().events[word], word, place),), place), span)


def _at(day: n.Date | n.DateTime, time: n.Time) -> dt.datetime:
    return dt.datetime.combine(day.value, time.value)

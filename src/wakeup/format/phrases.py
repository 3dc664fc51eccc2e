"""Phrases, predicates and names used -> text, each in the wording of its language.

The two languages differ by more than words: `80 CNY off 300 CNY` is 满300减80, `2 per calendar month` is 每自然月 2.
What a word means by its place decides whether it is translated: a name that somebody declared never is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum, auto
from itertools import zip_longest
from typing import Final

from attrs import frozen

from wakeup.format import literals
from wakeup.format.words import Words
from wakeup.syntax import nodes as n
from wakeup.syntax.lexicon import lexicon

_REST, _RECENT = 1, 1
"""Which of the Chinese words for `otherwise` and `within`: 其余, 近."""

_SCOPE, _EVENT, _LENGTH = range(3)
"""Which of the Chinese words for `for`: 适用于, 直到, 持续."""


_UP = re.compile(r"up(?!\w)")


class Role(Enum):
    """What a name in some place is."""

    NAME = auto()
    """Declared by the author, or a word of the author's data."""
    WORD = auto()
    """Of a closed list."""
    CONDITION = auto()
    """An attribute or event if it is one, else declared."""
    HAPPENED = auto()
    """The same in an `if`: an event that has happened."""


_NAMES: Final = frozenset({"line", "staff", "reward", "else", "down", "prize", "items"})
"""Keys whose values are declared names."""

_WORDS: Final = frozenset(
    {"kind", "optout", "attribution", "awake", "goal", "do", "reserve", "holdout", "task", "currency"}
)
"""Keys whose values are words of closed lists."""

_CONDITIONS: Final = frozenset({"audience", "where", "scene"})
_COUNTED: Final = {"cap": "次", "start": "人", "limit": "次", "seats": "个", "places": "人"}
"""Keys -> the Chinese word that goes with their bare numbers."""

LABELS: Final = "(labels)"
"""In place of the key, where values are words of the customers' data."""

CAPPED: Final = "次"
"""The same for a cap."""


@frozen
class Phrases:
    """Prints values in one language; ``declared`` are the names that the file declares."""

    words: Words
    declared: frozenset[str]

    # ------------------------------------------------------------------ phrases

    def value(self, key: str, phrase: n.Phrase) -> str:
        """Return what stands behind a key."""
        return self.phrase(phrase, self._role(key, phrase.head), _COUNTED.get(key, ""))

    def clauses(self, key: str, phrase: n.Phrase) -> list[str]:
        """Return the same in pieces that may stand on lines of their own: `a`, `and b`, `and c within 7d`."""
        head = phrase.head
        if isinstance(head, n.ValueList):
            role, counted = self._role(key, head), _COUNTED.get(key, "")
            items = [self.phrase(item, role, counted) for item in head.items]
            return [*(f"{item}," for item in items[:-1]), items[-1]]
        if not isinstance(head, n.And | n.Or):
            return [self.value(key, phrase)]
        pieces = self._pieces(head, self._role(key, head))
        return [*pieces[:-1], " ".join((pieces[-1], *self._tails(phrase.tails)))]

    def phrase(self, phrase: n.Phrase, role: Role, counted: str = "") -> str:
        """Return a head and its tails."""
        head, tails = phrase.head, phrase.tails
        parts = [self._head(head, role, counted)]
        if self.words.zh and tails and isinstance(head, n.Literal) and self._fused(tails[0]):
            parts.insert(0, self._tail(tails[0]))
            tails = tails[1:]
        return " ".join((*parts, *self._tails(tails)))

    def cap(self, limit: n.Phrase) -> str:
        """Return a cap: `at most 2 per calendar month`, 每自然月最多 2次."""
        tails = limit.tails
        number = self._head(limit.head, Role.WORD, CAPPED)
        lead = self.words.keyword("AT_MOST")
        if self.words.zh and tails and (window := self._window(tails[0])) is not None:
            lead, tails = window + lead, tails[1:]
        return " ".join((lead, number, *self._tails(tails)))

    def condition(self, value: n.Value) -> str:
        """Return the condition of an `if`."""
        return self._predicate(value, Role.HAPPENED)

    def events(self, events: Sequence[n.Ref]) -> str:
        """Return what a `wait` may end with: `for order or click`."""
        joined = f" {self.words.keyword('OR')} ".join(self.ref(event, Role.WORD) for event in events)
        return f"{self.words.keyword('FOR', _EVENT if self.words.zh else 0)} {joined}"

    def scope(self, ref: n.Ref, *, kinds: bool) -> str:
        """Return whom a declaration is for; ``kinds``: it may be for a kind of things, unless a thing is so called."""
        role = Role.WORD if kinds and not self.is_declared(ref.parts[0]) else Role.NAME
        return f"{self._for(_SCOPE)} {self.ref(ref, role, event=False)}"

    def _role(self, key: str, head: n.Value) -> Role:
        if key == LABELS:
            return Role.NAME
        if key in _NAMES:
            return Role.NAME
        if key in _CONDITIONS:
            return Role.CONDITION
        if key not in _WORDS and isinstance(head, n.Ref) and self.is_declared(head.parts[0]):
            return Role.NAME
        return Role.WORD

    def is_declared(self, name: n.Name) -> bool:
        """Tell whether the file declares a name in any spelling: a translation must not bring one about."""
        return not self.declared.isdisjoint((name.written, *self.words.spellings(name.text)))

    # ------------------------------------------------------------------ names

    def ref(self, ref: n.Ref, role: Role, *, event: bool = True) -> str:
        """Return a name used. ``event``: the parser takes a word of the list of events for one here."""
        if len(ref.parts) > 1 or role is Role.NAME:
            return ref.written
        name = ref.parts[0]
        if role is Role.WORD:
            return self.words.word(name, event=event)
        if name.text not in _known_of_people():
            return name.written
        return self.words.word(name, event=event, past=role is Role.HAPPENED)

    # ------------------------------------------------------------------ heads

    def _head(self, value: n.Value, role: Role, counted: str) -> str:
        match value:
            case n.ValueList(items=items):
                text = ", ".join(self.phrase(item, role, counted) for item in items)
            case n.Range() | n.DateRange() | n.TimeRange():
                text = self._range(value, whole=role is Role.NAME)
            case n.Discount():
                text = self._discount(value)
            case n.Share(name=name, share=share):
                text = f"{self._operand(name, Role.NAME)} {self._literal(share)}"
            case n.Otherwise():
                text = self.words.keyword("OTHERWISE", _REST if self.words.zh else 0)
            case n.Action(target=target):
                whom = "" if target is None else self.ref(target, Role.WORD, event=False)
                # 暂停 顺延 would be a pause without an object, postponed.
                whom = whom if whom != self.words.keyword("POSTPONE") else "delay"
                text = f"{self.words.keyword('PAUSE')} {whom}".rstrip()
            case _ if isinstance(value, n.Literal):
                text = literals.literal(self.words, value, counted)
            case _:
                text = self._predicate(value, role)
        return text

    def _range(self, value: n.Range | n.DateRange | n.TimeRange, *, whole: bool = False) -> str:
        """Return a range; ``whole``: both ends are in it, so it is no band that leaves its end to the next."""
        words = self.words
        match value:
            case n.DateRange(start=start, end=end, inclusive=inclusive):
                between = words.keyword("THROUGH" if inclusive else "UNTIL")
                return f"{self._literal(start)} {between} {self._literal(end)}"
            case n.TimeRange(start=opens, end=closes):
                return f"{self._literal(opens)} {words.keyword('TO', 0 if words.zh else 1)} {self._literal(closes)}"
            case n.Range(low=low, high=None):
                assert low is not None
                return f"{self._literal(low)} {words.keyword('AND_UP')}"
            case n.Range(low=None, high=high):
                assert high is not None
                return f"{words.keyword('BELOW')} {self._literal(high)}"
            case n.Range(low=low, high=high):
                assert low is not None
                assert high is not None
                between = words.keyword("TO", 1 if whole and not words.zh else 0)
                return f"{self._literal(low)} {between} {self._literal(high)}"

    def _discount(self, value: n.Discount) -> str:
        fused = literals.fused(value) if self.words.zh else None
        if fused is not None:
            return fused
        parts = [self._literal(value.amount), self.words.keyword("OFF")]
        return " ".join(parts if value.threshold is None else [*parts, self._literal(value.threshold)])

    def _literal(self, value: n.Literal) -> str:
        return literals.literal(self.words, value)

    # ------------------------------------------------------------------ tails

    def _tails(self, tails: Sequence[n.Tail]) -> list[str]:
        return [
            self._in_a_row(tail) if after is not None and after.word == "in_a_row" else self._tail(tail)
            for tail, after in zip_longest(tails, tails[1:])
        ]

    def _in_a_row(self, tail: n.Tail) -> str:
        if tail.word == "for" and isinstance(tail.value, n.Elapsed):
            return f"{self._for(_LENGTH)} {literals.in_words(self.words, tail.value)}"
        return self._tail(tail)

    def _tail(self, tail: n.Tail) -> str:
        words, value = self.words, tail.value
        lead = "" if tail.word in ("per", "for") else words.keyword(tail.word.upper())
        match tail.word, value:
            case _, None:
                text = lead
            case "per", _:
                text = self._per(value)
            case "for", _:
                text = self._whom(value)
            case "between", n.Range(low=low, high=high):
                assert low is not None
                assert high is not None
                text = f"{lead} {self._literal(low)} {words.keyword('AND')} {self._literal(high)}"
            case "otherwise", n.Ref(text="delay") if words.zh:
                text = words.keyword("POSTPONE")
            case word, n.Ref():
                text = f"{lead} {self.ref(value, Role.NAME if word == 'via' else Role.WORD, event=False)}"
            case _:
                text = f"{lead} {self._head(value, Role.WORD, '')}"
        return text

    def _fused(self, tail: n.Tail) -> bool:
        """Tell whether Chinese may put a rate's unit before the number: 每天 5000人."""
        return tail.word == "per" and isinstance(tail.value, n.Unit) and self.words.is_period(tail.value.name)

    def _window(self, tail: n.Tail) -> str | None:
        """Return the Chinese window of a cap that is fused with 最多: 每自然月, 每30天."""
        if self._fused(tail):
            return self._tail(tail)
        if tail.word == "per" and isinstance(tail.value, n.Elapsed | n.Calendar):
            number, unit = tail.value.value, tail.value.unit
            if number > 0 and number == number.to_integral_value():
                table = "elapsed" if isinstance(tail.value, n.Elapsed) else "calendar"
                return f"每{literals.plain(number)}{self.words.unit(table, unit)}"
        return None

    def _per(self, value: n.Value) -> str:
        per = self.words.keyword("PER")
        if isinstance(value, n.Unit) and value.name == "item" and not (value.calendar or self.words.zh):
            return self.words.keyword("APIECE")
        if isinstance(value, n.Unit):
            period = self._period(value)
            return per + period if self.words.zh and self.words.is_period(value.name) else f"{per} {period}"
        assert isinstance(value, n.Literal)
        return f"{per} {literals.glued(self.words, value)}"

    def _period(self, unit: n.Unit) -> str:
        name = self.words.unit("per", unit.name)
        if not unit.calendar:
            return name
        calendar = self.words.keyword("CALENDAR")
        return calendar + name if self.words.zh and self.words.is_period(unit.name) else f"{calendar} {name}"

    def _whom(self, value: n.Value) -> str:
        if isinstance(value, n.Literal):
            return f"{self._for(_LENGTH)} {self._literal(value)}"
        return f"{self._for(_SCOPE)} {self._predicate(value, Role.HAPPENED)}"

    def _for(self, chinese: int) -> str:
        return self.words.keyword("FOR", chinese if self.words.zh else 0)

    # ------------------------------------------------------------------ predicates

    def _predicate(self, value: n.Value, role: Role) -> str:
        match value:
            case n.Or() | n.And():
                return " ".join(self._pieces(value, role))
            case n.Not(item=item):
                return f"{self.words.keyword('NOT')} {self._part(item, role)}"
            case n.Compare():
                return self._compare(value)
            case _:
                return self._operand(value, role)

    def _pieces(self, value: n.Or | n.And, role: Role) -> list[str]:
        between = self.words.keyword("OR" if isinstance(value, n.Or) else "AND")
        first, *others = (self._part(item, role) for item in value.items)
        return [first, *(f"{between} {other}" for other in others)]

    def _part(self, item: n.Value, role: Role) -> str:
        """Return a part of a condition; `and` inside `or` gets parentheses too: few readers know which binds first."""
        if isinstance(item, n.Or | n.And):
            return self._group(item, role)
        text = self._predicate(item, role)
        # `and up` is one word of the language: `500 CNY and (up)` is not `500 CNY and up`.
        return f"({text})" if _UP.match(text) else text

    def _group(self, value: n.Value, role: Role) -> str:
        return f"({self._predicate(value, role)})"

    def _compare(self, value: n.Compare) -> str:
        left, right = value.left, value.right
        # `last_category == lipstick`: the second name is a value of the customer's data.
        other = Role.WORD if isinstance(left, n.Literal) else Role.NAME
        return f"{self.figure(left)} {value.op} {self._operand(right, other, event=False)}"

    def figure(self, value: n.Value) -> str:
        """Return the left side of a comparison."""
        return self._operand(value, Role.WORD, event=False)

    def _operand(self, value: n.Value, role: Role, *, event: bool = True) -> str:
        match value:
            case n.Ref():
                return self.ref(value, role, event=event)
            case n.Call(name=name, args=args):
                inner = ", ".join(self._operand(each, Role.NAME, event=False) for each in args)
                call = f"{self.words.word(name, event=False)}({inner})"
                if value.within is None:
                    return call
                within = self.words.keyword("WITHIN", _RECENT if self.words.zh else 0)
                return f"{call} {within} {self._literal(value.within)}"
            case n.Absent(event=missing):
                return self._absent(missing)
            case _ if isinstance(value, n.Literal):
                return self._literal(value)
            case _:
                return self._group(value, Role.CONDITION if role is Role.NAME else role)

    def _absent(self, event: n.Ref) -> str:
        word = self.ref(event, Role.CONDITION)
        if self.words.zh and len(event.parts) == 1 and event.text in lexicon().events and not word.isascii():
            return f"未{word}"
        return f"{self.words.keyword('NO')} {word}"


def _known_of_people() -> frozenset[str]:
    """Return the attributes and events: what a condition knows before it looks for a declared name."""
    words = lexicon()
    return frozenset(words.attributes.values()) | frozenset(words.events.values())

"""Read literals with their units: every method returns the value, or None after a diagnostic of what to write."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from attrs import define

from wakeup.diagnostics import (
    Bag,
    Figure,
    Fix,
    Key,
    Listed,
    Noun,
    Piece,
    Say,
    Text,
    Typed,
    amount,
    diagnostic,
    suggest,
    tell,
    words,
)
from wakeup.lang import clock
from wakeup.lang.names import Names
from wakeup.lang.project import Module
from wakeup.lang.wanted import common_first, wanted
from wakeup.plan.model import Elapsed, Months, Period
from wakeup.source import Span
from wakeup.syntax import nodes
from wakeup.syntax.attempts import said_otherwise
from wakeup.syntax.nodes import Phrase, Ref, Tail, Value
from wakeup.terms.currencies import MINOR_DIGITS
from wakeup.terms.language import Language

T = TypeVar("T")

_BOTH: Final[tuple[Language, ...]] = ("zh", "en")

MAX_SECONDS = 100 * 366 * clock.DAY
"""A hundred years: longer lengths are slips of the finger."""

YEARS = range(1971, 2200)
"""Years that the tables of the zones hold for; dates outside are slips, too."""

LONGEST_FOUND = 200
"""Characters of what the author wrote that a message repeats."""

SHORTEST_HELD = 5
"""Letters of an English word that is looked for inside a longer one."""

_FIGURE = Noun("figure")
MAX_MAJOR = 10**12
"""Amounts beyond a million millions would not fit the exact arithmetic of totals."""


@define
class Reader:
    """Reads the values of one file. `currency` and `zone` are None for a library that is checked by itself."""

    bag: Bag
    names: Names
    module: Module
    currency: str | None = None
    zone: ZoneInfo | None = None

    # ------------------------------------------------------------------ complaints

    def text(self, span: Span) -> str:
        """What the author wrote under a span, on one line; of much, the beginning."""
        told = " ".join(self.module.source.text_of(span).split())
        return told if len(told) <= LONGEST_FOUND else f"{told[: LONGEST_FOUND - 1]}…"

    def shape(self, key: str, example: Piece | tuple[Text, ...], span: Span) -> None:
        """The value is of another kind than the key takes; examples show what it takes."""
        shown = Listed(example if isinstance(example, tuple) else (example,))
        meant = said_otherwise(self.module.source, span)
        self.bag.add(meant or diagnostic("WK2105", span, key=Key(key), example=shown, found=self.text(span)))

    def bare(self, number: nodes.Number, fixed: Text) -> None:
        """A number lacks its unit."""
        fix = Fix(number.span, fixed, Say("write"))
        self.bag.add(diagnostic("WK2104", number.span, fix=fix, found=self.text(number.span), fixed=fixed))

    def outside(self, key: str, allowed: Text, span: Span) -> None:
        """The value has the right kind and lies outside what makes sense."""
        self.bag.add(diagnostic("WK2109", span, key=Key(key), allowed=allowed, found=self.text(span)))

    def unsupported(self, what: Piece, span: Span, instead: Piece | None = None) -> None:
        """A construct that the simulators cannot run yet."""
        self.bag.add(diagnostic("WK2120", span, help=instead, what=what))

    def tails(self, phrase: Phrase, key: str, *allowed: str) -> None:
        """Report prepositions that mean nothing behind this value, and repeated ones."""
        seen: set[str] = set()
        for tail in phrase.tails:
            if tail.word not in allowed or tail.word in seen:
                meant = said_otherwise(self.module.source, tail.span)
                self.bag.add(meant or diagnostic("WK2106", tail.span, key=Key(key), found=self.text(tail.span)))
            seen.add(tail.word)

    # ------------------------------------------------------------------ words

    def word(self, value: Value | None, key: str, known: Collection[str], kind: str) -> str | None:
        """A word of a closed list, in its canonical spelling."""
        if not isinstance(value, Ref):
            if value is not None:
                self.shape(key, words(known), value.span)
            return None
        if value.text in known:
            return value.text
        self.unknown_word(value.written, value.span, words(known), kind)
        return None

    def figure(self, value: Ref, known: Sequence[str], noun: Noun = _FIGURE) -> str | None:
        """A figure of the result, in its canonical spelling; one that goes by another name elsewhere is told."""
        if value.text in known:
            return value.text
        if (instead := wanted(value.written, known)) is None:
            self.unknown_word(value.written, value.span, tuple(map(Figure, common_first(known))), noun.name)
            return None
        told, fix = did_you_mean((Figure(instead),)), Fix(value.span, Figure(instead), Say("use"))
        self.bag.add(diagnostic("WK2110", value.span, fix=fix, help=told, kind=noun, found=value.written))
        return None

    def unknown_word(self, written: str, span: Span, known: Sequence[Text], kind: str) -> None:
        """Report a word that is not of a closed list: words of the language, names."""
        near = meant(written, known)
        fix = Fix(span, near[0], Say("use")) if near else None
        told = did_you_mean(near) if near else Say("known: {names}", names=Listed(tuple(known)))
        self.bag.add(diagnostic("WK2110", span, fix=fix, help=told, kind=Noun(kind), found=written))

    # ------------------------------------------------------------------ numbers

    def count(self, value: Value | None, key: str, least: int = 1, most: int = MAX_MAJOR) -> int | None:
        """A whole number from `least` to `most`."""
        if value is None:
            return None
        if not isinstance(value, nodes.Number):
            self.shape(key, Typed("2"), value.span)
            return None
        if value.value != int(value.value) or not least <= value.value <= most:
            self.outside(key, f"<= {most}" if value.value > most else f">= {least}", value.span)
            return None
        return int(value.value)

    def percent(self, value: Value | None, key: str, *, most: int = 100) -> Decimal | None:
        """A share as a fraction of 1."""
        if value is None:
            return None
        if isinstance(value, nodes.Number):
            scaled = value.value * 100 if abs(value.value) <= 1 else value.value
            self.bare(value, f"{plain(scaled)}%")
            return None
        if not isinstance(value, nodes.Percent):
            self.shape(key, Typed("10%"), value.span)
            return None
        if not 0 <= value.value <= most:
            self.outside(key, f"0% – {most}%", value.span)
            return None
        return value.fraction

    def factor(self, value: Value | None, key: str) -> Decimal | None:
        """A multiplier such as `0.7x`, at least 0."""
        if value is None:
            return None
        if isinstance(value, nodes.Number):
            self.bare(value, Typed("{number}x", number=plain(value.value)))
            return None
        if not isinstance(value, nodes.Multiplier):
            self.shape(key, Typed("0.7x"), value.span)
            return None
        if not Decimal("0.001") <= value.value <= 1000:
            self.outside(key, Typed("0.001x – 1000x"), value.span)
            return None
        return value.value

    # ------------------------------------------------------------------ money

    def exact(self, value: Value | None, key: str) -> Decimal | None:
        """An amount in major units, of the campaign's currency."""
        if value is None:
            return None
        if isinstance(value, nodes.Number):
            self.bare(value, self.amount_of(self.text(value.span)))
            return None
        if not isinstance(value, nodes.Money):
            self.shape(key, self.amount_of("50"), value.span)
            return None
        if value.currency not in MINOR_DIGITS:
            self.unknown_word(value.currency, value.span, tuple(MINOR_DIGITS), "currency")
            return None
        return self._own_currency(value, key)

    def amount_of(self, number: str) -> Piece:
        """An amount of the campaign's currency as it would be typed."""
        return amount(number, self.currency or "CNY")

    def _own_currency(self, value: nodes.Money, key: str) -> Decimal | None:
        if self.currency is not None and value.currency != self.currency:
            self._foreign(value, self.currency)
            return None
        if abs(value.amount) > MAX_MAJOR:
            self.outside(key, f"<= {MAX_MAJOR}", value.span)
            return None
        return value.amount

    def _foreign(self, value: nodes.Money, currency: str) -> None:
        """Report another currency; of a library, which holds one price list, only the first amount."""
        told = None
        if self.module.prefix:
            if any(each.code == "WK2107" and each.span and each.span.source == value.span.source for each in self.bag):
                return
            told = Say(
                "make a copy of this file with your prices in {currency}, and import the copy", currency=currency
            )
        found = self.text(value.span)
        self.bag.add(diagnostic("WK2107", value.span, help=told, found=found, currency=currency, other=value.currency))

    def money(self, value: Value | None, key: str, *, negative: bool = False, digits: int | None = None) -> int | None:
        """An amount in minor units (or in units of 10^-digits of the major unit)."""
        exact = self.exact(value, key)
        if exact is None or not isinstance(value, nodes.Money):
            return None
        places = MINOR_DIGITS[value.currency] if digits is None else digits
        scaled = exact.scaleb(places)
        if scaled != int(scaled):
            found = self.text(value.span)
            self.bag.add(diagnostic("WK2108", value.span, found=found, digits=places))
            return None
        if scaled < 0 and not negative:
            self.outside(key, Typed(">= {amount}", amount=amount("0", value.currency)), value.span)
            return None
        return int(scaled)

    # ------------------------------------------------------------------ time

    def period(self, value: Value | None, key: str) -> Period | None:
        """A length, elapsed or calendar, longer than nothing."""
        if isinstance(value, nodes.Calendar):
            count = value.value * (12 if value.unit == "year" else 1)
            if count != int(count) or not 1 <= count <= 1200:
                self.outside(key, Typed("1 month – 100 years"), value.span)
                return None
            return Months(int(count))
        return self.elapsed(value, key)

    def elapsed(self, value: Value | None, key: str) -> Elapsed | None:
        """An elapsed length, at least a second."""
        if value is None:
            return None
        if isinstance(value, nodes.Number):
            fixed = "{number}min" if key == "handles" else "{number}d"
            self.bare(value, Typed(fixed, number=self.text(value.span)))
            return None
        if isinstance(value, nodes.Calendar):
            self.shape(key, Typed("30d"), value.span)
            return None
        if not isinstance(value, nodes.Elapsed):
            self.shape(key, Typed("7d"), value.span)
            return None
        if value.seconds != int(value.seconds) or not 1 <= value.seconds <= MAX_SECONDS:
            self.outside(key, Typed("1s – 100 years"), value.span)
            return None
        return Elapsed(int(value.seconds))

    def instant(self, value: Value | None, key: str) -> int | None:
        """A date (its first instant) or a local date and time, in the campaign's zone."""
        if isinstance(value, nodes.Date | nodes.DateTime) and value.value.year not in YEARS:
            self.outside(key, f"{YEARS[0]}-01-01 – {YEARS[-1]}-12-31", value.span)
            return None
        if isinstance(value, nodes.Date):
            return clock.midnight(value.value, self.zone) if self.zone else None
        if not isinstance(value, nodes.DateTime):
            if value is not None:
                self.shape(key, Typed("2026-09-01 at 10:00"), value.span)
            return None
        if self.zone is None:
            return None
        at, shift = clock.instant(value.value, self.zone)
        if shift:
            code = "WK3002" if shift == "removed" else "WK3003"
            after = clock.local(clock.settled(at, self.zone), self.zone)
            self.bag.add(
                diagnostic(code, value.span, found=self.text(value.span), zone=self.zone.key, other=f"{after:%H:%M}")
            )
            return None
        return at

    def day_after(self, value: nodes.Date, key: str) -> int | None:
        """The first instant of the day after a date."""
        if self.instant(value, key) is None or self.zone is None:
            return None
        return clock.midnight(value.value + dt.timedelta(days=1), self.zone)

    # ------------------------------------------------------------------ shapes

    def tail(self, phrase: Phrase, word: str) -> Value | None:
        """The value behind a preposition, or None."""
        tail = phrase.tail(word)
        return None if tail is None else tail.value

    def needs(self, phrase: Phrase, key: str, word: str, example: Piece) -> Tail | None:
        """The tail with this preposition; its absence is an error."""
        tail = phrase.tail(word)
        if tail is None:
            self.shape(key, example, phrase.span)
        return tail


def plain(number: Decimal) -> str:
    """A decimal without exponent and without trailing zeros."""
    text = f"{number.normalize():f}"
    return "0" if text in ("-0", "") else text


def meant(written: str, known: Iterable[Text]) -> tuple[Text, ...]:
    """What a mistyped word may be; words of the language are recognised in both, and inside a longer one: 每人限领."""
    spelled = {tell(each, lang): each for each in known for lang in _BOTH}
    near = suggest(written, spelled) or sorted((each for each in spelled if _holds(written, each)), key=len)[-1:]
    return tuple(dict.fromkeys(spelled[each] for each in near))


def _holds(written: str, word: str) -> bool:
    """Tell whether a word begins or ends a longer one; short words are in too many others."""
    long_enough = len(word) >= (SHORTEST_HELD if word.isascii() else 2)
    return long_enough and (written.startswith(word) or written.endswith(word))


def did_you_mean(names: Sequence[Text]) -> Piece:
    """The question that offers one of several."""
    return Say("did you mean {names}?", names=Listed(names, "or"))

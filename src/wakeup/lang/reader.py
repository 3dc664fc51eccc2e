"""Read literals with their units: every method returns the value, or None after a diagnostic of what to write."""

import datetime as dt
from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import TypeVar
from zoneinfo import ZoneInfo

from attrs import define

from wakeup.diagnostics import Bag, Fix, diagnostic, suggest
from wakeup.lang import clock
from wakeup.lang.names import Names
from wakeup.lang.project import Module
from wakeup.plan.model import Elapsed, Months, Period
from wakeup.source import Span
from wakeup.syntax import nodes
from wakeup.syntax.nodes import Phrase, Ref, Tail, Value
from wakeup.terms.currencies import MINOR_DIGITS

T = TypeVar("T")

MAX_SECONDS = 100 * 366 * clock.DAY
"""A hundred years: longer lengths are slips of the finger."""

YEARS = range(1971, 2200)
"""Years that the tables of the zones hold for; dates outside are slips, too."""

LONGEST_FOUND = 200
"""Characters of what the author wrote that a message repeats."""

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

    def shape(self, key: str, example: str, span: Span) -> None:
        """The value is of another kind than the key takes."""
        self.bag.add(diagnostic("WK2105", span, key=key, example=example, found=self.text(span)))

    def bare(self, number: nodes.Number, fixed: str) -> None:
        """A number lacks its unit."""
        found = self.text(number.span)
        self.bag.add(diagnostic("WK2104", number.span, fix=Fix(number.span, fixed, "write"), found=found, fixed=fixed))

    def outside(self, key: str, allowed: str, span: Span) -> None:
        """The value has the right kind and lies outside what makes sense."""
        self.bag.add(diagnostic("WK2109", span, key=key, allowed=allowed, found=self.text(span)))

    def unsupported(self, what: str, span: Span, instead: str | None = None) -> None:
        """A construct that the simulators cannot run yet."""
        self.bag.add(diagnostic("WK2120", span, help=instead, what=what))

    def tails(self, phrase: Phrase, key: str, *allowed: str) -> None:
        """Report prepositions that mean nothing behind this value, and repeated ones."""
        seen: set[str] = set()
        for tail in phrase.tails:
            if tail.word not in allowed or tail.word in seen:
                self.bag.add(diagnostic("WK2106", tail.span, key=key, found=self.text(tail.span)))
            seen.add(tail.word)

    # ------------------------------------------------------------------ words

    def word(self, value: Value | None, key: str, known: Collection[str], kind: str) -> str | None:
        """A word of a closed list, in its canonical spelling."""
        if not isinstance(value, Ref):
            if value is not None:
                self.shape(key, examples(known), value.span)
            return None
        if value.text in known:
            return value.text
        self.unknown_word(value.written, value.span, known, kind)
        return None

    def unknown_word(self, written: str, span: Span, known: Iterable[str], kind: str) -> None:
        """Report a word that is not of a closed list."""
        known = tuple(known)
        near = suggest(written, known)
        fix = Fix(span, near[0], "use") if near else None
        help_text = f"did you mean {examples(near)}?" if near else f"known: {examples(known)}"
        self.bag.add(diagnostic("WK2110", span, fix=fix, help=help_text, kind=kind, found=written))

    # ------------------------------------------------------------------ numbers

    def count(self, value: Value | None, key: str, least: int = 1, most: int = MAX_MAJOR) -> int | None:
        """A whole number from `least` to `most`."""
        if value is None:
            return None
        if not isinstance(value, nodes.Number):
            self.shape(key, "`2`", value.span)
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
            self.shape(key, "`10%`", value.span)
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
            self.bare(value, f"{plain(value.value)}x")
            return None
        if not isinstance(value, nodes.Multiplier):
            self.shape(key, "`0.7x`", value.span)
            return None
        if not Decimal("0.001") <= value.value <= 1000:
            self.outside(key, "0.001x – 1000x", value.span)
            return None
        return value.value

    # ------------------------------------------------------------------ money

    def exact(self, value: Value | None, key: str) -> Decimal | None:
        """An amount in major units, of the campaign's currency."""
        if value is None:
            return None
        if isinstance(value, nodes.Number):
            self.bare(value, f"{self.text(value.span)} {self.currency or 'CNY'}")
            return None
        if not isinstance(value, nodes.Money):
            self.shape(key, f"`50 {self.currency or 'CNY'}`", value.span)
            return None
        if value.currency not in MINOR_DIGITS:
            self.unknown_word(value.currency, value.span, MINOR_DIGITS, "currency")
            return None
        return self._own_currency(value, key)

    def _own_currency(self, value: nodes.Money, key: str) -> Decimal | None:
        if self.currency is not None and value.currency != self.currency:
            found = self.text(value.span)
            self.bag.add(diagnostic("WK2107", value.span, found=found, currency=self.currency, other=value.currency))
            return None
        if abs(value.amount) > MAX_MAJOR:
            self.outside(key, f"<= {MAX_MAJOR}", value.span)
            return None
        return value.amount

    def money(self, value: Value | None, key: str, *, negative: bool = False, digits: int | None = None) -> int | None:
        """An amount in minor units (or in units of 10^-digits of the major unit)."""
        amount = self.exact(value, key)
        if amount is None or not isinstance(value, nodes.Money):
            return None
        places = MINOR_DIGITS[value.currency] if digits is None else digits
        scaled = amount.scaleb(places)
        if scaled != int(scaled):
            found = self.text(value.span)
            self.bag.add(diagnostic("WK2108", value.span, found=found, digits=places))
            return None
        if scaled < 0 and not negative:
            self.outside(key, f">= 0 {value.currency}", value.span)
            return None
        return int(scaled)

    # ------------------------------------------------------------------ time

    def period(self, value: Value | None, key: str) -> Period | None:
        """A length, elapsed or calendar, longer than nothing."""
        if isinstance(value, nodes.Calendar):
            count = value.value * (12 if value.unit == "year" else 1)
            if count != int(count) or not 1 <= count <= 1200:
                self.outside(key, "1 month – 100 years", value.span)
                return None
            return Months(int(count))
        return self.elapsed(value, key)

    def elapsed(self, value: Value | None, key: str) -> Elapsed | None:
        """An elapsed length, at least a second."""
        if value is None:
            return None
        if isinstance(value, nodes.Number):
            self.bare(value, f"{self.text(value.span)}d")
            return None
        if isinstance(value, nodes.Calendar):
            self.shape(key, "`30d`", value.span)
            return None
        if not isinstance(value, nodes.Elapsed):
            self.shape(key, "`7d`", value.span)
            return None
        if value.seconds != int(value.seconds) or not 1 <= value.seconds <= MAX_SECONDS:
            self.outside(key, "1s – 100 years", value.span)
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
                self.shape(key, "`2026-09-01 at 10:00`", value.span)
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

    def needs(self, phrase: Phrase, key: str, word: str, example: str) -> Tail | None:
        """The tail with this preposition; its absence is an error."""
        tail = phrase.tail(word)
        if tail is None:
            self.shape(key, example, phrase.span)
        return tail


def plain(number: Decimal) -> str:
    """A decimal without exponent and without trailing zeros."""
    text = f"{number.normalize():f}"
    return "0" if text in ("-0", "") else text


def examples(words: Iterable[str]) -> str:
    """Words in back ticks, at most ten of them."""
    words = tuple(words)
    return ", ".join(f"`{word}`" for word in words[:10]) + (", …" if len(words) > 10 else "")

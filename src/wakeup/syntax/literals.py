"""Literals: text of a token -> exact value, each with its own message when it is out of range."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal

from attrs import frozen

from wakeup.diagnostics import Diagnostic, Fix, Listed, Say, Typed, diagnostic, suggest
from wakeup.source import Source, Span
from wakeup.syntax.attempts import said_otherwise
from wakeup.syntax.lexicon import DIGITS, lexicon, number_pattern
from wakeup.syntax.nodes import (
    Amount,
    Calendar,
    Date,
    DateTime,
    Discount,
    Elapsed,
    Literal,
    Money,
    Multiplier,
    Name,
    Number,
    Percent,
    Quantity,
    String,
    Time,
)

MAX_DIGITS = 18
"""Digits before the point: more do not fit an int64 of minor units."""

_NUMBER = re.compile(rf"(?P<sign>[-−－]?)(?P<digits>{number_pattern()})(?P<unit>.*)", re.DOTALL)
_DATE = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})[日号]?(?:T(.*))?")
_YUAN = rf"{DIGITS}[0-9０-９_.]*[千万亿]?"
_FULL_CUT = re.compile(rf"满 ?(?P<threshold>{_YUAN}) ?元? ?立?减 ?(?P<face>{_YUAN}) ?元?")
_ZHE = re.compile(rf"(?:满 ?(?P<threshold>{_YUAN}) ?)?[元打立享 ]*(?P<left>(?P<tenths>{DIGITS}[0-9０-９.．]*) ?折)")
_TENTHS = re.compile(r"(?!0\.0+\Z)[0-9]\.[0-9]+|[1-9][1-9]?|[2-9]0")
"""8, 8.5 and 85, which is 8.5; 10 would be the full price."""
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t"}
_CURRENCY = re.compile(r"[A-Z]{3}")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．，－", "0123456789.,-")


@frozen
class Reader:
    """Reads literals of one source; ``tell`` takes what is wrong with them."""

    source: Source
    tell: Callable[[Diagnostic], None]

    # ------------------------------------------------------------------ numbers

    def amount(self, text: str, span: Span, unit: Name | None, percent_apart: Span | None = None) -> Amount:
        """Read a number with what is glued to it and the word behind it: ``30d``, ``200 CNY``, ``10 %``."""
        match = _NUMBER.fullmatch(text)
        assert match is not None
        number = self.source.span(span.start, span.start + len(text))
        value = self._number(match, number)
        glued = match["unit"].replace("％", "%")
        magnitude = lexicon().magnitude.get(glued[:1])
        if magnitude is not None:
            value, glued = value * magnitude, glued[1:]
        if percent_apart is not None:
            blank = self.source.span(number.end, percent_apart.start)
            self.tell(diagnostic("WK1043", span, fix=Fix(blank, "", Say("remove the blank")), text=text))
            glued = "%"
        if glued:
            if unit is not None:
                known = said_otherwise(self.source, unit.span)
                self.tell(known or diagnostic("WK1046", unit.span, word=unit.written))
            return self._with_unit(value, glued, self.source.span(number.end - len(glued), number.end), span)
        return Number(value, span) if unit is None else self._apart(value, unit, number, span)

    def _apart(self, value: Decimal, unit: Name, number: Span, span: Span) -> Amount:
        """Read a number whose unit is a word behind it."""
        if unit.span.start == number.end and unit.written not in lexicon().counted:
            # Stuck to the number, yet none of the units that may be.
            self.tell(self._unknown_unit(unit.written, unit.span))
            return Number(value, span)
        if unit.written in lexicon().counted:
            return Quantity(value, unit, span)
        return self._with_unit(value, unit.written, unit.span, span)

    def _number(self, match: re.Match[str], span: Span) -> Decimal:
        written = match["sign"] + match["digits"]
        plain = written.translate(_FULL_WIDTH).replace("−", "-")
        place = self.source.span(span.start, span.start + len(written))
        if plain != written.replace("−", "-") and "," not in plain:
            self.tell(diagnostic("WK1045", place, fix=Fix(place, plain, Say("write")), text=plain))
        if "," in plain:
            right = plain.replace(",", "_")
            self.tell(diagnostic("WK1044", place, fix=Fix(place, right, Say("write")), text=right))
        value = Decimal(plain.replace(",", "").replace("_", ""))
        if value.adjusted() >= MAX_DIGITS or len(value.as_tuple().digits) > 2 * MAX_DIGITS:
            self.tell(diagnostic("WK1048", place, digits=MAX_DIGITS))
            return Decimal(0)
        return value

    def _with_unit(self, value: Decimal, unit: str, place: Span, span: Span) -> Amount:
        words = lexicon()
        if unit in words.elapsed:
            return Elapsed(value, words.elapsed[unit], span)
        if unit in words.calendar:
            return Calendar(value, words.calendar[unit], span)
        if unit in words.currency or _CURRENCY.fullmatch(unit):
            return Money(value, words.currency.get(unit, unit), span)
        return self._bare(value, unit, place, span)

    def _bare(self, value: Decimal, unit: str, place: Span, span: Span) -> Amount:
        """Read a number whose unit has no dimension, or is none."""
        words = lexicon()
        if unit == "%":
            return Percent(value, span)
        if unit in words.times:
            return Multiplier(value, span)
        if unit in words.counting:
            return Number(value, span)
        if _CURRENCY.fullmatch(unit.upper()) and unit not in words.words:
            fix = Fix(place, unit.upper(), Say("write"))
            self.tell(diagnostic("WK1047", place, fix=fix, text=unit.upper()))
            return Money(value, unit.upper(), span)
        self.tell(self._unknown_unit(unit, place))
        return Number(value, span)

    def _unknown_unit(self, unit: str, place: Span) -> Diagnostic:
        known = said_otherwise(self.source, place)
        if known is not None:
            return known
        words = lexicon()
        near = suggest(unit, (*words.elapsed, *words.calendar, *words.currency, *words.counting))
        help_text = Say("did you mean {names}?", names=Listed(near, "or")) if near else None
        fix = Fix(place, near[0], Say("write")) if near else None
        return diagnostic("WK1046", place, help=help_text, fix=fix, word=unit)

    def share(self, text: str, span: Span) -> Literal:
        """Read the share of an arm."""
        return self.amount(text, span, None)

    def full_cut(self, text: str, span: Span) -> Discount:
        """Read 满300减80, 满1万减2000: 80 CNY off 300 CNY, 2_000 CNY off 10_000 CNY."""
        match = _FULL_CUT.fullmatch(text)
        assert match is not None
        return Discount(self._yuan(span, match, "face"), self._yuan(span, match, "threshold"), span)

    def zhe(self, text: str, span: Span) -> Discount:
        """Read 8折, 85折, 满100打8.5折: 20% off, 15% off, 15% off 100 CNY."""
        match = _ZHE.fullmatch(text)
        assert match is not None
        place = self._part(span, match, "left")
        percent = Percent(100 - 10 * self._tenths(match, place, span), place)
        if match["threshold"] is None:
            return Discount(percent, None, span)
        return Discount(percent, self._yuan(span, match, "threshold"), span)

    def _yuan(self, span: Span, match: re.Match[str], group: str) -> Money:
        """Read an amount in yuan, such as 300 or 1万, from a group of a token's match."""
        place, number = self._part(span, match, group), _NUMBER.fullmatch(match[group])
        assert number is not None
        return Money(self._number(number, place) * lexicon().magnitude.get(number["unit"], 1), "CNY", place)

    def _tenths(self, match: re.Match[str], left: Span, span: Span) -> Decimal:
        """Return the tenths of the price that are left; 9 for what is told of, so that no echo follows."""
        number = _NUMBER.fullmatch(match["tenths"])
        assert number is not None
        if not _TENTHS.fullmatch(match["tenths"].translate(_FULL_WIDTH)):
            self.tell(diagnostic("WK1049", left, text=match["left"]))
            return Decimal(9)
        tenths = self._number(number, self._part(span, match, "tenths"))
        return tenths / 10 if tenths >= 10 else tenths

    def _part(self, span: Span, match: re.Match[str], group: str) -> Span:
        """Return the place of a group of a token's match."""
        return self.source.span(span.start + match.start(group), span.start + match.end(group))

    # ------------------------------------------------------------------ dates and times

    def date(self, text: str, span: Span) -> Date | DateTime:
        """Read a date; a day that does not exist is told and read as the nearest before it, so that no echo follows."""
        match = _DATE.fullmatch(text)
        assert match is not None
        year, month, day = (int(match[group]) for group in (1, 2, 3))
        try:
            value = dt.date(year, month, day)
        except ValueError:
            nearest = _last_day(max(year, 1), min(max(month, 1), 12))
            self.tell(self._no_such_day(text, span, month, nearest))
            return Date(nearest, span)
        iso = value.isoformat()
        if match[4] is not None:
            place = self.source.span(span.start + match.start(4), span.end)
            right = Typed("{date} at {time}", date=iso, time=match[4][:5])
            self.tell(diagnostic("WK1041", span, fix=Fix(span, right, Say("write")), text=right))
            time = self.time(match[4], place) if re.fullmatch(r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?", match[4]) else None
            return Date(value, span) if time is None else DateTime(dt.datetime.combine(value, time.value), span)
        if text != iso:
            self.tell(diagnostic("WK1041", span, fix=Fix(span, iso, Say("write")), text=iso))
        return Date(value, span)

    def _no_such_day(self, text: str, span: Span, month: int, nearest: dt.date) -> Diagnostic:
        if not 1 <= month <= 12:
            return diagnostic("WK1040", span, text=text, help=Say("the month is 01 to 12, as in `2026-09-01`"))
        last = Say("the last day of that month is `{date}`", date=nearest.isoformat())
        return diagnostic("WK1040", span, text=text, help=last)

    def time(self, text: str, span: Span) -> Time:
        """Read a time of day; one that does not exist is told and read as the nearest before it."""
        hour, *rest = (int(part) for part in re.split("[:：]", text))
        minute, second = rest[0], sum(rest[1:])
        if hour > 23 or max(rest) > 59:
            self.tell(diagnostic("WK1042", span, text=text))
        return Time(dt.time(min(hour, 23), min(minute, 59), min(second, 59)), span)

    # ------------------------------------------------------------------ text

    def string(self, terminal: str, text: str, span: Span) -> String:
        """Read a text in quotes."""
        if terminal == "UNCLOSED_STRING":
            place = self.source.span(span.start, span.start + 1)
            end = self.source.span(span.end, span.end)
            self.tell(diagnostic("WK1029", place, fix=Fix(end, '"', Say("close it"))))
            return String(_unescaped(text[1:]), span)
        if terminal == "WRONG_QUOTES":
            inner = text[1:-1].replace('"', '\\"')
            self.tell(diagnostic("WK1030", span, fix=Fix(span, f'"{inner}"', Say("use straight quotes")), sign=text[0]))
            return String(text[1:-1], span)
        return String(_unescaped(text[1:-1]), span)


def _last_day(year: int, month: int) -> dt.date:
    """Return the last day of a month."""
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda match: _ESCAPES.get(match[1], match[1]), text)

"""The leaves of the tree: words, and literals with their units. Rules for all nodes: `nodes`.

Numbers are exact decimals and are never floats.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TypeAlias

from attrs import field, frozen

from wakeup.source import Span

# --------------------------------------------------------------------------- words


@frozen
class Name:
    """One word: ``text`` canonical English where the lexicon knows it, ``written`` as typed."""

    text: str
    written: str = field(eq=False)
    span: Span = field(eq=False, repr=False)


@frozen
class Ref:
    """A name used, dotted or not: ``order``, ``value.regular``, ``cn.sms``."""

    parts: tuple[Name, ...]
    span: Span = field(eq=False, repr=False)

    @property
    def text(self) -> str:
        """Canonical spelling, parts joined by dots (for closed lists)."""
        return ".".join(part.text for part in self.parts)

    @property
    def written(self) -> str:
        """The spelling typed, parts joined by dots (for declared names)."""
        return ".".join(part.written for part in self.parts)


@frozen
class String:
    """Text for people; ``value`` has its escapes resolved and its quotes removed."""

    value: str
    span: Span = field(eq=False, repr=False)


# --------------------------------------------------------------------------- literals


@frozen
class Tune:
    """``tune(40 CNY..120 CNY step 10 CNY)``: what a number may be besides; it has the value ``low`` until it is tuned.

    The three are of the type of the literal that bears it, and of one unit.
    """

    low: Amount
    high: Amount
    step: Amount


@frozen
class Number:
    """A number without a unit: ``5_000``, ``10_000 people``, ``2次`` (counting words carry no meaning)."""

    value: Decimal
    span: Span = field(eq=False, repr=False)
    tune: Tune | None = None


@frozen
class Money:
    """An exact amount in major units (``Decimal``) and the currency code as written (元 is CNY)."""

    amount: Decimal
    currency: str
    span: Span = field(eq=False, repr=False)
    tune: Tune | None = None


@frozen
class Percent:
    """``12%``: ``value`` is 12, ``fraction`` is 0.12."""

    value: Decimal
    span: Span = field(eq=False, repr=False)
    tune: Tune | None = None

    @property
    def fraction(self) -> Decimal:
        """The share as a number, 1 for 100 %."""
        return self.value / 100


@frozen
class Multiplier:
    """``0.7x``."""

    value: Decimal
    span: Span = field(eq=False, repr=False)
    tune: Tune | None = None


SECONDS = {"s": 1, "min": 60, "h": 3_600, "d": 86_400, "w": 604_800}
"""Seconds in each unit of elapsed time."""


@frozen
class Elapsed:
    """A span of elapsed time, ``30d``; ``unit`` is one of s, min, h, d, w."""

    value: Decimal
    unit: str
    span: Span = field(eq=False, repr=False)
    tune: Tune | None = None

    @property
    def seconds(self) -> Decimal:
        """Length in seconds (exact; a whole number unless the author wrote a fraction of one)."""
        return self.value * SECONDS[self.unit]


@frozen
class Calendar:
    """A span of calendar time, ``3 months``; ``unit`` is month or year."""

    value: Decimal
    unit: str
    span: Span = field(eq=False, repr=False)
    tune: Tune | None = None


@frozen
class Quantity:
    """A number with a word that is no unit of the language: ``500 sent``."""

    value: Decimal
    unit: Name
    span: Span = field(eq=False, repr=False)
    tune: Tune | None = None


@frozen
class Date:
    """``2026-09-01``, in the campaign's zone."""

    value: dt.date
    span: Span = field(eq=False, repr=False)


@frozen
class Time:
    """``21:00``, local wall time; ``value`` carries no zone."""

    value: dt.time
    span: Span = field(eq=False, repr=False)


@frozen
class DateTime:
    """``2026-09-01 at 10:00``, local wall time in the campaign's zone."""

    value: dt.datetime
    span: Span = field(eq=False, repr=False)


@frozen
class Unit:
    """What a rate is counted over: the ``calendar month`` of ``per calendar month``, the ``person`` of ``per person``.

    ``name`` is the canonical English singular (second, minute, hour, day, week, month, person, part, message,
    item, …); words the lexicon does not know are kept as written.
    """

    name: str
    calendar: bool
    span: Span = field(eq=False, repr=False)


Amount: TypeAlias = Number | Money | Percent | Multiplier | Elapsed | Calendar | Quantity
"""A number with its unit: what may be tuned."""

Literal: TypeAlias = Amount | Date | Time | DateTime | String

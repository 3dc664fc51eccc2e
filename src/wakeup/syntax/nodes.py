"""The tree of one campaign file, as written, with spans; no meaning is checked here.

Every node is frozen and carries ``span`` (code point offsets into the source), which takes no part in
equality: the English and the Chinese spelling of one thing are equal trees. Words of the language come in
their canonical English form; what the author typed is ``Name.written`` or the text under the span.

Two rules for readers of the tree:

* a *declared* name (a tier, a message, a budget line) is compared by ``Name.written``;
* a word of a *closed list* (attribute, event, figure, property key, kind) is compared by ``Name.text``.

The leaves, words and literals, stand in `atoms` and are imported from here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from attrs import field, frozen

from wakeup.source import Span
from wakeup.syntax.atoms import SECONDS as SECONDS
from wakeup.syntax.atoms import Amount as Amount
from wakeup.syntax.atoms import Calendar as Calendar
from wakeup.syntax.atoms import Date as Date
from wakeup.syntax.atoms import DateTime as DateTime
from wakeup.syntax.atoms import Elapsed as Elapsed
from wakeup.syntax.atoms import Literal as Literal
from wakeup.syntax.atoms import Money as Money
from wakeup.syntax.atoms import Multiplier as Multiplier
from wakeup.syntax.atoms import Name as Name
from wakeup.syntax.atoms import Number as Number
from wakeup.syntax.atoms import Percent as Percent
from wakeup.syntax.atoms import Quantity as Quantity
from wakeup.syntax.atoms import Ref as Ref
from wakeup.syntax.atoms import String as String
from wakeup.syntax.atoms import Time as Time
from wakeup.syntax.atoms import Tune as Tune
from wakeup.syntax.atoms import Unit as Unit

# --------------------------------------------------------------------------- values made of literals


@frozen
class DateRange:
    """``A through B`` (``inclusive``) or ``A until B``; ends are Date or DateTime."""

    start: Date | DateTime
    end: Date | DateTime
    inclusive: bool
    span: Span = field(eq=False, repr=False)


@frozen
class TimeRange:
    """``21:00 to 09:00``: half-open, may cross midnight."""

    start: Time
    end: Time
    span: Span = field(eq=False, repr=False)


@frozen
class Range:
    """Half-open band: ``200 CNY up to 500 CNY``, ``500 CNY and up`` (no ``high``), ``below 200 CNY`` (no ``low``).

    Also the value of a ``between A and B`` tail.
    """

    low: Literal | None
    high: Literal | None
    span: Span = field(eq=False, repr=False)


@frozen
class Discount:
    """``80 CNY off 300 CNY``, ``20% off 300 CNY``, ``20% off`` (no ``threshold``), 满300减80, 8折, 满300打8折."""

    amount: Literal
    threshold: Literal | None
    span: Span = field(eq=False, repr=False)


@frozen
class Action:
    """What a guard does to something: ``pause channel``."""

    verb: str
    target: Ref | None
    span: Span = field(eq=False, repr=False)


@frozen
class Share:
    """A value and how many have it: ``dry 40%``."""

    name: Ref | String
    share: Literal
    span: Span = field(eq=False, repr=False)


@frozen
class Otherwise:
    """``otherwise`` alone: whoever is left."""

    span: Span = field(eq=False, repr=False)


@frozen
class ValueList:
    """Several phrases separated by commas."""

    items: tuple[Phrase, ...]
    span: Span = field(eq=False, repr=False)


# --------------------------------------------------------------------------- predicates


@frozen
class Or:
    """``a or b or c``."""

    items: tuple[Value, ...]
    span: Span = field(eq=False, repr=False)


@frozen
class And:
    """``a and b and c``."""

    items: tuple[Value, ...]
    span: Span = field(eq=False, repr=False)


@frozen
class Not:
    """``not a``."""

    item: Value
    span: Span = field(eq=False, repr=False)


@frozen
class Absent:
    """``no order``: the event has not happened."""

    event: Ref
    span: Span = field(eq=False, repr=False)


@frozen
class Compare:
    """``left op right``; ``op`` is one of >= > <= < == !=."""

    left: Value
    op: str
    right: Value
    span: Span = field(eq=False, repr=False)


@frozen
class Call:
    """``tag(employee)``, ``bought("outerwear") within 2 years``."""

    name: Name
    args: tuple[Value, ...]
    span: Span = field(eq=False, repr=False)
    within: Literal | None = None


Value: TypeAlias = (
    Literal
    | Ref
    | Unit
    | DateRange
    | TimeRange
    | Range
    | Discount
    | Action
    | Share
    | Otherwise
    | ValueList
    | Or
    | And
    | Not
    | Absent
    | Compare
    | Call
)
"""Anything that can stand as a head or behind a preposition. A bare Ref among predicates is an event,
a tier band or a segment: later code looks it up."""


# --------------------------------------------------------------------------- phrases


@frozen
class Tail:
    """A preposition and its value: ``within 7d``, ``per calendar month``, ``in a row`` (no value).

    ``word`` is one of: per, from, for, within, after, of, via, between, source, grade, sure, valid, otherwise,
    always, in_a_row. Value of each: per Unit or Elapsed; from Date, DateTime or DateRange; for Literal, Ref or
    Or of Refs; within, after, sure, valid Literal; of, via, grade, otherwise Ref; source String; between Range
    (both ends closed); always and in_a_row none.
    """

    word: str
    value: Value | None
    span: Span = field(eq=False, repr=False)


@frozen
class Phrase:
    """A head and its tails: ``5_000`` + ``per day`` + ``from 2026-09-01 at 10:00``."""

    head: Value
    tails: tuple[Tail, ...]
    span: Span = field(eq=False, repr=False)

    def tail(self, word: str) -> Tail | None:
        """The first tail with this preposition, or None."""
        return next((tail for tail in self.tails if tail.word == word), None)


# --------------------------------------------------------------------------- statements


@frozen
class Property:
    """``key: value``. ``key.text`` is the canonical key, or the name as written where the author names the
    lines (tier bands, budget lines)."""

    key: Name
    value: Phrase
    doc: str | None = field(eq=False)
    span: Span = field(eq=False, repr=False)


@frozen
class Send:
    """``send MESSAGE with X, Y``."""

    message: Ref
    incentives: tuple[Ref, ...]
    span: Span = field(eq=False, repr=False)


@frozen
class Grant:
    """``grant X, Y``: give incentives without a message."""

    incentives: tuple[Ref, ...]
    span: Span = field(eq=False, repr=False)


@frozen
class Wait:
    """``wait 5d``, ``wait 5d for order or click``, ``wait until 2026-10-01 at 10:00``.

    ``time`` is Elapsed, Calendar or another literal as typed (checked later); ``until`` tells that it is the
    moment waited for; ``events`` is empty when no event ends the wait early. Exactly as written: ``time`` is
    None for ``wait for order``, which has no bound.
    """

    time: Literal | None
    until: bool
    events: tuple[Ref, ...]
    span: Span = field(eq=False, repr=False)


@frozen
class If:
    """``if … { } else { }``; ``else if`` is an ``otherwise`` of one If."""

    condition: Value
    then: tuple[Item, ...]
    otherwise: tuple[Item, ...]
    span: Span = field(eq=False, repr=False)


@frozen
class Arm:
    """One arm of a split: ``50% kit { … }``."""

    share: Literal
    name: Name
    title: String | None
    body: tuple[Item, ...]
    span: Span = field(eq=False, repr=False)


@frozen
class Split:
    """``split NAME measuring FIGURE within 7d { arms }``; ``within`` is None when not said."""

    name: Name
    measuring: Ref | None
    within: Literal | None
    arms: tuple[Arm, ...]
    span: Span = field(eq=False, repr=False)


@frozen
class Promote:
    """``promote winner after 14d sure 95%``; ``split`` names it when said (``winner of kit_or_coupon``)."""

    target: Name
    split: Ref | None
    after: Literal | None
    sure: Literal | None
    span: Span = field(eq=False, repr=False)


@frozen
class Exit:
    """``exit``."""

    span: Span = field(eq=False, repr=False)


@frozen
class AtMost:
    """``at most 2 per calendar month for value.regular``: a cap; ``limit`` holds number and tails."""

    limit: Phrase
    span: Span = field(eq=False, repr=False)


@frozen
class Allow:
    """``allow WK3308 "why"``: what the check finds here is meant so."""

    code: Name
    reason: String
    span: Span = field(eq=False, repr=False)


Statement: TypeAlias = Send | Grant | Wait | If | Split | Promote | Exit | AtMost | Allow
Item: TypeAlias = Property | Statement


def statements(items: tuple[Item, ...]) -> Iterator[Statement]:
    """Every statement of a block and of the blocks in it, in file order."""
    for item in items:
        if isinstance(item, Property):
            continue
        yield item
        if isinstance(item, If):
            yield from statements((*item.then, *item.otherwise))
        elif isinstance(item, Split):
            for arm in item.arms:
                yield from statements(arm.body)


# --------------------------------------------------------------------------- declarations


@frozen
class Decl:
    """One declaration: ``kind name "title" by REF via REF for REF { items }``.

    ``kind`` is the canonical noun. ``subject`` is what stands between noun and block without a name:
    the total of ``budget``, the whole phrase of ``goal`` and ``expect`` (which have no block).
    """

    kind: str
    name: Name | None
    title: String | None
    subject: Phrase | None
    by: Ref | None
    via: Ref | None
    scope: Ref | None
    items: tuple[Item, ...]
    doc: str | None = field(eq=False)
    head: Span = field(eq=False, repr=False)
    span: Span = field(eq=False, repr=False)

    @property
    def props(self) -> tuple[Property, ...]:
        """The ``key: value`` lines, in file order (a key may occur twice: later code reports it)."""
        return tuple(item for item in self.items if isinstance(item, Property))

    @property
    def body(self) -> tuple[Statement, ...]:
        """The statements, in file order."""
        return tuple(item for item in self.items if not isinstance(item, Property))

    def prop(self, key: str) -> Property | None:
        """The first property with this canonical key, or None."""
        return next((prop for prop in self.props if prop.key.text == key), None)


@frozen
class Import:
    """``import "shared/cn_channels.wake" as cn``."""

    path: String
    alias: Name
    span: Span = field(eq=False, repr=False)


@frozen
class Comment:
    """A ``#`` comment; ``text`` without the marks, ``doc`` for ``##``, ``trailing`` when code stands before it."""

    text: str
    doc: bool
    trailing: bool
    span: Span = field(eq=False, repr=False)


@frozen
class File:
    """One file. ``version`` is None when the file has no version line (a diagnostic was given).

    ``allows`` are those that stand outside of all declarations.
    """

    version: int | None
    imports: tuple[Import, ...]
    decls: tuple[Decl, ...]
    comments: tuple[Comment, ...] = field(eq=False)
    span: Span = field(eq=False, repr=False)
    allows: tuple[Allow, ...] = ()

    def of(self, kind: str) -> Iterator[Decl]:
        """The declarations of one kind, in file order."""
        return (decl for decl in self.decls if decl.kind == kind)

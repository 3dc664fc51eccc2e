"""Predicates of a plan: a small tree over attributes, tags, tiers and outcomes, with three-valued meaning.

Truth is yes, no or unknown: a comparison with a missing value is unknown, `not unknown` is unknown, `and`/`or` are
Kleene's. Only yes selects (SEMANTICS 13).
"""

from typing import Literal

from attrs import field, frozen

Op = Literal["<", "<=", ">", ">=", "==", "!="]


@frozen
class Compare:
    """`attribute op value`.

    `value` is an int for money (minor units), seconds (durations) and counts, an exact text for decimals
    ("0.25"), a plain text for names, or the ISO text of a date.
    `unit` says how to read it: money, seconds, months, count, decimal, text, date.
    With `months`, `x >= 3 months` means: the event lies at or before the instant minus 3 calendar months (SEMANTICS 4).
    """

    attribute: str
    op: Op
    value: int | str
    unit: Literal["money", "seconds", "months", "count", "decimal", "text", "date"]
    kind: Literal["compare"] = "compare"


@frozen
class HasTag:
    """The person carries the tag; an absent tag set is empty, so this is never unknown."""

    tag: str
    kind: Literal["tag"] = "tag"


@frozen
class Bought:
    """The person bought goods of a category before the run, `within` that long before now (None: ever).

    Unknown where the data have no categories at all; who bought nothing of the category has not bought it. Orders of
    the run have no category.
    """

    category: str
    within: int | None = None
    months: bool = False
    kind: Literal["bought"] = "bought"


@frozen
class InTier:
    """The person's band of a tier, frozen at run start."""

    tier: str
    band: str
    kind: Literal["tier"] = "tier"


@frozen
class Happened:
    """An outcome happened: for `order` since entry, else to the last message this journey sent (SEMANTICS 18)."""

    outcome: str
    kind: Literal["happened"] = "happened"


@frozen
class Not:
    """Kleene's negation."""

    operand: "Predicate"
    kind: Literal["not"] = "not"


@frozen
class And:
    """Kleene's conjunction of two or more operands; of none it is yes."""

    operands: tuple["Predicate", ...] = field(converter=tuple)
    kind: Literal["and"] = "and"


@frozen
class Or:
    """Kleene's disjunction of two or more operands; of none it is no."""

    operands: tuple["Predicate", ...] = field(converter=tuple)
    kind: Literal["or"] = "or"


Predicate = Compare | HasTag | Bought | InTier | Happened | Not | And | Or
EVERYONE = And(())

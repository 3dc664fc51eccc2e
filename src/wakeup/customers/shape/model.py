"""What a shape says: plain values, each a count of many people or an edge between many and many."""

from collections.abc import Mapping
from typing import Any, Final

from attrs import field, frozen

FORMAT: Final = 1
"""Version of the file: other numbers are not read."""

LEAST: Final = 10
"""People of a cell, at least, where nobody says another number."""

DIMENSIONS: Final = ("orders", "recency", "value")
"""What cells of attributes are made by: number of orders, days since the last one, average order value."""


@frozen
class Margin:
    """A distribution: the share `p` (0 to 1, ascending) of people has at most `x` (ascending), straight lines between.

    Between two neighbouring `p` lie at least as many people as a cell has; beyond the first and the last edge the
    distribution goes on as its neighbour does, so no end of it is a person's value.
    """

    p: tuple[float, ...]
    x: tuple[float, ...]


@frozen
class Part:
    """A share of people, and how what they have is distributed; None: nobody, or too few to tell."""

    share: float
    margin: Margin | None


@frozen
class Cell:
    """Customers with about as many orders.

    orders: number of orders. recency: days since the last one. values: average order value in minor units, for runs of
    ascending recency of equally many people. ages: likewise for those with several orders, how far the first one lies
    between the last one (0) and the begin of the data (1); none where they are too few: then anywhere. looked_in: those
    whose last interaction came after the last order: how far it lies between the order (0) and as-of (1). returned:
    those who sent something back: the share of the value that they kept.
    """

    people: int
    orders: Margin
    recency: Margin
    values: tuple[Margin, ...]
    ages: tuple[Margin, ...]
    looked_in: Part
    returned: Part


@frozen
class Choice:
    """One of several, by cells. labels: what there is; the last count of a cell is of those who have none of them.

    by: the dimensions of a cell's name in order (`DIMENSIONS`). cells: name -> people by label. A name such as "3.1"
    is the third and first part of the first two dimensions; "" is everybody whom no longer name fits.
    """

    labels: tuple[str, ...]
    by: tuple[str, ...]
    cells: Mapping[str, tuple[int, ...]]


@frozen
class Amounts:
    """Numbers or days by cells, named as in `Choice`; the share of a part is that of people who have one."""

    by: tuple[str, ...]
    cells: Mapping[str, Part]


@frozen
class Own:
    """An own field: a `choice` of texts, or `amounts`: numbers, or days from a date to as-of (negative: after it)."""

    kind: str  # "text" | "number" | "date"
    choice: Choice | None = None
    amounts: Amounts | None = None


@frozen
class Bought:
    """A category of goods: not bought, bought before the last order, or at it (labels "before", "last").

    favourite: the same among those whose field `top_category` names it. back: of those who bought it before, how far
    the last order of it lies between the last order (0) and the first (1).
    """

    bought: Choice | None
    favourite: Choice | None
    back: Margin | None


@frozen
class Edges:
    """The values at which the parts of a dimension begin, the first part at 0: people in fifths, at most five parts."""

    orders: tuple[float, ...]
    recency: tuple[float, ...]
    value: tuple[float, ...]


@frozen
class Shape:
    """What a population is like. least: people of a cell, at least. people: whom it was fitted to.

    as_of: seconds UTC. currency, minor_digits: of all values. days: from the begin of the data to as-of. never: those
    who never ordered. left_out: labels, tags and fields that too few people share. consents: channel -> choice of
    "yes" and "no" (none: blank). tags: choice of "yes". snapshots: what the organic part of a forecast is fitted to.
    """

    least: int
    people: int
    as_of: int
    currency: str
    minor_digits: int
    days: float
    never: int
    looked_in_never: Part
    cells: tuple[Cell, ...]
    edges: Edges
    consents: Mapping[str, Choice] = field(factory=dict)
    tags: Mapping[str, Choice] = field(factory=dict)
    fields: Mapping[str, Own] = field(factory=dict)
    categories: Mapping[str, Bought] | None = None
    zones: Choice | None = None
    left_out: int = 0
    snapshots: Mapping[str, Any] | None = None

"""A shape fitted to customers: cells of many people by number of orders, in them recency, value and age."""

import math
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wakeup.customers.imported import Snapshots
from wakeup.customers.kept import merged, to_tree
from wakeup.customers.population import BLANK, NEVER, NO, YES, Field, Population
from wakeup.customers.shape.choices import amounts_of, choice_of, part_of
from wakeup.customers.shape.margins import FEWEST_PARTS, Floats, margin_of
from wakeup.customers.shape.model import LEAST, Bought, Cell, Choice, Margin, Own, Part, Shape
from wakeup.customers.shape.places import DAY, Places, edges_of, places_of
from wakeup.diagnostics import WakeupError, diagnostic

MOST_LOOKED_AT: Final = 1_000_000
"""More customers than this need not be looked at: the first so many by key are a sample of all."""

_CELLS: Final = 25
"""Cells by number of orders, at most: each has at least one in so many people."""

_MOST_RUNS: Final = 24

Rows = NDArray[np.intp]
Whole = NDArray[np.int64]


def shape_of(
    people: Population, snapshots: Snapshots, *, currency: str, minor_digits: int, least: int = LEAST
) -> Shape:
    """Return the shape of customers, every cell of at least `least` people.

    Ids, past touches and whatever fewer people than `least` share are not in it.

    Raises:
        WakeupError: WK6052, too few customers have ordered.
    """
    bought = people.orders > 0
    if int(bought.sum()) < FEWEST_PARTS * least:
        raise WakeupError([diagnostic("WK6052", count=int(bought.sum()), least=FEWEST_PARTS * least)])
    first = np.where(bought & (people.first_order != NEVER), people.first_order, people.last_order)
    # The begin of the data: the day by which `least` people had ordered first.
    begin = np.partition(first[bought], least - 1)[least - 1]
    days = float(math.ceil((people.as_of - int(begin)) / DAY))
    edges = edges_of(people)
    own = _Attributes(people, places_of(people, edges), least)
    never = ~bought
    consents, tags, fields = own.consents(), own.tags(), own.fields()
    categories, zones = own.categories(), own.zones()
    return Shape(
        least=least,
        people=len(people),
        as_of=people.as_of,
        currency=currency,
        minor_digits=minor_digits,
        days=days,
        never=int(never.sum()) if int(never.sum()) >= least else 0,
        looked_in_never=_looked_in_never(people, never, least),
        cells=tuple(_cell(people, first, rows, days, least) for rows in _by_orders(people.orders, least)),
        edges=edges,
        consents=consents,
        tags=tags,
        fields=fields,
        categories=categories,
        zones=zones,
        left_out=own.left_out,
        snapshots=to_tree(merged(snapshots, least)) if len(snapshots.n) else None,
    )


def _by_orders(orders: NDArray[np.int32], least: int) -> list[Rows]:
    """Return the rows of customers with orders, in cells of about as many; the last one is open."""
    enough = max(FEWEST_PARTS * least, int((orders > 0).sum()) // _CELLS)
    counts = np.bincount(orders[orders > 0])
    bounds, held = [1], 0
    for number in range(1, len(counts)):
        held += int(counts[number])
        if held >= enough:
            bounds.append(number + 1)
            held = 0
    bounds[-1] = len(counts)  # the rest goes to the last cell that is large enough
    return [np.flatnonzero((orders >= low) & (orders < high)) for low, high in pairwise(bounds)]


def _cell(people: Population, first: Whole, rows: Rows, days: float, least: int) -> Cell:
    last = people.last_order[rows]
    rows = rows[np.argsort(-last, kind="stable")]  # ascending recency
    last = people.last_order[rows]
    several = rows[people.orders[rows] > 1]
    looked = people.last_interaction[rows] > last
    back = np.where(looked, (people.last_interaction[rows] - last) / np.maximum(people.as_of - last, 1), np.nan)
    return Cell(
        people=len(rows),
        orders=_orders(people.orders[rows], least),
        recency=margin_of((people.as_of - last) / DAY, least, low=0.0),
        values=tuple(
            margin_of(people.average_order_value[run], least, low=1.0, heavy=True)
            for run in _runs(rows, FEWEST_PARTS * least, int(math.sqrt(len(rows) / (4 * least))))
        ),
        ages=tuple(
            margin_of(_age(people, first, run, days), least, low=0.0, high=1.0)
            for run in _runs(several, FEWEST_PARTS * least, int(math.sqrt(len(several) / (2 * least))))
        ),
        looked_in=part_of(back, least, low=0.0, high=1.0),
        returned=part_of(_kept(people, rows), least, high=1.0),
    )


def _runs(rows: Rows, least: int, most: int) -> list[Rows]:
    """Cut rows into at most `most` runs of equal size (within one), of at least `least` rows each; too few: no run."""
    return np.array_split(rows, max(1, min(most, _MOST_RUNS, len(rows) // least))) if len(rows) >= least else []


def _orders(orders: NDArray[np.int32], least: int) -> Margin:
    if int(orders.min()) == int(orders.max()):
        return Margin((0.0, 1.0), (float(orders[0]),) * 2)
    return margin_of(orders, least, low=float(orders.min()), heavy=True)


def _age(people: Population, first: Whole, rows: Rows, days: float) -> Floats:
    last = people.last_order[rows]
    span = np.maximum(last - (people.as_of - days * DAY), 1.0)
    age: Floats = np.clip((last - first[rows]) / span, 0.0, 1.0)
    return age


def _kept(people: Population, rows: Rows) -> Floats:
    """Return the share of the value that is left after returns, NaN where nothing was sent back."""
    gross = people.average_order_value[rows].astype(np.float64) * people.orders[rows]
    net = people.monetary[rows].astype(np.float64)
    # The average is rounded, so the product may be half a unit an order off.
    returned = net < gross - people.orders[rows]
    return np.where(returned, np.divide(net, gross, out=np.ones_like(net), where=gross > 0), np.nan)


def _looked_in_never(people: Population, never: NDArray[np.bool_], least: int) -> Part:
    """Return how many of those who never ordered were here, and how many days ago."""
    last = people.last_interaction[never]
    if not len(last):
        return Part(0.0, None)
    return part_of(np.where(last == NEVER, np.nan, (people.as_of - last) / DAY), least, low=0.0)


class _Attributes:
    """What else is known of customers, by cells; counts what is left out."""

    def __init__(self, people: Population, places: Places, least: int) -> None:
        self._people, self._places, self._least = people, places, least
        self.left_out = 0

    def consents(self) -> dict[str, Choice]:
        codes = {BLANK: -1, YES: 0, NO: 1}
        lookup = np.array([codes[code] for code in sorted(codes)], np.int64)
        found = {name: self._choice(lookup[each], ("yes", "no")) for name, each in self._people.consents.items()}
        # A column that is there is believed, and its blanks mean no: it stays although all of it is left out.
        return {
            name: each or Choice(("yes", "no"), ("orders",), {"": (0, 0, len(self._people))})
            for name, each in found.items()
        }

    def tags(self) -> dict[str, Choice]:
        worn = {
            name: self._choice(np.where(each, 0, -1).astype(np.int64), ("yes",))
            for name, each in self._people.tags.items()
        }
        return {name: each for name, each in worn.items() if each is not None}

    def fields(self) -> dict[str, Own]:
        found = {name: self._field(each) for name, each in self._people.fields.items()}
        self.left_out += sum(each is None for each in found.values())
        return {name: each for name, each in found.items() if each is not None}

    def zones(self) -> Choice | None:
        if self._people.zones is None:
            return None
        return self._choice(self._people.zones.astype(np.int64), self._people.zone_names)

    def categories(self) -> dict[str, Bought] | None:
        if self._people.categories is None:
            return None
        found = {name: self._bought(name, each) for name, each in self._people.categories.items()}
        self.left_out += sum(each is None for each in found.values())
        return {name: each for name, each in found.items() if each is not None}

    def _choice(self, codes: Whole, labels: tuple[str, ...], rows: NDArray[np.bool_] | None = None) -> Choice | None:
        places = self._places if rows is None else self._places.rows(rows)
        choice, lost = choice_of(codes if rows is None else codes[rows], labels, places, self._least)
        self.left_out += lost
        return choice

    def _field(self, field: Field) -> Own | None:
        if field.kind == "text":
            choice = self._choice(field.values.astype(np.int64), field.labels)
            return None if choice is None else Own("text", choice=choice)
        values = field.values.astype(np.float64)
        if field.kind == "date":
            values = np.where(field.values == NEVER, np.nan, (self._people.as_of - values) / DAY)
        amounts = amounts_of(values, self._places, self._least)
        return None if amounts is None else Own(field.kind, amounts=amounts)

    def _bought(self, name: str, last: Whole) -> Bought | None:
        people, labels = self._people, ("before", "last")
        codes = np.where(last == NEVER, -1, np.where(last == people.last_order, 1, 0)).astype(np.int64)
        top = people.fields.get("top_category")
        favourite = np.zeros(len(codes), np.bool_)
        if top is not None and name in top.labels:
            favourite = top.values == top.labels.index(name)
        usual, of_it = self._choice(codes, labels, ~favourite), None
        if favourite.any():
            of_it = self._choice(codes, labels, favourite)
        if usual is None and of_it is None:
            return None
        span = (people.last_order - people.first_order).astype(np.float64)
        before = (codes == 0) & (span > 0)
        back = (people.last_order[before] - last[before]) / span[before]
        margin = None
        if len(back) >= FEWEST_PARTS * self._least:
            margin = margin_of(back, self._least, low=0.0, high=1.0)
        return Bought(usual, of_it, margin)

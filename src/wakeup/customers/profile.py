"""A portrait of the customers: how long asleep, how often, how much, and how they can be reached."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from wakeup.customers.attributes import SCORED, SCORES, Edges, scored
from wakeup.customers.causes import RULES, cause_codes
from wakeup.customers.edges import edges
from wakeup.customers.population import BLANK, NEVER, NO, YES, Population
from wakeup.customers.ranks import smallest
from wakeup.customers.shards import Shards

DAY = 86_400
DORMANCY_EDGES = (30, 60, 90, 180, 270, 365, 545, 730)
"""Days since the last order at which a band begins; the first band begins at 0."""

ORDER_EDGES = (1, 2, 3, 4, 6, 11, 21)
LEAST_TAGGED: Final = 10
"""People who share a tag, at least: a rarer one may tell who they are."""

QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
_LOOKED_AT: Final = ("last_order", "orders", "average_order_value")
_PIECE: Final = 1 << 18
_ROOM: Final = 1 << 55
"""Above every amount of money and number of days."""


@frozen
class Band:
    """`low <= x < high`; None is open. Days, orders or minor units."""

    low: int | None
    high: int | None


@frozen
class Histogram:
    """Counts by band, and `quantiles`: (share, value) at 10, 25, 50, 75 and 90 %. Nothing known: no quantiles."""

    bands: tuple[Band, ...]
    counts: tuple[int, ...]
    quantiles: tuple[tuple[float, int], ...]


@frozen
class Reach:
    """People by consent for a channel."""

    channel: str
    yes: int
    no: int
    blank: int


@frozen
class Cell:
    """Customers of a cell: how many, and medians of days since the last order and of average order value (minor units);
    None for nobody."""

    customers: int
    days: int | None
    value: int | None


@frozen
class Profile:
    """What `wakeup customers profile` prints.

    Histograms are over customers with orders: dormancy in days, orders, value (average order value) in minor units.
    table: counts by dormancy band (rows) and value band (columns). tags: (tag, people) of tags that enough people
    share and fields: (name, kind, people known), each in the order of the data. rfm: customers with orders by recency
    score (rows, 5 first: the latest orders) and frequency score (columns, 1 first). causes: one cell for each of
    `causes.RULES`, of those asleep. reachable: people who may be reached by at least one channel; None: the data
    speak of none.
    """

    customers: int
    as_of: int
    never_ordered: int
    dormancy: Histogram
    orders: Histogram
    value: Histogram
    table: tuple[tuple[int, ...], ...]
    reach: tuple[Reach, ...]
    tags: tuple[tuple[str, int], ...]
    fields: tuple[tuple[str, str, int], ...]
    rfm: tuple[tuple[Cell, ...], ...]
    causes: tuple[Cell, ...]
    reachable: int | None


@frozen
class Part:
    """The people of a band ("": those of no band) at the start of the run.

    taken: of them by a journey. days: median days since the last order, value: median average order value in
    minor units, of those who have ordered; None for nobody.
    """

    band: str
    customers: int
    taken: int
    days: int | None
    value: int | None


@frozen
class Sorted:
    """A tier, or the causes of sleep (`by_rule`), with its parts in order."""

    tier: str
    by_rule: bool
    parts: tuple[Part, ...]


def profile(people: Population | Shards, *, value_edges: Sequence[int] | None = None) -> Profile:
    """Describe customers at their as-of; of those on disk one file is held at a time.

    `value_edges`: minor units at which a value band begins (the first begins at 0); None: round numbers near the
    median, the upper quarter and the upper tenth.

    Raises:
        WakeupError: files of the customers are damaged.
    """
    source = _Source(people)
    bounds = tuple(value_edges) if value_edges is not None else _round_edges(source)
    columns = len(bounds) + 1
    cells = np.zeros((len(DORMANCY_EDGES) + 1) * columns, np.int64)
    for bought in source.bought():
        at = np.digitize(bought.days, DORMANCY_EDGES) * columns + np.digitize(bought.value, bounds)
        cells += np.bincount(at, minlength=len(cells))
    dormancy = source.histogram("days", DORMANCY_EDGES)
    return Profile(
        customers=len(people),
        as_of=people.as_of,
        never_ordered=len(people) - int(cells.sum()),
        dormancy=dormancy,
        orders=source.histogram("orders", ORDER_EDGES),
        value=source.histogram("value", bounds),
        table=tuple(tuple(int(each) for each in row) for row in cells.reshape(-1, columns)),
        **_told(source.pieces()),
        rfm=_rfm(source),
        causes=source.cells(source.by_cause, len(RULES)),
    )


@frozen(eq=False)
class _Bought:
    """Those of some customers who have ordered: days since the last order, orders, average order value."""

    days: NDArray[np.int64]
    orders: NDArray[np.int32]
    value: NDArray[np.int64]


@frozen(eq=False)
class _InCells:
    """Some customers with the cell that each is in, days since the last order, average order value: int64 (m,)."""

    cell: NDArray[np.int64]
    days: NDArray[np.int64]
    value: NDArray[np.int64]

    def keys(self, name: str) -> NDArray[np.int64]:
        """Return numbers in the order of the cells and, within a cell, of the values."""
        values: NDArray[np.int64] = getattr(self, name)
        return self.cell * _ROOM + np.minimum(values, _ROOM - 1)


@frozen(eq=False)
class _Source:
    """Customers in memory or on disk, to be looked at as often as needed."""

    people: Population | Shards

    def bought(self) -> Iterator[_Bought]:
        for core in self._core():
            rows = core["last_order"] != NEVER
            days = (self.people.as_of - core["last_order"][rows]) // DAY
            yield _Bought(days, core["orders"][rows], core["average_order_value"][rows])

    def pieces(self) -> Iterator[Population]:
        if isinstance(self.people, Population):
            return iter((self.people,))
        return (part for _, part in self.people.pieces(_PIECE))

    def smallest(self, name: str, ranks: Callable[[int], Sequence[int]]) -> NDArray[np.int64]:
        """Return values of some ranks of a column of `_Bought`."""
        return smallest(lambda: (getattr(each, name) for each in self.bought()), ranks)

    def histogram(self, name: str, edges: Sequence[int]) -> Histogram:
        counts = np.zeros(len(edges) + 1, np.int64)
        for each in self.bought():
            counts += np.bincount(np.digitize(getattr(each, name), edges), minlength=len(counts))
        bands = tuple(Band(low, high) for low, high in zip((None, *edges), (*edges, None), strict=True))
        at = zip(QUANTILES, (int(each) for each in self.smallest(name, _quantile_ranks)), strict=False)
        return Histogram(bands, tuple(int(each) for each in counts), tuple(at))

    def by_cause(self) -> Iterator[_InCells]:
        for part in self.pieces():
            codes = cause_codes(part)
            rows = codes >= 0
            days = (part.as_of - part.last_order[rows]) // DAY
            yield _InCells(codes[rows], days, part.average_order_value[rows])

    def cells(self, sort: Callable[[], Iterator[_InCells]], count: int) -> tuple[Cell, ...]:
        """Return the customers of each of `count` cells, with exact medians however many there are."""
        people = np.zeros(count, np.int64)
        for each in sort():
            people += np.bincount(each.cell, minlength=count)
        upto = np.concatenate([[0], np.cumsum(people)])
        filled = np.flatnonzero(people)
        # The lower median of a cell is a rank among all, where all are in the order of their cells.
        ranks = [int(upto[i] + (people[i] - 1) // 2) for i in filled]
        slept, worth = (smallest(partial(_keys, sort, name), lambda _: ranks) % _ROOM for name in ("days", "value"))
        medians = {int(i): (int(days), int(value)) for i, days, value in zip(filled, slept, worth, strict=True)}
        return tuple(Cell(int(people[i]), *medians.get(i, (None, None))) for i in range(count))

    def scores(self, edges: Mapping[str, Edges]) -> Iterator[_InCells]:
        """Yield those who have ordered by recency score (5 first) and frequency score (1 first)."""
        for core in self._core():
            rows = core["orders"] > 0
            known = np.ones(int(rows.sum()), np.bool_)
            recency, frequency = (
                scored(core[SCORED[name]][rows], known, edges[name]) for name in ("recency_score", "frequency_score")
            )
            days = (self.people.as_of - core["last_order"][rows]) // DAY
            yield _InCells((SCORES - recency) * SCORES + frequency - 1, days, core["average_order_value"][rows])

    def _core(self) -> Iterator[Mapping[str, NDArray[Any]]]:
        if isinstance(self.people, Population):
            return iter(({name: getattr(self.people, name) for name in _LOOKED_AT},))
        return self.people.core(_LOOKED_AT)


def _keys(sort: Callable[[], Iterator[_InCells]], name: str) -> Iterator[NDArray[np.int64]]:
    return (each.keys(name) for each in sort())


def _rfm(source: _Source) -> tuple[tuple[Cell, ...], ...]:
    score_edges = {name: edges(source.people, name) for name in ("recency_score", "frequency_score")}
    found = source.cells(lambda: source.scores(score_edges), SCORES * SCORES)
    return tuple(found[row * SCORES : (row + 1) * SCORES] for row in range(SCORES))


def _quantile_ranks(n: int) -> list[int]:
    """The lowest value that at least the share of people do not exceed: always a value somebody has."""
    return [max(0, int(np.ceil(share * n)) - 1) for share in QUANTILES] if n else []


def _round_edges(source: _Source) -> tuple[int, ...]:
    wanted = source.smallest("value", lambda n: [int((n - 1) * share) for share in (0.5, 0.75, 0.9)] if n else [])
    return tuple(sorted({_round(float(each)) for each in wanted if each >= 1}))


def _round(value: float) -> int:
    """Return the number of the form 1, 2 or 5 times a power of ten that is nearest by ratio."""
    power = 10 ** int(np.floor(np.log10(value)))
    return int(min((power, 2 * power, 5 * power, 10 * power), key=lambda each: abs(np.log(each / value))))


def _told(parts: Iterator[Population]) -> dict[str, Any]:
    """Count consents, tags and known fields; as the keywords of `Profile`."""
    reach: dict[str, NDArray[np.int64]] = {}
    reachable = None
    tags: dict[str, int] = {}
    fields: dict[tuple[str, str], int] = {}
    for part in parts:
        if part.consents:
            anyhow = np.any([codes == YES for codes in part.consents.values()], axis=0)
            reachable = (reachable or 0) + int(anyhow.sum())
        for channel, codes in part.consents.items():
            counts = np.array([(codes == code).sum() for code in (YES, NO, BLANK)])
            reach[channel] = reach.get(channel, 0) + counts
        for tag, worn in part.tags.items():
            tags[tag] = tags.get(tag, 0) + int(worn.sum())
        for name, each in part.fields.items():
            fields[name, each.kind] = fields.get((name, each.kind), 0) + _known(each.kind, each.values)
    return {
        "reachable": reachable,
        "reach": tuple(Reach(channel, *map(int, counts)) for channel, counts in reach.items()),
        "tags": tuple((tag, people) for tag, people in tags.items() if people >= LEAST_TAGGED),
        "fields": tuple((name, kind, known) for (name, kind), known in fields.items()),
    }


def _known(kind: str, values: NDArray[Any]) -> int:
    if kind == "number":
        return int((~np.isnan(values)).sum())
    return int((values != NEVER if kind == "date" else values >= 0).sum())

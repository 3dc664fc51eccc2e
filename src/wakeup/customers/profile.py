"""A portrait of the customers: how long asleep, how often, how much, and how they can be reached."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from wakeup.customers.population import BLANK, NEVER, NO, YES, Population

DAY = 86_400
DORMANCY_EDGES = (30, 60, 90, 180, 270, 365, 545, 730)
"""Days since the last order at which a band begins; the first band begins at 0."""

ORDER_EDGES = (1, 2, 3, 4, 6, 11, 21)
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)


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
class Profile:
    """What `wakeup customers profile` prints.

    Histograms are over customers with orders: dormancy in days, orders, value (average order value) in minor units.
    table: counts by dormancy band (rows) and value band (columns). tags: (tag, people) and fields: (name, kind, people
    known), each in the order of the data.
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


def profile(population: Population, *, value_edges: Sequence[int] | None = None) -> Profile:
    """Describe a population at its as-of.

    `value_edges`: minor units at which a value band begins (the first begins at 0); None: round numbers near the
    median, the upper quarter and the upper tenth.
    """
    bought = population.last_order != NEVER
    days = (population.as_of - population.last_order[bought]) // DAY
    value = population.average_order_value[bought]
    edges = tuple(value_edges) if value_edges is not None else _round_edges(value)
    dormancy_at, value_at = np.digitize(days, DORMANCY_EDGES), np.digitize(value, edges)
    columns = len(edges) + 1
    cells = np.bincount(dormancy_at * columns + value_at, minlength=(len(DORMANCY_EDGES) + 1) * columns)
    return Profile(
        customers=len(population),
        as_of=population.as_of,
        never_ordered=int((~bought).sum()),
        dormancy=_histogram(days, DORMANCY_EDGES),
        orders=_histogram(population.orders[bought], ORDER_EDGES),
        value=_histogram(value, edges),
        table=tuple(tuple(int(each) for each in row) for row in cells.reshape(-1, columns)),
        reach=_reach(population.consents),
        tags=tuple((tag, int(worn.sum())) for tag, worn in population.tags.items()),
        fields=tuple((name, each.kind, _known(each.kind, each.values)) for name, each in population.fields.items()),
    )


def _histogram(values: NDArray[Any], edges: Sequence[int]) -> Histogram:
    counts = np.bincount(np.digitize(values, edges), minlength=len(edges) + 1)
    bands = tuple(Band(low, high) for low, high in zip((None, *edges), (*edges, None), strict=True))
    ranked = np.sort(values)
    # The lowest value that at least the share of people do not exceed: always a value somebody has.
    at = [(share, int(ranked[max(0, int(np.ceil(share * len(ranked))) - 1)])) for share in QUANTILES if len(ranked)]
    return Histogram(bands, tuple(int(each) for each in counts), tuple(at))


def _round_edges(values: NDArray[np.int64]) -> tuple[int, ...]:
    if not len(values):
        return ()
    wanted = np.quantile(values, (0.5, 0.75, 0.9))
    return tuple(sorted({_round(float(each)) for each in wanted if each >= 1}))


def _round(value: float) -> int:
    """Return the number of the form 1, 2 or 5 times a power of ten that is nearest by ratio."""
    power = 10 ** int(np.floor(np.log10(value)))
    return int(min((power, 2 * power, 5 * power, 10 * power), key=lambda each: abs(np.log(each / value))))


def _reach(consents: Mapping[str, NDArray[np.uint8]]) -> tuple[Reach, ...]:
    return tuple(
        Reach(channel, *(int((codes == code).sum()) for code in (YES, NO, BLANK)))
        for channel, codes in consents.items()
    )


def _known(kind: str, values: NDArray[Any]) -> int:
    if kind == "number":
        return int((~np.isnan(values)).sum())
    return int((values != NEVER if kind == "date" else values >= 0).sum())

"""What can be read in a log and yet looks wrong: missing days, orders counted twice, dates far from all others,
customers under two ids, one customer who is half of the business. Told, never mended: only people know."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from wakeup.customers.workspace import Workspace
from wakeup.customers.zones import local_day
from wakeup.diagnostics import Diagnostic, diagnostic

DAY: Final = 86_400

_MOST_GAPS: Final = 3
_AROUND: Final = 28
_EXPECTED: Final = 30
"""Orders that a span of days should have had, at least, before its silence means anything."""

_USUAL: Final = 0.98
"""Share of the days with orders that are followed by the next such day as soon as is usual."""

_SHORTEST: Final = 5
"""Days: whoever closes over a long weekend misses nothing that matters."""

_SAME_SEASON: Final = 30
"""Days by which a yearly closure may be moved from one year to the next, as Easter and the Spring Festival are."""

_DAYS = """
SELECT t // 86400 AS day, count(*) AS n, min(t) AS first, max(t) AS last FROM log WHERE kind = 'order'
GROUP BY day ORDER BY day
"""

_LOOKED_AT: Final = 500_000
_TWICE_WITHIN: Final = 120
_HOURS_APART: Final = 14
_FEW: Final = 5
_SHARE_TWICE, _SHARE_SHIFTED = 0.01, 0.1
# A sample of customers by hash where there are many orders: nobody's orders are torn apart.
_AGAIN = """
CREATE TABLE again AS
SELECT row, t - lag(t) OVER (PARTITION BY id, amount ORDER BY t, row) AS later FROM log
WHERE kind = 'order' AND hash(id) % $every = 0
"""
_TWICE = """
SELECT count(*), count(*) FILTER (later > 0 AND later <= $within) FROM again
"""
_SHIFTED = """
SELECT later // 3600 AS hours, count(*) FROM again WHERE later % 3600 = 0 AND later BETWEEN 3600 AND $most
GROUP BY hours ORDER BY count(*) DESC, hours LIMIT 1
"""

_MOST_APART: Final = 366 * DAY
_FEW_ROWS: Final = 0.01
_ENOUGH_ROWS: Final = 20
_LARGEST_SHARE: Final = 0.2
_ENOUGH_CUSTOMERS: Final = 20
_LARGEST = "SELECT count(*), CAST(max(gross) AS DOUBLE), CAST(sum(gross) AS DOUBLE) FROM features"
_LARGEST_IN_LOG = _LARGEST.replace(
    "features", "(SELECT sum(amount) AS gross FROM log WHERE kind = 'order' GROUP BY id)"
)

_ALIKE = """
SELECT count(*), CAST(coalesce(sum(ids), 0) AS BIGINT) FROM (
    SELECT count(*) AS ids FROM features GROUP BY ltrim(lower(replace(replace(id, ' ', ''), chr(160), '')), '0')
    HAVING count(*) > 1
)
"""


def suspicious_rows(work: Workspace, *, name: str, zone: str) -> Iterator[Diagnostic]:
    """Yield what looks wrong in table `log`; `name`: of its file."""
    found = {each: np.asarray(column, np.int64) for each, column in work.arrays(_DAYS).items()}
    days = _Days(found["day"], found["n"], found["first"], found["last"])
    yield from _far(days, name=name, zone=zone)
    yield from _gaps(days, name=name, zone=zone)
    yield from _orders_again(work, name=name)


def suspicious_customers(work: Workspace, *, name: str) -> Iterator[Diagnostic]:
    """Yield what looks wrong in table `features`; `name`: of the log's file."""
    yield from _largest(work, _LARGEST, name)
    groups, ids = work.row(_ALIKE)
    if groups:
        yield diagnostic("WK6075", file=name, count=ids, fewer=groups)


def suspicious_share(work: Workspace, *, name: str) -> Iterator[Diagnostic]:
    """Yield whether one customer of table `log` is much of the business, where nobody's features are computed."""
    yield from _largest(work, _LARGEST_IN_LOG, name)


def _largest(work: Workspace, sql: str, name: str) -> Iterator[Diagnostic]:
    people, largest, total = work.row(sql)
    if people >= _ENOUGH_CUSTOMERS and largest >= _LARGEST_SHARE * total:
        share = largest / total
        times = (total / people) / max((total - largest) / (people - 1), 1e-9)
        yield diagnostic("WK6074", file=name, share=f"{share:.0%}", times=f"{times:.2g}")


@frozen(eq=False)
class _Days:
    """Days with orders, ascending, int64 (d,): days since 1970, orders, instants of the first and last order."""

    day: NDArray[np.int64]
    orders: NDArray[np.int64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]


@frozen
class _Gap:
    """Days without an order after the `index`-th day with orders; `expected`: how many would be usual."""

    index: int
    start: int
    expected: float

    def recurs(self, other: "_Gap") -> bool:
        """Whether the other lies in the same weeks of another year."""
        apart = abs(self.start - other.start)
        years = round(apart / 365.25)
        return years > 0 and abs(apart - years * 365.25) <= _SAME_SEASON


def _gaps(days: _Days, *, name: str, zone: str) -> Iterator[Diagnostic]:
    """Yield the spans without any order in a shop that has orders on almost every day, but for yearly closures."""
    silent = list(_silences(days))
    for gap in [each for each in silent if not any(map(each.recurs, silent))][:_MOST_GAPS]:
        start = local_day(int(days.last[gap.index]), zone) + timedelta(days=1)
        end = local_day(int(days.first[gap.index + 1]), zone) - timedelta(days=1)
        yield diagnostic(
            "WK6071",
            file=name,
            start=start.isoformat(),
            end=end.isoformat(),
            days=(end - start).days + 1,
            expected=f"{gap.expected:,.0f}",
        )


def _silences(days: _Days) -> Iterator[_Gap]:
    """Yield the spans of days that are too long to be chance or habit."""
    empty = np.diff(days.day) - 1
    if not len(empty):
        return
    usual = int(np.quantile(empty, _USUAL))
    held = np.concatenate([[0], np.cumsum(days.orders)])
    for index in np.flatnonzero((empty >= _SHORTEST) & (empty > 2 * usual + 1) & (empty * DAY <= _MOST_APART)):
        begin = max(days.day[0], days.day[index] - _AROUND + 1)
        end = min(days.day[-1], days.day[index + 1] + _AROUND - 1)
        low, high = np.searchsorted(days.day, (begin, end + 1))
        rate = int(held[high] - held[low]) / int(end - begin + 1 - empty[index])
        if rate * empty[index] >= _EXPECTED:
            yield _Gap(int(index), int(days.day[index]) + 1, float(rate * empty[index]))


def _orders_again(work: Workspace, *, name: str) -> Iterator[Diagnostic]:
    """Yield orders that look like another order of the same customer, told twice a moment or some hours later."""
    (orders,) = work.row("SELECT count(*) FROM log WHERE kind = 'order'")
    every = -(-orders // _LOOKED_AT)
    work.run(_AGAIN, {"every": every})
    looked_at, twice = work.row(_TWICE, {"within": _TWICE_WITHIN})
    if twice >= _FEW and twice >= _SHARE_TWICE * looked_at:
        yield diagnostic("WK6072", file=name, count=twice * every, seconds=_TWICE_WITHIN)
    found = work.rows(_SHIFTED, {"most": _HOURS_APART * 3600})
    work.run("DROP TABLE again")
    for hours, count in found:
        if count >= _FEW and count >= _SHARE_SHIFTED * looked_at:
            yield diagnostic("WK6073", file=name, count=count * every, hours=int(hours))


def _far(days: _Days, *, name: str, zone: str) -> Iterator[Diagnostic]:
    """Yield orders whose dates lie more than a year before or after the others: a few, or a whole part of the log."""
    upto = np.cumsum(days.orders)
    total = int(upto[-1])
    if total < _ENOUGH_ROWS:
        return
    whole = 0
    for index in np.flatnonzero(np.diff(days.day) * DAY > _MOST_APART):
        before = int(upto[index])
        few = min(before, total - before)
        if few <= max(_FEW_ROWS * total, 1):
            ends = (0, index) if before == few else (index + 1, -1)
            low, high = (local_day(int(days.first[each]), zone).isoformat() for each in ends)
            yield diagnostic("WK6076", file=name, count=few, first=low, last=high)
        elif whole < _MOST_GAPS:
            whole += 1
            last, first = (local_day(int(at), zone).isoformat() for at in (days.last[index], days.first[index + 1]))
            yield diagnostic("WK6077", file=name, before=last, after=first, early=before, late=total - before)

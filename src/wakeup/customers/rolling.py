"""One log, read once and looked at from many instants in its past: who stood where, and who came back after.

What a forecast may know at an instant is computed from a table that holds the rows before it and nothing else, so that
looking ahead is impossible and not merely forbidden.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from wakeup.customers.cells import define_cells
from wakeup.customers.files import open_rows
from wakeup.customers.history import AnyPath
from wakeup.customers.imported import Snapshots
from wakeup.customers.log import LogSummary, read_log
from wakeup.customers.snapshots import take_snapshots
from wakeup.customers.storage import saved_header
from wakeup.customers.stretches import Stretch, main_stretch
from wakeup.customers.suspicions import suspicious_share
from wakeup.customers.table_columns import has_summaries
from wakeup.customers.workspace import Workspace, workspace
from wakeup.customers.zones import instant_from, local_day
from wakeup.diagnostics import Diagnostic, WakeupError, diagnostic

DAY: Final = 86_400

RECENCY: Final = (30, 60, 90, 180, 270, 365)
"""Days since the last order at which a bin of recency ends, the day itself inside; the last bin has no end."""

BINS: Final = len(RECENCY) + 1
"""How many bins there are."""

FINE: Final = 50_000
"""Up to so many people the rows for BG/NBD count in days, beyond it in weeks."""

_DAILY = "SELECT t // 86400 AS day, count(*) AS orders FROM log WHERE kind = 'order' GROUP BY day ORDER BY day"
_KEPT = "DELETE FROM log WHERE t IS NULL OR t < $start OR t >= $end"
_EXTENT = "SELECT min(t) FILTER (kind = 'order'), max(t) FILTER (kind IN ('order', 'no_order')) FROM log"
# Each order is its customer's last one from the second after it up to and including the next order's second. Orders of
# one day are one visit.
_LIVES = """
CREATE TABLE lives AS
SELECT t, lead(t) OVER w AS next_t, row_number() OVER w AS so_far, min(t) OVER w AS first_t,
       dense_rank() OVER (PARTITION BY id ORDER BY t // 86400) AS visits
FROM log WHERE kind = 'order' WINDOW w AS (PARTITION BY id ORDER BY t, row)
"""
_STOOD = """
WITH stood AS (
    SELECT $at - t AS dormant, so_far, coalesce(next_t < $at + $horizon, false) AS came,
           CAST(ceil(dormant / 86400.0) AS INTEGER) AS days FROM lives
    WHERE t < $at AND (next_t IS NULL OR next_t >= $at)
), sorted AS (
    SELECT *, CAST(days > $e0 AS INTEGER) + CAST(days > $e1 AS INTEGER) + CAST(days > $e2 AS INTEGER)
              + CAST(days > $e3 AS INTEGER) + CAST(days > $e4 AS INTEGER) + CAST(days > $e5 AS INTEGER) AS bin,
           CAST(floor(ln(greatest(days, 1)) / ln(1.05)) AS INTEGER) AS fine,
           CASE WHEN so_far < 30 THEN so_far
                ELSE 30 + CAST(floor(ln(so_far / 30.0) / ln(1.2)) AS INTEGER) END AS often
    FROM stood
)
SELECT bin, CAST(sum(dormant) AS BIGINT) AS dormant, CAST(round(sum(so_far) / count(*)) AS INTEGER) AS orders,
       count(*) AS people, count(*) FILTER (came) AS came
FROM sorted GROUP BY bin, fine, often ORDER BY bin, fine, often
"""
_COUNTED = """
WITH instants AS (SELECT unnest(CAST($instants AS BIGINT[])) AS looked),
stood AS (
    SELECT looked, CAST(ceil((looked - t) / 86400.0) AS INTEGER) AS days,
           coalesce(next_t < looked + $horizon, false) AS came
    FROM lives JOIN instants ON t < looked AND coalesce(next_t, $endless) >= looked
)
SELECT looked, CAST(days > $e0 AS INTEGER) + CAST(days > $e1 AS INTEGER) + CAST(days > $e2 AS INTEGER)
       + CAST(days > $e3 AS INTEGER) + CAST(days > $e4 AS INTEGER) + CAST(days > $e5 AS INTEGER) AS bin,
       count(*) AS people, count(*) FILTER (came) AS came
FROM stood GROUP BY ALL
"""
_VISITED = """
WITH stood AS (
    SELECT CAST(ceil(($at - t) / 86400.0) AS INTEGER) AS days, CAST(visits - 1 AS INTEGER) AS repeats,
           CAST(round((t - first_t) / $unit) AS INTEGER) AS recency,
           CAST(round(($at - first_t) / $unit) AS INTEGER) AS age
    FROM lives WHERE t < $at AND (next_t IS NULL OR next_t >= $at)
)
SELECT CAST(days > $e0 AS INTEGER) + CAST(days > $e1 AS INTEGER) + CAST(days > $e2 AS INTEGER)
       + CAST(days > $e3 AS INTEGER) + CAST(days > $e4 AS INTEGER) + CAST(days > $e5 AS INTEGER) AS bin,
       repeats, recency, age, count(*) AS people
FROM stood GROUP BY ALL ORDER BY ALL
"""


@frozen(eq=False)
class Stood:
    """Customers as they stood at an instant, in groups of people alike, and who came within a horizon after it.

    Every array has shape (g,). bin: int32 index of recency (0: the last order at most `RECENCY[0]` days ago).
    dormancy_days: float64, mean days since the last order. orders: int32 orders so far. people, came: int64 people, and
    those of them who ordered again within the horizon.
    """

    bin: NDArray[np.int32]
    dormancy_days: NDArray[np.float64]
    orders: NDArray[np.int32]
    people: NDArray[np.int64]
    came: NDArray[np.int64]


@frozen(eq=False)
class Visited:
    """Customers at an instant as a model of visits sees them, in groups of people alike; every array has shape (g,).

    bin: int32 index of recency, as in `Stood`. repeats: int32 days with an order after the first such day. recency:
    float64 weeks from the first order to the last; age: float64 weeks from the first order to the instant. people:
    int64.
    """

    bin: NDArray[np.int32]
    repeats: NDArray[np.int32]
    recency: NDArray[np.float64]
    age: NDArray[np.float64]
    people: NDArray[np.int64]


@frozen(eq=False)
class Rolling:
    """An order log that can be looked at from any instant in it.

    summary: what reading it found. first_time, end: seconds UTC of its first order and of the local midnight after its
    last day, or as-of if that is earlier. warnings: on its rows, dates that cannot be right.
    """

    work: Workspace
    summary: LogSummary
    zone: str
    first_time: int
    end: int
    warnings: tuple[Diagnostic, ...]

    def snapshots(self, at: int) -> Snapshots:
        """Return what `fit_organic` learns from, as an import as of `at` would give it.

        It is computed from a table of the rows before `at`; the others are out of reach.
        """
        self.work.run("CREATE SCHEMA past")
        self.work.run("SET search_path = 'past,main'")
        try:
            self.work.run("CREATE TABLE log AS SELECT * FROM main.log WHERE t < $at", {"at": at})
            return take_snapshots(self.work, first_time=self.first_time, as_of=at, zone=self.zone)
        finally:
            self.work.run("SET search_path = 'main'")
            self.work.run("DROP SCHEMA past CASCADE")

    def stood(self, at: int, horizon: int) -> Stood:
        """Return who stood where at `at`, and who ordered within `horizon` seconds from it on."""
        found = self.work.arrays(_STOOD, {"at": at, "horizon": horizon, **_EDGES})
        people = np.asarray(found["people"], np.int64)
        return Stood(
            bin=np.asarray(found["bin"], np.int32),
            dormancy_days=np.asarray(found["dormant"], np.int64) / people / DAY,
            orders=np.asarray(found["orders"], np.int32),
            people=people,
            came=np.asarray(found["came"], np.int64),
        )

    def counted(self, instants: Sequence[int], horizon: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return people and those who came within `horizon` seconds, by instant and bin: int64 (instants, bins)."""
        people, came = np.zeros((2, len(instants), BINS), np.int64)
        asked = {"instants": list(instants), "horizon": horizon, "endless": _ENDLESS, **_EDGES}
        found = self.work.arrays(_COUNTED, asked)
        rows = {at: row for row, at in enumerate(instants)}
        where = ([rows[int(at)] for at in found["looked"]], np.asarray(found["bin"], np.int64))
        people[where], came[where] = found["people"], found["came"]
        return people, came

    def visited(self, at: int) -> Visited:
        """Return everybody with an order before `at`, as a model of visits sees them."""
        (people,) = self.work.row("SELECT count(*) FROM lives WHERE t < $at AND so_far = 1", {"at": at})
        unit = 1 if people <= FINE else 7
        found = self.work.arrays(_VISITED, {"at": at, "unit": float(unit * DAY), **_EDGES})
        return Visited(
            bin=np.asarray(found["bin"], np.int32),
            repeats=np.asarray(found["repeats"], np.int32),
            recency=np.asarray(found["recency"], np.float64) * (unit / 7.0),
            age=np.asarray(found["age"], np.float64) * (unit / 7.0),
            people=np.asarray(found["people"], np.int64),
        )


@contextmanager
def rolling(
    path: AnyPath,
    *,
    as_of: int | date | str | None = None,
    zone: str = "UTC",
    minor_digits: int = 2,
    mapping: Mapping[str, str] | None = None,
) -> Iterator[Rolling]:
    """Read an order log; it can be looked at while the context is open. Arguments as of `from_history`.

    Raises:
        WakeupError: WK6010..WK6045 as `from_history`; WK6145, the file is no log of orders.
    """
    with workspace() as work:
        define_cells(work, zone)
        file = open_rows(work, Path(path), name="main")
        if saved_header(work, file) is not None or (not mapping and has_summaries(file.columns)):
            raise WakeupError([diagnostic("WK6145", file=file.name)])
        asked = None if as_of is None else instant_from(as_of, zone)
        log = read_log(work, file, as_of=asked, zone=zone, minor_digits=minor_digits, mapping=mapping)
        told = (*log.warnings, *suspicious_share(work, name=file.name))
        daily = work.arrays(_DAILY)
        stretch = main_stretch(np.asarray(daily["day"], np.int64), np.asarray(daily["orders"], np.int64))
        if stretch.stray:
            work.run(_KEPT, {"start": stretch.first_day * DAY, "end": (stretch.last_day + 1) * DAY})
        first, last = work.row(_EXTENT)
        # Days after the last row are not days on which nobody came: what nobody looked at is not compared with.
        known = instant_from(local_day(last, zone) + timedelta(days=1), zone)
        end = known if asked is None else min(asked, known)
        work.run(_LIVES)
        yield Rolling(work, log, zone, int(first), end, (*told, *_told(stretch)))


_ENDLESS: Final = 1 << 62
"""After every instant: who has not ordered again."""

_EDGES: Final[Mapping[str, Any]] = {f"e{at}": edge for at, edge in enumerate(RECENCY)}


def _told(stretch: Stretch) -> Iterator[Diagnostic]:
    """Yield what is left out: orders with dates far from all others."""
    if stretch.stray:
        first, last = (date.fromordinal(_EPOCH + day).isoformat() for day in (stretch.first_day, stretch.last_day))
        yield diagnostic("WK6143", count=stretch.stray, first=first, last=last)


_EPOCH: Final = date(1970, 1, 1).toordinal()

"""Who came back by themselves: the log looked at from origins in its past, for fitting organic return."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wakeup.customers.imported import LateReturns, Snapshots
from wakeup.customers.workspace import Workspace
from wakeup.customers.zones import segments

DAY = 86_400
STEP, HORIZON, BURN_IN, MOST_ORIGINS = 30 * DAY, 90 * DAY, 180 * DAY, 36
"""Origins lie 30 days apart, the last one 90 days before as-of, the first half a year into the log, at most 36 (three
years show a season); two late ones follow."""

FOLLOWED_WITHIN = 180 * DAY
WEEK, MOST_WEEKS = 7 * DAY, 52
QUARTER_HOUR = 900
"""All zones' offsets are whole quarters of an hour."""

# Each order is its customer's last one at every origin after it, up to and including the next order's second.
_SPELLS = """
CREATE TABLE spells AS
SELECT t, lead(t) OVER w AS next_t, row_number() OVER w AS so_far FROM log WHERE kind = 'order'
WINDOW w AS (PARTITION BY id ORDER BY t, row)
"""
# Sums of whole seconds, not means of fractions: the same bytes whatever the order of addition.
_GROUPS = """
WITH seen AS (
    SELECT unnest(range(greatest(0, 1 + CAST(floor((t - $first) / $step) AS BIGINT)),
                        least($count, 1 + coalesce(CAST(floor((next_t - $first) / $step) AS BIGINT), $count))
           )) AS origin, t, next_t, least(so_far, 30) AS orders
    FROM spells WHERE t < $first + $count * $step
), measured AS (
    SELECT origin, orders, $first + origin * $step AS looked, looked - t AS dormant, next_t - looked AS after,
           CAST(floor(ln(greatest(dormant / 86400.0, 1)) / ln(1.15)) AS INTEGER) AS bin FROM seen
)
SELECT CAST(origin AS INTEGER) AS origin, CAST(sum(dormant) AS BIGINT) AS dormant, CAST(orders AS INTEGER) AS orders,
       count(*) AS n, count(*) FILTER (after < 30 * 86400) AS returned30,
       count(*) FILTER (after < 90 * 86400) AS returned90
FROM measured GROUP BY origin, bin, orders ORDER BY origin, bin, orders
"""
_FOLLOWED = """
SELECT count(*), count(*) FILTER (next_t - t < $within), sum(next_t - t) FILTER (next_t - t < $within)
FROM spells WHERE t + $within <= $as_of
"""
_BY_QUARTER_HOUR = """
SELECT t // $quarter AS quarter, count(*) AS n FROM spells WHERE so_far > 1 AND t >= $start
GROUP BY quarter ORDER BY quarter
"""


def take_snapshots(work: Workspace, *, first_time: int, as_of: int, zone: str) -> Snapshots:
    """Group table `log` into snapshots; a log too short for any origin gives none. Weekdays are those of the zone."""
    work.run(_SPELLS)
    origins = _origins(first_time, as_of)
    all_orders, followed, seconds = work.row(_FOLLOWED, {"within": FOLLOWED_WITHIN, "as_of": as_of})
    share = followed / all_orders if all_orders else float("nan")
    gap = int(seconds) / followed / DAY if followed else float("nan")
    weekdays = _weekdays(work, first_time, as_of, zone)
    if not origins:
        none = Snapshots.none()
        return Snapshots(
            (), none.origin, none.dormancy_days, none.orders, none.n, none.n, none.n, share, gap, none.late, weekdays
        )
    late = tuple(range(origins[-1] + STEP, as_of - STEP + 1, STEP))
    found = work.arrays(_GROUPS, {"first": origins[0], "step": STEP, "count": len(origins) + len(late)})
    known = np.asarray(found["origin"]) < len(origins)
    return Snapshots(
        origins=origins,
        **_grouped(found, known),
        returned90=np.asarray(found["returned90"], np.int64)[known],
        followed_share=share,
        followed_gap_days=gap,
        late=LateReturns(late, **_grouped(found, ~known, len(origins))),
        weekday_orders=weekdays,
    )


def _grouped(found: dict[str, Any], some: NDArray[np.bool_], first: int = 0) -> dict[str, Any]:
    """Return the columns that all groups have, of some rows; origins count from `first`."""
    people = np.asarray(found["n"], np.int64)[some]
    return {
        "origin": np.asarray(found["origin"], np.int32)[some] - np.int32(first),
        "dormancy_days": np.asarray(found["dormant"], np.int64)[some] / people / DAY,
        "orders": np.asarray(found["orders"], np.int32)[some],
        "n": people,
        "returned30": np.asarray(found["returned30"], np.int64)[some],
    }


def _origins(first_time: int, as_of: int) -> tuple[int, ...]:
    last = as_of - HORIZON
    # A log shorter than the burn-in and the horizon gives half of what is before the horizon to the burn-in.
    earliest = first_time + min(BURN_IN, max(last - first_time, 0) // 2)
    count = min(MOST_ORIGINS, 1 + (last - earliest) // STEP) if last > earliest else 0
    return tuple(last - STEP * back for back in range(count - 1, -1, -1))


def _weekdays(work: Workspace, first_time: int, as_of: int, zone: str) -> NDArray[np.int64]:
    """Count the orders after a first one by local weekday, in the whole weeks before as-of, a year's at most."""
    weeks = min(MOST_WEEKS, (as_of - first_time) // WEEK)
    found = work.arrays(_BY_QUARTER_HOUR, {"quarter": QUARTER_HOUR, "start": as_of - weeks * WEEK})
    instants = np.asarray(found["quarter"], np.int64) * QUARTER_HOUR
    _, offsets, starts = np.array(segments(zone), np.int64).T
    local = instants + offsets[np.searchsorted(starts, instants, "right") - 1]
    # Day 0 of 1970 was a Thursday.
    counted = np.bincount((local // DAY + 3) % 7, np.asarray(found["n"], np.float64), minlength=7)
    return counted.astype(np.int64)

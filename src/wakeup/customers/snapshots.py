"""Who came back by themselves: the log looked at from origins in its past, for fitting organic return."""

import numpy as np

from wakeup.customers.imported import Snapshots
from wakeup.customers.workspace import Workspace

DAY = 86_400
STEP, HORIZON, BURN_IN, MOST_ORIGINS = 30 * DAY, 90 * DAY, 180 * DAY, 24
"""Origins lie 30 days apart, the last one 90 days before as-of, the first half a year into the log, at most 24."""

FOLLOWED_WITHIN = 180 * DAY

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


def take_snapshots(work: Workspace, *, first_time: int, as_of: int) -> Snapshots:
    """Group table `log` into snapshots; a log too short for any origin gives none."""
    work.run(_SPELLS)
    origins = _origins(first_time, as_of)
    all_orders, followed, seconds = work.row(_FOLLOWED, {"within": FOLLOWED_WITHIN, "as_of": as_of})
    share = followed / all_orders if all_orders else float("nan")
    gap = int(seconds) / followed / DAY if followed else float("nan")
    if not origins:
        none = Snapshots.none()
        return Snapshots((), none.origin, none.dormancy_days, none.orders, none.n, none.n, none.n, share, gap)
    found = work.arrays(_GROUPS, {"first": origins[0], "step": STEP, "count": len(origins)})
    people = np.asarray(found["n"], np.int64)
    return Snapshots(
        origins=origins,
        origin=np.asarray(found["origin"], np.int32),
        dormancy_days=np.asarray(found["dormant"], np.int64) / people / DAY,
        orders=np.asarray(found["orders"], np.int32),
        n=people,
        returned30=np.asarray(found["returned30"], np.int64),
        returned90=np.asarray(found["returned90"], np.int64),
        followed_share=share,
        followed_gap_days=gap,
    )


def _origins(first_time: int, as_of: int) -> tuple[int, ...]:
    last = as_of - HORIZON
    # A log shorter than the burn-in and the horizon gives half of what is before the horizon to the burn-in.
    earliest = first_time + min(BURN_IN, max(last - first_time, 0) // 2)
    count = min(MOST_ORIGINS, 1 + (last - earliest) // STEP) if last > earliest else 0
    return tuple(last - STEP * back for back in range(count - 1, -1, -1))

"""Logs made up from a known law: a level of every month from season, drift and chance, seen as snapshots show it."""

import numpy as np
from attrs import evolve, frozen
from tests.behaviour.returns import expected_return

from wakeup.behaviour import Law
from wakeup.customers import LateReturns, Snapshots

DAY = 86_400
AS_OF = 1_794_000_000
"""2026-11-06: the month to come begins here."""

TRUTH = Law(level=-0.3, dormancy=-0.6, orders=0.8, shape=0.9, recent=30.0)


@frozen(eq=False)
class Past:
    """What a log shows, and what comes: `chances`, float64 (g,), of groups like those of the last look."""

    snapshots: Snapshots
    days: np.ndarray
    orders: np.ndarray
    chances: np.ndarray
    season: np.ndarray


def past(
    people: int,
    months: int = 12,
    *,
    season: float = 0.0,
    drift: float = 0.0,
    chance: float = 0.0,
    tilt: float = 0.0,
    seed: int = 1,
) -> Past:
    """Return a past of `months` looks known for 90 days and two late ones; sds of season, drift and chance.

    `tilt`: sd by which the slope of recency differs from quarter to quarter, about 90 days.
    """
    rng = np.random.default_rng(seed)
    days, orders = (each.ravel() for each in np.meshgrid(np.geomspace(2, 700, 25), np.arange(1, 9)))
    number = orders.astype(np.int32)
    looked = [AS_OF - 30 * DAY * back for back in range(months + 2, 0, -1)]
    instants = [*looked, *(AS_OF + 30 * DAY * k for k in range(3))]
    factors = season * rng.normal(size=12)
    factors -= factors.mean()
    noon = np.array(instants)[:, None] + DAY * np.arange(30) + DAY // 2
    month = noon.astype("datetime64[s]").astype("datetime64[M]").astype(int) % 12
    count = len(instants)
    level = factors[month].mean(axis=1) + np.cumsum(drift * rng.normal(size=count)) + chance * rng.normal(size=count)
    slopes = np.repeat(tilt * rng.normal(size=count), 3)

    def returns(first: int, length: int) -> np.ndarray:
        moved = level[first : first + length // 30].mean()
        law = evolve(TRUTH, level=TRUTH.level + moved)
        centred = np.log((days + 30.0) / 120.0)
        odds = expected_return(law, days, number, float(length))
        odds = odds / (1.0 - odds) * np.exp(slopes[first] * centred)
        return odds / (1.0 + odds)

    parts = []
    for k in range(months + 2):
        n = rng.multinomial(people, np.full(days.size, 1 / days.size))
        month, quarter = returns(k, 30), returns(k, 90)
        returned = rng.binomial(n, np.maximum(quarter, month))
        early = rng.binomial(returned, np.minimum(month / np.maximum(quarter, month), 1.0))
        parts.append((np.full(days.size, k, np.int32), days, number, n, early, returned))
    columns = [np.concatenate(part) for part in zip(*parts, strict=True)]
    known = columns[0] < months
    late = [column[~known] for column in columns]
    snapshots = Snapshots(
        tuple(looked[:months]),
        *(column[known] for column in columns),
        followed_share=0.8,
        followed_gap_days=40.0,
        late=LateReturns(tuple(looked[months:]), late[0] - np.int32(months), *late[1:5]),
        weekday_orders=np.array([100, 100, 100, 100, 100, 200, 0]),
    )
    return Past(snapshots, days, number, returns(months + 2, 90), factors)

"""The past looked at from one origin, and how far its returns lie from what log-odds expect."""

from typing import Final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from wakeup.customers.imported import Snapshots

Floats = NDArray[np.float64]

RECENT: Final = 30.0
"""Days of `organic_recent` in every fit: between 15 and 100 the logs of two shops do not tell values apart, and
without any both are forecast clearly worse (docs/semantics/behaviour.md)."""


@frozen(eq=False)
class Look:
    """Grouped customers at the instant `at`, all float64 (g,): days dormant (>= 1), orders (>= 1), people, and how many
    of them came back within 30 and within 90 days (None: not known yet)."""

    at: int
    days: Floats
    orders: Floats
    n: Floats
    returned30: Floats
    returned90: Floats | None


def looks(snapshots: Snapshots) -> list[Look]:
    """Return the looks of a log in the order of time; those known for 90 days come first."""
    late = snapshots.late
    return [
        Look(
            at,
            np.maximum(part.dormancy_days[here], 1.0),
            np.maximum(part.orders[here], 1).astype(np.float64),
            part.n[here].astype(np.float64),
            part.returned30[here].astype(np.float64),
            snapshots.returned90[here].astype(np.float64) if part is snapshots else None,
        )
        for part in (snapshots, late)
        for i, at in enumerate(part.origins)
        for here in (part.origin == i,)
    ]


def logistic(log_odds: Floats) -> Floats:
    """Return the probabilities of log-odds."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(log_odds, -500.0, 500.0))))


def offset(log_odds: Floats, n: Floats, returned: float) -> tuple[float, float]:
    """Return the shift of the log-odds that gives the returns seen, and its sampling variance.

    Half a return is added on either side, so that nobody or everybody returning leaves it finite.
    """
    total = float(n.sum())
    wanted = (returned + 0.5) / (total + 1.0) * total
    low, high = -30.0, 30.0
    shift = 0.0
    for _ in range(60):
        chance = logistic(log_odds + shift)
        missing = wanted - float((n * chance).sum())
        if abs(missing) < 1e-7 * total:
            break
        low, high = (shift, high) if missing > 0.0 else (low, shift)
        newton = shift + missing / max(float((n * chance * (1.0 - chance)).sum()), 1e-300)
        shift = newton if low < newton < high else (low + high) / 2.0
    chance = logistic(log_odds + shift)
    return shift, 1.0 / max(float((n * chance * (1.0 - chance)).sum()), 1e-9)

"""How far a table of counts is from what the workload gives, in standard errors."""

import numpy as np
from attrs import frozen

from benchmarks.w import by_numpy
from benchmarks.w.people import Floats, people

RUNS = 60
FEWER = 24
"""Runs above 1,000,000 customers, where each takes seconds."""
FAR = 4.0
"""Standard errors from which on two programs do not play the same workload."""


@frozen(eq=False)
class Scatter:
    """Mean and standard deviation of tables (metrics, groups) over runs."""

    mean: Floats
    spread: Floats
    runs: int

    def distance(self, table: Floats) -> Floats:
        """Return how many standard errors a table is from the mean, (metrics, groups).

        Both are random, so the error is the spread times sqrt(1 + 1 / runs). Counts that hardly ever happen have a
        spread of at least 1.
        """
        error = np.maximum(self.spread, 1.0) * np.sqrt(1.0 + 1.0 / self.runs)
        distances: Floats = (table - self.mean) / error
        return distances


def scatter(customers: int, *, same_people: bool, late: bool = False) -> Scatter:
    """Play the NumPy program that often, with draws of their own. late: as in `by_numpy.run`.

    same_people: all runs play the people that the programs by hand play. Else each has its own: wakeup assigns to
    holdout and arms by its own hash, so that its groups are others.
    """
    some, runs = people(customers), RUNS if customers <= 1_000_000 else FEWER
    numbers = range(1_000, 1_000 + runs)
    tables = [
        by_numpy.run(some if same_people else people(customers, seed=number), number, late=late) for number in numbers
    ]
    return Scatter(np.mean(tables, axis=0), np.std(tables, axis=0, ddof=1), runs)

"""A table of metrics by groups that is added to one by one."""

import numpy as np
from attrs import define, field

from benchmarks.w import terms as w
from benchmarks.w.people import Floats


@define(eq=False)
class Table:
    """Sums by metric and group."""

    rows: list[list[float]] = field(factory=lambda: [[0.0] * len(w.GROUPS) for _ in w.METRICS])

    def add(self, metric: int, group: int, amount: float = 1.0) -> None:
        self.rows[metric][group] += amount

    def array(self) -> Floats:
        """Return the sums, (metrics, groups)."""
        return np.array(self.rows)

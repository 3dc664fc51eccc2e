"""What orders are worth: the first orders of customers, and how far an order lies from the mean of earlier ones."""

import numpy as np
from attrs import frozen

from wakeup.customers.workspace import Workspace

_QUARTER = 91 * 86_400

# One huge first order (a reseller among buyers of presents) should not make the mean of all: what is above the
# 99.5 % quantile counts as that quantile.
_FIRST = """
WITH firsts AS (
    SELECT arg_min(amount, t) AS amount, min(t) AS t FROM log WHERE kind = 'order' GROUP BY id
), capped AS (
    SELECT least(amount, (SELECT quantile_disc(amount, 0.995) FROM firsts)) AS amount, t FROM firsts
)
SELECT t // $quarter AS quarter, count(*) AS n, CAST(sum(amount) AS BIGINT) AS total,
       CAST(sum(CAST(amount AS DOUBLE) * amount) AS DOUBLE) AS squares
FROM capped GROUP BY quarter ORDER BY quarter
"""
# Of each customer the last order alone, so that nobody counts more than anybody else.
_APART = """
WITH ranked AS (
    SELECT amount, avg(amount) OVER (PARTITION BY id ORDER BY t, row ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
           AS usual, row_number() OVER (PARTITION BY id ORDER BY t DESC, row DESC) AS back
    FROM log WHERE kind = 'order'
)
SELECT count(*), quantile_cont(ln(amount / usual), 0.75) - quantile_cont(ln(amount / usual), 0.25)
FROM ranked WHERE back = 1 AND usual > 0
"""


@frozen
class Baskets:
    """What orders of a log are worth.

    first_orders: how many customers have a first order. first_mean: its mean, minor units; what is above the 99.5 %
    quantile counts as that quantile. first_sd: standard deviation of the logarithm of that mean: sampling, and how much
    it moved from quarter to quarter. repeated: customers with an order after others. spread: standard deviation of
    the logarithm of their last order against the mean of the earlier ones, from the middle half (0 without any).
    """

    first_orders: int
    first_mean: float
    first_sd: float
    repeated: int
    spread: float


def read_baskets(work: Workspace) -> Baskets:
    """Summarise table `log`, which holds at least one order."""
    found = work.arrays(_FIRST, {"quarter": _QUARTER})
    n = np.asarray(found["n"], np.float64)
    total, squares = np.asarray(found["total"], np.float64), np.asarray(found["squares"], np.float64)
    people = float(n.sum())
    mean = float(total.sum()) / people
    scatter = max(float(squares.sum()) / people - mean * mean, 0.0) / (mean * mean)
    repeated, middle = work.row(_APART)
    return Baskets(
        first_orders=int(people),
        first_mean=mean,
        first_sd=float(np.sqrt(scatter / people + _between(n, total, scatter))),
        repeated=int(repeated),
        spread=float(middle or 0.0) / 1.349,
    )


def _between(n: np.typing.NDArray[np.float64], total: np.typing.NDArray[np.float64], scatter: float) -> float:
    """Variance of the logarithm of a quarter's mean beyond what so few orders scatter by themselves."""
    enough = n >= 20
    if int(enough.sum()) < 2:
        return 0.0
    ln_means = np.log(total[enough] / n[enough])
    return max(float(ln_means.var(ddof=1)) - scatter * float((1.0 / n[enough]).mean()), 0.0)

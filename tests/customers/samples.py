"""Whether two samples of customers could come from one population."""

from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

from wakeup.customers import Population

DAY = 86_400
Floats = NDArray[np.float64]


def margins(people: Population) -> dict[str, Floats]:
    """Return what is compared one by one; the gap only of those who have one."""
    return {
        "recency": (people.as_of - people.last_order) / DAY,
        "orders": people.orders.astype(np.float64),
        "value": people.average_order_value.astype(np.float64),
        "monetary": people.monetary.astype(np.float64),
        "first order": (people.as_of - people.first_order) / DAY,
        "gap": people.gap[~np.isnan(people.gap)].astype(np.float64),
    }


def joint(people: Population, unit: tuple[Floats, Floats] | None = None) -> Floats:
    """Return what is compared together: logs of recency, orders, value and days from first to last order: (n, 4)."""
    seen = margins(people)
    span = seen["first order"] - seen["recency"]
    return np.log1p(np.column_stack([seen["recency"], seen["orders"], seen["value"], np.maximum(span, 0)]))


def grid_p(made: Floats, held: Floats, seen: int) -> list[float]:
    """Return the p-values of chi-square tests of each pair of columns on a grid at the fourths of the held sample.

    `seen`: how many people the made ones are after: their scatter counts, too.
    """
    found = []
    scatter = (1 / len(made) + 1 / len(held)) / (1 / len(made) + 1 / len(held) + 1 / seen)
    for one, other in combinations(range(made.shape[1]), 2):
        cells = []
        for sample in (made, held):
            places = [np.searchsorted(np.quantile(held[:, c], (0.25, 0.5, 0.75)), sample[:, c]) for c in (one, other)]
            cells.append(np.bincount(places[0] * 4 + places[1], minlength=16))
        table = np.array(cells, float)[:, np.sum(cells, 0) > 10]
        expected = np.outer(table.sum(1), table.sum(0)) / table.sum()
        statistic = scatter * ((table - expected) ** 2 / expected).sum()
        found.append(float(chi2.sf(statistic, table.shape[1] - 1)))
    return found


def distance(one: Floats, other: Floats) -> float:
    """Return the greatest difference of two cumulated distributions (Kolmogorov and Smirnov)."""
    at = np.sort(np.concatenate([one, other]))
    mine, theirs = (np.searchsorted(np.sort(each), at, side="right") / len(each) for each in (one, other))
    return float(np.abs(mine - theirs).max())


def energy_p(one: Floats, other: Floats, *, seed: int, permutations: int = 199) -> float:
    """Return the p-value of the energy distance of two samples (m, d) and (n, d) by permutations.

    Szekely and Rizzo 2013: 2 E|X - Y| - E|X - X'| - E|Y - Y'|, columns in units of their pooled standard deviation.
    """
    both = np.concatenate([one, other])
    both = (both / both.std(0)).astype(np.float32)
    squares = (both**2).sum(1)
    apart = np.sqrt(np.maximum(squares[:, None] + squares[None, :] - 2 * both @ both.T, 0))
    rng = np.random.default_rng(seed)
    mine = np.zeros((len(both), permutations + 1), np.float32)
    mine[: len(one), 0] = 1
    for column in range(1, permutations + 1):
        mine[rng.permutation(len(both))[: len(one)], column] = 1
    theirs = 1 - mine
    far_mine, far_theirs = apart @ mine, apart @ theirs
    m, n = len(one), len(other)
    between, within, beyond = (mine * far_theirs).sum(0), (mine * far_mine).sum(0), (theirs * far_theirs).sum(0)
    statistic = 2 * between / (m * n) - within / m**2 - beyond / n**2
    return float((statistic >= statistic[0]).mean())

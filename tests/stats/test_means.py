"""Amounts per person: against SciPy, and on money with heavy tails."""

import math

import numpy as np
import pytest
from scipy import stats

from wakeup.stats import Moments, moments, people_for_normal, ratio_moments, welch


@pytest.mark.parametrize("level", [0.9, 0.95, 0.99])
@pytest.mark.parametrize("sizes", [(12, 9), (400, 35), (5_000, 50_000)])
def test_it_is_scipys_welch(sizes: tuple[int, int], level: float) -> None:
    random = np.random.default_rng(3)
    first, other = random.lognormal(1.1, 1.0, sizes[0]), random.lognormal(1.0, 1.5, sizes[1])
    ours = welch(moments(first), moments(other), level)
    theirs = stats.ttest_ind(first, other, equal_var=False)
    assert ours.p == pytest.approx(theirs.pvalue, abs=1e-9)
    assert ours.df == pytest.approx(theirs.df, rel=1e-9)
    edges = theirs.confidence_interval(level)
    assert (ours.low, ours.high) == pytest.approx((edges.low, edges.high), rel=1e-9)


def test_without_variance() -> None:
    same, more = Moments(10, 2.0, 0.0), Moments(10, 3.0, 0.0)
    assert welch(same, same).p == 1.0
    assert welch(more, same).p == 0.0
    assert (welch(more, same).low, welch(more, same).high) == (1.0, 1.0)


# --- ratios of sums --------------------------------------------------------------------------------------------------


def customers(random: np.random.Generator, people: int) -> tuple[np.ndarray, np.ndarray]:
    """Orders per person and what they paid: who buys more also pays more each time, so orders hang together."""
    taste = random.normal(0.0, 0.5, people)
    orders = random.poisson(np.exp(taste - 1.0))
    return orders * np.exp(3.0 + taste + random.normal(0.0, 0.3, people)), orders


def test_a_ratio_has_the_variance_of_the_textbook() -> None:
    paid, orders = customers(np.random.default_rng(5), 900)
    found = ratio_moments(paid, orders)
    covariance = np.cov(paid, orders, ddof=1)
    ratio, mean = paid.mean() / orders.mean(), orders.mean()
    expected = (covariance[0, 0] - 2 * ratio * covariance[0, 1] + ratio**2 * covariance[1, 1]) / mean**2
    assert found.mean == pytest.approx(ratio, rel=1e-12)
    assert found.variance == pytest.approx(expected, rel=1e-9)


def test_revenue_per_order_is_covered() -> None:
    random = np.random.default_rng(6)
    # Poisson with mean exp(taste - 1) and pay exp(taste): lognormal moments
    truth = math.exp(3.0 + 0.3**2 / 2) * math.exp(2.0 * 0.5**2) / math.exp(0.5**2 / 2)
    held = naive = 0
    for _ in range(1_000):
        paid, orders = customers(random, 1_500)
        found = ratio_moments(paid, orders)
        held += abs(found.mean - truth) <= 1.96 * math.sqrt(found.squared_error)
        each = paid[orders > 0] / orders[orders > 0]
        lone = np.repeat(each, orders[orders > 0])
        naive += abs(found.mean - truth) <= 1.96 * lone.std(ddof=1) / math.sqrt(len(lone))
    # 1,000 tests: three standard errors are two points
    assert 0.93 <= held / 1_000 <= 0.97
    assert naive < held  # as if every order were another person


# --- heavy tails -----------------------------------------------------------------------------------------------------


def spent(random: np.random.Generator, tests: int, people: int, rate: float) -> np.ndarray:
    """What each of the people of each test spent: most nothing, some a lognormal amount."""
    return np.where(random.random((tests, people)) < rate, random.lognormal(5.0, 1.0, (tests, people)), 0.0)


def covered(random: np.random.Generator, tests: int, people: int, others: int) -> float:
    held = 0
    mean = 0.03 * math.exp(5.5)
    for first, other in zip(spent(random, tests, people, 0.03), spent(random, tests, others, 0.03) - mean, strict=True):
        found = welch(moments(first), moments(other))
        held += found.low <= mean <= found.high
    return held / tests


def test_equal_arms_forgive_heavy_tails_and_small_holdouts_do_not() -> None:
    random = np.random.default_rng(8)
    assert covered(random, 120, 2_000, 2_000) >= 0.90  # skewness of both arms cancels
    assert covered(random, 120, 3_000, 60) < 0.85


def test_how_many_people_money_takes() -> None:
    assert people_for_normal(10.0) == 35_500
    # Skewness of the money above, from its moments: about 22, so about 170,000 people in an arm of its own.
    random = np.random.default_rng(9)
    skewness = float(stats.skew(spent(random, 1, 1_000_000, 0.03)[0]))
    assert 100_000 < people_for_normal(skewness) < 500_000


@pytest.mark.proof
def test_money_is_covered_with_enough_people() -> None:
    # 2,000 tests of 40,000 against 10,000, a rate of 3 %: 95 % within three standard errors of 2,000
    assert 0.935 <= covered(np.random.default_rng(10), 2_000, 40_000, 10_000) <= 0.965

import numpy as np
import pytest

from wakeup.stats import jackknife_variance, random_groups, ratio_variance, total_variance

RNG = np.random.default_rng(3)
KEYS = RNG.integers(0, 2**64, size=20_000, dtype=np.uint64)


def grouped(values: np.ndarray, group: np.ndarray, groups: int) -> np.ndarray:
    return np.stack([np.bincount(group, weights=column, minlength=groups) for column in values.T], axis=1)


def test_groups_are_even_and_stable() -> None:
    group = random_groups(KEYS, 50)
    assert group.min() == 0
    assert group.max() == 49
    assert np.bincount(group).min() > 300
    assert np.array_equal(group[7:20], random_groups(KEYS[7:20], 50))


def test_the_variance_of_a_total_is_that_of_independent_people() -> None:
    bought = (RNG.random((20_000, 1)) < 0.03).astype(float)
    expected = 20_000 * 0.03 * 0.97
    found = np.mean(
        [total_variance(grouped(bought, random_groups(KEYS + np.uint64(i), 100), 100))[0] for i in range(20)]
    )
    assert found == pytest.approx(expected, rel=0.12)


def test_the_variance_of_a_ratio_is_the_delta_methods() -> None:
    orders = RNG.poisson(0.4, 20_000).astype(float)
    revenue = orders * RNG.lognormal(4, 0.5, 20_000)
    ratio = revenue.sum() / orders.sum()
    delta = 20_000 * np.var(revenue - ratio * orders) / orders.sum() ** 2
    found = []
    for i in range(20):
        totals = grouped(np.column_stack([revenue, orders]), random_groups(KEYS + np.uint64(i), 100), 100)
        found.append(float(ratio_variance(totals[:, 0], totals[:, 1])))
    assert np.mean(found) == pytest.approx(delta, rel=0.12)


def test_the_jackknife_of_a_sum_is_its_variance() -> None:
    totals = RNG.normal(5, 2, (30, 4))
    assert jackknife_variance(totals, lambda sums: sums) == pytest.approx(total_variance(totals), rel=1e-9)


def test_a_ratio_over_nothing_has_no_variance() -> None:
    assert np.isnan(ratio_variance(np.ones((5, 1)), np.zeros((5, 1)))).all()

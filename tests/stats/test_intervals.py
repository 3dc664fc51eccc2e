import numpy as np
import pytest
from scipy import stats

from wakeup.stats import chance_below, interval, wilson


def test_few_replications_give_mean_and_student() -> None:
    values = np.array([3.0, 5.0, 4.0, 8.0, 1.0])
    found = interval(values)
    half = stats.t.ppf(0.95, 4) * values.std(ddof=1)
    assert found == pytest.approx((values.mean() - half, values.mean() + half), rel=1e-9)
    assert interval(np.arange(39.0)) != pytest.approx(tuple(np.quantile(np.arange(39.0), (0.05, 0.95))))


def test_forty_replications_give_quantiles() -> None:
    values = np.arange(40.0) ** 2
    assert interval(values) == pytest.approx(tuple(np.quantile(values, (0.05, 0.95))))
    assert interval(values, 0.5) == pytest.approx(tuple(np.quantile(values, (0.25, 0.75))))


def test_one_replication_has_no_interval() -> None:
    assert interval([4.0]) is None
    assert interval([]) is None


def test_the_interval_holds_the_next_run() -> None:
    """Nine of ten live runs lie inside what 20 replications said; that the mean is estimated too is left out."""
    rng = np.random.default_rng(5)
    inside = 0
    for _ in range(2_000):
        low, high = interval(rng.normal(100, 15, 20)) or (0, 0)
        inside += low <= rng.normal(100, 15) <= high
    assert 0.87 < inside / 2_000 < 0.93


@pytest.mark.parametrize(("successes", "trials"), [(0, 10), (10, 10), (3, 17), (412, 60_000)])
def test_wilson(successes: int, trials: int) -> None:
    expected = stats.binomtest(successes, trials).proportion_ci(0.9, method="wilson")
    assert wilson(successes, trials) == pytest.approx((expected.low, expected.high), rel=1e-9, abs=1e-12)


def test_a_share_of_nobody_has_no_interval() -> None:
    assert wilson(0, 0) is None


def test_the_chance_below_is_that_of_student_or_of_the_quantiles() -> None:
    few = np.array([3.0, 5.0, 4.0, 8.0, 1.0])
    expected = stats.t.cdf((2.0 - few.mean()) / few.std(ddof=1), 4)
    assert chance_below(few, 2.0) == pytest.approx(expected, rel=1e-9)
    assert chance_below(few, 7.0) == pytest.approx(stats.t.cdf((7.0 - few.mean()) / few.std(ddof=1), 4), rel=1e-9)
    many = np.arange(41.0)
    assert chance_below(many, 10.5) == pytest.approx(10.5 / 40)
    assert chance_below(many, -1.0) == pytest.approx(0.5 / 42), "41 runs do not show that it never happens"
    assert chance_below(many, 99.0) == pytest.approx(1 - 0.5 / 42)
    assert chance_below([4.0], 0.0) is None
    assert [chance_below([4.0, 4.0], bound) for bound in (3.0, 5.0)] == [0.0, 1.0]


def test_the_chance_below_contradicts_no_interval() -> None:
    rng = np.random.default_rng(8)
    for _ in range(1_000):
        values = rng.normal(rng.uniform(-1.0, 3.0), 1.0, int(rng.integers(5, 201)))
        ends, chance = interval(values, 0.8), chance_below(values, 0.0)
        assert ends is not None
        assert chance is not None
        assert (ends[0] < 0.0) == (chance > 0.1)

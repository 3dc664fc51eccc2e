"""Against the formula written out with SciPy, and against experiments that were run."""

import math

import numpy as np
import pytest
from scipy import stats

from wakeup.draws import uniform
from wakeup.stats import power_of, rise_of_shift, size_needed, smallest_rise, visible_shift

CASES = [(0.1, 0.12, 900, 8_100), (0.05, 0.08, 250, 250), (0.5, 0.45, 400, 100), (0.0, 0.02, 50, 700), (0.3, 0.3, 9, 9)]


def directly(first: float, second: float, first_size: float, second_size: float, level: float = 0.05) -> float:
    error = math.sqrt(first * (1 - first) / first_size + second * (1 - second) / second_size)
    bound = stats.norm.isf(level / 2)
    return float(stats.norm.sf(bound - (second - first) / error) + stats.norm.cdf(-bound - (second - first) / error))


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("level", [0.05, 0.01])
def test_power_is_the_formula(case: tuple[float, float, int, int], level: float) -> None:
    assert power_of(*case, level) == pytest.approx(directly(*case, level), abs=1e-9)


def test_without_an_effect_the_power_is_the_level() -> None:
    assert power_of(0.2, 0.2, 500, 500) == pytest.approx(0.05, abs=1e-12)
    assert power_of(0.0, 0.0, 500, 500) == 0.05
    assert power_of(0.0, 1.0, 5, 5) == 1.0


@pytest.mark.parametrize(("base", "size", "other"), [(0.1, 900, 8_100), (0.02, 300, 300), (0.6, 80, 4_000)])
def test_the_smallest_rise_has_the_power_wanted(base: float, size: int, other: int) -> None:
    rise = smallest_rise(base, size, other)
    assert rise is not None
    assert directly(base, base + rise, size, other) == pytest.approx(0.8, abs=1e-9)
    assert power_of(base, base + rise - 1e-6, size, other) < 0.8


def test_by_hand() -> None:
    # 1.96 + 0.8416 = 2.8016 standard errors of sqrt(.1 x .9 / 900 + .1272 x .8728 / 8100) = 0.010675: rise 0.0299
    assert smallest_rise(0.1, 900, 8_100) == pytest.approx(0.0299, abs=0.0001)
    # 2.8016 ^ 2 x (.1 x .9 + .15 x .85) / .05 ^ 2 = 682.9
    assert size_needed(0.1, 0.15) == 683


def test_some_groups_see_nothing() -> None:
    assert smallest_rise(0.5, 3, 3) is None
    assert smallest_rise(0.1, 0, 100) is None


@pytest.mark.parametrize(("first", "second", "ratio"), [(0.1, 0.15, 1.0), (0.1, 0.12, 9.0), (0.4, 0.3, 0.5)])
def test_the_size_needed_is_the_least_that_does(first: float, second: float, ratio: float) -> None:
    size = size_needed(first, second, ratio)
    assert directly(min(first, second), max(first, second), 1e12, 1e12) == 1.0
    assert power_of(first, second, size, ratio * size) >= 0.8 > power_of(first, second, size - 1, ratio * (size - 1))


def test_no_size_shows_what_is_not_there() -> None:
    with pytest.raises(ValueError, match="no size"):
        size_needed(0.1, 0.1)


@pytest.mark.parametrize(("first", "second", "sizes"), [(0.10, 0.14, (900, 1_500)), (0.3, 0.37, (700, 700))])
def test_experiments_come_out_as_often_as_it_says(first: float, second: float, sizes: tuple[int, int]) -> None:
    runs = 20_000
    drawn = (
        uniform(1, 0, np.arange(1, runs + 1, dtype=np.uint64), "power:first"),
        uniform(1, 0, np.arange(1, runs + 1, dtype=np.uint64), "power:second"),
    )
    shares = [stats.binom.ppf(u, n, p) / n for u, n, p in zip(drawn, sizes, (first, second), strict=True)]
    error = np.sqrt(sum(share * (1 - share) / n for share, n in zip(shares, sizes, strict=True)))
    seen = float((np.abs(shares[1] - shares[0]) > stats.norm.isf(0.025) * error).mean())
    # Four standard errors of 20,000 runs (0.011), and 0.01 for the approximation by a normal.
    assert seen == pytest.approx(power_of(first, second, *sizes), abs=0.01 + 4 * math.sqrt(0.25 / runs))


# --- in standard errors ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("level", "wanted"), [(0.05, 0.8), (0.01, 0.9), (0.1, 0.5)])
def test_the_visible_shift_has_the_power_wanted(level: float, wanted: float) -> None:
    shift, bound = visible_shift(level, wanted), stats.norm.isf(level / 2)
    assert stats.norm.sf(bound - shift) + stats.norm.cdf(-bound - shift) == pytest.approx(wanted, abs=1e-9)


def test_money_is_seen_from_as_many_standard_errors_on() -> None:
    # Two groups of 400 with a standard deviation of 30: what scipy's t-test finds in 4 of 5 tests
    random = np.random.default_rng(2)
    gap = visible_shift() * 30.0 * math.sqrt(2 / 400)
    first, other = random.normal(100.0, 30.0, (4_000, 400)), random.normal(100.0 + gap, 30.0, (4_000, 400))
    found = (stats.ttest_ind(first, other, axis=1, equal_var=False).pvalue <= 0.05).mean()
    assert found == pytest.approx(0.8, abs=4 * math.sqrt(0.8 * 0.2 / 4_000))


@pytest.mark.parametrize(("base", "size", "other"), [(0.1, 900, 8_100), (0.02, 300, 300), (0.6, 80, 4_000)])
def test_a_rise_of_the_visible_shift_is_the_smallest(base: float, size: int, other: int) -> None:
    rise = rise_of_shift(base, size, other, visible_shift())
    assert rise == pytest.approx(smallest_rise(base, size, other), abs=1e-9)
    more = rise_of_shift(base, size, other, 3.5)
    assert more is not None
    top = base + more
    error = math.sqrt(base * (1 - base) / size + top * (1 - top) / other)
    assert more / error == pytest.approx(3.5, rel=1e-9)


def test_no_rise_is_that_many_standard_errors() -> None:
    assert rise_of_shift(0.5, 3, 3, 2.8) is None
    assert rise_of_shift(0.1, 0, 100, 2.8) is None

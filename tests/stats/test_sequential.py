"""The interval that may be looked at any time: against the formula written out."""

import math

import numpy as np
import pytest

from wakeup.stats import always_valid, always_valid_difference, always_valid_p


def half_width(sigma: float, people: float, planned: float, alpha: float) -> float:
    """As Waudby-Smith et al. and GrowthBook write it, with sigma the standard deviation of one person's part."""
    rho = math.sqrt((-2 * math.log(alpha) + math.log(-2 * math.log(alpha) + 1)) / planned)
    n, r = people, rho**2
    return sigma * math.sqrt(2 * (n * r + 1) / (n**2 * r) * math.log(math.sqrt(n * r + 1) / alpha))


@pytest.mark.parametrize("alpha", [0.1, 0.05, 0.01])
@pytest.mark.parametrize("people", [50, 5_000, 90_000])
def test_it_is_the_formula(people: int, alpha: float) -> None:
    sigma = 1.7
    error = sigma / math.sqrt(people)
    assert error * float(always_valid(people, 5_000, alpha)) == pytest.approx(
        half_width(sigma, people, 5_000, alpha), rel=1e-12
    )


def test_it_is_tightest_about_where_it_was_planned_for() -> None:
    # Another plan makes a wider interval at 10,000 people.
    planned = np.array([float(always_valid(10_000, each)) for each in (1_000, 10_000, 100_000)])
    assert planned.argmin() == 1
    assert 1.5 < planned[1] / 1.96 < 1.6


def test_its_p_value_is_the_level_at_which_zero_is_touched() -> None:
    people = np.array([500, 5_000, 20_000])
    z = always_valid(people, 8_000)
    assert always_valid_p(z, people, 8_000) == pytest.approx([0.05] * 3, rel=1e-12)
    assert float(always_valid_p(0.0, 500, 8_000)) == 1.0


def test_an_arm_without_a_success_is_not_certain() -> None:
    low, high = always_valid_difference([0, 3], 400, [0, 0], 400, planned=4_000)
    assert np.all(low < 0)
    assert np.all(high > 0)

"""Repeated looks: against a published table, and against walks that were run."""

import numpy as np
import pytest

from wakeup.stats import (
    always_valid_bounds,
    always_valid_shift,
    crossing,
    crowned_by_chance,
    fixed_bounds,
    peeking,
    probability_best,
    visible_shift,
)


@pytest.mark.parametrize(
    ("looks", "level", "printed"),
    [
        (1, 0.05, 0.05),
        (2, 0.05, 0.083),
        (3, 0.05, 0.107),
        (4, 0.05, 0.126),
        (5, 0.05, 0.142),
        (10, 0.05, 0.193),
        (20, 0.05, 0.248),
        (50, 0.05, 0.320),
        (2, 0.01, 0.018),
        (5, 0.01, 0.033),
        (10, 0.01, 0.047),
        (50, 0.01, 0.088),
    ],
)
def test_as_armitage_mcpherson_and_rowe_printed(looks: int, level: float, printed: float) -> None:
    # Journal of the Royal Statistical Society A 132 (1969), table 2
    assert peeking(looks, level) == pytest.approx(printed, abs=6e-4)


def walks(looks: int, shift: float, seed: int, count: int = 200_000) -> np.ndarray:
    """What tests show at each look, in standard errors: (count, looks)."""
    steps = np.random.default_rng(seed).normal(shift / np.sqrt(looks), 1.0, (count, looks))
    return np.asarray(steps.cumsum(axis=1) / np.sqrt(np.arange(1, looks + 1)))


@pytest.mark.parametrize("shift", [0.0, 1.0, 2.8])
@pytest.mark.parametrize("bounds", [fixed_bounds(14), always_valid_bounds(14)], ids=["fixed", "always valid"])
def test_as_walks_do(bounds: np.ndarray, shift: float) -> None:
    acted = np.maximum.accumulate(np.abs(walks(14, shift, 1)) > bounds, axis=1).mean(axis=0)
    # 200,000 walks: four standard errors are at most 0.0045
    assert crossing(bounds, shift) == pytest.approx(acted, abs=0.0045)


def test_one_look_is_the_level() -> None:
    for level in (0.2, 0.05, 0.001):
        assert peeking(1, level) == pytest.approx(level, abs=1e-9)


def test_more_looks_err_more_and_the_always_valid_rule_never_beyond_its_level() -> None:
    rates = [peeking(looks) for looks in (1, 2, 7, 14, 30, 90)]
    assert rates == sorted(rates)
    for looks in (1, 14, 90):
        assert crossing(always_valid_bounds(looks))[-1] < 0.05


def test_what_the_always_valid_rule_sees() -> None:
    for looks in (7, 30):
        shift = always_valid_shift(looks)
        acted = (np.abs(walks(looks, shift, 2)) > always_valid_bounds(looks)).any(axis=1).mean()
        assert acted == pytest.approx(0.8, abs=0.004)
        # The price of looking whenever one likes: a third more effect, or three quarters more people.
        assert 1.2 < shift / visible_shift() < 1.4


# --- promotion -------------------------------------------------------------------------------------------------------


def crowned(arms: int, sure: float, tests: int) -> float:
    won = np.random.default_rng(3).binomial(2_000, 0.1, (tests, arms))
    return float(np.mean([probability_best(each, [2_000] * arms).max() >= sure for each in won]))


def test_alike_arms_are_crowned_as_often_as_in_tests_that_were_run() -> None:
    # 150 tests: three standard errors
    rate = crowned_by_chance(3, 0.7)
    assert crowned(3, 0.7, 150) == pytest.approx(rate, abs=3 * np.sqrt(rate * (1 - rate) / 150))


@pytest.mark.proof
@pytest.mark.parametrize(("arms", "sure"), [(2, 0.95), (3, 0.95), (4, 0.8)])
def test_alike_arms_are_crowned_as_often_as_said(arms: int, sure: float) -> None:
    # 500 tests and 4,000 draws: three standard errors
    rate = crowned_by_chance(arms, sure)
    assert crowned(arms, sure, 500) == pytest.approx(rate, abs=3 * np.sqrt(rate * (1 - rate) / 440))


def test_two_arms_are_crowned_at_twice_what_is_not_sure() -> None:
    assert crowned_by_chance(2, 0.95) == pytest.approx(0.1, abs=1e-9)
    assert crowned_by_chance(2, 0.5) == 1.0
    assert crowned_by_chance(2, 0.95, looks=14) == pytest.approx(peeking(14, 0.1))
    assert crowned_by_chance(1, 0.95) == 0.0
    assert crowned_by_chance(2, 1.0) == 0.0


def test_looks_at_many_arms_are_not_told() -> None:
    with pytest.raises(ValueError, match="two arms"):
        crowned_by_chance(3, 0.95, looks=2)

import numpy as np
import pytest
from scipy.stats import spearmanr

from wakeup.stats import chance_correlation, followed


def noise(seed: int, variables: int = 60, observations: int = 200) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(variables, observations)), rng.normal(size=observations)


def test_of_one_variable_it_is_spearmans_correlation() -> None:
    rng = np.random.default_rng(1)
    for first in (rng.normal(size=30), rng.integers(0, 5, 30), np.arange(30.0)):
        second = rng.integers(0, 12, 30)
        (size,), _ = followed([first], second)
        assert size == pytest.approx(abs(spearmanr(first, second).statistic), abs=1e-12)


def test_one_extreme_run_does_not_decide_it() -> None:
    rng = np.random.default_rng(2)
    first, second = rng.normal(size=40), rng.normal(size=40)
    first[0], second[0] = 1e6, 1e6
    (size,), (clear,) = followed([first], second)
    assert size < 0.5
    assert not clear
    assert np.corrcoef(first, second)[0, 1] > 0.99


def test_nothing_is_told_of_what_does_not_vary() -> None:
    drawn, values = noise(3, 2, 30)
    drawn[0] = 1.0
    size, clear = followed(drawn, values)
    assert np.isnan(size[0])
    assert not np.isnan(size[1])
    assert not clear.any()
    assert np.isnan(followed(drawn, np.ones(30))[0]).all()


def test_known_influences_are_found_and_their_squares_are_shares_of_the_spread() -> None:
    drawn, rest = noise(4, 60, 4_000)
    weights = {7: 2.0, 40: 1.2, 3: 0.8, 11: 0.3}
    values = rest + sum(weight * drawn[at] for at, weight in weights.items())
    size, clear = followed(drawn, values)
    assert set(np.flatnonzero(clear)) == set(weights)
    whole = 1 + sum(weight**2 for weight in weights.values())
    for at, weight in weights.items():
        assert size[at] == pytest.approx(weight / np.sqrt(whole), abs=0.03)


def test_a_weak_variable_is_seen_once_the_strong_ones_are_taken_out() -> None:
    """Alone it would lie below what chance reaches."""
    drawn, rest = noise(5)
    values = 0.5 * rest + 2.0 * drawn[0] + 2.0 * drawn[1] + 0.5 * drawn[2]
    size, clear = followed(drawn, values)
    assert list(np.flatnonzero(clear)) == [0, 1, 2]
    assert abs(spearmanr(drawn[2], values).statistic) < chance_correlation(60, 200)
    assert size[2] < size[1]


def test_the_order_of_the_variables_does_not_matter() -> None:
    drawn, rest = noise(6)
    values = rest + drawn[0] + 0.7 * drawn[30]
    size, clear = followed(drawn, values)
    again, clear_again = followed(drawn[::-1], values)
    assert again[::-1] == pytest.approx(size, abs=1e-9)
    assert list(clear_again[::-1]) == list(clear)


def test_more_variables_than_observations_and_a_result_that_is_one_of_them() -> None:
    drawn, _ = noise(7, 40, 12)
    size, clear = followed(drawn, drawn[5])
    assert size[5] == pytest.approx(1.0)
    assert list(np.flatnonzero(clear)) == [5]
    assert np.nanmax(np.delete(size, 5)) < 1e-6


def test_the_chance_level_falls_with_observations_and_rises_with_variables() -> None:
    assert chance_correlation(1, 20) == pytest.approx(0.4438, abs=1e-4)  # t of .975 with 18 degrees: 2.1009
    assert [round(chance_correlation(85, n), 2) for n in (20, 200)] == [0.7, 0.24]
    assert chance_correlation(85, 20) > chance_correlation(10, 20) > chance_correlation(1, 20)
    assert chance_correlation(85, 3) == 1.0


@pytest.mark.parametrize(("observations", "most"), [(10, 0.12), (20, 0.085), (100, 0.075)])
def test_the_greatest_of_many_by_chance_exceeds_it_as_often_as_said(observations: int, most: float) -> None:
    """2,000 forecasts in which none of 85 assumptions matters; the standard error of a share of .05 is .005."""
    rng = np.random.default_rng(observations)
    middle = (observations - 1) / 2
    profit = np.arange(observations) - middle
    greatest = [
        np.abs((rng.permuted(np.tile(profit, (85, 1)), axis=1)) @ profit).max() / (profit @ profit)
        for _ in range(2_000)
    ]
    level = chance_correlation(85, observations)
    assert 0.035 < np.mean(np.array(greatest) > level) < most


def test_beside_a_strong_one_no_other_is_called_clear_more_often_than_said() -> None:
    """300 forecasts in which one of 60 assumptions matters; 5 % expected, standard error 1.3 points."""
    wrong = 0
    for seed in range(300):
        drawn, rest = noise(seed, 60, 40)
        _, clear = followed(drawn, rest + 3.0 * drawn[0])
        assert clear[0]
        wrong += bool(clear[1:].any())
    assert wrong / 300 < 0.11

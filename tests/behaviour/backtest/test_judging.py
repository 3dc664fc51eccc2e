"""Scores by hand and by their definitions; an honest forecaster's places are uniform, a wrong one's are not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from wakeup.behaviour.backtest.judging import LEVELS, binomial, crps, interval_score, judge, together


def test_the_interval_score_is_width_and_what_was_missed() -> None:
    low, high = np.full(3, 0.2), np.full(3, 0.5)
    found = interval_score(low, high, np.array([0.3, 0.1, 0.6]), 0.9)
    assert found == pytest.approx([0.3, 0.3 + 20 * 0.1, 0.3 + 20 * 0.1])


@given(st.lists(st.floats(0, 1), min_size=2, max_size=40), st.floats(0, 1))
def test_crps_is_the_area_between_the_steps(drawn: list[float], actual: float) -> None:
    """The integral of (F(x) - 1[x >= y])^2, by its exact steps."""
    edges = np.sort(np.array([*drawn, actual]))
    middle = (edges[1:] + edges[:-1]) / 2.0
    below = (np.array(drawn)[:, None] <= middle).mean(axis=0)
    area = float((np.diff(edges) * (below - (middle >= actual)) ** 2).sum())
    assert crps(np.sort(np.array(drawn))[:, None], np.array([actual]))[0] == pytest.approx(area, abs=1e-12)


def test_people_are_drawn_as_the_binomial_law_says() -> None:
    rng = np.random.default_rng(3)
    shares, u = rng.uniform(size=(2_000, 3)), rng.uniform(size=(2_000, 3))
    shares[:4] = [[0, 0, 0], [1, 1, 1], [1e-9, 0.5, 1 - 1e-9], [0.001, 0.01, 0.5]]
    people = np.array([30, 1_000, 250_000])
    clipped = np.clip(shares, 1e-12, 1 - 1e-12)
    assert binomial(shares, people, u).tolist() == stats.binom.ppf(u, people, clipped).tolist()


def honest(cells: int, factor: float, seed: int) -> np.ndarray:
    """Places and hits (cells, 1 + levels) of forecasts that draw from the truth's own law, odds times `factor`."""
    rng = np.random.default_rng(seed)
    draws, bins = 400, 8
    rows = []
    for _ in range(cells // bins):
        people = rng.integers(30, 3_000, bins)
        centre, spread = rng.normal(-1.5, 1.0, bins), rng.uniform(0.0, 0.5, bins)
        truth = 1 / (1 + np.exp(-(centre + spread * rng.normal(size=bins))))
        came = rng.binomial(people, truth)
        told = 1 / (1 + np.exp(-(centre + np.log(factor) + spread * rng.normal(size=(draws, bins)))))
        found = judge(told, people, came, rng.uniform(size=(draws, bins)), rng.uniform(size=bins))
        rows.append(np.column_stack([found.place, *found.inside]))
    return np.concatenate(rows)


def test_an_honest_forecaster_covers_and_its_places_are_uniform() -> None:
    rows = honest(2_400, 1.0, 1)
    assert stats.kstest(rows[:, 0], "uniform").pvalue > 0.001
    for level, hits in zip(LEVELS, rows[:, 1:].T, strict=True):
        # Ends of an interval of whole people belong to it, so that it holds a little more than it claims.
        assert -0.02 < hits.mean() - level < 0.045


def test_a_forecaster_who_is_wrong_is_found_out() -> None:
    rows = honest(800, 1.4, 2)
    assert stats.kstest(rows[:, 0], "uniform").pvalue < 1e-6
    assert rows[:, 3].mean() < 0.8


def test_without_a_forecast_there_is_no_judgement() -> None:
    shares = np.array([[0.1, np.nan, 0.3], [0.2, np.nan, 0.4]])
    found = judge(shares, np.array([40, 50, 0]), np.array([5, 6, 0]), np.full((2, 3), 0.5), np.full(3, 0.5))
    for part in (found.value, found.score, found.crps, found.place, *found.low, *found.high, *found.inside):
        assert np.isnan(part).tolist() == [False, True, True]
    both = together([found, found])
    assert (both.value.shape, both.inside.shape) == ((2, 3), (3, 2, 3))


def test_the_intervals_are_nested_and_hold_whole_people() -> None:
    rng = np.random.default_rng(4)
    found = judge(
        rng.beta(2, 5, (1_000, 1)), np.array([77]), np.array([20]), rng.uniform(size=(1_000, 1)), np.array([0.5])
    )
    assert found.low[2] <= found.low[1] <= found.low[0] <= found.high[0] <= found.high[1] <= found.high[2]
    assert found.low * 77 == pytest.approx(np.round(found.low * 77))


def test_places_are_uniform_where_a_handful_come() -> None:
    """Of 40 people one or none comes: without telling ties apart places would lie on a few steps."""
    rng, places = np.random.default_rng(6), []
    people, chance = np.full(8, 40), 0.02
    for _ in range(150):
        shares = np.full((200, 8), chance)
        came = rng.binomial(people, chance)
        places.append(judge(shares, people, came, rng.uniform(size=(200, 8)), rng.uniform(size=8)).place)
    assert stats.kstest(np.concatenate(places), "uniform").pvalue > 0.001

"""The uncertainty of a coverage: neighbours that see common days are no independent trials."""

import numpy as np
import pytest

from wakeup.behaviour.backtest.coverage import RESAMPLES, Held, _resampled, coverage


def test_counts_are_pooled_over_logs() -> None:
    one = Held(np.array([[1.0, 0.0, np.nan], [1.0, 1.0, 1.0]]), 1)
    other = Held(np.array([[0.0], [np.nan]]), 2)
    found = coverage([one, other], seed=1)
    assert (found.intervals, found.held, found.value) == (6, 4, pytest.approx(4 / 6))
    assert found.low is not None
    assert found.high is not None
    assert 0.0 <= found.low <= 4 / 6 <= found.high <= 1.0


def test_no_interval_no_coverage() -> None:
    found = coverage([Held(np.full((3, 2), np.nan), 1)], seed=1)
    assert (found.intervals, found.held, found.value, found.low, found.high) == (0, 0, None, None, None)


def test_what_always_held_in_so_few_runs_proves_little() -> None:
    """Four runs that all held: with a true share of 47 % that happens in one of twenty logs."""
    found = coverage([Held(np.ones((12, 3)), 3)], seed=1)
    assert (found.value, found.low, found.high) == (1.0, pytest.approx(0.05**0.25), 1.0)
    never = coverage([Held(np.zeros((12, 3)), 3)], seed=1)
    assert (never.value, never.low, never.high) == (0.0, 0.0, pytest.approx(1 - 0.05**0.25))
    both = coverage([Held(np.ones((12, 3)), 3), Held(np.ones((12, 3)), 4)], seed=1)
    assert both.low == pytest.approx(0.05 ** (1 / 7))


@pytest.mark.parametrize(("block", "least", "most"), [(1, 0.0, 0.75), (4, 0.82, 0.96)])
def test_blocks_are_needed_where_neighbours_are_alike(block: int, least: float, most: float) -> None:
    """48 origins, runs of 4 share their fate; the truth is .8. A 90 % range by single origins holds far too seldom,
    by blocks about as often as it says (a little less: there are but twelve runs)."""
    rng = np.random.default_rng(9)
    held = 0
    worlds = 300
    for _ in range(worlds):
        fate = np.repeat(rng.uniform(size=12) < 0.8, 4).astype(float)
        inside = np.where(rng.uniform(size=(48, 5)) < 0.05, 1.0 - fate[:, None], fate[:, None])
        found = coverage([Held(inside, block)], seed=int(rng.integers(1_000)))
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 0.8 * 0.95 + 0.2 * 0.05 <= found.high
    assert least <= held / worlds <= most


def test_the_same_seed_gives_the_same_range() -> None:
    inside = (np.random.default_rng(2).uniform(size=(40, 5)) < 0.7).astype(float)
    assert coverage([Held(inside, 3)], seed=4) == coverage([Held(inside, 3)], seed=4)
    assert coverage([Held(inside, 3)], seed=4) != coverage([Held(inside, 3)], seed=5)


def test_every_origin_is_drawn_as_often_and_with_its_neighbours() -> None:
    drawn = _resampled(11, 3, seed=2, log=0)
    assert drawn.shape == (RESAMPLES, 11)
    often = np.bincount(drawn.ravel(), minlength=11) / drawn.size
    assert often == pytest.approx(np.full(11, 1 / 11), rel=0.06)
    steps = np.diff(drawn[:, :9].reshape(-1, 3, 3), axis=2) % 11
    assert (steps == 1).all()

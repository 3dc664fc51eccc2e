import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from wakeup.draws import of_nobody, share, uniform

KEYS = np.random.default_rng(1).integers(0, 2**64, size=200_000, dtype=np.uint64)
CONSECUTIVE = np.arange(200_000, dtype=np.uint64)
FROZEN_UNIFORM = [0.13842696579118996, 0.4423808115179718, 0.5969676137700469]
FROZEN_SHARE = [0.7643416460314107, 0.6229737864851967, 0.4664696202259432]


@pytest.mark.parametrize("keys", [KEYS, CONSECUTIVE], ids=["hashed keys", "consecutive keys"])
def test_draws_are_uniform(keys: np.ndarray) -> None:
    assert stats.kstest(uniform(1, 0, keys, "organic"), "uniform").pvalue > 1e-3
    assert stats.kstest(share(keys, "holdout"), "uniform").pvalue > 1e-3


@pytest.mark.parametrize(
    "other",
    [
        uniform(1, 0, CONSECUTIVE, "basket"),
        uniform(1, 0, CONSECUTIVE, "organic", 1),
        uniform(2, 0, CONSECUTIVE, "organic"),
        uniform(1, 1, CONSECUTIVE, "organic"),
        uniform(0, 1, CONSECUTIVE, "organic"),
        share(CONSECUTIVE, "organic"),
        uniform(1, 0, CONSECUTIVE + np.uint64(1), "organic"),
    ],
    ids=["purpose", "occurrence", "seed", "replication", "seed and replication swapped", "share", "neighbour"],
)
def test_draws_that_differ_in_anything_are_independent(other: np.ndarray) -> None:
    drawn = uniform(1, 0, CONSECUTIVE, "organic")
    table, _, _ = np.histogram2d(drawn, other, bins=10, range=[[0, 1], [0, 1]])
    assert stats.chisquare(table.ravel()).pvalue > 1e-3


@given(st.permutations(range(50)), st.integers(1, 50))
def test_a_persons_draw_does_not_depend_on_who_else_is_there(order: list[int], size: int) -> None:
    some = np.array(order[:size])
    occurrence = (np.arange(50) % 7).astype(np.int32)
    everybody = uniform(3, 2, KEYS[:50], "opened:nudge", occurrence)
    assert np.array_equal(uniform(3, 2, KEYS[some], "opened:nudge", occurrence[some]), everybody[some])
    assert np.array_equal(share(KEYS[some], "salt"), share(KEYS[:50], "salt")[some])


def test_one_at_a_time_is_all_at_once_bit_for_bit() -> None:
    everybody = uniform(3, 2, KEYS[:500], "opened:nudge")
    assert everybody.tolist() == [float(uniform(3, 2, KEYS[i : i + 1], "opened:nudge")[0]) for i in range(500)]


def test_what_nobody_draws_is_drawn_at_once() -> None:
    purposes = [f"parameter:{number}" for number in range(300)]
    one_by_one = [float(uniform(3, 2, np.zeros(1, np.uint64), purpose)[0]) for purpose in purposes]
    assert of_nobody(3, 2, purposes).tolist() == one_by_one


def test_an_occurrence_is_the_same_as_number_and_as_array() -> None:
    for dtype in (np.int16, np.int32, np.int64):
        several = np.full(100, 4, dtype=dtype)
        assert np.array_equal(uniform(1, 0, KEYS[:100], "x", several), uniform(1, 0, KEYS[:100], "x", 4))


def test_draws_lie_strictly_between_zero_and_one() -> None:
    drawn = uniform(1, 0, np.arange(1_000_000, dtype=np.uint64), "x")
    assert drawn.min() > 0.0
    assert drawn.max() < 1.0
    assert np.float64(2**52 - 1 + 0.5) * 2.0**-52 < 1.0, "the largest draw there is"


def test_arguments_are_left_alone() -> None:
    keys, occurrence = KEYS[:9].copy(), np.arange(9, dtype=np.int32)
    uniform(1, 0, keys, "x", occurrence)
    share(keys, "x")
    assert np.array_equal(keys, KEYS[:9])
    assert np.array_equal(occurrence, np.arange(9))


def test_draws_never_change() -> None:
    """The values are part of the product: a live assignment must be the simulated one, in every later version."""
    keys = np.array([0, 1, 2**64 - 1], dtype=np.uint64)
    assert uniform(1, 0, keys, "organic").tolist() == FROZEN_UNIFORM
    assert share(keys, "holdout").tolist() == FROZEN_SHARE

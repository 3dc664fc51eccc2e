"""Were the arms drawn by lot? Sound draws pass at the stated rate, chosen people are found out."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from wakeup.behaviour.backtest.randomised import ERROR_RATE, randomised
from wakeup.behaviour.backtest.trial_design import design
from wakeup.customers.population import NEVER, Field


def features(people: int, seed: int) -> dict[str, Field]:
    g = np.random.default_rng(seed)
    recency = np.exp(g.normal(5.0, 1.0, people))
    return {
        "recency": Field("number", recency),
        "frequency": Field("number", g.geometric(0.5, people).astype(np.float64)),
        "spent": Field("number", g.pareto(1.2, people)),
        "region": Field("text", g.integers(0, 4, people).astype(np.int32), tuple("NESW")),
        "same as recency": Field("number", recency * 2.0),
    }


@pytest.mark.parametrize(("people", "arms"), [(60, 2), (400, 2), (400, 4)])
def test_a_draw_by_lot_is_doubted_as_rarely_as_stated(people: int, arms: int) -> None:
    p = []
    for seed in range(400):
        arm = np.random.default_rng(seed + 10_000).permutation(np.arange(people) % arms)
        found = randomised(arm, features(people, seed))
        assert found.p is not None
        p.append(found.p)
    ranks = np.array(p)
    assert (ranks < ERROR_RATE).sum() <= 4  # .4 are expected; 5 come less than once in a thousand times
    for level in (0.05, 0.2, 0.5):
        assert abs((ranks < level).mean() - level) <= 4.0 * np.sqrt(level * (1.0 - level) / 400)


CHOICES: dict[str, Callable[[dict[str, Field], NDArray[np.float64]], NDArray[np.bool_]]] = {
    "the recent": lambda known, u: np.asarray(known["recency"].values) < 120.0,
    "the recent more often": lambda known, u: u < np.where(np.asarray(known["recency"].values) < 150.0, 0.6, 0.4),
    "those in between": lambda known, u: np.abs(np.log(np.asarray(known["recency"].values)) - 5.0) < 0.7,
    "one region more often": lambda known, u: u < np.where(np.asarray(known["region"].values) == 2, 0.7, 0.5),
    "who spent much": lambda known, u: u < np.where(np.asarray(known["spent"].values) > 2.0, 0.75, 0.5),
}


@pytest.mark.parametrize("choice", CHOICES)
def test_chosen_people_are_found_out(choice: str) -> None:
    known = features(3_000, 1)
    chosen = CHOICES[choice](known, np.random.default_rng(5).random(3_000))
    found = randomised(chosen.astype(np.int64), known)
    assert not found.random
    assert found.p is not None
    assert found.p < ERROR_RATE
    assert {"recent": "recency", "between": "recency", "region": "region", "much": "spent"}[
        next(word for word in ("recent", "between", "region", "much") if word in choice)
    ] in (found.differences[0].feature, found.differences[1].feature)


def test_a_difference_is_told_in_standard_deviations() -> None:
    arm = np.arange(4_000) % 2
    value = np.random.default_rng(3).normal(0.0, 1.0, 4_000) + 0.5 * arm
    (found,) = randomised(arm, {"age": Field("number", value)}).differences
    assert found.feature == "age"
    assert abs(found.deviations) == pytest.approx(0.5, abs=0.06)


def test_shares_and_missing_outcomes_are_checked() -> None:
    arm = np.repeat([0, 1], [500, 500])
    none: dict[str, Field] = {}
    assert randomised(arm, none).p is None
    assert randomised(arm, none).random
    assert randomised(arm, none, shares=(1, 1)).random
    assert not randomised(arm, none, shares=(1, 3)).random
    assert randomised(arm, none, missing=((500, 20), (500, 24))).random
    assert randomised(arm, none, missing=((500, 0), (500, 0))).p_missing is None
    uneven = randomised(arm, none, missing=((500, 20), (500, 80)))
    assert not uneven.random
    assert uneven.p_missing is not None
    assert uneven.p_missing < ERROR_RATE


def test_blanks_are_a_feature_of_their_own() -> None:
    g = np.random.default_rng(2)
    arm = g.integers(0, 2, 2_000)
    age = g.normal(40.0, 10.0, 2_000)
    age[(arm == 1) & (g.random(2_000) < 0.3)] = np.nan
    assert not randomised(arm, {"age": Field("number", age)}).random
    day = np.where(arm == 1, NEVER, g.integers(0, 1_000, 2_000))
    assert not randomised(arm, {"joined": Field("date", day)}).random


def test_columns_are_robust() -> None:
    wild = Field("number", np.concatenate([np.random.default_rng(0).pareto(0.5, 999), [1e30]]))
    columns = design({"spent": wild, "same": Field("number", np.full(1_000, 3.0))}, 1_000)
    assert columns.x.shape == (1_000, 2)
    assert list(columns.owner) == [0, 0]
    assert float(np.abs(columns.x).max()) < 12.0
    np.testing.assert_allclose(columns.x.mean(axis=0), 0.0, atol=1e-12)
    np.testing.assert_allclose(columns.x.std(axis=0), 1.0)


def test_a_feature_that_says_the_arm_is_named() -> None:
    arm = np.arange(300) % 3
    postage = Field("number", np.where(arm == 0, 0.0, arm + 1.0))
    half = Field("number", (arm == 2).astype(np.float64))
    names = Field("number", np.arange(300.0))
    found = randomised(arm, {"postage": postage, "half of it": half, "names": names})
    assert found.telling == ("postage",)
    assert not found.random

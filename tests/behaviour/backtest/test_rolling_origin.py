"""The whole of it on made-up logs: who knows the truth covers, who is wrong is found out, nobody looks ahead."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from scipy import stats
from tests.behaviour.backtest.logs import DAY, START, steady, write

from wakeup.behaviour.backtest import rolling_origin
from wakeup.behaviour.backtest.forecasters import last_period, organic, segment_mean
from wakeup.behaviour.backtest.judging import LEVELS
from wakeup.behaviour.backtest.past import Floats, Past, Period, past_at
from wakeup.behaviour.backtest.rolling_origin import Backtest, backtest, pooled
from wakeup.customers.rolling import BINS, rolling
from wakeup.diagnostics import WakeupError

GAP = 100.0
"""Days between orders of everybody in a steady shop."""


def truth(past: Past) -> Floats:
    return np.full((past.draws, BINS), 1.0 - np.exp(-past.horizon / DAY / GAP))


def too_high(past: Past) -> Floats:
    return truth(past) * 1.2


def too_wide(past: Past) -> Floats:
    return np.clip(truth(past) * np.linspace(0.5, 1.5, past.draws)[:, None], 0.0, 1.0)


@pytest.fixture(scope="module")
def of_truth(tmp_path_factory: pytest.TempPathFactory) -> Sequence[Backtest]:
    """Three shops, 12 origins with 30 days each, horizons that do not overlap; what is compared is wrong on purpose."""
    folder = tmp_path_factory.mktemp("shops")
    found = []
    for seed in range(3):
        path = steady(folder / f"{seed}.csv", people=1_000, days=600, gap=GAP, seed=seed)
        with rolling(path) as log:
            others = {"too_high": too_high, "too_wide": too_wide}
            found.append(backtest(log, count=12, horizon_days=30, draws=400, forecaster=truth, others=others))
    return found


def test_who_knows_the_truth_covers(of_truth: Sequence[Backtest]) -> None:
    places = np.concatenate([each.ours.place[each.used] for each in of_truth])
    assert len(places) > 180
    assert stats.kstest(places, "uniform").pvalue > 0.001
    for level in LEVELS:
        found = pooled(of_truth, level)
        assert found.low is not None
        assert found.high is not None
        # Ends of an interval of whole people belong to it: with 30 people a little more is held than claimed.
        assert found.low < level + 0.05
        assert found.high > level
        assert abs(found.held / found.intervals - level - 0.02) < 4.0 * np.sqrt(level * (1 - level) / found.intervals)


@pytest.mark.parametrize(("name", "least", "most"), [("too_high", 0.0, 0.85), ("too_wide", 0.97, 1.0)])
def test_who_is_wrong_is_found_out(
    of_truth: Sequence[Backtest], name: str, least: float, most: float
) -> None:  # fmt: skip
    others = [evolve(each, ours=each.baselines[name]) for each in of_truth]
    found = pooled(others, 0.9)
    assert found.value is not None
    assert least <= found.value <= most
    scores = [np.nanmean(np.concatenate([each.score[~np.isnan(each.score)] for each in some])) for some in
              ([each.ours for each in of_truth], [each.ours for each in others])]  # fmt: skip
    assert scores[0] < scores[1]


def test_wakeup_learns_a_steady_shop(tmp_path: Path) -> None:
    """In a shop whose truth does not depend on how long people sleep, the fitted forecast comes near it."""
    path = steady(tmp_path / "log.csv", people=2_000, days=700, gap=GAP, seed=7)
    with rolling(path) as log:
        found = backtest(log, count=3, horizon_days=90, draws=200)
    assert all(found.learnt)
    assert found.ours.inside[2][found.used].mean() >= 0.9
    assert set(found.baselines) == {"last_period", "segment_mean", "bg_nbd"}
    values = found.baselines["bg_nbd"].value[found.used]
    assert values == pytest.approx(1.0 - np.exp(-90 / GAP), abs=0.06)


@cache
def _rows() -> np.ndarray:
    rng = np.random.default_rng(12)
    return np.column_stack([rng.integers(0, 700, 9_000), rng.uniform(0, 730, 9_000)])


def test_no_forecaster_can_look_ahead(tmp_path: Path) -> None:
    """Another future, the same past: every forecast is the same to the last bit."""
    rows, at, horizon = _rows(), START + 500 * DAY, 90 * DAY
    later = rows[:, 1] >= 500
    moved = rows.copy()
    moved[later, 0] = moved[later, 0] % 7
    moved[later, 1] = 500 + (moved[later, 1] - 500) ** 2 % 230
    told = []
    for name, some in (("one", rows), ("other", moved)):
        with rolling(write(tmp_path / f"{name}.csv", some)) as log:
            past = past_at(log, at, horizon, seed=1, draws=50)
            told.append(
                [each(past) for each in (organic, last_period, segment_mean, rolling_origin.baselines()["bg_nbd"])]
            )
            told[-1].append(log.counted([at], horizon)[1])
    *mine, came = told[0]
    *others, other_came = told[1]
    for one, other in zip(mine, others, strict=True):
        assert np.array_equal(one, other, equal_nan=True)
    assert came.tolist() != other_came.tolist()


def test_baselines_by_hand() -> None:
    people, came = np.full(BINS, 400), np.array([40, 80, 120, 160, 200, 0, 400])
    periods = (Period(people, came), Period(people, came + np.array([4, 4, 4, 4, 4, 4, -4])))
    none: Any = np.zeros(0)  # what the last period does not look at
    past = Past(
        at=0, horizon=90 * DAY, zone="UTC", seed=1, draws=4_000, bin=none, dormancy_days=none, orders=none, people=none,
        visited=none, snapshots=none, periods=periods,
    )  # fmt: skip
    last = last_period(past)
    assert last.mean(axis=0) == pytest.approx((came + 0.5) / 401, abs=0.002)
    assert last.std(axis=0) == pytest.approx(stats.beta(came + 0.5, 400.5 - came).std(), rel=0.1)
    mean = segment_mean(past)
    assert np.median(mean, axis=0)[:5] == pytest.approx((came[:5] + 2) / 400, abs=0.001)
    half = stats.t(1).ppf(0.75) * (4 / np.sqrt(2) / 400) * np.sqrt(1.5)
    assert np.quantile(mean[:, 2], 0.75) - np.median(mean[:, 2]) == pytest.approx(half, rel=0.1)
    assert np.isnan(last_period(evolve(past, periods=()))).all()
    one = segment_mean(evolve(past, periods=periods[:1]))
    assert one[:, :5].mean(axis=0) == pytest.approx(last[:, :5].mean(axis=0), abs=0.002)


def test_too_few_people(tmp_path: Path) -> None:
    path = steady(tmp_path / "log.csv", people=25, days=500, gap=40, seed=3)
    with rolling(path) as log, pytest.raises(WakeupError, match="WK6144"):
        backtest(log, count=3, horizon_days=30, draws=20)


def test_a_past_too_thin_to_learn_from_is_said(tmp_path: Path) -> None:
    """Nobody comes back twice: the forecast is what is assumed of any shop."""
    rng = np.random.default_rng(1)
    path = write(tmp_path / "log.csv", np.column_stack([np.arange(300), rng.uniform(0, 400, 300)]))
    with rolling(path) as log:
        found = backtest(log, count=3, horizon_days=90, draws=40)
    assert found.learnt == (False, False, False)
    assert found.came.sum() == 0


def test_equal_runs_are_equal_and_another_seed_is_not(tmp_path: Path) -> None:
    path = steady(tmp_path / "log.csv", people=400, days=500, gap=GAP, seed=2)
    found = []
    for seed in (1, 1, 2):
        with rolling(path) as log:
            found.append(backtest(log, count=1, horizon_days=60, draws=60, seed=seed, others={}).ours.low)
    assert np.array_equal(found[0], found[1], equal_nan=True)
    assert not np.array_equal(found[0], found[2], equal_nan=True)


def test_progress_is_told(tmp_path: Path) -> None:
    path, told = steady(tmp_path / "log.csv", people=200, days=500, gap=GAP, seed=2), []
    with rolling(path) as log:
        backtest(log, count=3, horizon_days=60, draws=20, progress=lambda *each: told.append(each))
    assert told == [(0, 3), (1, 3), (2, 3)]

"""BG/NBD, the baseline: published parameters, its slopes, its own truth."""

import csv
import gzip
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from scipy import special

from wakeup.behaviour.backtest.bgnbd import BgNbd, _log_likelihood, fit_bgnbd
from wakeup.customers.rolling import Visited


def test_the_published_parameters_of_cdnow(real_data: Path) -> None:
    """Fader, Hardie & Lee 2005, table 2: the sample of 2,357 customers, 39 weeks from 1997-01-01."""
    with gzip.open(real_data / "cdnow" / "cdnow_sample.csv.gz", "rt") as text:
        rows = {(row["customer_id"], date.fromisoformat(row["date"])) for row in csv.DictReader(text)}
    days = defaultdict(list)
    for who, day in sorted(rows):
        if day <= date(1997, 9, 30):
            days[who].append((day - date(1997, 1, 1)).days)
    seen = np.array([(len(each) - 1, (each[-1] - each[0]) / 7, (272 - each[0]) / 7) for each in days.values()])
    assert len(seen) == 2_357
    found = fit_bgnbd(alike(seen))
    assert (found.r, found.alpha, found.a, found.b) == pytest.approx((0.243, 4.414, 0.793, 2.426), rel=0.005)


def test_slopes_are_those_of_the_likelihood() -> None:
    x, t_x, age = np.array([0.0, 0, 1, 3, 20]), np.array([0.0, 0, 0.5, 20, 51]), np.array([3.0, 50, 30, 40, 52])
    point = np.array([0.4, 6.0, 0.7, 2.0])
    _, slopes = _log_likelihood(special, point, x, t_x, age, x > 0)
    for at in range(4):
        step = np.where(np.arange(4) == at, 1e-6, 0.0)
        up, down = (_log_likelihood(special, each, x, t_x, age, x > 0)[0] for each in (point + step, point - step))
        assert slopes[at] == pytest.approx((up - down) / 2e-6, rel=1e-5, abs=1e-8)


def alike(rows: np.ndarray) -> Visited:
    """Rows of repeats, recency and age, one person each."""
    x, t_x, age = rows.T
    return Visited(np.zeros(len(x), np.int32), x.astype(np.int32), t_x, age, np.ones(len(x), np.int64))


TRUE = BgNbd(0.6, 5.0, 0.9, 2.5)


def shop(people: int, horizon: float) -> dict[str, Any]:
    """Play the model: everybody for 52 weeks and a horizon more."""
    rng = np.random.default_rng(11)
    age = rng.uniform(20.0, 52.0, people)
    rate, leaves = rng.gamma(TRUE.r, 1.0 / TRUE.alpha, people), rng.beta(TRUE.a, TRUE.b, people)
    x, last, at = np.zeros(people), np.zeros(people), np.zeros(people)
    came, here = np.zeros(people, bool), np.ones(people, bool)
    while here.any():
        at = at + rng.exponential(1.0 / rate)
        inside = here & (at <= age)
        came |= here & (at > age) & (at <= age + horizon)
        x[inside] += 1
        last[inside] = at[inside]
        here = inside & (rng.uniform(size=people) >= leaves)
    return {"x": x, "t_x": last, "age": age, "came": came}


def test_it_finds_its_own_truth_and_who_comes() -> None:
    horizon = 13.0
    made = shop(60_000, horizon)
    found = fit_bgnbd(alike(np.column_stack([made["x"], made["t_x"], made["age"]])))
    assert (found.r, found.alpha, found.a, found.b) == pytest.approx((0.6, 5.0, 0.9, 2.5), rel=0.12)
    chance = TRUE.chance(made["x"], made["t_x"], made["age"], horizon)
    # In every tenth of the chances as many come as the formula says: 4 standard errors.
    for some in np.array_split(np.argsort(chance, kind="stable"), 10):
        error = np.sqrt((chance[some] * (1.0 - chance[some])).sum())
        assert abs(made["came"][some].sum() - chance[some].sum()) < 4.0 * error + 1e-9


def test_groups_weigh_as_many_rows() -> None:
    rows, people = np.array([[0.0, 0, 20], [1, 5, 25], [4, 30, 40]]), np.array([5, 2, 3])
    together = fit_bgnbd(evolve(alike(rows), people=people))
    apart = fit_bgnbd(alike(np.repeat(rows, people, axis=0)))
    assert (together.r, together.alpha) == pytest.approx((apart.r, apart.alpha), rel=1e-3)

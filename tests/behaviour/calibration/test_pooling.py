"""Partial pooling: small cells borrow from large ones, and what is known exactly stays."""

import math

import numpy as np
import pytest

from wakeup.behaviour.calibration.pooling import Binomial, Normal, pool


def logit(share: float) -> float:
    return math.log(share / (1.0 - share))


def test_one_large_cell_is_its_own_share() -> None:
    found = pool([Binomial(3_000, 10_000)], logit(0.2), 0.6)
    mean, sd = found.cells[0]
    assert mean == pytest.approx(logit(0.3), abs=0.01)
    assert sd == pytest.approx(1.0 / math.sqrt(10_000 * 0.21), rel=0.05)


def test_a_small_cell_borrows_from_its_kind_and_the_kind_from_what_is_assumed() -> None:
    large = [Binomial(3_000, 10_000), Binomial(3_100, 10_000), Binomial(2_900, 10_000)]
    alone = pool([Binomial(2, 30)], logit(0.2), 0.6).cells[0]
    among = pool([*large, Binomial(2, 30)], logit(0.2), 0.6)
    raw = logit(2 / 30)
    assert raw < alone[0] < logit(0.2)
    assert alone[0] < among.cells[3][0] < logit(0.3)
    assert among.cells[3][1] < alone[1]
    assert among.kind[0] == pytest.approx(logit(0.3), abs=0.1)


def test_the_kind_of_few_cells_is_less_sure_than_they_are() -> None:
    found = pool([Binomial(3_000, 10_000), Binomial(3_100, 10_000)], logit(0.2), 0.6)
    assert found.kind[1] > 2.0 * found.cells[0][1]


def test_cells_that_differ_are_pulled_together_less() -> None:
    alike = pool([Normal(0.0, 0.2), Normal(0.1, 0.2), Normal(0.05, 0.2)], 0.0, 1.0)
    apart = pool([Normal(-1.5, 0.2), Normal(1.5, 0.2), Normal(0.0, 0.2)], 0.0, 1.0)
    assert alike.cells[1][0] < 0.08
    assert apart.cells[1][0] > 1.3


@pytest.mark.parametrize(("successes", "trials"), [(0, 50), (50, 50), (0, 5_000)], ids=["none", "all", "none_of_many"])
def test_nothing_and_everything_stay_finite(successes: int, trials: int) -> None:
    for mean, sd in pool([Binomial(successes, trials)], logit(0.01), 1.2).cells:
        assert math.isfinite(mean)
        assert 0.0 < sd < 2.0


def test_intervals_of_cells_and_kinds_cover_at_the_stated_rate() -> None:
    draw = np.random.default_rng(5)
    z = []
    for _ in range(150):
        kind = logit(0.2) + 0.6 * draw.normal()
        cells = kind + abs(draw.normal(0.0, 0.3)) * draw.normal(size=4)
        sizes = (40, 200, 1_000, 5_000)
        seen = [Binomial(draw.binomial(n, 1.0 / (1.0 + math.exp(-at))), n) for n, at in zip(sizes, cells, strict=True)]
        found = pool(seen, logit(0.2), 0.6)
        told = [*found.cells, found.kind]
        z.append([(at - mean) / sd for at, (mean, sd) in zip([*cells, kind], told, strict=True)])
    covered = np.abs(np.array(z))
    # Of 150 intervals each: .90 within three standard errors (.073); .50 (.122) of cells with data of their own.
    assert np.mean(covered < 1.645, axis=0) == pytest.approx(np.full(5, 0.9), abs=0.073)
    assert np.mean(covered[:, 1:4] < 0.674, axis=0) == pytest.approx(np.full(3, 0.5), abs=0.122)

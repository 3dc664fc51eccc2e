"""Simulation-based calibration: truths drawn from what is assumed lie in the intervals at the stated rate, and their
ranks among the learnt are even (Talts et al. 2018)."""

from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.behaviour.calibration.worlds import make_world

from wakeup.behaviour.calibration.rates import linked
from wakeup.stats.distributions import normal_cdf

Ranks = dict[tuple[str, str], NDArray[np.float64]]


def ranks(folder: Path, seeds: range, people: int) -> Ranks:
    """Return where each truth stands in its learnt distribution, 0 to 1, by parameter and scope, one per world."""
    found: dict[tuple[str, str], list[float]] = defaultdict(list)
    for seed in seeds:
        world = make_world(folder, seed, people=people)
        for each in world.calibrated().learnt:
            row = each.row
            if not row.scope.startswith(("channel", "incentive")) and each.kind:
                continue  # kinds of one channel each: their cells are the same truth, told better
            truth = linked(row.link, world.truth(row.parameter, f"kind:{each.kind}" if each.kind else row.scope))
            z = (truth - linked(row.link, row.median)) / row.sd
            if not row.parameter.startswith(
                ("usual_basket", "basket_spread")
            ):  # the log of orders is not drawn from it
                found[row.parameter, row.scope].append(float(normal_cdf(np.array([z]))[0]))
        for each in (world.orders, world.events):
            each.unlink()
    return {name: np.array(values) for name, values in found.items()}


def covered(values: NDArray[np.float64], level: float) -> float:
    """Return the share of ranks inside the middle `level`."""
    return float(np.mean(np.abs(values - 0.5) < level / 2))


def test_a_few_worlds_are_covered(tmp_path: Path) -> None:
    found = ranks(tmp_path, range(500, 504), 1_600)
    everything = np.concatenate(list(found.values()))
    assert len(everything) > 80
    # Truths of one world hang together: four worlds tell .90 within about .1.
    assert 0.8 <= covered(everything, 0.9) <= 0.98
    assert 0.36 <= covered(everything, 0.5) <= 0.66
    assert {("advertising", "channel:email"), ("seen", "channel:sms"), ("take_up", "incentive:sample")} <= found.keys()


@pytest.mark.proof
def test_ranks_are_even(tmp_path: Path) -> None:
    found = ranks(tmp_path, range(1_000, 1_200), 5_000)
    told = []
    for (parameter, scope), values in sorted(found.items()):
        if len(values) < 150:
            continue
        ninety, half = covered(values, 0.9), covered(values, 0.5)
        tenths = np.histogram(values, 10, (0.0, 1.0))[0]
        uneven = float(((tenths - len(values) / 10) ** 2).sum() / (len(values) / 10))
        told.append((parameter, scope, len(values), ninety, half, uneven))
        print(f"{parameter:20s} {scope:18s} {len(values):4d} worlds: {ninety:.3f} {half:.3f}; chi2 {uneven:.1f}")
    everything = np.concatenate(list(found.values()))
    print(f"all: 90 % covers {covered(everything, 0.9):.3f}, 50 % {covered(everything, 0.5):.3f}")
    # .90 of 200 has the standard error .021: of 30 parameters none lies below it by more than 3.5.
    assert [each for each in told if each[3] < 0.82] == []
    assert 0.87 <= covered(everything, 0.9) <= 0.95

"""The two modes of redemption timing, from moments of use."""

import math

import numpy as np
from attrs import evolve
from tests.behaviour.calibration.worlds import contacts_of_uses

from wakeup.behaviour.calibration.believed import Believed
from wakeup.behaviour.calibration.redeeming import LEAST, learn_redemption
from wakeup.behaviour.timing import redemption


def moments(count: int, decay: float, early: float, bump: float, seed: int) -> np.ndarray:
    """Moments of use drawn from the model's own timing."""
    table = redemption(decay, early, bump).table
    return np.interp(np.random.default_rng(seed).uniform(size=count), np.linspace(0.0, 1.0, len(table)), table)


def test_planted_timing_is_found_and_its_intervals_cover() -> None:
    z = []
    assumed = {"redemption_decay": 0.35, "redemption_early": 0.75, "deadline_bump": 0.5}
    draw = np.random.default_rng(11)
    for seed in range(40):
        truth = [
            0.35 * math.exp(0.2 * draw.normal()),
            1.0 / (1.0 + math.exp(-(math.log(3.0) + 0.3 * draw.normal()))),
            0.5 * math.exp(0.2 * draw.normal()),
        ]
        anyway = 1.0 / (1.0 + math.exp(-(-0.85 + 0.8 * draw.normal())))
        used = moments(600, *truth, seed)
        chance = np.random.default_rng(1000 + seed).uniform(size=600) < anyway
        used[chance] = np.random.default_rng(2000 + seed).uniform(size=int(chance.sum()))
        rows = learn_redemption(contacts_of_uses(used), Believed(), "{sample}")
        assert [each.row.parameter for each in rows] == list(assumed)
        for each, value in zip(rows, truth, strict=True):
            link = math.log if each.row.link == "log" else lambda x: math.log(x / (1.0 - x))
            z.append((link(value) - link(each.row.median)) / each.row.sd)
    # 120 intervals: 108 of 90 % expected, 9.9 either way at three standard errors.
    assert 98 <= sum(abs(each) < 1.645 for each in z) <= 118


def test_few_uses_teach_nothing() -> None:
    used = moments(LEAST - 1, 0.35, 0.75, 0.5, 0)
    assert learn_redemption(contacts_of_uses(used), Believed(), "{sample}") == []


def test_uses_of_coupons_that_still_run_when_the_log_ends_are_left_out() -> None:
    contacts = contacts_of_uses(moments(200, 0.35, 0.75, 0.5, 0))
    assert learn_redemption(contacts, Believed(), "{sample}")[0].sample.number == 200
    assert learn_redemption(evolve(contacts, known_until=500), Believed(), "{sample}") == []

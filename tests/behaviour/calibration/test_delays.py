"""Lognormal delays from logs that end too early to have them all."""

import math

import numpy as np
import pytest

from wakeup.behaviour.calibration.delays import fit_lag


def test_a_log_that_ends_early_does_not_shorten_the_delay() -> None:
    draw = np.random.default_rng(2)
    hours = np.exp(math.log(48.0) + 1.5 * draw.normal(size=6_000))
    room = draw.uniform(1.0, 240.0, 6_000)
    seen = hours <= room
    naive = float(np.median(hours[seen]))
    lag = fit_lag(hours[seen], room[seen], math.log(20.0), 1.0)
    assert naive < 35.0
    assert abs(lag.mean - math.log(48.0)) < 3.0 * lag.mean_error < 0.4
    assert abs(math.log(lag.spread / 1.5)) < 3.0 * lag.spread_error < 0.2
    told = lag.share_within(room).mean()
    assert told == pytest.approx(seen.mean(), abs=0.03)


def test_errors_are_those_of_a_sample() -> None:
    draw = np.random.default_rng(3)
    hours = np.exp(1.0 + 0.5 * draw.normal(size=400))
    lag = fit_lag(hours, np.full(400, 1e9), 0.0, 1.0)
    assert lag.mean_error == pytest.approx(0.5 / 20.0, rel=0.15)
    assert lag.spread_error == pytest.approx(1.0 / math.sqrt(800.0), rel=0.15)


def test_equal_delays_have_an_end() -> None:
    lag = fit_lag(np.full(12, 2.0), np.full(12, 100.0), 0.0, 1.0)
    assert math.isfinite(lag.mean)
    assert 0.0 < lag.spread < 1.0

"""Decision rules on tests that were run day by day: two arms that are alike, and two that are not."""

import numpy as np
import pytest

from wakeup.stats import (
    always_valid_difference,
    always_valid_shift,
    crossing,
    crowned_by_chance,
    fixed_bounds,
    peeking,
    power_of,
    probability_best,
    share_test,
    smallest_rise,
)

DAYS, PER_DAY = 14, 300
BASE = 0.05
Counts = tuple[np.ndarray, np.ndarray, np.ndarray]


def lived(first: float, other: float, tests: int, seed: int, per_day: int = PER_DAY) -> Counts:
    """Successes of both arms and people of each, at the end of each day: (tests, days), (days,)."""
    random = np.random.default_rng(seed)
    won, other_won = (random.binomial(per_day, rate, (tests, DAYS)).cumsum(axis=1) for rate in (first, other))
    return won, other_won, np.arange(1, DAYS + 1) * per_day


def fixed(counts: Counts) -> np.ndarray:
    won, other_won, people = counts
    return np.asarray(share_test(won, people, other_won, people) <= 0.05)


def sequential(counts: Counts) -> np.ndarray:
    won, other_won, people = counts
    low, high = always_valid_difference(won, people, other_won, people, planned=2 * DAYS * PER_DAY)
    return np.asarray((low > 0) | (high < 0))


def band(rate: float, tests: int) -> float:
    """Four standard errors."""
    return 4 * float(np.sqrt(rate * (1 - rate) / tests))


# --- nothing to find -------------------------------------------------------------------------------------------------


def test_a_fixed_test_errs_at_its_level_once_and_far_more_if_looked_at_daily() -> None:
    found = fixed(lived(BASE, BASE, 10_000, 1))
    assert found[:, -1].mean() == pytest.approx(0.05, abs=band(0.05, 10_000))
    assert found.any(axis=1).mean() == pytest.approx(peeking(DAYS), abs=band(0.22, 10_000))
    assert round(peeking(DAYS), 2) == 0.22


@pytest.mark.parametrize("rate", [0.005, 0.05, 0.4])
def test_the_always_valid_rule_may_be_looked_at_daily(rate: float) -> None:
    errs = sequential(lived(rate, rate, 10_000, 2)).any(axis=1).mean()
    assert errs <= 0.05
    # It is made for any number of looks, so 14 do not use it up.
    assert errs < 0.02


def test_sure_of_ninety_five_percent_crowns_one_of_two_alike_arms_in_ten() -> None:
    assert sure_of(lived(BASE, BASE, 200, 3), DAYS - 1).mean() == pytest.approx(0.1, abs=band(0.1, 200))
    assert crowned_by_chance(2, 0.95) == pytest.approx(0.1)


def sure_of(counts: Counts, day: int) -> np.ndarray:
    """Whether the posterior is sure of 95 % on a day: (tests,)."""
    won, other_won, people = counts
    pairs = zip(won[:, day], other_won[:, day], strict=True)
    return np.array([probability_best(pair, [people[day]] * 2).max() >= 0.95 for pair in pairs])


def test_the_bayesian_rule_too_errs_more_when_looked_at_daily() -> None:
    # The posterior is sure of 95 % where the difference is beyond 1.645 standard errors, where p is 10 %.
    few = lived(BASE, BASE, 60, 4)
    for day in (3, 13):
        p = share_test(few[0][:, day], few[2][day], few[1][:, day], few[2][day])
        assert np.mean(sure_of(few, day) == (p <= 0.1)) > 0.98
    won, other_won, people = lived(BASE, BASE, 10_000, 4)
    daily = (share_test(won, people, other_won, people) <= 0.1).any(axis=1).mean()
    assert daily == pytest.approx(crowned_by_chance(2, 0.95, DAYS), abs=band(0.36, 10_000))


# --- something to find -----------------------------------------------------------------------------------------------


def test_what_the_fixed_test_sees() -> None:
    rise = smallest_rise(BASE, DAYS * PER_DAY, DAYS * PER_DAY)
    assert rise is not None
    seen = fixed(lived(BASE + rise, BASE, 10_000, 5))[:, -1].mean()
    assert seen == pytest.approx(0.8, abs=band(0.8, 10_000) + 0.005)
    assert power_of(BASE, BASE + rise, DAYS * PER_DAY, DAYS * PER_DAY) == pytest.approx(0.8)


def test_what_the_always_valid_rule_sees_and_how_early() -> None:
    error = np.sqrt(2 * BASE * (1 - BASE) / (DAYS * PER_DAY))
    rise = float(always_valid_shift(DAYS) * error)
    # The variance grows with the rise: that of both shares.
    rise *= float(np.sqrt((BASE * (1 - BASE) + (BASE + rise) * (1 - BASE - rise)) / (2 * BASE * (1 - BASE))))
    found = sequential(lived(BASE + rise, BASE, 10_000, 6))
    assert found.any(axis=1).mean() == pytest.approx(0.8, abs=0.02)
    stopped = np.where(found.any(axis=1), found.argmax(axis=1) + 1, DAYS)
    assert stopped.mean() < 0.8 * DAYS
    assert crossing(fixed_bounds(1), 3.0)[-1] == pytest.approx(power_of(0.0, 0.3, 1e9, 0.3 * 0.7 / 0.01), abs=1e-3)


@pytest.mark.proof
@pytest.mark.parametrize("rate", [0.002, 0.02, 0.1, 0.5])
@pytest.mark.parametrize("per_day", [50, 300, 3_000])
def test_every_rule_at_every_size(rate: float, per_day: int) -> None:
    counts = lived(rate, rate, 20_000, 7, per_day)
    won, other_won, people = counts
    if rate * per_day >= 5:
        assert fixed(counts)[:, -1].mean() == pytest.approx(0.05, abs=band(0.05, 20_000) + 0.002)
        assert fixed(counts).any(axis=1).mean() == pytest.approx(peeking(DAYS), abs=0.03)
    low, high = always_valid_difference(won, people, other_won, people, planned=2 * DAYS * per_day)
    assert ((low > 0) | (high < 0)).any(axis=1).mean() < 0.03

import statistics

import numpy as np
import pytest

from wakeup.figures.estimates import Currency, estimate, estimate_all, finite_sample_errors, influences, line

CNY = Currency("CNY", 2)
NONE = np.full(3, np.nan)


def test_finite_sample_error_is_the_jackknife() -> None:
    # Means of groups of one person each, 0, 0, 1, 1: sd of the mean = sqrt(1/3) / 2.
    people = np.array([0.0, 0.0, 1.0, 1.0])
    without = (people.sum() - people) / 3
    values = np.concatenate(([people.mean()], without))[np.newaxis, :, np.newaxis]
    assert finite_sample_errors(values)[0, 0] == pytest.approx(people.std(ddof=1) / 2)


def test_groups_without_a_value_are_left_out() -> None:
    values = np.array([0.5, 0.0, 1.0, np.nan])[np.newaxis, :, np.newaxis]
    assert finite_sample_errors(values)[0, 0] == pytest.approx(0.5)
    assert np.isnan(finite_sample_errors(np.array([0.5, 0.5, np.nan])[np.newaxis, :, np.newaxis])[0, 0])
    assert np.isnan(finite_sample_errors(np.array([np.nan, 0.5, 0.6])[np.newaxis, :, np.newaxis])[0, 0])


def test_three_errors() -> None:
    figure = estimate("orders", np.array([8.0, 10.0, 12.0]), np.array([1.0, 1.0, 1.0]), CNY)
    assert figure.value == 10
    assert figure.unit == "count"
    assert figure.parts["monte_carlo"] == pytest.approx(2 / 3**0.5)
    assert figure.parts["finite_sample"] == pytest.approx(1)
    assert figure.parts["parameter"] == pytest.approx(3**0.5)  # 4 = 3 + 1
    # t(2; .95) = 2.92
    assert (figure.low, figure.high) == (pytest.approx(10 - 2.919986 * 2), pytest.approx(10 + 2.919986 * 2))


def test_parameter_error_is_never_negative() -> None:
    figure = estimate("orders", np.array([10.0, 10.0, 11.0]), np.array([5.0, 5.0, 5.0]), CNY)
    assert figure.parts["parameter"] == 0


def test_one_replication_has_no_interval() -> None:
    figure = estimate("revenue", np.array([12_345.0]), np.array([100.0]), CNY)
    assert (figure.value, figure.low, figure.high, figure.unit) == (123.45, None, None, "CNY")
    assert figure.parts == {"monte_carlo": None, "finite_sample": 1.0, "parameter": None}


def test_money_is_in_major_units_in_every_form() -> None:
    assert estimate("incremental_profit", np.array([500.0]), NONE[:1], CNY).value == 5
    assert estimate("uplift_orders", np.array([500.0]), NONE[:1], CNY).value == 500
    assert estimate("aov", np.array([500.0]), NONE[:1], Currency("JPY", 0)).value == 500


def test_replications_without_a_value_are_left_out() -> None:
    figure = estimate("aov", np.array([100.0, np.nan, 300.0]), NONE, CNY)
    assert figure.value == 2
    assert figure.parts["finite_sample"] is None
    assert figure.parts["parameter"] is None
    nothing = estimate("aov", NONE, NONE, CNY)
    assert (nothing.value, nothing.low, nothing.high) == (None, None, None)


def test_from_forty_replications_on_quantiles() -> None:
    values = np.arange(41.0)
    figure = estimate("orders", values, np.zeros(41), CNY)
    assert (figure.low, figure.high) == (pytest.approx(2), pytest.approx(38))


def test_all_segments_of_all_figures() -> None:
    values = {"orders": np.array([[1.0, 5.0], [1.0, 5.0], [1.0, 5.0]])}
    campaign, band = estimate_all([values, values], CNY)
    assert (campaign["orders"].value, band["orders"].value) == (1, 5)
    assert band["orders"].parts["finite_sample"] == 0


def test_influence_is_the_size_of_the_correlation() -> None:
    drawn, weak = np.arange(10.0), np.array([1.0, -1.0] * 5)
    assert influences([drawn], -3 * drawn) == ((pytest.approx(1),), (True,))
    assert influences([drawn], weak) == ((pytest.approx(0.174, abs=1e-3),), (False,))
    assert influences([drawn[:9]], drawn[:9]) == ((None,), (False,))
    assert influences([np.ones(10), drawn], drawn)[0][0] is None
    assert influences([drawn], np.where(drawn > 0, drawn, np.nan)) == ((None,), (False,))
    assert influences([], drawn) == ((), ())


def test_an_interval_keeps_to_what_is_possible() -> None:
    spread = np.array([0.0, 0.5, 1.0])
    share, count = (estimate(name, spread, NONE, CNY) for name in ("wake_rate", "orders"))
    assert (share.low, share.high, count.low) == (0, 1, 0)
    assert count.high is not None
    assert count.high > 1
    for name in ("incremental_wake_rate", "uplift_orders", "profit", "roi", "aov_change"):
        free = estimate(name, spread, NONE, CNY)
        assert free.low is not None
        assert free.low < 0


@pytest.mark.parametrize("name", ["conversion", "redemption_rate"])
def test_a_share_that_may_exceed_one_is_held_at_one_where_it_never_does(name: str) -> None:
    below = estimate(name, np.array([0.8, 0.9, 1.0]), NONE, CNY)
    assert below.high == 1.0
    beyond = estimate(name, np.array([0.8, 1.1, 1.4]), NONE, CNY)
    assert beyond.high is not None
    assert beyond.high > 1.4


def test_knowing_is_worth_what_it_spares() -> None:
    # Profit = 100 + 300 z: E max(0, ·) = 300 φ(1/3) + 100 Φ(1/3), and without knowing 100 is had.
    z = statistics.NormalDist()
    draws = np.array([z.inv_cdf((n + 0.5) / 4_000) for n in range(4_000)])
    expected = 300 * z.pdf(1 / 3) + 100 * z.cdf(1 / 3) - 100
    assert line(draws, 100 + 300 * draws).worth_of_knowing == pytest.approx(expected, rel=2e-3)
    # Whatever multiplier the draws are of: ranks count.
    assert line(np.exp(draws), 100 + 300 * draws).worth_of_knowing == pytest.approx(expected, rel=2e-3)
    assert line(draws, 2_000 + 300 * draws).worth_of_knowing == pytest.approx(0, abs=1e-6)  # launched either way
    assert line(draws, -2_000 + 300 * draws).worth_of_knowing == pytest.approx(0, abs=1e-6)  # not launched either way
    assert line(np.ones(50), np.arange(50.0) - 10).worth_of_knowing >= 0


def test_the_ends_of_a_line_are_the_profit_at_the_ends_of_the_range() -> None:
    z = statistics.NormalDist()
    draws = np.array([z.inv_cdf((n + 0.5) / 4_000) for n in range(4_000)])
    falling = line(draws, 100 - 300 * draws)
    assert falling.low == pytest.approx(100 + 300 * 1.6449, rel=1e-3)
    assert falling.high == pytest.approx(100 - 300 * 1.6449, rel=1e-3)
    missing = np.where(np.arange(4_000) % 7 == 0, np.nan, 100 - 300 * draws)
    assert line(draws, missing).low == pytest.approx(falling.low, rel=1e-2)

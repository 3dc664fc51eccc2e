import numpy as np
import pytest

from wakeup.figures.estimates import Currency, estimate, estimate_all, finite_sample_errors, influence

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
    drawn = np.arange(10.0)
    assert influence(drawn, -3 * drawn) == pytest.approx(1)
    assert influence(drawn, np.array([1.0, -1.0] * 5)) == pytest.approx(0.174, abs=1e-3)
    assert influence(drawn[:9], drawn[:9]) is None
    assert influence(np.ones(10), drawn) is None
    assert influence(drawn, np.where(drawn > 0, drawn, np.nan)) is None


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

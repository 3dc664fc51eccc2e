import numpy as np
import pytest
from attrs import evolve
from tests.figures.small import PLAN, totals

from wakeup.figures.definitions import COMPARED, evaluate, evaluate_all, evaluate_channels, unit_of
from wakeup.figures.totals import GROUPS, METRICS
from wakeup.terms.lists import FIGURES_COUNT, FIGURES_MONEY, FIGURES_RATIO

CAMPAIGN = {name: float(values[0, 0]) for name, values in evaluate(PLAN, totals()).items()}


def test_every_figure_of_the_list_is_there() -> None:
    plain = {*FIGURES_COUNT, *FIGURES_MONEY, *FIGURES_RATIO}
    compared = {f"{form}_{name}" for form in ("incremental", "uplift") for name in COMPARED}
    assert set(CAMPAIGN) == plain | compared


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("revenue", 65_000),  # 70,000 of baskets less 5,000
        ("margin", 33_500),  # less 45 % of the baskets
        ("send_cost", 15),  # 14.5 fen
        ("fixed_cost", 10_000),
        ("spent", 15 + 1_800 + 3_500 + 10_000 + 5_000),
        ("profit", 33_500 - 15 - 1_800 - 3_500 - 10_000),
        ("tail_revenue", 11_000),
        ("wake_rate", 3 / 4),
        ("conversion", 2 / 3),
        ("complaint_rate", 1 / 3),
        ("opt_out_rate", 1 / 3),
        ("redemption_rate", 1 / 4),
        ("touches_per_person", 5 / 4),
        ("aov", 65_000 / 3),
        ("aov_change", 65_000 / 50_002 - 1),
        ("active_months", 1),
        ("incremental_woken", 3 - 1),
        ("incremental_revenue", 65_000 - 30_000),
        ("incremental_margin", 33_500 - 16_500),
        ("incremental_profit", 18_185 - 16_500),
        ("incremental_wake_rate", 3 / 4 - 1 / 4),
        ("incremental_conversion", 2 / 3 - 1),
        ("incremental_active_months", 1 - 2),
        ("uplift_woken", (3 / 4 - 1 / 1) * 4),
        ("uplift_revenue", 65_000 - 9_100 * 4),
        ("uplift_profit", 18_185 - 5_005 * 4),
        ("uplift_aov", 65_000 / 3 - 9_100),
        ("roi", 1_685 / 20_315),
    ],
)
def test_a_figure_of_the_campaign_by_hand(name: str, value: float) -> None:
    assert CAMPAIGN[name] == pytest.approx(value, rel=1e-12)


def test_figures_of_many_replications_are_those_of_each() -> None:
    played = [totals(), totals(batches=()), *[totals()] * 3, totals(batches=())]
    for found, each in zip(evaluate_all(PLAN, played), played, strict=True):
        expected = evaluate(PLAN, each)
        assert list(found) == list(expected)
        for name, values in found.items():
            np.testing.assert_array_equal(values, expected[name])


def test_an_empty_denominator_has_no_value() -> None:
    found = evaluate(PLAN, totals(batches=()))
    assert np.isnan(found["aov"][0, 0])
    assert np.isnan(found["incremental_aov"][0, 0])
    assert found["wake_rate"][0, 0] == 0
    band = [segment.part for segment in totals().segments].index("high")
    assert np.isnan(found["uplift_woken"][0, band]), "nobody of the band is held out"


def test_fixed_costs_belong_to_no_part_of_the_people() -> None:
    found = evaluate(PLAN, totals())
    assert found["fixed_cost"][0].tolist() == [10_000, 0, 0, 0, 0, 0, 0]


def test_money_of_a_currency_without_decimals() -> None:
    found = evaluate(evolve(PLAN, minor_digits=0), totals())
    assert found["send_cost"][0, 0] == 0  # 0.145 yen


def test_margins_are_exact_where_floats_are_not() -> None:
    # 0.29 x 50 = 14.5 exactly; in floats 1 - 0.71 is a little less.
    found = evaluate(evolve(PLAN, margin="0.71"), _only_baskets(50))
    assert found["margin"][0, 0] == 50 - 15


def _only_baskets(value: int):  # type: ignore[no-untyped-def]
    found = totals(batches=())
    found.sums[0, 0, 0, METRICS.index("value")] = value
    return found


def test_rows_without_a_group_are_scaled_to_as_many_people() -> None:
    found = evaluate(PLAN, totals())
    people = totals().sums[0, :, 0, METRICS.index("people")]
    sent = totals().sums[0, :, 0, METRICS.index("sent")]
    assert np.allclose(found["targeted"][1:, 0], 4)
    assert np.allclose(found["sent"][1:, 0], (5 - sent) * 4 / (4 - people))
    assert found["sent"].shape == (GROUPS + 1, 7)


def test_channels_have_their_own_rates() -> None:
    found = evaluate_channels(PLAN, totals())
    assert found["sent"][0].tolist() == [3, 2]
    assert found["send_cost"][0].tolist() == [14, 1]
    assert found["complaint_rate"][0].tolist() == [0.5, 0]
    assert found["opt_out_rate"][0].tolist() == [0, 1]


def test_units() -> None:
    assert [unit_of(name, "CNY") for name in ("incremental_profit", "uplift_woken", "orders", "aov", "roi")] == [
        "CNY",
        "people",
        "count",
        "CNY",
        "ratio",
    ]

"""The waterfall, the break-even and the payback."""

import pytest
from attrs import evolve
from tests.report.made import CURRENCY, plan, result

from wakeup.figures.result import Day, Figure, Result
from wakeup.report.money import break_even, money, paid_back, waterfall
from wakeup.report.speech import Speech


def _result(**amounts: float) -> Result:
    figures = dict.fromkeys(
        (
            "discount_cost",
            "gift_cost",
            "send_cost",
            "staff_cost",
            "fixed_cost",
            "incremental_margin",
            "incremental_profit",
        ),
        0.0,
    ) | dict(amounts)
    found = {name: Figure(value, None, None, CURRENCY, {}) for name, value in figures.items()}
    return evolve(result(), figures={**result().figures, **found})


def test_the_steps_lead_from_margin_to_profit() -> None:
    found = _result(
        incremental_margin=900.0, discount_cost=100.0, gift_cost=50.0, send_cost=30.0, incremental_profit=820.0
    )
    steps = waterfall(found, Speech())
    assert [(each.label, each.amount, each.total) for each in steps] == [
        ("Caused margin before discounts", 1_000.0, True),
        ("Discounts", -100.0, False),
        ("Gifts and services", -50.0, False),
        ("Messages", -30.0, False),
        ("Caused profit", 820.0, True),
    ]
    assert sum(each.amount for each in steps[:-1]) == steps[-1].amount


def test_break_even_is_the_share_of_the_effect_that_pays_the_costs() -> None:
    assert break_even(_result(incremental_margin=900.0, send_cost=45.0)) == pytest.approx(0.05)
    assert break_even(_result(incremental_margin=900.0, fixed_cost=1_800.0)) == pytest.approx(2.0)
    assert break_even(_result(incremental_margin=-5.0, send_cost=45.0)) is None
    assert break_even(_result(incremental_margin=900.0)) is None


def test_payback_is_the_day_on_which_the_margin_has_paid() -> None:
    days = [Day(f"2026-09-0{n}", 0, 0, 100.0 * n, 0, 50.0 * n) for n in range(1, 6)]
    # margin of 40 %: 20, 40, 60, 80, 100 a day
    assert paid_back(days, 0.4, 60.0) == "2026-09-02"
    assert paid_back(days, 0.4, 61.0) == "2026-09-03"
    assert paid_back(days, 0.4, 301.0) is None


def test_the_section_says_it_in_words() -> None:
    found = money(_result(incremental_margin=900.0, send_cost=45.0, incremental_profit=855.0), plan(), Speech())
    assert found is not None
    assert "if 5.00\N{NO-BREAK SPACE}% of what it should cause" in found.note
    dear = money(_result(incremental_margin=900.0, fixed_cost=1_800.0), plan(), Speech("zh"))
    assert dear is not None
    assert "2" in dear.note
    assert "倍" in dear.note
    assert money(_result(), plan(), Speech()) is None

"""Guessed causes of sleep: one rule after the other, each shown by a customer that only it fits."""

import numpy as np
from attrs import evolve

from wakeup.customers import BLANK, NEVER, NO, YES, Population, profile, synthetic
from wakeup.customers.causes import RULES, cause_codes

AS_OF = 1788192000
DAY = 86_400


def people(**columns: list) -> Population:
    """Customers, each asleep 100 days, with 3 orders of 100.00, 30 days apart, but for what is said."""
    n = len(next(iter(columns.values())))
    given = {"days": [100] * n, "orders": [3] * n, "monetary": [300_00] * n, "gap": [30.0] * n, **columns}
    orders = np.array(given["orders"], np.int32)
    last = np.where(orders > 0, AS_OF - np.array(given["days"]) * DAY, NEVER)
    consents = (
        {"sms": np.array(given["sms"], np.uint8), "email": np.array(given["email"], np.uint8)} if "sms" in given else {}
    )
    return evolve(
        synthetic(n, as_of=AS_OF),
        orders=orders,
        last_order=last,
        monetary=np.array(given["monetary"]),
        average_order_value=np.full(n, 100_00),
        gap=np.array(given["gap"], np.float32),
        consents=consents,
    )


def causes(**columns: list) -> list[str]:
    return [RULES[code].cause if code >= 0 else "" for code in cause_codes(people(**columns))]


def test_only_sleepers_have_a_cause() -> None:
    assert causes(days=[89, 90, 100], orders=[3, 3, 0]) == ["", "unknown", ""]


def test_who_has_no_channel_left() -> None:
    found = causes(sms=[YES, NO, BLANK], email=[NO, YES, NO])
    assert found == ["unknown", "unknown", "failed contact"]
    assert causes(days=[100]) == ["unknown"], "data that speak of no channel blame none"


def test_who_sent_much_back() -> None:
    assert causes(monetary=[240_00, 240_01, -5]) == ["broken experience", "unknown", "broken experience"]


def test_who_is_not_yet_due() -> None:
    gaps = [50.0, 50.1, float("nan")]
    assert causes(gap=gaps, orders=[2, 2, 1]) == ["unknown", "need satisfied", "unknown"]


def test_who_broke_off() -> None:
    assert causes(gap=[24.9, 25.0, 20.0], orders=[3, 3, 2]) == ["competitor", "unknown", "unknown"]


def test_the_first_rule_that_fits_names_the_cause() -> None:
    assert causes(sms=[NO, YES], email=[NO, YES], monetary=[0, 0]) == ["failed contact", "broken experience"]


def test_a_portrait_counts_causes_and_scores_with_their_medians() -> None:
    made = profile(people(days=[100, 200, 300, 10], monetary=[0, 0, 0, 0]))
    assert [cell.customers for cell in made.causes] == [0, 3, 0, 0, 0]
    assert (made.causes[1].days, made.causes[1].value) == (200, 100_00)
    assert (made.causes[0].days, made.causes[0].value) == (None, None)
    cells = [cell for row in made.rfm for cell in row]
    assert sum(cell.customers for cell in cells) == 4
    # The latest of four is above three quarters: score 4. Everybody ordered as often, so all are in the first column.
    assert [row[0].customers for row in made.rfm] == [0, 1, 1, 1, 1]
    assert made.rfm[1][0].days == 10
    assert all(cell.customers == 0 for row in made.rfm for cell in row[1:])
    assert made.reachable is None

"""Customers whose orders are known only in summary."""

import numpy as np

from wakeup.customers import NEVER
from wakeup.customers.summaries import summarise

DAY = 86_400


def instants(*days: int | None) -> np.ndarray:
    return np.array([NEVER if day is None else day * DAY for day in days], np.int64)


def test_average_from_monetary_is_half_up() -> None:
    found = summarise({"orders": np.array([2.0, 3.0]), "monetary": np.array([101.0, 100.0])}, 2)
    assert list(found.average_order_value) == [51, 33]
    assert list(found.monetary) == [101, 100]


def test_monetary_from_average() -> None:
    found = summarise({"orders": np.array([2.0, 0.0]), "average_order_value": np.array([50.0, 70.0])}, 2)
    assert list(found.monetary) == [100, 0]
    assert list(found.average_order_value) == [50, 0]


def test_who_has_no_orders_has_no_last_order() -> None:
    found = summarise({"orders": np.array([0.0, 1.0]), "last_order": instants(5, 6)}, 2)
    assert list(found.last_order) == list(found.first_order) == list(found.last_interaction) == list(instants(None, 6))


def test_a_last_order_is_one_order() -> None:
    found = summarise({"orders": np.array([np.nan, np.nan, 4.0]), "last_order": instants(5, None, 6)}, 3)
    assert list(found.orders) == [1, 0, 4]
    assert list(found.first_order) == list(instants(5, None, None))


def test_gaps_are_given_or_implied() -> None:
    given = {
        "orders": np.array([3.0, 3.0, 1.0, 2.0]),
        "first_order": instants(0, 0, 0, None),
        "last_order": instants(10, 10, 0, 9),
        "gap": np.array([np.nan, 7.0, 7.0, np.nan]),
    }
    assert np.array_equal(summarise(given, 4).gap, np.array([5, 7, np.nan, np.nan], np.float32), equal_nan=True)


def test_last_interaction_is_never_before_the_last_order() -> None:
    found = summarise({"last_order": instants(5, 5, None), "last_interaction": instants(3, 8, 2)}, 3)
    assert list(found.last_interaction) == list(instants(5, 8, 2))


def test_nothing_given() -> None:
    found = summarise({}, 1)
    assert (found.orders[0], found.last_order[0], found.monetary[0], found.average_order_value[0]) == (0, NEVER, 0, 0)

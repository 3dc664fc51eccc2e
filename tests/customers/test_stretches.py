"""Where the orders of a log lie, and wrong dates at its ends."""

import numpy as np

from wakeup.customers.stretches import FAR, main_stretch


def days(*ranges: range, each: int = 10) -> tuple[np.ndarray, np.ndarray]:
    found = np.array([day for some in ranges for day in some], np.int64)
    return found, np.full(len(found), each, np.int64)


def test_a_log_without_oddities() -> None:
    found = main_stretch(*days(range(100, 400)))
    assert (found.first_day, found.last_day, found.stray) == (100, 399, 0)


def test_a_few_orders_far_beyond_either_end_have_wrong_dates() -> None:
    found = main_stretch(*days(range(1), range(1_000, 1_700), range(30_000, 30_001)))
    assert (found.first_day, found.last_day, found.stray) == (1_000, 1_699, 20)
    early = main_stretch(*days(range(1), range(1_000, 1_700)))
    assert (early.first_day, early.stray) == (1_000, 10)


def test_orders_that_are_many_or_near_stay() -> None:
    many = main_stretch(*days(range(10), range(10 + FAR, 700)))
    assert (many.first_day, many.stray) == (0, 0)
    near = main_stretch(*days(range(1), range(FAR, 700)))
    assert (near.first_day, near.stray) == (0, 0)


def test_one_day() -> None:
    found = main_stretch(*days(range(7, 8)))
    assert (found.first_day, found.last_day, found.stray) == (7, 7, 0)

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wakeup.figures.contacts import MODELS, Contacts, credit, most_touches
from wakeup.figures.totals import CREDIT_UNITS

DAY = 86_400
sends = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 300), st.integers(0, 2)), max_size=15)
orders = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 300)), max_size=6, unique=True)


def contacts(given: list[tuple[int, int, int]]) -> Contacts:
    who, t, message = (
        np.array([each[i] for each in given], kind) for i, kind in enumerate((np.int32, np.int64, np.int16))
    )
    return Contacts(who, t, message)


def credited(
    model: str, within: int, sent: list[tuple[int, int, int]], bought: list[tuple[int, int]]
) -> list[list[float]]:
    who, t = (np.array([each[i] for each in bought], np.int64) for i in range(2))
    paid = np.full(len(bought), 100)
    table = credit(within, contacts(sent), np.array([0, 1, 1]), 2, who, t, paid)[MODELS.index(model)]
    assert table.dtype == np.int64
    assert table.sum(axis=0).tolist() == [1_000_000 * len(bought), 100_000 * len(bought)]
    whole: list[list[float]] = (table / CREDIT_UNITS).tolist()
    return whole


def test_a_window_is_open_at_its_start() -> None:
    who, day = np.zeros(3, np.int32), np.array([0, DAY - 1, DAY])
    assert most_touches(who, day, DAY) == 2
    assert most_touches(who, day, DAY + 1) == 3
    assert most_touches(who[:0], day[:0], DAY) == 0
    assert most_touches(who[:1], day[:1], DAY) == 1


@given(sends, st.integers(1, 200))
def test_the_densest_window_of_anybody(given: list[tuple[int, int, int]], seconds: int) -> None:
    counted = [sum(w == who and t - seconds < s <= t for w, s, _ in given) for who, t, _ in given]
    who, t = (np.array([each[i] for each in given], np.int64) for i in range(2))
    assert most_touches(who, t, seconds) == max(counted, default=0)


@pytest.mark.parametrize(
    ("model", "table"),
    [
        ("last_touch", [[0, 0], [1, 100], [1, 100]]),
        ("first_touch", [[1, 100], [0, 0], [1, 100]]),
        ("linear", [[0.5, 50], [0.5, 50], [1, 100]]),
        ("position", [[0.5, 50], [0.5, 50], [1, 100]]),
        ("shapley", [[0.5, 50], [0.5, 50], [1, 100]]),
    ],
)
def test_an_order_is_credited_to_sends_before_it(model: str, table: list[list[float]]) -> None:
    # The send in the second of the order comes after it; the other person was never written to.
    sent = [(0, 10, 0), (0, 20, 1), (0, 30, 0)]
    assert credited(model, 50, sent, [(0, 30), (1, 30)]) == table


def test_the_credit_window_ends_after_its_length() -> None:
    assert credited("last_touch", 20, [(0, 10, 0)], [(0, 29)])[0] == [1, 100]
    assert credited("last_touch", 20, [(0, 10, 0)], [(0, 30)])[0] == [0, 0]


@given(
    sends,
    orders,
    st.integers(1, 200),
    st.sampled_from(("last_touch", "first_touch", "linear", "time_decay", "position", "shapley")),
)
def test_every_order_is_credited_once(
    sent: list[tuple[int, int, int]], bought: list[tuple[int, int]], within: int, model: str
) -> None:
    table = np.array(credited(model, within, sent, bought))
    assert table[:, 0].sum() == pytest.approx(len(bought))
    untouched = sum(not any(w == who and 0 < t - s < within for w, s, _ in sent) for who, t in bought)
    assert table[2, 0] == untouched


def test_a_touch_of_a_week_earlier_weighs_half() -> None:
    # 1 and 2 weeks before the order: weights 2 to 1, whatever the distance of the last touch.
    table = credited("time_decay", 30 * DAY, [(0, 7 * DAY, 0), (0, 14 * DAY, 1)], [(0, 21 * DAY)])
    assert table[0] == pytest.approx([1 / 3, 100 / 3], abs=0.001)
    assert table[1] == pytest.approx([2 / 3, 200 / 3], abs=0.001)


def test_decay_over_years_still_adds_up_to_one() -> None:
    table = credited("time_decay", 9_000 * DAY, [(0, 0, 0), (0, 1, 1)], [(0, 8_999 * DAY)])
    assert table[0][0] == pytest.approx(0.5, abs=1e-5)
    assert table[0][0] + table[1][0] == pytest.approx(1.0)


def test_ends_have_forty_percent_each_and_the_middle_shares_the_rest() -> None:
    sent = [(0, 1, 0), (0, 2, 1), (0, 3, 1), (0, 4, 1)]
    table = credited("position", 50, sent, [(0, 9)])
    assert table[0] == pytest.approx([0.4, 40])
    assert table[1] == pytest.approx([0.6, 60])
    assert credited("position", 50, sent[:1], [(0, 9)])[0] == [1, 100]


def coalition(orders: list[frozenset[int]], members: frozenset[int]) -> int:
    return sum(each <= members for each in orders)


@given(st.lists(st.frozensets(st.integers(0, 2), min_size=1), min_size=1, max_size=5))
def test_shapley_is_the_mean_marginal_worth_over_all_orders_of_arrival(sets: list[frozenset[int]]) -> None:
    # By the definition: v(S) = orders whose channels all lie in S; the mean of v(S + i) - v(S) over permutations.
    arrivals = list(permutations(range(3)))
    expected = [0.0, 0.0, 0.0]
    for arrival in arrivals:
        for place, channel in enumerate(arrival):
            before = frozenset(arrival[:place])
            worth = coalition(sets, before | {channel}) - coalition(sets, before)
            expected[channel] += worth / len(arrivals)
    # Channels are written to more than once: Shapley counts channels, not touches.
    sent = [(who, 10 + t + 3 * again, t) for who, each in enumerate(sets) for t in each for again in range(t + 1)]
    who, at = np.arange(len(sets)), np.full(len(sets), 100)
    tables = credit(99, contacts(sent), np.arange(3), 3, who, at, np.full(len(sets), 100))
    table = tables[MODELS.index("shapley")]
    assert table[:3, 0] / CREDIT_UNITS[0] == pytest.approx(expected, abs=1e-5)

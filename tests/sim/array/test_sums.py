"""Sums by place, against a plain loop."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from wakeup.sim.array.sums import grown, sums_by

AMOUNTS = st.integers(-(1 << 58), 1 << 58)  # a float64 would lose their last digits


def told(first: int, sums: np.ndarray) -> dict[int, int]:
    """What was summed, by place, but for sums of nothing."""
    return {first + place: amount for place, amount in enumerate(sums.tolist()) if amount}


@given(st.lists(st.tuples(st.integers(-3, 40), AMOUNTS), max_size=15))
def test_sums_are_exact(pairs: list[tuple[int, int]]) -> None:
    expected = Counter[int]()
    for place, amount in pairs:
        expected[place] += amount
    place, amount = (np.array(each, np.int64) for each in (list(zip(*pairs, strict=True)) or ((), ())))
    assert told(*sums_by(place, amount)) == {place: amount for place, amount in expected.items() if amount}
    assert told(*sums_by(place, 7)) == {each: 7 * count for each, count in Counter(place.tolist()).items()}


def test_sums_grow_as_far_as_is_needed() -> None:
    sums = grown(np.array([1, 2]), 1, np.array([10, 20, 30]))
    assert sums.tolist() == [1, 12, 20, 30]
    assert grown(sums, 0, np.array([5])).tolist() == [6, 12, 20, 30]
    assert grown(sums, 0, np.zeros(0, np.int64)).tolist() == sums.tolist()

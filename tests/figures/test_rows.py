import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from wakeup.figures.rows import Kept

rows = st.dictionaries(st.tuples(st.integers(0, 3), st.integers(0, 9)), st.integers(1, 99), max_size=12)


def kept(given: dict[tuple[int, int], int]) -> Kept:
    who, t = (np.array([each[i] for each in given], np.int64) for i in range(2))
    return Kept({"who": who, "t": t, "amount": np.array(list(given.values()), np.int64)}.__getitem__)


@given(rows, rows)
def test_rows_are_matched_by_person_and_second(
    mine: dict[tuple[int, int], int], theirs: dict[tuple[int, int], int]
) -> None:
    assert kept(mine).matched(kept(theirs)).tolist() == [theirs.get(each, 0) for each in mine]
    assert kept(mine).paired(kept(theirs)).tolist() == [each in theirs for each in mine]

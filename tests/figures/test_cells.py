"""Cells against counting person by person."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from wakeup.figures.cells import Cells, Family, divide, summed
from wakeup.figures.totals import GROUPS, Segment

N = 40


def family(code: list[int], parts: int) -> Family:
    return Family(tuple(Segment("tier", "value", f"{n}") for n in range(parts)), np.array(code, np.int8))


@st.composite
def divided(draw: st.DrawFn) -> tuple[Cells, list[tuple[int, ...]]]:
    """Draw cells, and of each person what tells the cell; with five families of nine more codes than two bytes hold."""
    parts = draw(st.sampled_from((1, 9)))
    codes = [draw(st.lists(st.integers(-1, parts - 1), min_size=N, max_size=N)) for _ in range(5)]
    side, group = (draw(st.lists(st.integers(0, most), min_size=N, max_size=N)) for most in (1, GROUPS - 1))
    families = tuple(family(code, parts) for code in codes)
    return divide(np.array(side, np.int8), np.array(group), families), list(zip(side, group, *codes, strict=True))


@given(divided())
def test_people_who_are_alike_are_in_one_cell(drawn: tuple[Cells, list[tuple[int, ...]]]) -> None:
    cells, people = drawn
    told = list(zip(cells.side.tolist(), cells.group.tolist(), *(code.tolist() for code in cells.codes), strict=True))
    assert len(cells) == len(set(told)) == len(set(people))
    assert [told[cell] for cell in cells.of.tolist()] == people


@given(divided(), st.lists(st.sampled_from((-1, 0, 7, N - 1)), min_size=5))
def test_who_has_no_place_is_in_no_cell(drawn: tuple[Cells, list[tuple[int, ...]]], place: list[int]) -> None:
    cells, _ = drawn
    expected = Counter(cells.of[each] for each in place if each >= 0)
    cells, who = cells.among(np.array(place, np.int32)), np.arange(len(place))
    counts = [expected[cell] for cell in range(len(cells))]
    assert cells.count(who).tolist() == counts
    assert cells.table(who, np.ones(len(who), np.intp), 2).tolist() == [[0, n] for n in counts]


@given(divided(), st.lists(st.sets(st.integers(0, N - 1)), min_size=1, max_size=3))
def test_people_are_counted_by_each_mark(drawn: tuple[Cells, list[tuple[int, ...]]], marked: list[set[int]]) -> None:
    cells, _ = drawn
    marks = [np.isin(np.arange(N), list(who)) for who in marked]
    expected = [Counter(cells.of.tolist()), *(Counter(cells.of[list(who)].tolist()) for who in marked)]
    assert cells.marked(*marks).tolist() == [[count[cell] for cell in range(len(cells))] for count in expected]


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(-(1 << 62), 1 << 62), st.integers(-9, 9)), max_size=20))
def test_rows_of_one_place_are_added_up(rows: list[tuple[int, int, int]]) -> None:
    at = np.array([row[0] for row in rows], np.int64)
    table = np.array([row[1:] for row in rows], np.int64).reshape(-1, 2)
    expected = np.zeros((5, 2), np.int64)
    np.add.at(expected, at, table)
    assert summed(at, table, 5).tolist() == expected.tolist()

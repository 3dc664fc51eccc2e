"""Pieces of a population are its rows, as views; put together they are the population."""

from typing import Any

import numpy as np
import pytest
from attrs import fields
from hypothesis import given
from hypothesis import strategies as st
from tests.customers.crowd import bare, crowd
from tests.customers.same import assert_same, columns_of

from wakeup.customers import Population
from wakeup.customers.slices import joined, pieces, sliced, taken


@pytest.mark.parametrize("make", [crowd, bare], ids=["every column", "core columns"])
def test_rows_are_those_of_the_population(make: Any) -> None:
    whole = make(50)
    part = sliced(whole, 7, 20)
    assert len(part) == 13
    for name, column in columns_of(whole).items():
        assert np.array_equal(columns_of(part)[name], column[7:20], equal_nan=column.dtype.kind == "f"), name
    assert (part.as_of, part.zone_names) == (whole.as_of, whole.zone_names)
    if whole.touches is None:
        assert part.touches is None
        return
    assert part.touches is not None
    assert part.touches.offset[0] == 0
    for i in range(13):
        mine, theirs = (slice(*each.offset[j : j + 2]) for each, j in ((part.touches, i), (whole.touches, i + 7)))
        assert part.touches.t[mine].tolist() == whole.touches.t[theirs].tolist()
        assert part.touches.channel[mine].tolist() == whole.touches.channel[theirs].tolist()


def test_nothing_is_copied() -> None:
    whole = crowd(50)
    part = sliced(whole, 7, 20)
    for name, column in columns_of(whole).items():
        assert np.shares_memory(columns_of(part)[name], column), name
    assert part.touches is not None
    assert whole.touches is not None
    assert np.shares_memory(part.touches.t, whole.touches.t)


@given(st.integers(1, 40), st.integers(1, 45))
def test_pieces_put_together_are_the_whole(n: int, size: int) -> None:
    whole = crowd(n)
    found = list(pieces(whole, size))
    assert [first for first, _ in found] == list(range(0, n, size))
    assert all(len(part) == size for _, part in found[:-1])
    assert_same(whole, joined((part for _, part in found), n))


@given(st.data())
def test_a_slice_of_a_slice_is_a_slice(data: st.DataObject) -> None:
    whole = crowd(30)
    first = data.draw(st.integers(0, 30))
    last = data.draw(st.integers(first, 30))
    inner = data.draw(st.integers(0, last - first))
    end = data.draw(st.integers(inner, last - first))
    assert_same(sliced(whole, first + inner, first + end), sliced(sliced(whole, first, last), inner, end))


def test_nobody_has_no_pieces() -> None:
    nobody = sliced(crowd(3), 2, 2)
    assert list(pieces(nobody, 5)) == []
    assert nobody.touches is not None
    assert nobody.touches.offset.tolist() == [0]


def test_a_new_column_is_cut_and_put_together_too() -> None:
    """`sliced`, `joined`, `storage` and these tests name every column; this fails when one is added."""
    assert {each.name for each in fields(Population)} == {
        "key", "ids", "as_of", "first_order", "last_order", "last_interaction", "orders", "monetary",
        "average_order_value", "gap", "consents", "tags", "fields", "touches", "zones", "zone_names", "categories",
    }  # fmt: skip


@given(st.sets(st.integers(0, 29)))
def test_any_rows_are_taken(rows: set[int]) -> None:
    whole, index = crowd(30), np.array(sorted(rows), np.intp)
    one_by_one = [sliced(whole, row, row + 1) for row in index.tolist()] or [sliced(whole, 0, 0)]
    assert_same(joined(iter(one_by_one), len(rows)), taken(whole, index))


def test_a_single_run_is_not_copied() -> None:
    whole = crowd(9)
    assert joined(iter([whole]), 9) is whole

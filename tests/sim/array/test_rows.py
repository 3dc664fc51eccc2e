"""Occurrences are numbered in the order of the trace."""

import numpy as np

from wakeup.sim.array.rows import RowLog, Rows
from wakeup.terms.lists import Row


def test_occurrences_count_per_person_message_and_incentive() -> None:
    log = RowLog()
    who = np.array([1, 2, 1, 1], np.int32)
    log.add(Rows(Row.SENT, who, np.array([50, 10, 20, 50]), step=np.array([3, 0, 1, 2], np.int16), message=4))
    log.add(Rows(Row.SENT, np.array([1], np.int32), np.array([5]), step=0, message=5))
    log.add(Rows(Row.SENT, np.zeros(0, np.int32), np.zeros(0, np.int64)))
    (batch,) = log.batches()
    assert batch.occurrence.tolist() == [2, 0, 0, 1, 0]
    assert batch.message.tolist() == [4, 4, 4, 4, 5]
    assert batch.step.tolist() == [3, 0, 1, 2, 0]
    assert batch.amount.tolist() == [0] * 5


def test_one_batch_per_kind() -> None:
    log = RowLog()
    for row in (Row.LAPSED, Row.ORDERED, Row.LAPSED):
        log.add(Rows(row, np.array([0], np.int32), np.array([1])))
    assert [batch.row for batch in log.batches()] == [Row.ORDERED, Row.LAPSED]


def test_a_column_comes_in_the_kind_that_is_asked_for_from_values_and_arrays() -> None:
    log = RowLog()
    log.add(Rows(Row.SENT, np.array([2, 0], np.int32), np.array([7, 8]), message=np.array([3, 1], np.int16), arm=1))
    log.add(Rows(Row.SENT, np.array([1], np.int32), np.array([9]), message=5, arm=2))
    (batch,) = log.batches()
    found = {name: batch.column(name, np.intp) for name in ("who", "t", "message", "arm", "step")}
    assert {name: column.tolist() for name, column in found.items()} == {
        "who": [2, 0, 1], "t": [7, 8, 9], "message": [3, 1, 5], "arm": [1, 1, 2], "step": [-1] * 3,
    }  # fmt: skip
    assert {column.dtype for column in found.values()} == {np.dtype(np.intp)}
    placed = batch.placed(np.array([10, 11, 12], np.int32))
    assert len(placed) == 3
    assert placed.column("who", np.intp).tolist() == placed.who.tolist() == [12, 10, 11]
    assert (placed.column("who", np.intp).dtype, placed.who.dtype) == (np.intp, np.int32)


def test_rows_of_people_who_have_no_place_are_left_out_and_counted_for_nobody() -> None:
    log = RowLog()
    log.add(Rows(Row.SENT, np.array([2, 0, 1], np.int32), np.array([7, 8, 9]), message=np.array([3, 1, 3], np.int16)))
    log.add(Rows(Row.SENT, np.array([1, 2], np.int32), np.array([5, 6]), message=3))
    (batch,) = log.batches()
    placed = batch.placed(np.array([1, -1, 0], np.int32))
    assert len(placed) == 3
    assert (placed.who.tolist(), placed.t.tolist(), placed.message.tolist()) == ([0, 1, 0], [7, 8, 6], [3, 1, 3])
    again = placed.placed(np.array([-1, 4], np.int32))
    assert (again.who.tolist(), again.t.tolist()) == ([4], [8])

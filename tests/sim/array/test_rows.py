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

"""Who is sent something and who is refused, from the parts of a replication; what becomes of people between two."""

import numpy as np
import pytest
from tests.figures.crowd import apart, crowd

from wakeup.figures.differences import Reached, Refused
from wakeup.figures.refusals import Refusals, between
from wakeup.terms.lists import Reason, Row

SENT, CAP, RATE = 1, 1 << Reason.CAP, 1 << Reason.RATE


def marked(*marks: int) -> Refusals:
    found = Refusals(len(marks))
    found.marks[:] = marks
    return found


def test_people_are_told_apart_by_what_both_runs_did_to_them() -> None:
    old = marked(SENT, SENT, 0, SENT | CAP, CAP, SENT, 0)
    new = marked(CAP, CAP, CAP | SENT, SENT, 0, SENT | CAP, SENT)
    found = between(old, new)
    assert found.reached == Reached(both=2, only_old=2, only_new=2)
    assert found.refused == {
        "cap": Refused(old=2, new=4, newly=4, newly_sent_before=3, no_longer=2, no_longer_sent_now=1)
    }


def test_reasons_stand_in_the_order_of_the_decision_and_only_where_somebody_was_refused() -> None:
    found = between(marked(RATE, 0), marked(CAP, 0))
    assert list(found.refused) == ["cap", "rate"]
    assert (found.refused["rate"].no_longer, found.refused["cap"].newly) == (1, 1)


@pytest.mark.parametrize("seed", [1, 2])
def test_every_row_leaves_its_mark_whatever_the_parts(seed: int) -> None:
    whole = crowd(seed, 40)
    size = int(whole.people.max()) + 1
    expected = np.zeros(size, np.uint32)
    for batch in whole.batches:
        for who, reason in zip(whole.people[batch.who].tolist(), batch.reason.tolist(), strict=True):
            if batch.row == Row.SENT:
                expected[who] |= SENT
            elif batch.row in (Row.REFUSED, Row.NOT_ENTERED):
                expected[who] |= 1 << reason
    sink = Refusals(size)
    for parts in ([whole], apart(whole, np.arange(40) % 3)):
        sink.begin()
        for part in parts:
            sink.add(part)
        assert sink.marks.tolist() == expected.tolist()
    assert len(set(expected.tolist())) > 3
    sink.begin()
    assert not sink.marks.any()

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tests.figures.crowd import RICH, apart, crowd
from tests.figures.small import BATCHES, CLOSING, PLAN, START, cut, part, rows

from wakeup.figures.events import EventBatch
from wakeup.figures.naming import EVENT_COLUMNS, Columns
from wakeup.figures.trace import Trace
from wakeup.terms.lists import Reason, Row


def trace(batches: tuple[EventBatch, ...] = BATCHES) -> Trace:
    sink = Trace()
    sink.begin()
    sink.add(part(batches))
    sink.close(CLOSING)
    return sink


def row(columns: Columns, index: int) -> dict[str, object]:
    return {name: column[index] for name, column in columns.items()}


def test_events_have_names() -> None:
    columns = trace().to_columns(PLAN)
    assert {name: column.dtype for name, column in columns.items()} == EVENT_COLUMNS
    assert list(columns) == list(EVENT_COLUMNS)
    kinds = list(columns["kind"])
    assert row(columns, kinds.index("sent")) == {
        "customer_id": "c0", "t": START + 10, "seq": 0, "kind": "sent", "journey": "main", "step": "first",
        "message": "hello", "channel": "sms", "incentive": "", "occurrence": 0, "reason": "", "amount_minor": 0,
        "arm": "", "subsidised": False,
    }  # fmt: skip
    assigned = row(columns, kinds.index("assigned"))
    assert (assigned["step"], assigned["arm"]) == ("ab", "a")
    redeemed = row(columns, kinds.index("redeemed"))
    assert (redeemed["incentive"], redeemed["amount_minor"], redeemed["subsidised"]) == ("coupon", 5_000, True)
    assert row(columns, kinds.index("refused"))["reason"] == "budget"
    assert row(columns, kinds.index("ordered"))["step"] == ""


def test_rows_of_one_second_are_numbered_in_the_order_of_kinds() -> None:
    columns = trace().to_columns(PLAN)
    second = (columns["t"] == START + 100) & (columns["customer_id"] == "c0")
    assert list(zip(columns["kind"][second], columns["seq"][second], strict=True)) == [
        ("ordered", 0),
        ("redeemed", 1),
        ("exited", 2),
    ]


def test_rows_are_sorted_by_time_then_customer_then_kind_step_message_incentive() -> None:
    given = (
        rows(Row.REFUSED, (1, 5), step=2, message=0, reason=Reason.CAP),
        rows(Row.REFUSED, (1, 5), step=1, message=1, reason=Reason.CAP),
        rows(Row.REFUSED, (1, 5), step=1, message=0, incentive=1, reason=Reason.CAP),
        rows(Row.REFUSED, (1, 5), step=1, message=0, incentive=0, reason=Reason.CAP),
        rows(Row.ENTERED, (1, 5), (0, 5), (2, 4)),
    )
    table = trace(given).table()
    names = ("t", "who", "row", "step", "message", "incentive", "seq")
    found = [tuple(int(table[name][i]) for name in names) for i in range(len(table["t"]))]
    assert found == [
        (START + 4, 2, Row.ENTERED, -1, -1, -1, 0),
        (START + 5, 0, Row.ENTERED, -1, -1, -1, 0),
        (START + 5, 1, Row.ENTERED, -1, -1, -1, 0),
        (START + 5, 1, Row.REFUSED, 1, 0, 0, 1),
        (START + 5, 1, Row.REFUSED, 1, 0, 1, 2),
        (START + 5, 1, Row.REFUSED, 1, 1, -1, 3),
        (START + 5, 1, Row.REFUSED, 2, 0, -1, 4),
    ]


def test_rows_alike_stand_in_order_of_their_occurrence() -> None:
    table = trace((rows(Row.LAPSED, (0, 5), occurrence=1), rows(Row.LAPSED, (0, 5), occurrence=0))).table()
    assert table["occurrence"].tolist() == [0, 1]


@given(st.data())
def test_order_and_batches_never_show(data: st.DataObject) -> None:
    pieces = []
    for batch in BATCHES:
        edges = sorted(data.draw(st.sets(st.integers(0, len(batch.who)), max_size=2)) | {0, len(batch.who)})
        pieces += [cut(batch, first, last) for first, last in pairwise(edges)]
    shuffled = trace(tuple(data.draw(st.permutations(pieces)))).table()
    assert all(np.array_equal(shuffled[name], column) for name, column in trace().table().items())


def test_twins_are_sorted() -> None:
    twins = trace().twins()
    assert twins["t"].tolist() == [START + 200, START + 500, START + 40 * 86_400]
    assert twins["amount"].tolist() == [30_000, 9_100, 6_000]


def test_nothing_happened() -> None:
    columns = trace(()).to_columns(PLAN)
    assert [len(column) for column in columns.values()] == [0] * len(EVENT_COLUMNS)


def test_a_trace_of_nobody_is_empty() -> None:
    assert [len(column) for column in Trace().to_columns(PLAN).values()] == [0] * len(EVENT_COLUMNS)
    assert len(Trace().twins()["t"]) == 0


def test_parts_give_the_trace_of_the_whole() -> None:
    whole, apiece = Trace(), Trace()
    everybody = crowd(2, 30)
    whole.add(everybody)
    for each in reversed(apart(everybody, np.arange(30) % 4)):
        apiece.add(each)
    for mine, theirs in ((whole.table(), apiece.table()), (whole.twins(), apiece.twins())):
        assert all(np.array_equal(column, theirs[name]) for name, column in mine.items())
    assert whole.to_columns(RICH)["customer_id"].tolist() == apiece.to_columns(RICH)["customer_id"].tolist()
    assert whole.journeys(300).tolist() == apiece.journeys(300).tolist()
    assert (whole.journeys(300) >= 0).sum() == 30

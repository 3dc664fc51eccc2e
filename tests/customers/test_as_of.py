"""Rows at or after as-of are never read."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from wakeup.customers import History, ImportReport, from_history

HEADER = "customer_id,date,amount,returns\n"
AS_OF = "2011-06-01"
rows = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c", ""]),
        st.integers(0, 500),
        st.sampled_from(["5", "7.25", "0", "-3", "", "x"]),
        st.sampled_from(["", "1", "-2.5"]),
    ),
    max_size=25,
)


def day(number: int) -> str:
    return str(np.datetime64("2010-02-01") + number)


def read(lines: list[str]) -> History:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "orders.csv"
        path.write_text(HEADER + "".join(lines))
        return from_history(path, as_of=AS_OF, zone="Europe/London")


def told(history: History) -> ImportReport:
    """Return the report but for what it counts of hidden rows."""
    warnings = tuple(each for each in history.report.warnings if each.code != "WK6070")
    return evolve(history.report, hidden=0, warnings=warnings)


@settings(max_examples=25)
@given(rows, rows)
def test_rows_at_or_after_as_of_change_nothing(before: list[tuple], after: list[tuple]) -> None:
    # The last row makes a log of it whatever is drawn: day 484 is 2011-05-31.
    past = [f"{who},{day(n % 485)},{amount},{back}\n" for who, n, amount, back in before] + ["z,2011-05-31,1,\n"]
    future = [f"{who},{day(485 + n)},{amount},{back}\n" for who, n, amount, back in after]
    without, with_future = read(past), read(past + future)
    one, other = without.population, with_future.population
    for name in ("key", "first_order", "last_order", "last_interaction", "orders", "monetary", "average_order_value"):
        assert np.array_equal(getattr(one, name), getattr(other, name)), name
    assert np.array_equal(one.gap, other.gap, equal_nan=True)
    assert told(without) == told(with_future)
    assert with_future.report.hidden == len(after)
    for name in ("origin", "dormancy_days", "orders", "n", "returned30", "returned90"):
        assert np.array_equal(getattr(without.snapshots, name), getattr(with_future.snapshots, name)), name
    assert np.array_equal(without.snapshots.followed_share, with_future.snapshots.followed_share, equal_nan=True)


def test_the_second_of_as_of_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("id,time,amount\na,2011-05-31 23:59:59,1\na,2011-06-01 00:00:00,1\n")
    assert from_history(path, as_of=AS_OF).population.orders[0] == 1
    assert from_history(path, as_of="2011-06-01T00:00:01").population.orders[0] == 2


def test_without_as_of_it_is_the_midnight_after_the_last_row(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("id,time,amount\na,2026-08-31 23:59:59,1\na,2026-08-30 10:00:00,1\n")
    assert from_history(path, zone="Asia/Shanghai").population.as_of == 1788192000

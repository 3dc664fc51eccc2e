"""What a cell means."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from wakeup.customers.cells import define_cells
from wakeup.customers.workspace import Workspace, workspace


@pytest.fixture(scope="module")
def work() -> Iterator[Workspace]:
    with workspace() as opened:
        define_cells(opened, "Europe/London")
        opened.run("CREATE TABLE cell_text (time VARCHAR)")
        yield opened


def instant(work: Workspace, text: str) -> int | None:
    work.run("DELETE FROM cell_text")
    work.run("INSERT INTO cell_text VALUES (?)", [text])
    found = work.row("SELECT t FROM with_instants('cell_text')")[0]
    return None if found is None else int(found)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("20110307", "2011-03-07T00:00:00+00:00"),
        ("2011-03-07", "2011-03-07T00:00:00+00:00"),
        ("2011/3/7", "2011-03-07T00:00:00+00:00"),
        ("2011.03.07 09:05", "2011-03-07T09:05:00+00:00"),
        ("2011年3月7日", "2011-03-07T00:00:00+00:00"),
        ("2011年03月07日 21:05:06", "2011-03-07T21:05:06+00:00"),
        ("20110307210506", "2011-03-07T21:05:06+00:00"),
        ("2011-03-07 09:05:06.999", "2011-03-07T09:05:06+00:00"),
        ("2011-03-07T09:05:06", "2011-03-07T09:05:06+00:00"),
        ("2011-07-07 09:05", "2011-07-07T08:05:00+00:00"),  # summer time
        ("2011-03-07T09:05:06Z", "2011-03-07T09:05:06+00:00"),
        ("2011-07-07 09:05:06+08:00", "2011-07-07T01:05:06+00:00"),
        ("2011-07-07 09:05 +0800", "2011-07-07T01:05:00+00:00"),
        ("2011-07-07 09:05:06.5-05", "2011-07-07T14:05:06+00:00"),
        ("2011-03-27 01:30", "2011-03-27T01:00:00+00:00"),  # removed: the next valid instant
        ("2011-10-30 01:30", "2011-10-30T00:30:00+00:00"),  # repeated: the first
        ("1969-12-31 23:59:59.5", "1969-12-31T22:59:59+00:00"),  # London had summer time all year then
    ],
)
def test_times(work: Workspace, text: str, meant: str) -> None:
    assert instant(work, text) == datetime.fromisoformat(meant).timestamp()


@pytest.mark.parametrize(
    "text",
    ["01/02/2011", "2011-02-30", "2011-03", "2011", "20111301", "soon", "infinity", "2011-03-07 10:00 PM", "40609",
     "0001-01-01", "9999-12-31", "2011-03-07 25:00", "'; DROP TABLE log; --"],
)  # fmt: skip
def test_what_is_no_time(work: Workspace, text: str) -> None:
    assert instant(work, text) is None


@pytest.mark.parametrize(
    ("text", "digits", "units"),
    [
        ("80", 2, 8000), ("80.5", 2, 8050), ("0.125", 2, 13), ("-0.125", 2, -13), ("0.124999", 2, 12),
        ("1,234.50", 2, 123450),
        ("1,234,567", 0, 1234567), ("¥80", 2, 8000), ("￥ 80.10", 2, 8010), ("80元", 2, 8000),
        ("£1,000.00", 2, 100000), ("1e3", 2, 100000),
        ("80.5", 0, 81), ("1.2345", 3, 1235), ("77183.6", 2, 7718360), (".5", 2, 50),
    ],
)  # fmt: skip
def test_money(work: Workspace, text: str, digits: int, units: int) -> None:
    assert work.row("SELECT CAST(minor_units(?, ?) AS BIGINT)", [text, digits])[0] == units


@pytest.mark.parametrize("text", ["12,50", "1,23,4", "five", "nan", "inf", "12 34", "5 USD", "--5"])
def test_what_is_no_money(work: Workspace, text: str) -> None:
    assert work.row("SELECT minor_units(?, 2)", [text])[0] is None


@pytest.mark.parametrize(
    ("text", "code"), [("Yes", 2), ("是", 2), ("1", 2), ("TRUE", 2), ("no", 1), ("拒绝", 1), ("0", 1), ("maybe", None)]
)
def test_yes_and_no(work: Workspace, text: str, code: int | None) -> None:
    assert work.row("SELECT yes_no(?)", [text])[0] == code


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("3.5", 3.5),
        ("-2", -2.0),
        ("1,000", 1000.0),
        ("007", None),
        ("0", 0.0),
        ("0.5", 0.5),
        ("x", None),
        ("nan", None),
    ],
)
def test_numbers(work: Workspace, text: str, number: float | None) -> None:
    assert work.row("SELECT plain_number(?)", [text])[0] == number

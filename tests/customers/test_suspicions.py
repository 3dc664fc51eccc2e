"""What can be read and yet looks wrong in a log: said, and nothing of it about a person."""

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pytest

from wakeup.customers import from_history
from wakeup.diagnostics import Diagnostic, in_language

Write = Callable[..., Path]
HEADER = "customer_id,time,amount"
START = np.datetime64("2025-01-01T09:00:00")


def shop(days: Iterable[int], *, per_day: int = 10, customers: int = 97) -> list[str]:
    """Orders on some days since the start, ten a day, of 97 customers in turn."""
    rows = []
    for day in days:
        for each in range(per_day):
            at = START + np.timedelta64(day * 86_400 + each * 3600 + day * 7 % 60, "s")
            rows.append(f"C{(day * 13 + each * 7) % customers},{at},{20 + (day * 31 + each * 17) % 400 / 10}")
    return rows


def told(path: Path, **options: str) -> dict[str, Diagnostic]:
    found = from_history(path, **options).report.warnings
    assert len({each.code for each in found}) == len(found), "each once"
    return {each.code: each for each in found}


def test_a_good_log_is_no_suspicion(write: Write) -> None:
    assert told(write("orders.csv", HEADER, *shop(range(300)))) == {}


def test_missing_days_are_told_from_when_to_when(write: Write) -> None:
    rows = shop([day for day in range(300) if not 100 <= day < 110])
    found = told(write("orders.csv", HEADER, *rows))["WK6071"]
    assert "from 2025-04-11 to 2025-04-20 (10 days), where some 100 would be usual" in found.message
    assert "2025-04-11" in in_language(found, "zh").message


@pytest.mark.parametrize(
    "open_on",
    [
        lambda day: day % 7 not in (5, 6) and not 100 <= day < 104,  # a long weekend
        lambda day: day % 30 < 20,  # closed for ten days every month
        lambda day: not 350 <= day % 365 < 362,  # closed every Christmas
        lambda day: day % 9 == 0,  # hardly ever an order
    ],
    ids=["weekends", "habit", "christmas", "rare"],
)
def test_what_is_usual_is_no_gap(write: Write, open_on: Callable[[int], bool]) -> None:
    rows = shop([day for day in range(800) if open_on(day)])
    assert "WK6071" not in told(write("orders.csv", HEADER, *rows))


def test_a_gap_in_a_small_shop_may_be_chance(write: Write) -> None:
    rows = shop([day for day in range(300) if not 100 <= day < 106], per_day=1)
    assert "WK6071" not in told(write("orders.csv", HEADER, *rows))


def moved(rows: list[str], seconds: int) -> list[str]:
    split = [row.split(",") for row in rows]
    return [f"{who},{np.datetime64(at) + np.timedelta64(seconds, 's')},{paid}" for who, at, paid in split]


def test_orders_told_twice_a_moment_later(write: Write) -> None:
    rows = shop(range(100))
    found = told(write("orders.csv", HEADER, *rows, *moved(rows[:50], 40)))["WK6072"]
    assert "some 50 orders" in found.message
    assert "WK6072" not in told(write("orders.csv", HEADER, *rows, *moved(rows[:4], 40)))
    assert "WK6072" not in told(write("orders.csv", HEADER, *rows, *moved(rows[:50], 400)))


def test_two_exports_in_two_zones(write: Write) -> None:
    rows = shop(range(100))
    found = told(write("orders.csv", HEADER, *rows, *moved(rows, 8 * 3600)))["WK6073"]
    assert "some 1000 orders" in found.message
    assert "exactly 8 hours" in found.message


def test_exact_repetitions_are_counted_and_left_out(write: Write) -> None:
    rows = shop(range(100))
    history = from_history(write("orders.csv", HEADER, *rows, *rows))
    assert [(each.kind, each.count) for each in history.report.problems] == [("duplicate", 1000)]
    assert history.report.orders == 1000


def test_one_customer_who_is_nearly_half_of_the_business(write: Write) -> None:
    rows = shop(range(100))
    total = sum(float(row.rsplit(",", 1)[1]) for row in rows)
    found = told(write("orders.csv", HEADER, *rows, f"Big & Sons,2025-02-01 12:00,{total * 2 / 3:.2f}"))["WK6074"]
    assert "40%" in found.message
    # 97 of 60 % and one of 40 %: an average of 98 is 1.65 times that of the 97.
    assert "are 1.6 times" in found.message
    assert "Big" not in found.message + str(found.help)
    assert "WK6074" not in told(write("orders.csv", HEADER, *rows, f"Big & Sons,2025-02-01 12:00,{total / 10:.2f}"))
    few = shop(range(100), customers=3)
    assert "WK6074" not in told(write("orders.csv", HEADER, *few)), "three customers are always each a third"


def test_ids_that_are_the_same_but_for_their_writing(write: Write) -> None:
    rows = shop(range(100))
    more = ["c1,2025-01-05,5", "C 1,2025-01-06,5", "00C2,2025-01-07,5"]
    found = told(write("orders.csv", HEADER, *rows, *more))["WK6075"]
    assert "5 ids are 2 but for capitals, blanks and leading zeros" in found.message
    assert "C1" not in found.message


@pytest.mark.parametrize(
    ("date", "told_as"), [("2062-03-04", "2062-03-04 to 2062-03-04"), ("1970-01-01", "1970-01-01 to 1970-01-01")]
)
def test_dates_far_from_all_others(write: Write, date: str, told_as: str) -> None:
    rows = shop(range(300))
    found = told(write("orders.csv", HEADER, *rows, f"C1,{date},5", f"C2,{date},5"))["WK6076"]
    assert f"2 orders from {told_as}" in found.message
    half = shop([*range(100), *range(900, 1000)])
    assert "WK6076" not in told(write("orders.csv", HEADER, *half)), "a shop that closed and opened again"


def test_a_part_of_the_log_that_lies_years_apart(write: Write) -> None:
    rows = shop(range(300))
    ahead = [row.replace(",2025-", ",2099-") if place % 2 else row for place, row in enumerate(rows)]
    found = told(write("orders.csv", HEADER, *ahead))
    assert "no order between 2025-10-27 and 2099-01-01: 1500 orders lie before, 1500 after" in found["WK6077"].message
    assert "WK6076" not in found
    few = told(write("orders.csv", HEADER, *rows, *shop(range(3000, 3010))))
    assert "3000 orders lie before, 100 after" in few["WK6077"].message
    assert "WK6077" not in told(write("orders.csv", HEADER, *shop([*range(100), *range(450, 600)])))


def test_hidden_rows_are_counted(write: Write) -> None:
    path = write("orders.csv", HEADER, *shop(range(100)))
    found = told(path, as_of="2025-03-01")["WK6070"]
    assert "410 rows at or after 2025-03-01" in found.message
    assert found.severity == "note"

"""What people get wrong, and what they are told."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.customers.same import assert_same

from wakeup.customers import from_history, workspace
from wakeup.customers.columns import parse_mapping
from wakeup.diagnostics import Diagnostic, in_language

Refusal = Callable[[Callable[[], object]], Diagnostic]
Write = Callable[..., Path]
HEADER = "customer_id,date,amount"


def test_unknown_file(tmp_path: Path, refusal: Refusal) -> None:
    found = refusal(lambda: from_history(tmp_path / "nowhere.csv"))
    assert found.code == "WK6011"
    assert "nowhere.csv" in found.message
    assert str(tmp_path) not in found.message


@pytest.mark.parametrize("content", [b"", b"\n \n", gzip.compress(b"")], ids=["empty", "blank", "gzip"])
def test_empty_file(tmp_path: Path, refusal: Refusal, content: bytes) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(content)
    assert refusal(lambda: from_history(path)).code == "WK6012"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\x7fELF\x02\x01\x01\0\0\0\0\0" * 50, "WK6013"),
        (b"PAR1 and then nothing of use PAR1", "WK6014"),
        (b"PK\x03\x04 no workbook", "WK6014"),
        (gzip.compress(b"customer_id,date,amount\n1,20110101,5\n" * 900, mtime=0)[:-20], "WK6014"),
        (b"customer_id,date,amount\n\xff\xff\xff,2011-01-01,5\n", "WK6019"),
    ],
    ids=["binary", "parquet", "xlsx", "gzip cut short", "no encoding"],
)
def test_files_that_are_not_what_they_seem(tmp_path: Path, refusal: Refusal, content: bytes, code: str) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(content)
    assert refusal(lambda: from_history(path)).code == code


def test_rows_lost_behind_an_open_quote_are_no_log(write: Write, refusal: Refusal) -> None:
    rows = [f"{i},2011-01-01,5" for i in range(100)]
    path = write("orders.csv", HEADER, *rows[:40], '1,"2011-01-01,5', *rows[40:])
    found = refusal(lambda: from_history(path))
    assert found.code == "WK6044"
    assert "row 42" in found.message
    alone = write("orders.csv", HEADER, *rows, '1,"2011-01-01,5')
    assert [(each.kind, each.first_rows) for each in from_history(alone).report.problems] == [("broken_row", (102,))]


def test_a_line_without_an_end_is_refused_wherever_it_stands(tmp_path: Path, refusal: Refusal) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(f"{HEADER}\n1,2011-01-01,5\n2,2011-01-01,{'9' * 12_000_000}\n3,2011-01-01,5\n", encoding="utf-8")
    assert refusal(lambda: from_history(path)).code == "WK6045"


def test_missing_column_lists_what_is_there(write: Write, refusal: Refusal) -> None:
    path = write("orders.csv", "customer_id,date,price_tag", "1,2011-01-01,5")
    found = refusal(lambda: from_history(path))
    assert found.code == "WK6015"
    assert "the amount" in found.message
    assert "customer_id, date, price_tag" in found.message
    assert found.help is not None
    assert "--map amount=COLUMN" in found.help


def test_ambiguous_column_lists_the_candidates(write: Write, refusal: Refusal) -> None:
    path = write("orders.csv", "user_id,member_id,date,amount", "1,2,2011-01-01,5")
    found = refusal(lambda: from_history(path))
    assert found.code == "WK6016"
    assert "user_id, member_id" in found.message
    assert len(from_history(path, mapping=parse_mapping("id=member_id")).population) == 1


def test_customer_id_beats_other_ids(write: Write) -> None:
    path = write("orders.csv", "id,user_id,Customer ID,date,amount", "9,8,7,2011-01-01,5")
    history = from_history(path)
    assert list(history.population.ids) == ["7"]
    assert history.report.columns["id"] == "Customer ID"


@pytest.mark.parametrize("text", ["id", "id=", "who=x", "id=a,id=b", ""])
def test_wrong_mapping(text: str, refusal: Refusal) -> None:
    found = refusal(lambda: parse_mapping(text))
    assert found.code == "WK6017"
    assert "id, time, amount, returns, category" in (found.help or "")


def test_mapped_column_must_exist(write: Write, refusal: Refusal) -> None:
    path = write("orders.csv", HEADER, "1,2011-01-01,5")
    found = refusal(lambda: from_history(path, mapping={"amount": "paid_sum"}))
    assert found.code == "WK6018"
    assert "paid_sum" in found.message
    assert "customer_id, date, amount" in found.message


def test_dates_that_nobody_can_read(write: Write, refusal: Refusal) -> None:
    path = write("orders.csv", HEADER, "1,01/02/2011,5", "2,soon,6")
    found = refusal(lambda: from_history(path))
    assert found.code == "WK6022"
    assert "'date'" in found.message
    assert "2026-09-01" in (found.help or "")


def test_amounts_that_nobody_can_read(write: Write, refusal: Refusal) -> None:
    path = write("orders.csv", HEADER, "1,2011-01-01,five")
    assert refusal(lambda: from_history(path)).code == "WK6043"


def test_no_order_before_as_of(write: Write, refusal: Refusal) -> None:
    path = write("orders.csv", HEADER, "1,2011-01-01,5")
    found = refusal(lambda: from_history(path, as_of="2011-01-01"))
    assert found.code == "WK6021"
    assert "2011-01-01" in found.message


def test_a_header_alone_has_no_rows(write: Write, refusal: Refusal) -> None:
    path = write("orders.csv", HEADER)
    assert refusal(lambda: from_history(path)).code == "WK6058"


@pytest.mark.parametrize(
    ("amounts", "told"), [(("-5", "-7"), "2 are below 0, 0 are 0"), (("0", "-1"), "1 are below 0, 1 are 0")]
)
def test_no_amount_above_zero(write: Write, refusal: Refusal, amounts: tuple[str, str], told: str) -> None:
    path = write("orders.csv", HEADER, *(f"a,2011-01-0{day},{each}" for day, each in enumerate(amounts, start=1)))
    found = refusal(lambda: from_history(path))
    assert found.code == "WK6057"
    assert told in found.message
    assert "等于 0" in in_language(found, "zh").message


def test_one_row_is_a_log(write: Write) -> None:
    people = from_history(write("orders.csv", HEADER, "a,2011-01-01,5")).population
    assert (len(people), people.orders[0], people.monetary[0]) == (1, 1, 500)


def test_several_currencies_in_a_column(write: Write, refusal: Refusal) -> None:
    rows = [f"a,2011-01-{day:02d},5,{'GBP' if day < 20 else 'usd'}" for day in range(1, 29)]
    found = refusal(lambda: from_history(write("orders.csv", f"{HEADER},Currency", *rows)))
    assert found.code == "WK6056"
    assert "'GBP (19)', 'USD (9)'" in found.message.replace("`", "'")
    # Rows after as-of are not read: until the 19th there is one.
    assert len(from_history(write("orders.csv", f"{HEADER},Currency", *rows), as_of="2011-01-20").population) == 1


def test_several_signs_beside_amounts(write: Write, refusal: Refusal) -> None:
    found = refusal(lambda: from_history(write("orders.csv", HEADER, "a,2011-01-01,¥80", "b,2011-01-02,$8")))
    assert found.code == "WK6056"
    assert (
        len(
            from_history(
                write("orders.csv", HEADER, "a,2011-01-01,￥80", "b,2011-01-02,80元", "c,2011-01-02,8")
            ).population
        )
        == 3
    )


def test_numbers_that_no_order_has(write: Write) -> None:
    rows = [f"b,2011-01-{1 + day % 28:02d},{999_999_999_000 + day}" for day in range(300)]
    history = from_history(write("orders.csv", HEADER, "a,2011-01-01,5", f"a,2011-01-02,{'9' * 13}", *rows))
    assert [(each.kind, each.first_rows) for each in history.report.problems] == [("unreadable_amount", (3,))]
    assert int(history.population.monetary.max()) > 10**15
    returns = write("orders.csv", f"{HEADER},returns", "a,2011-01-01,5,1", f"a,2011-01-02,5,{'9' * 20}")
    assert int(from_history(returns).population.monetary[0]) == 900


def test_a_log_may_be_in_any_order(write: Write) -> None:
    rows = [f"c{i % 7},2011-{1 + i % 12:02d}-{1 + i % 28:02d},{5 + i % 9}" for i in range(200)]
    sorted_, mixed = (
        from_history(write("orders.csv", HEADER, *lines), as_of="2012-01-01")
        for lines in (sorted(rows, key=lambda row: row.split(",")[1]), rows)
    )
    assert_same(sorted_.population, mixed.population)


def test_an_id_as_long_as_a_book_is_a_broken_row(write: Write) -> None:
    history = from_history(write("orders.csv", HEADER, f"{'x' * 3_000_000},2011-01-01,5", "b,2011-01-02,5"))
    assert [each.kind for each in history.report.problems] == ["broken_row"]
    assert list(history.population.ids) == ["b"]


def test_no_header(write: Write, refusal: Refusal) -> None:
    path = write("orders.csv", "13800138000,2011-01-01,5")
    found = refusal(lambda: from_history(path))
    assert found.code == "WK6026"
    assert "13800138000" not in found.message


def test_unreadable_as_of(write: Write, refusal: Refusal) -> None:
    path = write("orders.csv", HEADER, "1,2011-01-01,5")
    assert refusal(lambda: from_history(path, as_of="1.6.2011")).code == "WK6024"


def test_unknown_zone(write: Write, refusal: Refusal) -> None:
    path = write("orders.csv", HEADER, "1,2011-01-01,5")
    assert refusal(lambda: from_history(path, zone="Asia/Peking")).code == "WK6025"


def test_customer_twice_in_the_table_names_the_rows(write: Write, refusal: Refusal) -> None:
    log = write("orders.csv", HEADER, "anna,2011-01-01,5")
    table = write("people.csv", "customer_id,city", "anna,Bath", "bo,Leeds", "anna,York")
    found = refusal(lambda: from_history(log, table=table))
    assert found.code == "WK6028"
    assert "rows 2, 4" in found.message
    assert "anna" not in found.message


def test_without_duckdb(monkeypatch: pytest.MonkeyPatch, write: Write, refusal: Refusal) -> None:
    def absent(name: str) -> object:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(workspace, "import_module", absent)
    found = refusal(lambda: from_history(write("orders.csv", HEADER, "1,2011-01-01,5")))
    assert found.code == "WK6010"
    assert "pip install wakeup[data]" in (found.help or "")


def test_problems_are_counted_with_row_numbers_and_no_ids(write: Write) -> None:
    path = write(
        "orders.csv", HEADER,
        "anna,2011-01-01,5",  # row 2
        "anna,2011-01-01,5",  # 3 duplicate
        "anna,2011-13-01,5",  # 4 unreadable time
        ",2011-01-02,5",  # 5 missing id
        "bo,2011-01-03,five",  # 6 unreadable amount
        "bo,2011-01-03",  # 7 too few cells
        "bo,2011-01-04,0",  # 8 no order
        "bo,2011-01-05,7,8",  # 9 too many cells
        "bo,2011-01-06,-3",  # 10 no order
        "  bo ,2011-01-07,7",  # 11 an order
    )  # fmt: skip
    history = from_history(path, as_of="2011-01-10")
    assert {p.kind: (p.count, p.first_rows) for p in history.report.problems} == {
        "broken_row": (2, (7, 9)),
        "duplicate": (1, (3,)),
        "missing_id": (1, (5,)),
        "no_order": (2, (8, 10)),
        "unreadable_amount": (1, (6,)),
        "unreadable_time": (1, (4,)),
    }
    assert (history.report.rows, history.report.orders) == (8, 2)
    assert sorted(history.population.ids) == ["anna", "bo"]
    told = "".join(w.message + in_language(w, "zh").message for w in history.report.warnings)
    assert "anna" not in told
    assert "1 行与前面的行完全相同，已略去：3" in told

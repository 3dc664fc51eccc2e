"""Lists survive a spreadsheet, and harm nobody who opens one."""

import csv
import io
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wakeup.channels.setting import SettingError
from wakeup.channels.sheet import HEADS, Result, harmless, read_filled, told, written, zone
from wakeup.diagnostics import in_language

SHANGHAI = ZoneInfo("Asia/Shanghai")
KEY = "r" + "0123456789abcdef" * 2
COLUMNS = ("row", "address", "text", "result", "when")


def a_list(**cells: str) -> str:
    return written(COLUMNS, [{"row": KEY, "address": "+8613800000000", **cells}], "en").decode("utf-8-sig")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_list_comes_back_however_a_spreadsheet_saves_it(encoding: str, delimiter: str) -> None:
    out = io.StringIO()
    rows = [["行号", "内容", "结果", "时间"], [KEY, "你好；once, or\ntwice", "已发", "2026/3/2 14:30"]]
    csv.writer(out, delimiter=delimiter).writerows(rows)
    found, problems = read_filled(out.getvalue().encode(encoding), "list.csv", SHANGHAI)
    assert problems == []
    (row,) = found
    assert (row.key, row.result, row.line) == (KEY, Result.DONE, 3)
    assert told(row.when or 0, SHANGHAI) == "2026-03-02 14:30"


@pytest.mark.parametrize(
    ("word", "result"),
    [
        ("Yes", Result.DONE),
        (" sent ", Result.DONE),
        ("否", Result.NOT_DONE),
        ("STOP", Result.OPTED_OUT),
        ("未接", Result.NO_ANSWER),
    ],
)
def test_results_are_words_of_people(word: str, result: Result) -> None:
    found, problems = read_filled(a_list(result=word).encode(), "list.csv", SHANGHAI)
    assert [each.result for each in found] == [result]
    assert problems == []


@pytest.mark.parametrize(
    ("data", "code", "part"),
    [
        (b"\x89PNG\r\n\x1a\n\xff\xff", "WK7071", "cannot be read"),
        (b"", "WK7072", "`row` and `result`"),
        (b"row,text\nr1,hello\n", "WK7072", "`result`"),
        (a_list(result="perhaps").encode(), "WK7073", "row 2: the result is none of `done`"),
        (a_list(result="done", when="tomorrow").encode(), "WK7073", "row 2: the time is none"),
        (b"row,result\n1.23E+30,done\n", "WK7073", "the key in the first column is damaged"),
    ],
)
def test_what_cannot_be_understood_is_told_with_its_row(data: bytes, code: str, part: str) -> None:
    found, problems = read_filled(data, "list.csv", SHANGHAI)
    assert found == []
    (problem,) = problems
    assert problem.code == code
    assert part in problem.message
    assert in_language(problem, "zh").message != problem.message
    assert "perhaps" not in problem.message


def test_one_bad_row_spoils_no_other() -> None:
    data = f"row,result\n{KEY},maybe\n{KEY},done\n{KEY},\n".encode()
    found, problems = read_filled(data, "list.csv", SHANGHAI)
    assert [each.line for each in found] == [3]
    assert len(problems) == 1


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_no_cell_is_a_formula(cell: str) -> None:
    text = written(("row", "text"), [{"row": "r", "text": cell}], "en").decode("utf-8-sig")
    (_, (_, came)) = csv.reader(io.StringIO(text, newline=""))
    assert came[:1] not in tuple("=-@\t\r＝＋－＠")
    assert not came.startswith("+") or came[1:].isdigit()
    assert came.removeprefix("'") == cell.replace("\0", "").removeprefix("'")


def test_a_phone_number_stays_a_phone_number() -> None:
    assert harmless("+8613800000000") == "+8613800000000"
    assert harmless("+1+cmd|' /C calc'!A0") == "'+1+cmd|' /C calc'!A0"


def test_heads_exist_in_both_languages() -> None:
    assert HEADS["en"].keys() == HEADS["zh"].keys()


@pytest.mark.parametrize("name", ["Mars/Olympus", "../etc/passwd", "", "a\0b"])
def test_a_zone_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(SettingError, match="timezone"):
        zone(name)

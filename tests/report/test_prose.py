"""Sentences on a terminal: where lines break."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from wakeup.report.prose import broken


def test_chinese_breaks_between_characters_and_never_before_a_closing_mark() -> None:
    lines = broken("由 20 次推演得出。区间表示：真做一次，十有九回会落在其中（或者不落）。", 20)
    assert lines == ["由 20 次推演得出。区", "间表示：真做一次，十", "有九回会落在其中（或", "者不落）。"]


def test_an_opening_mark_does_not_end_a_line() -> None:
    assert broken("落在其中（或者）", 10) == ["落在其中", "（或者）"]


def test_english_breaks_at_blanks_and_keeps_the_indent_of_its_first_line() -> None:
    assert broken("  one two three", 9) == ["  one two", "three"]
    assert broken("", 9) == [""]


@given(st.text("ab 1，。（）中文%", max_size=60), st.integers(8, 30))
def test_nothing_is_lost_and_no_line_begins_with_a_closing_mark(text: str, width: int) -> None:
    lines = broken(text, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert not any(line[0] in "，。）%" for line in lines[1:] if text[0] not in "，。）%" and line and " " not in text)
    assert all(cell_len(line) <= width for line in broken("中文" * 20, width))

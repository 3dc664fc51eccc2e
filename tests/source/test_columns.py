import pytest
from hypothesis import given
from hypothesis import strategies as st

from wakeup.source.columns import cells, shown, utf16_units


@pytest.mark.parametrize(
    ("text", "width"),
    [("abc", 3), ("优惠券", 6), ("，", 2), ("ＡＢ", 4), ("e\u0301", 1), ("😀", 2), ("½", 1), ("", 0)],
)
def test_cells(text: str, width: int) -> None:
    assert cells(text) == width


@given(st.text())
def test_utf16_units_agree_with_the_codec(text: str) -> None:
    assert utf16_units(text) == len(text.encode("utf-16-le", "surrogatepass")) // 2


def test_control_and_invisible_characters_are_shown_not_obeyed() -> None:
    assert shown("a\tb") == "a    b"
    assert shown("\x1b[31m") == "\ufffd[31m"
    assert shown("a\u202eb\u200bc") == "a\ufffdb\ufffdc"
    assert shown("满300减80，") == "满300减80，"

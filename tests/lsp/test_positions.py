import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from wakeup.lsp.positions import Encoding, to_offset, to_position, to_range, units
from wakeup.source import Source

TEXTS = st.text(
    st.sampled_from("aé，中😴\U00020000\n\t \x0c\u2028\x85") | st.characters(exclude_characters="\r\0"), max_size=40
)
ENCODINGS: tuple[Encoding, ...] = ("utf-8", "utf-16", "utf-32")
UNITS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}


@pytest.mark.parametrize(("encoding", "length"), [("utf-8", 10), ("utf-16", 5), ("utf-32", 4)])
def test_a_text_is_as_long_as_its_units(encoding: Encoding, length: int) -> None:
    assert units("😴，é" + "x", encoding) == length
    assert units("plain", encoding) == 5


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_position_behind_an_astral_character(encoding: Encoding) -> None:
    source = Source("a", "x\n😴满300减80 x")
    at = source.text.index("减")
    expected = {"utf-8": 4 + 3 + 3, "utf-16": 2 + 1 + 3, "utf-32": 5}[encoding]
    assert to_position(source, at, encoding) == types.Position(1, expected)
    assert to_offset(source, types.Position(1, expected), encoding) == at


def test_a_position_inside_a_surrogate_pair_is_the_start_of_its_character() -> None:
    assert to_offset(Source("a", "a😴b"), types.Position(0, 2), "utf-16") == 1
    assert to_offset(Source("a", "a😴b"), types.Position(0, 3), "utf-16") == 2


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize(
    ("position", "offset"), [((0, 99), 3), ((1, 99), 5), ((2, 0), 5), ((99, 99), 5)], ids=["long", "last", "end", "far"]
)
def test_a_position_outside_is_the_nearest_end(encoding: Encoding, position: tuple[int, int], offset: int) -> None:
    assert to_offset(Source("a", "abc\n中"), types.Position(*position), encoding) == offset


def test_neither_a_form_feed_nor_a_line_separator_ends_a_line() -> None:
    source = Source("a", "a\x0cb\u2028c\x85d\ne")
    assert to_position(source, source.text.index("d"), "utf-16") == types.Position(0, 6)
    assert to_offset(source, types.Position(1, 0), "utf-16") == source.text.index("e")


@given(TEXTS, st.data(), st.sampled_from(ENCODINGS))
def test_every_offset_goes_to_a_position_and_back(text: str, data: st.DataObject, encoding: Encoding) -> None:
    source = Source("a", text)
    offset = data.draw(st.integers(0, len(text)))
    position = to_position(source, offset, encoding)
    codec, width = UNITS[encoding]
    before = text[:offset]
    assert position.line == before.count("\n")
    assert position.character == len(before.rpartition("\n")[2].encode(codec)) // width
    assert to_offset(source, position, encoding) == offset


@given(TEXTS, st.integers(0, 9), st.integers(0, 60), st.sampled_from(ENCODINGS))
def test_every_position_is_inside_the_text_and_settles(text: str, line: int, column: int, encoding: Encoding) -> None:
    source = Source("a", text)
    offset = to_offset(source, types.Position(line, column), encoding)
    assert 0 <= offset <= len(text)
    assert to_offset(source, to_position(source, offset, encoding), encoding) == offset


def test_a_range_has_both_ends() -> None:
    source = Source("a", "😴\n😴b")
    assert to_range(source, source.span(1, 4), "utf-16") == types.Range(types.Position(0, 2), types.Position(1, 3))

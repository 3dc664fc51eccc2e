"""Whatever the text and wherever the cursor, every question is answered, and every answer lies inside the text."""

import re
from collections.abc import Iterator

from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types
from tests.lsp.texts import CHINESE, ENGLISH, LIBRARY

from wakeup.lang import MemoryFiles
from wakeup.lsp import outline
from wakeup.lsp.completion import complete
from wakeup.lsp.formatting import edits
from wakeup.lsp.hover import hover
from wakeup.lsp.navigation import definition, highlights
from wakeup.lsp.places import Places
from wakeup.lsp.problems import by_file, fixes
from wakeup.lsp.reading import Reading, read
from wakeup.lsp.rename import prepare
from wakeup.lsp.texts import Overlay, Text

PIECES = [re.findall(r'"(?:[^"\n])*"|\w+|[^\w\s]|\s+', text) for text in (ENGLISH, CHINESE)]
WORDS = sorted({piece for pieces in PIECES for piece in pieces} | {"😴", "“", "＂", "}}", "allow", "客户"})


@frozen
class Cursor:
    """A text and a place in it."""

    text: str
    offset: int


@st.composite
def mutated(draw: st.DrawFn) -> Cursor:
    """A campaign with some pieces taken out, doubled, or replaced; perhaps cut off."""
    pieces = list(draw(st.sampled_from(PIECES)))
    for _ in range(draw(st.integers(0, 5))):
        at = draw(st.integers(0, len(pieces) - 1))
        pieces[at : at + draw(st.integers(0, 2))] = draw(st.lists(st.sampled_from(WORDS), max_size=2))
    text = "".join(pieces)
    text = text[: draw(st.integers(0, len(text)))] if draw(st.booleans()) else text
    return Cursor(text, draw(st.integers(0, len(text))))


def assert_answered(cursor: Cursor) -> None:
    files = {"/main.wake": Text("untitled:main", 1, cursor.text)}
    reading = read("/main.wake", Overlay(files, MemoryFiles({"library.wake": LIBRARY})))
    places = Places(open=files, uris={}, encoding="utf-32", versioned=True)
    lines = reading.source.text.split("\n")
    for found in ranges(reading, min(cursor.offset, len(reading.source.text)), places):
        assert found.start <= found.end
        assert found.end.line < len(lines)
        assert found.end.character <= len(lines[found.end.line])


def ranges(reading: Reading, offset: int, places: Places) -> Iterator[types.Range]:
    """Every range of the main file in every answer."""
    for item in complete(reading, offset, places, snippets=True):
        assert isinstance(item.text_edit, types.TextEdit)
        yield item.text_edit.range
    told = hover(reading, offset, places)
    if told is not None and told.range is not None:
        yield told.range
    yield from (each.range for each in definition(reading, offset, places) if each.uri.endswith("main.wake"))
    yield from (each.range for each in highlights(reading, offset, places))
    yield from (each.range for each in edits(reading, places) or ())
    yield from (each.range for each in by_file(reading, places)[places.uri(reading.path)])
    prepared = prepare(reading, offset, places)
    if prepared is not None:
        yield prepared.range
    assert all(each.title for each in fixes(reading, reading.source.span(0, len(reading.source.text)), (), places))
    for symbol in outline.symbols(reading, places):
        assert symbol.range.start <= symbol.selection_range.start <= symbol.selection_range.end <= symbol.range.end
        yield symbol.range
    outline.folds(reading)


@given(mutated())
def test_any_mutated_campaign(cursor: Cursor) -> None:
    assert_answered(cursor)


@given(st.text(max_size=80), st.integers(0, 80))
def test_any_text(text: str, offset: int) -> None:
    assert_answered(Cursor(text, min(offset, len(text))))

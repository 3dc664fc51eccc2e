"""Whatever the text, the parser answers: no exception, in time, and every span lies inside the text."""

import re
import time
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.syntax.corpus import FILES
from tests.syntax.mutations import tokens

from wakeup.source import Source
from wakeup.syntax import parse

TOKEN = re.compile(r'"(?:[^"\n])*"|\w+|[^\w\s]|\s+')
PIECES = {name: TOKEN.findall(text) for name, text in FILES.items()}
WORDS = sorted({piece for pieces in PIECES.values() for piece in pieces})


def assert_answered(text: str, *, broken: bool = False) -> None:
    source = Source("fuzz.wake", text)
    begun = time.process_time()
    _, found = parse(source)
    assert time.process_time() - begun < 1
    for each in found:
        assert each.code != "WK9001"
        spans = [each.span, *(label.span for label in each.labels), *([each.fix.span] if each.fix else [])]
        assert all(span is not None and span.end <= len(text) for span in spans)
    assert found or not broken


@given(st.text(max_size=120))
def test_any_text(text: str) -> None:
    assert_answered(text)


@given(st.lists(st.sampled_from(WORDS), max_size=60))
def test_any_words(words: list[str]) -> None:
    assert_answered("wakeup 1\n" + " ".join(words))


@given(st.sampled_from(sorted(PIECES)), st.data())
def test_pieces_deleted_doubled_swapped(name: str, data: st.DataObject) -> None:
    pieces = list(PIECES[name])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(pieces) - 2))
        match data.draw(st.sampled_from(["delete", "double", "swap"])):
            case "delete":
                del pieces[at]
            case "double":
                pieces.insert(at, pieces[at])
            case _:
                pieces[at], pieces[at + 1] = pieces[at + 1], pieces[at]
    assert_answered("".join(pieces))


@given(st.sampled_from(sorted(FILES)), st.data())
def test_cut_off_anywhere(name: str, data: st.DataObject) -> None:
    text = FILES[name]
    assert_answered(text[: data.draw(st.integers(0, len(text)))])


# --------------------------------------------------------------------------- as it is being typed


def assert_answered_while_typed(text: str, cuts: Iterable[int]) -> None:
    """A text cut off anywhere is answered, and everything that was whole before the cut is still there."""
    whole, _ = parse(Source("whole.wake", text))
    assert whole is not None
    for cut in cuts:
        assert_answered(text[:cut])
        file, _ = parse(Source("cut.wake", text[:cut]))
        ended = [each for each in whole.decls if each.span.end <= cut]
        assert not ended or (file is not None and list(file.decls[: len(ended) - 1]) == ended[:-1]), cut


@pytest.mark.parametrize("name", ["north_star_zh.wake", "north_star_zh_in_english.wake"])
def test_cut_off_behind_every_token(name: str) -> None:
    assert_answered_while_typed(FILES[name], (each.end for each in tokens(FILES[name])))


@pytest.mark.proof
@pytest.mark.parametrize("name", sorted(FILES))
def test_cut_off_at_every_character(name: str) -> None:
    assert_answered_while_typed(FILES[name], range(len(FILES[name]) + 1))


def test_every_closing_brace_left_out_is_told() -> None:
    for text in FILES.values():
        for each in tokens(text):
            if each.type == "RBRACE":
                assert_answered(text[: each.start] + text[each.end :], broken=True)


# --------------------------------------------------------------------------- as an attacker would write it

NASTY = ["\n", "\ud800", "(", "{", "not ", "a.", "1", "a ", '"', "\\", "if a {", "if a { exit } else ", "a or ", "a, ",
         "满", "每", "#", "1,000", "x: ", "x: 1\n", "send ", "“", "£", "wait for ", "- ", "9", "~", "a = ", "\u3000",
         "é"]  # fmt: skip


@pytest.mark.parametrize("piece", NASTY, ids=repr)
@pytest.mark.parametrize("head", ["wakeup 1\n", "wakeup 1\njourney a { ", "wakeup 1\nsegment a { where: "], ids=repr)
def test_one_piece_over_and_over(head: str, piece: str) -> None:
    assert_answered(head + piece * (20_000 // len(piece)))

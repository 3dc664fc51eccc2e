"""Whatever the text, the parser answers: no exception, in time, and every span lies inside the text."""

import re
import time

from hypothesis import given
from hypothesis import strategies as st
from tests.syntax.corpus import FILES

from wakeup.source import Source
from wakeup.syntax import parse

TOKEN = re.compile(r'"(?:[^"\n])*"|\w+|[^\w\s]|\s+')
PIECES = {name: TOKEN.findall(text) for name, text in FILES.items()}
WORDS = sorted({piece for pieces in PIECES.values() for piece in pieces})


def answered(text: str, *, broken: bool = False) -> None:
    source = Source("fuzz.wake", text)
    begun = time.perf_counter()
    _, found = parse(source)
    assert time.perf_counter() - begun < 1
    for each in found:
        assert each.code != "WK9001"
        spans = [each.span, *(label.span for label in each.labels), *([each.fix.span] if each.fix else [])]
        assert all(span is not None and span.end <= len(text) for span in spans)
    assert found or not broken


@given(st.text(max_size=120))
def test_any_text(text: str) -> None:
    answered(text)


@given(st.lists(st.sampled_from(WORDS), max_size=60))
def test_any_words(words: list[str]) -> None:
    answered("wakeup 1\n" + " ".join(words))


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
    answered("".join(pieces))


@given(st.sampled_from(sorted(FILES)), st.data())
def test_cut_off_anywhere(name: str, data: st.DataObject) -> None:
    text = FILES[name]
    answered(text[: data.draw(st.integers(0, len(text)))])


def test_every_closing_brace_left_out_is_told() -> None:
    for text in FILES.values():
        for at in (match.start() for match in re.finditer(r"\}", text)):
            if text[at - 1 : at] != "}" and text[at + 1 : at + 2] != "}":
                answered(text[:at] + text[at + 1 :], broken=True)

"""Every mistake of mistakes.md is told with its code, and exactly the marked text is underlined."""

import re
from pathlib import Path

import pytest

from wakeup.diagnostics import Severity
from wakeup.source import Source
from wakeup.syntax import parse

CASES = re.findall(
    r"^## (WK[^\n]+)\n```wake\n(.*?)```",
    (Path(__file__).parent / "mistakes.md").read_text("utf-8"),
    re.MULTILINE | re.DOTALL,
)


def read(marked: str) -> tuple[Source, list[tuple[int, int]]]:
    marked = marked.removeprefix("version:") if marked.startswith("version:") else "wakeup 1\n" + marked
    places, text = [], ""
    for piece in re.split("([«»])", marked):
        if piece == "«":
            start = len(text)
        elif piece == "»":
            places.append((start, len(text)))
        else:
            text += piece
    return Source("case.wake", text), places


@pytest.mark.parametrize(("title", "marked"), CASES, ids=[title for title, _ in CASES])
def test_mistake(title: str, marked: str) -> None:
    codes = re.findall(r"WK\d{4}", title)
    source, places = read(marked)
    file, found = parse(source)
    assert file is not None
    told = [(each.code, source.text_of(each.span), each.span.start) for each in found if each.span]
    codes = codes * len(places) if len(codes) == 1 else codes
    assert told == [(code, source.text[a:b], a) for code, (a, b) in zip(codes, places, strict=True)]
    assert all(each.severity is Severity.ERROR for each in found)


def apply_fixes(source: Source) -> str:
    text = source.text
    fixes = sorted((each.fix for each in parse(source)[1] if each.fix), key=lambda fix: -fix.span.start)
    for fix in fixes:
        text = text[: fix.span.start] + fix.replacement + text[fix.span.end :]
    return text


FIXABLE = [(title, marked) for title, marked in CASES if all(each.fix for each in parse(read(marked)[0])[1])]


@pytest.mark.parametrize(("title", "marked"), FIXABLE, ids=[title for title, _ in FIXABLE])
def test_fix_mends(title: str, marked: str) -> None:
    mended = Source("case.wake", apply_fixes(read(marked)[0]))
    assert parse(mended)[1] == (), mended.text


def test_every_case_was_read() -> None:
    assert len(CASES) > 55
    assert len(FIXABLE) > 30

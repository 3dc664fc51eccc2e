"""A Chinese strategist never meets an English word that is not her own, a code, a number or a command."""

import re
import unicodedata
from collections.abc import Iterator

import pytest
from tests.lang.cases import MAIN, Case, all_cases

from wakeup.diagnostics import Diagnostic, in_language, registry, render_text
from wakeup.format import format_source
from wakeup.lang import MemoryFiles, check, load
from wakeup.source import Source

CASES = all_cases()
EXAMPLES = [entry for entry in registry().values() if entry.wrong_zh]

SAME = re.compile(
    r"WK\d{4}|\{\{.*?\}\}|[\w./-]+\.(?:wake|toml|json)\b|\"[^\"]*\"|Asia/Shanghai|\bUSD\b|\b[A-Z]{3}\b|回复R"
)
"""Codes, variables, files, texts and zones, codes of currencies: the same in both languages."""

VARIABLES = {"first_name", "last_name", "last_item", "last_category", "city", "days_since_order", "orders", "offer"}
VARIABLES |= {"offer_ends", "field", "default", "event", "event_at", "wakeup"}
ALIKE = {"kit", "WK"}
"""Of the examples: a name in letters that only look alike, a code that is cut off."""


def translated(texts: dict[str, str]) -> dict[str, str]:
    """The same files in Chinese; a file with syntax errors stays, the words in it are its author's."""
    return {name: format_source(Source(name, text), "zh")[0] or text for name, text in texts.items()}


def told(texts: dict[str, str]) -> tuple[list[Diagnostic], dict[str, Source]]:
    """What is said of a campaign, in Chinese."""
    project, found = load(MAIN, MemoryFiles(texts))
    if project is None:
        return [in_language(each, "zh", "zh") for each in found], {}
    _, more = check(project)
    return [in_language(each, "zh", "zh") for each in (*found, *more)], dict(project.sources)


def english(found: list[Diagnostic], texts: dict[str, str]) -> list[str]:
    """English words of the messages that do not stand in the files themselves."""
    own = {word for text in texts.values() for word in re.findall(r"[A-Za-z_]\w*", text, re.ASCII)}
    words = (re.findall(r"[A-Za-z][A-Za-z_]+", SAME.sub(" ", text), re.ASCII) for each in found for text in said(each))
    return sorted({word for these in words for word in these} - own - VARIABLES)


def said(each: Diagnostic) -> Iterator[str]:
    yield each.message
    yield each.help or ""
    yield from map(str, each.notes)
    yield from (str(label.text) for label in each.labels)
    if each.fix is not None:
        yield each.fix.described("zh")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.file.stem}: {case.title}")
def test_messages_about_a_chinese_campaign_are_chinese(case: Case) -> None:
    texts = translated(case.texts)
    found, _ = told(texts)
    assert english(found, texts) == []


@pytest.mark.parametrize("entry", EXAMPLES, ids=lambda entry: str(entry.code))
def test_messages_about_the_examples_are_chinese(entry: object) -> None:
    example = getattr(entry, "wrong_zh", "")
    text = example if example.lstrip().startswith("wakeup") else f"wakeup 1\n{example}"
    found, _ = told({MAIN: text})
    assert set(english(found, {MAIN: text})) <= ALIKE


# --- carets ----------------------------------------------------------------------------------------------------------

MARKED = re.compile(r"^ *\|( *)(\^+|-+)(?: |$)")


def screen(line: str) -> list[str]:
    """The cells of a terminal line: a wide character takes two, a combining one none."""
    cells: list[str] = []
    for character in line:
        if unicodedata.category(character) in ("Mn", "Me"):
            continue
        cells += [character] * (2 if unicodedata.east_asian_width(character) in "WF" else 1)
    return cells


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.file.stem}: {case.title}")
def test_carets_stand_under_what_they_mean(case: Case) -> None:
    texts = translated(case.texts)
    found, sources = told(texts)
    for each in found:
        if each.span is None or each.span.source not in sources or each.span.start == each.span.end:
            continue
        lines = render_text([each], sources).splitlines()
        at = next(index for index, line in enumerate(lines) if MARKED.match(line))
        shown, marks = screen(lines[at - 1]), screen(lines[at])
        under = "".join(cell for cell, mark in zip(shown, marks, strict=False) if mark == "^")
        meant = sources[each.span.source].text_of(each.span).splitlines()[0]
        assert under == "".join(screen(meant))[: len(under)], lines
        assert len(under) == min(len(screen(meant)), 200) or len(meant) > 100

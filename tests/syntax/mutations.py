"""Single mistakes, made by machine in texts that are right."""

from __future__ import annotations

import re
from collections.abc import Iterator

from attrs import frozen

from wakeup.source import Source
from wakeup.syntax.lexicon import lexicon
from wakeup.syntax.parser import drive
from wakeup.syntax.stack import Part, Token


@frozen
class Mutant:
    """A text with one mistake: its kind, its place in the text before, and the lines (from 1) where it may be told.

    A closing brace that is left out or put in may be told at its opener, too.
    """

    kind: str
    at: int
    text: str
    lines: frozenset[int]


def tokens(text: str) -> list[Token]:
    """Return the tokens of a text that is right, in order."""

    def walk(each: Part) -> Iterator[Token]:
        if isinstance(each, Token):
            yield each
        else:
            for child in each.children:
                yield from walk(child)

    tree = drive(Source("right", text)).tree
    assert tree is not None
    return list(walk(tree))


def mutants(text: str) -> Iterator[Mutant]:
    """Yield every single mistake at every place."""
    found = tokens(text)
    openers: list[Token] = []
    for before, token in zip([None, *found], found, strict=False):
        told_at = set()
        if token.type == "LBRACE":
            openers.append(token)
        elif token.type == "RBRACE":
            told_at = {_line(text, openers.pop().start)}
        for kind, start, end, new in _edits(text, before, token):
            if text[start:end] != new:
                changed = text[:start] + new + text[end:]
                lines = range(_line(changed, start), _line(changed, start + len(new)) + 1)
                yield Mutant(kind, start, changed, frozenset({*lines, *(told_at if "}" in kind else ())}))


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def _edits(text: str, before: Token | None, token: Token) -> Iterator[tuple[str, int, int, str]]:
    start, end = token.start, token.end
    gap_end = end + len(text[end:]) - len(text[end:].lstrip(" "))
    yield f"delete {_class(token)}", start, gap_end, ""
    yield f"double {_class(token)}", end, end, (" " if token.type not in PUNCT else "") + token
    if before is not None and "\n" not in text[before.end : start]:
        yield "swap", before.start, end, token + text[before.end : start] + before
    if before is not None and "\n" in text[before.end : start] and "#" not in text[before.end : start]:
        yield "join lines", before.end, start, " "
    if token.type in WORDS:
        yield "misspell", start, end, _misspelt(token)
    if token.type == "AMOUNT":
        yield "full-width digit", start, start + 1, chr(ord(token[0]) + 0xFEE0) if token[0].isdigit() else token[0]
        unit = re.search(r"[A-Za-z]+$", token)
        if unit:
            yield "wrong unit", end, end, "q"
    if token.type == "STRING":
        yield "curly quotes", start, end, "“" + token[1:-1] + "”"
        yield "quote not closed", end - 1, end, ""
        yield "no quotes", start, end, token[1:-1]
    if token.type == "COLON":
        yield "equals for colon", start, end, " ="
    if token.type in ("COMMA", "SEP"):
        yield "semicolon for comma", start, end, ";"
    if token.type == "SEMI":
        yield "comma for semicolon", start, end, ","


PUNCT = frozenset({"COLON", "COMMA", "SEP", "SEMI", "LBRACE", "RBRACE", "LPAR", "RPAR", "PERCENT"})
WORDS = frozenset({*lexicon().keywords, "NOUN", "BUDGET", "CLAIM"})


def _class(token: Token) -> str:
    names = {"COLON": "colon", "COMMA": "comma", "SEP": "comma", "LBRACE": "{", "RBRACE": "}", "LPAR": "(", "RPAR": ")"}
    return names.get(token.type) or ("keyword" if token.type in WORDS else token.type.lower())


def _misspelt(word: str) -> str:
    """Swap the two middle letters, or double the last of a short word."""
    if len(word) < 4:
        return word + word[-1]
    half = len(word) // 2
    swapped = word[: half - 1] + word[half] + word[half - 1] + word[half + 1 :]
    return swapped if swapped != word else word[:-1]

"""What the grammar does not see: lines, indentation, comments, how deep braces go."""

from __future__ import annotations

import re

from attrs import frozen

from wakeup.source import Source
from wakeup.syntax.nodes import Comment

MAX_DEPTH = 64
"""Braces and parentheses inside one another."""

TRIVIA = re.compile(r"(?:\s+|#[^\n]*)*")
"""Blanks and comments between two tokens."""

_BLANKS = re.compile(r"[^\S\n]*")
_EMPTY_LINES = re.compile(r"\n*(?P<blanks>[^\S\n]*)")
_COMMENT = re.compile(r"#[^\n]*")
_MARK = re.compile(r'"(?:[^"\\\n]|\\.)*"?|#[^\n]*|[{｛(（]|[}｝)）]')
_OPEN, _CLOSE, _CLOSE_BRACE = frozenset("{｛(（"), frozenset("}｝)）"), frozenset("}｝")
_OPEN_BRACE = frozenset("{｛")


def too_deep(text: str) -> int | None:
    """Return the offset of the first bracket beyond `MAX_DEPTH`, or None."""
    depth = 0
    for mark in _MARK.finditer(text):
        if mark[0] in _OPEN:
            depth += 1
            if depth > MAX_DEPTH:
                return mark.start()
        elif mark[0] in _CLOSE:
            depth = max(0, depth - 1)
    return None


@frozen
class _Opener:
    at: int
    indent: int
    indented: bool  # its body is, so that indentation can be believed


def unclosed_opener(text: str, start: int, stop: int) -> int | None:
    """Return the offset of a brace in ``[start, stop)`` that its lines' indentation tells is not closed, or None.

    ``start`` lies on the line of the outermost open brace. A line that is not indented deeper than the line of the
    innermost opener, and does not begin with a closing brace, tells that this opener lacks its closing brace.
    """
    stack: list[_Opener] = []
    line_start = text.rfind("\n", 0, start) + 1
    while line_start < stop:
        line_end = min(_line_end(text, line_start), stop)
        content = text[line_start:line_end].lstrip()
        if content and content[0] != "#":
            indent = line_end - line_start - len(content)
            closes = content[0] in _CLOSE_BRACE
            if stack and stack[-1].indented and indent + closes <= stack[-1].indent:
                return stack[-1].at
            _braces_of_line(text, line_start, line_end, indent, stack)
        line_start = line_end + 1
    return None


def _braces_of_line(text: str, start: int, end: int, indent: int, stack: list[_Opener]) -> None:
    for mark in _MARK.finditer(text, start, end):
        if mark[0] in _OPEN_BRACE:
            stack.append(_Opener(mark.start(), indent, _body_indented(text, mark.end(), end, indent)))
        elif mark[0] in _CLOSE_BRACE and stack:
            stack.pop()


def early_closer(text: str, stop: int) -> int | None:
    """Return the offset of the first closing brace before ``stop`` that closes a block too early, or None.

    Indentation tells: a brace closes a block that began on its own line, or on a line as deep as its own.
    """
    openers: list[tuple[int, int]] = []  # (start of the line, its indentation) of each open brace
    line_start = indent = looked_at = 0
    for mark in _MARK.finditer(text, 0, stop):
        if mark[0] not in _OPEN_BRACE | _CLOSE_BRACE:
            continue
        newline = text.rfind("\n", looked_at, mark.start())
        looked_at = mark.start()
        if newline >= 0:
            line_start = newline + 1
            indent = _BLANKS.match(text, line_start).end() - line_start  # type: ignore[union-attr]
        if mark[0] in _OPEN_BRACE:
            openers.append((line_start, indent))
        elif not openers:
            return mark.start()
        else:
            opened, deep = openers.pop()
            if opened != line_start and deep != indent:
                return mark.start()
    return None


def lacks_opener(text: str, start: int, open_braces: int) -> bool:
    """Tell whether the text from ``start`` on closes more braces than it opens and than are open there."""
    depth = open_braces
    for mark in _MARK.finditer(text, start):
        if mark[0] in _OPEN_BRACE:
            depth += 1
        elif mark[0] in _CLOSE_BRACE:
            depth -= 1
            if depth < 0:
                return True
    return False


def _body_indented(text: str, at: int, line_end: int, indent: int) -> bool:
    rest = text[at:line_end].lstrip()
    if rest and rest[0] != "#":
        return True  # the body begins on the opener's own line
    body = _EMPTY_LINES.match(text, line_end)
    assert body is not None
    return len(body["blanks"]) > indent


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def comments_in(source: Source, start: int, end: int) -> list[Comment]:
    """Return the comments of a gap between two tokens."""
    found = []
    for mark in _COMMENT.finditer(source.text, start, end):
        doc = mark[0].startswith("##")
        line_start = source.text.rfind("\n", 0, mark.start()) + 1
        trailing = not source.text[line_start : mark.start()].isspace() and mark.start() > line_start
        text = mark[0].lstrip("#").strip()
        found.append(Comment(text, doc, trailing, source.span(mark.start(), mark.end())))
    return found


def doc_of(source: Source, comments: list[Comment]) -> str | None:
    """Return the doc comment that a gap's comments give to what follows: its last run of ``##`` lines."""
    lines: list[str] = []
    below: int | None = None
    for comment in reversed(comments):
        line = source.position(comment.span.start)[0]
        if not comment.doc or comment.trailing or (below is not None and line != below - 1):
            break
        lines.append(comment.text)
        below = line
    return "\n".join(reversed(lines)) if lines else None

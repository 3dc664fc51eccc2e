"""Lines of a block: its parts under one another, with the comments and blank lines that stood between them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from attrs import frozen

from wakeup.format.gaps import BLANK, Gaps, Trivia, plain
from wakeup.source import Source, Span
from wakeup.source.columns import cells
from wakeup.syntax.nodes import Comment

WIDTH = 120
"""Cells of the longest line that is put together from short ones."""

COMMENT_COLUMN = 47
"""Cells before a comment behind code, where the code is shorter."""

INDENT = "  "

_BARE_MARK = re.compile(r"(##?)(?=[^#!\s])")


@frozen
class Part:
    """One part of a block: where it stood, its lines, and the comments from inside it that go before it.

    ``apart``: a blank line always stands before it.
    """

    span: Span
    lines: Sequence[str]
    inner: Sequence[Comment] = ()
    apart: bool = False


@frozen
class Body:
    """The lines of a block, and the comment behind its opening brace."""

    opening: Comment | None
    lines: list[str]


def fits(line: str) -> bool:
    """Tell whether a line is short enough to be one."""
    return cells(line) <= WIDTH


def padded(text: str, width: int) -> str:
    """Return a text with blanks to a width in cells."""
    return text + " " * (width - cells(text))


@frozen
class Layout:
    """Puts the parts of one source's blocks under one another."""

    source: Source
    gaps: Gaps

    def body(
        self,
        parts: Sequence[Part],
        start: int,
        stop: int,
        depth: int,
        *,
        before: Sequence[Comment] = (),
        after: Sequence[Comment] = (),
    ) -> Body:
        """Return the lines of a block between two offsets; ``before`` and ``after`` are comments from around it."""
        ends = (start, *(part.span.end for part in parts))
        starts = (*(part.span.start for part in parts), stop)
        gaps = [self.gaps.between(end, begin) for end, begin in zip(ends, starts, strict=True)]
        opening = gaps[0].behind
        if before and opening is not None:
            before, opening = (*before, opening), None
        lines = self.moved(before, depth)
        for part, gap, following in zip(parts, gaps, gaps[1:], strict=False):
            _add(lines, self._lead(gap.lines, part, depth))
            lines += part.lines
            if following.behind is not None:
                lines[-1] = self.behind(lines[-1], following.behind)
        _add(lines, [*self._own_lines(gaps[-1].lines, depth), *self.moved(after, depth)])
        while lines and not lines[-1]:
            lines.pop()
        return Body(opening, lines)

    def _lead(self, trivia: Sequence[Trivia], part: Part, depth: int) -> list[str]:
        """Return the lines before a part: comments from inside it go before the doc comment that belongs to it."""
        doc = _doc_at(trivia)
        inner = self.moved(part.inner, depth)
        lines = [*self._own_lines(trivia[:doc], depth), *inner, *self._own_lines(trivia[doc:], depth)]
        return ["", *lines] if part.apart and lines[:1] != [""] else lines

    def _own_lines(self, trivia: Sequence[Trivia], depth: int) -> list[str]:
        return ["" if each is BLANK else self._own_line(each, depth) for each in trivia]

    def moved(self, comments: Sequence[Comment], depth: int) -> list[str]:
        """Return comments as lines of their own where they did not stand: they document nothing there."""
        return [self._own_line(plain(comment), depth) for comment in comments]

    def _own_line(self, comment: Comment, depth: int) -> str:
        """Return a comment as a line."""
        return INDENT * depth + self._text(comment)

    def opened(self, head: str, body: Body) -> list[str]:
        """Return the line that opens a block, and the block's lines."""
        line = head + " {"
        return [line if body.opening is None else self.behind(line, body.opening), *body.lines]

    def behind(self, line: str, comment: Comment) -> str:
        """Return a line with a comment behind it."""
        return padded(line, max(COMMENT_COLUMN, cells(line) + 2)) + self._text(comment)

    def _text(self, comment: Comment) -> str:
        """Return a comment as written, a blank behind its mark, and a single mark if it documents nothing any more."""
        text = self.source.text_of(comment.span).rstrip()
        if text.startswith("##") and not comment.doc:
            return f"# {comment.text}".rstrip()
        return _BARE_MARK.sub(r"\1 ", text, count=1) if _BARE_MARK.match(text) else text


def _add(lines: list[str], more: Sequence[str]) -> None:
    """Add lines; a block does not begin with a blank one."""
    for line in more:
        if line or lines:
            lines.append(line)


def _doc_at(trivia: Sequence[Trivia]) -> int:
    """Return where the doc comment of what follows begins: the last run of `##` lines."""
    at = len(trivia)
    if at and trivia[at - 1] is BLANK:
        at -= 1
    while at and (comment := trivia[at - 1]) is not None and comment.doc:
        at -= 1
    return at

"""What stands between the parts of a tree and is no part of it: comments, blank lines, where braces open and close."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise
from typing import TypeAlias

from attrs import evolve, frozen

from wakeup.source import Source, Span
from wakeup.syntax.nodes import Comment

BLANK = None
"""A blank line among comments."""

Trivia: TypeAlias = Comment | None
"""A comment on a line of its own, or `BLANK`."""

_MARK = re.compile(r'"(?:[^"\\\n]|\\.)*"|#[^\n]*|[{｛}｝]')
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")


@frozen
class Gap:
    """What stands between two parts: a comment behind the first, and what has lines of its own."""

    behind: Comment | None
    lines: tuple[Trivia, ...]


@frozen
class Gaps:
    """The gaps of one source. Offsets are code points, as in spans."""

    source: Source
    comments: Sequence[Comment]

    def between(self, start: int, stop: int) -> Gap:
        """Return what stands between a part that ends at ``start`` and one that begins at ``stop``."""
        behind: Comment | None = None
        lines: tuple[Trivia, ...] = ()
        at = start
        for comment in self.within(start, stop):
            text = self.source.text[at : comment.span.start]
            if "\n" not in text and comment.trailing:
                behind = comment
            else:
                lines = (*_settled(lines, text), comment)
            at = comment.span.end
        return Gap(behind, _settled(lines, self.source.text[at:stop]))

    def within(self, start: int, stop: int) -> Sequence[Comment]:
        """Return the comments that begin in a range."""
        return self.comments[bisect_left(self._starts, start) : bisect_left(self._starts, stop)]

    def block(self, start: int) -> tuple[int, int]:
        """Return (behind the opening brace, at the closing one) of the first block that opens at or after an offset."""
        opens = self._opens[bisect_left(self._opens, start)]
        return opens + 1, self._closes[opens]

    def are_plain(self, parts: Sequence[Span], start: int, stop: int) -> bool:
        """Tell whether a block from ``start`` to ``stop`` has no comment, and no blank line between its parts."""
        between = (self.source.text[a.end : b.start] for a, b in pairwise(parts))
        return not self.within(start, stop) and not any(_BLANK_LINE.search(text) for text in between)

    @cached_property
    def _starts(self) -> list[int]:
        return [comment.span.start for comment in self.comments]

    @cached_property
    def _closes(self) -> dict[int, int]:
        open_at: list[int] = []
        found: dict[int, int] = {}
        for mark in _MARK.finditer(self.source.text):
            if mark[0] in "{｛":
                open_at.append(mark.start())
            elif mark[0] in "}｝":
                found[open_at.pop()] = mark.start()
        return found

    @cached_property
    def _opens(self) -> list[int]:
        return sorted(self._closes)


def plain(comment: Comment) -> Comment:
    """Return a comment as one that documents nothing."""
    return evolve(comment, doc=False)


def _settled(lines: tuple[Trivia, ...], text: str) -> tuple[Trivia, ...]:
    """Add what follows comments: a blank line, or a separator, so that they document nothing behind it."""
    if text.strip():
        lines = tuple(each if each is BLANK else plain(each) for each in lines)
    return (*lines, BLANK) if _BLANK_LINE.search(text) else lines

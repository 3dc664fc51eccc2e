"""Source text and spans in it.

Offsets are code points of the normalised text, from 0. Lines and columns are counted from 1, columns in code points.
"""

from bisect import bisect_right
from functools import cached_property

from attrs import frozen

MAX_SOURCE_BYTES = 1024 * 1024
"""Largest source file that is read, in bytes (1 MiB): a campaign is text that a person wrote."""


class SourceError(Exception):
    """A file that cannot be read as source text.

    Carries what a diagnostic needs: its ``code`` and the ``fields`` of the code's message.
    """

    def __init__(self, code: str, **fields: object) -> None:
        super().__init__(code, fields)
        self.code = code
        self.fields = fields


@frozen
class Span:
    """A half-open range of code points ``[start, end)`` of the source with that name."""

    source: str
    start: int
    end: int

    def __attrs_post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            if self.start < 0:
                raise ValueError(f"a span starts at 0 or later, not at {self.start}")
            raise ValueError(f"a span cannot end at {self.end} before its start {self.start}")

    def join(self, other: "Span") -> "Span":
        """Return the smallest span that holds both.

        Raises:
            ValueError: the spans belong to different sources.
        """
        if other.source != self.source:
            raise ValueError("spans of different sources cannot be joined")
        return Span(self.source, min(self.start, other.start), max(self.end, other.end))


@frozen
class Source:
    """A named source text. ``name`` is the path shown to people; ``text`` has LF line ends only and no BOM."""

    name: str
    text: str

    @classmethod
    def from_bytes(cls, name: str, data: bytes) -> "Source":
        """Decode a file's bytes: UTF-8 only, a byte order mark is dropped, CRLF and CR become LF.

        Raises:
            SourceError: too large (WK1005), binary (WK1004) or not UTF-8 (WK1003).
        """
        if len(data) > MAX_SOURCE_BYTES:
            raise SourceError("WK1005", file=name, limit=MAX_SOURCE_BYTES)
        if b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise SourceError("WK1004", file=name)
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise SourceError("WK1003", file=name, line=line) from None
        return cls(name, text.replace("\r\n", "\n").replace("\r", "\n"))

    @cached_property
    def _line_starts(self) -> tuple[int, ...]:
        starts = [0]
        position = self.text.find("\n")
        while position >= 0:
            starts.append(position + 1)
            position = self.text.find("\n", position + 1)
        return tuple(starts)

    @property
    def line_count(self) -> int:
        """Number of lines; text that ends in a line end has an empty last line."""
        return len(self._line_starts)

    def position(self, offset: int) -> tuple[int, int]:
        """Return (line, column), both from 1, of an offset; the end of the text is a valid offset.

        Raises:
            ValueError: the offset lies outside the text.
        """
        if not 0 <= offset <= len(self.text):
            raise ValueError(f"offset {offset} is outside 0..{len(self.text)}")
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def offset(self, line: int, column: int) -> int:
        """Return the offset of (line, column), both from 1; the inverse of `position`."""
        return self._line_starts[line - 1] + column - 1

    def line_text(self, line: int) -> str:
        """Return a line (from 1) without its line end."""
        start = self._line_starts[line - 1]
        end = self._line_starts[line] - 1 if line < self.line_count else len(self.text)
        return self.text[start:end]

    def span(self, start: int, end: int) -> Span:
        """Return the span ``[start, end)`` of this source."""
        return Span(self.name, start, end)

    def text_of(self, span: Span) -> str:
        """Return the text under a span.

        Raises:
            ValueError: the span belongs to another source.
        """
        if span.source != self.name:
            raise ValueError("the span belongs to another source")
        return self.text[span.start : span.end]

"""Where an editor is in a text: lines and columns from 0, columns in the units agreed on, against our code points.

Lines end as the language server protocol says (LF, CRLF, CR), which is how `Source` has normalised them: neither a form
feed nor U+2028 ends one.
"""

from typing import Literal

from lsprotocol import types

from wakeup.source import Source, Span
from wakeup.source.columns import utf16_units

Encoding = Literal["utf-8", "utf-16", "utf-32"]
"""What columns are counted in: UTF-16 units unless the editor asks for another."""


def units(text: str, encoding: Encoding) -> int:
    """Return the length of a text in units of an encoding."""
    if encoding == "utf-32" or text.isascii():
        return len(text)
    return utf16_units(text) if encoding == "utf-16" else len(text.encode("utf-8", "surrogatepass"))


def to_position(source: Source, offset: int, encoding: Encoding) -> types.Position:
    """Return the editor's position of an offset; one beyond the text is its end."""
    line, column = source.position(min(offset, len(source.text)))
    return types.Position(line - 1, units(source.line_text(line)[: column - 1], encoding))


def to_offset(source: Source, position: types.Position, encoding: Encoding) -> int:
    """Return the offset of an editor's position.

    A position beyond a line is its end, one beyond the text the text's end, one inside a character its start.
    """
    if position.line >= source.line_count:
        return len(source.text)
    line = source.line_text(position.line + 1)
    start = source.offset(position.line + 1, 1)
    if line.isascii() or encoding == "utf-32":
        return start + min(position.character, len(line))
    passed = 0
    for column, character in enumerate(line):
        passed += units(character, encoding)
        if passed > position.character:
            return start + column
    return start + len(line)


def to_range(source: Source, span: Span, encoding: Encoding) -> types.Range:
    """Return the editor's range of a span of this source."""
    return types.Range(to_position(source, span.start, encoding), to_position(source, span.end, encoding))

"""Where a key stands in a TOML text: the reader of the standard library does not say."""

import re
from collections.abc import Iterator
from typing import Final

from wakeup.source import Source, Span

_HEADER: Final = re.compile(r"^[ \t]*\[([^\[\]]+)\][ \t]*(?:#.*)?$")
_KEY: Final = re.compile(r"""^[ \t]*((?:"[^"\n]*"|'[^'\n]*'|[A-Za-z0-9_.-]+|[ \t]*\.[ \t]*)+?)[ \t]*=""")
_PART: Final = re.compile(r""""([^"]*)"|'([^']*)'|([A-Za-z0-9_-]+)""")


def places(source: Source) -> dict[tuple[str, ...], Span]:
    """Return where tables and keys are named, by path; of what is written inside a value nothing is known."""
    found: dict[tuple[str, ...], Span] = {}
    table: tuple[str, ...] = ()
    for start, line in _lines(source.text):
        header, key = _HEADER.match(line), _KEY.match(line)
        if header is not None:
            table = _path(header[1])
            found.setdefault(table, Span(source.name, start + header.start(1), start + header.end(1)))
        elif key is not None:
            found.setdefault(table + _path(key[1]), Span(source.name, start + key.start(1), start + key.end(1)))
    return found


def _lines(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for line in text.split("\n"):
        yield start, line
        start += len(line) + 1


def _path(written: str) -> tuple[str, ...]:
    return tuple(found[1] or found[2] or found[3] or "" for found in _PART.finditer(written))

"""Sentences on a terminal: lines broken where a language breaks them. Chinese has no blanks to break at."""

from typing import Final

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.text import Text

from wakeup.source.columns import shown

_NEVER_FIRST: Final = "，。、；：？！）》”’…%,.;:?!)"
_NEVER_LAST: Final = "（《“‘("
_WIDE: Final = 2


class Prose:
    """A text for a terminal as it is: no markup, no control codes; broken at blanks and between Chinese characters,
    never before a closing mark or behind an opening one."""

    def __init__(self, text: str) -> None:
        """Keep the text."""
        self.text = shown(text)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Give the lines."""
        for line in broken(self.text, options.max_width):
            yield Text(line, no_wrap=True, overflow="fold")

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        """Return how narrow and how wide it may be."""
        return Measurement.get(console, options, Text(self.text))


def broken(text: str, width: int) -> list[str]:
    """Return a text as lines of at most `width` columns; what cannot be broken may be wider."""
    lines = [""]
    for piece in _pieces(text):
        if lines[-1] and cell_len(lines[-1] + piece.rstrip(" ")) > width:
            lines[-1] = lines[-1].rstrip(" ")  # a blank at the break is the break
            lines.append("")
            piece = piece.lstrip(" ")
        lines[-1] += piece
    return lines


def _pieces(text: str) -> list[str]:
    """Return what must stay on one line, piece by piece; together they are the text."""
    pieces = [""]
    for before, now in zip(" " + text, text, strict=False):
        blank = before == " " and now != " "
        wide = cell_len(before) == _WIDE or cell_len(now) == _WIDE
        between = wide and now not in _NEVER_FIRST and now != " " and before not in _NEVER_LAST
        if (blank or between) and pieces[-1]:
            pieces.append("")
        pieces[-1] += now
    return pieces

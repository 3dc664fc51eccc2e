"""Diagnostics as text for a terminal: the message, the line it is about, and what to do.

The shape is that of the Rust compiler's messages. Carets line up under full-width characters, because columns on a
terminal are counted in display cells.
"""

from collections.abc import Iterable, Iterator, Mapping

from attrs import frozen

from wakeup.diagnostics.model import Diagnostic, Severity
from wakeup.source import Source, Span
from wakeup.source.columns import cells, shown
from wakeup.terms.language import Language

_WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {"note": "note:", "help": "help:", "fix": "fix:"},
    "zh": {"note": "说明：", "help": "帮助：", "fix": "改法："},
}
_COLOURS = {Severity.ERROR: "31;1", Severity.WARNING: "33;1", Severity.NOTE: "36;1"}
_FRAME = "34;1"
_GOOD = "32;1"
_LONGEST = 200
"""A longer line, in code points, is shown in part: what the message is about, with something around it."""
_BEFORE = 60
"""So much of a long line is shown before the place."""


def render_text(
    diagnostics: Iterable[Diagnostic],
    sources: Mapping[str, Source],
    *,
    colour: bool = False,
) -> str:
    """Return the diagnostics as text, one blank line between two, a line end after the last.

    ``sources`` maps `Source.name` to the source; a diagnostic whose source is absent is shown without its line.
    ``colour`` adds ANSI colours. The words around a message are in its language.
    """
    painter = _Painter(sources, colour)
    return "\n".join("".join(f"{line}\n" for line in painter.lines(each)) for each in diagnostics)


@frozen
class _Painter:
    sources: Mapping[str, Source]
    colour: bool

    def lines(self, each: Diagnostic) -> Iterator[str]:
        paint = _COLOURS[each.severity]
        words = _WORDS[each.lang]
        head = self._paint(f"{each.severity.told(each.lang)}[{each.code}]", paint)
        yield f"{head}: {shown(each.message)}"
        places = [(each.span, "", "^", paint)] if each.span else []
        places += [(label.span, str(label.text), "-", _FRAME) for label in each.labels]
        margin = " " * max((len(str(self._line_number(span))) for span, *_ in places), default=0)
        bar = self._paint(f"{margin} |", _FRAME)
        arrow = "-->"
        for span, text, mark, mark_paint in places:
            yield f"{margin}{self._paint(arrow, _FRAME)} {self._where(span)}"
            arrow = ":::"
            yield from self._snippet(span, text, mark, mark_paint, margin)
        remarks = [(words["note"], note) for note in each.notes]
        if each.help is not None:
            remarks.append((words["help"], each.help))
        if each.fix is not None:
            remarks.append((words["fix"], each.fix.described(each.lang)))
        if places and remarks:
            yield bar
        for kind, text in remarks:
            gap = " " if kind.isascii() else ""  # a full-width colon brings its own
            yield f"{margin} {self._paint('=', _FRAME)} {self._paint(kind, _GOOD)}{gap}{shown(text)}"

    def _snippet(self, span: Span, text: str, mark: str, paint: str, margin: str) -> Iterator[str]:
        bar = self._paint(f"{margin} |", _FRAME)
        source = self.sources.get(span.source)
        if source is None:
            if text:
                yield f"{bar} {shown(text)}"
            return
        number, column = source.position(min(span.start, len(source.text)))
        line = source.line_text(number)
        before, under, after = _window(line, column - 1, column - 1 + span.end - span.start)
        carets = mark * max(1, cells(shown(under)))
        note = f" {shown(text)}" if text else ""
        yield bar
        yield f"{self._paint(f'{number:>{len(margin)}} |', _FRAME)} {shown(before + under + after)}"
        yield f"{bar} {' ' * cells(shown(before))}{self._paint(carets + note, paint)}"

    def _where(self, span: Span) -> str:
        source = self.sources.get(span.source)
        if source is None:
            return shown(span.source)
        line, column = source.position(min(span.start, len(source.text)))
        return f"{shown(span.source)}:{line}:{column}"

    def _line_number(self, span: Span) -> int:
        source = self.sources.get(span.source)
        return source.position(min(span.start, len(source.text)))[0] if source else 0

    def _paint(self, text: str, ansi: str) -> str:
        return f"\x1b[{ansi}m{text}\x1b[0m" if self.colour else text


def _window(line: str, start: int, end: int) -> tuple[str, str, str]:
    """Return what is shown before, in and after `[start, end)` of a line; a long line is cut, with an ellipsis."""
    first = 0 if len(line) <= _LONGEST else max(0, start - _BEFORE)
    last = min(len(line), first + _LONGEST)
    end = min(end, last)
    return "…" * (first > 0) + line[first:start], line[start:end], line[end:last] + "…" * (last < len(line))

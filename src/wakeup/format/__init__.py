"""One canonical style, in either language: tree and comments to text. It never changes what a file says."""

from attrs import frozen

from wakeup.diagnostics import Diagnostic, Language, Severity, diagnostic, in_language
from wakeup.format.printer import print_file
from wakeup.format.safety import changed
from wakeup.source import Source
from wakeup.syntax import parse
from wakeup.syntax.language import language

__all__ = ["Formatted", "format_source", "formatted"]


@frozen
class Formatted:
    """What came of formatting a file that is written in `lang`; what was found is told in it."""

    text: str | None
    found: tuple[Diagnostic, ...]
    lang: Language


def formatted(source: Source, lang: Language | None = None) -> Formatted:
    """Put a file into canonical style.

    ``lang`` translates the words of the language; by default each file keeps its own, the one of most of its words.
    The text is None when the file has syntax errors, or (WK9002) when the formatted text would not say the same.
    """
    file, found = parse(source)
    own = language(source, file)
    text = None
    if file is not None and not any(each.severity is Severity.ERROR for each in found):
        text = print_file(source, file, lang or own)
        if changed(file, text, lang or own) is not None:
            text = None
            found = (*found, diagnostic("WK9002", source.span(0, 0), file=source.name))
    return Formatted(text, tuple(in_language(each, own, own) for each in found), own)


def format_source(source: Source, lang: Language | None = None) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """Return the text and what was found of `formatted`."""
    made = formatted(source, lang)
    return made.text, made.found

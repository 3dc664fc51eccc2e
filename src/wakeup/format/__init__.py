"""One canonical style, in either language: tree and comments to text. It never changes what a file says."""

from wakeup.diagnostics import Diagnostic, Language, Severity, diagnostic
from wakeup.format.printer import print_file
from wakeup.format.safety import changed
from wakeup.source import Source
from wakeup.syntax import parse
from wakeup.syntax.language import language

__all__ = ["format_source"]


def format_source(source: Source, lang: Language | None = None) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """Return a file's text in canonical style, and what was found while reading it.

    ``lang`` translates the words of the language; by default each file keeps its own, the one of most of its words.
    The text is None when the file has syntax errors, or (WK9002) when the formatted text would not say the same.
    """
    file, found = parse(source)
    if file is None or any(each.severity is Severity.ERROR for each in found):
        return None, found
    spoken = lang or language(source, file)
    text = print_file(source, file, spoken)
    if changed(file, text, spoken) is None:
        return text, found
    return None, (*found, diagnostic("WK9002", source.span(0, 0), file=source.name))

"""A file with some of its literals written anew; every other character stays as it is."""

from collections.abc import Sequence

from wakeup.diagnostics import Language
from wakeup.format.literals import literal
from wakeup.format.words import Words
from wakeup.source import Source, Span
from wakeup.syntax.nodes import Literal


def rewritten(source: Source, changes: Sequence[tuple[Span, Literal]], lang: Language) -> Source:
    """Return the file with each literal at its span; the spans are ascending and do not overlap."""
    words, pieces, at = Words(lang), [], 0
    for span, value in changes:
        pieces += [source.text[at : span.start], literal(words, value)]
        at = span.end
    return Source(source.name, "".join((*pieces, source.text[at:])))

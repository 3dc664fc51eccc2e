"""Diagnostics for the editor, each in the language of the file that it is about, and the edits that mend them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from lsprotocol import types

from wakeup.diagnostics import Diagnostic, Fix, Language, Severity, in_language
from wakeup.lsp.places import Places
from wakeup.lsp.reading import Reading
from wakeup.source import Span

SOURCE: Final = "wakeup"

_SEVERITIES: Final[Mapping[Severity, types.DiagnosticSeverity]] = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.NOTE: types.DiagnosticSeverity.Information,
}

_HELP: Final[Mapping[Language, str]] = {"en": "help: ", "zh": "帮助："}


def by_file(reading: Reading, places: Places) -> dict[str, list[types.Diagnostic]]:
    """Return what is wrong with a campaign and its imports, by URI, the campaign's own always there."""
    found: dict[str, list[types.Diagnostic]] = {places.uri(reading.path): []}
    for each in reading.problems:
        name = reading.source.name if each.span is None else each.span.source
        path, _, lang = reading.texts.get(name, (reading.path, reading.source, reading.lang))
        found.setdefault(places.uri(path), []).append(_shown(in_language(each, lang), lang, reading, places))
    return found


def _shown(each: Diagnostic, lang: Language, reading: Reading, places: Places) -> types.Diagnostic:
    remarks = [*each.notes, *([f"{_HELP[lang]}{each.help}"] if each.help is not None else [])]
    return types.Diagnostic(
        range=_range(each.span, reading, places),
        message="\n".join((each.message, *remarks)),
        severity=_SEVERITIES[each.severity],
        code=each.code,
        source=SOURCE,
        related_information=[
            types.DiagnosticRelatedInformation(places.location(reading, label.span), str(label.text))
            for label in each.labels
            if label.span.source in reading.texts
        ],
    )


def _range(span: Span | None, reading: Reading, places: Places) -> types.Range:
    if span is None or span.source not in reading.texts:
        return types.Range(types.Position(0, 0), types.Position(0, 0))
    return places.range(reading, span)


def fixes(
    reading: Reading, span: Span, wanted: Sequence[types.Diagnostic], places: Places
) -> Iterator[types.CodeAction]:
    """Return the fixes of what is wrong under a span of the main file, as edits of whichever file they change.

    `wanted` are the diagnostics that the editor asks about, of which each fix names its own.
    """
    for each in reading.problems:
        if each.fix is None or each.span is None or not _touch(each.span, span):
            continue
        told = in_language(each, reading.lang)
        if told.fix is None:
            continue
        yield types.CodeAction(
            title=told.fix.described(told.lang),
            kind=types.CodeActionKind.QuickFix,
            diagnostics=[
                one for one in wanted if one.code == each.code and one.range == places.range(reading, each.span)
            ],
            is_preferred=True,
            edit=_edit(told.fix, reading, places),
        )


def _touch(one: Span, other: Span) -> bool:
    return one.source == other.source and one.start <= other.end and other.start <= one.end


def _edit(fix: Fix, reading: Reading, places: Places) -> types.WorkspaceEdit:
    where = places.location(reading, fix.span)
    text = places.lines(reading.texts[fix.span.source][0], str(fix.replacement))
    return places.edit({where.uri: [types.TextEdit(where.range, text)]})

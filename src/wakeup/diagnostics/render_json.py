"""Diagnostics as JSON for other programs."""

import json
from collections.abc import Iterable, Mapping

from wakeup.diagnostics.model import Diagnostic
from wakeup.source import Source, Span
from wakeup.source.columns import utf16_units

FORMAT_VERSION = 1
"""Grows when a key changes its meaning or goes; new keys do not change it."""


def render_json(diagnostics: Iterable[Diagnostic], sources: Mapping[str, Source]) -> str:
    """Return the diagnostics as a JSON document that ends in a line end.

    Lines and columns are from 1, columns in code points; ``offset`` (code points) and ``utf16`` (units into the line)
    are from 0. A span whose source is not in ``sources`` has offsets only.
    """
    document = {"format_version": FORMAT_VERSION, "diagnostics": [_diagnostic(each, sources) for each in diagnostics]}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _diagnostic(each: Diagnostic, sources: Mapping[str, Source]) -> dict[str, object]:
    fix = each.fix
    return {
        "code": each.code,
        "severity": each.severity.value,
        "lang": each.lang,
        "message": each.message,
        "span": _span(each.span, sources),
        "labels": [{"span": _span(label.span, sources), "text": str(label.text)} for label in each.labels],
        "help": each.help,
        "fix": None
        if fix is None
        else {"span": _span(fix.span, sources), "replacement": str(fix.replacement), "title": str(fix.title)},
        "notes": list(each.notes),
    }


def _span(span: Span | None, sources: Mapping[str, Source]) -> dict[str, object] | None:
    if span is None:
        return None
    source = sources.get(span.source)
    return {"file": span.source, "start": _point(span.start, source), "end": _point(span.end, source)}


def _point(offset: int, source: Source | None) -> dict[str, int]:
    if source is None:
        return {"offset": offset}
    line, column = source.position(min(offset, len(source.text)))
    return {
        "offset": offset,
        "line": line,
        "column": column,
        "utf16": utf16_units(source.line_text(line)[: column - 1]),
    }

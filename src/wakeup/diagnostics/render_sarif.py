"""Diagnostics as SARIF 2.1.0, which code hosts show beside the lines that a change touches.

Published form: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0. Columns are counted in UTF-16
units and the run says so (`columnKind`); lines and columns are from 1, the end column is one past the last.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from attrs import frozen

from wakeup.diagnostics.model import Diagnostic, Fix, Label
from wakeup.diagnostics.page import page, page_markdown
from wakeup.diagnostics.registry import Code, registry
from wakeup.source import Source, Span
from wakeup.source.columns import utf16_units
from wakeup.terms.language import Language

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
ROOT = "%SRCROOT%"
"""What relative paths are relative to; the reader says where that is."""

_LANGUAGES: Mapping[Language, str] = {"en": "en-US", "zh": "zh-CN"}
_HELP: Mapping[Language, str] = {"en": "help: ", "zh": "帮助："}


def render_sarif(diagnostics: Iterable[Diagnostic], sources: Mapping[str, Source], *, version: str) -> str:
    """Return one run of `wakeup check` as a SARIF document that ends in a line end.

    Every code that occurs is a rule of the run, with its page as help, in the language of its first message.
    ``version`` is that of wakeup. A run has one language; where the messages have two, it names that of the most. A
    span whose source is not in ``sources`` has its file only.
    """
    told = tuple(diagnostics)
    langs: dict[str, Language] = {}
    for each in told:
        langs.setdefault(each.code, each.lang)
    codes = tuple(langs)
    spoken = Counter(each.lang for each in told).most_common(1)
    places = _Places(sources)
    rules = [_rule(registry()[code], lang) for code, lang in langs.items()]
    driver = {"name": "wakeup", "version": version, "rules": rules}
    run = {
        "tool": {"driver": driver},
        "language": _LANGUAGES[spoken[0][0] if spoken else "en"],
        "columnKind": "utf16CodeUnits",
        "results": [_result(each, codes.index(each.code), places) for each in told],
    }
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _rule(entry: Code, lang: Language) -> dict[str, Any]:
    return {
        "id": entry.code,
        "shortDescription": {"text": entry.heading(lang)},
        "fullDescription": {"text": entry.reason(lang)},
        "help": {"text": page(entry, lang), "markdown": page_markdown(entry, lang)},
        "defaultConfiguration": {"level": entry.severity.value},
    }


def _result(each: Diagnostic, rule: int, places: "_Places") -> dict[str, Any]:
    remarks = [*each.notes, *([f"{_HELP[each.lang]}{each.help}"] if each.help is not None else [])]
    result: dict[str, Any] = {
        "ruleId": each.code,
        "ruleIndex": rule,
        "level": each.severity.value,
        "message": {"text": "\n".join((each.message, *remarks))},
    }
    if each.span is not None:
        result["locations"] = [{"physicalLocation": places.of(each.span)}]
    if each.labels:
        result["relatedLocations"] = [_related(index, label, places) for index, label in enumerate(each.labels)]
    if each.fix is not None and each.fix.span.source in places.sources:
        result["fixes"] = [_fix(each.fix, each.lang, places)]
    return result


def _related(index: int, label: Label, places: "_Places") -> dict[str, Any]:
    return {"id": index, "physicalLocation": places.of(label.span), "message": {"text": str(label.text)}}


def _fix(fix: Fix, lang: Language, places: "_Places") -> dict[str, Any]:
    replacement = {"deletedRegion": places.region(fix.span), "insertedContent": {"text": str(fix.replacement)}}
    change = {"artifactLocation": _artifact(fix.span.source), "replacements": [replacement]}
    return {"description": {"text": fix.described(lang)}, "artifactChanges": [change]}


@frozen
class _Places:
    """Spans as locations in the texts that they point into."""

    sources: Mapping[str, Source]

    def of(self, span: Span) -> dict[str, Any]:
        """A physical location; without a region when the text is not known."""
        located: dict[str, Any] = {"artifactLocation": _artifact(span.source)}
        if span.source in self.sources:
            located["region"] = self.region(span)
        return located

    def region(self, span: Span) -> dict[str, int]:
        """A region of a known text; an empty span is the point before a character."""
        source = self.sources[span.source]
        (line, column), (end_line, end_column) = (_point(source, offset) for offset in (span.start, span.end))
        return {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}


def _point(source: Source, offset: int) -> Sequence[int]:
    line, column = source.position(min(offset, len(source.text)))
    return line, utf16_units(source.line_text(line)[: column - 1]) + 1


def _artifact(name: str) -> dict[str, str]:
    # A path is text, a URI is ASCII: what has a meaning in a URI, and what is not ASCII, is percent-encoded.
    path = quote(name, safe="/", errors="replace")
    return {"uri": f"file://{path}"} if name.startswith("/") else {"uri": path, "uriBaseId": ROOT}

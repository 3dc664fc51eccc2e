"""Diagnostics as workflow commands of GitHub Actions: each becomes an annotation beside its line.

Form and escapes: GitHub Docs, "Workflow commands for GitHub Actions"; the escapes are those of `@actions/core`
(`toolkit/packages/core/src/command.ts`). Columns are code points from 1.
"""

from collections.abc import Iterable, Iterator, Mapping

from wakeup.diagnostics.model import Diagnostic, Severity
from wakeup.source import Source, Span
from wakeup.source.columns import shown
from wakeup.terms.language import Language

_COMMANDS: Mapping[Severity, str] = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_HELP: Mapping[Language, str] = {"en": "help: ", "zh": "帮助："}


def render_github(diagnostics: Iterable[Diagnostic], sources: Mapping[str, Source]) -> str:
    """Return one command a line, each ending in a line end; an empty text when there is nothing to say.

    A span whose source is not in ``sources`` has its file only.
    """
    return "".join(f"{_command(each, sources)}\n" for each in diagnostics)


def _command(each: Diagnostic, sources: Mapping[str, Source]) -> str:
    place = {} if each.span is None else dict(_place(each.span, sources))
    properties = {**place, "title": each.code}
    told = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    remarks = [*each.notes, *([f"{_HELP[each.lang]}{each.help}"] if each.help is not None else [])]
    return f"::{_COMMANDS[each.severity]} {told}::{_data(each.message, *remarks)}"


def _place(span: Span, sources: Mapping[str, Source]) -> Iterator[tuple[str, str | int]]:
    yield "file", span.source
    source = sources.get(span.source)
    if source is None:
        return
    start, end = (source.position(min(offset, len(source.text))) for offset in (span.start, span.end))
    yield from (("line", start[0]), ("endLine", end[0]))
    if start[0] == end[0]:  # columns of a range over several lines are refused
        yield from (("col", start[1]), ("endColumn", end[1]))


def _data(*lines: str) -> str:
    return "\n".join(shown(line) for line in lines).replace("%", "%25").replace("\n", "%0A")


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")

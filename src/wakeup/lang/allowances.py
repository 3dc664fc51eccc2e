"""`allow CODE "reason"`: findings that the author has seen and means so."""

from collections.abc import Iterable, Iterator

from attrs import frozen

from wakeup.diagnostics import Diagnostic, Fix, Say, Severity, diagnostic, registry, suggest
from wakeup.lang.project import Module, Project
from wakeup.lang.reader import did_you_mean
from wakeup.source import Span
from wakeup.syntax.nodes import Allow

BEYOND_THE_FILE = "WK39"
"""Codes of what one campaign cannot show by itself: most need people, WK3940 other campaigns checked together with it.
Whether an allowance of one is used is not known here."""


@frozen
class Allowance:
    """A code that is allowed within `where`; `place` is where the code is written."""

    code: str
    where: Span
    place: Span

    def covers(self, found: Diagnostic) -> bool:
        """Whether a diagnostic is meant."""
        if found.code != self.code or found.severity is Severity.ERROR:
            return False
        where, span = self.where, found.span
        return span is not None and span.source == where.source and where.start <= span.start and span.end <= where.end


def allowances(project: Project) -> tuple[Allowance, ...]:
    """Everything that the files of a project allow."""
    return tuple(Allowance(each.code.written, where, each.code.span) for _, each, where in _all(project))


def wrong(project: Project) -> Iterator[Diagnostic]:
    """Allowances of codes that do not exist or are errors, and such without a reason."""
    for _, allow, _ in _all(project):
        code = allow.code.written
        entry = registry().get(code)
        if entry is None:
            near = suggest(code, registry())
            fix = Fix(allow.code.span, near[0], Say("use")) if len(near) == 1 else None
            told = did_you_mean(near) if near else None
            yield diagnostic("WK2140", allow.code.span, fix=fix, help=told, name=code)
        elif entry.severity is Severity.ERROR:
            yield diagnostic("WK2141", allow.code.span, name=code)
        if not allow.reason.value.strip():
            yield diagnostic("WK2142", allow.reason.span, name=code)


def unused(project: Project, found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Allowances of the campaign file that allow nothing; a library's may serve another campaign."""
    found = tuple(found)
    for module, allow, where in _all(project):
        each = Allowance(allow.code.written, where, allow.code.span)
        known = registry().get(each.code)
        if module is not project.main or known is None or known.severity is Severity.ERROR:
            continue
        if not each.code.startswith(BEYOND_THE_FILE) and not any(map(each.covers, found)):
            yield diagnostic("WK3325", allow.span, name=each.code)


def _all(project: Project) -> Iterator[tuple[Module, Allow, Span]]:
    for module in project:
        whole = module.source.span(0, len(module.source.text))
        yield from ((module, each, whole) for each in module.file.allows)
        for decl in module.file.decls:
            yield from ((module, each, decl.span) for each in decl.items if isinstance(each, Allow))

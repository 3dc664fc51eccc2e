"""Where `tune(…)` may stand: it marks a choice of ours, in the campaign's own file."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from attrs import evolve, fields, frozen, has

from wakeup.diagnostics import Diagnostic, Named, diagnostic
from wakeup.lang.project import Project
from wakeup.source import Span
from wakeup.syntax.nodes import Amount, Decl, File, Property
from wakeup.syntax.tunes import choices

GIVEN: Final = frozenset({"assume", "scenario", "goal", "expect", "customers"})
"""Declarations of what is not ours to choose."""


@frozen
class Tuned:
    """A number that may vary.

    label: the declaration and the property or statement, as written, numbered where one has several. span: the whole
    `tune(…)`. values: what the number may be, ascending. kind: of the declaration.
    """

    label: str
    span: Span
    values: tuple[Amount, ...]
    kind: str


def tuned(file: File) -> tuple[Tuned, ...]:
    """Return the numbers of a file that may vary, in file order."""
    found = [each for decl in file.decls for each in _tuned(decl)]
    several = {label for label, count in Counter(each.label for each in found).items() if count > 1}
    seen: Counter[str] = Counter()
    named = []
    for each in found:
        seen[each.label] += 1
        more = f" {seen[each.label]}" if each.label in several else ""
        named.append(evolve(each, label=each.label + more))
    return tuple(named)


def misplaced(project: Project) -> Iterator[Diagnostic]:
    """`tune` where nothing is ours to choose, or in a library, which other campaigns use as it is."""
    for module in project:
        for each in tuned(module.file):
            if module is not project.main:
                yield diagnostic("WK3341", each.span)
            elif each.kind in GIVEN:
                yield diagnostic("WK3340", each.span, kind=Named(each.kind))


def _tuned(decl: Decl) -> Iterator[Tuned]:
    name = decl.kind if decl.name is None else decl.name.written
    parts: list[tuple[str, object]] = [(name, decl.subject)]
    for item in decl.items:
        what = item.key.written if isinstance(item, Property) else type(item).__name__.lower()
        parts.append((f"{name}: {what}", item))
    for label, part in parts:
        for amount in _amounts(part):
            if amount.tune is not None:
                yield Tuned(label, amount.span, choices(amount.tune), decl.kind)


def _amounts(node: object) -> Iterator[Amount]:
    """Yield the numbers in a node, in order; those inside a `tune` are not looked at."""
    if isinstance(node, tuple):
        for each in node:
            yield from _amounts(each)
    elif isinstance(node, Amount):
        yield node
    elif has(kind := type(node)):
        for each in fields(kind):
            yield from _amounts(getattr(node, each.name))

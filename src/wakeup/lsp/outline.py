"""The shape of a file: what it declares, as a tree, and what an editor can fold."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Final

from lsprotocol import types

from wakeup.lsp.places import Places
from wakeup.lsp.reading import Reading
from wakeup.source import Source, Span
from wakeup.syntax import nodes as n

_KINDS: Final[Mapping[str, types.SymbolKind]] = {
    "campaign": types.SymbolKind.Module,
    "tier": types.SymbolKind.Enum,
    "budget": types.SymbolKind.Package,
    "segment": types.SymbolKind.Class,
    "channel": types.SymbolKind.Interface,
    "message": types.SymbolKind.String,
    "journey": types.SymbolKind.Function,
    "scenario": types.SymbolKind.Event,
    "staff": types.SymbolKind.Object,
    "cost": types.SymbolKind.Number,
    "goal": types.SymbolKind.Boolean,
    "expect": types.SymbolKind.Boolean,
}
_OTHER: Final = types.SymbolKind.Constant

_PARTS: Final[Mapping[str, types.SymbolKind]] = {
    "tier": types.SymbolKind.EnumMember,
    "budget": types.SymbolKind.Number,
}
"""Kinds whose keys the author names -> what those are."""


# --------------------------------------------------------------------------- symbols


def symbols(reading: Reading, places: Places) -> list[types.DocumentSymbol]:
    """Return what the main file declares, in its order, with bands, budget lines, splits and arms below."""
    if reading.file is None:
        return []
    outline = _Outline(reading.source, places)
    entries: list[n.Import | n.Decl] = [*reading.file.imports, *reading.file.decls]
    entries.sort(key=lambda entry: entry.span.start)
    return [outline.entry(entry) for entry in entries]


class _Outline:
    def __init__(self, source: Source, places: Places) -> None:
        self.source = source
        self.places = places

    def entry(self, entry: n.Import | n.Decl) -> types.DocumentSymbol:
        if isinstance(entry, n.Import):
            alias = entry.alias
            return self.symbol(alias.written, entry.path.value, types.SymbolKind.Namespace, entry.span, alias.span)
        noun = self.source.text[entry.head.start : entry.head.end].split(maxsplit=1)[0]
        below = list(self.below(entry))
        kind = _KINDS.get(entry.kind, _OTHER)
        if entry.name is None:
            told = "" if entry.subject is None else " ".join(self.source.text_of(entry.subject.span).split())
            return self.symbol(told or noun, noun if told else "", kind, entry.span, entry.head, below)
        title = "" if entry.title is None else f" · {entry.title.value}"
        return self.symbol(entry.name.written, noun + title, kind, entry.span, entry.name.span, below)

    def below(self, decl: n.Decl) -> Iterator[types.DocumentSymbol]:
        if decl.kind in _PARTS:
            for prop in decl.props:
                told = " ".join(self.source.text_of(prop.value.span).split())
                yield self.symbol(prop.key.written, told, _PARTS[decl.kind], prop.span, prop.key.span)
        yield from self.splits(decl.items)

    def splits(self, items: Iterable[n.Item]) -> Iterator[types.DocumentSymbol]:
        for item in items:
            match item:
                case n.Split():
                    arms = [self.arm(arm) for arm in item.arms]
                    yield self.symbol(item.name.written, "", types.SymbolKind.Enum, item.span, item.name.span, arms)
                case n.If(then=then, otherwise=otherwise):
                    yield from self.splits((*then, *otherwise))

    def arm(self, arm: n.Arm) -> types.DocumentSymbol:
        share = self.source.text_of(arm.share.span)
        below = list(self.splits(arm.body))
        return self.symbol(arm.name.written, share, types.SymbolKind.EnumMember, arm.span, arm.name.span, below)

    def symbol(
        self,
        name: str,
        detail: str,
        kind: types.SymbolKind,
        span: Span,
        name_span: Span,
        below: list[types.DocumentSymbol] | None = None,
    ) -> types.DocumentSymbol:
        whole, own = self.places.span(self.source, span), self.places.span(self.source, name_span)
        return types.DocumentSymbol(name, kind, whole, own, detail=detail or None, children=below or None)


# --------------------------------------------------------------------------- folds


def folds(reading: Reading) -> list[types.FoldingRange]:
    """Return what can be folded: blocks, runs of imports, runs of comments."""
    if reading.file is None:
        return []
    imports = types.FoldingRangeKind.Imports
    found = [
        *_spans(reading.source, _blocks(reading.file.decls)),
        *_runs(reading.source, [each.span for each in reading.file.imports], imports),
        *_runs(reading.source, [each.span for each in reading.file.comments if not each.trailing]),
    ]
    return sorted(found, key=lambda fold: (fold.start_line, fold.end_line))


def _blocks(decls: Iterable[n.Decl]) -> Iterator[Span]:
    for decl in decls:
        if decl.items:
            yield decl.span
        yield from _statements(decl.items)


def _statements(items: Iterable[n.Item]) -> Iterator[Span]:
    for item in items:
        match item:
            case n.If(then=then, otherwise=otherwise, span=span):
                yield span
                yield from _statements((*then, *otherwise))
            case n.Split(arms=arms, span=span):
                yield span
                for arm in arms:
                    yield arm.span
                    yield from _statements(arm.body)


def _spans(source: Source, spans: Iterable[Span]) -> Iterator[types.FoldingRange]:
    for span in spans:
        first, last = source.position(span.start)[0] - 1, source.position(span.end)[0] - 1
        if last > first:
            yield types.FoldingRange(first, last)


def _runs(
    source: Source, spans: list[Span], kind: types.FoldingRangeKind = types.FoldingRangeKind.Comment
) -> Iterator[types.FoldingRange]:
    """Lines that follow one another, each with a span of its own."""
    lines = sorted({source.position(span.start)[0] - 1 for span in spans})
    begun = None
    for line, following in pairwise((*lines, -1)):
        begun = line if begun is None else begun
        if following != line + 1:
            if line > begun:
                yield types.FoldingRange(begun, line, kind=kind)
            begun = None

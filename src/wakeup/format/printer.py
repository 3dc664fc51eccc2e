"""The tree -> canonical text: a function of the tree, its comments and blank lines, never of where lines ended."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from attrs import evolve, frozen

from wakeup.diagnostics import Language
from wakeup.format.gaps import Gaps
from wakeup.format.items import Items, named_by_author
from wakeup.format.layout import Layout, Part, fits, padded
from wakeup.format.literals import quoted
from wakeup.format.phrases import Phrases, Role
from wakeup.format.words import Words
from wakeup.source import Source
from wakeup.source.columns import cells
from wakeup.syntax import nodes as n
from wakeup.syntax.lexicon import lexicon

_TALL = frozenset({"campaign", "customers", "tier", "causes", "budget", "channel", "cadence", "journey"})
"""Kinds whose items have lines of their own, however short."""

Entry: TypeAlias = n.Import | n.Decl | n.Allow
"""What stands in a file outside of blocks."""

_VERSION = re.compile(r"(?:\s|#[^\n]*\n)*(?P<line>wakeup(?:\s|#[^\n]*\n)*[0-9]+)")


def print_file(source: Source, file: n.File, lang: Language) -> str:
    """Return the text of a file that has no syntax errors, in a language."""
    words = Words(lang)
    gaps = Gaps(source, file.comments)
    layout = Layout(source, gaps)
    phrases = Phrases(words, frozenset(_declared(file)))
    return _Printer(words, phrases, gaps, layout, Items(words, phrases, gaps, layout)).file(source, file)


def _declared(file: n.File) -> Iterator[str]:
    """Yield the names that a value may mean: of imports, declarations, bands and budget lines."""
    for each in file.imports:
        yield each.alias.written
    for decl in file.decls:
        if decl.name is not None:
            yield decl.name.written
        if named_by_author(decl.kind):
            yield from (prop.key.written for prop in decl.props)


@frozen
class _Printer:
    words: Words
    phrases: Phrases
    gaps: Gaps
    layout: Layout
    items: Items

    # ------------------------------------------------------------------ file

    def file(self, source: Source, file: n.File) -> str:
        """Return the whole text."""
        entries: list[Entry] = [*file.imports, *file.decls, *file.allows]
        entries.sort(key=lambda entry: entry.span.start)
        widths = self._goal_widths(entries)
        parts = [self._version(source, file)]
        before: Entry | None = None
        for entry in entries:
            apart = before is None or (isinstance(before, n.Import) and isinstance(entry, n.Decl))
            part = self._entry(entry, widths)
            parts.append(evolve(part, apart=apart))
            before = entry
        return "\n".join(self.layout.body(parts, 0, len(source.text), 0).lines) + "\n"

    def _entry(self, entry: Entry, widths: Mapping[int, int]) -> Part:
        match entry:
            case n.Import():
                return self._import(entry)
            case n.Allow():
                return Part(entry.span, [self.items.allow(entry)], self.gaps.within(entry.span.start, entry.span.end))
            case _:
                return self._decl(entry, widths)

    def _version(self, source: Source, file: n.File) -> Part:
        match = _VERSION.match(source.text)
        assert match is not None
        span = source.span(*match.span("line"))
        line = f"{self.words.keyword('WAKEUP')} {file.version}"
        return Part(span, [line], self.gaps.within(span.start, span.end))

    def _import(self, entry: n.Import) -> Part:
        words = [self.words.keyword("IMPORT"), quoted(entry.path.value), self.words.keyword("AS"), entry.alias.written]
        return Part(entry.span, [" ".join(words)], self.gaps.within(entry.span.start, entry.span.end))

    # ------------------------------------------------------------------ declarations

    def _decl(self, decl: n.Decl, widths: Mapping[int, int]) -> Part:
        if decl.kind not in lexicon().shapes:
            line = self._claim(decl, widths.get(decl.span.start, 0))
            return Part(decl.span, [line], self.gaps.within(decl.span.start, decl.span.end))
        start, stop = self.gaps.block(decl.span.start)
        return Part(decl.span, self._block(decl, start, stop), self.gaps.within(decl.span.start, start))

    def _block(self, decl: n.Decl, start: int, stop: int) -> Sequence[str]:
        head = self._head(decl)
        if not decl.items and not self.gaps.within(start, stop):
            return [f"{head} {{}}"]
        tall = decl.kind in _TALL or decl.by is not None or len(decl.props) < len(decl.items)
        if not tall and self.gaps.are_plain([item.span for item in decl.items], start, stop):
            line = f"{head} {{ {self.items.row(decl)} }}"
            if fits(line):
                return [line]
        return [*self.layout.opened(head, self.layout.body(self.items.of(decl), start, stop, 1)), "}"]

    def _head(self, decl: n.Decl) -> str:
        words = [self.words.noun(decl.kind)]
        if decl.name is not None:
            words.append(decl.name.written)
        if decl.title is not None:
            words.append(quoted(decl.title.value))
        if decl.subject is not None:
            words.append(self.phrases.value("", decl.subject))
        if decl.by is not None:
            # A tier is by an attribute, a laddered incentive by a tier.
            role = Role.WORD if decl.kind == "tier" else Role.NAME
            words += [self.words.keyword("BY"), self.phrases.ref(decl.by, role, event=False)]
        if decl.via is not None:
            words += [self.words.keyword("VIA"), decl.via.written]
        if decl.scope is not None:
            words.append(self.phrases.scope(decl.scope, kinds=decl.kind == "assume"))
        return " ".join(words)

    # ------------------------------------------------------------------ goals and expectations

    def _claim(self, decl: n.Decl, width: int) -> str:
        assert decl.subject is not None
        text = self.phrases.value(decl.kind, decl.subject)
        if width:
            figure = self._figure(decl)
            text = padded(figure, width) + text.removeprefix(figure)
        return f"{self.words.noun(decl.kind)} {text}"

    def _goal_widths(self, entries: Sequence[Entry]) -> dict[int, int]:
        """Offset of each English goal -> cells of the longest figure of the goals directly above and below it."""
        found: dict[int, int] = {}
        run: list[n.Decl] = []
        for entry in entries:
            if self.words.zh or not isinstance(entry, n.Decl) or not self._figure(entry):
                run = []
                continue
            if not run or self.gaps.between(run[-1].span.end, entry.span.start).lines or self._commented(entry):
                run = []
            run.append(entry)
            width = max(cells(self._figure(each)) for each in run)
            found |= dict.fromkeys((each.span.start for each in run), width)
        return found

    def _commented(self, decl: n.Decl) -> bool:
        """Tell whether comments from inside a declaration will stand before it."""
        return bool(self.gaps.within(decl.span.start, decl.span.end))

    def _figure(self, decl: n.Decl) -> str:
        """Return the figure that a goal compares, an empty text for anything else."""
        if decl.kind != "goal" or decl.subject is None or not isinstance(decl.subject.head, n.Compare):
            return ""
        return self.phrases.figure(decl.subject.head.left)

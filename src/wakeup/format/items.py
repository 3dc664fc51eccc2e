"""Items of a block (properties, statements, the arms of a split) as parts with their lines."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from attrs import frozen

from wakeup.format import literals
from wakeup.format.gaps import Gaps
from wakeup.format.layout import INDENT, Layout, Part, fits, padded
from wakeup.format.phrases import LABELS, Phrases, Role
from wakeup.format.words import Words, begins_item
from wakeup.source.columns import cells
from wakeup.syntax import nodes as n
from wakeup.syntax.build import FIELD_KEYS
from wakeup.syntax.lexicon import lexicon
from wakeup.syntax.nodes import Comment

_JOURNEY = "journey"
_CHAIN = 64
"""Conditions of one `if … else if …`: the parser takes no more."""


def named_by_author(kind: str) -> bool:
    """Tell whether the keys of a kind are names of the author's: tier bands, budget lines."""
    return kind in lexicon().shapes and lexicon().shapes[kind].holds == "bands"


def _place(decl: n.Decl | None, prop: n.Property) -> str:
    """Return the key that tells what the value of a property is: where the author names the keys, the kind does."""
    by_kind = {"customers": LABELS, "causes": "where"}
    return prop.key.text if decl is None else by_kind.get(decl.kind, prop.key.text)


@frozen
class _Columns:
    """Widths that the properties of one block share: of a key with its colon, of an amount (0: none)."""

    key: int = 0
    amount: int = 0


@frozen
class _Branch:
    """One block of an `if`: its condition (None: the last `else`), where it begins and ends.

    ``before`` are the comments between the block before and this one.
    """

    condition: n.Value | None
    items: tuple[n.Item, ...]
    start: int
    stop: int
    before: Sequence[Comment] = ()


@frozen
class Items:
    """Prints items of one source in one language."""

    words: Words
    phrases: Phrases
    gaps: Gaps
    layout: Layout

    def of(self, decl: n.Decl) -> list[Part]:
        """Return the items of a declaration, one under another."""
        columns = self._columns(decl)
        return [
            self._property(decl, item, 1, columns) if isinstance(item, n.Property) else self._statement(item, 1)
            for item in decl.items
        ]

    def row(self, decl: n.Decl) -> str:
        """Return the properties of a declaration side by side."""
        return ", ".join(
            f"{self._key(decl, prop)}: {self.phrases.value(_place(decl, prop), prop.value)}" for prop in decl.props
        )

    # ------------------------------------------------------------------ properties

    def _columns(self, decl: n.Decl) -> _Columns:
        """Return the columns of a block: English properties stand in a table, a budget's amounts to the right.

        Full-width characters seldom are exactly two cells wide, so Chinese ones are not aligned.
        """
        if self.words.zh or decl.kind in ("journey", "cadence") or not decl.props:
            return _Columns()
        key = max(cells(self._key(decl, prop)) + 1 for prop in decl.props)
        if decl.kind != "budget" or not all(isinstance(prop.value.head, n.Money) for prop in decl.props):
            return _Columns(key)
        return _Columns(key, max(cells(self.phrases.value("", prop.value)) for prop in decl.props))

    def _key(self, decl: n.Decl | None, prop: n.Property) -> str:
        key = prop.key
        if decl is None:
            return self.words.key(_JOURNEY, key)
        # A laddered incentive has a key for each band of its tier.
        band = decl.by is not None and self.phrases.is_declared(key)
        band = band or (decl.kind == "customers" and key.text not in FIELD_KEYS)
        return key.written if band or named_by_author(decl.kind) else self.words.key(decl.kind, key)

    def _property(self, decl: n.Decl | None, prop: n.Property, depth: int, columns: _Columns) -> Part:
        lead = INDENT * depth + padded(self._key(decl, prop) + ":", columns.key) + " "
        clauses, between = self._clauses(_place(decl, prop), prop)
        inside = self.gaps.within(prop.span.start, prop.span.end)
        inner = [each for each in inside if not any(a <= each.span.start < b for a, b in between)]
        value = self.phrases.value(_place(decl, prop), prop.value)
        if len(inner) == len(inside) and fits(lead + value):
            return Part(prop.span, [lead + " " * (columns.amount - cells(value)) + value], inner)
        first, *others = clauses
        lines = [lead + first]
        for clause, (start, stop) in zip(others, between, strict=True):
            gap = self.gaps.between(start, stop)
            if gap.behind is not None:
                lines[-1] = self.layout.behind(lines[-1], gap.behind)
            lines += self.layout.moved([each for each in gap.lines if each is not None], depth + 1)
            lines.append(INDENT * (depth + 1) + clause)
        return Part(prop.span, lines, inner)

    def _clauses(self, place: str, prop: n.Property) -> tuple[list[str], list[tuple[int, int]]]:
        """Return the parts of a value that may stand on lines of their own, and the ranges between them."""
        head = prop.value.head
        items = head.items if isinstance(head, n.And | n.Or | n.ValueList) else ()
        first, *others = self.phrases.clauses(place, prop.value)
        clauses, between = [first], list[tuple[int, int]]()
        for clause, (a, b) in zip(others, pairwise(items), strict=True):
            if begins_item(clause):  # `points` at the beginning of a line declares something
                clauses[-1] += f" {clause}"
            else:
                clauses.append(clause)
                between.append((a.span.end, b.span.start))
        return clauses, between

    # ------------------------------------------------------------------ statements

    def _statements(self, items: Sequence[n.Item], depth: int) -> list[Part]:
        return [
            self._property(None, item, depth, _Columns())
            if isinstance(item, n.Property)
            else self._statement(item, depth)
            for item in items
        ]

    def _statement(self, item: n.Statement, depth: int) -> Part:
        if isinstance(item, n.If):
            return self._if(item, depth)
        if isinstance(item, n.Split):
            return self._split(item, depth)
        return Part(item.span, [INDENT * depth + self._plain(item)], self.gaps.within(item.span.start, item.span.end))

    def _plain(self, item: n.Statement) -> str:
        """Return a statement without a block."""
        words, phrases = self.words, self.phrases
        match item:
            case n.Send(message=message, incentives=incentives):
                given = [words.keyword("WITH"), self._names(incentives)] if incentives else []
                return " ".join((words.keyword("SEND"), message.written, *given))
            case n.Grant(incentives=incentives):
                return f"{words.keyword('GRANT')} {self._names(incentives)}"
            case n.Wait():
                return self._wait(item)
            case n.Promote():
                return self._promote(item)
            case n.AtMost(limit=limit):
                return phrases.cap(limit)
            case _:
                return self.allow(item) if isinstance(item, n.Allow) else words.keyword("EXIT")

    def allow(self, item: n.Allow) -> str:
        """Return what allows a finding."""
        return f"{self.words.keyword('ALLOW')} {item.code.written} {literals.quoted(item.reason.value)}"

    def _names(self, refs: Sequence[n.Ref]) -> str:
        return ", ".join(ref.written for ref in refs)

    def _wait(self, item: n.Wait) -> str:
        parts = [self.words.keyword("WAIT")]
        if item.until:
            parts.append(self.words.keyword("UNTIL"))
        if item.time is not None:
            parts.append(literals.literal(self.words, item.time))
        if item.events:
            parts.append(self.phrases.events(item.events))
        return " ".join(parts)

    def _promote(self, item: n.Promote) -> str:
        parts = [self.words.keyword("PROMOTE"), self.words.word(item.target, event=False)]
        if item.split is not None:
            parts += [self.words.keyword("OF"), item.split.written]
        for word, value in (("AFTER", item.after), ("SURE", item.sure)):
            if value is not None:
                parts += [self.words.keyword(word), literals.literal(self.words, value)]
        return " ".join(parts)

    # ------------------------------------------------------------------ blocks of statements

    def _short(self, items: Sequence[n.Item], start: int, stop: int) -> str | None:
        """Return a block on one line: of at most one statement that has no block itself, without comments."""
        if len(items) > 1 or self.gaps.within(start, stop):
            return None
        if not items:
            return "{}"
        (item,) = items
        if isinstance(item, n.If | n.Split):
            return None
        if isinstance(item, n.Property):
            return f"{{ {self._key(None, item)}: {self.phrases.value(item.key.text, item.value)} }}"
        return f"{{ {self._plain(item)} }}"

    def _if(self, item: n.If, depth: int) -> Part:
        branches = self._branches(item)
        inner = self.gaps.within(item.span.start, branches[0].start)
        line = self._one_line(item, branches, depth)
        if line is not None:
            return Part(item.span, [line], inner)
        lines: list[str] = []
        for branch in branches:
            last = branch is branches[-1]
            head = INDENT * depth + ("} " if lines else "") + self._branch_head(branch, first=not lines)
            after = self.gaps.within(branch.stop, item.span.end) if last else ()
            parts = self._statements(branch.items, depth + 1)
            body = self.layout.body(parts, branch.start, branch.stop, depth + 1, before=branch.before, after=after)
            lines += self.layout.opened(head, body)
        return Part(item.span, [*lines, INDENT * depth + "}"], inner)

    def _branches(self, item: n.If) -> list[_Branch]:
        found: list[_Branch] = []
        rest: tuple[n.Item, ...] = (item,)
        while len(rest) == 1 and isinstance(rest[0], n.If) and len(found) < _CHAIN:
            each = rest[0]
            start, stop = self.gaps.block(each.condition.span.end)
            before = self.gaps.within(found[-1].stop, start) if found else ()
            found.append(_Branch(each.condition, each.then, start, stop, before))
            rest = each.otherwise
        behind = found[-1].stop
        if len(rest) == 1 and isinstance(rest[0], n.If):
            # Written `else if` or `else { if … }`: there may be no brace of its own.
            found.append(_Branch(None, rest, behind + 1, item.span.end))
        elif rest:
            start, stop = self.gaps.block(behind)
            found.append(_Branch(None, rest, start, stop, self.gaps.within(behind, start)))
        return found

    def _branch_head(self, branch: _Branch, *, first: bool) -> str:
        parts = [] if first else [self.words.keyword("ELSE")]
        if branch.condition is not None:
            parts += [self.words.keyword("IF"), self.phrases.condition(branch.condition)]
        return " ".join(parts)

    def _one_line(self, item: n.If, branches: Sequence[_Branch], depth: int) -> str | None:
        if any(branch.condition is not None for branch in branches[1:]):
            return None
        if self.gaps.within(branches[0].start, item.span.end):
            return None
        blocks = [self._short(branch.items, branch.start, branch.stop) for branch in branches]
        if None in blocks:
            return None
        heads = [self._branch_head(branch, first=branch is branches[0]) for branch in branches]
        line = INDENT * depth + " ".join(f"{head} {block}" for head, block in zip(heads, blocks, strict=True))
        return line if fits(line) else None

    # ------------------------------------------------------------------ splits

    def _split(self, item: n.Split, depth: int) -> Part:
        parts = [self.words.keyword("SPLIT"), item.name.written]
        if item.measuring is not None:
            figure = self.phrases.ref(item.measuring, Role.WORD, event=False)
            parts += [self.words.keyword("MEASURING"), figure]
        if item.within is not None:
            parts += [self.words.keyword("WITHIN"), literals.literal(self.words, item.within)]
        head = INDENT * depth + " ".join(parts)
        start, stop = self.gaps.block(item.name.span.end)
        inner = self.gaps.within(item.span.start, start)
        if not item.arms and not self.gaps.within(start, stop):
            return Part(item.span, [f"{head} {{}}"], inner)
        body = self.layout.body(self._arms(item.arms, depth + 1), start, stop, depth + 1)
        return Part(item.span, [*self.layout.opened(head, body), INDENT * depth + "}"], inner)

    def _arms(self, arms: Sequence[n.Arm], depth: int) -> list[Part]:
        """Return the arms; those that all are short stand in a table, in English."""
        places = [self.gaps.block(arm.name.span.end) for arm in arms]
        shares = [literals.glued(self.words, arm.share) for arm in arms]
        names = [self._arm_name(arm) for arm in arms]
        blocks = [self._short(arm.body, *place) for arm, place in zip(arms, places, strict=True)]
        rows = self._table(shares, names, blocks, depth)
        return [
            Part(
                arm.span,
                [row] if row is not None else self._arm(arm, f"{share} {name}", place, depth),
                self.gaps.within(arm.span.start, place[0]),
            )
            for arm, share, name, place, row in zip(arms, shares, names, places, rows, strict=True)
        ]

    def _arm_name(self, arm: n.Arm) -> str:
        return arm.name.written if arm.title is None else f"{arm.name.written} {literals.quoted(arm.title.value)}"

    def _table(
        self, shares: Sequence[str], names: Sequence[str], blocks: Sequence[str | None], depth: int
    ) -> list[str | None]:
        """Return the arms' lines, None for one that needs several."""
        indent = INDENT * depth
        rows = [
            None if block is None else f"{indent}{share} {name} {block}"
            for share, name, block in zip(shares, names, blocks, strict=True)
        ]
        if rows and not self.words.zh and None not in blocks:
            widths = max(map(cells, shares)), max(map(cells, names))
            table = [
                f"{indent}{share:>{widths[0]}} {padded(name, widths[1])} {block}"
                for share, name, block in zip(shares, names, blocks, strict=True)
            ]
            if all(map(fits, table)):
                return list(table)
        return [row if row is not None and fits(row) else None for row in rows]

    def _arm(self, arm: n.Arm, head: str, place: tuple[int, int], depth: int) -> list[str]:
        body = self.layout.body(self._statements(arm.body, depth + 1), *place, depth + 1)
        return [*self.layout.opened(INDENT * depth + head, body), INDENT * depth + "}"]

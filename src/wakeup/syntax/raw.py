"""Small readings of the raw tree: children by name, spans, and a place to put what is wrong."""

from __future__ import annotations

from attrs import define, field

from wakeup.diagnostics import Diagnostic, diagnostic
from wakeup.source import Source, Span
from wakeup.syntax.layout import MAX_DEPTH
from wakeup.syntax.stack import Token, Tree


def tokens(tree: Tree, terminal: str | None = None) -> list[Token]:
    """Return the direct tokens of a tree, all or those of one terminal."""
    return [each for each in tree.children if isinstance(each, Token) and terminal in (None, each.type)]


def children(tree: Tree, rule: str) -> list[Tree]:
    """Return the direct subtrees of one rule."""
    return [each for each in tree.children if isinstance(each, Tree) and each.data == rule]


def child(tree: Tree, rule: str) -> Tree:
    """Return the direct subtree of a rule that the grammar guarantees."""
    return children(tree, rule)[0]


def _edge(tree: Tree, at: int) -> Token:
    """Return the first (0) or last (-1) token of a tree."""
    each = tree.children[at]
    while isinstance(each, Tree):
        each = each.children[at]
    return each


@define
class Raw:
    """One source's raw tree: spans of its parts, and the diagnostics found in it."""

    source: Source
    found: list[Diagnostic] = field(factory=list)

    def tell(self, told: Diagnostic) -> None:
        """Keep a diagnostic."""
        self.found.append(told)

    def place(self, token: Token) -> Span:
        """Return the span of a token."""
        return self.source.span(token.start, token.end)

    def span(self, tree: Tree) -> Span:
        """Return the span of a tree, from its first token to its last: every rule but the file's has some."""
        return self.source.span(_edge(tree, 0).start, _edge(tree, -1).end)

    def too_many(self, count: int, span: Span) -> bool:
        """Tell, with a message, whether a chain would nest deeper than the limit when it becomes nodes."""
        if count > MAX_DEPTH:
            self.tell(diagnostic("WK1006", span, limit=MAX_DEPTH))
        return count > MAX_DEPTH

"""The grammar, built once: LALR tables and the lexers of its states."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from functools import cache
from typing import Any

from attrs import frozen
from lark import Lark
from lark.lexer import ContextualLexer
from lark.parsers.lalr_parser_state import ParserState
from lark.utils import TextSlice

from wakeup.syntax.lexicon import terminals
from wakeup.terms.data import packaged_text

_LOCK = threading.Lock()


def build(**options: Any) -> Lark:
    """Build the parser from the packaged grammar; ``options`` go to Lark (tests ask for strictness)."""
    text = packaged_text("campaign.lark") + "\n" + terminals()
    return Lark(text, parser="lalr", lexer="contextual", maybe_placeholders=False, **options)


@frozen
class Grammar:
    """What the drive loop needs of Lark: action table and lexers. Safe to share between threads once built."""

    lark: Lark
    lexer: ContextualLexer
    table: Mapping[Any, Mapping[str, Any]]

    def begin(self) -> ParserState[Any]:
        """Return a fresh parser state."""
        return self.lark.parse_interactive("").parser_state

    def match(self, state: object, text: TextSlice[str], at: int) -> tuple[str, str] | None:
        """Return (text, terminal) of the token that the state reads at an offset, or None."""
        found: tuple[str, str] | None = self.lexer.lexers[state].match(text, at)  # type: ignore[index,attr-defined]
        return found

    def match_any(self, text: TextSlice[str], at: int) -> tuple[str, str] | None:
        """Return (text, terminal) of the token that any state could read at an offset, or None."""
        found: tuple[str, str] | None = self.lexer.root_lexer.match(text, at)  # type: ignore[attr-defined]
        return found

    def takes(self, stack: list[Any], terminal: str) -> bool:
        """Tell whether a parser with this state stack would shift the terminal (after any reductions)."""
        states = list(stack)
        while True:
            action = self.table[states[-1]].get(terminal)
            if action is None:
                return False
            kind, rule = action
            if kind.name == "Shift":
                return True
            if rule.expansion:
                del states[-len(rule.expansion) :]
            following = self.table[states[-1]].get(rule.origin.name)
            if following is None:
                return terminal == "$END"
            states.append(following[1])
            if terminal == "$END" and rule.origin.name == "start":
                return True


@cache
def _grammar() -> Grammar:
    lark = build()
    interactive = lark.parse_interactive("")
    lexer = interactive.lexer_thread.lexer
    assert isinstance(lexer, ContextualLexer)
    empty = TextSlice.cast_from("")
    # Scanners are made on first use and without a lock: make them all now.
    for each in (*lexer.lexers.values(), lexer.root_lexer):
        each.match(empty, 0)  # type: ignore[attr-defined]
    return Grammar(lark, lexer, interactive.parser_state.parse_conf.parse_table.states)


def grammar() -> Grammar:
    """Return the grammar; the first call of the process builds it."""
    with _LOCK:
        return _grammar()

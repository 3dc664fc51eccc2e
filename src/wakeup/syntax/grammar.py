"""The grammar as the drive loop uses it: tables and the lexers of their states, made once in a process."""

from __future__ import annotations

import re
from functools import cache

from attrs import define, field

from wakeup.syntax.lexicon import terminals
from wakeup.syntax.tables import FILE, Tables, fingerprint, from_bytes
from wakeup.terms.data import packaged, packaged_text

OFTEN = 20
"""Tokens read in a state before its own expression is worth compiling: a short file needs few of them."""


@define
class Lexers:
    """Regular expressions that find the next token; each is compiled when first wanted.

    Safe to share between threads: two that want the same one at once make it twice, and nothing else happens.
    """

    tables: Tables
    _uses: dict[int, int] = field(factory=dict, init=False)
    _of_state: dict[int, re.Pattern[str]] = field(factory=dict, init=False)
    _of_terminals: dict[tuple[str, ...], re.Pattern[str]] = field(factory=dict, init=False)

    def match(self, state: int, text: str, at: int) -> re.Match[str] | None:
        """Match the token that a state can read at an offset; its ``lastgroup`` names the terminal."""
        lexer = self._of_state.get(state)
        return self._match_slowly(state, text, at) if lexer is None else lexer.match(text, at)

    def match_any(self, text: str, at: int) -> re.Match[str] | None:
        """Match the token that any state could read at an offset."""
        return self.match(_ANY_STATE, text, at)

    def _match_slowly(self, state: int, text: str, at: int) -> re.Match[str] | None:
        """One terminal after the other: what all states share."""
        names = self._terminals(state)
        uses = self._uses[state] = self._uses.get(state, 0) + 1
        if uses > OFTEN:
            self._of_state[state] = self._compiled(names)
        found = (self._compiled((name,)).match(text, at) for name in names)
        return next((match for match in found if match is not None), None)

    def _terminals(self, state: int) -> tuple[str, ...]:
        row = self.tables.terminals if state == _ANY_STATE else self.tables.actions[state]
        return tuple(name for name in self.tables.terminals if name in row)

    def _compiled(self, names: tuple[str, ...]) -> re.Pattern[str]:
        found = self._of_terminals.get(names)
        if found is None:
            patterns = (f"(?P<{name}>{self.tables.terminals[name]})" for name in names)
            found = self._of_terminals[names] = re.compile("|".join(patterns) or "(?!)")
        return found


_ANY_STATE = -1


@cache
def lexers() -> Lexers:
    """Return the lexers of the packaged grammar, with its tables."""
    text = grammar_text()
    return Lexers(_prebuilt(fingerprint(text)) or _generated(text))


def grammar_text() -> str:
    """Return the whole grammar: the packaged one with the terminals that the lexicon gives it."""
    return packaged_text("campaign.lark") + "\n" + terminals()


def _generated(text: str) -> Tables:
    from wakeup.syntax.generate import generate  # loads Lark, which takes longer than all the rest

    return generate(text)


def _prebuilt(key: str) -> Tables | None:
    try:
        data = packaged(FILE)
    except OSError:
        return None
    return from_bytes(data, key)

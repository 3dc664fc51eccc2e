"""The drive loop: reads tokens, knows the lines, reports a fault, finds a place to go on.

The grammar ignores new lines; this loop does not. It holds that

* a line which begins with a key or a statement or declaration word begins a new item, so if the parser cannot take
  one there, the fault is there (or at the end of the line before);
* two items on one line need a separator.

After a fault it repairs what has one likely repair, else drops what was being read and skips to the next item.
"""

from __future__ import annotations

import re
from typing import Any

from attrs import define, field, frozen
from lark import Token, Tree
from lark.exceptions import UnexpectedToken
from lark.parsers.lalr_parser_state import ParserState
from lark.utils import TextSlice

from wakeup.diagnostics import Diagnostic, diagnostic
from wakeup.source import Source
from wakeup.syntax import faults, layout
from wakeup.syntax.faults import Fault
from wakeup.syntax.grammar import Grammar, grammar
from wakeup.syntax.nodes import Comment
from wakeup.syntax.terminals import AT_ITEM, DECLARES, ITEM_STARTS, STATEMENTS

MAX_TOKENS = 200_000
MAX_FAULTS = 100
"""Faults looked for in one file: nobody mends more in one go."""

_NAME = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_AFTER_BUDGET = re.compile(r"[ \t　]*[0-9０-９{｛]")
_AFTER_NOUN = re.compile(r'[ \t　]+(?:[^\W\d]|"|[{｛])|[ \t]*[{｛]')


@frozen
class Parsed:
    """What the loop leaves: the raw tree (None: the end was not reached), comments, docs by offset, faults."""

    tree: Tree[Token] | None
    comments: tuple[Comment, ...]
    docs: dict[int, str]
    found: tuple[Diagnostic, ...]


def drive(source: Source) -> Parsed:
    """Parse a text whose size and depth were checked before."""
    run = _Run(source, TextSlice.cast_from(source.text), grammar(), grammar().begin())
    tree = run.all()
    return Parsed(tree, tuple(run.comments), run.docs, tuple(run.found))


@define
class _Run:
    source: Source
    text: TextSlice[str]
    grammar: Grammar
    state: ParserState[Any]
    at: int = 0
    last: Token | None = None
    fresh: bool = True
    count: int = 0
    fault_line: int = 0
    stuck_at: int = -1
    lost: bool = False
    comments: list[Comment] = field(factory=list)
    docs: dict[int, str] = field(factory=dict)
    found: list[Diagnostic] = field(factory=list)

    def all(self) -> Tree[Token] | None:
        """Read to the end of the text."""
        while True:
            self._skip_trivia()
            if self.at >= len(self.source.text):
                return self._finish()
            token, fits = self._read()
            if fits and self._feed(token):
                self.count += 1
                if self.count > MAX_TOKENS:
                    self.found.append(diagnostic("WK1010", self.source.span(self.at, self.at), limit=MAX_TOKENS))
                    return None
            else:
                self._fail(token)
                if len(self.found) >= MAX_FAULTS:
                    return self._abandon()

    # ------------------------------------------------------------------ reading

    def _skip_trivia(self) -> None:
        start = self.at
        match = layout.TRIVIA.match(self.source.text, start)
        assert match is not None
        self.at = match.end()
        gap = self.source.text[start : self.at]
        if gap:
            self.fresh = self.fresh or "\n" in gap
        if "#" in gap:
            comments = layout.comments_in(self.source, start, self.at)
            self.comments.extend(comments)
            doc = layout.doc_of(self.source, comments)
            if doc is not None:
                self.docs[self.at] = doc

    def _read(self) -> tuple[Token, bool]:
        """Return the next token and whether the state may take it."""
        row = self.grammar.table[self.state.position]
        if self.fresh:
            word = self._any_token()
            if self._begins_item(word) and word.type not in row:
                return word, False
        match = self.grammar.match(self.state.position, self.text, self.at)
        if match is None:
            return self._any_token(), False
        token = self._token(match[1], match[0])
        if self._is_plain_word(token):
            return self._name_here() or token, False
        if token.type in DECLARES and not self._at_item() and "NAME" in row and not self._after_amount():
            # Inside a line a noun is a name: `do: pause channel`.
            token = self._name_here() or token
        if token.type == "NAME" and self.fresh and self._after_amount():
            # A unit stands on the line of its number; this is a word that begins a line and is not known.
            return token, False
        return token, True

    def _any_token(self) -> Token:
        """Return the token that stands here whatever the state, JUNK for a character nobody reads."""
        match = self.grammar.match_any(self.text, self.at)
        if match is None:
            return self._token("JUNK", self.source.text[self.at])
        if self._is_plain_word(self._token(match[1], match[0])):
            return self._name_here() or self._token(match[1], match[0])
        if match[1] not in ITEM_STARTS and (name := self._name_here()) is not None and match[1] != "NAME":
            return name if len(name) > len(match[0]) else self._token(match[1], match[0])
        return self._token(match[1], match[0])

    def _name_here(self) -> Token | None:
        match = _NAME.match(self.source.text, self.at)
        return None if match is None else self._token("NAME", match[0])

    def _token(self, terminal: str, text: str) -> Token:
        return Token(terminal, text, start_pos=self.at, end_pos=self.at + len(text))

    def _begins_item(self, token: Token) -> bool:
        if token.type in DECLARES:
            after = _AFTER_BUDGET if token.type in ("BUDGET", "WAKEUP") else _AFTER_NOUN
            return after.match(self.source.text, token.end_pos or 0) is not None
        return token.type in ITEM_STARTS and not self._else_if(token)

    def _is_plain_word(self, token: Token) -> bool:
        """Tell whether a noun on a new line inside a block is no declaration: `staff 5` for `staff: 5`."""
        return token.type in DECLARES and self.fresh and bool(self._open_braces()) and not self._begins_item(token)

    def _at_item(self) -> bool:
        return self.fresh or self.last is None or self.last.type in AT_ITEM

    def _separated(self) -> bool:
        return self._at_item() and (self.fresh or self.last is None or self.last.type != "RBRACE")

    def _after_amount(self) -> bool:
        return self.last is not None and self.last.type == "AMOUNT"

    def _feed(self, token: Token) -> bool:
        try:
            self.state.feed_token(token)
        except UnexpectedToken:
            return False
        if token.type in ITEM_STARTS and not self._separated() and not self._else_if(token):
            self._report(faults.not_separated(self.source, token), token)
        self._pass(token)
        return True

    def _pass(self, token: Token) -> None:
        assert token.end_pos is not None
        self.last = token
        self.at = token.end_pos
        self.fresh = False

    def _else_if(self, token: Token) -> bool:
        return token.type == "IF" and self.last is not None and self.last.type == "ELSE"

    # ------------------------------------------------------------------ faults

    def _fail(self, token: Token) -> None:
        fault = self._fault(token)
        told, repair = faults.explain(fault)
        self._report(told, token)
        if repair is not None and self.stuck_at != self.at:
            self.stuck_at = self.at
            if all(self._put(part) for part in repair.tokens):
                self.at = repair.at
                self.fresh = False
                return
        self._recover(token)

    def _fault(self, token: Token) -> Fault:
        return Fault(
            source=self.source,
            token=token,
            fresh=self.fresh,
            at_item=self._at_item(),
            last=self.last,
            values=tuple(each for each in self.state.value_stack if isinstance(each, Token)),
            braces=tuple(self.state.value_stack[at] for at in self._open_braces()),
            takes=lambda terminal: self.grammar.takes(self.state.state_stack, terminal),
        )

    def _report(self, told: Diagnostic, token: Token) -> None:
        """Keep a fault unless one of the same line was told: it would be its echo."""
        line = self.source.position(min(token.start_pos or 0, len(self.source.text)))[0]
        if line != self.fault_line:
            self.found.append(told)
        self.fault_line = line

    def _put(self, token: Token) -> bool:
        """Feed a token that is not in the text."""
        if not self.grammar.takes(self.state.state_stack, token.type):
            return False
        self.state.feed_token(token)
        self.last = token
        self.count += 1
        return True

    # ------------------------------------------------------------------ going on after a fault

    def _recover(self, token: Token) -> None:
        begun_line = self.source.position(token.start_pos or 0)[0]
        must_skip = self.stuck_at == self.at and token.type != "RBRACE" and token.type not in DECLARES
        self.stuck_at = self.at
        while token.type != "$END":
            same_line = self.source.position(self.at)[0] == begun_line
            if not must_skip and self._resume(token, same_line):
                return
            must_skip = False
            self._skip(token)
            self._skip_trivia()
            if self.at >= len(self.source.text):
                self.lost = True
                return
            token = self._any_token()

    def _resume(self, token: Token, same_line: bool) -> bool:
        """Drop what was being read down to a state that takes the token; tell whether there is one."""
        if token.type in DECLARES:
            return self.fresh and self._begins_item(token) and self._to_top(token)
        if token.type in STATEMENTS or token.type in ("KEY", "AMOUNT"):
            return self._at_item() and self._drop_to(token.type)
        if token.type in ("RBRACE", "SEMI", "SEP"):
            return self._drop_to(token.type)
        return token.type == "LBRACE" and same_line and self._drop_to("LBRACE")

    def _to_top(self, token: Token) -> bool:
        """Close what is open and go on with a declaration."""
        while self._open_braces():
            if not self._drop_to("RBRACE"):
                return False
            self._put(Token("RBRACE", "", start_pos=self.at, end_pos=self.at))
        return self._drop_to(token.type)

    def _open_braces(self) -> list[int]:
        """Return where in the value stack the open braces are; a block just closed is not yet reduced."""
        found: list[int] = []
        for at, each in enumerate(self.state.value_stack):
            if isinstance(each, Token) and each.type == "LBRACE":
                found.append(at)
            elif isinstance(each, Token) and each.type == "RBRACE":
                found.pop()
        return found

    def _drop_to(self, terminal: str) -> bool:
        """Cut the stacks to the nearest state, not before the innermost open brace, that takes the terminal."""
        states, values = self.state.state_stack, self.state.value_stack
        braces = self._open_braces()
        floor = braces[-1] + 2 if braces else 1
        for depth in range(len(states), floor - 1, -1):
            if self.grammar.takes(states[:depth], terminal):
                del states[depth:]
                del values[depth - 1 :]
                return True
        return False

    def _skip(self, token: Token) -> None:
        """Step over a token, or over a whole block when it opens one."""
        self._pass(token)
        depth = 1 if token.type == "LBRACE" else 0
        while depth:
            self._skip_trivia()
            if self.at >= len(self.source.text):
                return
            inner = self._any_token()
            if self.fresh and inner.type in DECLARES and self._begins_item(inner):
                return
            depth += {"LBRACE": 1, "RBRACE": -1}.get(inner.type, 0)
            self._pass(inner)

    # ------------------------------------------------------------------ the end

    def _finish(self) -> Tree[Token] | None:
        end = Token("$END", "", start_pos=len(self.source.text), end_pos=len(self.source.text))
        if not self.lost and not self.grammar.takes(self.state.state_stack, "$END"):
            self.fresh = True
            self._report(faults.explain(self._fault(end))[0], end)
        return self._abandon()

    def _abandon(self) -> Tree[Token] | None:
        """Close what is open and reduce what was read to a tree."""
        self.at = len(self.source.text)
        end = Token("$END", "", start_pos=self.at, end_pos=self.at)
        if not self.grammar.takes(self.state.state_stack, "$END") and not self._to_top(end):
            return None
        tree: Tree[Token] = self.state.feed_token(end, True)
        return tree

"""The drive loop: reads tokens, knows the lines, reports a fault, finds a place to go on.

The grammar ignores new lines; this loop does not. It holds that

* a line which begins with a key or a statement or declaration word begins a new item, so if the parser cannot take
  one there, the fault is there (or at the end of the line before);
* two items on one line need a separator.

After a fault it repairs what has one likely repair, else drops what was being read and skips to the next item.
"""

from __future__ import annotations

import re

from attrs import define, field, frozen

from wakeup.diagnostics import Diagnostic, diagnostic
from wakeup.source import Source
from wakeup.syntax import faults, layout
from wakeup.syntax.faults import Fault
from wakeup.syntax.grammar import Lexers, lexers
from wakeup.syntax.nodes import Comment
from wakeup.syntax.stack import Stack, Token, Tree
from wakeup.syntax.tables import END
from wakeup.syntax.terminals import AT_ITEM, DECLARES, ITEM_STARTS, STATEMENTS

MAX_TOKENS = 100_000
MAX_SKIPPED = 10_000
"""Tokens stepped over to find where reading can go on: what goes on longer is no campaign."""

MAX_FAULTS = 100
"""Faults looked for in one file: nobody mends more in one go."""

_NAME = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_AFTER_BUDGET = re.compile(r"[ \t　]*[0-9０-９{｛]")
_AFTER_NOUN = re.compile(r'[ \t　]+(?:[^\W\d]|"|[{｛])|[ \t]*[{｛]')


@frozen
class Parsed:
    """What the loop leaves: the raw tree (None: the end was not reached), comments, docs by offset, faults."""

    tree: Tree | None
    comments: tuple[Comment, ...]
    docs: dict[int, str]
    found: tuple[Diagnostic, ...]


def drive(source: Source) -> Parsed:
    """Parse a text whose size and depth were checked before."""
    run = _Run(source, source.text, lexers(), Stack(lexers().tables))
    tree = run.all()
    return Parsed(tree, tuple(run.comments), run.docs, tuple(run.found))


@define
class _Run:
    source: Source
    text: str
    lexers: Lexers
    stack: Stack
    at: int = 0
    last: Token | None = None
    fresh: bool = True
    count: int = 0
    fault_line: int = 0
    stuck_at: int = -1
    lost: bool = False
    skipped: int = 0
    comments: list[Comment] = field(factory=list)
    docs: dict[int, str] = field(factory=dict)
    found: list[Diagnostic] = field(factory=list)

    def all(self) -> Tree | None:
        """Read to the end of the text."""
        while True:
            self._skip_trivia()
            if self.at >= len(self.text):
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
        match = layout.TRIVIA.match(self.text, start)
        assert match is not None
        self.at = match.end()
        gap = self.text[start : self.at]
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
        state = self.stack.states[-1]
        row = self.stack.tables.actions[state]
        match = self.lexers.match(state, self.text, self.at)
        if match is not None and match.lastgroup == "KEY":
            return self._token("KEY", match[0]), True
        if self.fresh:
            word = self._any_token()
            if self._begins_item(word) and word.type not in row:
                return word, False
        if match is None:
            return self._any_token(), False
        token = self._token(match.lastgroup, match[0])
        if token.type == "RPAR_WITHIN" and not self.stack.takes(token.type):
            token = self._token("RPAR", match[0])  # closes a group: the `within` behind it is a tail
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
        match = self.lexers.match_any(self.text, self.at)
        if match is None:
            return self._token("JUNK", self.text[self.at])
        token = self._token(match.lastgroup, match[0])
        if self._is_plain_word(token):
            return self._name_here() or token
        if token.type not in ITEM_STARTS and (name := self._name_here()) is not None and token.type != "NAME":
            return name if len(name) > len(token) else token
        return token

    def _name_here(self) -> Token | None:
        match = _NAME.match(self.text, self.at)
        return None if match is None else self._token("NAME", match[0])

    def _token(self, terminal: str | None, text: str) -> Token:
        assert terminal is not None
        return Token(terminal, text, self.at, self.at + len(text))

    def _begins_item(self, token: Token) -> bool:
        if token.type in DECLARES:
            after = _AFTER_BUDGET if token.type in ("BUDGET", "WAKEUP") else _AFTER_NOUN
            return after.match(self.text, token.end) is not None
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
        if not self.stack.feed(token):
            return False
        if token.type in ITEM_STARTS and not self._separated() and not self._else_if(token):
            self._report(faults.not_separated(self.source, token), token)
        self._pass(token)
        return True

    def _pass(self, token: Token) -> None:
        self.last = token
        self.at = token.end
        self.fresh = False

    def _else_if(self, token: Token) -> bool:
        return token.type == "IF" and self.last is not None and self.last.type == "ELSE"

    # ------------------------------------------------------------------ faults

    def _fail(self, token: Token) -> None:
        if token.type in DECLARES and not self._at_item():
            token = self._name_here() or token  # inside a line it declares nothing
        fault = self._fault(token)
        told, repair = faults.explain(fault)
        self._report(told, token)
        if repair is not None and self.stuck_at != self.at:
            self.stuck_at = self.at
            if all(self._put(part) for part in repair.tokens):
                self.at = repair.at
                self.fresh = False
                return
        whole = self.stack.takes("RBRACE") or self.stack.takes(END)
        self._recover(token, whole)

    def _fault(self, token: Token) -> Fault:
        return Fault(
            source=self.source,
            token=token,
            fresh=self.fresh,
            at_item=self._at_item(),
            last=self.last,
            values=tuple(each for each in self.stack.values if isinstance(each, Token)),
            braces=tuple(self._open_braces().values()),
            takes=self.stack.takes,
        )

    def _report(self, told: Diagnostic, token: Token) -> None:
        """Keep a fault unless one of the same line was told: it would be its echo."""
        line = self.source.position(min(token.start, len(self.text)))[0]
        if line != self.fault_line and told not in self.found[-1:]:
            self.found.append(told)
        self.fault_line = line

    def _put(self, token: Token) -> bool:
        """Feed a token that is not in the text."""
        if not self.stack.takes(token.type):
            return False
        self.stack.feed(token)
        self.last = token
        self.count += 1
        return True

    # ------------------------------------------------------------------ going on after a fault

    def _recover(self, token: Token, whole: bool) -> None:
        """Skip to where reading can go on; ``whole``: what stands before the token was, so that a block is its own."""
        begun_line = self.source.position(token.start)[0]
        must_skip = self.stuck_at == self.at and token.type != "RBRACE" and token.type not in DECLARES
        self.stuck_at = self.at
        while token.type != END:
            same_line = self.source.position(self.at)[0] == begun_line
            if not must_skip and self._resume(token, same_line and not whole):
                return
            must_skip = False
            self._skip(token)
            self._skip_trivia()
            if self.skipped > MAX_SKIPPED:
                self.at = len(self.text)
            if self.at >= len(self.text):
                self.lost = True
                return
            token = self._any_token()

    def _resume(self, token: Token, own_block: bool) -> bool:
        """Drop what was being read down to a state that takes the token; tell whether there is one."""
        if token.type in DECLARES:
            return self.fresh and self._begins_item(token) and self._to_top(token)
        if token.type in STATEMENTS or token.type in ("KEY", "AMOUNT"):
            return self._at_item() and self._drop_to(token.type)
        if token.type in ("RBRACE", "SEMI", "SEP"):
            return self._drop_to(token.type)
        return token.type == "LBRACE" and own_block and self._drop_to("LBRACE")

    def _to_top(self, token: Token) -> bool:
        """Close what is open and go on with a declaration."""
        while self._open_braces():
            if not self._drop_to("RBRACE"):
                return False
            self._put(Token("RBRACE", "", self.at, self.at))
        return self._drop_to(token.type)

    def _open_braces(self) -> dict[int, Token]:
        """Return the open braces by their place in the value stack; a block just closed is not yet reduced."""
        found: dict[int, Token] = {}
        for at, each in enumerate(self.stack.values):
            if isinstance(each, Token) and each.type == "LBRACE":
                found[at] = each
            elif isinstance(each, Token) and each.type == "RBRACE":
                found.popitem()
        return found

    def _drop_to(self, terminal: str) -> bool:
        """Cut the stacks to the nearest state, not before the innermost open brace, that takes the terminal."""
        braces = self._open_braces()
        floor = max(braces) + 2 if braces else 1
        for depth in range(len(self.stack.states), floor - 1, -1):
            if self.stack.would_take(depth, terminal):
                self.stack.cut(depth)
                return True
        return False

    def _skip(self, token: Token) -> None:
        """Step over a token, or over a whole block when it opens one."""
        self._pass(token)
        depth = 1 if token.type == "LBRACE" else 0
        self.skipped += 1
        while depth:
            self.skipped += 1
            self._skip_trivia()
            if self.at >= len(self.text) or self.skipped > MAX_SKIPPED:
                return
            inner = self._any_token()
            if self.fresh and inner.type in DECLARES and self._begins_item(inner):
                return
            depth += {"LBRACE": 1, "RBRACE": -1}.get(inner.type, 0)
            self._pass(inner)

    # ------------------------------------------------------------------ the end

    def _finish(self) -> Tree | None:
        if not self.lost and not self.stack.takes(END):
            self.fresh = True
            end = Token(END, "", len(self.text), len(self.text))
            self._report(faults.explain(self._fault(end))[0], end)
        return self._abandon()

    def _abandon(self) -> Tree | None:
        """Close what is open and reduce what was read to a tree."""
        self.at = len(self.text)
        if not self.stack.takes(END) and not self._to_top(Token(END, "", self.at, self.at)):
            return None
        return self.stack.finish()

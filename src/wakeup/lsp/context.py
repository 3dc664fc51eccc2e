"""What stands at the cursor of a text that is being written and need not be whole.

Read off the characters before the cursor: braces, lines, keywords. The parser cannot be asked here, since what is half
typed is what it drops.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final, Literal

from attrs import define, field, frozen

from wakeup.lang.schema import KINDS
from wakeup.lsp.values import CALLS, LISTS
from wakeup.syntax.lexicon import canonical_key, canonical_word, full_cut_pattern, lexicon, zhe_pattern
from wakeup.syntax.terminals import STATEMENTS

Place = Literal["top", "head", "item", "value", "statement", "arms", "text", "nothing"]

_TOKEN: Final = re.compile(
    r"""(?P<comment>\#[^\n]*)
      | (?P<string>"(?:[^"\\\n]|\\.)*"? | “[^”\n]*”? )
      | (?P<open>[{｛]) | (?P<close>[}｝])
      | (?P<line>\n) | (?P<end>[;；]) | (?P<comma>[,，、])
      | (?P<word>[^\W\d][\w.]*)
      | (?P<other>[^\s\w]+? | \w+)""",
    re.VERBOSE,
)
_COLON: Final = re.compile(r"[ \t]*[:：]")
_PREFIX: Final = re.compile(r"[^\W\d][\w.]*\Z")
_CAP: Final = re.compile("最多|至多|不超过")
_FUSED_OFF: Final = re.compile(f"{full_cut_pattern()}|{zhe_pattern()}")
_NUMBER: Final = re.compile(r"[0-9０-９].*\Z")
_HANGING: Final = frozenset(":：,，、<>=≥≤≠＞＜！!")
"""A line that ends in one of these goes on in the next."""


@frozen
class Context:
    """Where the cursor is.

    ``place``: between declarations (top), in the head of one, where an item begins, in the value of ``key``, in a
    statement, between the arms of a split, in a text in quotes, or where nothing can be offered. ``kind`` is that of
    the declaration around or begun; ``head`` its head's words. ``words`` are those of the item so far, without what is
    being typed (``prefix``).
    """

    place: Place
    prefix: str = ""
    kind: str = ""
    key: str = ""
    head: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def first(self) -> str:
        """The keyword that the item begins with, as its terminal; "" if it begins with none."""
        return keyword(" ".join(self.words[:2])) or keyword(self.words[0]) if self.words else ""

    @property
    def last(self) -> str:
        """The last keyword of the item so far, as its terminal."""
        return next(reversed(terminals(self.words)), "")

    @property
    def calls(self) -> str:
        """What is asked with brackets where the cursor stands in them, `tag(`; else ""."""
        asked = canonical_word(self.words[-2], event=False) if len(self.words) > 1 else ""
        return asked if asked in CALLS and self.words[-1] in "(（" else ""

    @property
    def follows(self) -> bool:
        """Whether the cursor stands right behind that keyword."""
        return bool(self.words) and bool(_keyword(self.words, len(self.words) - 1))


@cache
def _spellings() -> Mapping[str, str]:
    """Spelling of a keyword -> its terminal; of two with one spelling, the first of the lexicon."""
    found: dict[str, str] = {}
    for terminal, spellings in lexicon().keywords.items():
        for spelling in spellings:
            found.setdefault(spelling, terminal)
    return found


def _keyword(words: Sequence[str], at: int) -> str:
    """The terminal of the keyword that the word at an index is, alone or with those before it; "" if it is none."""
    several = (keyword(" ".join(words[first : at + 1])) for first in range(max(0, at - 2), at))
    return next(filter(None, several), keyword(words[at]))


def keyword(text: str) -> str:
    """Return the terminal of the keyword that a text of one or several words is, or ""."""
    if text in _spellings() or " " in text:
        return _spellings().get(text, "")
    if text[0] == "每":
        return "AT_MOST" if _CAP.search(text) else "PER"
    if _FUSED_OFF.match(text):
        return "OFF"
    return _spellings().get(_NUMBER.sub("", text), "")  # 等待7天: a number may follow without a blank


def terminals(words: Sequence[str]) -> list[str]:
    """Return the keywords among words, in order, as terminals."""
    return [terminal for at in range(len(words)) if (terminal := _keyword(words, at))]


def kind_of(word: str) -> str:
    """Return the kind of declaration that a word begins, or ""."""
    return lexicon().nouns.get(word) or lexicon().claims.get(word, "")


@define
class _Scan:
    text: str
    blocks: list[tuple[str, ...]] = field(factory=list)
    item: list[str] = field(factory=list)
    broken: bool = False

    def token(self, group: str, token: str, end: int) -> None:
        match group:
            case "open":
                self.blocks.append(tuple(self.item))
                self.item = []
            case "close":
                self.blocks[-1:] = []
                self.item = []
            case "end":
                self.item = []
            case "line":
                self.broken = True
                return
            case "word":
                self.word(token, end)
            case "string" | "comma" | "other":
                self.item.append(token)
        self.broken = False

    def word(self, token: str, end: int) -> None:
        begins_key = _COLON.match(self.text, end) is not None
        if self.begins(token, begins_key):
            self.item = []
        self.item.append(token)

    def begins(self, token: str, key: bool) -> bool:
        """Whether a word begins a new item: a key behind a comma or on a new line, any other word on one."""
        if not self.item:
            return False
        if key and (self.broken or self.item[-1] in ",，、"):
            return True
        if not self.broken or self.item[-1][-1] in _HANGING:
            return False
        terminal = _keyword((token,), 0)
        hangs = _keyword(self.item, len(self.item) - 1) in ("AND", "OR", "NOT")
        return not hangs and (not terminal or terminal in STATEMENTS or bool(kind_of(token)))


def context(text: str, offset: int) -> Context:
    """Return what stands at an offset of a text."""
    before = text[:offset]
    prefix = match[0] if (match := _PREFIX.search(before)) else ""
    before = before[: offset - len(prefix)]
    scan = _Scan(text)
    last = ""
    for token in _TOKEN.finditer(before):
        last = token.lastgroup or ""
        if last == "comment" and token.end() == len(before):
            return Context("nothing")
        if last == "string" and token.end() == len(before) and _open(token[0]):
            return _inside(scan, token[0][1:] + prefix)
        scan.token(last, token[0], token.end())
    if scan.broken and scan.item and scan.begins(prefix or "x", key=False):
        scan.item = []
    return _placed(scan, prefix)


def _open(string: str) -> bool:
    return len(string) == 1 or string[-1] not in '"”' or (string[-2:] == '\\"' and string[-3:-2] != "\\")


def _inside(scan: _Scan, written: str) -> Context:
    """In a text in quotes, of which `written` is what stands before the cursor."""
    outer = _placed(scan, "")
    return Context("text", written, outer.kind, outer.key, outer.head, outer.words)


def _placed(scan: _Scan, prefix: str) -> Context:
    words = tuple(scan.item)
    if not scan.blocks:
        kind = kind_of(words[0]) if words else ""
        return Context("head" if words else "top", prefix, kind, words=words)
    head, inner = scan.blocks[0], scan.blocks[-1]
    kind = kind_of(head[0]) if head else ""
    if inner is not head and terminals(inner[:1]) == ["SPLIT"]:
        return Context("arms" if not words else "nothing", prefix, kind, head=head, words=words)
    key = _key(kind, words)
    if not words or (words[-1] in ",，" and not _is_list(kind, key, words)):
        return Context("item", prefix, kind, head=head)
    if key:
        return Context("value", prefix, kind, key, head, words[2:])
    return Context("statement", prefix, kind, head=head, words=words)


def _key(kind: str, words: Sequence[str]) -> str:
    """The key of the property that the words begin, in its canonical spelling; "" if they begin none."""
    if len(words) < 2 or words[1] not in ":：":
        return ""
    shape = lexicon().shapes.get(kind)
    own = shape is not None and shape.holds == "bands"
    return words[0] if own else canonical_key(kind, words[0])


def _is_list(kind: str, key: str, words: Sequence[str]) -> bool:
    """Whether a comma at the end goes on with a list of incentives, and not with the next property."""
    known = KINDS.get(kind, {}).get(key)
    return (known is not None and known.type in LISTS) or bool({"WITH", "GRANT"} & set(terminals(words)))

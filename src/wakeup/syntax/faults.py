"""What to say about a token that does not fit, and how to go on as if the right thing had been written."""

from __future__ import annotations

from collections.abc import Callable

from attrs import frozen
from lark import Token

from wakeup.diagnostics import Diagnostic, Fix, Label, diagnostic, suggest
from wakeup.source import Source, Span
from wakeup.syntax import layout
from wakeup.syntax.lexicon import lexicon
from wakeup.syntax.terminals import DECLARES, ITEM_STARTS, SPOKEN, STATEMENTS, VALUES

MAX_EXPECTED = 5


@frozen
class Fault:
    """A token that the parser cannot take, and what stands around it."""

    source: Source
    token: Token
    fresh: bool
    at_item: bool
    last: Token | None
    values: tuple[Token, ...]
    braces: tuple[Token, ...]
    takes: Callable[[str], bool]

    @property
    def span(self) -> Span:
        """The token's place."""
        return span_of(self.source, self.token)


@frozen
class Repair:
    """Tokens to feed in place of what stands there, and where to read on."""

    tokens: tuple[Token, ...]
    at: int


Told = tuple[Diagnostic, Repair | None]


def span_of(source: Source, token: Token) -> Span:
    """Return the span of a token."""
    assert token.start_pos is not None
    assert token.end_pos is not None
    return source.span(token.start_pos, token.end_pos)


def explain(fault: Fault) -> Told:
    """Return the diagnostic for a fault, and the repair if only one is likely. The first case that knows wins."""
    for case in _CASES:
        told = case(fault)
        if told is not None:
            return told
    return _unexpected(fault)


def not_separated(source: Source, token: Token) -> Diagnostic:
    """Two items on one line without anything between."""
    span = span_of(source, token)
    place = source.span(span.start, span.start)
    if token.type in DECLARES:
        return diagnostic(
            "WK1027", span, fix=Fix(place, "\n", "begin a new line"), help="begin a new line", word=str(token), sign=";"
        )
    sign = ";" if token.type in STATEMENTS else ","
    return diagnostic("WK1027", span, fix=Fix(place, f"{sign} ", f"put `{sign}` before it"), word=str(token), sign=sign)


# --------------------------------------------------------------------------- cases


def _junk(fault: Fault) -> Told | None:
    if fault.token.type != "JUNK":
        return None
    return diagnostic("WK1031", fault.span, character=str(fault.token)), None


def _comma_at_line_end(fault: Fault) -> Told | None:
    last = fault.last
    if last is None or last.type != "COMMA" or not (_starts(fault) or fault.token.type in ("RBRACE", "$END")):
        return None
    span = span_of(fault.source, last)
    return diagnostic("WK1028", span, fix=Fix(span, "", "remove the comma")), None


def _unclosed_brace(fault: Fault) -> Told | None:
    """Something that cannot stand inside the open block: a declaration, the end, `else`, or by its indentation."""
    if not fault.braces or not _complete(fault):
        return None
    start, end = fault.braces[0].start_pos or 0, fault.token.end_pos or 0
    at = layout.unclosed_opener(fault.source.text, start, end) if fault.fresh else None
    if at is None:
        if fault.token.type not in (*DECLARES, "$END", "ELSE"):
            return None
        at = fault.braces[-1].start_pos or 0
    ended = fault.token.type == "$END"
    labels = () if ended else (Label(fault.span, "this does not belong to the block"),)
    here = fault.token.start_pos or 0
    closing = Token("RBRACE", "", start_pos=here, end_pos=here)
    told = diagnostic("WK1025", fault.source.span(at, at + 1), labels=labels)
    return told, None if ended else Repair((closing,), here)


def _complete(fault: Fault) -> bool:
    """Tell whether the item before the token may end there."""
    return fault.takes("RBRACE") or fault.takes("$END")


def _unclosed_parenthesis(fault: Fault) -> Told | None:
    opener = next((each for each in reversed(fault.values) if each.type in ("LPAR", "LBRACE")), None)
    if opener is None or opener.type != "LPAR" or not fault.takes("RPAR"):
        return None
    if not (fault.fresh or fault.token.type in ("LBRACE", "RBRACE", "SEP", "$END")):
        return None
    return diagnostic("WK1035", span_of(fault.source, opener)), None


def _closes_nothing(fault: Fault) -> Told | None:
    if fault.token.type != "RBRACE" or fault.braces or not _complete(fault):
        return None
    return diagnostic("WK1026", fault.span, fix=Fix(fault.span, "", "remove it")), None


def _value_missing(fault: Fault) -> Told | None:
    last = fault.last
    if last is None or last.type != "COLON" or not fault.values or fault.values[-1].type != "COLON":
        return None
    if not (_starts(fault) or fault.token.type in ("RBRACE", "SEP", "SEMI", "$END")):
        return None
    key = fault.values[-2]
    return diagnostic("WK1022", span_of(fault.source, key).join(span_of(fault.source, last)), key=str(key)), None


def _colon_missing(fault: Fault) -> Told | None:
    """`stock 6_000`, `stock = 6_000`, also with the equals sign as the token found."""
    token = fault.token
    if token.type not in ("NAME", *STATEMENTS) or not fault.at_item or not fault.takes("KEY") or "." in token:
        return None
    rest = fault.source.text[token.end_pos : _line_end(fault)].lstrip()
    equals = rest[:1] in ("=", "＝") and rest[:2] != "=="
    known = str(token) in lexicon().keys
    if not equals and not (known or rest[:1].isdigit() or rest[:1] == '"'):
        return None
    if not equals and not rest:
        return None
    end = token.end_pos or 0
    key = Token("KEY", str(token), start_pos=token.start_pos, end_pos=end)
    colon = Token("COLON", ":", start_pos=end, end_pos=end)
    if not equals:
        if _keyword_for(fault) is not None and not known:
            return None
        fix = Fix(fault.source.span(end, end), ":", "put a colon behind it")
        return diagnostic("WK1023", fault.span, fix=fix, word=str(token)), Repair((key, colon), end)
    at = fault.source.text.index(rest[0], end)
    sign = fault.source.span(at, at + 1)
    fix = Fix(fault.source.span(end, at + 1), ":", "write a colon")
    return diagnostic("WK1024", sign, fix=fix, word=str(token)), Repair((key, colon), at + 1)


def _blank_missing(fault: Fault) -> Told | None:
    """A Chinese keyword with the next word stuck to it: 如果未下单."""
    token = fault.token
    if token.type != "NAME" or token.isascii():
        return None
    for terminal, spelling in sorted(_spellings(), key=lambda each: -len(each[1])):
        longer = token.startswith(spelling) and len(token) > len(spelling)
        if not spelling.isascii() and longer and fault.takes(terminal):
            start = token.start_pos or 0
            end = start + len(spelling)
            word = Token(terminal, spelling, start_pos=start, end_pos=end)
            fix = Fix(fault.source.span(end, end), " ", "put a blank there")
            return diagnostic("WK1032", fault.span, fix=fix, word=spelling), Repair((word,), end)
    return None


def _misspelt(fault: Fault) -> Told | None:
    if fault.token.type != "NAME" or "." in fault.token:
        return None
    meant = _keyword_for(fault)
    if meant is None:
        return None
    terminal, spelling = meant
    fix = Fix(fault.span, spelling, f"write `{spelling}`")
    told = diagnostic("WK1021", fault.span, fix=fix, help=f"did you mean `{spelling}`?", word=str(fault.token))
    word = Token(terminal, spelling, start_pos=fault.token.start_pos, end_pos=fault.token.end_pos)
    return told, Repair((word,), fault.token.end_pos or 0)


def _keyword_for(fault: Fault) -> tuple[str, str] | None:
    """Return the keyword (terminal, spelling) that a word may be a misspelling of, if it would fit there."""
    spelled = {spelling: terminal for terminal, spelling in _spellings() if " " not in spelling}
    near = [word for word in suggest(str(fault.token), spelled) if _would_fit(fault, spelled[word])]
    return (spelled[near[0]], near[0]) if near else None


def _would_fit(fault: Fault, terminal: str) -> bool:
    return fault.takes(terminal) and (fault.at_item or terminal not in ITEM_STARTS)


def _unknown_word(fault: Fault) -> Told | None:
    """A word that begins an item and is none of ours."""
    if fault.token.type != "NAME" or not fault.at_item or not (fault.takes("NOUN") or fault.takes("KEY")):
        return None
    return diagnostic("WK1021", fault.span, help=_expected(fault), word=str(fault.token)), None


def _unquoted(fault: Fault) -> Told | None:
    """Words in a row where one value belongs: `text: A kit is waiting`."""
    last = fault.last
    if last is None or fault.fresh or last.type != "NAME":
        return None
    if fault.token.type != "NAME" or "COLON" not in [each.type for each in fault.values[-2:]]:
        return None
    start = last.start_pos or 0
    end = _value_end(fault)
    span = fault.source.span(start, end)
    fix = Fix(span, f'"{fault.source.text_of(span)}"', "put it in quotes")
    return diagnostic("WK1034", span, fix=fix), None


def _wrong_place(fault: Fault) -> Told | None:
    """A statement or a declaration where none can stand, with everything before it complete."""
    if not _starts(fault) or not _complete(fault):
        return None
    return diagnostic("WK1036", fault.span, word=str(fault.token), help=_expected(fault)), None


def _incomplete(fault: Fault) -> Told | None:
    """The line before is not finished: the fault is at its end."""
    last = fault.last
    if not fault.fresh or last is None or _complete(fault):
        return None
    end = last.end_pos or 0
    return diagnostic("WK1033", fault.source.span(max(end - 1, 0), end), help=_expected(fault)), None


def _unexpected(fault: Fault) -> Told:
    return diagnostic("WK1020", fault.span, help=_expected(fault), word=_shown(fault)), None


_CASES: tuple[Callable[[Fault], Told | None], ...] = (
    _comma_at_line_end,
    _value_missing,
    _unclosed_parenthesis,
    _unclosed_brace,
    _closes_nothing,
    _blank_missing,
    _colon_missing,
    _misspelt,
    _unknown_word,
    _unquoted,
    _wrong_place,
    _incomplete,
    _junk,
)


# --------------------------------------------------------------------------- words


def _starts(fault: Fault) -> bool:
    return fault.token.type in ITEM_STARTS


def _shown(fault: Fault) -> str:
    return "the end of the file" if fault.token.type == "$END" else f"`{fault.token}`"


def _spellings() -> list[tuple[str, str]]:
    words = lexicon()
    found = [(terminal, spelling) for terminal, spellings in words.keywords.items() for spelling in spellings]
    found += [("BUDGET" if kind == "budget" else "NOUN", word) for word, kind in words.nouns.items()]
    found += [("CLAIM", word) for word in words.claims]
    return found


def _expected(fault: Fault) -> str:
    """Return what could stand there, in people's words, at most a handful."""
    keywords = lexicon().keywords
    terminals = [*SPOKEN, *keywords]
    if fault.fresh and _complete(fault):
        terminals = [each for each in terminals if each in ITEM_STARTS or each in ("RBRACE", "NOUN", "CLAIM")]
    can = [each for each in terminals if fault.takes(each)]
    if {"AMOUNT", "NAME", "STRING"} <= set(can):
        can = [each for each in can if each not in VALUES]
        words = ["a value"]
    else:
        words = []
    words += [SPOKEN.get(each) or f"`{keywords[each][0]}`" for each in can]
    shown = words[:MAX_EXPECTED]
    if not shown:
        return "remove it"
    return "expected " + (shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + " or " + shown[-1])


def _line_end(fault: Fault) -> int:
    end = fault.source.text.find("\n", fault.token.start_pos or 0)
    return len(fault.source.text) if end < 0 else end


def _value_end(fault: Fault) -> int:
    """Where the words of an unquoted text end: before a closing brace or a comment, else at the line's end."""
    line = fault.source.text[: _line_end(fault)]
    start = fault.token.end_pos or 0
    ends = [at for sign in "}｝#" if (at := line.find(sign, start)) >= 0]
    return len(line[: min(ends, default=len(line))].rstrip().rstrip(",，"))

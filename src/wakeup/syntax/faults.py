"""What to say about a token that does not fit, and how to go on as if the right thing had been written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from attrs import frozen

from wakeup.diagnostics import Diagnostic, Fix, Label, Listed, Noun, Piece, Say, Text, Word, diagnostic, suggest
from wakeup.source import Source, Span
from wakeup.syntax import layout
from wakeup.syntax.attempts import attempt, joined
from wakeup.syntax.attempts import told as told_attempt
from wakeup.syntax.lexicon import lexicon
from wakeup.syntax.stack import Token
from wakeup.syntax.tables import END
from wakeup.syntax.terminals import DECLARES, ITEM_STARTS, SPOKEN, STATEMENTS, VALUES

MAX_EXPECTED = 5

_BEFORE_COLON = re.compile(r"(\w+) ?[:：]")


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
    return source.span(token.start, token.end)


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
            "WK1027",
            span,
            fix=Fix(place, "\n", Say("begin a new line")),
            help=Say("begin a new line"),
            word=str(token),
            sign=";",
        )
    sign = ";" if token.type in STATEMENTS else ","
    fix = Fix(place, f"{sign} ", Say("put `{sign}` before it", sign=sign))
    return diagnostic("WK1027", span, fix=fix, word=str(token), sign=sign)


# --------------------------------------------------------------------------- cases


def _junk(fault: Fault) -> Told | None:
    if fault.token.type != "JUNK":
        return None
    return diagnostic("WK1031", fault.span, character=str(fault.token)), None


def _comma_at_line_end(fault: Fault) -> Told | None:
    last = fault.last
    if last is None or last.type != "COMMA" or not (_starts(fault) or fault.token.type in ("RBRACE", END)):
        return None
    span = span_of(fault.source, last)
    return diagnostic("WK1028", span, fix=Fix(span, "", Say("remove the comma"))), None


def _unclosed_brace(fault: Fault) -> Told | None:
    """Something that cannot stand inside the open block: a declaration, the end, `else`, or by its indentation."""
    if not fault.braces or not _complete(fault):
        return None
    start, end = fault.braces[0].start, fault.token.end
    at = layout.unclosed_opener(fault.source.text, start, end) if fault.fresh else None
    if at is None:
        if fault.token.type not in (*DECLARES, END, "ELSE"):
            return None
        at = fault.braces[-1].start
    ended = fault.token.type == END
    labels = () if ended else (Label(fault.span, Say("this does not belong to the block")),)
    here = fault.token.start
    closing = Token("RBRACE", "", here, here)
    told = diagnostic("WK1025", fault.source.span(at, at + 1), labels=labels)
    return told, None if ended else Repair((closing,), here)


def _complete(fault: Fault) -> bool:
    """Tell whether the item before the token may end there."""
    return fault.takes("RBRACE") or fault.takes(END)


def _unclosed_parenthesis(fault: Fault) -> Told | None:
    opener = next((each for each in reversed(fault.values) if each.type in ("LPAR", "LBRACE")), None)
    if opener is None or opener.type != "LPAR" or not fault.takes("RPAR"):
        return None
    if not (fault.fresh or fault.token.type in ("LBRACE", "RBRACE", "SEP", END)):
        return None
    return diagnostic("WK1035", span_of(fault.source, opener)), None


def _closes_nothing(fault: Fault) -> Told | None:
    """A brace too many; or what stands behind one, outside the block that it should still be in."""
    if fault.braces or not _complete(fault):
        return None
    early = layout.early_closer(fault.source.text, fault.token.end)
    if fault.token.type != "RBRACE" and (early is None or not (_starts(fault) and fault.fresh) or _declares(fault)):
        return None
    span = fault.span if early is None else fault.source.span(early, early + 1)
    return diagnostic("WK1026", span, fix=Fix(span, "", Say("remove it"))), None


def _declares(fault: Fault) -> bool:
    return fault.token.type in DECLARES


def _brace_twice(fault: Fault) -> Told | None:
    last = fault.last
    if fault.token.type != "LBRACE" or last is None or last.type != "LBRACE":
        return None
    fix = Fix(fault.span, "", Say("remove it"))
    told = diagnostic("WK1020", fault.span, fix=fix, help=Say("remove it"), word=_shown(fault))
    return told, Repair((), fault.token.end)


def _brace_missing(fault: Fault) -> Told | None:
    """The body of a block without the brace before it; its closing brace stands there."""
    last, here = fault.last, fault.token.start
    body = (_starts(fault) and not _declares(fault)) or fault.token.type == "AMOUNT"
    if last is None or not body or not fault.takes("LBRACE"):
        return None
    if not layout.lacks_opener(fault.source.text, here, len(fault.braces)):
        return None
    fix = Fix(fault.source.span(last.end, last.end), " {", Say("open it"))
    told = diagnostic("WK1037", fault.source.span(max(last.end - 1, 0), last.end), fix=fix)
    return told, Repair((Token("LBRACE", "", here, here),), here)


def _twice(fault: Fault) -> Told | None:
    """The same word again: `per per message`, `run run: …`."""
    token, last = fault.token, fault.last
    behind = (
        last is not None and not fault.fresh and last == token and not fault.source.text[last.end : token.start].strip()
    )
    before = re.match(rf"\s*{re.escape(token)}\s*[:：]", fault.source.text[token.end : _line_end(fault)])
    if not token.strip() or not (behind or (before and fault.at_item)):
        return None
    told = diagnostic(
        "WK1020", fault.span, fix=Fix(fault.span, "", Say("remove it")), help=Say("remove it"), word=_shown(fault)
    )
    return told, Repair((), token.end)


def _said_otherwise(fault: Fault) -> Told | None:
    """What people say elsewhere, or what they say with blanks: `£10`, `大于 90天`, `wake rate`."""
    last = fault.last
    if fault.fresh and last is not None and not _complete(fault):
        found = attempt(fault.source, span_of(fault.source, last))
    else:
        before = last if last is not None and last.type in ("NAME", "AMOUNT") and not fault.fresh else fault.token
        found = (
            attempt(fault.source, fault.span)
            or joined(fault.source, before.start, fault.token.end)
            or attempt(fault.source, span_of(fault.source, before))
        )
    if found is None:
        return None
    skipped = not found.text and found.span.end >= fault.token.end
    return told_attempt(fault.source, found), Repair((), found.span.end) if skipped else None


def _value_missing(fault: Fault) -> Told | None:
    last = fault.last
    if last is None or last.type != "COLON" or not fault.values or fault.values[-1].type != "COLON":
        return None
    if not (_starts(fault) or fault.token.type in ("RBRACE", "SEP", "SEMI", END)):
        return None
    key = fault.values[-2]
    return diagnostic("WK1022", span_of(fault.source, key).join(span_of(fault.source, last)), key=str(key)), None


def _colon_missing(fault: Fault) -> Told | None:
    """`stock 6_000`, `stock = 6_000`, also with the equals sign as the token found."""
    token = fault.token
    if token.type not in ("NAME", *STATEMENTS) or not fault.at_item or not fault.takes("KEY") or "." in token:
        return None
    rest = fault.source.text[token.end : _line_end(fault)].lstrip()
    equals = rest[:1] in ("=", "＝") and rest[:2] != "=="
    known = str(token) in lexicon().keys
    if not equals and not (known or rest[:1].isdigit() or rest[:1] == '"'):
        return None
    if not equals and not rest:
        return None
    end = token.end
    key = Token("KEY", str(token), token.start, end)
    colon = Token("COLON", ":", end, end)
    if not equals:
        if _keyword_for(fault) is not None and not known:
            return None
        fix = Fix(fault.source.span(end, end), ":", Say("put a colon behind it"))
        return diagnostic("WK1023", fault.span, fix=fix, word=str(token)), Repair((key, colon), end)
    at = fault.source.text.index(rest[0], end)
    sign = fault.source.span(at, at + 1)
    fix = Fix(fault.source.span(end, at + 1), ":", Say("write a colon"))
    return diagnostic("WK1024", sign, fix=fix, word=str(token)), Repair((key, colon), at + 1)


def _blank_missing(fault: Fault) -> Told | None:
    """A Chinese keyword with the next word stuck to it: 如果未下单."""
    token = fault.token
    if token.type != "NAME" or token.isascii():
        return None
    for terminal, spelling in sorted(_spellings(), key=lambda each: -len(each[1])):
        longer = token.startswith(spelling) and len(token) > len(spelling)
        if not spelling.isascii() and longer and token != spelling + spelling[-1] and fault.takes(terminal):
            start = token.start
            end = start + len(spelling)
            word = Token(terminal, spelling, start, end)
            fix = Fix(fault.source.span(end, end), " ", Say("put a blank there"))
            return diagnostic("WK1032", fault.span, fix=fix, word=spelling), Repair((word,), end)
    return None


def _number_on_a_name(fault: Fault) -> Told | None:
    """干性40%: the number belongs to the name unless there is a blank."""
    last = fault.last
    stuck = None if last is None else re.fullmatch(r"(\D*[^\d.])(\d+)", last)
    if fault.token.type != "PERCENT" or last is None or last.type != "NAME" or stuck is None:
        return None
    at = last.start + len(stuck[1])
    fix = Fix(fault.source.span(at, at), " ", Say("put a blank there"))
    place = fault.source.span(last.start, fault.token.end)
    return diagnostic("WK1032", place, fix=fix, word=stuck[1]), None


def _misspelt(fault: Fault) -> Told | None:
    if fault.token.type != "NAME" or "." in fault.token:
        return None
    meant = _keyword_for(fault)
    if meant is None:
        return None
    terminal, spelling = meant
    ours = _ours(terminal, spelling)
    told = diagnostic(
        "WK1021",
        fault.span,
        fix=Fix(fault.span, ours, Say("write")),
        help=Say("did you mean {names}?", names=Listed((ours,))),
        word=str(fault.token),
    )
    word = Token(terminal, spelling, fault.token.start, fault.token.end)
    return told, Repair((word,), fault.token.end)


def _ours(terminal: str, spelling: str) -> Text:
    """A word of the language, for either language; a Chinese spelling stays: the file is Chinese."""
    if not spelling.isascii():
        return spelling
    return Noun(spelling) if terminal in ("NOUN", "BUDGET", "CLAIM") else Word(spelling)


def _keyword_for(fault: Fault) -> tuple[str, str] | None:
    """Return the keyword (terminal, spelling) that a word may be a misspelling of, if it would fit there."""
    spelled = {spelling: terminal for terminal, spelling in _spellings() if " " not in spelling}
    near = [word for word in suggest(str(fault.token), spelled) if _would_fit(fault, spelled[word])]
    return (spelled[near[0]], near[0]) if near else None


def _would_fit(fault: Fault, terminal: str) -> bool:
    if fault.fresh and _complete(fault):
        return fault.takes(terminal) and terminal in (*ITEM_STARTS, "ELSE")
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
    colon = next((each for each in reversed(fault.values) if each.type == "COLON"), None)
    if fault.token.type not in ("NAME", "JUNK") or colon is None:
        return None
    start = last.start
    if fault.source.text[colon.end : start].strip():
        return None
    words = fault.source.text[start : _value_end(fault)]
    key = next((each for each in _BEFORE_COLON.finditer(words) if each[1] in lexicon().keys), None)
    end = start + len(words if key is None else words[: key.start()].rstrip(" \t,，"))
    if end <= last.end:  # one word, and then a property: it is the comma that lacks
        return None
    span = fault.source.span(start, end)
    fix = Fix(span, f'"{fault.source.text_of(span)}"', Say("put it in quotes"))
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
    end = last.end
    return diagnostic("WK1033", fault.source.span(max(end - 1, 0), end), help=_expected(fault)), None


def _unexpected(fault: Fault) -> Told:
    return diagnostic("WK1020", fault.span, help=_expected(fault), word=_shown(fault)), None


_CASES: tuple[Callable[[Fault], Told | None], ...] = (
    _comma_at_line_end,
    _value_missing,
    _unclosed_parenthesis,
    _brace_twice,
    _brace_missing,
    _unclosed_brace,
    _closes_nothing,
    _twice,
    _said_otherwise,
    _blank_missing,
    _number_on_a_name,
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


def _shown(fault: Fault) -> Text:
    return Say("the end of the file") if fault.token.type == END else Say("`{word}`", word=str(fault.token))


def _spellings() -> list[tuple[str, str]]:
    words = lexicon()
    found = [(terminal, spelling) for terminal, spellings in words.keywords.items() for spelling in spellings]
    found += [("BUDGET" if kind == "budget" else "NOUN", word) for word, kind in words.nouns.items()]
    found += [("CLAIM", word) for word in words.claims]
    return found


def _expected(fault: Fault) -> Piece:
    """Return what could stand there, in people's words, at most a handful."""
    keywords = lexicon().keywords
    terminals = [*SPOKEN, *keywords]
    if fault.fresh and _complete(fault):
        terminals = [each for each in terminals if each in ITEM_STARTS or each in ("RBRACE", "NOUN", "CLAIM")]
    can = [each for each in terminals if fault.takes(each) and _belongs(fault, each)]
    if {"AMOUNT", "NAME", "STRING"} <= set(can):
        can = [each for each in can if each not in VALUES]
        words: list[Text] = [Say("a value")]
    else:
        words = []
    # What may stand for any number is not what somebody meant who wrote none.
    words += [SPOKEN.get(each) or _ours(each, keywords[each][0]) for each in can if each != "TUNE"]
    shown = words[:MAX_EXPECTED]
    return Say("expected {names}", names=Listed(shown, "or")) if shown else Say("remove it")


_HELD: Mapping[str, frozenset[str]] = {"caps": frozenset({"AT_MOST", "EVERY_AT_MOST"}), "journey": STATEMENTS}
"""Statements that a declaration holds, by what it `holds` in the lexicon; the others hold none."""


def _belongs(fault: Fault, terminal: str) -> bool:
    """Tell whether a statement would belong in the declaration that is being read; the grammar takes any anywhere."""
    noun = next((each for each in fault.values if each.type == "NOUN"), None)
    if terminal not in STATEMENTS or noun is None:
        return True
    return terminal in _HELD.get(lexicon().shapes[lexicon().nouns[noun]].holds, ())


def _line_end(fault: Fault) -> int:
    end = fault.source.text.find("\n", fault.token.start)
    return len(fault.source.text) if end < 0 else end


def _value_end(fault: Fault) -> int:
    """Where the words of an unquoted text end: before a closing brace or a comment, else at the line's end."""
    line = fault.source.text[: _line_end(fault)]
    start = fault.token.end
    ends = [at for sign in "}｝#" if (at := line.find(sign, start)) >= 0]
    return len(line[: min(ends, default=len(line))].rstrip().rstrip(",，"))

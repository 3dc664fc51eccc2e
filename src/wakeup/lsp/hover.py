"""What stands under the cursor, in a few lines: a name, a property, a word of the language, the page of a problem."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from lsprotocol import types

from wakeup.diagnostics import Language, registry
from wakeup.diagnostics.page import page_markdown
from wakeup.format.words import Words
from wakeup.lsp import meanings
from wakeup.lsp.context import context, keyword
from wakeup.lsp.places import Places
from wakeup.lsp.reading import Reading
from wakeup.lsp.uses import Symbol
from wakeup.source import Source, Span
from wakeup.syntax import nodes as n
from wakeup.syntax.lexicon import lexicon

MAX_LINES: Final = 12
"""Lines of a declaration that are shown."""

_MARKUP: Final = re.compile(r"[\\`*_\[\]<>!#|~&]")


@cache
def _words() -> re.Pattern[str]:
    """A word, or several that are one keyword."""
    several = (spelling for all_ in lexicon().keywords.values() for spelling in all_ if " " in spelling)
    return re.compile("|".join([*(rf"{each.replace(' ', '[ ]+')}(?!\w)" for each in several), r"[^\W\d]\w*"]))


def hover(reading: Reading, offset: int, places: Places) -> types.Hover | None:
    """Return what there is to say about the word at an offset, and about what is wrong there."""
    said = _said(reading, offset)
    pages = list(dict.fromkeys(_pages(reading, offset)))
    if said is None and not pages:
        return None
    text = "\n\n---\n\n".join([*([] if said is None else [said[0]]), *pages])
    span = None if said is None else places.span(reading.source, said[1])
    return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, text), span)


def _pages(reading: Reading, offset: int) -> Iterator[str]:
    """The page of each code that was found at an offset."""
    for each in reading.problems:
        if each.span is not None and each.span.source == reading.source.name and _holds(each.span, offset):
            entry = registry()[each.code]
            yield f"**{each.code}**\n\n{page_markdown(entry, reading.lang)}"


def _said(reading: Reading, offset: int) -> tuple[str, Span] | None:
    """The text about what stands at an offset, and its span."""
    use = reading.uses.at(reading.path, offset)
    if use is not None:
        told = _declared(reading, use.symbol)
        return None if told is None else (told, use.span)
    if reading.file is None or any(_holds(each.span, offset) for each in reading.file.comments):
        return None
    for decl in reading.file.decls:
        if _holds(decl.span, offset):
            return _key(decl, offset, reading.lang) or _word(reading, decl, offset)
    return _word(reading, None, offset)


# --------------------------------------------------------------------------- names


def _declared(reading: Reading, symbol: Symbol) -> str | None:
    found = reading.uses.declared.get(symbol)
    if found is None:
        return None
    module, node = found
    doc = node.doc if isinstance(node, n.Decl | n.Property) else None
    parts = [_fenced(_source(module.source, node.span))]
    if isinstance(node, n.Decl):
        title = "" if node.title is None else node.title.value
        head = f"**{_plain(title)}**" if title.strip() else ""
        parts += [text for text in (head, _plain(doc or ""), _is(node.kind, reading.lang)) if text]
    elif doc:
        parts.append(_plain(doc))
    if reading.project is not None and module is not reading.project.main:
        parts.append(f"`{reading.project.below_root(module)}`")
    return "\n\n".join(parts)


def _plain(text: str) -> str:
    """An author's text in Markdown as it is written: no picture is fetched, no markup, no link under other words."""
    return _MARKUP.sub(r"\\\g<0>", text)


def _fenced(text: str) -> str:
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}wake\n{text}\n{fence}"


def _is(kind: str, lang: Language) -> str:
    meaning = meanings.kind(kind, lang)
    return f"*{Words(lang).noun(kind)}*: {meaning}" if meaning else ""


def _source(source: Source, span: Span) -> str:
    lines = source.text_of(span).splitlines()
    return "\n".join(lines if len(lines) <= MAX_LINES else [*lines[: MAX_LINES - 1], "  …"])


# --------------------------------------------------------------------------- properties and words


def _key(decl: n.Decl, offset: int, lang: Language) -> tuple[str, Span] | None:
    for prop in decl.props:
        meaning = meanings.key(decl.kind, prop.key.text, lang)
        if meaning and _holds(prop.key.span, offset):
            words = Words(lang)
            return f"**{prop.key.written}** · {words.noun(decl.kind)}\n\n{meaning}", prop.key.span
    return None


def _word(reading: Reading, decl: n.Decl | None, offset: int) -> tuple[str, Span] | None:
    """A word of the language: a noun, a keyword, an attribute, an event, a figure or a value."""
    source, lang = reading.source, reading.lang
    line, column = source.position(offset)
    start_of_line = source.offset(line, 1)
    if context(source.text, offset).place in ("text", "nothing"):
        return None
    for match in _words().finditer(source.line_text(line)):
        if not match.start() <= column - 1 <= match.end():
            continue
        span = source.span(start_of_line + match.start(), start_of_line + match.end())
        heads = decl is not None and span.start == decl.head.start
        meaning = meanings.kind(decl.kind, lang) if decl is not None and heads else _meaning(match[0], lang)
        if meaning:
            return f"**{match[0]}**\n\n{meaning}", span
    return None


def _meaning(word: str, lang: Language) -> str:
    events = lexicon().events
    if word in events:
        return meanings.event(events[word], lang)
    if word[0] == "未" and word[1:] in events:
        return f"{meanings.keyword('NO', lang)}：{meanings.event(events[word[1:]], lang)}"
    canonical = lexicon().words.get(word, "")
    return meanings.keyword(keyword(word), lang) or meanings.word(canonical, lang)


def _holds(span: Span, offset: int) -> bool:
    return span.start <= offset <= span.end

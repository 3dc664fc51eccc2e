"""Which language a file is written in."""

import re
from collections.abc import Iterable, Iterator

from wakeup.diagnostics import Language
from wakeup.source import Source
from wakeup.syntax import nodes as n
from wakeup.syntax.lexicon import lexicon


def language(source: Source, file: n.File | None) -> Language:
    """Return the language of most of a file's keywords and keys; English when there are as many of each.

    What the author named, and texts for customers, do not count. Of a file in which nothing could be read, it is
    Chinese if there is a Chinese character outside of texts and comments.
    """
    found = [] if file is None else list(_english(source, file))
    if not found:
        return "zh" if _CHINESE.search(_TEXTS.sub("", source.text)) else "en"
    return "en" if 2 * sum(found) >= len(found) else "zh"


_TEXTS = re.compile(r'"[^"\n]*"|#.*')
_CHINESE = re.compile("[\u4e00-\u9fff]")


def _english(source: Source, file: n.File) -> Iterator[bool]:
    """Tell of each import, declaration, key and statement whether its first word is English."""
    for each in file.imports:
        yield source.text[each.span.start].isascii()
    for decl in file.decls:
        yield source.text[decl.span.start].isascii()
        yield from _items(source, decl.items)


def _items(source: Source, items: Iterable[n.Item]) -> Iterator[bool]:
    for item in items:
        if not isinstance(item, n.Property):
            yield source.text[item.span.start].isascii()
        elif item.key.written in lexicon().keys:
            yield item.key.written.isascii()
        match item:
            case n.If(then=then, otherwise=otherwise):
                yield from _items(source, (*then, *otherwise))
            case n.Split(arms=arms):
                yield from _items(source, tuple(inner for arm in arms for inner in arm.body))

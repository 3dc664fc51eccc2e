"""Give something another name, everywhere at once; refused where anything would change but the name."""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from attrs import evolve
from lsprotocol import types

from wakeup.diagnostics import Diagnostic, Language, in_language
from wakeup.lsp.places import Places
from wakeup.lsp.project import Everywhere, everywhere
from wakeup.lsp.reading import Reading, read
from wakeup.lsp.texts import Overlay, Text
from wakeup.lsp.uses import Symbol, Use
from wakeup.source import Source

_NAME: Final = re.compile(r"[^\W\d]\w*")

_REFUSALS: Final[Mapping[str, Mapping[Language, str]]] = {
    "no name": {"en": "there is no name here", "zh": "这里没有可以重命名的名称"},
    "invalid": {
        "en": "`{new}` is no name: letters, digits and `_`, a letter first",
        "zh": "`{new}` 不能作名称：只用文字、数字和 `_`，且以文字开头",
    },
    "broken": {
        "en": "`{name}` has syntax errors or misses an import: mend them first",
        "zh": "`{name}` 有语法错误或缺少引用的文件：请先改正",
    },
    "too many": {
        "en": "the folder has too many files to find every use: put a `wakeup.toml` where the project begins",
        "zh": "文件夹里的文件太多，无法找全所有用处：请在项目的顶层文件夹放一个 `wakeup.toml`",
    },
    "changes": {
        "en": "`{new}` would mean something else in some place",
        "zh": "改为 `{new}` 后，有的地方意思会变",
    },
    "clash": {"en": "with `{new}`: {problem}", "zh": "改为 `{new}` 后：{problem}"},
}


class RefusalError(Exception):
    """The name stays; says why, to the author."""

    def __init__(self, reason: str, lang: Language, **fields: str) -> None:
        super().__init__(_REFUSALS[reason][lang].format_map(fields))


def prepare(reading: Reading, offset: int, places: Places) -> types.PrepareRenamePlaceholder | None:
    """Return the name at an offset that can be renamed, or None."""
    use = reading.uses.at(reading.path, offset)
    if use is None:
        return None
    return types.PrepareRenamePlaceholder(places.range(reading, use.span), use.symbol.name[-1])


def rename(reading: Reading, offset: int, new: str, files: Overlay, places: Places) -> types.WorkspaceEdit:
    """Return the edits that rename what stands at an offset in every file of its project.

    Raises:
        RefusalError: there is nothing to rename, the new name is none, or the campaigns would then say something else.
    """
    lang = reading.lang
    use = reading.uses.at(reading.path, offset)
    if use is None:
        raise RefusalError("no name", lang)
    if not _NAME.fullmatch(new) or unicodedata.normalize("NFKC", new) != new:
        raise RefusalError("invalid", lang, new=new)
    if new == use.symbol.name[-1]:
        return places.edit({})
    found = everywhere(reading, use.symbol, files)
    if not found.all:
        raise RefusalError("too many", lang)
    for each in found.readings:
        if each.project is None or not each.project.whole:
            raise RefusalError("broken", lang, name=each.source.name.rsplit("/", maxsplit=1)[-1])
    sources = {path: source for each in found.readings for path, source, _ in each.texts.values()}
    _verify(found, use.symbol, new, sources, files, lang)
    changes: dict[str, list[types.TextEdit]] = {}
    for place in found.places:
        edit = types.TextEdit(places.span(sources[place.path], place.span), new)
        changes.setdefault(places.uri(place.path), []).append(edit)
    return places.edit(changes)


def _verify(
    found: Everywhere, symbol: Symbol, new: str, sources: Mapping[str, Source], files: Overlay, lang: Language
) -> None:
    """Read everything again with the new name: the same problems, and the same names in as many places."""
    texts = dict(files.open)
    for path in {place.path for place in found.places}:
        text = _renamed(sources[path], [place for place in found.places if place.path == path], new)
        texts[path] = Text(path, None, text)
    renamed = evolve(symbol, name=(*symbol.name[:-1], new))
    for before in found.readings:
        after = read(before.path, Overlay(texts, files.disk))
        added = _added(before.problems, after.problems)
        if added is not None:
            raise RefusalError("clash", lang, new=new, problem=in_language(added, lang).message)
        same = len(list(before.uses.of(symbol))) == len(list(after.uses.of(renamed)))
        if not same or len(before.uses.places) != len(after.uses.places):
            raise RefusalError("changes", lang, new=new)


def _added(before: Sequence[Diagnostic], after: Sequence[Diagnostic]) -> Diagnostic | None:
    """The first problem that there are more of than before; of several, one of syntax or names before others."""
    known = Counter(each.code for each in before)
    count = Counter(each.code for each in after)
    added = (each for each in after if count[each.code] > known[each.code])
    return min(added, key=lambda each: each.code, default=None)


def _renamed(source: Source, places: list[Use], new: str) -> str:
    pieces, at = [], 0
    for place in sorted(places, key=lambda place: place.span.start):
        pieces += [source.text[at : place.span.start], new]
        at = place.span.end
    return "".join((*pieces, source.text[at:]))

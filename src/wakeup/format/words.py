"""The words of the language in one of its two languages: the lexicon read backwards.

The first spelling of a list is the one that is written; a word that one language lacks is written in English.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache

from attrs import frozen

from wakeup.diagnostics import Language
from wakeup.syntax.grammar import lexers
from wakeup.syntax.lexicon import canonical_key, canonical_word, lexicon
from wakeup.syntax.nodes import Name
from wakeup.syntax.terminals import ITEM_STARTS

_KEYS_BY_KIND: Mapping[tuple[str, str], str] = {
    ("draw", "count"): "数量",
    ("event", "on"): "时间",
}
"""Chinese keys that read better in one kind of declaration than the lexicon's first spelling."""


@frozen
class Words:
    """Spellings in one language."""

    lang: Language

    @property
    def zh(self) -> bool:
        """Whether the language is Chinese."""
        return self.lang == "zh"

    def keyword(self, terminal: str, at: int = 0) -> str:
        """Return the spelling of a keyword terminal; ``at`` picks another than the first."""
        return self._of(lexicon().keywords[terminal])[at]

    def noun(self, kind: str) -> str:
        """Return the word that begins a declaration of a kind."""
        return self._of((*_back("nouns").get(kind, ()), *_back("claims").get(kind, ())))[0]

    def key(self, kind: str, key: Name) -> str:
        """Return the spelling of a property's key in a declaration of a kind."""
        first = (_KEYS_BY_KIND[kind, key.text],) if self.zh and (kind, key.text) in _KEYS_BY_KIND else ()
        known = self._of(_back("keys").get(key.text, ()))
        return _fitting((*first, *known), key, lambda word: canonical_key(kind, word))

    def word(self, name: Name, *, event: bool, past: bool = False) -> str:
        """Return the spelling of a word of a closed list; any other stays as it was written.

        ``event``: it stands where an event may be named; ``past``: in the sense of having happened, `clicked`.
        """
        events = self._of(_back("events").get(name.text, ()))
        if past and not self.zh:
            events = events[1:]
        others = self._of(_back("words").get(name.text, ()))
        candidates = (*events, *others) if event else (*others, *events)
        if name.text in lexicon().currency.values():
            return name.text  # 人民币 as the code, which is the same in both languages
        return _fitting(candidates, name, lambda word: canonical_word(word, event=event))

    def spellings(self, word: str) -> Sequence[str]:
        """Return every spelling of a canonical word, as a key or inside a value."""
        return tuple(spelling for table in ("words", "events", "keys") for spelling in _back(table).get(word, ()))

    def counted(self, unit: Name) -> str:
        """Return the spelling of what a quantity counts, `sent`."""
        spellings = (*_back("words").get(unit.text, ()), *_back("events").get(unit.text, ()))
        fits = [word for word in self._of(spellings) if word in lexicon().counted]
        return _fitting(fits, unit, lambda word: canonical_word(word, event=False))

    def unit(self, table: str, unit: str) -> str:
        """Return the short spelling of a unit of a table (`elapsed`, `calendar`, `currency`, `per`)."""
        return self._of(_back(table).get(unit, (unit,)))[0]

    def long_unit(self, unit: str, *, one: bool) -> str:
        """Return the English word of a unit of elapsed time, `days`."""
        word = self._of(_back("elapsed")[unit])[1]
        return word if one else word + "s"

    def is_period(self, unit: str) -> bool:
        """Tell whether a rate's unit is one that Chinese fuses with 每."""
        return unit in _back("per")

    def _of(self, spellings: Iterable[str]) -> tuple[str, ...]:
        spellings = tuple(spellings)
        return tuple(word for word in spellings if word.isascii() != self.zh) or spellings


def begins_item(text: str) -> bool:
    """Tell whether a text at the beginning of a line would be read as a declaration, a statement or a key."""
    match = lexers().match_any(text, 0)
    return match is not None and match.lastgroup in ITEM_STARTS


def _fitting(candidates: Iterable[str], name: Name, read: Callable[[str], str]) -> str:
    """Return the first spelling that is read as the same word."""
    return next((word for word in candidates if read(word) == name.text), name.written)


@cache
def _back(table: str) -> Mapping[str, tuple[str, ...]]:
    """Canonical word -> its spellings, English before Chinese, of one table of the lexicon."""
    back: dict[str, list[str]] = {}
    for spelling, word in getattr(lexicon(), table).items():
        back.setdefault(word, []).append(spelling)
    return {word: tuple(spellings) for word, spellings in back.items()}

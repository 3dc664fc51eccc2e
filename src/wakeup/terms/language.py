"""The two languages, and the Chinese spelling of the words of the language (`grammars/lexicon.toml`).

A word is named by its English spelling, which is the same everywhere; its Chinese spelling is looked up here.
"""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Literal

from wakeup.terms.data import packaged_text

Language = Literal["en", "zh"]
"""The language of a text for people."""

THINGS = ("nouns", "claims")
"""Tables of what can be declared."""

KEYS = ("keys", "attributes", "figures", "values", "events", "keywords", "nouns", "claims")
"""Tables of what stands before a colon, and of what is spoken of in its place."""

WORDS = (
    *("attributes", "events", "figures", "values"),
    *("per", "elapsed", "calendar"),
    *("keywords", "keys", "nouns"),
)
"""Tables of what stands inside a value."""

FIGURES = ("figures", "attributes", "values")
"""Tables of the figures of a result; `orders` is spelled as the attribute."""


def chinese(word: str, tables: tuple[str, ...]) -> str | None:
    """Return the Chinese spelling of a word in the first table that has one, or None when none has."""
    known = _tables()
    return next((known[table][word] for table in tables if word in known[table]), None)


@cache
def _tables() -> Mapping[str, Mapping[str, str]]:
    """Table -> English spelling -> first Chinese spelling."""
    raw = tomllib.loads(packaged_text("lexicon.toml"))
    found: dict[str, dict[str, str]] = {name: dict(_pairs(raw[name])) for name in raw if name != "units"}
    found |= {name: dict(_pairs(raw["units"][name])) for name in ("elapsed", "calendar", "per")}
    return found


def _pairs(table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, entry in table.items():
        english, spelled = ((), entry) if isinstance(entry, list) else (entry.get("en", ()), entry.get("zh", ()))
        for word in (key, *english):
            if spelled:
                yield word, spelled[0]

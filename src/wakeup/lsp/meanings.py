"""What words and properties mean, in a line, in either language."""

import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any

from wakeup.diagnostics import Language
from wakeup.terms.behaviour import parameters
from wakeup.terms.data import packaged_text


@cache
def _words() -> Mapping[str, Mapping[str, Mapping[Language, str]]]:
    return tomllib.loads(packaged_text("lsp/words.toml"))


@cache
def _properties() -> Mapping[str, Any]:
    return tomllib.loads(packaged_text("docs/properties.toml"))


def kind(name: str, lang: Language) -> str:
    """Return what a kind of declaration is; "" for a word that is none."""
    return _words()["kinds"].get(name, {}).get(lang, "")


def keyword(terminal: str, lang: Language) -> str:
    """Return what a keyword says, by its terminal."""
    return _words()["keywords"].get(terminal, {}).get(lang, "")


def word(name: str, lang: Language) -> str:
    """Return what a word of a closed list means: an attribute, event, figure or value, by its canonical spelling."""
    for table in ("attributes", "events", "figures", "values"):
        if name in _words()[table]:
            return _words()[table][name][lang]
    return next((told[lang] for prefix, told in _words()["prefixes"].items() if name.startswith(f"{prefix}_")), "")


def event(name: str, lang: Language) -> str:
    """Return what an event means, of a word that may also be something else."""
    return _words()["events"].get(name, {}).get(lang, "")


def variable(name: str, lang: Language) -> str:
    """Return what a variable of a message's text is filled with."""
    return _words()["variables"].get(name, {}).get(lang, "")


def parameter(name: str, lang: Language) -> str:
    """Return what a parameter of `assume` is."""
    own = parameters().get(name)
    if own is None:
        return ""
    return own.meaning if lang == "en" else own.meaning_zh


def key(kind_of: str, name: str, lang: Language) -> str:
    """Return what a property of a kind of declaration means, with what holds without it; "" if it has none."""
    if kind_of == "assume":
        return parameter(name, lang)
    row = _properties().get(kind_of, {}).get(name)
    if row is None:
        return ""
    return str(row["zh"] if lang == "zh" else row["means"])

"""The words of the language, read from ``lexicon.toml``: keyword terminals and the tables of canonical spellings."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from attrs import frozen

from wakeup.terms.data import packaged_text

# A letter may not follow an English word; a digit may follow a Chinese one (``等待7天``).
_END_EN = r"(?!\w)"
_END_ZH = r"(?![^\W0-9])"


@frozen
class Noun:
    """What a declaration of one kind may hold; see the head of the table in ``lexicon.toml``."""

    kind: str
    name: str
    links: frozenset[str]
    holds: str


@frozen
class Lexicon:
    """Spellings -> canonical words.

    ``keywords`` terminal -> its spellings, English before Chinese. ``nouns`` and ``claims`` spelling -> kind.
    ``keys``, ``words`` (attributes, figures, values), ``events``, ``attributes`` spelling -> canonical spelling.
    ``elapsed``, ``calendar``, ``currency``, ``per`` spelling -> unit; ``counting``, ``times`` spellings;
    ``magnitude`` Chinese power of ten -> factor. ``counted`` are the words that may stand behind a number without
    being a unit (``500 sent``).
    """

    keywords: Mapping[str, tuple[str, ...]]
    nouns: Mapping[str, str]
    claims: Mapping[str, str]
    shapes: Mapping[str, Noun]
    keys: Mapping[str, str]
    words: Mapping[str, str]
    attributes: Mapping[str, str]
    events: Mapping[str, str]
    elapsed: Mapping[str, str]
    calendar: Mapping[str, str]
    counting: frozenset[str]
    currency: Mapping[str, str]
    times: frozenset[str]
    magnitude: Mapping[str, int]
    per: Mapping[str, str]
    counted: frozenset[str]


@cache
def lexicon() -> Lexicon:
    """Return the lexicon (read once)."""
    raw = tomllib.loads(packaged_text("lexicon.toml"))
    units = raw["units"]
    values = {**_spellings(raw["attributes"]), **_spellings(raw["values"]), **_spellings(raw["figures"])}
    events = _both(raw["events"])
    return Lexicon(
        keywords={name: (*entry.get("en", ()), *entry.get("zh", ())) for name, entry in raw["keywords"].items()},
        nouns=_both(raw["nouns"]),
        claims=_both(raw["claims"]),
        shapes={kind: _noun(kind, entry) for kind, entry in raw["nouns"].items()},
        keys=_spellings(raw["keys"]),
        words=values,
        attributes=_spellings(raw["attributes"]),
        events=events,
        elapsed=_both(units["elapsed"]),
        calendar=_both(units["calendar"]),
        counting=frozenset(units["counting"]["en"] + units["counting"]["zh"]),
        currency=_spellings(units["currency"]),
        times=frozenset(units["times"]["en"] + units["times"]["zh"]),
        magnitude=units["magnitude"],
        per=_spellings(units["per"]),
        counted=frozenset(_spellings(raw["figures"])) | frozenset(events),
    )


_KEYS_OF: Mapping[str, Mapping[str, str]] = {
    "cost": {"日期": "on"},
    "scenario": {"日期": "from"},
    "phase": {"日期": "from"},
    "flash_price": {"日期": "from"},
    "event": {"时间": "on", "日期": "on"},
    "draw": {"数量": "count"},
    "staff": {"时间": "hours"},
}
"""Keys whose Chinese word means another key in one kind of declaration."""


def canonical_key(kind: str, word: str) -> str:
    """Return the canonical spelling of a property's key in a declaration of that kind; an unknown one stays."""
    return _KEYS_OF.get(kind, {}).get(word) or lexicon().keys.get(word, word)


def canonical_word(word: str, *, event: bool) -> str:
    """Return the canonical spelling of a word inside a value; an unknown one stays.

    ``event``: it stands where a word of the list of events is meant as one (``clicked`` is then the event ``click``,
    else the figure).
    """
    words = lexicon()
    if event and word in words.events:
        return words.events[word]
    known = words.words.get(word) or (words.events.get(word) if not word.isascii() else None)
    return known or (words.currency.get(word, word) if len(word) > 1 else word)


def _spellings(table: Mapping[str, list[str]]) -> dict[str, str]:
    return {spelling: key for key, chinese in table.items() for spelling in (key, *chinese)}


def _both(table: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    return {
        spelling: key for key, entry in table.items() for spelling in (key, *entry.get("en", []), *entry.get("zh", []))
    }


def _noun(kind: str, entry: Mapping[str, Any]) -> Noun:
    return Noun(kind=kind, name=entry["name"], links=frozenset(entry.get("links", [])), holds=entry["holds"])


# --------------------------------------------------------------------------- terminals


def terminals() -> str:
    """Return the generated terminals as text in the grammar's own notation."""
    words = lexicon()
    nouns = [word for word, kind in words.nouns.items() if kind != "budget"]
    rows = {name: _keyword(spellings) for name, spellings in words.keywords.items()}
    rows["TUNE"] += r"(?=[ \t]*[(（])"  # a name everywhere else
    rows["NOUN"] = _keyword(nouns)
    rows["BUDGET"] = _keyword(word for word, kind in words.nouns.items() if kind == "budget")
    rows["CLAIM"] = _keyword(words.claims)
    rows["NO_EVENT"] = f"(?:{'|'.join(NO_EVENT)})(?:{_any(_chinese(words.events))}){_END_ZH}"
    each = f"每(?:自然)?(?:{_any(_chinese(words.per))})"
    rows["EACH"] = each + _END_ZH
    rows["EVERY_AT_MOST"] = f"(?:{each}|每 ?[0-9]+(?:{_any(_unit_words())}))(?:最多|至多|不超过){_END_ZH}"
    low = [f"{name}.2: /{pattern}/" for name, pattern in rows.items() if name not in _AHEAD]
    high = [f"{name}.3: /{rows[name]}/" for name in _AHEAD]
    # A call and its `within` are one thing, also over a line's end: behind any other value `within` begins a tail.
    ahead = rf"(?=(?:\s|#[^\n]*\n)*{rows['WITHIN']}(?![ \t]*[:：]))"
    within = f"RPAR_WITHIN.9: /[)）]{ahead}/"
    amounts = {"AMOUNT.6": amount_pattern(), "FULL_CUT.7": full_cut_pattern(), "ZHE.7": zhe_pattern()}
    return "\n".join([*low, *high, within, *(f"{name}: /{pattern}/" for name, pattern in amounts.items()), ""])


NO_EVENT = ("未", "没有", "没")
"""What may stand right before a Chinese event to say that it did not happen."""

_AHEAD = ("NO_EVENT", "EVERY_AT_MOST", "EACH", "AND_UP", "AT_MOST")
"""Terminals of several words, which must win over the first of their words."""

DIGITS = r"[0-9０-９]"


def amount_pattern() -> str:
    """A number with its sign and what is glued to it: ``-5_000``, ``30d``, ``12%``, ``1.5万元``, ``1,200,000``."""
    words = lexicon()
    magnitude = "".join(words.magnitude)
    glued = rf"[%％]|[A-Za-z]+|[{magnitude}]?(?:{_any(_unit_words())})|[{magnitude}]"
    return rf"[-−－]?{number_pattern()}(?:{glued})?(?![A-Za-z0-9_])"


def number_pattern() -> str:
    """The digits of a number; comma groups and full-width digits are read here so that they can be told apart."""
    return rf"{DIGITS}(?:{DIGITS}|_)*(?:[,，]{DIGITS}{{3}}(?!{DIGITS}))*(?:[.．]{DIGITS}+)?"


def full_cut_pattern() -> str:
    """满300减80, 满1万减2000, with or without 元."""
    yuan = _yuan_pattern()
    return rf"满 ?{yuan} ?元? ?立?减 ?{yuan} ?元?(?![A-Za-z0-9_])"


def zhe_pattern() -> str:
    """8折, 8.5折, 85折, 打8折, 满100打8折, 满100元享8折; a longer word such as 打8折券 is a name."""
    verb = "(?:打|立?享)"
    valid = _any(_chinese(lexicon().keywords["VALID"]))
    yuan = _yuan_pattern()
    return rf"(?:满 ?{yuan} ?(?:元 ?{verb}?|{verb}) ?|{verb} ?)?{DIGITS}+(?:[.．]{DIGITS}+)? ?折(?:(?!\w)|(?={valid}))"


def _yuan_pattern() -> str:
    magnitude = "".join(lexicon().magnitude)
    return rf"{DIGITS}(?:{DIGITS}|_)*(?:\.{DIGITS}+)?[{magnitude}]?"


def _unit_words() -> list[str]:
    words = lexicon()
    tables: tuple[Iterable[str], ...] = (words.elapsed, words.calendar, words.counting, words.currency, words.times)
    return [word for table in tables for word in _chinese(table)]


def _keyword(spellings: Iterable[str]) -> str:
    spelled = list(spellings)
    english = [word for word in spelled if word.isascii()]
    chinese = _chinese(spelled)
    parts = []
    if english:
        parts.append(f"(?:{_any(english)}){_END_EN}")
    if chinese:
        parts.append(f"(?:{_any(chinese)}){_END_ZH}")
    return f"(?:{'|'.join(parts)})"


def _chinese(words: Iterable[str]) -> list[str]:
    return [word for word in words if not word.isascii()]


def _any(words: Iterable[str]) -> str:
    """Alternation, longest first; a blank inside a word stands for any layout on one line."""
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\ ", r"[ \t]+") for word in ordered)

"""What a message is filled with: pieces that are told in either language.

A name, a number or what the author wrote is the same in both languages and is given as it is. Everything else is one of
the pieces here. They are named by their English text; the Chinese stands in the lexicon (words of the language) and in
``words.toml`` (everything else).

========== ==================================================== =====================================
`Noun`     a kind of thing: ``Noun("coupon")``                  coupon / 优惠券
`Key`      a property or what stands in its place               valid / 有效期
`Word`     a word inside a value, a keyword                     last_touch / 末次触点
`Figure`   a figure of the result                               clicked / 点击数
`Typed`    a piece of a campaign file, to be typed              30d / 30天
`Say`   a text of ours, with fields                          first declared here / 首次声明在这里
`Listed`   several of them                                      `a` or `b` / “a”或“b”
`Count`    a number of things                                   2 files / 2 个文件
========== ==================================================== =====================================
"""

import tomllib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Final, Literal

from attrs import field, frozen

from wakeup.terms.data import packaged_text
from wakeup.terms.language import FIGURES, KEYS, THINGS, WORDS, Language, chinese

MOST_LISTED: Final = 10
"""More than ten names in one message are not read."""

Joint = Literal["or", "and", ","]
"""What stands before the last of several."""


class Piece(ABC):
    """A text that exists in both languages."""

    @abstractmethod
    def told(self, lang: Language) -> str:
        """Return the text in a language."""

    def __str__(self) -> str:
        return self.told("en")


Text = str | Piece
"""A text for people: a piece in both languages, or a name, which is the same in both."""


@frozen(str=False)
class Noun(Piece):
    """A kind of thing: one that can be declared, or one of ``[nouns]``."""

    name: str

    def told(self, lang: Language) -> str:
        """Return the noun."""
        if lang == "en":
            return self.name.replace("_", " ")
        return chinese(self.name, THINGS) or table("nouns")[self.name]


@frozen(str=False)
class Key(Piece):
    """A property; a name that is no word of the language stays as it is."""

    name: str

    def told(self, lang: Language) -> str:
        """Return the property as it is written before its colon."""
        return self.name if lang == "en" else chinese(self.name, KEYS) or self.name


@frozen(str=False)
class Word(Piece):
    """A word of the language inside a value or a statement; a name that is none stays as it is."""

    name: str

    def told(self, lang: Language) -> str:
        """Return the word as it is written in a campaign."""
        return self.name if lang == "en" else chinese(self.name, WORDS) or self.name


@frozen(str=False)
class Figure(Piece):
    """A figure; some share their English word with an event: the figure ``clicked`` is 点击数, the event 点击."""

    name: str

    def told(self, lang: Language) -> str:
        """Return the figure as it is written in a campaign."""
        return self.name if lang == "en" else chinese(self.name, FIGURES) or self.name


@frozen(str=False, init=False)
class _Template(Piece):
    text: str
    fields: Mapping[str, object] = field(hash=False)

    def __init__(self, text: str, **fields: object) -> None:
        self.__attrs_init__(text, fields)

    def _told(self, lang: Language, tables: str) -> str:
        template = self.text if lang == "en" else table(tables)[self.text]
        return template.format_map(told_fields(self.fields, lang)) if self.fields else template


class Say(_Template):
    """A text of ours, one of ``[phrases]``; its fields may be pieces."""

    def told(self, lang: Language) -> str:
        """Return the text, filled in."""
        return self._told(lang, "phrases")


class Typed(_Template):
    """A piece of a campaign file as it would be typed, one of ``[typed]``; its fields may be pieces."""

    def told(self, lang: Language) -> str:
        """Return what to type."""
        return self._told(lang, "typed")


@frozen(str=False)
class Listed(Piece):
    """Several texts: names and words in quotes, what would be typed in back ticks; after `most`, how many are left."""

    items: Sequence[Text]
    joint: Joint = ","
    most: int = MOST_LISTED

    def told(self, lang: Language) -> str:
        """Return them in a row."""
        if len(self.items) > self.most:
            first = Listed(self.items[: self.most], ",", self.most)
            return Say("{names} and {count} more", names=first, count=len(self.items) - self.most).told(lang)
        shown = [_quoted(each, lang) for each in self.items]
        comma, joints = _JOINTS[lang]
        if self.joint == "," or len(shown) < 2:
            return comma.join(shown)
        return f"{comma.join(shown[:-1])}{joints[self.joint]}{shown[-1]}"


_JOINTS: Final[Mapping[Language, tuple[str, Mapping[str, str]]]] = {
    "en": (", ", {"or": " or ", "and": " and "}),
    "zh": ("、", {"or": "或", "and": "和"}),
}


@frozen(str=False)
class Named(Piece):
    """A thing that is declared, with its kind: ``coupon c8``, ``优惠券“c8”``; without a name, the kind alone."""

    kind: str
    name: str = ""

    def told(self, lang: Language) -> str:
        """Return kind and name."""
        kind = Noun(self.kind).told(lang)
        if not self.name:
            return kind
        return f"{kind}“{self.name}”" if lang == "zh" else f"{kind} {self.name}"


@frozen(str=False)
class Count(Piece):
    """A number of things, one of ``[counts]``: ``1 file``, ``2 files``, ``2 个文件``."""

    number: int
    thing: str

    def told(self, lang: Language) -> str:
        """Return the number and what is counted."""
        if lang == "zh":
            return f"{self.number:,} {table('counts')[self.thing]}"
        return f"{self.number:,} {self.thing}{'s' * (self.number != 1)}"


def amount(number: str, currency: str) -> Typed:
    """Return an amount of money as it would be typed: ``80 CNY``, ``80元``."""
    if currency == "CNY":
        return Typed("{number} CNY", number=number)
    return Typed("{number} {currency}", number=number, currency=currency)


def tell(text: Text, lang: Language) -> str:
    """Return a text in a language."""
    return text.told(lang) if isinstance(text, Piece) else text


def told_fields(fields: Mapping[str, object], lang: Language) -> dict[str, object]:
    """Return the fields of a template in a language; numbers stay numbers."""
    return {name: value.told(lang) if isinstance(value, Piece) else value for name, value in fields.items()}


def words(names: Iterable[str]) -> tuple[Word, ...]:
    """Return words of the language by their English spellings."""
    return tuple(map(Word, names))


_FILES: Final = (
    "diagnostics/words.toml",
    "plan/words.toml",
    "report/words.toml",
    "report/backtest/words.toml",
    "live/words.toml",
)


@cache
def table(name: str) -> Mapping[str, str]:
    """Return a table of the files of words: English -> Chinese."""
    found: dict[str, str] = {}
    for file in _FILES:
        found |= tomllib.loads(packaged_text(file)).get(name, {})
    return found


def _quoted(text: Text, lang: Language) -> str:
    shown = tell(text, lang)
    if isinstance(text, Say | Noun | Count):
        return shown
    return f"“{shown}”" if lang == "zh" and not isinstance(text, Typed) else f"`{shown}`"

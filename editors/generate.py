"""Write the colours of campaign files for VS Code (a TextMate grammar) from the words of the language.

The expressions keep to what Oniguruma and Python's `re` understand alike, so that a test can read them.
"""

import json
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from wakeup.syntax.lexicon import Lexicon, full_cut_pattern, lexicon, number_pattern, zhe_pattern

HERE: Final = Path(__file__).resolve().parent
TARGET: Final = HERE / "vscode" / "syntaxes" / "wakeup.tmLanguage.json"

NAME: Final = r"[^\W\d]\w*"
STATEMENTS: Final = ("SEND", "WAIT", "IF", "ELSE", "SPLIT", "PROMOTE", "GRANT", "EXIT", "AT_MOST", "PAUSE")
"""Keywords that do something; all others join words."""

UNIT: Final = "support.type.unit.wake"

IMPORTS: Final = ("IMPORT", "AS")

Rule = Mapping[str, object]


def grammar() -> dict[str, object]:
    """Return the grammar."""
    words = lexicon()
    return {
        "name": "wakeup campaign",
        "scopeName": "source.wake",
        "fileTypes": ["wake"],
        "patterns": [{"include": f"#{name}"} for name in _rules(words)],
        "repository": {name: {"patterns": rules} for name, rules in _rules(words).items()},
    }


def _rules(words: Lexicon) -> dict[str, list[Rule]]:
    """Groups of rules; of two that match at one place, the first counts."""
    return {
        "comments": [
            {"name": "comment.line.documentation.wake", "match": "##.*$"},
            {"name": "comment.line.number-sign.wake", "match": "#.*$"},
        ],
        "strings": [_string('"', '"'), _string("“", "”")],
        "declarations": _declarations(words),
        "keys": [{"name": "variable.other.property.wake", "match": rf"{NAME}(?=[ \t]*[:：])(?![:：][0-9]{{2}})"}],
        "literals": _literals(words),
        "keywords": _keywords(words),
        "words": _words(words),
        "names": [{"match": rf"{NAME}(?:\.{NAME})*"}],
        "operators": [
            {"name": "keyword.operator.comparison.wake", "match": ">=|<=|==|!=|[≥≤≠<>＜＞=＝]"},
            {"name": "punctuation.section.block.wake", "match": "[{}｛｝()（）]"},
            {"name": "punctuation.separator.wake", "match": "[,，、;；:：]"},
        ],
    }


def _string(begin: str, end: str) -> Rule:
    inside = [
        {"name": "constant.character.escape.wake", "match": r"\\."},
        {"name": "variable.other.template.wake", "match": r"\{\{.*?\}\}"},
    ]
    return {"name": "string.quoted.double.wake", "begin": begin, "end": rf"{end}|$", "patterns": inside}


def _declarations(words: Lexicon) -> list[Rule]:
    nouns, claims = _any(words.nouns), _any(words.claims)
    return [
        {
            "match": r"^\s*(wakeup)\s+([0-9]+)",
            "captures": {"1": {"name": "keyword.other.version.wake"}, "2": {"name": "constant.numeric.wake"}},
        },
        {
            "match": rf"(?:^|(?<=[}}｝]))\s*({nouns})[ \t]+({NAME})",
            "captures": {"1": {"name": "storage.type.wake"}, "2": {"name": "entity.name.type.wake"}},
        },
        {
            "match": rf"(?:^|(?<=[}}｝]))\s*({nouns}|{claims})(?=[ \t]*[^\s:：])",
            "captures": {"1": {"name": "storage.type.wake"}},
        },
    ]


def _literals(words: Lexicon) -> list[Rule]:
    units = [*words.elapsed, *words.calendar, *words.counting, *words.currency, *words.times]
    chinese = _joined(word for word in units if not word.isascii())
    english = _joined(word for word in units if word.isascii() and len(word) > 1)
    glued = rf"[%％]|[A-Za-z]+|[{''.join(words.magnitude)}]?(?:{chinese})|[{''.join(words.magnitude)}]"
    return [
        {"name": "constant.numeric.date.wake", "match": r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:T[0-9:]+)?(?![A-Za-z0-9_])"},
        {"name": "constant.numeric.time.wake", "match": r"[0-9]{1,2}[:：][0-9]{2}(?![A-Za-z0-9_])"},
        {"name": "constant.numeric.discount.wake", "match": f"{full_cut_pattern()}|{zhe_pattern()}"},
        {
            "match": rf"([-−－]?{number_pattern()}(?:{glued})?)(?:[ \t]+([A-Z]{{3}}|{english})(?!\w))?",
            "captures": {"1": {"name": "constant.numeric.wake"}, "2": {"name": UNIT}},
        },
    ]


def _keywords(words: Lexicon) -> list[Rule]:
    acts = [word for name in STATEMENTS for word in words.keywords[name]]
    brings = [word for name in IMPORTS for word in words.keywords[name]]
    known = {*STATEMENTS, *IMPORTS, "WAKEUP"}
    joins = [word for name, spellings in words.keywords.items() if name not in known for word in spellings]
    every = _joined(word for word in words.per if not word.isascii())
    events = _joined(word for word in words.events if not word.isascii())
    return [
        {"name": "keyword.control.wake", "match": rf"每(?:自然)?(?:{every}|[0-9]+\w*?)(?:最多|至多|不超过)"},
        {"name": "keyword.operator.word.wake", "match": rf"每(?:自然)?(?:{every})(?![^\W0-9])"},
        {
            "match": rf"(?<![^\W0-9.])(未)({events})(?![^\W0-9])",
            "captures": {"1": {"name": "keyword.operator.word.wake"}, "2": {"name": "support.constant.wake"}},
        },
        {"name": "keyword.control.wake", "match": _any(acts)},
        {"name": "keyword.control.import.wake", "match": _any(brings)},
        {"name": "keyword.operator.word.wake", "match": _any(joins)},
    ]


def _words(words: Lexicon) -> list[Rule]:
    attributes = set(words.attributes)
    others = {*words.words, *words.events} - attributes
    units = {word for word in words.per if word.isascii()}
    return [
        {"name": UNIT, "match": _any(units)},
        {"name": "support.variable.attribute.wake", "match": _any(attributes)},
        {"name": "support.constant.wake", "match": _any(others)},
    ]


def _any(words: Iterable[str]) -> str:
    """Any of these words by itself; behind a Chinese one a number may stand without a blank."""
    spelled = set(words)
    english = _joined(word for word in spelled if word.isascii())
    chinese = _joined(word for word in spelled if not word.isascii())
    parts = [rf"(?:{english})(?![\w.])"] if english else []
    parts += [rf"(?:{chinese})(?![^\W0-9]|\.)"] if chinese else []
    return rf"(?<![\w.])(?:{'|'.join(parts)})" if english else rf"(?<![^\W0-9.])(?:{'|'.join(parts)})"


def _joined(words: Iterable[str]) -> str:
    """An alternation, longest first; a blank stands for any on one line."""
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\ ", r"[ \t]+") for word in ordered)


def text() -> str:
    """Return the grammar as it is written to its file."""
    return json.dumps(grammar(), ensure_ascii=False, indent=2) + "\n"


def main() -> int:
    """Write the grammar."""
    TARGET.write_text(text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

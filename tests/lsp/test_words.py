"""Every word that can be offered or hovered over has a meaning, in both languages."""

import re
import tomllib
from collections.abc import Iterator

import pytest

from wakeup.lang.claims import known_figures
from wakeup.lang.schema import KINDS
from wakeup.lsp import meanings
from wakeup.lsp.values import TAILS, TYPES
from wakeup.syntax.lexicon import lexicon
from wakeup.terms.behaviour import parameters
from wakeup.terms.data import packaged_text
from wakeup.terms.variables import ENGINE_VARIABLES, FIELD_VARIABLES

CHINESE = re.compile("[\u4e00-\u9fff]")


def words() -> Iterator[str]:
    for takes in (*TYPES.values(), *TAILS.values()):
        yield from takes.words
    yield from lexicon().attributes.values()
    yield from lexicon().events.values()
    yield from known_figures()


def told(meaning: str, lang: str) -> bool:
    return bool(meaning) and bool(CHINESE.search(meaning)) == (lang == "zh")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_word_has_a_meaning(lang: str) -> None:
    assert [word for word in dict.fromkeys(words()) if not told(meanings.word(word, lang), lang)] == []
    kinds = (*lexicon().shapes, *lexicon().claims.values())
    assert [kind for kind in dict.fromkeys(kinds) if not told(meanings.kind(kind, lang), lang)] == []
    assert [name for name in lexicon().keywords if not told(meanings.keyword(name, lang), lang)] == []


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_property_has_a_meaning(lang: str) -> None:
    keys = [(kind, key) for kind, known in KINDS.items() for key in known]
    assert [f"{kind}.{key}" for kind, key in keys if not told(meanings.key(kind, key, lang), lang)] == []


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_parameter_and_variable_has_a_meaning(lang: str) -> None:
    assert [name for name in parameters() if not told(meanings.parameter(name, lang), lang)] == []
    variables = (*ENGINE_VARIABLES, *FIELD_VARIABLES)
    assert [name for name in variables if not told(meanings.variable(name, lang), lang)] == []


def test_every_type_of_property_says_what_it_takes() -> None:
    assert {known.type for keys in KINDS.values() for known in keys.values()} == TYPES.keys()


def test_no_meaning_is_left_over() -> None:
    told = tomllib.loads(packaged_text("lsp/words.toml"))
    assert told["kinds"].keys() <= {*lexicon().shapes, *lexicon().claims.values()}
    assert told["keywords"].keys() <= lexicon().keywords.keys()
    assert told["events"].keys() <= {*lexicon().events.values()}
    assert told["attributes"].keys() <= {*lexicon().attributes.values()}
    assert told["variables"].keys() <= {*ENGINE_VARIABLES, *FIELD_VARIABLES}
    assert {*told["figures"], *told["values"]} <= {*lexicon().words.values(), *known_figures()}

import pickle
import re
import string
from pathlib import Path

import pytest
from tests.diagnostics.pieces import english, pieces

from wakeup.diagnostics import (
    Code,
    Count,
    Fix,
    Key,
    Label,
    Listed,
    Named,
    Noun,
    Say,
    Typed,
    Word,
    amount,
    diagnostic,
    in_language,
    registry,
)
from wakeup.diagnostics.words import table
from wakeup.lang.names import NAMESPACE
from wakeup.lang.schema import KINDS
from wakeup.source import Span
from wakeup.terms.behaviour import parameters
from wakeup.terms.language import THINGS, chinese

HERE = Span("a.wake", 0, 4)
TABLES = ("nouns", "counts", "phrases", "typed")

CODES = r"""
    WK\d{4} | \{\{.*?\}\} | \{[a-z_]*\} | \{ | \}                            # codes, variables, fields
  | `[^`]*`                                                                  # what is typed, checked below
  | "[^"]*"                                                                  # texts of customers, names of zones
  | --?[a-z][a-z-]* | \bN\b                                                  # options
  | \b(?:CNY|USD|GBP|JSON|UTF-8|GB18030|GBK|ANSI|CSV|Parquet|xlsx|HTML|ISO|MB|GB|Dask|DuckDB|NumPy|SQL|IANA)\b
  | \b(?:SQLite|WAL|PostgreSQL)\b
  | \b(?:wakeup|pip\ install)\b(?:\ ?'?[a-z]+\b|\[[a-z]+\])*'? | [\w./*-]*\.(?:wake|json|html|toml|csv|jsonl|parquet)\b
  | Asia/Shanghai | 渠道\.[a-z_]+                                           # a zone; a channel of the library
"""
"""What is the same in both languages."""

JSON_KEYS = {"parameter", "scope", "median", "sd", "link", "source", "grade"}
MAPPING = {"id", "time", "amount", "returns", "category"}
SINGLE = {"R", "x"}


def latin(text: str) -> set[str]:
    """Words of a Chinese text that are neither Chinese nor the same in both languages."""
    rest = re.sub(CODES, " ", text, flags=re.VERBOSE)
    return set(re.findall(r"[A-Za-z][A-Za-z_]+", rest))


def fields_of(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


@pytest.mark.parametrize("entry", registry().values(), ids=lambda entry: str(entry.code))
def test_the_page_of_every_code_is_chinese(entry: Code) -> None:
    assert entry.title_zh
    assert entry.why_zh
    assert (entry.wrong is None) == (entry.wrong_zh is None)
    assert (entry.right is None) == (entry.right_zh is None)
    for text in (entry.title_zh, entry.zh, entry.why_zh, entry.help_zh or ""):
        assert latin(text) <= JSON_KEYS | MAPPING, text
    for example in (entry.wrong_zh, entry.right_zh):
        if example and not example.strip().startswith("wakeup plan"):
            assert latin(example) <= {"cny", "kit", "it", "WK"}, example


def test_every_piece_has_a_chinese_text_and_none_is_left_over(checkout: Path) -> None:
    named = {(each.table, each.text): each.where for each in pieces(checkout / "src" / "wakeup")}
    lacking = [f"{where}: {text!r} in [{name}]" for (name, text), where in named.items() if not known(name, text)]
    assert lacking == []
    dynamic = {("nouns", each) for each in (*NAMESPACE.values(), "budget line", *_roles(), *_units(), *SIZES)}
    dynamic |= {("counts", each) for each in ("error", "warning", "note", "day", "hour", "minute", "second", "month")}
    dynamic |= {("nouns", each) for each in SORTS}
    left = {(name, text) for name in TABLES for text in table(name)} - named.keys() - dynamic
    assert left == set()


SORTS = ("date", "number", "text", "tag", "choice", "money", "field", "yes_no")
"""Sorts of own fields."""

SIZES = ("tiers", "bands", "journeys", "steps", "arms", "messages", "caps")


def _roles() -> tuple[str, ...]:
    return ("id", "time", "amount", "returns", "category", "channel", "log", "table", "touches", "population")


def _units() -> set[str]:
    return {each.unit for each in parameters().values()}


def known(name: str, text: str) -> bool:
    return text in table(name) or (name == "nouns" and chinese(text, THINGS) is not None)


def test_texts_of_both_languages_have_the_same_fields() -> None:
    for name in ("phrases", "typed"):
        for text, told in table(name).items():
            if "{" in text and "{ …" not in text:
                assert fields_of(text) == fields_of(told), text


def test_no_message_is_given_an_english_text(checkout: Path) -> None:
    assert list(english(checkout / "src" / "wakeup")) == []


def test_words_of_the_language_are_chinese() -> None:
    assert [key for kind in KINDS.values() for key in kind if Key(key).told("zh") == key] == []
    assert [name for name in parameters() if Key(name).told("zh") == name] == []


def test_pieces_in_both_languages() -> None:
    told = {
        Noun("coupon"): ("coupon", "优惠券"),
        Named("coupon", "c8"): ("coupon c8", "优惠券“c8”"),
        Key("stock"): ("stock", "库存"),
        Key("skin"): ("skin", "skin"),
        Word("last_touch"): ("last_touch", "末次触点"),
        Typed("30d"): ("30d", "30天"),
        Say("did you mean {names}?", names=Listed(("a", "b"), "or")): (
            "did you mean `a` or `b`?",
            "是否想写“a”或“b”？",
        ),
        Listed((Typed("30d"), Word("order"))): ("`30d`, `order`", "`30天`、“下单”"),
        Count(1, "file"): ("1 file", "1 个文件"),
        Count(2, "file"): ("2 files", "2 个文件"),
        amount("80", "CNY"): ("80 CNY", "80元"),
        amount("80", "USD"): ("80 USD", "80 USD"),
    }
    for piece, (en, zh) in told.items():
        assert (piece.told("en"), piece.told("zh")) == (en, zh)
        assert pickle.loads(pickle.dumps(piece)) == piece  # noqa: S301


def test_a_list_is_cut() -> None:
    many = Listed([str(number) for number in range(12)])
    assert many.told("en").endswith("`8`, `9` and 2 more")
    assert many.told("zh").endswith("“8”、“9”，另有 2 个")
    assert "more" not in Listed(many.items[:10], "or").told("en")


def test_a_diagnostic_is_told_in_either_language_as_a_whole() -> None:
    made = diagnostic(
        "WK2110",
        HERE,
        labels=(Label(HERE, Say("first declared here")),),
        help=Say("did you mean {names}?", names=Listed((Word("order"),))),
        fix=Fix(HERE, Word("order"), Say("use")),
        notes=(Say("this limit"),),
        kind=Noun("known event"),
        found="oder",
    )
    told = in_language(made, "zh")
    assert told.message == "“oder”不是可用的事件"
    assert (told.help, told.labels[0].text, told.notes) == ("是否想写“下单”？", "首次声明在这里", ("这条限制",))
    assert told.fix == Fix(HERE, "下单", "改为")
    assert in_language(told, "en") == made


def test_a_fix_writes_in_the_language_of_its_file() -> None:
    made = diagnostic("WK2110", HERE, fix=Fix(HERE, Word("order"), Say("use")), kind=Noun("known event"), found="oder")
    told = in_language(in_language(made, "zh", "zh"), "en")
    assert told.message == "`oder` is no known event"
    assert told.fix == Fix(HERE, "下单", "use")

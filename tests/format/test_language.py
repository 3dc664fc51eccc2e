"""A file keeps its own language, the one of most of its words."""

import pytest
from tests.format.cases import formatted
from tests.syntax.corpus import FILES

from wakeup.source import Source
from wakeup.syntax import parse
from wakeup.syntax.language import language


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("", "en"),
        ("gift 赠品 { cost: 5元 }", "en"),
        ("赠品 kit { 成本: 5 CNY }", "zh"),
        ("gift kit { 成本: 5 CNY, 库存: 3 }", "zh"),
        ("gift kit { 成本: 5 CNY }", "en"),
        ("budget 5 CNY { 甲: 1 CNY, 乙: 2 CNY, 丙: 2 CNY }", "en"),
        ("journey j { 发送 a; 如果 clicked { 退出 } }", "zh"),
        ("journey j { split s { 50% a { 发送 x; 发送 y; 退出 } 50% b {} } }", "zh"),
    ],
)
def test_most_words_decide(text: str, lang: str) -> None:
    source = Source("x.wake", f"wakeup 1\n{text}")
    file, found = parse(source)
    assert file is not None
    assert found == ()
    assert language(source, file) == lang


def test_north_stars() -> None:
    assert formatted(FILES["north_star_zh.wake"]) == formatted(FILES["north_star_zh.wake"], "zh")
    assert formatted(FILES["north_star_zh_in_english.wake"]) == formatted(FILES["north_star_zh.wake"], "en")

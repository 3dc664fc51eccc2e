"""The page about the style shows what comes out."""

from itertools import pairwise
from pathlib import Path

from tests.docs.pages import blocks
from tests.format.cases import formatted


def test_the_blocks_of_the_page_are_one_text_in_both_languages(checkout: Path) -> None:
    texts = [f"wakeup 1\n\n{block.text}" for block in blocks("docs/formatting.md") if block.language == "wake"]
    assert len(texts) == 2
    for english, chinese in pairwise(texts):
        assert formatted(english) == english
        assert formatted(english, "zh") == chinese
        assert formatted(chinese, "en") == english

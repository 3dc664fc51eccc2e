"""The examples of every syntax code do what they say: the wrong one gives the code, the right one gives nothing."""

import pytest

from wakeup.diagnostics import registry
from wakeup.source import Source
from wakeup.syntax import parse

OURS = [code for name, code in registry().items() if "WK1010" <= name < "WK2000"]


@pytest.mark.parametrize("code", [each for each in OURS if each.wrong], ids=lambda each: str(each.code))
def test_examples(code) -> None:
    wrong, right = (str(each) for each in (code.wrong, code.right))
    lead = "" if code.code in ("WK1011", "WK1012", "WK1013") else "wakeup 1\n"
    assert [each.code for each in parse(Source("wrong.wake", lead + wrong))[1]] == [code.code]
    assert parse(Source("right.wake", lead + right))[1] == ()


def test_only_what_cannot_be_shown_has_no_example() -> None:
    assert [each.code for each in OURS if not each.wrong] == ["WK1010"]

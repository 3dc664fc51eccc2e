"""Beyond a limit: one clear error, quickly."""

import time

import pytest

from wakeup.source import Source
from wakeup.syntax import parse
from wakeup.syntax.parser import MAX_FAULTS


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x" * 5_000_000, "WK1005"),
        ("wakeup 1\n" + "if x {\n" * 10_000, "WK1006"),
        ("wakeup 1\nsegment a { where: " + "(" * 10_000 + "a" + ")" * 10_000 + "}", "WK1006"),
        ("wakeup 1\nsegment a { where: " + "not " * 65 + "a }", "WK1006"),
        ("wakeup 1\njourney a { if x { exit }" + " else if x { exit }" * 64 + "}", "WK1006"),
        ("wakeup 1\n" + ";" * 100_001, "WK1010"),
        ("wakeup 1\n" + "~" * 1_000_000, "WK1031"),
        ("wakeup 1\n" + "}" * 1_000_000, "WK1026"),
        ("wakeup 1\njourney a { " + "a, " * 300_000, "WK1021"),
        ("", "WK1002"),
        (" \n\n", "WK1002"),
    ],
    ids=[
        "size",
        "braces",
        "parentheses",
        "nots",
        "else ifs",
        "tokens",
        "junk",
        "braces closed",
        "words",
        "empty",
        "blank",
    ],
)
def test_limit(text: str, code: str) -> None:
    begun = time.process_time()
    _, found = parse(Source("big.wake", text))
    assert [each.code for each in found] == [code]
    assert time.process_time() - begun < 4


@pytest.mark.parametrize("sign", ["#", "# ", " #\n"])
@pytest.mark.parametrize("value", ["a,", "bought(x)"])
def test_a_ruler_in_a_comment_is_read_at_once(value: str, sign: str) -> None:
    """Behind a comma, and behind a call, the lexer looks over comments for what follows."""
    begun = time.process_time()
    parse(Source("ruler.wake", f"wakeup 1\nscenario s {{\n a: {value} #{sign * 2_000}\n b\n}}\n"))
    assert time.process_time() - begun < 4


def test_sixty_four_levels_are_read() -> None:
    depth = 62
    text = "wakeup 1\njourney a {\n" + "if x {\n" * depth + "exit\n" + "}\n" * depth + "}"
    assert parse(Source("deep.wake", text))[1] == ()


def test_many_faults_end_early() -> None:
    text = "wakeup 1\n" + "gift kit { stock = 1 }\n^\n" * 5_000
    _, found = parse(Source("faults.wake", text))
    assert 20 < len(found) <= MAX_FAULTS

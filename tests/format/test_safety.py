"""On any doubt nothing is formatted: each kind of damage, done on purpose, is seen."""

import pytest

import wakeup.format
from wakeup.format import format_source
from wakeup.format.safety import changed
from wakeup.source import Source
from wakeup.syntax import parse
from wakeup.syntax.nodes import File

TEXT = """wakeup 1

# about the kit
## The kit.
gift kit { cost: 5 CNY }
segment s { where: tag(短信) and orders >= 2 }
"""


def tree() -> File:
    file, _ = parse(Source("kit.wake", TEXT))
    assert file is not None
    return file


def test_a_canonical_text_is_let_through() -> None:
    assert changed(tree(), TEXT, "en") is None


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("5 CNY }", "5 CNY", "syntax"),
        ("5 CNY", "6 CNY", "meaning"),
        ("orders >= 2", "orders > 2", "meaning"),
        ("短信", "sms", "names"),
        ("# about the kit\n", "", "comments"),
        ("## The kit.", "# The kit.", "comments"),
        ("# about the kit\n## The", "# about the kit\n## about\n## The", "comments"),
        ("5 CNY", "5.0 CNY", "layout"),
        ("wakeup 1\n\n", "wakeup 1\n", "layout"),
    ],
)
def test_damage_is_seen(old: str, new: str, part: str) -> None:
    assert old in TEXT
    assert changed(tree(), TEXT.replace(old, new), "en") == part


def test_a_doubtful_text_is_not_given_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wakeup.format, "print_file", lambda *_: TEXT.replace("5", "6"))
    text, found = format_source(Source("kit.wake", TEXT))
    assert text is None
    assert [each.code for each in found] == ["WK9002"]
    assert "kit.wake" in found[0].message


def test_a_file_with_errors_is_not_formatted() -> None:
    text, found = format_source(Source("kit.wake", TEXT.replace("5 CNY", "")))
    assert text is None
    assert found[0].code.startswith("WK10")


def test_a_text_beyond_a_limit_is_not_formatted() -> None:
    assert format_source(Source("x.wake", "wakeup 1\n" + "if x {\n" * 100))[0] is None

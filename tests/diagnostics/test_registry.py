import re
import string
from pathlib import Path

import pytest

from wakeup.diagnostics import Fix, Label, Severity, WakeupError, diagnostic, in_language, registry
from wakeup.diagnostics.registry import Code
from wakeup.source import Span

CODE = re.compile(r"WK[1-9]\d{3}")
HERE = Span("a.wake", 0, 4)


def fields_of(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def used_in_src(checkout: Path) -> set[str]:
    return {code for path in sorted((checkout / "src").rglob("*.py")) for code in CODE.findall(path.read_text("utf-8"))}


@pytest.mark.parametrize("entry", registry().values(), ids=lambda entry: str(entry.code))
def test_every_code_speaks_both_languages(entry: Code) -> None:
    assert entry.title
    assert entry.en
    assert entry.why
    assert re.search(r"[\u4e00-\u9fff]", entry.zh), "the Chinese message is not Chinese"
    assert fields_of(entry.en) == fields_of(entry.zh)
    assert (entry.help_en is None) == (entry.help_zh is None), "help in one language only"
    assert fields_of(entry.help_en or "") == fields_of(entry.help_zh or "")
    assert all(name.isidentifier() for name in fields_of(entry.en)), "fields are named"


def test_every_code_in_the_source_is_registered(checkout: Path) -> None:
    examples = {"WK2001"}  # the registry's docstring shows one
    assert used_in_src(checkout) - registry().keys() - examples == set()


def test_every_registered_code_is_emitted(checkout: Path) -> None:
    assert registry().keys() - used_in_src(checkout) == set()


def test_a_diagnostic_is_filled_in_from_the_registry() -> None:
    fix = Fix(HERE, "x", "write x")
    label = Label(HERE, "here")
    made = diagnostic("WK1005", HERE, labels=(label,), fix=fix, notes=("n",), file="a.wake", limit=5)
    assert made.message == "a.wake has more than 5 bytes, the most that a campaign file may have"
    assert made.help == "customer data does not belong in a campaign file: give it with --customers"
    assert (made.severity, made.span, made.labels, made.fix, made.notes) == (
        Severity.ERROR,
        HERE,
        (label,),
        fix,
        ("n",),
    )


def test_given_help_replaces_the_codes_own() -> None:
    assert diagnostic("WK1001", help="look again", file="x").help == "look again"


def test_an_unknown_code_or_a_missing_field_is_our_bug() -> None:
    with pytest.raises(KeyError):
        diagnostic("WK1999")
    with pytest.raises(KeyError, match="limit"):
        diagnostic("WK1005", file="a.wake")


def test_a_diagnostic_can_be_told_in_the_other_language() -> None:
    english = diagnostic("WK1001", HERE, file="a.wake")
    chinese = diagnostic("WK1001", HERE, file="a.wake", lang="zh")
    assert chinese.message == "找不到文件 a.wake"
    assert in_language(english, "zh") == chinese
    assert in_language(chinese, "en") == english
    assert in_language(diagnostic("WK1001", help="look again", file="a.wake"), "zh").help == "look again"


def test_the_error_carries_its_diagnostics() -> None:
    made = diagnostic("WK1001", file="a.wake")
    error = WakeupError([made])
    assert error.diagnostics == (made,)
    assert str(error) == "WK1001: there is no file a.wake"

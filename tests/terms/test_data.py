from pathlib import Path

import pytest

from wakeup.terms.data import packaged, packaged_text


def test_a_file_beside_the_code_is_found() -> None:
    assert "[WK1001]" in packaged_text("diagnostics/codes/wk1_syntax.toml")


def test_a_grammar_file_is_the_checkouts(checkout: Path) -> None:
    assert packaged("lexicon.toml") == (checkout / "grammars" / "lexicon.toml").read_bytes()


def test_what_a_project_begins_with_is_the_checkouts(checkout: Path) -> None:
    for name in ("wakeup.toml", "shared/cn_channels.wake", "starter/winback.wake"):
        assert packaged(f"library/{name}") == (checkout / "campaigns" / name).read_bytes()


@pytest.mark.parametrize(
    "name",
    [
        "library/nothing.wake",
        "library/../pyproject.toml",
        "nothing.toml",
        "terms/nothing.toml",
        "../pyproject.toml",
        "terms/../py.typed",
        "",
    ],
)
def test_what_does_not_ship_is_named(name: str) -> None:
    with pytest.raises(FileNotFoundError, match="ships no data file"):
        packaged(name)

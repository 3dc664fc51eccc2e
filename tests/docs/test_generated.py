"""The tables of the language reference are those of the checker."""

import runpy
from typing import Any

import pytest
from tests.docs.pages import ROOT

from wakeup.lang.schema import KINDS

PAGE = ROOT / "docs" / "language.md"


@pytest.fixture(scope="module")
def generate() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "docs" / "generate.py"))


def test_the_tables_are_up_to_date(generate: dict[str, Any]) -> None:
    page = PAGE.read_text("utf-8")
    assert generate["filled"](page) == page, "run `make docs`"


def test_every_table_stands_in_the_page(generate: dict[str, Any]) -> None:
    page = PAGE.read_text("utf-8")
    names = [*(f"properties {kind}" for kind in KINDS), *generate["TABLES"]]
    assert [name for name in names if f"<!-- table {name} -->" not in page] == []


def test_text_between_two_tables_is_kept(generate: dict[str, Any]) -> None:
    page = "<!-- table events -->\n<!-- end -->\nkept\n<!-- table nouns -->\nold\n<!-- end -->\n"
    filled = generate["filled"](page)
    assert "-->\nkept\n<!--" in filled
    assert "old" not in filled
    assert "| `order`, `ordered` | `下单` |" in filled

"""The pages on behaviour: every parameter stands on one of them, every picture is drawn by the behaviour."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from wakeup.terms.behaviour import parameters

PICTURES = 30 * 1024


@pytest.fixture(scope="module")
def pages(checkout: Path) -> dict[str, str]:
    return {page.name: page.read_text("utf-8") for page in (checkout / "docs" / "behaviour").glob("*.md")}


def test_every_parameter_stands_on_one_page(pages: dict[str, str]) -> None:
    told = [name for text in pages.values() for names in re.findall(r"<!-- table behaviour ([\w ]+) -->", text)
            for name in names.split()]  # fmt: skip
    assert sorted(told) == sorted(parameters())


def test_a_table_has_every_prior_with_its_range_and_source(pages: dict[str, str]) -> None:
    rows = [line for line in pages["reaching.md"].splitlines() if line.startswith("| `clicked`")]
    assert "sms 4 % (1.2 % to 12.5 %) | none |" in rows[0]
    assert any("email 10 % (6.97 % to 14.2 %) | observational | 2.0 % of e-mails clicked" in row for row in rows)
    assert sum(row.count(" % (") for row in rows) == 13  # and two kinds are certain


@pytest.mark.parametrize("part", ["Where it comes from.", "What would change our mind."])
def test_every_page_says_what_it_stands_on(pages: dict[str, str], part: str) -> None:
    assert [name for name, text in pages.items() if name != "README.md" and f"**{part}**" not in text] == []


def test_the_index_leads_to_every_page(pages: dict[str, str]) -> None:
    assert set(re.findall(r"\(([\w-]+\.md)\)", pages["README.md"])) == set(pages) - {"README.md"}


def test_every_picture_is_shown_small_and_named(checkout: Path, pages: dict[str, str]) -> None:
    folder = checkout / "docs" / "pictures" / "behaviour"
    shown = [name for text in pages.values() for name in re.findall(r"\.\./pictures/behaviour/([\w-]+\.svg)", text)]
    assert sorted(shown) == sorted(file.name for file in folder.glob("*.svg"))
    for file in folder.glob("*.svg"):
        assert file.stat().st_size < PICTURES
        root = ET.fromstring(file.read_text("utf-8"))
        name = "{http://www.w3.org/2000/svg}"
        assert root.get("role") == "img"
        assert [len(root.findtext(f"{name}{part}", "")) > 10 for part in ("title", "desc")] == [True, True]

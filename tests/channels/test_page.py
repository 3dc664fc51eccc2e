"""The page of channels shows every adapter that is installed, with the settings that it really has."""

import re
import runpy
from pathlib import Path

import pytest

from wakeup.channels.registry import OURS, installed, load

CHECKOUT = Path(__file__).resolve().parents[2]
PAGE = CHECKOUT / "docs" / "channels.md"
SHIPPED = [name for name, each in installed().items() if each.package == OURS]


@pytest.mark.parametrize("name", SHIPPED)
def test_every_adapter_has_its_place_on_the_page(name: str) -> None:
    page = PAGE.read_text("utf-8")
    assert f"\n## {name}\n" in page
    assert f"(#{name})" in page
    assert f"<!-- table channel {name} -->" in page
    loaded = load(name)
    assert loaded.settings is not None
    assert bool(loaded.message_settings) == (f"<!-- table channel {name} messages -->" in page)


def test_nothing_is_promised_that_is_not_there() -> None:
    tables = re.findall(r"<!-- table channel (\w+)", PAGE.read_text("utf-8"))
    assert set(tables) - {"messages"} == set(SHIPPED)


def test_the_tables_are_up_to_date() -> None:
    page = PAGE.read_text("utf-8")
    assert runpy.run_path(str(CHECKOUT / "docs" / "generate.py"))["filled"](page) == page, "run `make docs`"


@pytest.mark.parametrize("name", SHIPPED)
def test_settings_say_what_they_are(name: str) -> None:
    loaded = load(name)
    for each in (*(loaded.settings or ()), *(loaded.message_settings or ())):
        assert each.meaning.endswith((".", ":", "`")), each.name
        assert not (each.required and each.default != "")

"""docs/providers.md: its examples are read as they stand, its table is what the adapters declare."""

import re
from pathlib import Path

import pytest
from tests.channels.providers.cases import CASES, Case
from tests.channels.providers.local import opened

from wakeup.channels.registry import installed
from wakeup.channels.settings import read_channels
from wakeup.source import Source

PAGE = Path(__file__).parents[3] / "docs" / "providers.md"
EXAMPLES = re.findall(r"^```toml\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: re.search(r'adapter = "(\w+)"', example)[1])
def test_an_example_is_read(example: str) -> None:
    (bound,) = read_channels(Source("wakeup.toml", example)).values()
    assert bound.adapter.name in example


def test_every_adapter_has_its_example_and_its_entry_point() -> None:
    shown = {re.search(r'adapter = "(\w+)"', example)[1] for example in EXAMPLES}
    assert shown == {case.name for case in CASES}
    assert shown <= set(installed())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_table_is_what_the_adapter_declares(case: Case) -> None:
    line = next(line for line in PAGE.read_text().splitlines() if line.startswith(f"| `{case.name}` |"))
    given = {name: value for name, value in case.settings("https://example.com").items() if "endpoint" not in name}
    with opened(case.opener, given, lambda: 0.0) as adapter:
        can = adapter.capabilities
    doubt = "stays unknown"
    if can.look_up:
        doubt = f"asked for after {can.grace} s"
    elif can.key_window:
        doubt = f"repeated within {can.key_window} s"
    receipts = {"push": "pushed", "poll": "asked for", "none": "none"}[can.receipts]
    taken = "an employee must confirm it" if can.confirms else "the provider has it"
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    assert cells == [f"`{case.name}`", can.address, taken, doubt, receipts]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_all_settings_of_messages_say_what_they_mean(case: Case) -> None:
    module = __import__(f"wakeup.channels.{case.name}", fromlist=["MESSAGE_SETTINGS"])
    for setting in (*case.declared, *module.MESSAGE_SETTINGS):
        assert setting.meaning.endswith(".")
        assert setting.meaning[0].isupper()

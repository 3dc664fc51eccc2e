"""Every worked example, on both simulators."""

from collections.abc import Callable
from importlib import import_module

import pytest
from tests.sim.examples import PAGES, read

ENGINES = ("reference", "array")
NAMES = sorted(page.name for page in PAGES.glob("*.md") if page.name != "README.md")


def engine(name: str) -> Callable[..., None]:
    return import_module(f"wakeup.sim.{name}").run  # type: ignore[no-any-return]


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize("page", NAMES)
def test_the_trace_is_as_computed_by_hand(page: str, name: str) -> None:
    example = read(PAGES / page)
    recorder = example.run(engine(name))
    assert example.rows(recorder) == example.trace
    if example.twins is not None:
        assert example.twin_rows(recorder) == example.twins


def test_there_are_twenty() -> None:
    assert len(NAMES) >= 20

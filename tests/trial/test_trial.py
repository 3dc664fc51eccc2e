"""The ten campaigns of the trial (README.md): they check clean, in either language, and both simulators run them."""

from pathlib import Path
from typing import Literal

import pytest

import wakeup
from wakeup.customers import synthetic
from wakeup.face import examine
from wakeup.format import format_source
from wakeup.source import Source

HERE = Path(__file__).parent
NAMES = sorted(each.name for each in HERE.glob("*.wake"))
ENGINES: tuple[Literal["array", "reference"], ...] = ("array", "reference")


def source(name: str, checkout: Path, text: str | None = None) -> Source:
    """A campaign as if it lay beside the channel libraries of the checkout."""
    return Source(str(checkout / "campaigns" / name), text or (HERE / name).read_text("utf-8"))


def test_there_are_five_in_each_language() -> None:
    assert len(NAMES) == 10
    assert sum(name.isascii() for name in NAMES) == 5


@pytest.mark.parametrize("name", NAMES)
def test_it_checks_clean(name: str, checkout: Path) -> None:
    assert [(each.code, each.message) for each in wakeup.check(source(name, checkout))] == []


@pytest.mark.parametrize("name", NAMES)
def test_it_is_clean_in_the_other_language(name: str, checkout: Path) -> None:
    text, found = format_source(source(name, checkout), "zh" if name.isascii() else "en")
    assert text is not None, found
    checked = examine(source(name, checkout, text))
    assert [(each.code, each.message) for each in checked.diagnostics] == []
    plan = wakeup.load(source(name, checkout))
    assert checked.plan is not None
    assert checked.plan.journeys == plan.journeys


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", NAMES)
def test_it_runs(name: str, engine: Literal["array", "reference"], checkout: Path) -> None:
    plan = wakeup.load(source(name, checkout))
    result = wakeup.simulate(plan, synthetic(60, seed=3), seed=7, replications=2, engine=engine)
    assert result.figures["targeted"].value == result.eligible - result.figures["held_out"].value > 0


@pytest.mark.parametrize("name", ["survey_and_draw.wake", "问卷抽奖.wake"])
def test_its_report_can_be_read_in_both_languages(name: str, checkout: Path) -> None:
    result = wakeup.simulate(wakeup.load(source(name, checkout)), synthetic(60, seed=3), seed=7, replications=2)
    assert b'lang="zh' in result.html("zh")
    assert b'lang="en' in result.html("en")

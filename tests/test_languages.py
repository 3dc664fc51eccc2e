"""A campaign and its translation say the same: equal plans but for the words of their texts, equal figures."""

from pathlib import Path
from typing import Literal

import pytest
from attrs import evolve

import wakeup
from wakeup.customers import synthetic
from wakeup.diagnostics import Language
from wakeup.face import examine
from wakeup.format import format_source
from wakeup.plan.model import Plan
from wakeup.source import Source

CAMPAIGNS = Path(__file__).resolve().parents[1] / "campaigns"
Engine = Literal["array", "reference"]
ENGINES: tuple[Engine, ...] = ("array", "reference")
PAIRS: tuple[tuple[str, Language], ...] = (("老客回归.wake", "en"), ("beauty_autumn.wake", "zh"))


def translated(name: str, lang: Language) -> Plan:
    """The plan of the campaign in the other language, beside its own libraries."""
    path = CAMPAIGNS / name
    text, found = format_source(Source.from_bytes(name, path.read_bytes()), lang)
    assert text is not None, found
    checked = examine(Source(str(path), text))
    assert checked.plan is not None
    return checked.plan


@pytest.mark.parametrize(("name", "lang"), PAIRS, ids=["zh-to-en", "en-to-zh"])
def test_the_translation_is_the_same_plan(name: str, lang: Language) -> None:
    plan, other = wakeup.load(CAMPAIGNS / name), translated(name, lang)
    assert [claim.figure for claim in other.expectations] == [claim.figure for claim in plan.expectations]
    # Claims are shown as they were written, and lines are counted in one language.
    bare = {"goals": (), "expectations": (), "origins": ()}
    assert evolve(other, **bare) == evolve(plan, **bare)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("name", "lang"), PAIRS, ids=["zh-to-en", "en-to-zh"])
def test_the_translation_gives_the_same_figures(name: str, lang: Language, engine: Engine) -> None:
    people = synthetic(200, seed=3)
    plans = (wakeup.load(CAMPAIGNS / name), translated(name, lang))
    first, second = (wakeup.simulate(plan, people, seed=7, replications=1, engine=engine) for plan in plans)
    assert second.figures == first.figures
    assert first.eligible > 0


@pytest.mark.parametrize("name", [name for name, _ in PAIRS], ids=["zh", "en"])
def test_north_stars_are_clean(name: str) -> None:
    assert [found.code for found in examine(CAMPAIGNS / name).diagnostics] == []

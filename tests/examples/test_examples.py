"""The campaigns in `campaigns/examples`: clean, canonical, and told the same by both simulators."""

from pathlib import Path

import pytest

import wakeup
from wakeup.format import format_source
from wakeup.plan.fingerprint import fingerprints
from wakeup.source import Source

EXAMPLES = sorted((Path(__file__).resolve().parents[2] / "campaigns" / "examples").glob("*.wake"))
NAMES = [path.stem for path in EXAMPLES]
SHOWN = {
    "membership_upgrade": {"membership", "points", "member_price"},
    "event_invitation": {"event", "content"},
    "flash_sale": {"flash_price", "draw"},
    "问卷抽奖": {"survey", "draw", "gift"},
    "新手妈妈": {"content", "community", "member_price", "service"},
}
"""Kinds of incentives that each example shows."""


@pytest.mark.parametrize("path", EXAMPLES, ids=NAMES)
def test_it_is_clean_and_canonical(path: Path) -> None:
    assert [each.message for each in wakeup.check(path)] == []
    text, _ = format_source(Source(path.name, path.read_text("utf-8")))
    assert text == path.read_text("utf-8")


@pytest.mark.parametrize("path", EXAMPLES, ids=NAMES)
def test_it_has_the_kinds_that_it_is_there_for(path: Path) -> None:
    assert SHOWN[path.stem] <= {each.kind for each in wakeup.load(path).incentives}


@pytest.mark.parametrize("path", EXAMPLES, ids=NAMES)
def test_it_does_the_same_in_the_other_language(path: Path) -> None:
    text, _ = format_source(Source(path.name, path.read_text("utf-8")), "zh" if path.stem.isascii() else "en")
    assert text is not None
    assert text != path.read_text("utf-8")
    other = wakeup.load(Source(str(path), text))
    # Goals and expectations keep their words, which are part of the forecast's fingerprint.
    assert fingerprints(other).conduct == fingerprints(wakeup.load(path)).conduct


@pytest.mark.parametrize("path", EXAMPLES, ids=NAMES)
def test_both_simulators_tell_the_same(path: Path) -> None:
    plan, people = wakeup.load(path), wakeup.customers.synthetic(150, seed=5)
    runs = [wakeup.simulate(plan, people, seed=3, replications=1, engine=engine) for engine in ("array", "reference")]
    first, second = ({name: each.value for name, each in run.figures.items()} for run in runs)
    assert first == second
    assert first["grants"]
    assert first["sent"]

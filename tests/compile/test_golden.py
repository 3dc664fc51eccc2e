"""The plans of the campaigns, as JSON and in words; `--update-golden` writes them anew."""

from pathlib import Path

import pytest

from wakeup.compile import compile_project
from wakeup.lang import load
from wakeup.plan.explain import explain
from wakeup.plan.json import plan_to_json
from wakeup.plan.model import Plan

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = Path(__file__).parent / "golden"
CAMPAIGNS = sorted(path.name for path in (ROOT / "campaigns").glob("*.wake"))
EXAMPLES = sorted(path.name for path in (ROOT / "campaigns" / "examples").glob("*.wake"))


def plan_of(name: str) -> Plan:
    project, found = load(ROOT / "campaigns" / name)
    assert project is not None
    plan, more = compile_project(project)
    assert (*found, *more) == (), "a campaign that ships is clean"
    assert plan is not None
    return plan


@pytest.mark.parametrize("name", CAMPAIGNS)
@pytest.mark.parametrize("suffix", [".json", ".txt"])
def test_plan(name: str, suffix: str, update_golden: bool) -> None:
    plan = plan_of(name)
    told = plan_to_json(plan) if suffix == ".json" else explain(plan).encode()
    path = (GOLDEN / name).with_suffix(suffix)
    if update_golden:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(told)
    assert path.read_bytes() == told


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_in_words(name: str, update_golden: bool) -> None:
    path = (GOLDEN / name).with_suffix(".txt")
    told = explain(plan_of(f"examples/{name}"), "en" if name.isascii() else "zh").encode()
    if update_golden:
        path.write_bytes(told)
    assert path.read_bytes() == told


def test_a_plan_names_no_path_of_this_machine() -> None:
    for name in CAMPAIGNS:
        assert str(ROOT).encode() not in plan_to_json(plan_of(name))

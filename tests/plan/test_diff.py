"""What changed between two plans: the cases of changes.md, and that no change is overlooked.

In changes.md each case is an edit of the campaign at its top: lines that begin with `- ` stand in it and give way to
the `+ ` lines below them; `+ ` lines alone are added at its end. `--update-golden` writes the answers anew.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve, frozen
from hypothesis import given
from tests.lang.texts import compiled
from tests.plan.strategies import edits, plans

from wakeup.diagnostics import WakeupError
from wakeup.plan.diff import Kind, changes_text, changes_tree, diff
from wakeup.plan.fingerprint import fingerprints
from wakeup.plan.json import plan_from_json, plan_to_json, to_tree
from wakeup.plan.model import Plan

PAGE = Path(__file__).with_name("changes.md")
_CASE = re.compile(
    r"(?ms)^## (?P<title>[^\n]+)\n\n```diff\n(?P<edit>.*?)^```\n\n(?:```text\n(?P<told>.*?)^```\n)?", re.MULTILINE
)


@frozen
class Case:
    title: str
    edit: str
    told: str


def page() -> str:
    return PAGE.read_text("utf-8")


@cache
def base() -> str:
    match = re.search(r"(?ms)^```wake\n(.*?)^```$", page())
    assert match
    return match[1]


def cases() -> list[Case]:
    return [Case(each["title"], each["edit"], each["told"] or "") for each in _CASE.finditer(page())]


def edited(text: str, edit: str) -> str:
    for block in re.finditer(r"(?P<old>(?:^- .*\n)*)(?P<new>(?:^\+ .*\n)*)", edit, re.MULTILINE):
        old, new = (re.sub(r"(?m)^[-+] ", "", block[part]) for part in ("old", "new"))
        assert text.count(old) == 1 or not old, f"stands {text.count(old)} times in the campaign: {old}"
        text = text.replace(old, new) if old else text + new
    return text


@cache
def plan_of(text: str) -> Plan:
    return compiled(text)


def answer(case: Case) -> str:
    return changes_text(diff(plan_of(base()), plan_of(edited(base(), case.edit))))


@pytest.mark.parametrize("case", cases(), ids=lambda case: str(case.title))
def test_an_edit_is_of_its_kind(case: Case, update_golden: bool) -> None:
    told = answer(case)
    if update_golden:
        block = f"## {case.title}\n\n```diff\n{case.edit}```\n\n"
        text = page().replace(f"{block}```text\n{case.told}```\n", block)
        PAGE.write_text(text.replace(block, f"{block}```text\n{told}```\n"), "utf-8")
    else:
        assert told == case.told


def test_every_kind_has_a_case() -> None:
    told = " ".join(case.told for case in cases())
    assert [kind for kind in Kind if kind.value not in told] == []


def test_back_again_is_the_opposite() -> None:
    opposite = {"widened": "narrowed", "raised": "lowered", "loosened": "tightened"}
    opposite |= {second: first for first, second in opposite.items()}

    def turned(kind: str) -> str:
        stem, _, way = kind.rpartition("_")
        return f"{stem}_{opposite[way]}" if way in opposite else kind

    for case in cases():
        new = plan_of(edited(base(), case.edit))
        there = {kind.value for each in diff(plan_of(base()), new) for kind in each.kinds}
        back = {kind.value for each in diff(new, plan_of(base())) for kind in each.kinds}
        assert set(map(turned, back)) == there, case.title


# --- nothing is overlooked -------------------------------------------------------------------------------------------


@given(plans())
def test_a_plan_has_not_changed_against_itself(plan: Plan) -> None:
    again = plan_from_json(plan_to_json(plan))
    assert diff(plan, evolve(again, origins=())) == ()
    assert changes_text(()) == "nothing changed\n"


@given(edits())
def test_two_plans_that_differ_have_changes(edit: tuple[Plan, Plan]) -> None:
    old, new = edit
    changes = diff(old, new)
    assert bool(changes) == (evolve(old, origins=()) != evolve(new, origins=()))
    assert all(each.kinds and each.where for each in changes)
    assert diff(old, new) == changes
    assert changes_tree(old, new, changes)["new"]["behaviour_id"] == fingerprints(new).conduct


def leaves(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value in a tree that is neither a list nor a dict."""
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in items:
        yield from leaves(value, (*path, key))
    if not isinstance(tree, dict | list):
        yield path


def other(value: Any) -> Any:
    """Another value of the same sort."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    if isinstance(value, str) and re.fullmatch(r"\d+(\.\d+)?", value):
        return str((float(value) + 0.313) / 2)
    return f"{value}x" if isinstance(value, str) else 1


NOT_VARIED = ("kind", "format_version", "op", "unit", "action", "channel_kind", "link", "model", "origins")
"""What has a closed list of values, names something else, or says nothing about what a plan does."""


def test_a_change_of_any_value_is_seen_in_its_place() -> None:
    old = plan_of(base())
    tree = to_tree(old)
    missed, seen = [], 0
    for path in leaves(tree):
        if set(path) & {*NOT_VARIED}:
            continue
        copy = to_tree(old)
        inner: Any = copy
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = other(inner[path[-1]])
        try:
            new = plan_from_json(json.dumps(copy).encode())
        except WakeupError:
            continue  # another value would contradict the rest of the plan
        seen += 1
        if not diff(old, new):
            missed.append(path)
    assert missed == []
    assert seen > 100

"""The published JSON Schema of a plan is that of the model, and the plans of the campaigns keep to it."""

import json
import runpy
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator
from tests.plan.strategies import plans

from wakeup.face import load
from wakeup.plan.json import plan_to_json
from wakeup.plan.model import Plan

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED = ROOT / "docs" / "schema" / "plan.schema.json"
CAMPAIGNS = sorted((ROOT / "campaigns").glob("*.wake"))


@cache
def validator() -> Draft202012Validator:
    schema = json.loads(PUBLISHED.read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def problems(tree: Any) -> list[str]:
    return [error.json_path for error in validator().iter_errors(tree)]


@cache
def beauty() -> dict[str, Any]:
    tree: dict[str, Any] = json.loads(plan_to_json(load(ROOT / "campaigns" / "beauty_autumn.wake")))
    return tree


def test_the_schema_is_up_to_date() -> None:
    generated = runpy.run_path(str(ROOT / "docs" / "generate.py"))["plan_schema_file"]()
    assert PUBLISHED.read_text("utf-8") == generated, "run `make docs`"


@pytest.mark.parametrize("campaign", CAMPAIGNS, ids=lambda path: str(path.stem))
def test_the_plan_of_a_campaign_keeps_to_it(campaign: Path) -> None:
    assert problems(json.loads(plan_to_json(load(campaign)))) == []


@given(plans())
def test_every_plan_keeps_to_it(plan: Plan) -> None:
    assert problems(json.loads(plan_to_json(plan))) == []


@pytest.mark.parametrize(
    ("where", "value"),
    [
        (("start",), "2026-09-01"),
        (("format_version",), "2"),
        (("incentives", 0, "kind"), "voucher"),
        (("incentives", 0, "stock"), "6000"),
        (("journeys", 0, "program", 0, "kind"), "wait"),
        (("journeys", 0, "match"), {"kind": "not", "operand": {"kind": "tag"}}),
        (("guards", 0, "action"), "shrug"),
    ],
    ids=str,
)
def test_what_cannot_be_a_plan_is_seen(where: tuple[Any, ...], value: object) -> None:
    tree = deepcopy(beauty())
    *way, last = where
    inner: Any = tree
    for step in way:
        inner = inner[step]
    inner[last] = value
    assert problems(tree)


@pytest.mark.parametrize("field", ["journeys", "start", "format_version"])
def test_what_a_plan_must_have_is_seen(field: str) -> None:
    tree = dict(beauty())
    del tree[field]
    assert problems(tree)


def test_a_newer_minor_version_is_still_a_plan() -> None:
    assert problems({**beauty(), "format_version": "1.3", "moonphase": "full"}) == []

from attrs import evolve, fields
from hypothesis import given, settings
from tests.plan.strategies import plans

from wakeup.plan.fingerprint import FORECAST, METADATA, fingerprints
from wakeup.plan.model import Assumption, Goal, Message, Origin, Plan


def changed(plan: Plan, **edit: object) -> set[str]:
    before, after = fingerprints(plan), fingerprints(evolve(plan, **edit))  # type: ignore[arg-type]
    return {name for name in ("conduct", "forecast", "metadata") if getattr(before, name) != getattr(after, name)}


@settings(max_examples=20)
@given(plans())
def test_each_edit_moves_the_fingerprint_it_belongs_to(plan: Plan) -> None:
    assert changed(plan, title=plan.title + "!") == {"metadata"}
    assert changed(plan, doc=plan.doc + "!") == {"metadata"}
    assert changed(plan, assumptions=(*plan.assumptions, Assumption("open", "", 0.1, 1, "logit", "", "none"))) == {
        "forecast"
    }
    assert changed(plan, goals=(Goal("profit", ">", "1", "money", ""),)) == {"forecast"}
    assert changed(plan, follow_up=plan.follow_up + 1) == {"forecast"}
    assert changed(plan, origins=(Origin("x", "b.wake", 9, 9),), format_version="1.1") == set()
    assert changed(plan, end=plan.end + 1) == {"conduct"}
    assert changed(plan, guards=()) == {"conduct"}
    assert changed(plan, messages=(*plan.messages, Message("more", "sms", "text"))) == {"conduct"}
    assert changed(plan, incentives=tuple(evolve(i, title=i.title + "!") for i in plan.incentives)) == {"conduct"}


def test_ids_are_short_hex_and_the_named_fields_exist() -> None:
    assert {*FORECAST, *METADATA} <= {field.name for field in fields(Plan)}


@settings(max_examples=5)
@given(plans())
def test_ids_are_sixteen_hex_digits(plan: Plan) -> None:
    ids = fingerprints(plan)
    assert all(len(bytes.fromhex(name)) == 8 for name in (ids.conduct, ids.forecast, ids.metadata))

"""Whatever is done to a campaign, the answer is diagnostics or a plan, never an exception."""

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from wakeup.compile import compile_project
from wakeup.diagnostics import Severity, render_text
from wakeup.lang import MemoryFiles, load
from wakeup.plan.explain import explain
from wakeup.plan.json import plan_from_json, plan_to_json

CAMPAIGNS = Path(__file__).resolve().parents[2] / "campaigns"
LIBRARIES = {f"shared/{path.name}": path.read_text(encoding="utf-8") for path in (CAMPAIGNS / "shared").glob("*.wake")}
TOKENS = [
    re.findall(r'"[^"\n]*"|\w+(?:\.\w+)*|\s+|[^\w\s]', path.read_text(encoding="utf-8"))
    for path in (*sorted(CAMPAIGNS.glob("*.wake")), *sorted((CAMPAIGNS / "examples").glob("*.wake")))
]
WORDS = sorted({token for tokens in TOKENS for token in tokens if token.strip()})


@given(st.data())
def test_a_damaged_campaign_is_answered(data: st.DataObject) -> None:
    tokens = list(data.draw(st.sampled_from(TOKENS)))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(tokens) - 1))
        tokens[at] = data.draw(st.sampled_from(["", *WORDS]))
    project, found = load("main.wake", MemoryFiles({**LIBRARIES, "main.wake": "".join(tokens)}))
    if project is None:
        assert found
        return
    plan, more = compile_project(project)
    assert render_text((*found, *more), project.sources) or plan is not None
    failed = any(each.severity is Severity.ERROR for each in (*found, *more))
    assert failed is (plan is None)
    if plan is not None:
        assert explain(plan)
        assert plan_from_json(plan_to_json(plan)) == plan

"""A small campaign to change one thing in."""

from wakeup.compile import compile_project
from wakeup.lang import MemoryFiles, load
from wakeup.plan.model import Plan

CAMPAIGN = """campaign c {
  currency: CNY, timezone: "Asia/Shanghai", run: 2026-09-01 through 2026-09-30
  audience: days_since_order >= 90d, holdout: 10%, margin: 50%
}
"""
PUSH = """channel push { kind: push, cost: 0 CNY per message }
message hello via push { text: "Hello" }
"""
JOURNEY = "journey all { send hello }\n"


def campaign(*parts: str, journey: str = JOURNEY, head: str = CAMPAIGN, push: str = PUSH) -> str:
    """A whole campaign file with some more declarations."""
    return "\n".join(("wakeup 1", head, push, *parts, journey))


def compiled(text: str, **imports: str) -> Plan:
    """The plan of a text; fails when it has none. Imports by name: `cn="…"` is the file `cn.wake`."""
    files = {"campaign.wake": text, **{f"{name}.wake": told for name, told in imports.items()}}
    project, found = load("campaign.wake", MemoryFiles(files))
    assert project is not None, found
    plan, more = compile_project(project)
    assert plan is not None, [(each.code, each.message) for each in (*found, *more)]
    return plan

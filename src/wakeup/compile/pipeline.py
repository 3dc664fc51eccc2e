"""All phases from a project to its plan, on one page."""

from collections.abc import Callable
from typing import Final

from wakeup.compile import frame, incentives, journeys, messages, origins, rules
from wakeup.diagnostics import Diagnostic, Severity, diagnostic
from wakeup.lang import check
from wakeup.lang.checked import Checked
from wakeup.lang.project import Project
from wakeup.plan.model import Plan
from wakeup.plan.verify import verify

Pass = Callable[[Checked, Plan], Plan]

PASSES: Final[tuple[Pass, ...]] = (
    rules.tiers,
    rules.own,
    rules.phases,
    rules.budget,
    messages.channels,
    messages.messages,
    incentives.staff,
    incentives.incentives,
    journeys.journeys,
    journeys.promotions,
    rules.cadence,
    rules.costs,
    rules.scenarios,
    rules.guards,
    rules.claims,
    rules.assumptions,
    origins.origins,
)
"""Each adds one thing to the plan; the order matters only where a pass reads what an earlier one made."""


def compile_project(project: Project) -> tuple[Plan | None, tuple[Diagnostic, ...]]:
    """Check a project and compile it; the plan is None when there is an error, or no campaign.

    Raises:
        AssertionError: the plan contradicts itself, which is our bug, never the author's.
    """
    checked, found = check(project)
    if checked is None:
        library = project.whole and not any(each.severity is Severity.ERROR for each in found)
        return None, (*found, diagnostic("WK2010", file=project.main.source.name)) if library else found
    plan = lower(checked)
    problems = verify(plan)
    assert not problems, problems
    return plan, found


def lower(checked: Checked) -> Plan:
    """Run every pass over the bare frame of the plan."""
    plan = frame.frame(checked)
    for each in PASSES:
        plan = each(checked, plan)
    return plan

"""Tiers, own fields, phases, budget, cadence, fixed costs, scenarios, guards, goals, expectations, assumptions."""

from attrs import evolve

from wakeup.lang.checked import Checked, Declared
from wakeup.lang.values import Alarm, Outage, Reaction, Window
from wakeup.plan.model import (
    Budget,
    Cadence,
    Cap,
    Cut,
    Expectation,
    FixedCost,
    Goal,
    Guard,
    Line,
    Phase,
    Plan,
    Scenario,
)

SENDS = ("promotion", "促销")
"""The budget line that pays for sends when there is one of these names and the channel names none."""


def tiers(checked: Checked, plan: Plan) -> Plan:
    """Tiers, as they were read."""
    return evolve(plan, tiers=tuple(bands.tier for bands in checked.tiers.values()))


def own(checked: Checked, plan: Plan) -> Plan:
    """What the customers' data have, as it was declared."""
    return plan if checked.names.own is None else evolve(plan, own=checked.names.own.declared)


def phases(checked: Checked, plan: Plan) -> Plan:
    """The stretches of the timeline, in the order of time."""
    found = [_phase(each, window) for each in checked.of("phase") if (window := each.get("from", Window)) is not None]
    return evolve(plan, phases=tuple(sorted(found, key=lambda phase: (phase.start, phase.end, phase.name))))


def _phase(declared: Declared, window: Window) -> Phase:
    duties = declared.get("duties", tuple) or ()
    return Phase(declared.name, declared.title, window.start, window.end, tuple(str(each) for each in duties))


def budget(checked: Checked, plan: Plan) -> Plan:
    """The total and its lines."""
    if checked.budget is None:
        return plan
    lines = tuple(Line(line.name, line.limit) for line in checked.budget.lines)
    send_line = next((line.name for line in lines if line.name in SENDS), "")
    return evolve(plan, budget=Budget(checked.budget.total, lines, send_line))


def cadence(checked: Checked, plan: Plan) -> Plan:
    """Caps, gap and quiet hours."""
    caps = tuple(Cap(each.count, each.window, each.tier, each.band, each.channel) for each in checked.limits())
    return evolve(plan, cadence=Cadence(caps, checked.gap, checked.quiet))


def costs(checked: Checked, plan: Plan) -> Plan:
    """Costs with no other cause."""
    return evolve(plan, costs=tuple(_cost(each) for each in checked.of("cost")))


def _cost(declared: Declared) -> FixedCost:
    return FixedCost(
        name=declared.name,
        amount=declared.get("amount", int) or 0,
        line=declared.get("line", str) or "",
        on=declared.get("on", int) or 0,
    )


def scenarios(checked: Checked, plan: Plan) -> Plan:
    """What may come; without a time it holds for the whole run."""
    return evolve(plan, scenarios=tuple(_scenario(checked, each) for each in checked.of("scenario")))


def _scenario(checked: Checked, declared: Declared) -> Scenario:
    downs = [down for down in declared.get("down", tuple) or () if isinstance(down, Outage)]
    cuts = declared.get("budget", tuple) or ()
    own = next((down.window for down in downs if down.window is not None), None)
    window = declared.get("from", Window) or own or checked.run
    return Scenario(
        name=declared.name,
        start=window.start,
        end=window.end,
        response=declared.get("response", str) or "1",
        organic=declared.get("organic", str) or "1",
        down=tuple(dict.fromkeys(down.channel for down in downs)),
        complaints=declared.get("complaints", str) or "1",
        prices=declared.get("prices", str) or "1",
        budget=tuple(Cut("" if cut.line is None else cut.line.written, cut.factor) for cut in cuts),
    )


def guards(checked: Checked, plan: Plan) -> Plan:
    """What stops or pauses by itself."""
    found = []
    for each in checked.of("guard"):
        alarm, reaction = each.get("when", Alarm), each.get("do", Reaction)
        if alarm is not None and reaction is not None:
            found.append(_guard(each.name, alarm, reaction))
    return evolve(plan, guards=tuple(found))


def _guard(name: str, alarm: Alarm, reaction: Reaction) -> Guard:
    test = alarm.test
    return Guard(
        name=name,
        figure=test.figure,
        op=test.op,
        value=test.value,
        unit="count" if test.unit == "ratio" else test.unit,
        action=reaction.action,
        after=alarm.after,
        after_figure=alarm.after_figure,
        lasts=reaction.lasts,
    )


def claims(checked: Checked, plan: Plan) -> Plan:
    """Wishes and demands."""
    said = [each.claim for each in checked.claims]
    goals = tuple(each for each in said if isinstance(each, Goal))
    expectations = tuple(each for each in said if isinstance(each, Expectation))
    return evolve(plan, goals=goals, expectations=expectations)


def assumptions(checked: Checked, plan: Plan) -> Plan:
    """What the author believes, as rows."""
    return evolve(plan, assumptions=checked.assumptions)

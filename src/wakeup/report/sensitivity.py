"""What the profit hangs on, found by moving one assumption after the other (`simulate --sensitivity`)."""

from wakeup.diagnostics import Key
from wakeup.figures.result import Result, Sensitivity
from wakeup.plan.model import Plan
from wakeup.report import charts
from wakeup.report.basis import scope_of
from wakeup.report.numbers import NOTHING, bare
from wakeup.report.parts import Block, Section
from wakeup.report.speech import Speech
from wakeup.report.tables import table

_PICTURED = 10
_LISTED = 25


def sensitivity(result: Result, plan: Plan, s: Speech) -> Section | None:
    """Return by how much each assumption moves the profit; None unless that was asked for."""
    del plan
    moving = [each for each in result.sensitivity if each.size]
    if not result.sensitivity:
        return None
    more, less = s.say("more of it, more profit"), s.say("more of it, less profit")
    bars = [
        charts.Bar(name_of(each, s), each.size, s.quantity(each.size, "count"), more if each.effect >= 0 else less)
        for each in moving[:_PICTURED]
    ]
    unit = s.unit(result.currency)
    head = (
        s.say("Assumption"),
        s.say("Moves the profit by, {currency}", currency=unit),
        s.say("Upwards, {currency}", currency=unit),
        s.say("Differs by, {currency}", currency=unit),
    )
    rows = [(name_of(each, s), *amounts(each, result)) for each in moving[:_LISTED]]
    note = s.say(
        "Each assumption went from the low to the high end of its range, the others anywhere in theirs, with the same "
        "luck. Upwards: what more of it brings on average. Differs by: how much that depends on the others. "
        "{still} of {all} move nothing.",
        still=len(result.sensitivity) - len(moving),
        all=len(result.sensitivity),
    )
    picture = (charts.bars(bars, {more: charts.BLUE, less: charts.ORANGE}),) if bars else ()
    return Section(s.say("What the profit hangs on, one by one"), note, (Block(table(head, rows), picture),))


def name_of(each: Sensitivity, s: Speech) -> str:
    """Return an assumption in words, with whom it is about."""
    name, _, scope = each.assumption.partition(" ")
    known = Key(name).told(s.lang)
    return f"{known} ({scope_of(scope, s)})" if scope else known


def amounts(each: Sensitivity, result: Result) -> tuple[str, str, str]:
    """Return size, direction and spread of the effect in the currency of the result."""
    spread = NOTHING if each.bends is None else bare(each.bends, result.currency)
    return bare(each.size, result.currency), bare(each.effect, result.currency, change=True), spread

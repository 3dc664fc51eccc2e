"""Which assumptions move the profit most: what it would be at either end of each, the others as they may be."""

from wakeup.diagnostics import Key
from wakeup.figures.result import Result
from wakeup.plan.model import Plan
from wakeup.report import charts
from wakeup.report.basis import scope_of
from wakeup.report.numbers import bare
from wakeup.report.parts import Block, Section
from wakeup.report.speech import Speech
from wakeup.report.tables import table

MOST: int = 10
"""Assumptions in the picture."""


def tornado(result: Result, plan: Plan, s: Speech) -> Section | None:
    """Return the tornado of the assumptions that are told apart from chance; None where none is."""
    del plan
    told = [
        (each, each.profit_at_low, each.profit_at_high)
        for each in result.basis
        if each.profit_at_low is not None and each.profit_at_high is not None
    ]
    if not told:
        return None
    told.sort(key=lambda row: -abs(row[2] - row[1]))
    names = [_name(each.assumption, s) for each, _, _ in told[:MOST]]
    bars = [charts.Swing(name, low, high) for name, (_, low, high) in zip(names, told, strict=False)]
    rows = [
        (name, bare(low, result.currency, change=True), bare(high, result.currency, change=True), _worth(each.worth, s))
        for name, (each, low, high) in zip(names, told, strict=False)
    ]
    unit = s.unit(result.currency)
    head = (
        s.say("Assumption"),
        s.say("Profit at its low end, {currency}", currency=unit),
        s.say("Profit at its high end, {currency}", currency=unit),
        s.say("Worth knowing first"),
    )
    note = s.say(
        "Low and high: the ends of the middle 90 % of what is assumed. Worth knowing first: what it spares to know it "
        "before deciding on the launch; nothing where the decision would be the same."
    )
    mean = result.figures["incremental_profit"].value or 0.0
    return Section(s.say("What the profit hangs on"), note, (Block(table(head, rows), (charts.tornado(bars, mean),)),))


def _name(assumption: str, s: Speech) -> str:
    name, _, scope = assumption.partition(" ")
    known = Key(name).told(s.lang)
    return f"{known} ({scope_of(scope, s)})" if scope else known


def _worth(worth: float | None, s: Speech) -> str:
    return s.say("nothing") if not worth else s.quantity(worth, "count")

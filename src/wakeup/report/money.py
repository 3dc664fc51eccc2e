"""Where the money goes: from the margin that the campaign causes to its profit, and how much of it has to come true."""

from collections.abc import Iterator, Sequence

from attrs import frozen

from wakeup.diagnostics import Say
from wakeup.figures.result import Day, Result
from wakeup.plan.model import Plan
from wakeup.report import charts
from wakeup.report.numbers import bare
from wakeup.report.parts import Block, Section
from wakeup.report.speech import Speech
from wakeup.report.tables import table

_COSTS = (
    ("gift_cost", Say("Gifts and services")),
    ("send_cost", Say("Messages")),
    ("staff_cost", Say("Staff")),
    ("fixed_cost", Say("Fixed costs")),
)


@frozen
class Step:
    """A step of the waterfall: what it is called and by how much it moves the sum; `total`: it stands for the sum."""

    label: str
    amount: float
    total: bool = False


def money(result: Result, plan: Plan, s: Speech) -> Section | None:
    """Return the waterfall from caused margin to profit, the share of the effect that pays for it, and when it has."""
    steps = waterfall(result, s)
    if not any(each.amount for each in steps):
        return None
    rows = [(each.label, bare(each.amount, result.currency, change=True)) for each in steps]
    head = (s.say("Step"), s.unit(result.currency))
    block = Block(table(head, rows), (charts.waterfall([(each.label, each.amount, each.total) for each in steps]),))
    note = s.run_on((*_break_even(result, s), *_payback(result, plan, s)))
    return Section(s.say("Where the money goes"), note, (block,))


def waterfall(result: Result, s: Speech) -> list[Step]:
    """Return the steps, those of no amount left out but for the ends; means over replications, in major units."""
    figure = {name: each.value or 0.0 for name, each in result.figures.items()}
    discount = figure["discount_cost"]
    costs = [Step(s.told(label), -figure[name]) for name, label in _COSTS]
    between = [Step(s.say("Discounts"), -discount), *costs]
    return [
        Step(s.say("Caused margin before discounts"), figure["incremental_margin"] + discount, total=True),
        *(each for each in between if each.amount),
        Step(s.say("Caused profit"), figure["incremental_profit"], total=True),
    ]


def break_even(result: Result) -> float | None:
    """Return the share of the caused margin (net of discounts) that the other costs take: the share of the effect that
    has to come true for the campaign to pay for itself. None where it causes no margin or costs nothing."""
    costs = sum(result.figures[name].value or 0.0 for name, _ in _COSTS)
    margin = result.figures["incremental_margin"].value or 0.0
    return costs / margin if margin > 0 and costs > 0 else None


def paid_back(days: Sequence[Day], margin: float, costs: float) -> str | None:
    """Return the first day by whose end the margin of caused revenue has paid `costs`; None if no day of the run does.

    margin: share of revenue; revenue is net of discounts, so this is right where there are few.
    """
    earned = 0.0
    for day in days:
        earned += margin * (day.revenue - day.twin_revenue)
        if earned >= costs:
            return day.date
    return None


def _break_even(result: Result, s: Speech) -> Iterator[str]:
    share = break_even(result)
    if share is None:
        return
    if share <= 1.0:
        yield s.say(
            "It pays for itself if {share} of what it should cause comes true.", share=s.quantity(share, "share")
        )
    else:
        yield s.say("To pay for itself it would have to cause {times} times as much.", times=f"{share:.2g}")


def _payback(result: Result, plan: Plan, s: Speech) -> Iterator[str]:
    share = break_even(result)
    if share is None or share > 1.0 or not result.days:
        return
    costs = sum(result.figures[name].value or 0.0 for name, _ in _COSTS)
    day = paid_back(result.days, float(plan.margin), costs)
    if day is not None:
        yield s.say("The costs are earned back by {day}.", day=day)

"""Which channels orders are credited to, by several models, beside what each channel adds."""

from wakeup.figures.result import Result
from wakeup.plan.model import Elapsed, Plan
from wakeup.plan.wording import lasting
from wakeup.report.numbers import bare
from wakeup.report.parts import Block, Section
from wakeup.report.speech import Speech
from wakeup.report.tables import table


def credit(result: Result, plan: Plan, s: Speech) -> Section | None:
    """Return to which channels models of attribution credit orders, and what each channel adds where that is known."""
    if not result.attribution:
        return None
    window = lasting(Elapsed(plan.attribution.within), s.lang)
    note = s.say(
        "Orders within {window} of a message, by {model}, as the campaign declares, and by other models. Credit is no "
        "cause: orders that would have come anyway are credited, too.",
        model=s.word(plan.attribution.model),
        window=window,
    )
    names = sorted(result.attribution[0].models, key=lambda name: name != plan.attribution.model)
    rows = [
        (
            each.channel or s.say("no touch"),
            bare(each.revenue, plan.currency),
            *(s.quantity(each.models[name], "count") for name in names),
        )
        for each in result.attribution
    ]
    revenue = s.say("Revenue, {currency}", currency=s.unit(plan.currency))
    head = (s.say("Channel"), revenue, *(s.word(name).capitalize() for name in names))
    return Section(s.say("Credit by channel"), note, (Block(table(head, rows)), *_added(result, s)))


def added_head(result: Result, s: Speech) -> tuple[str, ...]:
    """Return the head of the table of what each channel adds."""
    within = s.say("90 % interval")
    profit = s.say("+ profit, {currency}", currency=s.unit(result.currency))
    return s.say("Channel"), s.say("+ orders"), within, profit, within


def added(result: Result, s: Speech) -> list[tuple[str, ...]]:
    """Return what each channel adds in orders and profit, with intervals; nothing where that was not simulated."""
    return [
        (
            each.channel,
            s.quantity(each.orders.value, "count", change=True),
            s.interval(each.orders.low, each.orders.high, "count", change=True),
            bare(each.profit.value, result.currency, change=True),
            s.interval(each.profit.low, each.profit.high, "count", change=True),
        )
        for each in result.contributions
    ]


def _added(result: Result, s: Speech) -> tuple[Block, ...]:
    if not result.contributions:
        return ()
    caption = s.say(
        "What each channel adds: less happens without it, with the same luck. Channels that do each other's work add "
        "little one by one, so the rows need not come to the whole."
    )
    return (Block(table(added_head(result, s), added(result, s), caption=caption)),)

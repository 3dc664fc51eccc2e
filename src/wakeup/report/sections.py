"""The parts of the page below its first screen, each a heading, a chart with its table, and what to read from it."""

from collections.abc import Callable, Mapping, Sequence

from attrs import frozen

from wakeup.figures.result import ArmFigures, BudgetLine, Figure, Result, SegmentFigures
from wakeup.plan.model import Elapsed, Plan
from wakeup.plan.wording import lasting
from wakeup.report import charts
from wakeup.report.basis import Ground, parameters_of
from wakeup.report.charts import Drawing
from wakeup.report.markup import Safe, element, join, lines
from wakeup.report.numbers import NOTHING, bare, chance, interval, quantity
from wakeup.report.tables import table
from wakeup.report.words import FIGURES, GROUPS, label, reason, scope

FUNNEL = (
    "targeted",
    "enrolled",
    "touched",
    "delivered",
    "opened",
    "clicked",
    "claimed",
    "joined",
    "woken",
    "converted",
)
"""Steps of the funnel in the order in which a person takes them."""

CHANNEL = "channel:"
SEGMENT_FIGURES = (
    "targeted", "touched", "woken", "wake_rate", "orders", "incremental_orders", "incremental_profit", "spent",
)  # fmt: skip
"""What is compared between groups of people."""

CHANNEL_FIGURES = ("sent", "delivered", "opened", "clicked", "opted_out", "complained", "send_cost")
"""What is known of a channel; people and orders belong to no single one."""

CHANGES = ("incremental_", "uplift_")
"""Figures that are differences, written with a sign."""

EMPTY_RATIO = "nothing to divide by."


@frozen
class Block:
    """A table and the charts of the same data that stand beside it, still to be drawn."""

    table: Safe
    charts: tuple[Drawing, ...] = ()

    def laid_out(self, drawn: Sequence[Safe]) -> Safe:
        """Return the block with its charts drawn."""
        if not drawn:
            return self.table
        return element("div", element("div", *drawn), element("div", self.table), class_="pair")


@frozen
class Section:
    """A part of the page: `title`, a `note` on how to read it, and its blocks."""

    title: str
    note: str
    blocks: tuple[Block, ...]


def funnel(result: Result, plan: Plan) -> Section | None:
    """Return how many people and messages each step keeps."""
    del plan
    steps = [(FIGURES[step].label, result.figures[step]) for step in FUNNEL if step in result.figures]
    bars = [
        charts.Bar(step, each.value, quantity(each.value, each.unit), _counted(each))
        for step, each in steps
        if each.value is not None
    ]
    whole = result.figures["targeted"].value
    rows = [(step, *_estimate(each), _part(each, whole)) for step, each in steps]
    picture = charts.bars(bars, {"people": charts.BLUE, "messages and answers": charts.SKY})
    head = ("Step", "Value", "90 % interval", "Of targeted")
    return Section("From targeted to converted", "", (Block(table(head, rows, empty=_why_empty(result)), (picture,)),))


def _part(figure: Figure, whole: float | None) -> str:
    """Return which part of the targeted people a step keeps; messages are no part of people."""
    if figure.unit != "people":
        return ""
    return quantity(figure.value / whole if figure.value is not None and whole else None, "share")


def _counted(figure: Figure) -> str:
    return "people" if figure.unit == "people" else "messages and answers"


def main_figures(result: Result, plan: Plan) -> Section | None:
    """Return every figure with its interval, and beside it what the campaign itself caused."""
    del plan
    rows: list[tuple[str, ...]] = []
    for group in GROUPS:
        members = [name for name, words in FIGURES.items() if words.group == group and name in result.figures]
        if members:
            rows.append((group,))
            rows.extend(_gross_and_incremental(name, result.figures) for name in members)
    head = ("Figure", "Value", "90 % interval", "Caused by the campaign", "90 % interval")
    note = "Caused by the campaign: the difference to the same people left alone (their simulated twins)."
    return Section("All figures", note, (Block(table(head, rows, empty=_why_empty(result))),))


def _why_empty(result: Result) -> str:
    """Return why a value or an interval may be missing."""
    return f"no interval from a single replication; a ratio: {EMPTY_RATIO}" if result.replications == 1 else EMPTY_RATIO


def _gross_and_incremental(name: str, figures: Mapping[str, Figure]) -> tuple[str, ...]:
    caused = figures.get(f"incremental_{name}")
    return (FIGURES[name].label, *_estimate(figures[name]), *_caused(caused))


def _caused(figure: Figure | None) -> tuple[str, str]:
    return _estimate(figure, change=True) if figure else ("", "")


def _estimate(figure: Figure, *, change: bool = False) -> tuple[str, str]:
    return (
        quantity(figure.value, figure.unit, change=change),
        interval(figure.low, figure.high, figure.unit, change=change),
    )


def by_day(result: Result, plan: Plan) -> Section | None:
    """Return sends and orders day by day, orders beside those of the people left alone."""
    del plan
    if not result.days:
        return None
    sends = [charts.Day(day.date, day.sent, "sent") for day in result.days]
    series = ("with the campaign", "left alone (twins)")
    orders = [
        charts.Day(day.date, value, name)
        for day in result.days
        for name, value in zip(series, (day.orders, day.twin_orders), strict=True)
    ]
    rows = [
        (day.date, quantity(day.sent, "count"), quantity(day.orders, "count"), quantity(day.twin_orders, "count"))
        for day in result.days
    ]
    pictures = (charts.days(sends, ("sent",), "messages sent"), charts.days(orders, series, "orders"))
    block = Block(table(("Day", "Sent", "Orders", "Orders if left alone"), rows, tall=True), pictures)
    return Section("Day by day", "", (block,))


def budget(result: Result, plan: Plan) -> Section | None:
    """Return cost against budget by line; nothing without a budget."""
    if not result.budget:
        return None
    spending = [charts.Spending(each.line, each.spent, each.open, each.limit) for each in result.budget if each.limit]
    rows = [_spent(each, plan.currency) for each in result.budget]
    head = ("Line", f"Spent, {plan.currency}", "Open", "After the run", "Limit", "Spent of limit")
    block = Block(table(head, rows, empty="no limit of its own."), (charts.spending(spending),) if spending else ())
    note = "Open: reserved for coupons that are granted and not yet used. After the run: coupons used later."
    return Section("Cost against budget", note, (block,))


def _spent(line: BudgetLine, money: str) -> tuple[str, ...]:
    amounts = (bare(amount, money) for amount in (line.spent, line.open, line.tail, line.limit))
    return (line.line or "(no line)", *amounts, quantity(line.spent / line.limit if line.limit else None, "share"))


def uplift(result: Result, plan: Plan) -> Section | None:
    """Return what the campaign caused, by tier and by arm, with 90 % intervals."""
    groups = [(scope(each.by), each.figures) for each in _tiers(result)]
    groups += [(_arm(each), each.figures) for each in result.arms]
    blocks = []
    for name, axis in (("incremental_wake_rate", "percentage points"), ("incremental_profit", plan.currency)):
        found = [(group, figures[name]) for group, figures in groups if name in figures]
        spans = [charts.Span(group, f.value, f.low, f.high) for group, f in found if f.value is not None]
        if spans:
            rows = [(group, *_estimate(figure, change=True)) for group, figure in found]
            picture = charts.forest(spans, axis, percent=name.endswith("rate"))
            blocks.append(
                Block(table(("Group", label(name), "90 % interval"), rows, empty=_why_empty(result)), (picture,))
            )
    if not blocks:
        return None
    note = "Against the same people left alone. Where a 90 % interval crosses zero there may be no effect."
    return Section("Uplift by tier and arm", note, tuple(blocks))


def held_out(result: Result, plan: Plan) -> Section | None:
    """Return the effect as a live run would measure it, against the people held out, beside the one against twins."""
    del plan
    names = [name for name in FIGURES if f"uplift_{name}" in result.figures]
    if not names or not result.figures["held_out"].value:
        return None
    rows = []
    for name in names:
        against = (result.figures.get(f"{kind}_{name}") for kind in ("uplift", "incremental"))
        rows.append((FIGURES[name].label, *(cell for figure in against for cell in _caused(figure))))
    head = ("Figure", "Against the held out", "90 % interval", "Against twins", "90 % interval")
    note = "A live run has no twins, only the people held out: the same effect, with more scatter."
    return Section("As a live run would measure it", note, (Block(table(head, rows, empty=_why_empty(result))),))


def refusals(result: Result, plan: Plan) -> Section | None:
    """Return why messages were not sent or people not taken, and why messages had to wait."""
    del plan
    parts = (("Not sent", result.reasons, charts.ORANGE), ("Sent later, held for a while", result.delays, charts.BLUE))
    blocks = tuple(_refused(caption, counts, colour) for caption, counts, colour in parts if any(counts.values()))
    if not blocks:
        return None
    note = "Counted once per message and person; a message may be held more than once, and for more than one reason."
    return Section("What was not sent, and why", note, blocks)


def _refused(caption: str, counts: Mapping[str, float], colour: str) -> Block:
    found = sorted(((count, name) for name, count in counts.items() if count), reverse=True)
    bars = [charts.Bar(name.replace("_", " "), count, quantity(count, "count")) for count, name in found]
    rows = [(name.replace("_", " "), reason(name), quantity(count, "count")) for count, name in found]
    head = ("Reason", "What it means", "Times")
    return Block(table(head, rows, caption=caption, words=2), (charts.bars(bars, {"": colour}),))


def segments(result: Result, plan: Plan) -> Section | None:
    """Return the main figures of every segment and arm; channels, which have other figures, in a table of their own."""
    del plan
    groups = [(each.by, each.figures) for each in result.segments]
    people = [(scope(by), figures) for by, figures in groups if not by.startswith(CHANNEL)]
    people += [(_arm(each), each.figures) for each in result.arms]
    channels = [(by.removeprefix(CHANNEL), figures) for by, figures in groups if by.startswith(CHANNEL)]
    blocks = [
        _compared(head, found, names)
        for head, found, names in (("Segment", people, SEGMENT_FIGURES), ("Channel", channels, CHANNEL_FIGURES))
        if found
    ]
    note = "Fixed costs belong to the campaign as a whole and to no segment."
    return Section("Segments", note, tuple(blocks)) if blocks else None


def _compared(head: str, groups: Sequence[tuple[str, Mapping[str, Figure]]], names: Sequence[str]) -> Block:
    """Return a table of several groups, a column for each figure that any of them has."""
    had = [name for name in names if any(name in figures for _, figures in groups)]
    rows = [(group, *(_value(figures.get(name), name) for name in had)) for group, figures in groups]
    return Block(table((head, *map(label, had)), rows, empty=f"not counted for this group, or {EMPTY_RATIO}"))


def scenarios(result: Result, plan: Plan) -> Section | None:
    """Return the main figures under each declared scenario beside the base."""
    del plan
    if not result.scenarios:
        return None
    names = ("woken", "orders", "incremental_orders", "incremental_profit", "spent")
    groups = [("base", result.figures), *result.scenarios.items()]
    return Section("If things go otherwise", "", (_compared("Scenario", groups, names),))


def decisions(result: Result, plan: Plan) -> Section | None:
    """Return how often guards acted and splits were decided."""
    del plan
    rows = [(f"Guard {name}", "acts", chance(share)) for name, share in result.tripped.items()]
    for split, winners in result.promoted.items():
        said = ((f"promotes {arm}" if arm else "promotes no arm", share) for arm, share in winners.items())
        rows.extend((f"Split {split}", what, chance(share)) for what, share in said)
    if not rows:
        return None
    block = Block(table(("Rule", "What it does", "In so many replications"), rows, words=2))
    return Section("Guards and promotions", "", (block,))


def credit(result: Result, plan: Plan) -> Section | None:
    """Return to which channels the attribution model credits orders."""
    if not result.attribution:
        return None
    model = plan.attribution.model.replace("_", " ")
    rows = [
        (each.channel or "no touch", quantity(each.orders, "count"), bare(each.revenue, plan.currency))
        for each in result.attribution
    ]
    window = lasting(Elapsed(plan.attribution.within))
    note = f"Credit by {model} within {window} of a message. Credit is no cause: see the uplift for that."
    return Section("Credit by channel", note, (Block(table(("Channel", "Orders", f"Revenue, {plan.currency}"), rows)),))


def basis(result: Result, plan: Plan) -> Section | None:
    """Return what the forecast stands on: each assumption with its range, source and grade, guesses marked."""
    del plan
    found = parameters_of(result)
    if not found:
        return None
    weak = sum(ground.weak for each in found for ground in each.grounds)
    note = (
        f"The range holds 90 % of what an assumption may be. {weak} of {len(result.basis)} have no source. "
        "Influence: how closely the incremental profit follows the assumption, from 0 to 1."
    )
    rows: list[tuple[str, ...]] = []
    for each in found:
        rows.append((join(element("code", each.name), f" – {each.meaning}" if each.meaning else ""),))
        rows.extend((g.scope, g.median, g.range, g.influence, _marked(g), g.source) for g in each.grounds)
    head = ("For", "Median", "Range", "Influence", "Evidence", "Source")
    empty = "it does not vary, or there are too few replications to tell."
    return Section("What the forecast stands on", note, (Block(table(head, rows, words=6, empty=empty)),))


def _marked(ground: Ground) -> Safe:
    return element("span", ground.grade, class_="weak" if ground.weak else "")


def glossary(result: Result, plan: Plan) -> Section | None:
    """Return what each figure means."""
    del plan
    rows = [(words.label, words.meaning) for name, words in FIGURES.items() if name in result.figures]
    return Section("What the figures mean", "", (Block(table(("Figure", "Meaning"), rows, words=2)),))


def in_words(plan_text: str) -> Safe:
    """Return the plan in words, as it was passed in; nothing for an empty text."""
    if not plan_text.strip():
        return Safe()
    return element("section", element("h2", "The plan in words"), element("pre", lines(plan_text)))


def footer(result: Result) -> Safe:
    """Return what identifies the run; no path, no machine, no time."""
    pairs = (
        ("campaign", result.plan["name"]),
        ("conduct", result.plan["behaviour_id"]),
        ("forecast", result.plan["forecast_id"]),
        ("seed", str(result.seed)),
        ("replications", str(result.replications)),
        ("customers", f"{result.customers:,}"),
    )
    return element(
        "footer", *(join(f"{name} ", element("code", value), " · ") for name, value in pairs), "made by wakeup"
    )


SECTIONS: tuple[Callable[[Result, Plan], Section | None], ...] = (
    funnel, by_day, budget, uplift, held_out, refusals, decisions, segments, scenarios, credit, main_figures, basis,
    glossary,
)  # fmt: skip
"""The page below its first screen, in order; each part is None where the result has nothing for it."""


def _tiers(result: Result) -> list[SegmentFigures]:
    return [each for each in result.segments if each.by.startswith("tier:")]


def _arm(arm: ArmFigures) -> str:
    return f"{arm.split}: {arm.arm}"


def _value(figure: Figure | None, name: str) -> str:
    return NOTHING if figure is None else quantity(figure.value, figure.unit, change=name.startswith(CHANGES))

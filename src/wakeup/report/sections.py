"""The parts of the page below its first screen, each a heading, a chart with its table, and what to read from it."""

from collections.abc import Callable, Mapping, Sequence

from wakeup.diagnostics import Say
from wakeup.figures.result import BudgetLine, Figure, Result, SegmentFigures
from wakeup.plan.model import Plan
from wakeup.report import charts
from wakeup.report import experiments as tests
from wakeup.report.basis import Ground, certain_from, parameters_of
from wakeup.report.credit import credit
from wakeup.report.markup import Safe, element, join, lines
from wakeup.report.money import money
from wakeup.report.numbers import NOTHING, bare
from wakeup.report.parts import Block, Section
from wakeup.report.risks import scenarios
from wakeup.report.sensitivity import sensitivity
from wakeup.report.speech import Speech
from wakeup.report.tables import table
from wakeup.report.tornado import tornado
from wakeup.report.words import FIGURES, GROUPS, OF_THE_WOKEN

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

EMPTY_RATIO = Say("nothing to divide by.")


def funnel(result: Result, plan: Plan, s: Speech) -> Section | None:
    """Return how many people and messages each step keeps."""
    del plan
    steps = [(s.told(FIGURES[step].label), result.figures[step]) for step in FUNNEL if step in result.figures]
    bars = [
        charts.Bar(step, each.value, s.quantity(each.value, each.unit), _counted(s, each))
        for step, each in steps
        if each.value is not None
    ]
    whole = result.figures["targeted"].value
    rows = [(step, *_estimate(s, each), _part(s, each, whole)) for step, each in steps]
    picture = charts.bars(bars, {s.say("people"): charts.BLUE, s.say("messages and answers"): charts.SKY})
    head = (s.say("Step"), s.say("Value"), s.say("90 % interval"), s.say("Of targeted"))
    return Section(
        s.say("From targeted to converted"), "", (Block(table(head, rows, empty=_why_empty(s, result)), (picture,)),)
    )


def _part(s: Speech, figure: Figure, whole: float | None) -> str:
    """Return which part of the targeted people a step keeps; messages are no part of people."""
    if figure.unit != "people":
        return ""
    return s.quantity(figure.value / whole if figure.value is not None and whole else None, "share")


def _counted(s: Speech, figure: Figure) -> str:
    return s.say("people") if figure.unit == "people" else s.say("messages and answers")


def main_figures(result: Result, plan: Plan, s: Speech) -> Section | None:
    """Return every figure with its interval, and beside it what the campaign itself caused."""
    del plan
    rows: list[tuple[str, ...]] = []
    for group in GROUPS:
        members = [name for name, words in FIGURES.items() if words.group == group and name in result.figures]
        if members:
            rows.append((s.told(group),))
            rows.extend(_gross_and_incremental(s, name, result.figures) for name in members)
    interval = s.say("90 % interval")
    head = (s.say("Figure"), s.say("Value"), interval, s.say("Caused by the campaign"), interval)
    note = s.say("Caused by the campaign: the difference to the same people left alone (their simulated twins).")
    return Section(s.say("All figures"), note, (Block(table(head, rows, empty=_why_empty(s, result))),))


def _why_empty(s: Speech, result: Result) -> str:
    """Return why a value or an interval may be missing."""
    empty = s.told(EMPTY_RATIO)
    if result.replications > 1:
        return empty
    return s.say("no interval from a single replication; a ratio: {empty}", empty=empty)


def _gross_and_incremental(s: Speech, name: str, figures: Mapping[str, Figure]) -> tuple[str, ...]:
    caused = None if name in OF_THE_WOKEN else figures.get(f"incremental_{name}")
    return (s.told(FIGURES[name].label), *_estimate(s, figures[name]), *_caused(s, caused))


def _caused(s: Speech, figure: Figure | None) -> tuple[str, str]:
    return _estimate(s, figure, change=True) if figure else ("", "")


def _estimate(s: Speech, figure: Figure, *, change: bool = False) -> tuple[str, str]:
    return (
        s.quantity(figure.value, figure.unit, change=change),
        s.interval(figure.low, figure.high, figure.unit, change=change),
    )


def by_day(result: Result, plan: Plan, s: Speech) -> Section | None:
    """Return sends and orders day by day, orders beside those of the people left alone."""
    del plan
    if not result.days:
        return None
    sends = [charts.Day(day.date, day.sent, "sent", day.sent_low, day.sent_high) for day in result.days]
    series = (s.say("with the campaign"), s.say("left alone (twins)"))
    form = s.say("%b %d")
    own = [charts.Day(day.date, day.orders, series[0], day.orders_low, day.orders_high) for day in result.days]
    alone = [charts.Day(day.date, day.twin_orders, series[1]) for day in result.days]
    rows = [
        (
            day.date,
            _with_band(s, day.sent, day.sent_low, day.sent_high),
            _with_band(s, day.orders, day.orders_low, day.orders_high),
            s.quantity(day.twin_orders, "count"),
        )
        for day in result.days
    ]
    pictures = (
        charts.days(sends, ("sent",), s.say("messages sent"), form),
        charts.days([*own, *alone], series, s.say("orders"), form),
    )
    head = (s.say("Day"), s.say("Sent"), s.say("Orders"), s.say("If left alone"))
    note = s.say("Lines are means; nine of ten live runs keep within the band (in brackets), each day by itself.")
    block = Block(table(head, rows, tall=True), pictures)
    return Section(s.say("Day by day"), note if result.replications > 1 else "", (block,))


def _with_band(s: Speech, value: float, low: float | None, high: float | None) -> str:
    """Return a count of a day and where nine of ten live runs lie; a day without anything needs no band."""
    told = s.quantity(value, "count")
    return s.say("{count} ({band})", count=told, band=s.interval(low, high, "count")) if high else told


def timeline(result: Result, plan: Plan, s: Speech) -> Section | None:
    """Return the phases of the plan with what must be done in each; nothing without phases."""
    del plan
    if not result.phases:
        return None
    rows = [
        (
            each.title or each.name,
            each.first,
            each.last,
            s.say("; ").join(each.duties),
            s.quantity(each.sent, "count"),
            s.quantity(each.orders, "count"),
            s.quantity(each.twin_orders, "count"),
        )
        for each in result.phases
    ]
    head = (s.say("Phase"), s.say("From"), s.say("Through"), s.say("To be done"))
    counted = (s.say("Sent"), s.say("Orders"), s.say("Orders if left alone"))
    note = s.say("Counts are those of the run's days in the phase.")
    return Section(s.say("Timeline"), note, (Block(table((*head, *counted), rows, words=4)),))


def budget(result: Result, plan: Plan, s: Speech) -> Section | None:
    """Return cost against budget by line; nothing without a budget."""
    if not result.budget:
        return None
    spending = [charts.Spending(each.line, each.spent, each.open, each.limit) for each in result.budget if each.limit]
    rows = [_spent(s, each, plan.currency) for each in result.budget]
    spent = s.say("Spent, {currency}", currency=s.unit(plan.currency))
    head = (s.say("Line"), spent, s.say("Open"), s.say("After the run"), s.say("Limit"), s.say("Spent of limit"))
    parts = (s.say("spent"), s.say("open"), s.say("limit"), s.say("share of the line's limit"))
    picture = (charts.spending(spending, *parts),) if spending else ()
    block = Block(table(head, rows, empty=s.say("no limit of its own.")), picture)
    note = s.say("Open: reserved for coupons that are granted and not yet used. After the run: coupons used later.")
    return Section(s.say("Cost against budget"), note, (block,))


def _spent(s: Speech, line: BudgetLine, money: str) -> tuple[str, ...]:
    amounts = (bare(amount, money) for amount in (line.spent, line.open, line.tail, line.limit))
    return (
        line.line or s.say("(no line)"),
        *amounts,
        s.quantity(line.spent / line.limit if line.limit else None, "share"),
    )


def uplift(result: Result, plan: Plan, s: Speech) -> Section | None:
    """Return what the campaign caused, by tier and by arm, with 90 % intervals."""
    groups = [(s.scope(each.by), each.figures) for each in _tiers(result)]
    groups += [(s.arm(each.split, each.arm), each.figures) for each in result.arms]
    blocks = []
    for name, axis in (
        ("incremental_wake_rate", s.say("percentage points")),
        ("incremental_profit", s.unit(plan.currency)),
    ):
        found = [(group, figures[name]) for group, figures in groups if name in figures]
        spans = [charts.Span(group, f.value, f.low, f.high) for group, f in found if f.value is not None]
        if spans:
            rows = [(group, *_estimate(s, figure, change=True)) for group, figure in found]
            picture = charts.forest(spans, axis, percent=name.endswith("rate"))
            blocks.append(
                Block(
                    table((s.say("Group"), s.label(name), s.say("90 % interval")), rows, empty=_why_empty(s, result)),
                    (picture,),
                )
            )
    if not blocks:
        return None
    note = s.say("Against the same people left alone. Where a 90 % interval crosses zero there may be no effect.")
    return Section(s.say("Uplift by tier and arm"), note, tuple(blocks))


def held_out(result: Result, plan: Plan, s: Speech) -> Section | None:
    """Return the effect as a live run would measure it, against the people held out, beside the one against twins."""
    del plan
    names = [name for name in FIGURES if f"uplift_{name}" in result.figures]
    if not names or not result.figures["held_out"].value:
        return None
    rows = []
    for name in names:
        against = (result.figures.get(f"{kind}_{name}") for kind in ("uplift", "incremental"))
        rows.append((s.told(FIGURES[name].label), *(cell for figure in against for cell in _caused(s, figure))))
    interval = s.say("90 % interval")
    head = (s.say("Figure"), s.say("Against the held out"), interval, s.say("Against twins"), interval)
    note = s.say("A live run has no twins, only the people held out: the same effect, with more scatter.")
    return Section(
        s.say("As a live run would measure it"), note, (Block(table(head, rows, empty=_why_empty(s, result))),)
    )


def experiments(result: Result, plan: Plan, s: Speech) -> Section | None:
    """Return what one live run would read off each test: arms beside each other, and what testing costs."""
    found = tests.rows(result, s)
    if not found:
        return None
    others = [(row, row.compared) for row in found if row.compared is not None]
    shares = [charts.Span(row.name, each.difference, each.low, each.high) for row, each in others]
    profit = [charts.Span(row.name, each.profit, each.profit_low, each.profit_high) for row, each in others]
    note = s.say(
        "Each arm beside the first of its test. The interval is the one that a run of this size reports; with several "
        "arms they hold together."
    )
    blocks = (
        Block(
            table(tests.share_heads(s), [row.shares() for row in found]),
            (charts.forest(shares, s.say("percentage points"), percent=True),),
        ),
        Block(
            table(tests.money_heads(s), [row.money() for row, _ in others]),
            (charts.forest(profit, s.unit(plan.currency)),),
        ),
    )
    told = s.run_on((note, *tests.sentences(result, s)))
    return Section(s.say("Tests, as one live run would read them"), told, blocks)


def refusals(result: Result, plan: Plan, s: Speech) -> Section | None:
    """Return why messages were not sent or people not taken, and why messages had to wait."""
    del plan
    parts = (
        (s.say("Not sent"), result.reasons, charts.ORANGE),
        (s.say("Sent later, held for a while"), result.delays, charts.BLUE),
    )
    blocks = tuple(_refused(s, caption, counts, colour) for caption, counts, colour in parts if any(counts.values()))
    if not blocks:
        return None
    note = s.say(
        "Counted once per message and person; a message may be held more than once, and for more than one reason."
    )
    return Section(s.say("What was not sent, and why"), note, blocks)


def _refused(s: Speech, caption: str, counts: Mapping[str, float], colour: str) -> Block:
    found = sorted(((count, name) for name, count in counts.items() if count), reverse=True)
    bars = [charts.Bar(s.short_reason(name), count, s.quantity(count, "count")) for count, name in found]
    rows = [(s.short_reason(name), s.reason(name), s.quantity(count, "count")) for count, name in found]
    head = (s.say("Reason"), s.say("What it means"), s.say("Times"))
    return Block(table(head, rows, caption=caption, words=2), (charts.bars(bars, {"": colour}),))


def segments(result: Result, plan: Plan, s: Speech) -> Section | None:
    """Return the main figures of every segment and arm; channels, which have other figures, in a table of their own."""
    del plan
    groups = [(each.by, each.figures) for each in result.segments]
    people = [(s.scope(by), figures) for by, figures in groups if not by.startswith(CHANNEL)]
    people += [(s.arm(each.split, each.arm), each.figures) for each in result.arms]
    channels = [(by.removeprefix(CHANNEL), figures) for by, figures in groups if by.startswith(CHANNEL)]
    blocks = [
        _compared(s, head, found, names)
        for head, found, names in (
            (s.say("Segment"), people, SEGMENT_FIGURES),
            (s.say("Channel"), channels, CHANNEL_FIGURES),
        )
        if found
    ]
    note = s.say("Fixed costs belong to the campaign as a whole and to no segment.")
    return Section(s.say("Segments"), note, tuple(blocks)) if blocks else None


def _compared(s: Speech, head: str, groups: Sequence[tuple[str, Mapping[str, Figure]]], names: Sequence[str]) -> Block:
    """Return a table of several groups, a column for each figure that any of them has."""
    had = [name for name in names if any(name in figures for _, figures in groups)]
    rows = [(group, *(_value(s, figures.get(name), name) for name in had)) for group, figures in groups]
    return Block(
        table(
            (head, *map(s.label, had)),
            rows,
            empty=s.say("not counted for this group, or {empty}", empty=s.told(EMPTY_RATIO)),
        )
    )


def decisions(result: Result, plan: Plan, s: Speech) -> Section | None:
    """Return how often guards acted and splits were decided."""
    del plan
    rows = [
        (s.say("Guard {name}", name=name), s.say("acts"), s.chance(share)) for name, share in result.tripped.items()
    ]
    for split, winners in result.promoted.items():
        said = (
            (s.say("promotes {arm}", arm=arm) if arm else s.say("promotes no arm"), share)
            for arm, share in winners.items()
        )
        rows.extend((s.say("Split {name}", name=split), what, s.chance(share)) for what, share in said)
    if not rows:
        return None
    block = Block(table((s.say("Rule"), s.say("What it does"), s.say("In so many replications")), rows, words=2))
    return Section(s.say("Guards and promotions"), "", (block,))


def basis(result: Result, plan: Plan, s: Speech) -> Section | None:
    """Return what the forecast stands on: each assumption with its range, source and grade, guesses marked."""
    del plan
    found = parameters_of(result, s)
    if not found:
        return None
    weak = sum(ground.weak for each in found for ground in each.grounds)
    notes = [
        s.say(
            "The range holds 90 % of what an assumption may be. {weak} of {all} have no source; a pilot of the size "
            "told there would halve its range.",
            weak=weak,
            all=len(result.basis),
        )
    ]
    if any(each.influence is not None for each in result.basis):
        told = s.say(
            "Influence: how closely the incremental profit follows the assumption, from 0 to 1; up to {least} it may "
            "be chance (unclear): {replications} replications tell no more.",
            least=f"{certain_from(result):.2f}",
            replications=result.replications,
        )
        notes.append(told)
    note = s.run_on(notes)
    rows: list[tuple[str, ...]] = []
    for each in found:
        rows.append((join(element("code", each.name), f" – {each.meaning}" if each.meaning else ""),))
        rows.extend((g.scope, g.median, g.range, g.influence, _marked(g), _learnt(g, s)) for g in each.grounds)
    head = (s.say("For"), s.say("Median"), s.say("Range"), s.say("Influence"), s.say("Evidence"), s.say("Source"))
    empty = s.say("it does not vary, or there are too few replications to tell.")
    return Section(s.say("What the forecast stands on"), note, (Block(table(head, rows, words=6, empty=empty)),))


def _marked(ground: Ground) -> Safe:
    return element("span", ground.grade, class_="weak" if ground.weak else "")


def _learnt(ground: Ground, s: Speech) -> str:
    """Return the source and, of a guess, what would tell more."""
    return s.say("{source}. {pilot}", source=ground.source, pilot=ground.pilot) if ground.pilot else ground.source


def glossary(result: Result, plan: Plan, s: Speech) -> Section | None:
    """Return what each figure means."""
    del plan
    rows = [(s.told(words.label), s.told(words.meaning)) for name, words in FIGURES.items() if name in result.figures]
    return Section(
        s.say("What the figures mean"), "", (Block(table((s.say("Figure"), s.say("Meaning")), rows, words=2)),)
    )


def in_words(plan_text: str, s: Speech) -> Safe:
    """Return the plan in words, as it was passed in; nothing for an empty text."""
    if not plan_text.strip():
        return Safe()
    return element("section", element("h2", s.say("The plan in words")), element("pre", lines(plan_text)))


def footer(result: Result, s: Speech) -> Safe:
    """Return what identifies the run; no path, no machine, no time."""
    pairs = (
        (s.say("campaign"), result.plan["name"]),
        (s.say("conduct"), result.plan["behaviour_id"]),
        (s.say("forecast"), result.plan["forecast_id"]),
        (s.say("seed"), str(result.seed)),
        (s.say("replications"), str(result.replications)),
        (s.say("customers"), f"{result.customers:,}"),
    )
    return element(
        "footer", *(join(f"{name} ", element("code", value), " · ") for name, value in pairs), s.say("made by wakeup")
    )


SECTIONS: tuple[Callable[[Result, Plan, Speech], Section | None], ...] = (
    funnel, money, by_day, timeline, budget, uplift, held_out, experiments, refusals, decisions, segments, scenarios,
    credit, tornado, sensitivity, main_figures, basis, glossary,
)  # fmt: skip
"""The page below its first screen, in order; each part is None where the result has nothing for it."""


def _tiers(result: Result) -> list[SegmentFigures]:
    return [each for each in result.segments if each.by.startswith("tier:")]


def _value(s: Speech, figure: Figure | None, name: str) -> str:
    return NOTHING if figure is None else s.quantity(figure.value, figure.unit, change=name.startswith(CHANGES))

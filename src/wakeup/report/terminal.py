"""A result on a terminal: tables that fit 80 columns, plain text where there is no terminal."""

from collections.abc import Iterator, Mapping, Sequence

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from wakeup.diagnostics import Count
from wakeup.figures.estimates import LEAST_FOR_INFLUENCE
from wakeup.figures.result import Figure, Figures, Result
from wakeup.report import credit, experiments
from wakeup.report.basis import Ground, certain_from, shortlist
from wakeup.report.numbers import NOTHING, bare
from wakeup.report.opening import certainty
from wakeup.report.prose import Prose
from wakeup.report.risks import bought_rows, missed
from wakeup.report.sensitivity import amounts, name_of
from wakeup.report.shortfall import shortfalls
from wakeup.report.speech import Speech
from wakeup.report.words import FIGURES, GROUPS, OF_THE_WOKEN, OPTIONAL, WEAK_GRADES
from wakeup.source.columns import shown
from wakeup.terms.language import Language

COMPARED = ("targeted", "wake_rate", "incremental_orders", "incremental_profit")
"""What is shown of each tier and arm; more does not fit."""


_MOVING = 8


def show(result: Result, console: Console, lang: Language = "en") -> None:
    """Print a result: all figures, goals and expectations, tiers and arms, what channels add, budget lines,
    refusals, scenarios and what counter-measures buy in them."""
    s = Speech(lang)
    for part in _PARTS:
        table = part(result, s)
        if table.row_count:
            console.print(table)
        if part is _judged:
            _missed_by(result, console, s)
    for sentence in experiments.sentences(result, s):
        console.print(Prose(sentence))
    console.print(Prose(certainty(result, s)))
    _stands_on(result, console, s)


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]], *, words: int = 1) -> Table:
    """Return a table whose first `words` columns are text and whose others are numbers on one line."""
    made = Table(title=plain(title), title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for at, name in enumerate(head):
        if at < words:
            made.add_column(plain(name), overflow="fold")
        else:
            made.add_column(plain(name), justify="right", no_wrap=True)
    for row in rows:
        made.add_row(*map(plain, row))
    return made


def _figures(result: Result, s: Speech) -> Table:
    title = s.say(
        "{name}: {customers}, {replications}, seed {seed}",
        name=result.plan["name"],
        customers=Count(result.customers, "customer"),
        replications=Count(result.replications, "replication"),
        seed=result.seed,
    )
    made = table(title, (s.say("Figure"), s.say("Value"), s.say("Low"), s.say("High"), s.say("Unit")), ())
    made.columns[-1].justify = "left"
    for group in GROUPS:
        rows = [
            row for name, words in FIGURES.items() if words.group == group for row in _rows(s, name, result.figures)
        ]
        if rows:
            made.add_section()
            made.add_row(Text(s.told(group), style="bold"))
        for row in rows:
            made.add_row(*map(plain, row))
    return made


def _rows(s: Speech, name: str, figures: Figures) -> Iterator[tuple[str, ...]]:
    """Yield a figure and, beneath it, how much of it the campaign caused."""
    if name in OPTIONAL and _nothing(figures.get(name)):
        return
    if name in figures:
        yield _row(s, f"  {s.told(FIGURES[name].label)}", figures[name])
    if f"incremental_{name}" in figures and name not in OF_THE_WOKEN:
        yield _row(s, "    " + s.say("caused by the campaign"), figures[f"incremental_{name}"], change=True)


def _nothing(figure: Figure | None) -> bool:
    """Return whether a figure has no value, or is 0 in every replication."""
    return figure is None or not (figure.value or figure.high)


def _row(s: Speech, name: str, figure: Figure, *, change: bool = False) -> tuple[str, ...]:
    numbers = (bare(value, figure.unit, change=change) for value in (figure.value, figure.low, figure.high))
    return (name, *numbers, s.unit(figure.unit, change=change))


def _judged(result: Result, s: Speech) -> Table:
    goals = [(s.say("goal"), each.text, s.chance(each.probability), NOTHING, "") for each in result.goals]
    expected = [
        (
            s.say("expect"),
            each.text,
            s.chance(each.probability),
            s.say("always") if each.sure is None else s.chance(each.sure),
            s.short_status(each.status),
        )
        for each in result.expectations
    ]
    head = ("", s.say("What"), s.say("Holds"), s.say("Asked"), s.say("Status"))
    return table(s.say("Goals and expectations"), head, [*goals, *expected], words=2)


def _missed_by(result: Result, console: Console, s: Speech) -> None:
    lines = shortfalls(result, s)
    for line in lines:
        console.print(Prose(line))
    if lines:
        console.print()


def _groups(result: Result, s: Speech) -> Table:
    groups = [(s.scope(each.by), each.figures) for each in result.segments if each.by.startswith("tier:")]
    groups += [(s.arm(each.split, each.arm), each.figures) for each in result.arms]
    rows = [(name, *_compared(s, figures)) for name, figures in groups]
    return table(s.say("Tiers and arms"), (s.say("Group"), *_heads(s)), rows)


def _added(result: Result, s: Speech) -> Table:
    head = (s.say("Channel"), s.say("+ orders"), "90 %", s.say("+ profit"), "90 %")
    return table(s.say("What each channel adds"), head, credit.added(result, s))


def _compared(s: Speech, figures: Mapping[str, Figure]) -> tuple[str, ...]:
    cells = (figures.get(name) for name in COMPARED)
    told = [NOTHING if each is None else _short(s, name, each) for name, each in zip(COMPARED, cells, strict=True)]
    profit = figures.get("incremental_profit")
    return (*told, s.interval(profit.low, profit.high, "count", change=True) if profit else NOTHING)


def _short(s: Speech, name: str, figure: Figure) -> str:
    """Return a figure with % but without its currency, which the main table names."""
    if figure.unit == "share":
        return s.quantity(figure.value, figure.unit)
    return bare(figure.value, figure.unit, change=name.startswith("incremental_"))


def _budget(result: Result, s: Speech) -> Table:
    rows = [
        (
            each.line or s.say("(no line)"),
            *(bare(amount, result.currency) for amount in (each.spent, each.open, each.tail, each.limit)),
            s.quantity(each.spent / each.limit if each.limit else None, "share"),
        )
        for each in result.budget
    ]
    head = (s.say("Line"), s.say("Spent"), s.say("Open"), s.say("After run"), s.say("Limit"), s.say("Used"))
    return table(s.say("Budget, {currency}", currency=s.unit(result.currency)), head, rows)


def _refusals(result: Result, s: Speech) -> Table:
    rows = [
        (s.short_reason(name), what, s.reason(name), bare(count, "count"))
        for what, counts in ((s.say("not sent"), result.reasons), (s.say("held"), result.delays))
        for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        if count
    ]
    head = (s.say("Reason"), "", s.say("What it means"), s.say("Times"))
    return table(s.say("Not sent, or held for a while"), head, rows, words=3)


def _scenarios(result: Result, s: Speech) -> Table:
    groups = [(s.say("base"), result.figures), *result.scenarios.items()] if result.scenarios else []
    rows = [(name, *_compared(s, figures)) for name, figures in groups]
    return table(s.say("Scenarios"), (s.say("Scenario"), *_heads(s)), rows)


def _risks(result: Result, s: Speech) -> Table:
    """Return the money at risk and the goals missed; as planned alone they are told elsewhere."""
    rows = []
    for each in result.risks if result.scenarios else ():
        first, *others = missed(each, s) or [""]
        tenth = bare(each.tenth, result.currency, change=True)
        rows.append((each.scenario or s.say("base"), first, tenth, s.chance(each.loss)))
        rows += [("", goal, "", "") for goal in others]
    head = (s.say("Scenario"), s.say("Misses the goal"), s.say("1 in 10 earns less"), s.say("Loses money"))
    return table(s.say("What can go wrong"), head, rows, words=2)


def _bought(result: Result, s: Speech) -> Table:
    rows = [row[:5] for row in bought_rows(result, s)]
    head = (s.say("Scenario"), s.say("Counter-measure"), s.say("+ profit"), "90 %", s.say("+ orders"))
    return table(s.say("What counter-measures buy"), head, rows, words=2)


def _sensitivity(result: Result, s: Speech) -> Table:
    moving = [each for each in result.sensitivity if each.size][:_MOVING]
    unit = s.unit(result.currency)
    head = (s.say("Assumption"), s.say("Moves the profit by, {currency}", currency=unit), s.say("Upwards"))
    rows = [(name_of(each, s), *amounts(each, result)[:2]) for each in moving]
    return table(s.say("What the profit hangs on, one by one"), head, rows)


def _experiments(result: Result, s: Speech) -> Table:
    rows = [row.shares() for row in experiments.rows(result, s)]
    return table(s.say("Tests, as one live run would read them"), experiments.share_heads(s), rows)


def _heads(s: Speech) -> tuple[str, ...]:
    return s.say("Targeted"), s.say("Wake rate"), s.say("+ orders"), s.say("+ profit"), "90 %"


def _stands_on(result: Result, console: Console, s: Speech) -> None:
    """Print the assumptions that matter most, what would tell those that are guesses, and how many others there are."""
    found = shortlist(result, s)
    if found:
        console.print()
        console.print(Text(s.say("What the forecast stands on, most influential first"), style="bold"))
        for ground in found:
            _ground(ground, console, s)
        console.print(Prose(_unclear(result, found, s)))
    elif result.basis:
        told = s.say(
            "From {least} replications on the assumptions that matter most are listed here.",
            least=LEAST_FOR_INFLUENCE,
        )
        console.print(Prose(told))
    guesses = sum(each.grade in WEAK_GRADES for each in result.basis)
    if guesses:
        told = s.say(
            "{number} of {all} assumptions have no source (!): a pilot would tell more.",
            number=guesses,
            all=len(result.basis),
        )
        console.print(Prose(told))


def _ground(ground: Ground, console: Console, s: Speech) -> None:
    told = s.say(
        "{name} ({scope}): {median}, {range}; influence {influence}",
        name=ground.name,
        scope=ground.scope,
        median=ground.median,
        range=ground.range,
        influence=ground.influence,
    )
    console.print(Prose(f"{'!' if ground.weak else ' '} {told}"))
    grade = s.say("no source") if ground.weak else ground.grade
    evidence = s.say("{grade}: {source}", grade=grade, source=ground.source)
    for line in (ground.meaning, evidence, ground.pilot):
        if line:
            console.print(Padding(Prose(line), (0, 0, 0, 4)))


def _unclear(result: Result, found: Sequence[Ground], s: Speech) -> str:
    """Return what the influences are worth: from which size on they are told apart from chance."""
    if all(each.clear for each in found):
        return s.say("Influence: how closely the incremental profit follows an assumption, from 0 to 1.")
    more = 10 * result.replications
    return s.say(
        "Unclear: {replications} replications tell an influence of up to {least} not apart from chance, {more} one of "
        "up to {then}. A tenth of the customers and ten times the replications cost the same and tell more here.",
        replications=result.replications,
        least=f"{certain_from(result):.2f}",
        more=more,
        then=f"{certain_from(result, more):.2f}",
    )


def plain(text: str) -> Text:
    """Return a text as it is: no markup, no emoji codes, no control codes, whatever a name contains."""
    return Text(shown(text))


_PARTS = (
    _figures, _judged, _groups, _added, _budget, _refusals, _scenarios, _risks, _bought, _sensitivity, _experiments,
)  # fmt: skip

"""A result on a terminal: tables that fit 80 columns, plain text where there is no terminal."""

from collections.abc import Iterator, Mapping, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from wakeup.figures.result import Figure, Figures, Result
from wakeup.report.numbers import NOTHING, bare, chance, interval, quantity, word
from wakeup.report.opening import certainty
from wakeup.report.words import FIGURES, GROUPS, STATUSES, WEAK_GRADES, reason, scope
from wakeup.source.columns import shown

COMPARED = ("targeted", "wake_rate", "incremental_orders", "incremental_profit")
"""What is shown of each tier and arm; more does not fit."""


def show(result: Result, console: Console) -> None:
    """Print a result: all figures, goals and expectations, tiers and arms, budget lines, refusals, scenarios."""
    for part in (_figures, _judged, _groups, _budget, _refusals, _scenarios):
        table = part(result)
        if table.row_count:
            console.print(table)
    console.print(plain(certainty(result)))
    guesses = sum(each.grade in WEAK_GRADES for each in result.basis)
    if guesses:
        console.print(plain(f"{guesses} of {len(result.basis)} assumptions have no source: a pilot would tell more."))


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


def _figures(result: Result) -> Table:
    times = f"{result.replications} replication{'' if result.replications == 1 else 's'}"
    title = f"{result.plan['name']}: {result.customers:,} customers, {times}, seed {result.seed}"
    made = table(title, ("Figure", "Value", "Low", "High", "Unit"), ())
    made.columns[-1].justify = "left"
    for group in GROUPS:
        rows = [row for name, words in FIGURES.items() if words.group == group for row in _rows(name, result.figures)]
        if rows:
            made.add_section()
            made.add_row(Text(group, style="bold"))
        for row in rows:
            made.add_row(*map(plain, row))
    return made


def _rows(name: str, figures: Figures) -> Iterator[tuple[str, ...]]:
    """Yield a figure and, beneath it, how much of it the campaign caused."""
    if name in figures:
        yield _row(f"  {FIGURES[name].label}", figures[name])
    if f"incremental_{name}" in figures:
        yield _row("    caused by the campaign", figures[f"incremental_{name}"], change=True)


def _row(name: str, figure: Figure, *, change: bool = False) -> tuple[str, ...]:
    numbers = (bare(value, figure.unit, change=change) for value in (figure.value, figure.low, figure.high))
    return (name, *numbers, word(figure.unit, change=change))


def _judged(result: Result) -> Table:
    goals = [("goal", each.text, chance(each.probability), NOTHING, "") for each in result.goals]
    expected = [
        (
            "expect",
            each.text,
            chance(each.probability),
            "always" if each.sure is None else chance(each.sure),
            STATUSES.get(each.status, each.status).split(",")[0],
        )
        for each in result.expectations
    ]
    return table("Goals and expectations", ("", "What", "Holds", "Asked", "Status"), [*goals, *expected], words=2)


def _groups(result: Result) -> Table:
    groups = [(scope(each.by), each.figures) for each in result.segments if each.by.startswith("tier:")]
    groups += [(f"{each.split}: {each.arm}", each.figures) for each in result.arms]
    rows = [(name, *_compared(figures)) for name, figures in groups]
    return table("Tiers and arms", ("Group", "Targeted", "Woken", "+ orders", "+ profit", "90 %"), rows)


def _compared(figures: Mapping[str, Figure]) -> tuple[str, ...]:
    cells = (figures.get(name) for name in COMPARED)
    told = [NOTHING if each is None else _short(name, each) for name, each in zip(COMPARED, cells, strict=True)]
    profit = figures.get("incremental_profit")
    return (*told, interval(profit.low, profit.high, "count", change=True) if profit else NOTHING)


def _short(name: str, figure: Figure) -> str:
    """Return a figure with % but without its currency, which the main table names."""
    if figure.unit == "share":
        return quantity(figure.value, figure.unit)
    return bare(figure.value, figure.unit, change=name.startswith("incremental_"))


def _budget(result: Result) -> Table:
    rows = [
        (
            each.line or "(no line)",
            *(bare(amount, result.currency) for amount in (each.spent, each.open, each.tail, each.limit)),
            quantity(each.spent / each.limit if each.limit else None, "share"),
        )
        for each in result.budget
    ]
    head = ("Line", "Spent", "Open", "After run", "Limit", "Used")
    return table(f"Budget, {result.currency}", head, rows)


def _refusals(result: Result) -> Table:
    rows = [
        (name.replace("_", " "), what, reason(name), bare(count, "count"))
        for what, counts in (("not sent", result.reasons), ("held", result.delays))
        for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        if count
    ]
    return table("Not sent, or held for a while", ("Reason", "", "What it means", "Times"), rows, words=3)


def _scenarios(result: Result) -> Table:
    groups = [("base", result.figures), *result.scenarios.items()] if result.scenarios else []
    rows = [(name, *_compared(figures)) for name, figures in groups]
    return table("Scenarios", ("Scenario", "Targeted", "Woken", "+ orders", "+ profit", "90 %"), rows)


def plain(text: str) -> Text:
    """Return a text as it is: no markup, no emoji codes, no control codes, whatever a name contains."""
    return Text(shown(text))

"""Customers on a terminal: how long asleep, what they are worth, how they can be reached; and what a reader found."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from wakeup.customers.causes import ASLEEP_DAYS, RULES
from wakeup.customers.imported import ImportReport
from wakeup.customers.profile import Band, Cell, Histogram, Profile
from wakeup.customers.synthetic import UNANCHORED
from wakeup.diagnostics import Count, Noun, Piece, Say
from wakeup.report.numbers import NOTHING, bare
from wakeup.report.speech import Speech
from wakeup.report.terminal import plain, table
from wakeup.terms.language import Language

BAR = 28
"""Cells of the longest bar of a histogram."""

PROBLEMS: Final[Mapping[str, Piece]] = {
    "broken_row": Say("broken row"),
    "no_order": Say("no order"),
    "missing_id": Say("missing id"),
    "unreadable_time": Say("unreadable time"),
    "unreadable_amount": Say("unreadable amount"),
    "unreadable_returns": Say("unreadable returns"),
    "duplicate": Say("duplicate"),
    "unreadable_value": Say("unreadable value"),
    "unknown_zone": Say("unknown zone"),
    "unknown_customer": Say("unknown customer"),
}
"""Kinds of broken rows."""

Edge = Callable[[int], str]
"""Writes the edge of a band."""


def show_profile(
    profile: Profile,
    console: Console,
    *,
    currency: str,
    minor_digits: int,
    zone: str,
    lang: Language = "en",
    causes: bool = True,
) -> None:
    """Print a profile; `currency` and `minor_digits` are those of its amounts, days are those of the IANA `zone`.

    causes: whether to guess why people sleep; a campaign that declares its own rules is asked instead.
    """
    s, money = Speech(lang), money_of(currency, minor_digits)
    unit = s.unit(currency)
    bought = profile.customers - profile.never_ordered
    console.print(plain(head_line(profile, s, zone)))
    histograms = (
        (s.say("Days since the last order"), profile.dormancy, count),
        (s.say("Number of orders"), profile.orders, count),
        (s.say("Average order value, {currency}", currency=unit), profile.value, money),
    )
    for title, histogram, edge in histograms:
        if bought:
            console.print(_histogram(s, title, histogram, edge))
            console.print(plain(_quantiles(s, histogram, edge)))
            console.print()
    tables = (
        _grid(s, profile, minor_digits, unit),
        _crossed(s, profile, money, unit),
        _reach(s, profile),
        _tags(s, profile),
        _fields(s, profile),
    )
    for made in tables:
        if made.row_count:
            console.print(made)
    guessed = _causes(s, profile, money, unit)
    if causes and guessed.row_count:
        console.print(guessed)
        console.print(plain(_rules(s)))


def money_of(currency: str, minor_digits: int) -> Edge:
    """Return how amounts in minor units are written in tables."""
    return lambda minor: bare(minor / 10**minor_digits, currency)


def head_line(profile: Profile, s: Speech, zone: str) -> str:
    """Return how many customers there are, when, and how many have ordered."""
    when = s.say("of no date")
    if profile.as_of != UNANCHORED:
        when = s.say("as of {date}", date=_day(profile.as_of, zone))
    return s.say(
        "{customers} {when}: {bought} have ordered, {never} never.",
        customers=Count(profile.customers, "customer"),
        when=when,
        bought=f"{profile.customers - profile.never_ordered:,}",
        never=f"{profile.never_ordered:,}",
    )


def show_import(report: ImportReport, console: Console, *, zone: str, lang: Language = "en") -> None:
    """Print what a reader found; its problems and warnings are diagnostics, told by the command line.

    Days are those of the IANA `zone`.
    """
    s = Speech(lang)
    facts = [
        (s.say("rows"), f"{report.rows:,}"),
        (s.say("orders"), f"{report.orders:,}"),
        (s.say("customers"), f"{report.customers:,}"),
    ]
    if report.first_time is not None and report.last_time is not None:
        ends = {"start": _day(report.first_time, zone), "end": _day(report.last_time, zone)}
        facts.append((s.say("times"), s.say("{start} to {end}", **ends)))
    facts.append((s.say("encoding"), report.encoding))
    facts.extend((s.say("column of {role}", role=Noun(role)), column) for role, column in report.columns.items())
    title = s.say("Read: {kind}", kind=Noun(report.kind))
    console.print(table(title, (s.say("What"), s.say("Found")), facts, words=2))
    problems = [
        (
            s.told(Noun(each.source)),
            s.told(PROBLEMS[each.kind]),
            f"{each.count:,}",
            ", ".join(f"{row:,}" for row in each.first_rows),
        )
        for each in report.problems
    ]
    if problems:
        head = (s.say("In"), s.say("What"), s.say("Rows"), s.say("First rows"))
        console.print(table(s.say("Problems"), head, problems, words=2))


def _histogram(s: Speech, title: str, histogram: Histogram, edge: Edge) -> Table:
    whole, most = sum(histogram.counts), max(histogram.counts, default=0)
    rows = [
        (
            band(s, each, edge),
            f"{number:,}",
            s.quantity(number / whole if whole else None, "share"),
            "█" * (round(BAR * number / most) or 1) if number else "",
        )
        for each, number in zip(histogram.bands, histogram.counts, strict=True)
    ]
    made = table(title, ("", s.say("Customers"), s.say("Share"), ""), rows)
    made.columns[-1].justify = "left"
    return made


def _quantiles(s: Speech, histogram: Histogram, edge: Edge) -> str:
    parts = [
        s.say("{share} have at most {value}", share=f"{share:.0%}", value=edge(value))
        for share, value in histogram.quantiles
    ]
    return s.say("Of them {parts}.", parts=s.say("; ").join(parts))


def _grid(s: Speech, profile: Profile, minor_digits: int, currency: str) -> Table:
    """Return customers by recency and frequency scores, each cell with the median order value of its people."""
    title = s.say("Recency score (R) by frequency score (F): customers, median order in {currency}", currency=currency)
    rows = [
        (f"R{score}", *(_people_and_value(cell, minor_digits) for cell in cells))
        for score, cells in zip(range(len(profile.rfm), 0, -1), profile.rfm, strict=True)
        if profile.customers > profile.never_ordered
    ]
    return table(title, ("", *(f"F{score}" for score in range(1, len(profile.rfm) + 1))), rows)


def _people_and_value(cell: Cell, minor_digits: int) -> str:
    worth = NOTHING if cell.value is None else f"{cell.value / 10**minor_digits:,.0f}"
    return f"{cell.customers:,} · {worth}"


def _causes(s: Speech, profile: Profile, money: Edge, currency: str) -> Table:
    """Return the guessed causes; days and order value are medians."""
    asleep = sum(cell.customers for cell in profile.causes)
    rows = [
        (
            s.told(rule.title),
            f"{cell.customers:,}",
            s.quantity(cell.customers / asleep, "share"),
            NOTHING if cell.days is None else count(cell.days),
            NOTHING if cell.value is None else money(cell.value),
        )
        for rule, cell in zip(RULES, profile.causes, strict=True)
        if asleep
    ]
    head = (s.say("Cause"), s.say("People"), s.say("Share"), s.say("Days asleep"))
    title = s.say("Why they may sleep: a guess for those asleep {days} days or more", days=ASLEEP_DAYS)
    return table(title, (*head, s.say("Order, {currency}", currency=currency)), rows)


def _rules(s: Speech) -> str:
    """Return the rules of the causes, the first that fits first."""
    colon = "：" if s.lang == "zh" else ": "
    rules = s.say("; ").join(f"{s.told(rule.title)}{colon}{s.told(rule.told)}" for rule in RULES)
    return s.say("The first rule that fits. {rules}.", rules=rules)


def _crossed(s: Speech, profile: Profile, money: Edge, currency: str) -> Table:
    columns = (
        s.say("days, by {currency}", currency=currency),
        *(band(s, each, money) for each in profile.value.bands),
    )
    rows = [
        (band(s, each, count), *(f"{number:,}" for number in row))
        for each, row in zip(profile.dormancy.bands, profile.table, strict=True)
    ]
    return table(s.say("Days since the last order by average order value"), columns, rows)


def _reach(s: Speech, profile: Profile) -> Table:
    rows = [
        (
            s.word(each.channel) if s.lang == "zh" else each.channel,
            *(f"{number:,}" for number in (each.yes, each.no, each.blank)),
            s.quantity(each.yes / profile.customers, "share"),
        )
        for each in profile.reach
        if profile.customers
    ]
    if rows and profile.reachable is not None:
        share = s.quantity(profile.reachable / profile.customers, "share")
        rows.append((s.say("any of them"), f"{profile.reachable:,}", "", "", share))
    head = (s.say("Channel"), s.say("Yes"), s.say("No"), s.say("Blank (means no)"), s.say("Reached"))
    return table(s.say("Consent by channel"), head, rows)


def _tags(s: Speech, profile: Profile) -> Table:
    return table(
        s.say("Tags"), (s.say("Tag"), s.say("Customers")), [(tag, f"{number:,}") for tag, number in profile.tags]
    )


def _fields(s: Speech, profile: Profile) -> Table:
    rows = [(name, s.told(Noun(kind)), f"{known:,}") for name, kind, known in profile.fields]
    return table(s.say("Own fields"), (s.say("Field"), s.say("Kind"), s.say("Known for")), rows, words=2)


def band(s: Speech, each: Band, edge: Edge) -> str:
    """Return a band in words: whole numbers with both ends inside (`30 to 59`), money half-open (`200 up to 500`)."""
    if each.low is None:
        return s.say("all") if each.high is None else s.say("below {high}", high=edge(each.high))
    if each.high is None:
        return s.say("{low} and up", low=edge(each.low))
    if edge is not count:
        return s.say("{low} up to {high}", low=edge(each.low), high=edge(each.high))
    if each.high == each.low + 1:
        return edge(each.low)
    return s.say("{start} to {end}", start=edge(each.low), end=edge(each.high - 1))


def count(number: int) -> str:
    """Return a whole number as it is written in tables."""
    return f"{number:,}"


def _day(instant: int, zone: str) -> str:
    return f"{datetime.fromtimestamp(instant, ZoneInfo(zone)):%Y-%m-%d}"

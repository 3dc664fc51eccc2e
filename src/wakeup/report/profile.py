"""Customers on a terminal: how long asleep, what they are worth, how they can be reached; and what a reader found."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from wakeup.customers.imported import ImportReport
from wakeup.customers.profile import Band, Histogram, Profile
from wakeup.customers.synthetic import UNANCHORED
from wakeup.report.numbers import bare, quantity
from wakeup.report.terminal import plain, table

BAR = 28
"""Cells of the longest bar of a histogram."""

Edge = Callable[[int], str]
"""Writes the edge of a band."""


def show_profile(profile: Profile, console: Console, *, currency: str, minor_digits: int, zone: str) -> None:
    """Print a profile; `currency` and `minor_digits` are those of its amounts, days are those of the IANA `zone`."""

    def money(minor: int) -> str:
        return bare(minor / 10**minor_digits, currency)

    bought = profile.customers - profile.never_ordered
    when = "of no date" if profile.as_of == UNANCHORED else f"as of {_day(profile.as_of, zone)}"
    head = f"{profile.customers:,} customers {when}: {bought:,} have ordered, "
    console.print(plain(f"{head}{profile.never_ordered:,} never."))
    histograms = (
        ("Days since the last order", profile.dormancy, _count),
        ("Number of orders", profile.orders, _count),
        (f"Average order value, {currency}", profile.value, money),
    )
    for title, histogram, edge in histograms:
        if bought:
            console.print(_histogram(title, histogram, edge))
            console.print(plain(_quantiles(histogram, edge)))
            console.print()
    tables = (_crossed(profile, money, currency), _reach(profile), _tags(profile), _fields(profile))
    for made in tables:
        if made.row_count:
            console.print(made)


def show_import(report: ImportReport, console: Console, *, zone: str) -> None:
    """Print what a reader found; its problems and warnings are diagnostics, told by the command line.

    Days are those of the IANA `zone`.
    """
    facts = [("rows", f"{report.rows:,}"), ("orders", f"{report.orders:,}"), ("customers", f"{report.customers:,}")]
    if report.first_time is not None and report.last_time is not None:
        facts.append(("times", f"{_day(report.first_time, zone)} to {_day(report.last_time, zone)}"))
    facts.append(("encoding", report.encoding))
    facts.extend((f"column of {role}", column) for role, column in report.columns.items())
    console.print(table(f"Read: {report.kind}", ("What", "Found"), facts, words=2))
    problems = [
        (each.source, each.kind.replace("_", " "), f"{each.count:,}", ", ".join(f"{row:,}" for row in each.first_rows))
        for each in report.problems
    ]
    if problems:
        console.print(table("Problems", ("In", "What", "Rows", "First rows"), problems, words=2))


def _histogram(title: str, histogram: Histogram, edge: Edge) -> Table:
    whole, most = sum(histogram.counts), max(histogram.counts, default=0)
    rows = [
        (
            _band(band, edge),
            f"{count:,}",
            quantity(count / whole if whole else None, "share"),
            "█" * (round(BAR * count / most) or 1) if count else "",
        )
        for band, count in zip(histogram.bands, histogram.counts, strict=True)
    ]
    made = table(title, ("", "Customers", "Share", ""), rows)
    made.columns[-1].justify = "left"
    return made


def _quantiles(histogram: Histogram, edge: Edge) -> str:
    return (
        "Of them " + "; ".join(f"{share:.0%} have at most {edge(value)}" for share, value in histogram.quantiles) + "."
    )


def _crossed(profile: Profile, money: Edge, currency: str) -> Table:
    columns = (f"days, by {currency}", *(_band(band, money) for band in profile.value.bands))
    rows = [
        (_band(band, _count), *(f"{count:,}" for count in row))
        for band, row in zip(profile.dormancy.bands, profile.table, strict=True)
    ]
    return table("Days since the last order by average order value", columns, rows)


def _reach(profile: Profile) -> Table:
    rows = [(each.channel, f"{each.yes:,}", f"{each.no:,}", f"{each.blank:,}") for each in profile.reach]
    return table("Consent by channel", ("Channel", "Yes", "No", "Blank (means no)"), rows)


def _tags(profile: Profile) -> Table:
    return table("Tags", ("Tag", "Customers"), [(tag, f"{count:,}") for tag, count in profile.tags])


def _fields(profile: Profile) -> Table:
    rows = [(name, kind, f"{known:,}") for name, kind, known in profile.fields]
    return table("Own fields", ("Field", "Kind", "Known for"), rows, words=2)


def _band(band: Band, edge: Edge) -> str:
    """Return a band in words: whole numbers with both ends inside (`30 to 59`), money half-open (`200 up to 500`)."""
    if band.low is None:
        return "all" if band.high is None else f"below {edge(band.high)}"
    if band.high is None:
        return f"{edge(band.low)} and up"
    if edge is not _count:
        return f"{edge(band.low)} up to {edge(band.high)}"
    return edge(band.low) if band.high == band.low + 1 else f"{edge(band.low)} to {edge(band.high - 1)}"


def _count(number: int) -> str:
    return f"{number:,}"


def _day(instant: int, zone: str) -> str:
    return f"{datetime.fromtimestamp(instant, ZoneInfo(zone)):%Y-%m-%d}"

"""Customers on a terminal: how long asleep, what they are worth, how they can be reached; and what a reader found."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from wakeup.customers.imported import ImportReport
from wakeup.customers.profile import Band, Histogram, Profile
from wakeup.customers.synthetic import UNANCHORED
from wakeup.diagnostics import Count, Noun, Piece, Say
from wakeup.report.numbers import bare
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
    profile: Profile, console: Console, *, currency: str, minor_digits: int, zone: str, lang: Language = "en"
) -> None:
    """Print a profile; `currency` and `minor_digits` are those of its amounts, days are those of the IANA `zone`."""

    def money(minor: int) -> str:
        return bare(minor / 10**minor_digits, currency)

    s = Speech(lang)
    unit = s.unit(currency)
    bought = profile.customers - profile.never_ordered
    when = s.say("of no date")
    if profile.as_of != UNANCHORED:
        when = s.say("as of {date}", date=_day(profile.as_of, zone))
    told = s.say(
        "{customers} {when}: {bought} have ordered, {never} never.",
        customers=Count(profile.customers, "customer"),
        when=when,
        bought=f"{bought:,}",
        never=f"{profile.never_ordered:,}",
    )
    console.print(plain(told))
    histograms = (
        (s.say("Days since the last order"), profile.dormancy, _count),
        (s.say("Number of orders"), profile.orders, _count),
        (s.say("Average order value, {currency}", currency=unit), profile.value, money),
    )
    for title, histogram, edge in histograms:
        if bought:
            console.print(_histogram(s, title, histogram, edge))
            console.print(plain(_quantiles(s, histogram, edge)))
            console.print()
    tables = (_crossed(s, profile, money, unit), _reach(s, profile), _tags(s, profile), _fields(s, profile))
    for made in tables:
        if made.row_count:
            console.print(made)


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
            _band(s, band, edge),
            f"{count:,}",
            s.quantity(count / whole if whole else None, "share"),
            "█" * (round(BAR * count / most) or 1) if count else "",
        )
        for band, count in zip(histogram.bands, histogram.counts, strict=True)
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


def _crossed(s: Speech, profile: Profile, money: Edge, currency: str) -> Table:
    columns = (
        s.say("days, by {currency}", currency=currency),
        *(_band(s, band, money) for band in profile.value.bands),
    )
    rows = [
        (_band(s, band, _count), *(f"{count:,}" for count in row))
        for band, row in zip(profile.dormancy.bands, profile.table, strict=True)
    ]
    return table(s.say("Days since the last order by average order value"), columns, rows)


def _reach(s: Speech, profile: Profile) -> Table:
    rows = [
        (s.word(each.channel) if s.lang == "zh" else each.channel, f"{each.yes:,}", f"{each.no:,}", f"{each.blank:,}")
        for each in profile.reach
    ]
    head = (s.say("Channel"), s.say("Yes"), s.say("No"), s.say("Blank (means no)"))
    return table(s.say("Consent by channel"), head, rows)


def _tags(s: Speech, profile: Profile) -> Table:
    return table(
        s.say("Tags"), (s.say("Tag"), s.say("Customers")), [(tag, f"{count:,}") for tag, count in profile.tags]
    )


def _fields(s: Speech, profile: Profile) -> Table:
    rows = [(name, s.told(Noun(kind)), f"{known:,}") for name, kind, known in profile.fields]
    return table(s.say("Own fields"), (s.say("Field"), s.say("Kind"), s.say("Known for")), rows, words=2)


def _band(s: Speech, band: Band, edge: Edge) -> str:
    """Return a band in words: whole numbers with both ends inside (`30 to 59`), money half-open (`200 up to 500`)."""
    if band.low is None:
        return s.say("all") if band.high is None else s.say("below {high}", high=edge(band.high))
    if band.high is None:
        return s.say("{low} and up", low=edge(band.low))
    if edge is not _count:
        return s.say("{low} up to {high}", low=edge(band.low), high=edge(band.high))
    if band.high == band.low + 1:
        return edge(band.low)
    return s.say("{start} to {end}", start=edge(band.low), end=edge(band.high - 1))


def _count(number: int) -> str:
    return f"{number:,}"


def _day(instant: int, zone: str) -> str:
    return f"{datetime.fromtimestamp(instant, ZoneInfo(zone)):%Y-%m-%d}"

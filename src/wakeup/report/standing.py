"""How a run stands, and whether it goes as forecast: for a terminal, and as a page."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from attrs import frozen
from rich.console import Console

from wakeup.decide.calendar import local
from wakeup.diagnostics import Piece, Say
from wakeup.figures.result import Figures
from wakeup.live.forecast import FALSE_ALARMS, Beside, alarms
from wakeup.live.standing import Standing
from wakeup.report import tables, terminal
from wakeup.report.markup import Safe, element, join
from wakeup.report.numbers import NOTHING, bare
from wakeup.report.page import framed
from wakeup.report.parts import Block, Section
from wakeup.report.speech import Speech
from wakeup.report.words import FIGURES, GROUPS, OPTIONAL
from wakeup.terms.language import Language

_PLACES: Final[Mapping[str, Piece]] = {
    "below": Say("below"),
    "within": Say("within"),
    "above": Say("above"),
}

_STATES: Final[Mapping[str, Piece]] = {
    "sent": Say("Sent"),
    "waiting": Say("With a person"),
    "ready": Say("To be sent"),
    "inflight": Say("Under way"),
    "doubt": Say("In doubt"),
    "unknown": Say("Unknown"),
    "refused": Say("Refused"),
}
"""Heads of the columns of sends; a state that no send is in has none."""

_UPLIFTS: Final = ("wake_rate", "orders", "revenue", "profit")
"""What is told of the difference to the people held out."""

_PEOPLE: Final[Mapping[str, Piece]] = {
    "planned": Say("not yet begun"),
    "inside": Say("in a journey"),
    "sending": Say("being sent to"),
    "done": Say("finished"),
}

_BY_GROUP: Final = ("targeted", "sent", "orders", "wake_rate")
"""What is shown of each tier, arm and journey."""

_BY_CHANNEL: Final = ("sent", "delivered", "opened", "clicked", "opted_out", "complained")


@frozen
class _Told:
    """A table under a title, and sentences after it."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    sentences: Sequence[str] = ()
    words: int = 1


def show(found: Standing, against: Sequence[Beside], console: Console, lang: Language = "en") -> None:
    """Print how a run stands; `against`: its figures beside the forecast, empty without one."""
    s = Speech(lang)
    console.print(terminal.plain(_headline(found, s)))
    for part in _parts(found, against, s):
        if part.rows:
            console.print(terminal.table(part.title, part.head, part.rows, words=part.words))
        for sentence in part.sentences:
            console.print(terminal.plain(sentence))
    for sentence in _judged(against, s):
        console.print(terminal.plain(sentence))
    if not against:
        told = s.say(
            "With `--customers FILE`, the table that the run began with, these figures stand beside the forecast."
        )
        console.print(terminal.plain(told))


def html(found: Standing, against: Sequence[Beside], lang: Language = "en") -> bytes:
    """Return the same as one HTML page that opens offline.

    Raises:
        WakeupError: WK6009, the extra `wakeup[report]` is not installed.
    """
    s = Speech(lang)
    title = found.plan.title or found.plan.name
    judged = (element("p", sentence) for sentence in _judged(against, s))
    first = join(element("h1", title), element("p", _headline(found, s)), *judged)
    sections = [Section(part.title, "", (Block(_block(part)),)) for part in _parts(found, against, s) if part.rows]
    return framed(title, first, sections, join(), join(), lang)


def _block(part: _Told) -> Safe:
    notes = [element("p", sentence, class_="note") for sentence in part.sentences]
    return join(tables.table(part.head, part.rows, words=part.words), *notes)


def _headline(found: Standing, s: Speech) -> str:
    when = f"{local(found.at, found.plan.zone):%Y-%m-%d %H:%M}"
    people = ", ".join(
        f"{s.told(name)} {found.people[state]:,}" for state, name in _PEOPLE.items() if found.people.get(state)
    )
    return s.say("{name}, {when}. People: {people}.", name=found.plan.name, when=when, people=people)


def _parts(found: Standing, against: Sequence[Beside], s: Speech) -> Iterator[_Told]:
    yield _sends(found, s)
    yield _beside(against, s) if against else _figures(found.result.figures, s)
    yield _uplift(found.result.figures, s)
    yield _groups(found, s)
    yield _channels(found, s)
    yield _reasons(found, s)
    yield _budget(found, s)


def _sends(found: Standing, s: Speech) -> _Told:
    there = [state for state in _STATES if any(each.get(state) for each in found.sends.values())]
    rows = [(channel, *(f"{each.get(state, 0):,}" for state in there)) for channel, each in found.sends.items()]
    note = s.say("In doubt and unknown count as sent: nobody is written to twice.")
    head = (s.say("Channel"), *(s.told(_STATES[state]) for state in there))
    return _Told(s.say("Sends"), head, rows, (note,) if {"doubt", "unknown"} & set(there) else ())


def _figures(figures: Figures, s: Speech) -> _Told:
    rows: list[tuple[str, ...]] = []
    for group in GROUPS:
        for name, words in FIGURES.items():
            figure = figures.get(name)
            if (
                words.group != group
                or figure is None
                or figure.value is None
                or (name in OPTIONAL and not figure.value)
            ):
                continue
            rows.append((s.told(words.label), bare(figure.value, figure.unit), s.unit(figure.unit)))
    return _Told(s.say("So far"), (s.say("Figure"), s.say("Value"), s.say("Unit")), rows)


def _beside(against: Sequence[Beside], s: Speech) -> _Told:
    rows = [
        (
            s.label(each.figure),
            *(bare(value, each.unit) for value in (each.fact, each.expected, each.low, each.high)),
            s.unit(each.unit),
            s.told(_PLACES[each.place]) + ("!" if each.alarm else ""),
        )
        for each in against
    ]
    head = (
        s.say("Figure"), s.say("Fact"), s.say("Forecast"), s.say("Low"), s.say("High"), s.say("Unit"), s.say("Lies"),
    )  # fmt: skip
    return _Told(s.say("So far, beside the forecast for this hour"), head, rows)


def _judged(against: Sequence[Beside], s: Speech) -> Iterator[str]:
    if not against:
        return
    inside = sum(each.place == "within" for each in against)
    yield s.say("{inside} of {all} figures lie where nine of ten such runs lie.", inside=inside, all=len(against))
    far = alarms(against)
    if far:
        names = ", ".join(s.label(name) for name in far)
        yield s.say("Alarm: {names} lie further off than chance and what was not known explain.", names=names)
    share = s.chance(FALSE_ALARMS)
    yield s.say("Where the forecast is right, at most {share} of runs ever raise an alarm.", share=share)


def _uplift(figures: Figures, s: Speech) -> _Told:
    rows = []
    for name in _UPLIFTS:
        figure = figures.get(f"uplift_{name}")
        if figure is not None and figure.value is not None:
            cells = (bare(value, figure.unit, change=True) for value in (figure.value, figure.low, figure.high))
            rows.append((s.label(name), *cells, s.unit(figure.unit, change=True)))
    head = (s.say("Figure"), s.say("Value"), s.say("Low"), s.say("High"), s.say("Unit"))
    return _Told(s.say("Against the people held out"), head, rows)


def _groups(found: Standing, s: Speech) -> _Told:
    groups = [(s.scope(each.by), each.figures) for each in found.result.segments if not each.by.startswith("channel:")]
    groups += [(s.arm(each.split, each.arm), each.figures) for each in found.result.arms]
    return _Told(s.say("Journeys, tiers and arms"), _heads(s.say("Group"), _BY_GROUP, s), _cells(groups, _BY_GROUP, s))


def _channels(found: Standing, s: Speech) -> _Told:
    groups = [
        (each.by.removeprefix("channel:"), each.figures)
        for each in found.result.segments
        if each.by.startswith("channel:")
    ]
    return _Told(s.say("Channels"), _heads(s.say("Channel"), _BY_CHANNEL, s), _cells(groups, _BY_CHANNEL, s))


def _heads(first: str, names: Sequence[str], s: Speech) -> tuple[str, ...]:
    return (first, *(s.label(name) for name in names))


def _cells(groups: Sequence[tuple[str, Figures]], names: Sequence[str], s: Speech) -> list[tuple[str, ...]]:
    return [(name, *(_cell(figures, each, s) for each in names)) for name, figures in groups]


def _cell(figures: Figures, name: str, s: Speech) -> str:
    figure = figures.get(name)
    return NOTHING if figure is None else s.quantity(figure.value, figure.unit)


def _reasons(found: Standing, s: Speech) -> _Told:
    result = found.result
    rows = [
        (s.short_reason(name), how, f"{count:,.0f}")
        for how, counts in ((s.say("not sent"), result.reasons), (s.say("held"), result.delays))
        for name, count in counts.items()
    ]
    head = (s.say("Reason"), "", s.say("Times"))
    return _Told(s.say("Not sent, or held for a while"), head, sorted(rows, key=lambda row: row[1]), words=2)


def _budget(found: Standing, s: Speech) -> _Told:
    currency = found.result.currency
    rows = [
        (each.line or s.say("(no line)"), bare(each.spent, currency), bare(each.limit, currency))
        for each in found.result.budget
    ]
    return _Told(s.say("Budget ({currency})", currency=currency), (s.say("Line"), s.say("Spent"), s.say("Limit")), rows)

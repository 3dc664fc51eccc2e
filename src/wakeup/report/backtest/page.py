"""A backtest as one page for the browser: it opens offline, asks for nothing and runs no script."""

from collections.abc import Sequence

from wakeup.behaviour.backtest.rolling_origin import Backtest
from wakeup.behaviour.backtest.summary import BinRow, Summary
from wakeup.report import charts
from wakeup.report.backtest import pictures
from wakeup.report.backtest.sentences import Told, percent, whole
from wakeup.report.markup import Safe, element, join
from wakeup.report.numbers import bare, quantity
from wakeup.report.page import framed
from wakeup.report.parts import Block, Section
from wakeup.report.speech import Speech
from wakeup.report.tables import table
from wakeup.terms.language import Language

_OUTER, _INNER = 2, 0
"""Rows of the levels: the 90 % intervals, the 50 % ones."""


def html(test: Backtest, summary: Summary, name: str, lang: Language = "en") -> bytes:
    """Return the page of a backtest of the log called `name`; equal arguments give equal bytes.

    Raises:
        WakeupError: WK6009, the extra `wakeup[report]` is not installed.
    """
    s = Speech(lang)
    told = Told(test, summary, name, s)
    title = s.say("Backtest: {name}", name=name)
    made = (_coverage, _reliability, _bins, _scores, _places, *(() if not summary.bins else (_through_time,)))
    sections = [section for part in made if (section := part(told)) is not None]
    return framed(title, _opening(told, title), sections, _glossary(told), _footer(told), lang)


def _opening(told: Told, title: str) -> Safe:
    findings = [element("li", text) for text in (*told.claims(), told.verdict()) if text]
    return join(
        element("h1", title),
        element("p", told.opening(), class_="lead"),
        element("ul", *findings, class_="findings"),
        *(element("p", text) for text in told.cautions()),
    )


def _coverage(told: Told) -> Section | None:
    s = told.s
    claims = [
        pictures.Claim(percent(level), level, found.value, found.low, found.high)
        for level, found in told.summary.coverage.items()
        if found.value is not None and found.low is not None and found.high is not None
    ]
    rows = [
        (
            percent(level),
            f"{found.intervals:,}",
            f"{found.held:,}",
            percent(found.value),
            _range(told, found.low, found.high),
        )
        for level, found in told.summary.coverage.items()
    ]
    head = (s.say("Claim"), s.say("Intervals"), s.say("Held"), s.say("Share"), s.say("90 % interval"))
    return Section(
        s.say("Do the intervals keep what they claim?"),
        s.say(
            "Where a bar ends at its mark, intervals hold as often as they claim. The line is the range in which the "
            "share would fall with other origins."
        ),
        (Block(table(head, rows), (pictures.claims(claims, s.say("kept"), s.say("claimed")),)),),
    )


def _reliability(told: Told) -> Section | None:
    s = told.s
    points = [point for row in told.summary.bins for point in _points(told, row)]
    drawing = pictures.reliability(
        points, s.say("within"), s.say("outside"), s.say("what was forecast"), s.say("what came")
    )
    rows: list[tuple[str, ...]] = []
    for row in told.summary.bins:
        rows.append((s.say("Days asleep: {days}", days=told.days(row)),))
        rows.extend(_cells(told, row))
    head = (
        s.say("Origin"),
        s.say("People"),
        s.say("Came"),
        s.say("Forecast"),
        s.say("50 % interval"),
        s.say("90 % interval"),
    )
    return Section(
        s.say("What was forecast and what came"),
        s.say(
            "One point for each group and origin. On the dashed line what came is what was forecast; the line through "
            "a point is its 90 % interval. Below the line fewer came than forecast."
        ),
        (Block(table(head, rows, tall=True), (drawing,)),),
    )


def _bins(told: Told) -> Section | None:
    s = told.s
    spans = [charts.Span(told.days(row), row.bias, *_extremes(told, row)) for row in told.summary.bins]
    return Section(
        s.say("By days since the last order"),
        told.bin_note()
        + s.say(
            " Right of zero the forecast was too high; the line reaches from the least bias of an origin to the most."
        ),
        (
            Block(
                table(told.bin_head(), told.bin_rows()),
                (charts.forest(spans, s.say("bias, percentage points"), percent=True),),
            ),
        ),
    )


def _scores(told: Told) -> Section | None:
    s = told.s
    if not told.summary.baselines:
        return None
    bars = [
        charts.Bar(
            told.forecaster(row.name),
            skill,
            bare(skill, "ratio"),
            s.say("wakeup is better") if skill < 1.0 else s.say("wakeup is worse"),
        )
        for row in told.summary.baselines
        if (skill := row.interval_skill) is not None
    ]
    colours = {s.say("wakeup is better"): charts.BLUE, s.say("wakeup is worse"): charts.ORANGE}
    return Section(
        s.say("Against simple forecasts"),
        told.score_note(),
        (Block(table(told.score_head(), told.score_rows()), (charts.bars(bars, colours),)),),
    )


def _places(told: Told) -> Section | None:
    s = told.s
    places = told.summary.places
    step = 100 // len(places)
    labels = [s.say("{start} to {end}", start=at * step, end=(at + 1) * step) for at in range(len(places))]
    bars = [charts.Bar(label, float(count), f"{count:,}", "") for label, count in zip(labels, places, strict=True)]
    rows = [(label, f"{count:,}") for label, count in zip(labels, places, strict=True)]
    return Section(
        s.say("Where in the forecast the truth lies"),
        s.say(
            "If forecasts are honest, as many outcomes lie in each tenth of what was held possible. Many in the lowest "
            "tenths: forecasts too high; few at both ends: intervals wider than need be."
        ),
        (
            Block(
                table((s.say("Percent of the forecast"), s.say("Outcomes")), rows),
                (charts.bars(bars, {"": charts.BLUE}),),
            ),
        ),
    )


def _through_time(told: Told) -> Section | None:
    s = told.s
    blocks = []
    for row in told.summary.bins:
        points = _points(told, row)
        top = max(max(each.high, each.came) for each in points)
        title = s.say("Days asleep: {days}", days=told.days(row))
        drawing = pictures.through_time(points, title, s.say("within"), s.say("outside"), top, s.say("%b %Y"))
        head = (s.say("Origin"), s.say("Came"), s.say("Forecast"), s.say("90 % interval"))
        rows = [(date, came, forecast, outer) for date, _, came, forecast, _, outer in _cells(told, row)]
        blocks.append(Block(table(head, rows, caption=title), (drawing,)))
    return Section(
        s.say("From origin to origin"),
        s.say(
            "Grey: the 90 % interval, blue: the 50 % one, the dash: the forecast. The dot is what came; a diamond lies "
            "outside the 90 % interval."
        ),
        tuple(blocks),
    )


def _points(told: Told, row: BinRow) -> list[pictures.Point]:
    ours, test, s = told.test.ours, told.test, told.s
    return [
        pictures.Point(
            date=told.date(test.origins.instants[at]),
            forecast=float(ours.value[at, row.at]),
            low=float(ours.low[_OUTER, at, row.at]),
            high=float(ours.high[_OUTER, at, row.at]),
            inner_low=float(ours.low[_INNER, at, row.at]),
            inner_high=float(ours.high[_INNER, at, row.at]),
            came=float(test.came[at, row.at] / test.people[at, row.at]),
            verdict=s.say("within") if ours.inside[_OUTER, at, row.at] else s.say("outside"),
        )
        for at in told.origins_of(row)
    ]


def _cells(told: Told, row: BinRow) -> list[tuple[str, str, str, str, str, str]]:
    ours, test = told.test.ours, told.test
    return [
        (
            _unbroken(told.date(test.origins.instants[at])),
            f"{int(test.people[at, row.at]):,}",
            quantity(float(test.came[at, row.at] / test.people[at, row.at]), "share"),
            quantity(float(ours.value[at, row.at]), "share"),
            _range(told, float(ours.low[_INNER, at, row.at]), float(ours.high[_INNER, at, row.at])),
            _range(told, float(ours.low[_OUTER, at, row.at]), float(ours.high[_OUTER, at, row.at])),
        )
        for at in told.origins_of(row)
    ]


def _extremes(told: Told, row: BinRow) -> tuple[float, float]:
    biases: Sequence[float] = [each.forecast - each.came for each in _points(told, row)]
    return min(biases), max(biases)


def _range(told: Told, low: float | None, high: float | None) -> str:
    return told.s.say("{least} to {most}", least=whole(low), most=percent(high))


def _unbroken(date: str) -> Safe:
    """Return a date that a narrow column does not break at its hyphens."""
    return element("time", date, style="white-space: nowrap")


def _glossary(told: Told) -> Safe:
    s = told.s
    meant = (
        (
            s.say("last period"),
            s.say(
                "the group's share in the horizon that ended at the origin, with the error that so many people leave "
                "in it"
            ),
        ),
        (
            s.say("mean of periods"),
            s.say(
                "the mean of the group's shares in all earlier horizons and their spread, by Student's t from two on"
            ),
        ),
        (
            s.say("BG/NBD"),
            s.say(
                "a model of visits and leaving (Fader, Hardie & Lee 2005), its most likely parameters taken for certain"
            ),
        ),
    )
    return join(
        element("h2", s.say("What wakeup is compared with")),
        element("ul", *(element("li", element("strong", name), " – ", text) for name, text in meant), class_="judged"),
        element(
            "p",
            s.say("All three know what wakeup knows at an origin, and scatter as so many people do."),
            class_="note",
        ),
    )


def _footer(told: Told) -> Safe:
    s, test = told.s, told.test
    pairs = (
        (s.say("log"), s.say("{start} to {end}", start=told.date(test.first_time), end=told.date(test.end - 1))),
        (s.say("time zone"), test.zone),
        (s.say("seed"), str(test.seed)),
        (s.say("draws"), f"{test.draws:,}"),
    )
    return element(
        "footer", *(join(f"{name} ", element("code", value), " · ") for name, value in pairs), s.say("made by wakeup")
    )

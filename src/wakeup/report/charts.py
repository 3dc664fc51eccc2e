"""Charts as inline SVG: no script, no request, colours that colour-blind people can tell apart.

Altair describes them, vl-convert draws them; both come with the extra `wakeup[report]` and are loaded when the first
chart is drawn. Every chart is as wide as a phone, so that its letters stay readable there.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any, Final

from attrs import asdict, frozen

from wakeup.diagnostics import WakeupError, diagnostic
from wakeup.report.markup import Safe

BLUE: Final = "#0072B2"
SKY: Final = "#56B4E9"
ORANGE: Final = "#D55E00"
GREY: Final = "#D0D0D0"
INK: Final = "#333333"
"""Okabe and Ito's palette (2008), safe for the common kinds of colour blindness."""

_MEASURED_AS: Final = "sans-serif"
"""The font that letters are measured as; in the page they have the page's own. Measuring by the page's whole list of
fonts takes four times as long."""

_WIDTH: Final = 420
_ROW: Final = 30
_PLAIN: Final = "format(datum.value, ',.12~g')"
"""Labels of an axis: 20,000, 0.5; no k or M, which not every language has."""


@frozen
class Bar:
    """A bar of length `value`, labelled `label` on the axis and `shown` at its end, coloured by `series`."""

    label: str
    value: float
    shown: str
    series: str = ""


@frozen
class Span:
    """A point with its interval, in the order of the forest plot's rows; None where there is no interval."""

    label: str
    value: float
    low: float | None
    high: float | None


@frozen
class Swing:
    """A bar from `low` to `high`: what a sum is at either end of something."""

    label: str
    low: float
    high: float


@frozen
class Spending:
    """A budget line in major units: spent, still open (granted, not redeemed), and its limit."""

    line: str
    spent: float
    open: float
    limit: float  # above 0


@frozen
class Day:
    """A value on a calendar day (`2026-09-01`) of one series, and where nine of ten live runs lie."""

    date: str
    value: float
    series: str
    low: float | None = None
    high: float | None = None


Drawing = Callable[[Any], Any]
"""A chart waiting for its tool: takes the altair module, returns an altair chart."""


def svgs(drawings: Sequence[Drawing]) -> list[Safe]:
    """Draw all charts of a page in one go, since the first costs a start of the drawing engine.

    Raises:
        WakeupError: WK6009, the extra `wakeup[report]` is not installed.
    """
    try:
        altair, convert = import_module("altair"), import_module("vl_convert")
    except ImportError as error:
        raise WakeupError([diagnostic("WK6009", package=error.name or "altair")]) from None
    return [_inline(convert.vegalite_to_svg(_styled(draw(altair)).to_dict())) for draw in drawings]


def bars(rows: Sequence[Bar], colours: Mapping[str, str]) -> Drawing:
    """Return horizontal bars in the given order, each with its value written at its end.

    `colours`: the colour of each series; with more than one a legend names them.
    """

    def draw(alt: Any) -> Any:
        data = alt.Data(values=[asdict(row) for row in rows])
        most = max((row.value for row in rows), default=0.0) or 1.0
        base = alt.Chart(data).encode(
            y=_rows(alt),
            # Room at the right for the value that stands behind the longest bar.
            x=alt.X("value:Q", title=None, axis=None, scale=alt.Scale(domain=[0, most * 1.3])),
        )
        behind = base.mark_text(align="left", dx=5, color=INK).encode(text="shown:N")
        bar = base.mark_bar(height=18).encode(color=_colour(alt, "series", colours))
        height = _ROW * len(rows) + (30 if len(colours) > 1 else 0)
        return (bar + behind).properties(width=_WIDTH, height=height)

    return draw


def forest(rows: Sequence[Span], title: str, *, percent: bool = False) -> Drawing:
    """Return points with intervals beside a line at zero; `percent` writes shares as percentage points."""

    def draw(alt: Any) -> Any:
        data = alt.Data(
            values=[{"label": row.label, "value": row.value, "low": row.low, "high": row.high} for row in rows]
        )
        scale = 100.0 if percent else 1.0
        chart = alt.Chart(data).transform_calculate(
            at=f"datum.value * {scale}", start=f"datum.low * {scale}", stop=f"datum.high * {scale}"
        )
        axis = alt.Axis(labelExpr=_PLAIN, tickCount=4, labelOverlap="greedy", labelSeparation=10, titleAnchor="end")
        x = alt.X("at:Q", title=title, axis=axis, scale=alt.Scale(zero=True, nice=True))
        whiskers = (
            chart.transform_filter("isValid(datum.low) && isValid(datum.high)")
            .mark_rule(color=BLUE, strokeWidth=3)
            .encode(y=_rows(alt), x=alt.X("start:Q", title=title, axis=axis), x2="stop:Q")
        )
        points = chart.mark_point(filled=True, size=90, color=BLUE, opacity=1).encode(y=_rows(alt), x=x)
        zero = alt.Chart(alt.Data(values=[{"at": 0}])).mark_rule(color=INK, strokeDash=[4, 3]).encode(x="at:Q")
        return (zero + whiskers + points).properties(width=_WIDTH, height=_ROW * len(rows) + 50)

    return draw


def spending(rows: Sequence[Spending], spent_word: str, open_word: str, limit_word: str, title: str) -> Drawing:
    """Return, per budget line, what is spent and what is open against its limit, in shares of the limit."""

    def draw(alt: Any) -> Any:
        parts = []
        for row in rows:
            spent, taken = row.spent / row.limit, (row.spent + row.open) / row.limit
            parts.append({"label": row.line, "part": spent_word, "from": 0.0, "to": spent})
            parts.append({"label": row.line, "part": open_word, "from": spent, "to": taken})
        limits = [{"label": row.line, "part": limit_word, "from": 0.0, "to": 1.0} for row in rows]
        colour = _colour(alt, "part", {spent_word: BLUE, open_word: SKY, limit_word: GREY})
        axis = alt.Axis(format="%", tickCount=5, titleAnchor="end")
        x = alt.X("from:Q", title=title, axis=axis, scale=alt.Scale(nice=True))
        behind, before = (
            alt.Chart(alt.Data(values=values))
            .mark_bar(height=height)
            .encode(y=_rows(alt), x=x, x2="to:Q", color=colour)
            for values, height in ((limits, 20), (parts, 12))
        )
        return (behind + before).properties(width=_WIDTH, height=_ROW * len(rows) + 80)

    return draw


def days(rows: Sequence[Day], series: Sequence[str], title: str, dates_as: str) -> Drawing:
    """Return one line per series over calendar days, the lines told apart by colour and by dashes, each with its band.

    `dates_as`: the form of a date, in the notation of `strftime`.
    """

    def draw(alt: Any) -> Any:
        data = alt.Data(values=[asdict(row) for row in rows])
        banded = alt.Data(values=[asdict(row) for row in rows if row.low is not None and row.high is not None])
        domain = list(series)
        # A date is read as midnight UTC; shown in this machine's zone it might be the day before.
        dates = alt.Axis(format=dates_as, tickCount=6, labelOverlap=True)
        day = alt.X("date:T", title=None, scale=alt.Scale(type="utc"), axis=dates)
        colour = alt.Color(
            "series:N",
            title=None,
            scale=alt.Scale(domain=domain, range=[BLUE, ORANGE][: len(domain)]),
            legend=alt.Legend(orient="top", symbolType="stroke", symbolOpacity=1) if len(domain) > 1 else None,
        )
        height = alt.Y("value:Q", title=title, scale=alt.Scale(zero=True), axis=alt.Axis(labelExpr=_PLAIN, tickCount=4))
        dash = alt.StrokeDash(
            "series:N", scale=alt.Scale(domain=domain, range=[[1, 0], [5, 3]][: len(domain)]), legend=None
        )
        line = alt.Chart(data).mark_line(interpolate="step-after", strokeWidth=2)
        band = alt.Chart(banded).mark_area(interpolate="step-after", opacity=0.25)
        layers = (
            band.encode(x=day, y=alt.Y("low:Q", title=title), y2="high:Q", color=colour),
            line.encode(x=day, y=height, color=colour, strokeDash=dash),
        )
        return alt.layer(*layers[0 if banded.values else 1 :]).properties(width=_WIDTH, height=200)

    return draw


def waterfall(steps: Sequence[tuple[str, float, bool]]) -> Drawing:
    """Return the bars of a sum on its way: (label, amount, whether the bar stands for the sum), in order."""

    def draw(alt: Any) -> Any:
        rows, at = [], 0.0
        for label, amount, total in steps:
            begin, at = (0.0, amount) if total else (at, at + amount)
            kind = "sum" if total else "more" if amount >= 0 else "less"
            rows.append({"label": label, "low": min(begin, at), "high": max(begin, at), "kind": kind})
        colours = {"sum": BLUE, "more": SKY, "less": ORANGE}
        bar = alt.Chart(alt.Data(values=rows)).encode(
            y=_rows(alt),
            x=alt.X("low:Q", title=None, axis=alt.Axis(labelExpr=_PLAIN, tickCount=5)),
            x2="high:Q",
            color=alt.Color("kind:N", legend=None, scale=alt.Scale(domain=list(colours), range=list(colours.values()))),
        )
        return bar.mark_bar(height=18).properties(width=_WIDTH, height=_ROW * len(rows))

    return draw


def tornado(rows: Sequence[Swing], middle: float) -> Drawing:
    """Return bars to either side of a line at `middle`, orange towards their low ends, blue towards the high ones."""

    def draw(alt: Any) -> Any:
        values = [
            {"label": row.label, "from": middle, "to": end, "kind": kind}
            for row in rows
            for kind, end in (("low", row.low), ("high", row.high))
        ]
        colours = {"low": ORANGE, "high": BLUE}
        bar = alt.Chart(alt.Data(values=values)).encode(
            y=_rows(alt),
            x=alt.X("from:Q", title=None, scale=alt.Scale(zero=False), axis=alt.Axis(labelExpr=_PLAIN, tickCount=5)),
            x2="to:Q",
            color=alt.Color("kind:N", legend=None, scale=alt.Scale(domain=list(colours), range=list(colours.values()))),
        )
        return bar.mark_bar(height=18).properties(width=_WIDTH, height=_ROW * len(rows))

    return draw


def _colour(alt: Any, field: str, colours: Mapping[str, str]) -> Any:
    legend = alt.Legend(orient="top", symbolType="square") if len(colours) > 1 else None
    return alt.Color(
        f"{field}:N", title=None, scale=alt.Scale(domain=list(colours), range=list(colours.values())), legend=legend
    )


def _rows(alt: Any) -> Any:
    return alt.Y("label:N", title=None, sort=None, axis=alt.Axis(labelLimit=150, ticks=False, domain=False))


def _styled(chart: Any) -> Any:
    """Return the chart with the page's fonts and its whole width fixed; for screen readers there is the table."""
    return chart.properties(autosize={"type": "fit", "contains": "padding"}).configure(
        font=_MEASURED_AS,
        aria=False,
        background="transparent",
        axis={
            "labelFontSize": 13,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
            "gridColor": "#E4E4E4",
            "labelColor": INK,
        },
        # The page's letters may be wider than those that were measured.
        legend={"labelFontSize": 13, "columnPadding": 32},
        padding={"left": 16, "right": 8, "top": 5, "bottom": 5},
        text={"fontSize": 13},
        view={"stroke": None},
    )


def _inline(svg: str) -> Safe:
    """Return a drawing as an element of a page: sized by the page, without what only a file of its own needs."""
    root, rest = svg.split(">", 1)
    root = re.sub(r' (?:xmlns(?::xlink)?|version|width|height|class)="[^"]*"', "", root)
    rest = rest.replace(f' font-family="{_MEASURED_AS}"', "")
    return Safe(f'{root} class="chart" aria-hidden="true" focusable="false">{rest}')

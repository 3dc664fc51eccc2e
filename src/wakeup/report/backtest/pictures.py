"""Charts of a backtest: reliability, coverage, bias, and what was forecast and came from origin to origin."""

from collections.abc import Sequence
from typing import Any, Final

from attrs import asdict, frozen

from wakeup.report.charts import BLUE, GREY, INK, ORANGE, SKY, Drawing

_WIDTH: Final = 420
_ROW: Final = 34
_PERCENT: Final = "format(datum.value, '.0%')"


@frozen
class Point:
    """What was forecast of a bin at an origin and what came, shares. low, high: its 90 % interval; inner_…: its 50 %.

    verdict: the word for whether it held, which the legend shows.
    """

    date: str
    forecast: float
    low: float
    high: float
    inner_low: float
    inner_high: float
    came: float
    verdict: str


@frozen
class Claim:
    """What intervals claim (`label`, `level`) and what they kept: `value`, its interval `low` to `high`."""

    label: str
    level: float
    value: float
    low: float
    high: float


def reliability(points: Sequence[Point], held: str, missed: str, x_title: str, y_title: str) -> Drawing:
    """Return what came over what was forecast, each with its interval; on the diagonal the forecast was exact."""

    def draw(alt: Any) -> Any:
        most = max([each.high for each in points] + [each.came for each in points])
        scale = alt.Scale(domain=[0, most], nice=True)
        axis = alt.Axis(labelExpr=_PERCENT, tickCount=5, titleAnchor="end")
        x = alt.X("forecast:Q", title=x_title, axis=axis, scale=scale)
        # The title lies flat above the axis: Chinese letters are not read on their side.
        upright = alt.Axis(labelExpr=_PERCENT, tickCount=5, titleAngle=0, titleAlign="left", titleX=-30, titleY=-12)
        y = alt.Y("came:Q", title=y_title, axis=upright, scale=scale)
        base = alt.Chart(alt.Data(values=[asdict(each) for each in points]))
        colour = _verdicts(alt, held, missed)
        ends = alt.Data(values=[{"forecast": 0, "came": 0}, {"forecast": most, "came": most}])
        diagonal = alt.Chart(ends).mark_line(color=INK, strokeDash=[4, 3], strokeWidth=1).encode(x=x, y=y)
        ranges = base.mark_rule(strokeWidth=1.5, opacity=0.35).encode(
            x=alt.X("low:Q", title=x_title, axis=axis, scale=scale), x2="high:Q", y=y, color=colour
        )
        dots = base.mark_point(filled=True, size=45, opacity=1).encode(x=x, y=y, color=colour, shape=_shapes(alt, held))
        return (diagonal + ranges + dots).properties(width=_WIDTH, height=_WIDTH - 60)

    return draw


def through_time(points: Sequence[Point], title: str, held: str, missed: str, top: float, dates_as: str) -> Drawing:
    """Return one bin's forecasts from origin to origin: 90 % and 50 % intervals, the forecast, and what came.

    `title`: which bin; `top`: the upper end of the axis; `dates_as`: the form of a date, in the notation of strftime.
    """

    def draw(alt: Any) -> Any:
        base = alt.Chart(alt.Data(values=[asdict(each) for each in points]))
        dates = alt.Axis(format=dates_as, tickCount=5, labelOverlap=True)
        x = alt.X("date:T", title=None, scale=alt.Scale(type="utc", padding=10), axis=dates)
        axis = alt.Axis(labelExpr=_PERCENT, tickCount=4)
        scale = alt.Scale(domain=[0, top], nice=True)

        def rule(low: str, high: str, colour: str, width: int) -> Any:
            y = alt.Y(f"{low}:Q", title=None, axis=axis, scale=scale)
            return base.mark_rule(color=colour, strokeWidth=width, strokeCap="butt").encode(x=x, y=y, y2=f"{high}:Q")

        at = alt.Y("forecast:Q", title=None, axis=axis, scale=scale)
        middle = base.mark_tick(color=INK, thickness=1.5, width=11, orient="horizontal").encode(x=x, y=at)
        seen = alt.Y("came:Q", title=None, axis=axis, scale=scale)
        dots = base.mark_point(filled=True, size=60, opacity=1).encode(
            x=x, y=seen, color=_verdicts(alt, held, missed), shape=_shapes(alt, held)
        )
        layers = rule("low", "high", GREY, 11) + rule("inner_low", "inner_high", SKY, 11) + middle + dots
        heading = alt.TitleParams(title, anchor="start", fontSize=14)
        return layers.properties(width=_WIDTH, height=240, title=heading)

    return draw


def claims(rows: Sequence[Claim], kept: str, claimed: str) -> Drawing:
    """Return what intervals kept as bars with their range, and a mark where they claimed to be."""

    def draw(alt: Any) -> Any:
        base = alt.Chart(alt.Data(values=[asdict(each) for each in rows]))
        axis = alt.Axis(labelExpr=_PERCENT, tickCount=5)
        scale = alt.Scale(domain=[0, 1])
        y = alt.Y("label:N", title=None, sort=None, axis=alt.Axis(labelLimit=150, ticks=False, domain=False))
        colour = alt.Color(
            "series:N",
            title=None,
            scale=alt.Scale(domain=[kept, claimed], range=[SKY, ORANGE]),
            legend=alt.Legend(orient="top", symbolType="square"),
        )
        bar = (
            base.transform_calculate(series=f"'{_quoted(kept)}'")
            .mark_bar(height=16)
            .encode(y=y, x=alt.X("value:Q", title=None, axis=axis, scale=scale), color=colour)
        )
        span = base.mark_rule(color=INK, strokeWidth=2).encode(
            y=y, x=alt.X("low:Q", title=None, axis=axis, scale=scale), x2="high:Q"
        )
        mark = (
            base.transform_calculate(series=f"'{_quoted(claimed)}'")
            .mark_tick(thickness=4, height=26)
            .encode(y=y, x=alt.X("level:Q", title=None, axis=axis, scale=scale), color=colour)
        )
        return (bar + span + mark).properties(width=_WIDTH, height=_ROW * len(rows) + 60)

    return draw


def _verdicts(alt: Any, held: str, missed: str) -> Any:
    return alt.Color(
        "verdict:N",
        title=None,
        scale=alt.Scale(domain=[held, missed], range=[BLUE, ORANGE]),
        legend=alt.Legend(orient="top", offset=26, symbolType="circle", symbolOpacity=1, symbolStrokeWidth=0),
    )


def _shapes(alt: Any, held: str) -> Any:
    """Return shapes, so that what was missed is told without colour, too."""
    return alt.condition(alt.datum.verdict == held, alt.value("circle"), alt.value("diamond"))


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")

"""Line charts and range charts as small SVG files: the same numbers give the same bytes.

Written by hand rather than by a plotting library, whose output changes with its version and the machine's fonts.
"""

import math
from collections.abc import Sequence
from html import escape
from typing import Final

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

COLOURS: Final = ("#0072B2", "#D55E00", "#009E73", "#CC79A7")
"""Okabe and Ito's palette (2008), safe for the common kinds of colour blindness."""

_INK: Final = "#333333"
_RULE: Final = "#DDDDDD"
_WIDTH: Final = 640
_HEIGHT: Final = 360
_LEFT: Final = 62
_RIGHT: Final = 150
_TOP: Final = 40
_BOTTOM: Final = 52
_STEPS: Final = (1.0, 2.0, 2.5, 5.0, 10.0)


@frozen(eq=False)
class Curve:
    """A line with its band: label at its end, y, low and high of each x, float64 (points,)."""

    label: str
    y: Floats
    low: Floats
    high: Floats


@frozen
class Row:
    """A line of a range chart: what it is, its median and its middle 90 %."""

    label: str
    value: float
    low: float
    high: float


@frozen
class Axis:
    """An axis: its title, its ticks (value, label), and whether it is logarithmic."""

    title: str
    ticks: tuple[tuple[float, str], ...]
    log: bool = False

    def place(self, value: ArrayLike, start: float, length: float) -> Floats:
        """Return where values lie on the axis, which runs `length` from `start`."""
        ends = self._scaled([self.ticks[0][0], self.ticks[-1][0]])
        return np.asarray(start + (self._scaled(value) - ends[0]) / (ends[1] - ends[0]) * length)

    def _scaled(self, value: ArrayLike) -> Floats:
        values = np.asarray(value, np.float64)
        return np.log(values) if self.log else values


def ticks(top: float, unit: str = "") -> tuple[tuple[float, str], ...]:
    """Return four to seven round ticks from 0 to at least `top`; unit "%" takes shares, "x" multiples."""
    step = 10.0 ** math.floor(math.log10(top / 5.0))
    step = next(each * step for each in _STEPS if top / (each * step) <= 6.0)
    return tuple((number * step, told(number * step, unit)) for number in range(math.ceil(top / step - 1e-9) + 1))


def told(value: float, unit: str) -> str:
    """Return a number as a tick says it: 0.125 in "%" is 12.5 %, 2 in "x" is x2."""
    if unit == "%":
        return f"{value * 100:.6g} %"
    return f"×{value:.6g}" if unit == "x" else f"{value:.6g}"


def lines(title: str, told: str, x: Floats, across: Axis, up: Axis, curves: Sequence[Curve]) -> str:
    """Return a line chart; x: float64 (points,), `told`: the chart in a sentence, for who cannot see it."""
    right, bottom = _WIDTH - _RIGHT - _LEFT, _HEIGHT - _BOTTOM - _TOP
    at = across.place(x, _LEFT, right)
    parts = [_frame(across, up, right, bottom)]
    ends: list[tuple[float, str, str]] = []
    for curve, colour in zip(curves, COLOURS, strict=False):
        y, low, high = (up.place(each, _TOP + bottom, -bottom) for each in (curve.y, curve.low, curve.high))
        band = _points(np.concatenate([at, at[::-1]]), np.concatenate([high, low[::-1]]))
        parts.append(f'<polygon points="{band}" fill="{colour}" fill-opacity="0.16"/>')
        parts.append(f'<polyline points="{_points(at, y)}" fill="none" stroke="{colour}" stroke-width="2.2"/>')
        ends.append((float(y[-1]), curve.label, colour))
    parts += _labels(ends, _LEFT + right + 8.0)
    return _svg(title, told, parts, _HEIGHT)


def ranges(title: str, told: str, across: Axis, rows: Sequence[Row]) -> str:
    """Return a chart of ranges, one line each, a dot at the median."""
    left, step = 150, 22
    right, bottom = _WIDTH - left - 24, step * len(rows)
    parts = [_grid(across, left, right, bottom), _across(across, left, right, bottom)]
    for number, row in enumerate(rows):
        y = _TOP + step * (number + 0.5)
        low, value, high = across.place([row.low, row.value, row.high], left, right)
        parts.append(
            f'<line x1="{low:.1f}" x2="{high:.1f}" y1="{y:.1f}" y2="{y:.1f}" stroke="{COLOURS[0]}" stroke-width="2.2"/>'
        )
        parts.append(f'<circle cx="{value:.1f}" cy="{y:.1f}" r="4" fill="{COLOURS[0]}"/>')
        parts.append(_text(left - 8, y + 4, row.label, "end"))
    return _svg(title, told, parts, _TOP + bottom + _BOTTOM)


def _frame(across: Axis, up: Axis, right: float, bottom: float) -> str:
    parts = []
    for value, label in up.ticks:
        y = float(up.place(value, _TOP + bottom, -bottom))
        parts.append(f'<line x1="{_LEFT}" x2="{_LEFT + right:.1f}" y1="{y:.1f}" y2="{y:.1f}" stroke="{_RULE}"/>')
        parts.append(_text(_LEFT - 6, y + 4, label, "end"))
    parts.append(_text(_LEFT - 54, _TOP - 14, up.title, "start", soft=True))
    return "".join(parts) + _across(across, _LEFT, right, bottom)


def _grid(across: Axis, left: float, right: float, bottom: float) -> str:
    places = [float(across.place(value, left, right)) for value, _ in across.ticks]
    return "".join(
        f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{_TOP + bottom}" stroke="{_RULE}"/>' for x in places
    )


def _across(across: Axis, left: float, right: float, bottom: float) -> str:
    base = _TOP + bottom
    parts = [f'<line x1="{left}" x2="{left + right:.1f}" y1="{base}" y2="{base}" stroke="{_INK}"/>']
    for value, label in across.ticks:
        x = float(across.place(value, left, right))
        parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{base}" y2="{base + 4}" stroke="{_INK}"/>')
        parts.append(_text(x, base + 18, label, "middle"))
    parts.append(_text(left + right / 2, base + 40, across.title, "middle", soft=True))
    return "".join(parts)


def _labels(ends: Sequence[tuple[float, str, str]], x: float) -> list[str]:
    """Names of the curves at their ends, top to bottom, none on another; each may have several lines ("|")."""
    parts, free = [], 0.0
    for y, label, colour in sorted(ends):
        for number, line in enumerate(label.split("|")):
            place = max(y + 4 + 14 * number, free)
            parts.append(_text(x, place, line, "start", colour=colour))
            free = place + 14
    return parts


def _points(x: Floats, y: Floats) -> str:
    return " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True))


def _text(x: float, y: float, text: str, anchor: str, *, soft: bool = False, colour: str = _INK) -> str:
    fill = "#666666" if soft else colour
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{fill}">{escape(text)}</text>'


def _svg(title: str, told: str, parts: Sequence[str], height: float) -> str:
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height:.0f}" width="{_WIDTH}" '
        f'height="{height:.0f}" role="img" aria-labelledby="t d" font-family="sans-serif" font-size="12">\n'
        f'<title id="t">{escape(title)}</title>\n<desc id="d">{escape(told)}</desc>\n'
        f'<rect width="{_WIDTH}" height="{height:.0f}" fill="#FFFFFF"/>\n{body}\n</svg>\n'
    )

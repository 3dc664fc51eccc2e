"""Small SVG pictures without a drawing tool: the same numbers give the same bytes everywhere."""

from collections.abc import Sequence
from html import escape

from attrs import frozen

BLUE, ORANGE, GREY, INK = "#0072B2", "#D55E00", "#D0D0D0", "#333333"
_LEFT, _WIDTH, _ROW, _TOP = 190, 340, 24, 28


@frozen
class Span:
    """A row: where the number was said to lie (`low` to `high`), and what was seen."""

    label: str
    low: float
    high: float
    seen: float


@frozen
class Dot:
    """A point of a scatter, and whether it lies where it was said to."""

    x: float
    y: float
    inside: bool


def spans(rows: Sequence[Span], title: str, top: float) -> str:
    """Draw a grey band a row, and what was seen as a dot, orange where it lies outside; the axis ends at `top`."""
    height = _TOP + _ROW * len(rows) + 34
    parts = [_text(_LEFT, 14, title, "start")]
    for at, row in enumerate(rows):
        y = _TOP + _ROW * at + _ROW / 2
        x, end, dot = (_LEFT + _WIDTH * min(max(each, 0.0), top) / top for each in (row.low, row.high, row.seen))
        colour = BLUE if row.low <= row.seen <= row.high else ORANGE
        parts.append(_text(_LEFT - 8, y + 4, row.label, "end"))
        parts.append(f'<rect x="{x:.1f}" y="{y - 7:.1f}" width="{max(end - x, 1):.1f}" height="14" fill="{GREY}"/>')
        parts.append(f'<circle cx="{dot:.1f}" cy="{y:.1f}" r="5" fill="{colour}"/>')
    base = _TOP + _ROW * len(rows) + 4
    parts.append(_line(_LEFT, base, _LEFT + _WIDTH, base))
    for tick in range(5):
        x = _LEFT + _WIDTH * tick / 4
        parts += [_line(x, base, x, base + 4), _text(x, base + 18, f"{100 * top * tick / 4:.3g} %", "middle")]
    return _svg(_LEFT + _WIDTH + 30, height, parts)


def scatter(dots: Sequence[Dot], across: str, up: str, top: float) -> str:
    """Draw points about the diagonal, orange where the interval missed; both axes end at `top`."""
    side, left, head = 320, 60, 14
    parts = [_line(left, head + side, left + side, head), _line(left, head, left, head + side)]
    parts.append(_line(left, head + side, left + side, head + side))
    for tick in range(5):
        place, label = side * tick / 4, f"{100 * top * tick / 4:.3g} %"
        parts.append(_text(left + place, head + side + 18, label, "middle"))
        parts.append(_text(left - 6, head + side - place + 4, label, "end"))
    for dot in dots:
        x, y = left + side * min(dot.x, top) / top, head + side - side * min(dot.y, top) / top
        colour = BLUE if dot.inside else ORANGE
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}" fill-opacity="0.7"/>')
    parts.append(_text(left + side, head + side + 36, across, "end"))
    parts.append(_text(left + 8, head + 10, up, "start"))
    return _svg(left + side + 30, head + side + 46, parts)


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{INK}">{escape(text)}</text>'


def _line(x: float, y: float, x2: float, y2: float) -> str:
    return f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{INK}" stroke-width="1"/>'


def _svg(width: float, height: float, parts: Sequence[str]) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}"'
    style = 'font-family="system-ui, sans-serif" font-size="12"'
    ground = f'<rect width="{width:.0f}" height="{height:.0f}" fill="#ffffff"/>'
    return "\n".join([f"{head} {style}>", ground, *parts, "</svg>", ""])

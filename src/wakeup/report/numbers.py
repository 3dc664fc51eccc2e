"""Numbers as people read them: thousands separated, money with its currency, shares in percent, "–" for nothing."""

from collections.abc import Mapping
from typing import Final

from wakeup.diagnostics import Language, Piece, Say

NOTHING: Final = "–"
"""What stands where there is no number."""

_MINUS: Final = "\N{MINUS SIGN}"
_GAP: Final = "\N{NO-BREAK SPACE}"
_COUNTED: Final = frozenset({"count", "people"})
_UNITS: Final[Mapping[str, Piece]] = {"months": Say("months"), "score": Say("score"), "CNY": Say("CNY")}
_PLAIN: Final = _COUNTED | {"ratio", "per person"}


def quantity(value: float | None, unit: str, *, change: bool = False, lang: Language = "en") -> str:
    """Return a figure with its unit: `12.3 %`, `18,240`, `1,234,567 CNY`; `change` adds a sign and percentage points.

    `unit` is "people", "count", "share", "ratio", "months", "per person", "score" or a currency code; None gives "–".
    """
    if value is None:
        return NOTHING
    number = bare(value, unit, change=change)
    suffix = word(unit, change=change, lang=lang)
    return f"{number}{_GAP}{suffix}" if suffix else number


def bare(value: float | None, unit: str, *, change: bool = False) -> str:
    """Return a figure without its unit, shares times one hundred: the form of a table with a column of units."""
    if value is None:
        return NOTHING
    scaled = value * 100 if unit == "share" else value
    return _signed(scaled, _decimals(abs(scaled), unit), change)


def word(unit: str, *, change: bool = False, lang: Language = "en") -> str:
    """Return how a unit is written behind a number; counts have none."""
    if unit in _PLAIN:
        return ""
    if unit == "share":
        return Say("points").told(lang) if change else "%"
    known = _UNITS.get(unit)
    return known.told(lang) if known else unit


def interval(low: float | None, high: float | None, unit: str, *, change: bool = False, lang: Language = "en") -> str:
    """Return `15,100 to 21,500`, or "–" where there is no interval."""
    if low is None or high is None:
        return NOTHING
    least, most = bare(low, unit, change=change), quantity(high, unit, change=change, lang=lang)
    return Say("{least} to {most}", least=least, most=most).told(lang)


def chance(probability: float | None, lang: Language = "en") -> str:
    """Return a probability in whole percent; certainty is not claimed of what a finite run did not refute."""
    if probability is None:
        return NOTHING
    if 0.995 <= probability < 1:
        return Say("over {share}", share=f"99{_GAP}%").told(lang)
    if 0 < probability < 0.005:
        return Say("under {share}", share=f"1{_GAP}%").told(lang)
    return f"{probability * 100:.0f}{_GAP}%"


def _decimals(size: float, unit: str) -> int:
    """Digits after the point: enough that small figures do not vanish, none where they would be noise."""
    if unit in _COUNTED:
        return 0 if size >= 10 or size == round(size) else 1
    if unit in {"share", "ratio", "months", "per person", "score"}:
        return 1 if size >= 10 else 2
    return 0 if size >= 1000 or size == round(size) else 2


def _signed(value: float, decimals: int, change: bool) -> str:
    number = f"{abs(value):,.{decimals}f}"
    # What rounds to nothing has no sign.
    if not any(digit in "123456789" for digit in number):
        return number
    if value < 0:
        return f"{_MINUS}{number}"
    return f"+{number}" if change else number

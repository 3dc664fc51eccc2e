"""A result as a CSV file for a spreadsheet: one row a figure, of the campaign and of every part of it."""

import csv
import io
from collections.abc import Iterator
from typing import Final

from wakeup.figures.result import Figures, Result
from wakeup.report.speech import Speech
from wakeup.terms.language import Language

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""

_BOM: Final = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""Without it some spreadsheets take Chinese for something else."""


def sheet(result: Result, lang: Language = "en") -> bytes:
    """Return all figures as CSV, UTF-8 with a byte order mark: of what, figure, label, value, low, high, unit.

    Shares are 0 to 1, money is in major units, an empty cell is no value. A text that a spreadsheet would take for a
    formula stands behind an apostrophe.
    """
    s = Speech(lang)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(
        (s.say("Of"), s.say("Figure"), s.say("Name"), s.say("Value"), s.say("Low"), s.say("High"), s.say("Unit"))
    )
    for of, figures in _parts(result, s):
        for name, figure in figures.items():
            numbers = ("" if each is None else f"{each:.10g}" for each in (figure.value, figure.low, figure.high))
            writer.writerow((harmless(of), harmless(name), harmless(s.label(name)), *numbers, harmless(figure.unit)))
    return (_BOM + out.getvalue()).encode()


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _parts(result: Result, s: Speech) -> Iterator[tuple[str, Figures]]:
    yield str(result.plan["name"]), result.figures
    yield from ((s.scope(each.by), each.figures) for each in result.segments)
    yield from ((s.arm(each.split, each.arm), each.figures) for each in result.arms)
    yield from ((s.say("Scenario {name}", name=name), figures) for name, figures in result.scenarios.items())

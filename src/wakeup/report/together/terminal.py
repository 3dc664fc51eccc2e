"""What several campaigns come to, on a terminal."""

from typing import Final

from rich.console import Console

from wakeup.figures.together import Together
from wakeup.report.prose import Prose
from wakeup.report.speech import Speech
from wakeup.report.terminal import table
from wakeup.report.together.sentences import findings, headline, notes
from wakeup.report.together.sheets import sheets
from wakeup.terms.language import Language

_NAME: Final = 12
"""Columns for a campaign's name at least: beside many campaigns there would be a letter a line."""


def show(found: Together, console: Console, lang: Language = "en") -> None:
    """Print what campaigns bring together and do to each other: sentences, then tables."""
    s = Speech(lang)
    for line in (headline(found, s), *filter(None, findings(found, s)), ""):
        console.print(Prose(line))
    for sheet in sheets(found, s):
        if sheet.rows:
            made = table(sheet.title, sheet.head, sheet.rows, words=sheet.words)
            made.columns[0].min_width = _NAME
            console.print(made)
    for line in notes(found, s):
        console.print(Prose(line))

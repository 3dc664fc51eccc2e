"""Diagnostics on standard error."""

import os
import sys
from collections.abc import Iterable, Mapping

from wakeup.diagnostics import Diagnostic, Language, in_language, render_text
from wakeup.source import Source


def say(
    diagnostics: Iterable[Diagnostic], sources: Mapping[str, Source] | None = None, lang: Language | None = None
) -> None:
    """Print diagnostics to standard error, coloured on a terminal, in `lang` or the language of the environment."""
    spoken: Language = lang or language()
    told = [in_language(each, spoken) for each in diagnostics]
    colour = sys.stderr.isatty() and not os.environ.get("NO_COLOR")
    print(render_text(told, sources or {}, colour=colour, lang=spoken), end="", file=sys.stderr)


def language() -> Language:
    """Return zh when the environment's messages are Chinese (LC_ALL, LC_MESSAGES, LANG), else en."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"

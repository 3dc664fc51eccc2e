"""Diagnostics on standard error, and the language that the command line speaks.

A message about a file is in the file's language, any other in that of the campaign that the command is about, and
before one is read in that of the environment. `--lang` overrides all of it.
"""

import os
import sys
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from typing import Final

from wakeup.diagnostics import Diagnostic, Language, Text, in_language, render_text, tell
from wakeup.source import Source

_ASKED: Final[ContextVar[Language | None]] = ContextVar("asked", default=None)
_ABOUT: Final[ContextVar[Language | None]] = ContextVar("about", default=None)


def speak(asked: str | None = None) -> None:
    """Begin a command: speak the language that was asked for, if it is one of ours."""
    _ASKED.set("zh" if asked == "zh" else "en" if asked == "en" else None)
    _ABOUT.set(None)


def about(lang: Language | None) -> None:
    """Speak the language of the campaign from now on, unless another was asked for; None: there is not one."""
    _ABOUT.set(lang)


def language() -> Language:
    """Return the language of what has no file."""
    return _ASKED.get() or _ABOUT.get() or _environment()


def worded(text: Text) -> str:
    """Return a text in the language of what has no file."""
    return tell(text, language())


def told(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return diagnostics in the language that was asked for, else each in its own; one without a file in `language`."""
    asked, other = _ASKED.get(), language()
    return [in_language(each, asked or (each.lang if each.file_lang else other)) for each in diagnostics]


def say(diagnostics: Iterable[Diagnostic], sources: Mapping[str, Source] | None = None) -> None:
    """Print diagnostics to standard error, coloured on a terminal."""
    colour = sys.stderr.isatty() and not os.environ.get("NO_COLOR")
    print(render_text(told(diagnostics), sources or {}, colour=colour), end="", file=sys.stderr)


def _environment() -> Language:
    """Return zh when the environment's messages are Chinese (LC_ALL, LC_MESSAGES, LANG), else en."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"

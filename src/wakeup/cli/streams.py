"""Standard output and standard error as they come: closed, full, without a reader, of an encoding of few characters."""

import codecs
import contextlib
import io
import os
import sys
from typing import Final

from wakeup.diagnostics import Say, WakeupError, diagnostic, reason

PLAIN: Final = {
    "\N{MINUS SIGN}": "-", "\N{EN DASH}": "-", "\N{HORIZONTAL ELLIPSIS}": "...", "\N{MIDDLE DOT}": ".",
    "\N{BOX DRAWINGS LIGHT HORIZONTAL}": "-", "\N{NO-BREAK SPACE}": " ", "\N{MULTIPLICATION SIGN}": "x",
    "\N{BOX DRAWINGS HEAVY HORIZONTAL}": "-",
}  # fmt: skip
"""What a terminal that cannot show a sign of ours shows instead; a number must not lose its minus."""

_PLAINLY: Final = "wakeup-plainly"


def prepare() -> None:
    """Let both streams of this process take any text; call once, before anything is printed."""
    if os.environ.get("COLUMNS") == "0":  # "unknown", as some editors and CI systems say it
        del os.environ["COLUMNS"]
    codecs.register_error(_PLAINLY, _plainly)
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 it lives as long as the process
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_PLAINLY)


def finish() -> None:
    """Send what is still held back, so that a failure is told here and not by the interpreter on its way out.

    Raises:
        WakeupError: WK6001, standard output takes no more.
    """
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        forget()
    except OSError as error:
        forget()
        raise WakeupError([diagnostic("WK6001", name=Say("standard output"), reason=reason(error))]) from None


def forget() -> None:
    """Let what standard output still holds go nowhere: its reader went away, as `head` does, or its disk is full."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _plainly(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    signs = error.object[error.start : error.end]
    told = (PLAIN.get(sign) or sign.encode("ascii", "backslashreplace").decode("ascii") for sign in signs)
    return "".join(told), error.end

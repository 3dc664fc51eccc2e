"""From arguments to an exit code; every failure becomes a message, none a traceback."""

import errno
import gc
import os
import sys
import traceback
from collections.abc import Sequence

import typer

from wakeup.cli import exits, streams
from wakeup.cli.messages import say, speak, worded
from wakeup.cli.usage import asked_language, lines
from wakeup.diagnostics import RefusedError, Say, WakeupError, diagnostic
from wakeup.diagnostics import reason as system_reason

# Typer carries a Click of its own in some versions; its base of all usage errors is the parent of a public one.
UsageError: type[Exception] = typer.BadParameter.__bases__[0]


RARELY = 100_000
"""New objects between two looks of the garbage collector: a command makes trees, which have no cycles, and ends."""


def main() -> None:
    """Run the command line of this process and leave it with the exit code."""
    streams.prepare()
    gc.set_threshold(RARELY)
    code = run(sys.argv[1:])
    try:
        streams.finish()
    except WakeupError as error:
        code = _told(error)
    sys.exit(code)


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code (`wakeup.cli.exits`)."""
    from wakeup.cli.app import app  # the commands' options; here so that importing this module stays quick

    speak(asked_language(arguments))
    try:
        code = app(args=list(arguments), prog_name="wakeup", standalone_mode=False)
    except (Exception, KeyboardInterrupt, SystemExit) as error:  # noqa: BLE001 where all of them become messages
        code = _told(error)
    code = code if isinstance(code, int) else exits.FINE
    if code == exits.INTERRUPTED:
        print(worded(Say("interrupted; nothing is half written")), file=sys.stderr)
    return code


def _told(error: BaseException) -> int:
    """Tell the user what went wrong and return the exit code."""
    match error:
        case WakeupError():
            say(error.diagnostics)
            return exits.REFUSED if isinstance(error, RefusedError) else exits.WRONG_INPUT
        case OSError(errno=errno.ENOSPC | errno.EIO):  # files have said so themselves: this is standard output
            streams.forget()
            say([diagnostic("WK6001", name=Say("standard output"), reason=system_reason(error))])
            return exits.WRONG_INPUT
        case typer.Exit():
            return int(error.exit_code)
        case typer.Abort() | KeyboardInterrupt() | RuntimeError(args=("Query interrupted",)):  # so DuckDB says it
            return exits.INTERRUPTED
        case BrokenPipeError() | SystemExit():  # the latter is how Click and rich put the former
            streams.forget()
            return exits.FINE
    return _failed(error)


def _failed(error: BaseException) -> int:
    if isinstance(error, UsageError):
        for line in lines(error):
            print(worded(line), file=sys.stderr)
        return exits.WRONG_INPUT
    if isinstance(error, MemoryError):
        say([diagnostic("WK6002")])
        return exits.WRONG_INPUT
    say([diagnostic("WK9001", error=f"{type(error).__name__}: {error}")])
    if os.environ.get("WAKEUP_TRACEBACK"):
        traceback.print_exception(error)
    return exits.OUR_BUG

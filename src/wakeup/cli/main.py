"""From arguments to an exit code; every failure becomes a message, none a traceback."""

import os
import sys
import traceback
from collections.abc import Sequence

import typer

from wakeup.cli import exits
from wakeup.cli.messages import say
from wakeup.diagnostics import WakeupError, diagnostic


# Typer carries a Click of its own in some versions; its base of all usage errors is the parent of a public one.
UsageError: type[Exception] = typer.BadParameter.__bases__[0]


def main() -> None:
    """Run the command line of this process and leave it with the exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code (`wakeup.cli.exits`)."""
    from wakeup.cli.app import app  # the commands' modules; after this module so that --help stays quick

    try:
        code = app(args=list(arguments), prog_name="wakeup", standalone_mode=False)
    except WakeupError as error:
        say(error.diagnostics)
        return exits.WRONG_INPUT
    except typer.Exit as leaving:
        return int(leaving.exit_code)
    except UsageError as error:
        _usage(error)
        return exits.WRONG_INPUT
    except (KeyboardInterrupt, typer.Abort):
        print("interrupted", file=sys.stderr)
        return exits.INTERRUPTED
    except BrokenPipeError:  # the reader of our output went away, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return exits.FINE
    except MemoryError:
        say([diagnostic("WK6002")])
        return exits.WRONG_INPUT
    except Exception as error:  # noqa: BLE001 the last line of defence: a bug of ours, told as one
        say([diagnostic("WK9001", error=f"{type(error).__name__}: {error}")])
        if os.environ.get("WAKEUP_TRACEBACK"):
            traceback.print_exc()
        return exits.OUR_BUG
    return code if isinstance(code, int) else exits.FINE


def _usage(error: Exception) -> None:
    context = getattr(error, "ctx", None)
    told = getattr(error, "format_message", lambda: str(error))()
    print(f"error: {told}", file=sys.stderr)
    if context is not None:
        print(f"help: {context.command_path} --help shows what it takes", file=sys.stderr)

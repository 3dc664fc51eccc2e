"""The command line: options in, exit code out; heavy parts are imported only by the command that needs them."""

from wakeup.cli.main import main, run

__all__ = ["main", "run"]

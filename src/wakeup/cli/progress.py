"""A bar of progress on a terminal; elsewhere nothing, so that logs of scripts stay readable."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from wakeup.cli.messages import worded
from wakeup.diagnostics import Text


@contextmanager
def progress(what: Text) -> Iterator[Callable[[int, int], None] | None]:
    """Show a bar called `what` on standard error while the context is open; give what moves it: (done, of how many)."""
    if not sys.stderr.isatty():
        yield None
        return
    columns = (TextColumn(worded(what)), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)

"""Names of reports: their endings say which form is in them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from wakeup.diagnostics import Listed, WakeupError, diagnostic
from wakeup.files import STDOUT

PAGE: Final = (".html", ".htm")
"""Endings of the name of a page for the browser."""

FORMS: Final = (*PAGE, ".md", ".csv")
"""Endings of the names that the report of a forecast may have."""


def check_form(report: Path | None, endings: Sequence[str] = PAGE) -> None:
    """Refuse the name of a report that promises another form than what would be in it.

    Raises:
        WakeupError: WK6066.
    """
    if report is None or str(report) == STDOUT or report.suffix.lower() in endings:
        return
    raise WakeupError([diagnostic("WK6066", file=str(report), endings=Listed(tuple(endings), "or"))])

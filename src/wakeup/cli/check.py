"""`wakeup check`: campaign files in, diagnostics out."""

import sys
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from wakeup import __version__
from wakeup.cli import exits
from wakeup.cli.data import DataOptions
from wakeup.cli.messages import about, say, told, worded
from wakeup.cli.sources import campaign_files
from wakeup.diagnostics import (
    Bag,
    Count,
    Diagnostic,
    Language,
    Listed,
    Say,
    Severity,
    WakeupError,
    render_json,
)
from wakeup.face import Checked, beside, examine, preflight
from wakeup.files import STDOUT, write
from wakeup.plan.model import Plan
from wakeup.source import Source

NO_CAMPAIGN = "WK2010"
"""A library has no campaign: nothing can be made of it alone, but there is nothing wrong with it either."""


def run(paths: Sequence[Path], data: DataOptions, format: str, strict: bool) -> int:
    """Check each file, with people if there are any, print what was found, and return 1 if anything fails."""
    bag = Bag()
    sources: dict[str, Source] = {}
    files = campaign_files(paths)
    langs: set[Language] = set()
    before: list[Plan] = []
    for file in files:
        checked = examine(file)
        bag.extend(beside(checked, before))
        before += [] if checked.plan is None else [checked.plan]
        langs |= {checked.lang} if checked.lang else set()
        bag.extend(each for each in checked.diagnostics if each.code != NO_CAMPAIGN)
        bag.extend(_with_people(checked, data))
        sources |= checked.sources
    about(langs.pop() if len(langs) == 1 else None)
    shown = told(bag.shown())
    failing = (Severity.ERROR, Severity.WARNING) if strict else (Severity.ERROR,)
    if format == "text":
        say(shown, sources)
        _summary(len(files), tuple(bag))
    else:
        text = _for_machines(format, shown, sources, [file.as_posix() for file in files], failing)
        # A file name may hold bytes that are no text: they are told, not fatal.
        write(Path(STDOUT), text.encode("utf-8", "backslashreplace"))
    return exits.WRONG_INPUT if any(map(bag.count, failing)) else exits.FINE


def _with_people(checked: Checked, data: DataOptions) -> tuple[Diagnostic, ...]:
    """What only people can show; what is wrong with the data is told beside what is wrong with the campaign."""
    plan = checked.plan
    if plan is None or not data.given:
        return ()
    try:
        people = data.people(start=plan.start, zone=plan.zone, minor_digits=plan.minor_digits)
        return preflight(checked, people)
    except WakeupError as error:
        return error.diagnostics


def _for_machines(
    format: str,
    found: Sequence[Diagnostic],
    sources: Mapping[str, Source],
    files: Sequence[str],
    failing: Collection[Severity],
) -> str:
    """The diagnostics in a form that other programs read; each renderer is loaded only where it is asked for."""
    match format:
        case "sarif":
            from wakeup.diagnostics.render_sarif import render_sarif

            return render_sarif(found, sources, version=__version__)
        case "github":
            from wakeup.diagnostics.render_github import render_github

            return render_github(found, sources)
        case "junit":
            from wakeup.diagnostics.render_junit import render_junit

            return render_junit(found, sources, files=files, failing=failing)
    return render_json(found, sources)


def _summary(files: int, found: Sequence[Diagnostic]) -> None:
    counts = {each: sum(one.severity is each for one in found) for each in Severity}
    said = Listed([Count(count, severity.value) for severity, count in counts.items() if count])
    files_read = Count(files, "file")
    checked = Say("{files} checked: {found}", files=files_read, found=said) if found else None
    print(worded(checked or Say("{files} checked: clean", files=files_read)), file=sys.stderr)

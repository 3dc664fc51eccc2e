"""A campaign as the command line reads it: what is wrong is said with the lines it is about."""

from pathlib import Path

from wakeup.cli.messages import about, say
from wakeup.diagnostics import Listed, Severity, WakeupError, diagnostic
from wakeup.face import PLAN_SUFFIX, examine, load
from wakeup.plan.model import Plan
from wakeup.source import Source
from wakeup.tuning import still_open


def tell_open(*files: Path) -> None:
    """Note which numbers of campaigns are still to be picked by `wakeup tune`: the first of each is taken."""
    for file in files:
        if file.suffix == PLAN_SUFFIX:
            continue
        names = still_open(Source.from_bytes(str(file), file.read_bytes()))
        if names:
            say([diagnostic("WK5141", file=str(file), names=Listed(names))])


def campaign(file: Path) -> Plan:
    """Return the plan of a campaign file or a plan.json; warnings are printed, notes are not.

    Raises:
        WakeupError: the file has errors; they have been printed, the exception carries none.
    """
    if file.suffix == PLAN_SUFFIX:
        return load(file)
    checked = examine(file)
    about(checked.lang)
    say([each for each in checked.diagnostics if each.severity is not Severity.NOTE], checked.sources)
    if checked.plan is None:
        raise WakeupError([])
    return checked.plan

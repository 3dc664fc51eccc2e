"""A campaign as the command line reads it: what is wrong is said with the lines it is about."""

from pathlib import Path

from wakeup.cli.messages import about, say
from wakeup.diagnostics import Severity, WakeupError
from wakeup.face import PLAN_SUFFIX, examine, load
from wakeup.plan.model import Plan


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

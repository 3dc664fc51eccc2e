"""The file of `--assume`: assumptions that replace a plan's own for one run."""

from pathlib import Path

from wakeup.diagnostics import WakeupError, diagnostic
from wakeup.files import read
from wakeup.plan.model import Assumption


def assumptions(path: Path | None) -> tuple[Assumption, ...]:
    """Read the file of `--assume`, if there is one.

    Raises:
        WakeupError: it is none (WK6007), or what reading it raises.
    """
    if path is None:
        return ()
    from wakeup.plan.json import assumptions_from_json

    if path.suffix != ".json":
        raise WakeupError([diagnostic("WK6007", name=str(path))])
    return assumptions_from_json(read(path), str(path))

"""`wakeup plan`: what a campaign would do, in words, as JSON or drawn; or what changed in it."""

from pathlib import Path

from wakeup.cli import exits
from wakeup.cli.campaign import campaign
from wakeup.cli.messages import language
from wakeup.diagnostics import Say, WakeupError, diagnostic
from wakeup.face import load
from wakeup.files import STDOUT, check_writable, write
from wakeup.plan.explain import explain
from wakeup.plan.json import plan_to_json
from wakeup.plan.mermaid import mermaid


def run(file: Path, output: Path | None, format: str, against: Path | None, gate: str | None) -> int:
    """Print the plan, or what changed in it, and write it as JSON if asked.

    Raises:
        WakeupError: WK5031, WK5033, options that mean nothing; what reading a plan raises.
    """
    if against is None and gate is not None:
        raise WakeupError([diagnostic("WK5033", option="--gate", other="--against")])
    if against is not None:
        return _changes(file, output, format, against, gate)
    check_writable(output, inputs=(file,))
    plan = campaign(file)
    outputs = {each for each in (output, Path(STDOUT) if format == "json" else None) if each is not None}
    for each in outputs:
        write(each, plan_to_json(plan))
    if format == "mermaid":
        print(mermaid(plan, language()), end="")
    elif Path(STDOUT) not in outputs:
        print(explain(plan, language()))
    return exits.FINE


def _changes(file: Path, output: Path | None, format: str, against: Path, gate: str | None) -> int:
    from wakeup.cli.changes import gates, show

    gated = gates(gate)
    if format == "mermaid":
        raise WakeupError([diagnostic("WK5033", option="--against", other=Say("--format text or json"))])
    check_writable(output, inputs=(file, against))
    old, new = load(against), campaign(file)
    if output is not None:
        write(output, plan_to_json(new))
    return show(old, new, format, gated)

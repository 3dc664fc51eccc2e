"""`wakeup plan`: what a campaign would do, in words or as JSON."""

import sys
from pathlib import Path

from wakeup.cli import exits
from wakeup.cli.campaign import campaign
from wakeup.files import check_writable, write
from wakeup.plan.explain import explain
from wakeup.plan.json import plan_to_json


def run(file: Path, output: Path | None, format: str) -> int:
    """Print the plan and write it as JSON if asked."""
    check_writable(output)
    plan = campaign(file)
    if output is not None:
        write(output, plan_to_json(plan))
    if format == "json":
        sys.stdout.buffer.write(plan_to_json(plan))
    elif output is None or str(output) != "-":
        print(explain(plan))
    return exits.FINE

"""What was simulated, kept beside the campaign: a live run can be held against the forecast that approved it."""

import contextlib
import json
from datetime import UTC, datetime
from pathlib import Path

from wakeup.customers import Population, Shards, data_id
from wakeup.diagnostics import WakeupError
from wakeup.files import write
from wakeup.plan.fingerprint import fingerprints
from wakeup.plan.model import Plan

PROJECT_FILE = "wakeup.toml"


def record(file: Path, plan: Plan, population: Population | Shards) -> None:
    """Write `.wakeup/runs/CONDUCT-FORECAST-DATA.json` in the project's root: the three ids and the time.

    The same simulation again renews its record. A folder that cannot be written to gets none: the forecast stands
    without it.
    """
    ids = fingerprints(plan)
    data = data_id(population)
    tree = {
        "conduct": ids.conduct,
        "forecast": ids.forecast,
        "data": data,
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    with contextlib.suppress(OSError, WakeupError):
        folder = project_root(file) / ".wakeup" / "runs"
        folder.mkdir(parents=True, exist_ok=True)
        write(folder / f"{ids.conduct}-{ids.forecast}-{data}.json", json.dumps(tree, indent=2).encode() + b"\n")


def project_root(file: Path) -> Path:
    """Return the nearest parent with `wakeup.toml`, else the folder of the file."""
    own = file.resolve().parent
    return next((folder for folder in (own, *own.parents) if (folder / PROJECT_FILE).is_file()), own)

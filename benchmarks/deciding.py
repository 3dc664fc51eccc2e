"""How long it takes to have what a decision rests on: the whole report of a campaign, and a comparison.

python -m benchmarks.deciding [--customers N] [--replications R] [--json FILE]

The report is that of `wakeup simulate … --workers 2 --report`, timed from outside, with starting the program, making
the people, drawing the charts. The comparison is set beside two simulations, in seconds of the processor.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.compare import CAMPAIGN, MOST, both
from benchmarks.learning import Row, table, to_json

CUSTOMERS, REPLICATIONS = 100_000, 50
WITHIN_S = 45.0
"""A report of so many customers and replications may take so long on two cores."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure all of it, print the table, write the JSON; return 1 if a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.deciding", description="What a decision rests on.")
    parser.add_argument("--customers", type=int, default=CUSTOMERS, metavar="N", help="of each run (%(default)s)")
    parser.add_argument(
        "--replications", type=int, default=REPLICATIONS, metavar="R", help="of the report (%(default)s)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write what was found to a file")
    options = parser.parse_args(arguments)
    rows = list(measured(options.customers, options.replications))
    print(table(rows))
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(to_json(rows), "utf-8")
    return 1 if any(row.reached is False for row in rows) else 0


def measured(customers: int, replications: int) -> Iterator[Row]:
    """Yield one row after the other, as they are measured."""
    asked = (customers, replications) == (CUSTOMERS, REPLICATIONS)
    size = f"{customers:,} customers, {replications} replications, 2 workers"
    with tempfile.TemporaryDirectory() as name:
        wall, used, simulated = _reported(Path(name), customers, replications)
    yield Row(f"report, {size}", wall, used, WITHIN_S if asked else None)
    yield Row("  of that what is not simulating", wall - simulated, 0.0)
    fewer = max(replications * 2 // 5, 2)
    alone, paired = both(customers, fewer)
    yield Row(f"two simulations, {customers:,} customers, {fewer} replications", alone, alone)
    yield Row("  one comparison of the same", paired, paired, MOST * alone if asked else None)


def _reported(folder: Path, customers: int, replications: int) -> tuple[float, float, float]:
    """Return the seconds of a report: on the wall, of the processors, and those of simulating by its own account."""
    program = Path(sys.executable).with_name("wakeup")
    command = (
        str(program), "simulate", str(CAMPAIGN), "--synthetic", str(customers), "--replications",
        str(replications), "--workers", "2", "--report", str(folder / "r.html"), "--json", str(folder / "r.json"),
    )  # fmt: skip
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    wall, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 2):  # 2: the campaign's own expectations fail, which is no matter here
        raise RuntimeError(done.stderr)
    told = json.loads((folder / "r.json").read_text("utf-8"))
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, used, told["timing"]["simulate_s"]


if __name__ == "__main__":
    sys.exit(main())

"""What `make bench` runs: wakeup beside programs written for workload W, changed Ws, replications (see README.md here).

python -m benchmarks [--customers N ...] [--limit SECONDS] [--json FILE] [--history]
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.record import remember, to_json
from benchmarks.shown import shown
from benchmarks.suite import CHANGED_AT, LIMIT, SIZES, played


def main(arguments: Sequence[str] | None = None) -> int:
    """Play all of it, print the table, write the JSON; return 1 if counts differ or a program failed."""
    options = _options().parse_args(arguments)
    found = played(options.customers, changed_at=options.changed_at, limit=options.limit, tell=_tell, only=options.only)
    print(shown(found))
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(to_json(found), "utf-8")
    if options.history:
        remember(found)
    return 1 if found.wrong else 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Workload W, side by side.")
    add = parser.add_argument
    add("--customers", type=int, nargs="+", default=SIZES, metavar="N", help="sizes to play (%(default)s)")
    add("--changed-at", type=int, default=CHANGED_AT, metavar="N", help="size for changed Ws and replications")
    add("--limit", type=float, default=LIMIT, metavar="SECONDS", help="for each program (%(default).0f)")
    add(
        "--only", nargs="+", default=(), metavar="PROGRAM", help="play these programs only, by their names in the table"
    )
    add("--json", type=Path, metavar="FILE", help="write what was found to a file")
    add("--history", action="store_true", help="append a line for each size to the history in docs/performance.md")
    return parser


def _tell(what: str) -> None:
    print(f"… {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())

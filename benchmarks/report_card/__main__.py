"""Write docs/report-card.md and its pictures: python -m benchmarks.report_card [--data DIR] [--check]."""

import argparse
import os
import sys
from pathlib import Path

from benchmarks.report_card.page import files

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Write what has changed; with --check nothing, and return 1 if something would change."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.report_card", description=__doc__)
    default = Path(os.environ.get("WAKEUP_DATA", ROOT.parent / "shared" / "data"))
    options.add_argument("--data", type=Path, default=default, help="folder of the real data (WAKEUP_DATA)")
    options.add_argument("--check", action="store_true", help="write nothing; exit code 1 if something would change")
    given = options.parse_args()
    if not given.data.is_dir():
        print(f"no real data in {given.data}: give --data or set WAKEUP_DATA", file=sys.stderr)
        return 1
    made = files(given.data)
    changed = [name for name, text in made.items() if not _same(ROOT / name, text)]
    for name in changed:
        print(f"{'would change' if given.check else 'written'}: {name}")
        if not given.check:
            (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / name).write_text(made[name], "utf-8")
    return 1 if given.check and changed else 0


def _same(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text("utf-8") == text


if __name__ == "__main__":
    sys.exit(main())

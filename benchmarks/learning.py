"""How long it takes to learn from a log: importing, fitting organic life, backtesting.

python -m benchmarks.learning [--customers N] [--lines N] [--json FILE]

The gift shop is a real log, in the folder of environment variable WAKEUP_DATA, else in ../shared/data beside the
checkout; what needs it is left out, and said, where it is not there. The large logs are made up.
"""

import argparse
import json
import os
import platform
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from attrs import asdict, frozen

from benchmarks.record import machine
from wakeup.behaviour import fit_organic
from wakeup.behaviour.backtest.rolling_origin import backtest
from wakeup.behaviour.backtest.summary import summarise
from wakeup.customers import from_history
from wakeup.customers.rolling import rolling

FORMAT = 1
CUSTOMERS, LINES = 1_000_000, 1_000_000
DAYS = 730


@frozen
class Row:
    """What was done, how long it took on the wall and of the processors, and how long it may take; None: not stated."""

    what: str
    wall_s: float
    processor_s: float
    target_s: float | None = None

    @property
    def reached(self) -> bool | None:
        """Whether the wall time is within what is stated."""
        return None if self.target_s is None else self.wall_s <= self.target_s


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure all of it, print the table, write the JSON; return 1 if a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.learning", description="Learning from logs.")
    parser.add_argument("--customers", type=int, default=CUSTOMERS, metavar="N", help="of the fit (%(default)s)")
    parser.add_argument("--lines", type=int, default=LINES, metavar="N", help="of the import (%(default)s)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write what was found to a file")
    options = parser.parse_args(arguments)
    rows = list(measured(options.customers, options.lines))
    print(table(rows))
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(to_json(rows), "utf-8")
    return 1 if any(row.reached is False for row in rows) else 0


def measured(customers: int, lines: int) -> Iterator[Row]:
    """Yield one row after the other, as they are measured."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        yield from _gift_shop(Path(os.environ.get("WAKEUP_DATA", Path(__file__).parents[2] / "shared" / "data")))
        log = made_log(folder / "log.parquet", people=customers, orders=3 * customers)
        with rolling(log) as opened:
            fit = _timed(lambda: fit_organic(opened.snapshots(opened.end)))
        yield Row(f"organic fit, {customers:,} customers, {3 * customers:,} orders", *fit, 10.0)
        long = made_log(folder / "lines.parquet", people=max(lines // 10, 1), orders=lines)
        yield Row(f"import, {lines:,} orders of {max(lines // 10, 1):,} customers", *_timed(lambda: from_history(long)))


def _gift_shop(data: Path) -> Iterator[Row]:
    log = data / "online_retail_ii" / "orders.parquet"
    if not log.is_file():
        print("the gift shop's log is not there: set WAKEUP_DATA to its folder", file=sys.stderr)
        return
    yield Row("import, gift shop", *_timed(lambda: from_history(log, zone="Europe/London")), 2.0)

    def tested() -> None:
        with rolling(log, zone="Europe/London") as opened:
            summarise(backtest(opened, count=12, horizon_days=90))

    yield Row("backtest, gift shop, 12 origins of 90 days", *_timed(tested), 60.0)


def made_log(path: Path, *, people: int, orders: int) -> Path:
    """Write a log of so many orders: people begin within two thirds of two years; half of the orders are a tenth's."""
    rng = np.random.default_rng(people)
    begun = rng.uniform(0.0, DAYS * 2 / 3, people)
    often = rng.integers(0, max(people // 10, 1), orders // 2)
    once = np.arange(orders - orders // 2) % people
    who = np.concatenate([once, often])
    at = begun[who] + rng.uniform(0.0, 1.0, orders) ** 2 * (DAYS - begun[who])
    columns = {  # noqa: F841 DuckDB reads it by its name
        "customer_id": who,
        "ts": np.datetime64("2024-01-01", "s") + (at * 86_400).astype("timedelta64[s]"),
        "amount": rng.integers(500, 20_000, orders) / 100,
    }
    duckdb.execute(f"COPY (SELECT * FROM columns) TO '{path}' (FORMAT parquet)")  # noqa: S608 a path of our own
    return path


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return seconds on the wall and of all threads of this process."""
    begun, used = time.perf_counter(), _used()
    work()
    return time.perf_counter() - begun, _used() - used


def _used() -> float:
    told = resource.getrusage(resource.RUSAGE_SELF)
    return told.ru_utime + told.ru_stime


def table(rows: Sequence[Row]) -> str:
    """Return the rows as text."""
    lines = [f"{'what':56}{'wall':>9}{'processor':>11}{'target':>9}"]
    for row in rows:
        target = "" if row.target_s is None else f"{row.target_s:.0f} s{'' if row.reached else ' missed'}"
        lines.append(f"{row.what:56}{row.wall_s:7.2f} s{row.processor_s:9.2f} s{target:>9}")
    return "\n".join(lines)


def to_json(rows: Sequence[Row]) -> str:
    """Return the rows as JSON."""
    content: dict[str, Any] = {
        "format": FORMAT,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "machine": machine(),
        "rows": [{**asdict(row), "reached": row.reached} for row in rows],
    }
    return json.dumps(content, indent=2, allow_nan=False) + "\n"


if __name__ == "__main__":
    sys.exit(main())

"""What a reader tells about what it read."""

from collections.abc import Mapping
from typing import Final, Literal

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from wakeup.customers.population import Population
from wakeup.diagnostics import Diagnostic, Noun, diagnostic

FIRST_ROWS = 5
"""So many row numbers of each kind of problem are kept."""

ProblemKind = Literal[
    "broken_row", "missing_id", "unreadable_time", "unreadable_amount", "unreadable_returns", "duplicate", "no_order",
    "unreadable_value", "unknown_zone", "unknown_customer",
]  # fmt: skip

_CODES: Final[Mapping[ProblemKind, str]] = {
    "broken_row": "WK6031",
    "no_order": "WK6032",
    "missing_id": "WK6035",
    "unreadable_time": "WK6036",
    "unreadable_amount": "WK6037",
    "unreadable_returns": "WK6038",
    "duplicate": "WK6039",
    "unreadable_value": "WK6040",
    "unknown_zone": "WK6041",
    "unknown_customer": "WK6042",
}


@frozen
class Problem:
    """`count` rows of `source` ("log", "table" or "touches") had a problem; the first row numbers, never ids.

    Rows count as in a spreadsheet: the header is row 1 (a Parquet file has none: its first row is row 1).
    """

    source: str
    kind: ProblemKind
    count: int
    first_rows: tuple[int, ...]

    def told(self) -> Diagnostic:
        """Return the problem as a warning, or as a note where it is a rule rather than a fault."""
        rows = ", ".join(str(row) for row in self.first_rows) + (", …" if self.count > len(self.first_rows) else "")
        return diagnostic(_CODES[self.kind], source=Noun(self.source), count=self.count, rows=rows)


@frozen
class ImportReport:
    """What was read, and what was left out.

    kind: "log", "table" or "population". rows: rows before as-of, and those whose time nobody can read. orders: rows
    that are orders. encoding: of the main file. columns: role -> column name. first_time, last_time: of the rows read,
    seconds UTC, None without a log. hidden: rows at or after as-of, counted and not read.
    """

    kind: Literal["log", "table", "population"]
    rows: int
    orders: int
    customers: int
    encoding: str
    columns: Mapping[str, str]
    problems: tuple[Problem, ...] = ()
    first_time: int | None = None
    last_time: int | None = None
    hidden: int = 0
    warnings: tuple[Diagnostic, ...] = ()


@frozen(eq=False)
class LateReturns:
    """Who came back within 30 days of the origins that lie less than 90 days before as-of, grouped as `Snapshots`:
    of them no more is known yet."""

    origins: tuple[int, ...]
    origin: NDArray[np.int32]
    dormancy_days: NDArray[np.float64]
    orders: NDArray[np.int32]
    n: NDArray[np.int64]
    returned30: NDArray[np.int64]

    @staticmethod
    def none() -> "LateReturns":
        """Return those of data without a log."""
        whole, small = np.empty(0, np.int64), np.empty(0, np.int32)
        return LateReturns((), small, np.empty(0, np.float64), small, whole, whole)


@frozen(eq=False)
class Snapshots:
    """How many dormant people came back without wakeup, counted before as-of at monthly origins, in grouped rows.

    Every array has shape (g,). origin: int32 index into `origins` (seconds UTC, ascending). dormancy_days: float64,
    mean days since the last order at the origin in a bin whose upper edge is 15 % above its lower. orders: int32 orders
    before the origin, 30 stands for 30 and more. n: int64 people; returned30, returned90: int64 of them who ordered
    within 30 and 90 days after it. All origins lie at least 90 days before as-of, so nothing that
    as-of hides is looked at.

    late: the origins after those. weekday_orders: int64 (7,) orders that were not a person's first, by the local day of
    the week from Monday, in the whole weeks of the last year before as-of.
    followed_share: share of orders at least 180 days before as-of that another order followed within 180 days;
    followed_gap_days: mean days between those two. NaN when there are none.
    """

    origins: tuple[int, ...]
    origin: NDArray[np.int32]
    dormancy_days: NDArray[np.float64]
    orders: NDArray[np.int32]
    n: NDArray[np.int64]
    returned30: NDArray[np.int64]
    returned90: NDArray[np.int64]
    followed_share: float = float("nan")
    followed_gap_days: float = float("nan")
    late: LateReturns = field(factory=LateReturns.none)
    weekday_orders: NDArray[np.int64] = field(factory=lambda: np.zeros(7, np.int64))

    @staticmethod
    def none() -> "Snapshots":
        """Return the snapshots of data without a log."""
        whole, small = np.empty(0, np.int64), np.empty(0, np.int32)
        return Snapshots((), small, np.empty(0, np.float64), small, whole, whole, whole)


@frozen(eq=False)
class History:
    """Customers as of one instant, what the reader has to say, and what their past says about coming back."""

    population: Population
    report: ImportReport
    snapshots: Snapshots = field(factory=Snapshots.none)

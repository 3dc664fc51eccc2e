"""An order log, cleaned: every row before as-of is an order, no order, or a counted problem."""

from collections.abc import Mapping
from datetime import timedelta

from attrs import frozen

from wakeup.customers.columns import LOG_ROLES, assign
from wakeup.customers.files import Loaded, RowFile
from wakeup.customers.imported import FIRST_ROWS, Problem
from wakeup.customers.workspace import Workspace
from wakeup.customers.zones import instant_from, local_day
from wakeup.diagnostics import Diagnostic, WakeupError, diagnostic

SILENCE = 7 * 86_400
"""A log that ends more than this before as-of gets a warning (SEMANTICS 6)."""

_READ = """
CREATE TABLE log_read AS
SELECT row, id, t, minor_units(amount, $digits) AS amount,
       -abs(coalesce(minor_units(returns, $digits), 0)) AS returned, category,
       returns IS NOT NULL AND minor_units(returns, $digits) IS NULL AS odd_returns
FROM with_instants('log_raw')
"""
# A row at or after as-of is dropped before anything is counted or compared: it is never read.
_JUDGED = """
CREATE TABLE log AS
SELECT row, id, t, amount, returned, odd_returns, category, CASE
    WHEN t IS NULL THEN 'unreadable_time'
    WHEN id IS NULL THEN 'missing_id'
    WHEN amount IS NULL THEN 'unreadable_amount'
    WHEN row_number() OVER (PARTITION BY id, t, amount, returned, category ORDER BY row) > 1 THEN 'duplicate'
    WHEN amount <= 0 THEN 'no_order'
    ELSE 'order' END AS kind
FROM log_read WHERE t IS NULL OR t < ?
"""
_PROBLEMS = """
SELECT kind, count(*), min(row, $first) FROM log WHERE kind <> 'order' GROUP BY kind
UNION ALL
SELECT 'unreadable_returns', count(*), min(row, $first) FROM log WHERE odd_returns AND kind IN ('order', 'no_order')
HAVING count(*) > 0
ORDER BY 1
"""
_EXTENT = """
SELECT count(*), count(*) FILTER (kind = 'order'), min(t) FILTER (kind = 'order'),
       max(t) FILTER (kind IN ('order', 'no_order'))
FROM log
"""


@frozen
class LogSummary:
    """A cleaned log: table `log` (row, id, t, amount, returned, category, kind) has its rows; see `ImportReport`."""

    as_of: int
    rows: int
    orders: int
    columns: Mapping[str, str]
    problems: tuple[Problem, ...]
    first_time: int
    last_time: int
    warnings: tuple[Diagnostic, ...]


def read_log(
    work: Workspace,
    file: RowFile,
    *,
    as_of: int | None,
    zone: str,
    minor_digits: int,
    mapping: Mapping[str, str] | None,
) -> LogSummary:
    """Read the rows before as-of into table `log`. Without an as-of it is the local midnight after the last row.

    Raises:
        WakeupError: WK6014 damaged, WK6015..WK6018 columns, WK6021 no order before as-of, WK6022 no time or WK6043
            no amount can be read.
    """
    roles = assign(file.columns, LOG_ROLES, source=file.name, mapping=mapping)
    names = {role: file.columns[index] for role, index in roles.items()}
    loaded = file.load(work, "log_raw", {role.name: roles.get(role.name) for role in LOG_ROLES})
    work.run(_READ, {"digits": minor_digits})
    # What has been read is let go of at every step: a log of a billion bytes should not lie on the disk three times.
    work.run("DROP VIEW log_raw")
    work.run("DROP TABLE log_raw_cells")
    _refuse_unreadable(work, names)
    if as_of is None:
        as_of = _midnight_after_last(work, zone)
    work.run(_JUDGED, [as_of])
    work.run("DROP TABLE log_read")
    rows, orders, first, last = work.row(_EXTENT)
    if not orders:
        raise WakeupError([diagnostic("WK6021", file=file.name, date=local_day(as_of, zone).isoformat())])
    problems = problems_of(work, "log", loaded, _PROBLEMS)
    warnings = [problem.told() for problem in problems]
    if as_of - last > SILENCE:
        ends, at = local_day(last, zone), local_day(as_of, zone).isoformat()
        told = diagnostic(
            "WK6023",
            file=file.name,
            last=ends.isoformat(),
            after=(ends + timedelta(days=1)).isoformat(),
            as_of=at,
            days=(as_of - last) // 86_400,
        )
        warnings.append(told)
    return LogSummary(as_of, rows, orders, names, problems, first, last, tuple(warnings))


def problems_of(work: Workspace, source: str, loaded: Loaded, sql: str) -> tuple[Problem, ...]:
    """Return the broken rows of a file and the problems that a query finds: (kind, count, the `$first` rows) each."""
    broken = [Problem(source, "broken_row", len(loaded.broken), loaded.broken[:FIRST_ROWS])] if loaded.broken else []
    found = work.rows(sql, {"first": FIRST_ROWS})
    return (
        *broken,
        *(Problem(source, kind, count, tuple(map(loaded.row_number, rows))) for kind, count, rows in found),
    )


def _refuse_unreadable(work: Workspace, names: Mapping[str, str]) -> None:
    """Raise if no row at all has a time, or none an amount: then the wrong column was named."""
    total, timed, readable = work.row("SELECT count(*), count(t), count(amount) FROM log_read")
    if total and not timed:
        raise WakeupError([diagnostic("WK6022", column=names["time"])])
    if total and not readable:
        raise WakeupError([diagnostic("WK6043", column=names["amount"])])


def _midnight_after_last(work: Workspace, zone: str) -> int:
    (last,) = work.row("SELECT max(t) FROM log_read")
    return 0 if last is None else instant_from(local_day(last, zone) + timedelta(days=1), zone)

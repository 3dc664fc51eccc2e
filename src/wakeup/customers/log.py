"""An order log, cleaned: every row before as-of is an order, no order, or a counted problem."""

from collections.abc import Mapping
from datetime import timedelta

from attrs import frozen

from wakeup.customers.columns import CURRENCY, LOG_ROLES, assign, column_of
from wakeup.customers.files import Loaded, RowFile
from wakeup.customers.imported import FIRST_ROWS, Problem
from wakeup.customers.suspicions import suspicious_rows
from wakeup.customers.workspace import Workspace
from wakeup.customers.zones import instant_from, local_day
from wakeup.diagnostics import Diagnostic, Listed, WakeupError, diagnostic

SILENCE = 7 * 86_400
"""A log that ends more than this before as-of gets a warning (SEMANTICS 6)."""

_LONGEST_CODE = 12

_READ = """
CREATE TABLE log_read AS
SELECT row, id, t, minor_units(amount, $digits) AS amount,
       currency_sign(amount) AS sign, upper(currency) AS currency,
       -abs(coalesce(minor_units(returns, $digits), 0)) AS returned, category,
       returns IS NOT NULL AND minor_units(returns, $digits) IS NULL AS odd_returns
FROM with_instants('log_raw')
"""
_CURRENCIES = """
SELECT currency, count(*) FROM log_read WHERE currency IS NOT NULL AND t < $as_of GROUP BY 1 ORDER BY 2 DESC, 1
"""
_SIGNS = "SELECT sign, count(*) FROM log_read WHERE sign IS NOT NULL AND t < $as_of GROUP BY 1 ORDER BY 2 DESC, 1"
_NOT_POSITIVE = """
SELECT count(*) FILTER (amount < 0), count(*) FILTER (amount = 0) FROM log WHERE kind = 'no_order'
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
    """A cleaned log: table `log` (row, id, t, amount, returned, category, kind) has its rows; see `ImportReport`.

    hidden: rows at or after as-of, of which nothing else is known.
    """

    as_of: int
    rows: int
    orders: int
    columns: Mapping[str, str]
    problems: tuple[Problem, ...]
    first_time: int
    last_time: int
    hidden: int
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
            no amount can be read, WK6056 several currencies, WK6057 no amount is above 0, WK6058 no rows, WK6067
            no customers.
    """
    roles = assign(file.columns, LOG_ROLES, source=file.name, mapping=mapping)
    names = {role: file.columns[index] for role, index in roles.items()}
    chosen = {role.name: roles.get(role.name) for role in LOG_ROLES}
    loaded = file.load(
        work, "log_raw", {**chosen, "currency": column_of(file.columns, CURRENCY)}, typed=("time", "amount")
    )
    work.run(_reading(work), {"digits": minor_digits})
    # What has been read is let go of at every step: a log of a billion bytes should not lie on the disk three times.
    work.run("DROP VIEW log_raw")
    work.run("DROP TABLE log_raw_cells")
    _refuse_unreadable(work, names, file.name)
    if as_of is None:
        as_of = _midnight_after_last(work, zone)
    _refuse_currencies(work, as_of, name=file.name)
    work.run(_JUDGED, [as_of])
    (hidden,) = work.row("SELECT count(*) FROM log_read WHERE t >= $as_of", {"as_of": as_of})
    work.run("DROP TABLE log_read")
    rows, orders, first, last = work.row(_EXTENT)
    day = local_day(as_of, zone).isoformat()
    if not orders:
        raise _no_order(work, names, file.name, day)
    problems = problems_of(work, "log", loaded, _PROBLEMS)
    warnings = [problem.told() for problem in problems]
    if hidden:
        warnings.append(diagnostic("WK6070", file=file.name, count=hidden, date=day))
    warnings.extend(suspicious_rows(work, name=file.name, zone=zone))
    if as_of - last > SILENCE:
        ends = local_day(last, zone)
        told = diagnostic(
            "WK6023",
            file=file.name,
            last=ends.isoformat(),
            after=(ends + timedelta(days=1)).isoformat(),
            as_of=day,
            days=(as_of - last) // 86_400,
        )
        warnings.append(told)
    return LogSummary(as_of, rows, orders, names, problems, first, last, hidden, tuple(warnings))


def _reading(work: Workspace) -> str:
    """Return the statement that reads the cells: those of a typed file are not written as texts and read again."""
    types = dict(work.rows("SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = 'log_raw_cells'"))
    sql = _READ
    if types["amount"] != "VARCHAR":
        sql = sql.replace("minor_units(amount,", "minor_units_of_number(amount,")
        sql = sql.replace("currency_sign(amount)", "CAST(NULL AS VARCHAR)")
    return sql if types["time"] == "VARCHAR" else sql.replace("with_instants(", "with_stamped_instants(")


def problems_of(work: Workspace, source: str, loaded: Loaded, sql: str) -> tuple[Problem, ...]:
    """Return the broken rows of a file and the problems that a query finds: (kind, count, the `$first` rows) each."""
    broken = [Problem(source, "broken_row", len(loaded.broken), loaded.broken[:FIRST_ROWS])] if loaded.broken else []
    found = work.rows(sql, {"first": FIRST_ROWS})
    return (
        *broken,
        *(Problem(source, kind, count, tuple(map(loaded.row_number, rows))) for kind, count, rows in found),
    )


def _refuse_unreadable(work: Workspace, names: Mapping[str, str], file: str) -> None:
    """Raise if there is no row, or none at all has a time or an amount: then the wrong column was named."""
    total, timed, readable = work.row("SELECT count(*), count(t), count(amount) FROM log_read")
    if not total:
        raise WakeupError([diagnostic("WK6058", file=file)])
    if not timed:
        raise WakeupError([diagnostic("WK6022", column=names["time"])])
    if not readable:
        raise WakeupError([diagnostic("WK6043", column=names["amount"])])


def _refuse_currencies(work: Workspace, as_of: int, *, name: str) -> None:
    """Raise if the rows before as-of name several currencies, in a column of theirs or beside their amounts."""
    for sql in (_CURRENCIES, _SIGNS):
        found = work.rows(sql, {"as_of": as_of})
        if len(found) > 1:
            told = Listed([f"{code[:_LONGEST_CODE]} ({count:,})" for code, count in found])
            raise WakeupError([diagnostic("WK6056", file=name, currencies=told)])


def _no_order(work: Workspace, names: Mapping[str, str], name: str, day: str) -> WakeupError:
    """Return why there is no order: no row names a customer, no amount is above 0, or no row lies before as-of."""
    rows, nameless = work.row("SELECT count(*), count(*) FILTER (id IS NULL) FROM log WHERE t IS NOT NULL")
    if rows and rows == nameless:
        return WakeupError([diagnostic("WK6067", file=name, column=names["id"])])
    below, zero = work.row(_NOT_POSITIVE)
    if below or zero:
        return WakeupError([diagnostic("WK6057", file=name, below=below, zero=zero)])
    return WakeupError([diagnostic("WK6021", file=name, date=day)])


def _midnight_after_last(work: Workspace, zone: str) -> int:
    (last,) = work.row("SELECT max(t) FROM log_read")
    return 0 if last is None else instant_from(local_day(last, zone) + timedelta(days=1), zone)

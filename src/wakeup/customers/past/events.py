"""Rows of touches and outcomes, cleaned: table `events`, every row of a known kind at a readable time, once."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from attrs import frozen

from wakeup.customers.columns import assign, listed, plain
from wakeup.customers.files import Loaded, RowFile, open_rows
from wakeup.customers.imported import FIRST_ROWS
from wakeup.customers.log import problems_of
from wakeup.customers.past.kinds import KIND_OF, OUTCOME_LOG, TOUCH_LOG
from wakeup.customers.workspace import Workspace
from wakeup.diagnostics import Diagnostic, Noun, Piece, WakeupError, diagnostic

_CREATE = """
CREATE TABLE events (
    source VARCHAR, row BIGINT, id VARCHAR, t BIGINT, kind VARCHAR, channel VARCHAR, message VARCHAR, campaign VARCHAR,
    incentive VARCHAR, journey VARCHAR, step VARCHAR, reason VARCHAR, value BIGINT, valid_until BIGINT)
"""
# What `simulate --events` writes counts in seconds since 1970; other logs have times as people write them.
_READ = r"""
CREATE TABLE contacts_read AS
SELECT read.row AS row, id,
    coalesce(read.t, CASE WHEN regexp_full_match(time, '\d{9,11}') THEN CAST(time AS BIGINT) END) AS t,
    read.kind AS called, known.kind AS kind, channel, message, campaign, incentive, journey, step, reason,
    minor_units(value, $digits) AS value, until.t AS valid_until
FROM with_instants('contacts_raw') read LEFT JOIN known_kinds known ON known.name = kind_name(read.kind)
LEFT JOIN (SELECT row, t FROM with_instants('contacts_valid')) until ON until.row = read.row
"""
_JUDGED = """
CREATE TABLE contacts AS
SELECT *, CASE
    WHEN t IS NULL THEN 'unreadable_time'
    WHEN id IS NULL THEN 'missing_id'
    WHEN kind IS NULL THEN 'unknown_kind'
    WHEN t >= CAST($as_of AS BIGINT) THEN 'future'
    WHEN row_number() OVER (
        PARTITION BY id, t, kind, channel, message, campaign, incentive, journey, step, reason, value ORDER BY row) > 1
        THEN 'duplicate'
    ELSE 'event' END AS judged
FROM contacts_read
"""
_PROBLEMS = """
SELECT judged, count(*), min(row, $first) FROM contacts
WHERE judged IN ('unreadable_time', 'missing_id', 'duplicate') GROUP BY judged ORDER BY judged
"""
_ODD = "SELECT count(*), min(row, $first) FROM contacts WHERE judged = $kind"
_CALLED = "SELECT called FROM contacts WHERE judged = 'unknown_kind' GROUP BY called ORDER BY count(*) DESC, called"
_TAKE = """
INSERT INTO events
SELECT $source, row, id, t, kind, channel, message, campaign, incentive, journey, step, reason, value, valid_until
FROM contacts
WHERE judged = 'event' AND kind <> 'other'
"""


SOURCES: Final[Mapping[str, Piece]] = {"touches": Noun("touches"), "outcomes": Noun("outcomes")}
"""The logs, as messages call them."""


@frozen
class EventFiles:
    """The files of touches and outcomes, either of which may be missing."""

    touches: Path | None
    outcomes: Path | None

    def read(
        self, work: Workspace, *, as_of: int | None, minor_digits: int
    ) -> tuple[dict[str, Loaded], tuple[Diagnostic, ...]]:
        """Read the files into table `events` (times before `as_of`); return what was loaded of each source ("touches",
        "outcomes") and what there is to say about it.

        Raises:
            WakeupError: WK6011..WK6026 a file or its columns cannot be read, WK6102 no row has a known kind.
        """
        work.run(_CREATE)
        work.run("CREATE TABLE known_kinds (name VARCHAR, kind VARCHAR)")
        work.connection.executemany("INSERT INTO known_kinds VALUES (?, ?)", [list(each) for each in KIND_OF.items()])
        work.run(r"CREATE MACRO kind_name(x) AS regexp_replace(lower(coalesce(x, 'sent')), '[ _.\-\t]', '', 'g')")
        told: list[Diagnostic] = []
        loaded: dict[str, Loaded] = {}
        named = {"touches": self.touches, "outcomes": self.outcomes if self.outcomes != self.touches else None}
        for source, path in named.items():
            if path is not None:
                loaded[source], said = _read(work, open_rows(work, path, name=source), source, as_of, minor_digits)
                told += said
        return loaded, tuple(told)


def _read(
    work: Workspace, file: RowFile, source: str, as_of: int | None, minor_digits: int
) -> tuple[Loaded, list[Diagnostic]]:
    roles = assign(file.columns, TOUCH_LOG if source == "touches" else OUTCOME_LOG, source=file.name, mappable=False)
    chosen = {role.name: roles.get(role.name) for role in TOUCH_LOG}
    loaded = file.load(work, "contacts_raw", chosen)
    exact = "value" in roles and plain(file.columns[roles["value"]]) == "amountminor"
    work.run(
        "CREATE VIEW contacts_valid AS SELECT row, valid_until AS time FROM contacts_raw WHERE valid_until IS NOT NULL"
    )
    work.run(_READ, {"digits": 0 if exact else minor_digits})
    work.run(_JUDGED, {"as_of": as_of})
    total, timed, known = work.row("SELECT count(*), count(t), count(kind) FROM contacts")
    if total and not timed:
        raise WakeupError([diagnostic("WK6022", column=file.columns[roles["time"]])])
    names = [str(name) for (name,) in work.rows(_CALLED)]
    if total and not known:
        raise WakeupError([diagnostic("WK6102", file=file.name, names=listed(names))])
    told = [problem.told() for problem in problems_of(work, source, loaded, _PROBLEMS)]
    if odd := _odd(work, loaded, "unknown_kind"):
        told.append(diagnostic("WK6103", source=SOURCES[source], count=odd[0], rows=odd[1], names=listed(names)))
    if late := _odd(work, loaded, "future"):
        told.append(diagnostic("WK6104", source=SOURCES[source], count=late[0], rows=late[1]))
    work.run(_TAKE, {"source": source})
    work.run("DROP VIEW contacts_valid")
    work.run("DROP VIEW contacts_raw")
    for table in ("contacts_raw_cells", "contacts_read", "contacts"):
        work.run(f"DROP TABLE {table}")
    return loaded, told


def _odd(work: Workspace, loaded: Loaded, kind: str) -> tuple[int, str] | None:
    """Return how many rows were judged so, and the first of them for a message; None where there is none."""
    count, rows = work.row(_ODD, {"first": FIRST_ROWS, "kind": kind})
    return (count, shown_rows(loaded, rows, count)) if count else None


def shown_rows(loaded: Loaded, rows: list[int], count: int) -> str:
    """Return row numbers for a message."""
    return ", ".join(str(loaded.row_number(row)) for row in rows) + (", …" if count > len(rows) else "")

"""A customer table: tags, consents, addresses, zones and own fields, one row per customer."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from wakeup.customers.features import Roster
from wakeup.customers.files import Loaded, RowFile
from wakeup.customers.imported import FIRST_ROWS, Problem, ProblemKind
from wakeup.customers.log import problems_of
from wakeup.customers.population import BLANK, NEVER, YES, Field
from wakeup.customers.table_columns import ADDRESSES, TableColumn, table_columns
from wakeup.customers.workspace import Workspace
from wakeup.customers.zones import zone_named
from wakeup.diagnostics import WakeupError, diagnostic

_REPEATED = """
SELECT list_sort(flatten(list(rows)))[:10]
FROM (SELECT list(row) AS rows FROM table_rows GROUP BY id HAVING count(*) > 1)
"""
_MISSING = "SELECT 'missing_id', count(*), min(row, $first) FROM table_raw WHERE id IS NULL HAVING count(*) > 0"
_KINDS = "SELECT count(x), count(plain_number(x)), count(t) FROM with_instants('cell')"
_NUMBERS = "SELECT seq, plain_number(x) AS value FROM cell WHERE plain_number(x) IS NOT NULL"
_INSTANTS = "SELECT seq, t AS value FROM with_instants('cell') WHERE t IS NOT NULL"
_MONEY = """
SELECT seq, CAST(minor_units(x, $digits) AS BIGINT) AS value FROM cell WHERE minor_units(x, $digits) IS NOT NULL
"""
_YES_NO = "SELECT seq, CAST(coalesce(yes_no(x), 1) AS UTINYINT) AS value FROM cell WHERE x IS NOT NULL"
_TEXTS = "SELECT seq, CAST(dense_rank() OVER (ORDER BY x) - 1 AS INTEGER) AS value FROM cell WHERE x IS NOT NULL"
_LABELS = "SELECT DISTINCT x FROM cell WHERE x IS NOT NULL ORDER BY x"
_TAGS = """
CREATE OR REPLACE TEMP TABLE worn AS
SELECT seq, trim(unnest(string_split_regex(x, '[,;|，；、]'))) AS tag FROM cell WHERE x IS NOT NULL
"""
_NOT_YES_NO = "SELECT count(*), min(row, $first) FROM cell WHERE x IS NOT NULL AND yes_no(x) IS NULL"
_NO_NUMBER = "SELECT count(*), min(row, $first) FROM cell WHERE x IS NOT NULL AND plain_number(x) IS NULL"
_NO_INSTANT = "SELECT count(*), min(row, $first) FROM with_instants('cell') WHERE x IS NOT NULL AND t IS NULL"


@frozen(eq=False)
class OpenTable:
    """A table that is loaded, its ids checked, its people not yet numbered."""

    loaded: Loaded
    columns: tuple[TableColumn, ...]
    names: tuple[str, ...]
    id_column: str
    rows: int


@define(eq=False)
class TableData:
    """What a table says about the n people of a population; see `Population` for the arrays.

    summaries: instants (int64, NEVER missing), numbers and minor units (float64, NaN missing), by summary name.
    """

    consents: dict[str, NDArray[np.uint8]] = field(factory=dict)
    tags: dict[str, NDArray[np.bool_]] = field(factory=dict)
    fields: dict[str, Field] = field(factory=dict)
    zones: NDArray[np.int16] | None = None
    zone_names: tuple[str, ...] = ()
    summaries: dict[str, NDArray[Any]] = field(factory=dict)
    problems: list[Problem] = field(factory=list)


def no_table(work: Workspace) -> None:
    """Stand in for a table that is not given."""
    work.run("CREATE TABLE table_ids (id VARCHAR)")


def open_table(work: Workspace, file: RowFile) -> OpenTable:
    """Load a customer table and make `table_ids` of it.

    Raises:
        WakeupError: WK6014 damaged, WK6015, WK6016, WK6027 columns, WK6028 a customer twice.
    """
    identity, columns = table_columns(file.columns, source=file.name)
    chosen = {"id": identity} | {f"c{each.index}": each.index for each in columns}
    loaded = file.load(work, "table_raw", chosen)
    work.run("CREATE VIEW table_rows AS SELECT row, id FROM table_raw WHERE id IS NOT NULL")
    work.run("CREATE VIEW table_ids AS SELECT id FROM table_rows")
    (repeated,) = work.row(_REPEATED)
    if repeated:
        rows = ", ".join(str(loaded.row_number(row)) for row in repeated)
        raise WakeupError([diagnostic("WK6028", file=file.name, rows=rows)])
    (rows_read,) = work.row("SELECT count(*) FROM table_raw")
    return OpenTable(loaded, columns, file.columns, file.columns[identity], rows_read)


def read_table(work: Workspace, table: OpenTable, roster: Roster, *, minor_digits: int) -> TableData:
    """Read an open table for the numbered people; whoever is not in it has blanks."""
    data = TableData(problems=list(problems_of(work, "table", table.loaded, _MISSING)))
    reader = _Reader(work, table, roster, minor_digits, data)
    addresses: dict[str, NDArray[np.bool_]] = {}
    for column in table.columns:
        reader.look_at(column)
        match column.kind:
            case "tags":
                reader.tag_list()
            case "tag":
                data.tags[column.key] = reader.yes_no() == YES
            case "consent":
                data.consents[column.key] = reader.yes_no()
            case "address":
                present = reader.yes_no(count=False) != BLANK
                for kind in ADDRESSES[column.key]:
                    addresses[kind.value] = addresses.get(kind.value, False) | present
            case "zone":
                reader.zones()
            case "summary":
                data.summaries[column.key] = reader.summary(column.key)
            case "own":
                data.fields[column.key] = reader.own()
            case "nothing":
                pass
    for channel, present in addresses.items():
        agreed = data.consents.get(channel, np.full(len(roster.keys), YES, np.uint8))
        data.consents[channel] = np.where(present, agreed, np.uint8(BLANK))
    return data


@frozen(eq=False)
class _Reader:
    """Reads one column after another, through the view `cell` (row, seq, x; `time` is x for `with_instants`)."""

    work: Workspace
    table: OpenTable
    roster: Roster
    minor_digits: int
    data: TableData

    def look_at(self, column: TableColumn) -> None:
        duckdb, source = self.work.duckdb, self.work.connection.view("table_raw")
        value = duckdb.ColumnExpression(f"c{column.index}")
        row, who = duckdb.ColumnExpression("row"), duckdb.ColumnExpression("id")
        source.select(row, who, value.alias("x")).create_view("column_cells", replace=True)
        self.work.run(
            "CREATE OR REPLACE VIEW cell AS SELECT row, seq, x, x AS time FROM column_cells JOIN people USING (id)"
        )

    def fill(self, sql: str, empty: Any, dtype: Any, parameters: Mapping[str, object] | None = None) -> NDArray[Any]:
        """Return an array (n,) of `empty` with the (seq, value) that a query finds."""
        filled = np.full(len(self.roster.keys), empty, dtype)
        found = self.work.arrays(sql, parameters or {})
        filled[self.roster.rows(np.asarray(found["seq"], np.int64))] = np.asarray(found["value"])
        return filled

    def yes_no(self, *, count: bool = True) -> NDArray[np.uint8]:
        if count:
            self.note("unreadable_value", _NOT_YES_NO)
        return self.fill(_YES_NO, BLANK, np.uint8)

    def note(self, kind: ProblemKind, sql: str) -> None:
        total, rows = self.work.row(sql, {"first": FIRST_ROWS})
        if total:
            self.data.problems.append(Problem("table", kind, total, tuple(map(self.table.loaded.row_number, rows))))

    def tag_list(self) -> None:
        self.work.run(_TAGS)
        for (tag,) in self.work.rows("SELECT DISTINCT tag FROM worn WHERE tag <> '' ORDER BY tag"):
            sql = "SELECT DISTINCT seq, true AS value FROM worn WHERE tag = $tag"
            worn = self.fill(sql, False, np.bool_, {"tag": tag})
            self.data.tags[tag] = self.data.tags.get(tag, False) | worn

    def text(self) -> tuple[NDArray[np.int32], tuple[str, ...]]:
        labels = tuple(label for (label,) in self.work.rows(_LABELS))
        return self.fill(_TEXTS, -1, np.int32), labels

    def zones(self) -> None:
        codes, labels = self.text()
        known = [_exists(label) for label in labels]
        for label, exists in zip(labels, known, strict=True):
            if not exists:
                sql = "SELECT count(*), min(row, $first) FROM cell WHERE x = $label"
                total, rows = self.work.row(sql, {"first": FIRST_ROWS, "label": label})
                at = tuple(map(self.table.loaded.row_number, rows))
                self.data.problems.append(Problem("table", "unknown_zone", total, at))
        self.data.zone_names = tuple(label for label, exists in zip(labels, known, strict=True) if exists)
        # One place more than there are zones: code -1 (blank) finds the -1 at the end.
        recoded = np.array(
            [self.data.zone_names.index(label) if exists else -1 for label, exists in zip(labels, known, strict=True)]
            + [-1]
        )
        self.data.zones = recoded[codes].astype(np.int16)

    def summary(self, name: str) -> NDArray[Any]:
        if name in ("first_order", "last_order", "last_interaction"):
            self.note("unreadable_time", _NO_INSTANT)
            return self.fill(_INSTANTS, NEVER, np.int64)
        self.note("unreadable_value", _NO_NUMBER)
        if name in ("monetary", "average_order_value"):
            return self.fill(_MONEY, np.nan, np.float64, {"digits": self.minor_digits})
        return self.fill(_NUMBERS, np.nan, np.float64)

    def own(self) -> Field:
        filled, numbers, instants = self.work.row(_KINDS)
        # Dates first: 20110307 is a date (and a number) wherever every value of the column is one.
        if filled and instants == filled:
            return Field("date", self.fill(_INSTANTS, NEVER, np.int64))
        if filled and numbers == filled:
            return Field("number", self.fill(_NUMBERS, np.nan, np.float64))
        codes, labels = self.text()
        return Field("text", codes, labels)


def _exists(zone: str) -> bool:
    try:
        zone_named(zone)
    except WakeupError:
        return False
    return True

"""A customer table: tags, consents, addresses, zones and own fields, one row per customer."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from attrs import define, evolve, field, frozen
from numpy.typing import NDArray

from wakeup.customers.features import Run
from wakeup.customers.files import Loaded, RowFile
from wakeup.customers.imported import FIRST_ROWS, Problem, ProblemKind
from wakeup.customers.log import problems_of
from wakeup.customers.population import BLANK, NEVER, YES, Field
from wakeup.customers.table_columns import ADDRESSES, TableColumn, table_columns
from wakeup.customers.workspace import Workspace
from wakeup.customers.zones import zone_named
from wakeup.diagnostics import WakeupError, diagnostic

_REPEATED = """
SELECT list_sort(list(row))[:10]
FROM table_rows SEMI JOIN (SELECT id FROM table_rows GROUP BY id HAVING count(*) > 1) USING (id)
"""
_MISSING = "SELECT 'missing_id', count(*), min(row, $first) FROM table_raw WHERE id IS NULL HAVING count(*) > 0"
_KINDS = "SELECT count(x), count(plain_number(x)), count(t) FROM with_instants('cell')"
_NUMBERS = "SELECT seq, plain_number(x) AS value FROM cell WHERE plain_number(x) IS NOT NULL"
_INSTANTS = "SELECT seq, t AS value FROM with_instants('cell') WHERE t IS NOT NULL"
_MONEY = """
SELECT seq, CAST(minor_units(x, $digits) AS BIGINT) AS value FROM cell WHERE minor_units(x, $digits) IS NOT NULL
"""
_YES_NO = "SELECT seq, CAST(coalesce(yes_no(x), 1) AS UTINYINT) AS value FROM cell WHERE x IS NOT NULL"
_CODED = """
INSERT INTO labels SELECT $column, x, row_number() OVER (ORDER BY x) - 1
FROM (SELECT DISTINCT x FROM cell WHERE x IS NOT NULL)
"""
_LABELS = "SELECT x FROM labels WHERE number = $column ORDER BY code"
_TEXTS = "SELECT seq, code AS value FROM cell JOIN labels USING (x) WHERE number = $column"
_TAGS = """
CREATE OR REPLACE TEMP TABLE worn AS
SELECT seq, trim(unnest(string_split_regex(x, '[,;|，；、]'))) AS tag FROM cell WHERE x IS NOT NULL
"""
_WORN_BY = "SELECT DISTINCT seq, true AS value FROM worn WHERE tag = $tag"
_PLACED = """
CREATE TABLE table_placed AS
SELECT seq, table_raw.* EXCLUDE (id) FROM table_raw JOIN people USING (id) ORDER BY seq
"""
_NOT_YES_NO = "SELECT count(*), min(row, $first) FROM cell WHERE x IS NOT NULL AND yes_no(x) IS NULL"
_NO_NUMBER = "SELECT count(*), min(row, $first) FROM cell WHERE x IS NOT NULL AND plain_number(x) IS NULL"
_OF_LABEL = "SELECT count(*), min(row, $first) FROM cell WHERE x = $label"
_INSTANT_SUMMARIES = ("first_order", "last_order", "last_interaction")
_NO_INSTANT = "SELECT count(*), min(row, $first) FROM with_instants('cell') WHERE x IS NOT NULL AND t IS NULL"


@frozen(eq=False)
class OpenTable:
    """A table that is loaded, its ids checked, its people not yet numbered."""

    loaded: Loaded
    columns: tuple[TableColumn, ...]
    names: tuple[str, ...]
    id_column: str
    rows: int


@frozen(eq=False)
class Surveyed:
    """A column of the table and what is the same for all customers: see `Layout`.

    kind: of an own field, else "". labels: of a text, the tags of a list, the names of zones. codes: int16, per label
    of a column of zones its place among the zones that exist, -1 for others and, last, for a blank.
    """

    column: TableColumn
    kind: str = ""
    labels: tuple[str, ...] = ()
    codes: NDArray[np.int16] | None = None


@frozen(eq=False)
class Layout:
    """What a table is read as, settled once for all customers. zone_names: of `Population`."""

    columns: tuple[Surveyed, ...] = ()
    zone_names: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def summaries(self) -> tuple[str, ...]:
        """The names of the summary columns."""
        return tuple(each.column.key for each in self.columns if each.column.kind == "summary")

    def of_summaries(self) -> "Layout":
        """Return the layout without any other column."""
        return evolve(self, columns=tuple(each for each in self.columns if each.column.kind == "summary"))


@define(eq=False)
class TableData:
    """What a table says about n people; see `Population` for the arrays.

    summaries: instants (int64, NEVER missing), numbers and minor units (float64, NaN missing), by summary name.
    """

    consents: dict[str, NDArray[np.uint8]] = field(factory=dict)
    tags: dict[str, NDArray[np.bool_]] = field(factory=dict)
    fields: dict[str, Field] = field(factory=dict)
    zones: NDArray[np.int16] | None = None
    summaries: dict[str, NDArray[Any]] = field(factory=dict)


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


def survey_table(work: Workspace, table: OpenTable) -> Layout:
    """Look through an open table, once the people are enrolled: labels, tags, zones, kinds of fields, problems."""
    survey = _Survey(work, table, list(problems_of(work, "table", table.loaded, _MISSING)))
    work.run(_PLACED)
    work.run("DROP VIEW table_raw")
    work.run("DROP TABLE table_raw_cells")
    work.run("CREATE TABLE labels (number INTEGER, x VARCHAR, code INTEGER)")
    columns = tuple(survey.column(each) for each in table.columns)
    zones = next((each for each in reversed(columns) if each.codes is not None), None)
    known = () if zones is None or zones.codes is None else _existing(zones.labels, zones.codes)
    return Layout(columns, known, tuple(survey.problems))


def read_table(work: Workspace, layout: Layout, run: Run, *, minor_digits: int) -> TableData:
    """Read a run of customers; whoever is not in the table has blanks."""
    data = TableData()
    reader = _Reader(work, run, minor_digits, data)
    addresses: dict[str, NDArray[np.bool_]] = {}
    for each in layout.columns:
        column = each.column
        look_at(work, column, run)
        match column.kind:
            case "tags":
                reader.tag_list(each.labels)
            case "tag":
                data.tags[column.key] = reader.yes_no() == YES
            case "consent":
                data.consents[column.key] = reader.yes_no()
            case "address":
                present = reader.yes_no() != BLANK
                for kind in ADDRESSES[column.key]:
                    addresses[kind.value] = addresses.get(kind.value, False) | present
            case "zone":
                assert each.codes is not None
                data.zones = each.codes[reader.text(column)]
            case "summary":
                data.summaries[column.key] = reader.summary(column.key)
            case "own":
                data.fields[column.key] = reader.own(each)
            case "nothing":
                pass
    for channel, present in addresses.items():
        agreed = data.consents.get(channel, np.full(len(run), YES, np.uint8))
        data.consents[channel] = np.where(present, agreed, np.uint8(BLANK))
    return data


def look_at(work: Workspace, column: TableColumn, run: Run | None = None) -> None:
    """Make view `cell` (row, seq, x; `time` is x for `with_instants`) of a column, of a run of customers or of all."""
    duckdb, source = work.duckdb, work.connection.table("table_placed")
    seq = duckdb.ColumnExpression("seq")
    if run is not None:
        source = source.filter(seq >= duckdb.ConstantExpression(run.low))
        source = source.filter(seq < duckdb.ConstantExpression(run.high))
    value, row = duckdb.ColumnExpression(f"c{column.index}"), duckdb.ColumnExpression("row")
    source.select(row, seq, value.alias("x")).create_view("column_cells", replace=True)
    work.run("CREATE OR REPLACE VIEW cell AS SELECT row, seq, x, x AS time FROM column_cells")


@frozen(eq=False)
class _Survey:
    """Looks through one column after another, all customers at once, and collects what is wrong."""

    work: Workspace
    table: OpenTable
    problems: list[Problem]

    def column(self, column: TableColumn) -> Surveyed:
        look_at(self.work, column)
        match column.kind:
            case "tags":
                self.work.run(_TAGS)
                tags = self.work.rows("SELECT DISTINCT tag FROM worn WHERE tag <> '' ORDER BY tag")
                return Surveyed(column, labels=tuple(tag for (tag,) in tags))
            case "tag" | "consent":
                self.note("unreadable_value", _NOT_YES_NO)
            case "zone":
                return self.zones(column)
            case "summary" if column.key in _INSTANT_SUMMARIES:
                self.note("unreadable_time", _NO_INSTANT)
            case "summary":
                self.note("unreadable_value", _NO_NUMBER)
            case "own":
                return self.own(column)
            case "address" | "nothing":
                pass
        return Surveyed(column)

    def note(self, kind: ProblemKind, sql: str, **parameters: object) -> None:
        total, rows = self.work.row(sql, {"first": FIRST_ROWS, **parameters})
        if total:
            self.problems.append(Problem("table", kind, total, tuple(map(self.table.loaded.row_number, rows))))

    def labels(self, column: TableColumn) -> tuple[str, ...]:
        self.work.run(_CODED, {"column": column.index})
        return tuple(label for (label,) in self.work.rows(_LABELS, {"column": column.index}))

    def zones(self, column: TableColumn) -> Surveyed:
        labels = self.labels(column)
        known = [_exists(label) for label in labels]
        for label, exists in zip(labels, known, strict=True):
            if not exists:
                self.note("unknown_zone", _OF_LABEL, label=label)
        # One place more than there are zones: code -1 (blank) finds the -1 at the end.
        codes = np.where([*known, False], np.cumsum([*known, False]) - 1, -1)
        return Surveyed(column, labels=labels, codes=codes.astype(np.int16))

    def own(self, column: TableColumn) -> Surveyed:
        filled, numbers, instants = self.work.row(_KINDS)
        # Dates first: 20110307 is a date (and a number) wherever every value of the column is one.
        if filled and instants == filled:
            return Surveyed(column, kind="date")
        if filled and numbers == filled:
            return Surveyed(column, kind="number")
        return Surveyed(column, kind="text", labels=self.labels(column))


@frozen(eq=False)
class _Reader:
    """Reads one column after another of a run of customers, through the view `cell`."""

    work: Workspace
    run: Run
    minor_digits: int
    data: TableData

    def fill(self, sql: str, empty: Any, dtype: Any, parameters: Mapping[str, object] | None = None) -> NDArray[Any]:
        """Return an array (n,) of `empty` with the (seq, value) that a query finds."""
        filled = np.full(len(self.run), empty, dtype)
        found = self.work.arrays(sql, parameters or {})
        filled[self.run.rows(found["seq"])] = np.asarray(found["value"])
        return filled

    def yes_no(self) -> NDArray[np.uint8]:
        return self.fill(_YES_NO, BLANK, np.uint8)

    def tag_list(self, tags: tuple[str, ...]) -> None:
        self.work.run(_TAGS)
        for tag in tags:
            worn = self.fill(_WORN_BY, False, np.bool_, {"tag": tag})
            self.data.tags[tag] = self.data.tags.get(tag, False) | worn

    def text(self, column: TableColumn) -> NDArray[np.int32]:
        return self.fill(_TEXTS, -1, np.int32, {"column": column.index})

    def summary(self, name: str) -> NDArray[Any]:
        if name in _INSTANT_SUMMARIES:
            return self.fill(_INSTANTS, NEVER, np.int64)
        if name in ("monetary", "average_order_value"):
            return self.fill(_MONEY, np.nan, np.float64, {"digits": self.minor_digits})
        return self.fill(_NUMBERS, np.nan, np.float64)

    def own(self, surveyed: Surveyed) -> Field:
        match surveyed.kind:
            case "date":
                return Field("date", self.fill(_INSTANTS, NEVER, np.int64))
            case "number":
                return Field("number", self.fill(_NUMBERS, np.nan, np.float64))
            case _:
                return Field("text", self.text(surveyed.column), surveyed.labels)


def _existing(labels: tuple[str, ...], codes: NDArray[np.int16]) -> tuple[str, ...]:
    return tuple(label for label, code in zip(labels, codes[:-1], strict=True) if code >= 0)


def _exists(zone: str) -> bool:
    try:
        zone_named(zone)
    except WakeupError:
        return False
    return True

"""Files of rows, told by their content: CSV, gzipped CSV, Parquet, xlsx; UTF-8, UTF-16, GB18030."""

import codecs
import csv
import gzip
import io
import re
import shutil
import zipfile
import zlib
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from attrs import frozen

from wakeup.customers.columns import plain
from wakeup.customers.workspace import Workspace, optional
from wakeup.diagnostics import WakeupError, diagnostic, reason

_CHUNK = 1 << 20
_LONGEST_LINE = 8 * _CHUNK
_DELIMITERS = ",;\t|"
_BLANKS = " \t\r\n\u3000\ufeff"
_LOOKS_LIKE_DATA = re.compile(r"[-+]?\d[\d.,:/ -]*")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SHOWN = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8 (BOM)", "utf-16": "UTF-16", "gb18030": "GB18030"}
_TYPED = re.compile(r"FLOAT|DOUBLE|(TINY|SMALL|BIG)?INT(EGER)?|DECIMAL\(.*\)|TIMESTAMP")
_GUESSED = ("utf-8", "gb18030")


@frozen(eq=False)
class RowFile:
    """A readable file of rows.

    path: the file. columns: its column names, in order. encoding: as people call it ("UTF-8 (BOM)"; "Parquet", "xlsx").
    first_row: the number of its first row of data; as in a spreadsheet the header is row 1, a Parquet file has none.
    relation: the rows, DuckDB columns in the order of `columns`. text: the UTF-8 CSV that is scanned, None for Parquet.
    """

    path: Path
    columns: tuple[str, ...]
    encoding: str
    first_row: int
    relation: Any
    text: Path | None

    @property
    def name(self) -> str:
        """The file's name without its folder."""
        return self.path.name

    def load(
        self, work: Workspace, table: str, chosen: Mapping[str, int | None], typed: Collection[str] = ()
    ) -> "Loaded":
        """Create `table` with the chosen columns (new name -> index into `columns`, None: all NULL) as trimmed texts.

        Blank becomes NULL, whole floating numbers lose their ".0"; `row` counts the rows that were read from 0. Of the
        `typed` columns those that hold numbers or time stamps without a zone stay as they are.

        Raises:
            WakeupError: WK6014 the file is damaged, WK6044 rows are lost behind an open quote.
        """
        picked = [
            (
                work.duckdb.ColumnExpression(self.relation.columns[index])
                if index is not None and name in typed and _TYPED.fullmatch(str(self.relation.types[index]))
                else self._cell(work.duckdb, index)
            ).alias(name)
            for name, index in chosen.items()
        ]
        try:
            self.relation.select(*picked).create(f"{table}_cells")
        except work.duckdb.Error:
            raise WakeupError([diagnostic("WK6014", file=self.name)]) from None
        work.connection.table(f"{table}_cells").select("rowid AS row, *").create_view(table)
        return Loaded(self.first_row, self._left_out(work))

    def _cell(self, duckdb: Any, index: int | None) -> Any:
        if index is None:
            return duckdb.ConstantExpression(None).cast("VARCHAR")
        cell = duckdb.ColumnExpression(self.relation.columns[index]).cast("VARCHAR")
        if str(self.relation.types[index]) in ("FLOAT", "DOUBLE"):
            whole, nothing = duckdb.ConstantExpression(r"\.0$"), duckdb.ConstantExpression("")
            cell = duckdb.FunctionExpression("regexp_replace", cell, whole, nothing)
        bare = duckdb.FunctionExpression("trim", cell, duckdb.ConstantExpression(_BLANKS))
        return duckdb.FunctionExpression("nullif", bare, duckdb.ConstantExpression(""))

    def _left_out(self, work: Workspace) -> tuple[int, ...]:
        if self.text is None or not work.rows("FROM duckdb_tables() WHERE table_name = 'reject_errors'"):
            return ()
        found = work.rows(
            "SELECT e.line,"
            " bool_or(e.error_type = 'UNQUOTED VALUE' AND regexp_matches(e.csv_line, '[\\r\\n]+[^\\r\\n]'))"
            " FROM reject_errors e JOIN reject_scans s USING (scan_id, file_id)"
            " WHERE s.file_path = ? GROUP BY e.line ORDER BY e.line",
            [str(self.text)],
        )
        for line, swallowed_others in found:
            if swallowed_others:
                raise WakeupError([diagnostic("WK6044", file=self.name, row=line)])
        return tuple(int(line) for line, _ in found)


@frozen
class Loaded:
    """Row numbers of a loaded file. broken: rows that were left out: too few or too many cells, or an open quote."""

    first_row: int
    broken: tuple[int, ...]

    def row_number(self, row: int) -> int:
        """Return the number, as people count, of the row that was read as the `row`-th from 0."""
        before = bisect_right(range(len(self.broken)), row, key=lambda j: self.broken[j] - j - self.first_row)
        return row + self.first_row + before


def open_rows(work: Workspace, path: Path, *, name: str) -> RowFile:
    """Open a file of rows by what it holds, not by what it is called. `name` is unique in the workspace.

    Raises:
        WakeupError: WK6011 unreadable file, WK6012 empty, WK6013 not a file of rows, WK6014 damaged, WK6019 unknown
            encoding, WK6026 no header, WK6045 an endless line.
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(8)
    except OSError as error:
        raise WakeupError([diagnostic("WK6011", file=path.name, reason=reason(error))]) from None
    if not head:
        raise _wrong("WK6012", path)
    try:
        if head.startswith(b"PAR1"):
            return _parquet(work, path)
        if head.startswith(b"PK\x03\x04"):
            return _csv(work, path, *_sheet_as_csv(path, work.folder / f"{name}.csv"))
        return _text(work, path, work.folder / f"{name}.csv", gzipped=head.startswith(b"\x1f\x8b"))
    except (gzip.BadGzipFile, EOFError, zlib.error, zipfile.BadZipFile, work.duckdb.Error):
        raise _wrong("WK6014", path) from None


def _wrong(code: str, path: Path) -> WakeupError:
    return WakeupError([diagnostic(code, file=path.name)])


def literal(path: Path) -> str:
    """Return a path that DuckDB reads as that one file: `*`, `?`, `[` would match others too."""
    return re.sub(r"([*?\[])", r"[\1]", str(path))


def _parquet(work: Workspace, path: Path) -> RowFile:
    relation = work.connection.sql("SELECT * FROM read_parquet(?)", params=[literal(path)])
    return RowFile(path, tuple(relation.columns), "Parquet", 1, relation, None)


def _text(work: Workspace, path: Path, copy: Path, *, gzipped: bool) -> RowFile:
    encoding = _encoding(path, gzipped=gzipped)
    plain_utf8 = encoding in ("utf-8", "utf-8-sig")
    if plain_utf8 and not gzipped:
        return _csv(work, path, path, _SHOWN[encoding])
    with (
        _reader(path, gzipped=gzipped) as source,
        io.TextIOWrapper(source, encoding=encoding, newline="") as text,
        copy.open("w", encoding="utf-8", newline="") as target,
    ):
        shutil.copyfileobj(text, target, _CHUNK)
    return _csv(work, path, copy, _SHOWN[encoding])


def _reader(path: Path, *, gzipped: bool) -> IO[bytes]:
    return gzip.open(path, "rb") if gzipped else path.open("rb")  # type: ignore[return-value]  # GzipFile is a reader


def _encoding(path: Path, *, gzipped: bool) -> str:
    """Return the encoding of the whole text: a BOM says it, else UTF-8 if every byte agrees, else GB18030 likewise."""
    with _reader(path, gzipped=gzipped) as stream:
        head = stream.read(_CHUNK)
    if not head.strip():
        raise _wrong("WK6012", path)
    encoding = next((each for bom, each in _BOMS if head.startswith(bom)), None)
    if encoding is None and b"\0" in head:
        raise _wrong("WK6013", path)
    _refuse_endless_lines(path, gzipped=gzipped)
    for candidate in (encoding,) if encoding else _GUESSED:
        if _decodes(path, candidate, gzipped=gzipped):
            return candidate
    raise _wrong("WK6019", path)


def _refuse_endless_lines(path: Path, *, gzipped: bool) -> None:
    """Refuse a text with a line so long that DuckDB would leave it out without saying so."""
    without_end = 0
    with _reader(path, gzipped=gzipped) as stream:
        while chunk := stream.read(_CHUNK):
            without_end = 0 if b"\n" in chunk or b"\r" in chunk else without_end + len(chunk)
            if without_end >= _LONGEST_LINE:
                raise WakeupError([diagnostic("WK6045", file=path.name, limit=_LONGEST_LINE)])


def _decodes(path: Path, encoding: str, *, gzipped: bool) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with _reader(path, gzipped=gzipped) as stream:
            while chunk := stream.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _csv(work: Workspace, path: Path, text: Path, encoding: str) -> RowFile:
    with text.open(encoding="utf-8-sig", newline="") as stream:
        first = stream.readline(_CHUNK)
        delimiter = max(_DELIMITERS, key=first.count)
        stream.seek(0)
        try:
            header = next(csv.reader(stream, delimiter=delimiter), [])
        except csv.Error:
            raise _wrong("WK6013", path) from None
    names = [cell.strip() for cell in header]
    if any(not letter.isprintable() for name in names for letter in name):
        raise _wrong("WK6013", path)
    if not any(plain(name) for name in names) or any(_LOOKS_LIKE_DATA.fullmatch(name) for name in names):
        raise _wrong("WK6026", path)
    relation = work.connection.sql(
        "SELECT * FROM read_csv(?, columns = ?, auto_detect = false, header = true, delim = ?, quote = '\"',"
        " escape = '\"', compression = 'none', ignore_errors = true, store_rejects = true)",
        params=[literal(text), {f"c{i}": "VARCHAR" for i in range(len(names))}, delimiter],
    )
    return RowFile(path, tuple(names), encoding, 2, relation, text)


def _sheet_as_csv(path: Path, copy: Path) -> tuple[Path, str]:
    """Write the first sheet of a workbook as CSV; dates in ISO form, whole numbers without a point.

    Returns the CSV, and "xlsx" with the name of the sheet if there are others.
    """
    calamine = optional("python_calamine", "python-calamine")
    try:
        workbook = calamine.CalamineWorkbook.from_path(str(path))
        sheet = workbook.get_sheet_by_index(0)
        rows: Sequence[Sequence[object]] = sheet.to_python(skip_empty_area=False)
    except calamine.CalamineError:
        raise _wrong("WK6014", path) from None
    if not rows:
        raise _wrong("WK6012", path)
    with copy.open("w", encoding="utf-8", newline="") as target:
        csv.writer(target).writerows([_cell(value) for value in row] for row in _with_content(rows))
    others = len(workbook.sheet_names) - 1
    return copy, f"xlsx, sheet '{sheet.name}' of {others + 1}" if others else "xlsx"


def _with_content(rows: Sequence[Sequence[object]]) -> Iterator[Sequence[object]]:
    """Leave out the columns right of the header's last name, which spreadsheets keep for their formats."""
    width = max((i + 1 for i, name in enumerate(rows[0]) if str(name).strip()), default=0)
    return (row[:width] for row in rows)


def _cell(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(" ")
    return value.isoformat() if isinstance(value, date) else str(value)

"""Answers from files: CSV with the names of the fields above, or JSONL. A file is read whole before anything is taken:
one wrong row, and nothing is."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, Final

from wakeup.channels.protocol import Answer
from wakeup.diagnostics import Listed, Piece, Say, WakeupError, diagnostic, reason
from wakeup.live.answering import take_in
from wakeup.live.events import FIELDS, Rules, read_events
from wakeup.live.store.protocol import Store

SLICE: Final = 2_000
"""Answers per transaction. The same file again takes none twice, so a machine that dies in between does no harm."""

MOST_TOLD: Final = 20
"""Wrong rows that are told; a reader mends the first ones and tries again."""

_NAMES: Final = tuple(each.name for each in FIELDS)


def ingest_file(store: Store, path: Path, rules: Rules) -> tuple[int, int]:
    """Read a file of answers and put them into the inbox; return how many there are and how many were new.

    Raises:
        WakeupError: WK7102 to WK7106 by row, WK7107 it cannot be read, WK7108 its columns are others; nothing is taken.
    """
    answers = read_file(path, rules)
    rows = iter(answers)
    new = 0
    while some := list(islice(rows, SLICE)):
        new += take_in(store, some)
    return len(answers), new


def read_file(path: Path, rules: Rules) -> list[Answer]:
    """Read a file of answers.

    Raises:
        WakeupError: as `ingest_file`.
    """
    text = _text(path)
    rows = _lines(text, path) if path.suffix in (".jsonl", ".ndjson") else _cells(text, path)
    answers, wrong = read_events(rows, rules)
    if wrong:
        left = len(wrong) - MOST_TOLD
        more = [diagnostic("WK1007", count=left, file=str(path))] if left > 0 else []
        raise WakeupError([*wrong[:MOST_TOLD], *more])
    return answers


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise WakeupError([diagnostic("WK7107", file=str(path), reason=reason(error))]) from None
    for encoding in ("utf-8-sig", "gb18030"):  # what a spreadsheet writes in China
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise WakeupError([diagnostic("WK7107", file=str(path), reason=Say("it is no text"))])


def _cells(text: str, path: Path) -> Iterator[tuple[Piece, Mapping[str, Any]]]:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        names = reader.fieldnames or ()
        if not {"id", "kind", "time"} <= set(names) or len(set(names)) != len(names):
            raise WakeupError([diagnostic("WK7108", file=str(path), fields=Listed(_NAMES, most=30))])
        for row in reader:
            where = Say("row {number}", number=reader.line_num)
            if None in row or None in row.values():
                raise WakeupError([diagnostic("WK7107", file=str(path), reason=_broken(reader.line_num))])
            yield where, {name: cell.strip() for name, cell in row.items()}
    except csv.Error:
        raise WakeupError([diagnostic("WK7107", file=str(path), reason=_broken(reader.line_num))]) from None


def _lines(text: str, path: Path) -> Iterator[tuple[Piece, Mapping[str, Any]]]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            told = json.loads(line, parse_float=Decimal)
        except (ValueError, RecursionError):
            told = None
        if not isinstance(told, dict):
            raise WakeupError([diagnostic("WK7107", file=str(path), reason=_broken(number))])
        yield Say("row {number}", number=number), told


def _broken(row: int) -> Piece:
    return Say("row {number} is cut off or has other columns", number=row)

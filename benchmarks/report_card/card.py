"""What a report card is made of."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
from attrs import frozen

from wakeup.stats import normal_quantile

BAND = 0.99
"""Level of the bands within which what was seen must lie: one check in a hundred fails by chance."""


@frozen
class Check:
    """One claim held against data: what was found, whether it holds, and if not, why (as far as anybody knows)."""

    claim: str
    data: str
    found: str
    holds: bool
    cause: str = ""


@frozen
class Picture:
    """An SVG under a file name; `says` is what a reader who cannot see it is told."""

    name: str
    says: str
    svg: str


@frozen
class Section:
    """A part of the card: paragraphs, one table (its head first, no table if empty), checks, pictures."""

    title: str
    text: Sequence[str]
    table: Sequence[Sequence[str]]
    checks: Sequence[Check]
    pictures: Sequence[Picture]


@frozen
class Source:
    """A file that was read: its name below the data folder, its rows, the first digits of its SHA-256."""

    name: str
    rows: int
    digest: str


def opened(folder: Path, files: Mapping[str, str]) -> duckdb.DuckDBPyConnection:
    """Return a connection in which each file (name -> path below the folder) is a view."""
    connection = duckdb.connect()
    for name, file in files.items():
        path = str(folder / file)
        read = connection.read_parquet(path) if file.endswith(".parquet") else connection.read_csv(path)
        read.create_view(name)
    return connection


def source(folder: Path, name: str) -> Source:
    """Look at a file of the data."""
    ((rows,),) = opened(folder, {"file": name}).execute("SELECT count(*) FROM file").fetchall()
    return Source(name, int(rows), hashlib.sha256((folder / name).read_bytes()).hexdigest()[:12])


def band(share: float, people: float) -> tuple[float, float]:
    """Return where a share seen among so many people lies, if `share` is the truth: normal, at level `BAND`."""
    half = normal_quantile((1.0 + BAND) / 2.0) * (share * (1.0 - share) / people) ** 0.5
    return max(share - half, 0.0), min(share + half, 1.0)


def percent(share: float, digits: int = 1) -> str:
    """Return a share in percent."""
    return f"{100.0 * share:.{digits}f} %"


def holding(holds: bool) -> str:
    """Return how a check is marked."""
    return "holds" if holds else "**fails**"

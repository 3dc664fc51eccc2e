"""A DuckDB connection that spills to a folder of its own and forgets everything at the end."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from attrs import frozen

from wakeup.diagnostics import WakeupError, diagnostic

if TYPE_CHECKING:
    from types import ModuleType

    import duckdb

Parameters = Sequence[object] | Mapping[str, object]
"""Bound values of a statement: in order, or by name."""

MEMORY_LIMIT = "1GB"
"""What DuckDB may hold in memory; beyond it tables go to disk, so a log may be larger than the machine's memory."""


@frozen(eq=False)
class Workspace:
    """An open connection, the DuckDB module, and a folder for intermediate files."""

    connection: "duckdb.DuckDBPyConnection"
    duckdb: "ModuleType"
    folder: Path

    def run(self, sql: str, parameters: Parameters = ()) -> None:
        """Run one statement with bound parameters."""
        self.connection.execute(sql, parameters)

    def rows(self, sql: str, parameters: Parameters = ()) -> list[tuple[Any, ...]]:
        """Run a query and return its rows."""
        return self.connection.execute(sql, parameters).fetchall()

    def row(self, sql: str, parameters: Parameters = ()) -> tuple[Any, ...]:
        """Run a query of one row and return it."""
        return self.rows(sql, parameters)[0]

    def arrays(self, sql: str, parameters: Parameters = ()) -> dict[str, Any]:
        """Run a query and return its columns as NumPy arrays (masked where SQL has NULL)."""
        columns: dict[str, Any] = self.connection.execute(sql, parameters).fetchnumpy()
        return columns


@contextmanager
def workspace() -> Iterator[Workspace]:
    """Open a workspace; its connection and files are gone afterwards.

    Raises:
        WakeupError: WK6010, DuckDB is not installed.
    """
    duckdb = optional("duckdb", "duckdb")
    with TemporaryDirectory(prefix="wakeup-") as name:
        folder = Path(name)
        connection = _connected(duckdb, str(folder / "spill"))
        try:
            _set_up(connection)
            yield Workspace(connection, duckdb, folder)
        finally:
            connection.close()


@contextmanager
def reading() -> Iterator[Workspace]:
    """Open a workspace in which a few rows are read and nothing is made: nothing of it may need to spill.

    All such in a process are of one database, since making one takes longer than reading 65,536 customers.

    Raises:
        WakeupError: WK6010, DuckDB is not installed.
    """
    duckdb = optional("duckdb", "duckdb")
    with TemporaryDirectory(prefix="wakeup-") as name:
        connection = _shared(os.getpid()).cursor()
        try:
            _set_up(connection)
            yield Workspace(connection, duckdb, Path(name))
        finally:
            connection.close()


@cache
def _shared(process: int) -> "duckdb.DuckDBPyConnection":
    """Return the database that readers in a process share; a forked one has its own, as threads stay behind."""
    return _connected(optional("duckdb", "duckdb"), "")


def _connected(module: "ModuleType", spill: str) -> "duckdb.DuckDBPyConnection":
    """Return a new database that spills to a folder, "" for none."""
    connection: duckdb.DuckDBPyConnection = module.connect(
        ":memory:",
        config={
            "memory_limit": MEMORY_LIMIT,
            "temp_directory": spill,
            # A reader of customer data never reaches for the network.
            "autoinstall_known_extensions": "false",
        },
    )
    return connection


def _set_up(connection: "duckdb.DuckDBPyConnection") -> None:
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET enable_progress_bar = false")


def optional(module: str, package: str) -> "ModuleType":
    """Import a module of the `data` extra.

    Raises:
        WakeupError: WK6010, it is not installed.
    """
    try:
        return import_module(module)
    except ImportError:
        raise WakeupError([diagnostic("WK6010", package=package)]) from None

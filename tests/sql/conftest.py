"""A PostgreSQL server of the tests' own, where the machine has one to start."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pytest
from tests.sql.crowd import create_table

NOBODY = 65_534
"""The user that the server runs as when the tests run as root, which PostgreSQL refuses."""


def _programs() -> tuple[str, str] | None:
    """Where initdb and pg_ctl are: on the path, in Debian's place for servers, or beside what these lead to."""
    debian = os.pathsep.join(str(each) for each in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True))
    control = shutil.which("pg_ctl") or (shutil.which("pg_ctl", path=debian) if debian else None)
    if control is None:
        return None
    found = shutil.which("initdb") or shutil.which("initdb", path=str(Path(control).resolve().parent))
    return None if found is None else (found, control)


def _run(*command: str) -> None:
    as_root = os.geteuid() == 0
    done = subprocess.run(
        command,
        check=False,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        cwd="/",
        user=NOBODY if as_root else None,
        group=NOBODY if as_root else None,
        extra_groups=() if as_root else None,
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]}: {done.stderr}")


@pytest.fixture(scope="session")
def ask_duckdb() -> Callable[[str, Sequence[list[Any]]], set[tuple[Any, ...]]]:
    """Runs a query over table `customers` with the rows given."""
    connection = duckdb.connect(config={"threads": 1})
    connection.execute(create_table())
    connection.execute("SET TimeZone = 'Asia/Tokyo'")  # nobody's zone: a query must not depend on it

    def ask(query: str, rows: Sequence[list[Any]]) -> set[tuple[Any, ...]]:
        connection.execute("DELETE FROM customers")
        marks = ", ".join("(" + ", ".join("?" * len(each)) + ")" for each in rows)
        connection.execute(f"INSERT INTO customers VALUES {marks}", [cell for each in rows for cell in each])
        return set(connection.execute(query).fetchall())

    return ask


@pytest.fixture(scope="session")
def postgres_socket() -> Iterator[str]:
    """The folder with the socket of a server that is gone afterwards; skips where there is none to start."""
    pytest.importorskip("psycopg", reason="NO POSTGRESQL DRIVER: pip install 'psycopg[binary]'")
    programs = _programs()
    if programs is None:
        pytest.skip("NO POSTGRESQL: initdb and pg_ctl are not on the path")
    initdb, control = programs
    with TemporaryDirectory(prefix="pg") as folder:
        if os.geteuid() == 0:
            os.chown(folder, NOBODY, NOBODY)
        data = f"{folder}/data"
        # Texts in the order of a dictionary, which is not the order of Python: a query must not depend on it.
        language = ("--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US")
        _run(initdb, "-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8", "--no-sync", *language)
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        _run(control, "-D", data, "-w", "-o", options, "-l", f"{folder}/log", "start")
        try:
            yield folder
        finally:
            _run(control, "-D", data, "-m", "immediate", "stop")


@pytest.fixture(scope="session")
def postgres(postgres_socket: str) -> Iterator[Any]:
    """A connection of psycopg; its session is in nobody's zone, since a query must not depend on it."""
    import psycopg

    with psycopg.connect(f"host={postgres_socket} user=tester dbname=postgres", autocommit=True) as connection:
        connection.execute("SET TimeZone = 'Asia/Tokyo'")
        yield connection


@pytest.fixture(scope="session")
def ask_postgres(postgres: Any) -> Callable[[str, Sequence[list[Any]]], set[tuple[Any, ...]]]:
    """Runs a query over table `customers` with the rows given."""

    def ask(query: str, rows: Sequence[list[Any]]) -> set[tuple[Any, ...]]:
        with postgres.transaction(force_rollback=True), postgres.cursor() as cursor:
            cursor.execute(create_table())
            cursor.executemany(f"INSERT INTO customers VALUES ({', '.join(['%s'] * len(rows[0]))})", rows)
            return set(cursor.execute(query.encode()).fetchall())

    return ask

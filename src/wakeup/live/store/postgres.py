"""A store in PostgreSQL: many executors, on many machines.

The sole right to decide for a campaign is an advisory lock of the transaction: whoever wants it waits, and it is gone
with the connection. Sends themselves go out in parallel, outside of transactions. Tables live in the schema ``wakeup``.
"""

import hashlib
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlsplit

from wakeup.diagnostics import Diagnostic, Say, WakeupError, diagnostic
from wakeup.live.seal import Keys
from wakeup.live.store import audit
from wakeup.live.store.protocol import Reader, Work
from wakeup.live.store.reading import Reading
from wakeup.live.store.schema import NEWEST, Dialect, bring_forward, create_meta, key_mark, meta
from wakeup.live.store.session import Values
from wakeup.live.store.working import Working

try:
    import psycopg
    from psycopg.types.numeric import Int8Dumper
except ImportError as error:  # psycopg itself, or the library behind it
    raise WakeupError([diagnostic("WK7033", package=error.name or "psycopg", extra="postgres")]) from None

PATIENCE: Final = 30
"""Seconds that a statement waits for a lock of somebody else."""

Connection = psycopg.Connection[tuple[Any, ...]]

_DIALECT: Final = Dialect(
    {
        # In the order of code points, as SQLite and Python have it.
        "{text}": 'TEXT COLLATE "C"',
        "{int}": "BIGINT",
        "{blob}": "BYTEA",
        "{serial}": "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
        "{end}": "",
    },
    {
        1: (
            """CREATE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'the audit log is only added to'; END $$""",
            "CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_stays()",
        )
    },
)


class PostgresSession:
    """A connection in a transaction; see `session.Session`."""

    def __init__(self, connection: Connection, keys: Keys) -> None:
        self.connection = connection
        self.keys = keys

    def rows(self, sql: str, values: Values = ()) -> list[tuple[Any, ...]]:
        """Ask, and return all rows."""
        return self.connection.execute(_marked(sql), values).fetchall()

    def change(self, sql: str, values: Values = ()) -> int:
        """Run once; return how many rows were changed."""
        return self.connection.execute(_marked(sql), values).rowcount

    def many(self, sql: str, rows: Sequence[Values]) -> int:
        """Run once per row of values, in one pipeline; return how many rows were changed in all."""
        if not rows:
            return 0
        with self.connection.cursor() as cursor:
            cursor.executemany(_marked(sql), rows)
            return cursor.rowcount

    def each(self, sql: str, rows: Sequence[Values]) -> list[int]:
        """Run once per row of values, in one pipeline; return how many rows each changed."""
        with self.connection.cursor() as cursor:
            return [each.rowcount for each in _run(cursor, sql, rows)]

    def found(self, sql: str, rows: Sequence[Values]) -> list[list[tuple[Any, ...]]]:
        """Ask once per row of values, in one pipeline; return the rows of each."""
        with self.connection.cursor() as cursor:
            return [each.fetchall() for each in _run(cursor, sql, rows)]

    def hold(self, name: str) -> None:
        """Wait until nobody else holds that name, and hold it until the transaction ends."""
        digest = hashlib.blake2b(name.encode(), digest_size=8, person=b"wakeup right").digest()
        self.connection.execute("SELECT pg_advisory_xact_lock(%s)", (int.from_bytes(digest, "big", signed=True),))

    def decide_alone(self) -> None:
        """Nothing to do: several executors share a server; see `hold`."""

    def scrub(self) -> None:
        """Nothing to do: the server's own vacuum clears what was overwritten."""


class PostgresStore:
    """An open store; see `protocol.Store`. durable=False: a commit does not wait for the server's disk."""

    def __init__(self, address: str, keys: Keys, *, make: bool = True, durable: bool = True) -> None:
        """Connect, make the tables if there are none, bring them to the newest form.

        Raises:
            WakeupError: WK7021 no store there and `make` is False, WK7024 another key, WK7029 newer, WK7030 the server.
        """
        self.address = without_password(address)
        self.keys = keys
        self._conninfo = address
        self._durable = durable
        self._idle: list[Connection] = []
        self._guard = threading.Lock()
        self._closed = False
        try:
            with self._connected() as connection:
                self._prepare(connection, make)
        except BaseException:
            self.close()
            raise

    @contextmanager
    def work(self, campaign: str = "") -> Iterator[Work]:
        """Begin a transaction; with a campaign, wait for the sole right to decide for it."""
        with self._connected() as connection, connection.transaction():
            session = PostgresSession(connection, self.keys)
            if campaign:
                session.hold(campaign)
            yield Working(session)

    @contextmanager
    def read(self) -> Iterator[Reader]:
        """A consistent view."""
        with self._connected() as connection:
            connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            try:
                yield Reading(PostgresSession(connection, self.keys))
            finally:
                if not connection.broken:
                    connection.execute("ROLLBACK")

    def check(self) -> list[Diagnostic]:
        """Look through the audit log; the server looks after its files itself."""
        with self.read() as reader:
            assert isinstance(reader, Reading)
            line = audit.broken_at(reader.session)
        return [] if line is None else [diagnostic("WK7035", store=self.address, line=line)]

    def close(self) -> None:
        """Give back the connections."""
        with self._guard:
            self._closed = True
            for connection in self._idle:
                connection.close()
            self._idle.clear()

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        with self._guard:
            connection = self._idle.pop() if self._idle else None
        try:
            if connection is None:
                connection = self._connect()
            yield connection
        except psycopg.Error as error:
            raise WakeupError([self._diagnosed(error)]) from None
        finally:
            if connection is not None:
                self._give_back(connection)

    def _give_back(self, connection: Connection) -> None:
        with self._guard:
            if not self._closed and not connection.broken:
                self._idle.append(connection)
                return
            # Where one is broken the others are, too: the server was away. The next question connects anew.
            away = [connection, *self._idle]
            self._idle.clear()
        for each in away:
            each.close()

    def _diagnosed(self, error: psycopg.Error) -> Diagnostic:
        if isinstance(error, psycopg.errors.LockNotAvailable):
            return diagnostic("WK7023", store=self.address, seconds=PATIENCE)
        if isinstance(error, psycopg.errors.DiskFull):
            return diagnostic("WK7027", store=self.address, reason=Say("no space left on the disk"))
        return diagnostic("WK7030", store=self.address, told=_told(error))

    def _connect(self) -> Connection:
        connection = psycopg.connect(self._conninfo, autocommit=True, connect_timeout=10)
        connection.adapters.register_dumper(int, Int8Dumper)
        connection.execute("SET search_path TO wakeup")
        connection.execute(f"SET lock_timeout TO '{PATIENCE * 1000}'")
        connection.execute(f"SET synchronous_commit TO {'on' if self._durable else 'off'}")
        return connection

    def _prepare(self, connection: Connection, make: bool) -> None:
        session = PostgresSession(connection, self.keys)
        with connection.transaction():
            session.hold("form of the store")
            if not session.rows("SELECT 1 FROM pg_namespace WHERE nspname = 'wakeup'"):
                if not make:
                    raise WakeupError([diagnostic("WK7021", store=self.address)])
                session.change("CREATE SCHEMA wakeup")
            session.change(create_meta(_DIALECT))
            told = meta(session)
            form = int(told.get("form", 0))
            if form > NEWEST:
                raise WakeupError([diagnostic("WK7029", store=self.address, found=form, known=NEWEST)])
            if form and told["key"] != key_mark(session):
                raise WakeupError([diagnostic("WK7024", store=self.address)])
            bring_forward(session, _DIALECT, form)


def without_password(address: str) -> str:
    """Return the address of a database without what must not be shown: the password, here or among the options."""
    parts = urlsplit(address)
    user = parts.username or ""
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{user}{'@' if user else ''}{host}{parts.path}"


@lru_cache(maxsize=256)
def _marked(sql: str) -> bytes:
    return sql.replace("?", "%s").encode()


def _run(cursor: psycopg.Cursor[tuple[Any, ...]], sql: str, rows: Sequence[Values]) -> Iterator[Any]:
    if rows:
        cursor.executemany(_marked(sql), rows, returning=True)
        yield from cursor.results()


def _told(error: psycopg.Error) -> str:
    # Only the server's main line: its details quote the values of rows.
    told = error.diag.message_primary or str(error).partition("\n")[0] or type(error).__name__
    return f"{told} ({error.sqlstate})" if error.sqlstate else told

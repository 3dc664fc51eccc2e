"""A store in an SQLite file: one machine, one process that decides, any number that look, ask and take answers in.

WAL with synchronous=FULL: a commit is on the disk before the next statement. A writer has the file to itself (BEGIN
IMMEDIATE); readers see the last commit and wait for nobody.
"""

import os
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from wakeup.diagnostics import Diagnostic, Piece, Say, WakeupError, diagnostic, reason
from wakeup.figures.lock import Lock
from wakeup.live.seal import Keys
from wakeup.live.store import audit
from wakeup.live.store.protocol import Reader, Work
from wakeup.live.store.reading import Reading
from wakeup.live.store.schema import NEWEST, Dialect, bring_forward, create_meta, key_mark, meta
from wakeup.live.store.session import Values
from wakeup.live.store.working import Working

try:
    import apsw
except ModuleNotFoundError as error:
    raise WakeupError([diagnostic("WK7033", package=str(error.name), extra="live")]) from None

PATIENCE: Final = 10
"""Seconds that a writer waits for another one."""

_LOOK: Final = 0.002
"""Seconds between two looks whether it is this process's turn."""

_FIRST_FLAW: Final = (3, 7, 0)
_MENDED: Final = (3, 51, 3)
_MENDED_EARLIER: Final = ((3, 44, 6), (3, 50, 7))
"""The WAL-reset bug (sqlite.org/wal.html#walresetbug): two connections, and committed rows are lost."""

_DIALECT: Final = Dialect(
    {
        "{text}": "TEXT",
        "{int}": "INTEGER",
        "{blob}": "BLOB",
        "{serial}": "INTEGER PRIMARY KEY AUTOINCREMENT",
        "{end}": "STRICT",
    },
    {
        1: tuple(
            f"CREATE TRIGGER audit_{verb.lower()} BEFORE {verb} ON audit"
            " BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END"
            for verb in ("UPDATE", "DELETE")
        )
    },
)


def loses_data(version: str) -> bool:
    """Return whether an SQLite library has the WAL-reset bug."""
    parts = tuple(int(part) for part in version.split(".")[:3])
    backported = any(parts[:2] == each[:2] and parts >= each for each in _MENDED_EARLIER)
    return _FIRST_FLAW <= parts < _MENDED and not backported


class SqliteSession:
    """A connection in a transaction; see `session.Session`."""

    def __init__(self, connection: apsw.Connection, keys: Keys, lock: "DecidingLock") -> None:
        self.connection = connection
        self.keys = keys
        self.scrubbing = False
        self._lock = lock

    def rows(self, sql: str, values: Values = ()) -> list[tuple[Any, ...]]:
        """Ask, and return all rows."""
        return self.connection.execute(sql, values).fetchall()

    def change(self, sql: str, values: Values = ()) -> int:
        """Run once; return how many rows were changed."""
        self.connection.execute(sql, values)
        return self.connection.changes()

    def many(self, sql: str, rows: Sequence[Values]) -> int:
        """Run once per row of values; return how many rows were changed in all."""
        before = self.connection.total_changes()
        self.connection.executemany(sql, rows)
        return self.connection.total_changes() - before

    def each(self, sql: str, rows: Sequence[Values]) -> list[int]:
        """Run once per row of values; return how many rows each changed."""
        return [self.change(sql, row) for row in rows]

    def found(self, sql: str, rows: Sequence[Values]) -> list[list[tuple[Any, ...]]]:
        """Ask once per row of values; return the rows of each."""
        return [self.rows(sql, row) for row in rows]

    def hold(self, name: str) -> None:
        """Nothing to wait for: whoever writes has the file to itself."""

    def decide_alone(self) -> None:
        """Take the lock of the process that decides.

        Raises:
            WakeupError: WK7022, another process has it.
        """
        self._lock.take()

    def scrub(self) -> None:
        """Overwrite with zeros what is deleted, and empty the log behind the commit."""
        self.connection.pragma("secure_delete", True)
        self.scrubbing = True


class DecidingLock:
    """The right of one process to decide, which the system takes back from whoever dies."""

    def __init__(self, store: Path) -> None:
        self._store = store
        self._name = f"{store.name}.lock"
        self._held: Lock | None = None

    def take(self) -> None:
        """Have it from now on.

        Raises:
            WakeupError: WK7022 another process has it, WK7027 no lock can be made.
        """
        if self._held is not None:
            return
        try:
            self._held = Lock.take(self._store.parent, self._name)
        except OSError as error:
            raise _unwritable(str(self._store), reason(error)) from None
        if self._held is None:
            raise WakeupError([diagnostic("WK7022", process=self._holder(), store=str(self._store))])
        self._held.file.truncate(0)
        self._held.file.write(str(os.getpid()).encode())
        self._held.file.flush()

    def leave(self) -> None:
        """Give it back."""
        if self._held is not None:
            self._held.leave()
            self._held = None

    def _holder(self) -> str:
        with suppress(OSError):
            return (self._store.parent / self._name).read_text("ascii", "replace") or "?"
        return "?"


class SqliteStore:
    """An open store; see `protocol.Store`. durable=False: commits survive the process, not the machine."""

    def __init__(self, path: Path, keys: Keys, *, durable: bool = True) -> None:
        """Open the file, make it if there is none, bring it to the newest form.

        Raises:
            WakeupError: WK7020 to WK7029.
        """
        if loses_data(apsw.sqlite_lib_version()):
            raise WakeupError([diagnostic("WK7020", version=apsw.sqlite_lib_version())])
        self.address = str(path)
        self.keys = keys
        self._path = path
        self._durable = durable
        self._deciding = DecidingLock(path)
        self._one_writer = threading.Lock()
        self._next_writer = threading.Lock()
        self._idle: list[apsw.Connection] = []
        self._guard = threading.Lock()
        self._own()
        with self._told():
            self._writer = self._connect()
            try:
                self._prepare()
            except BaseException:
                self._writer.close()
                raise

    @contextmanager
    def work(self, campaign: str = "") -> Iterator[Work]:
        """Begin a transaction that has the file to itself, whatever the campaign."""
        with ExitStack() as held:
            held.enter_context(self._told())
            transaction = ExitStack()
            with self._turn():
                held.enter_context(self._one_writer)
                session = SqliteSession(self._writer, self.keys, self._deciding)
                transaction.enter_context(self._transaction("BEGIN IMMEDIATE"))
            with transaction:
                yield Working(session)
            if session.scrubbing:
                self._scrubbed()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Wait to be the next that writes. An executor writes without a break, and who orders a pause must not wait for
        luck: SQLite and locks of threads let the last writer go first again, here nobody overtakes who waits.

        Raises:
            WakeupError: WK7027, the folder takes no lock.
        """
        with self._next_writer:
            for _ in range(1 + int(PATIENCE / _LOOK)):
                try:
                    turn = Lock.take(self._path.parent, f"{self._path.name}.turn")
                except OSError as error:
                    raise _unwritable(self.address, reason(error)) from None
                if turn is not None:
                    break
                time.sleep(_LOOK)
            else:
                raise apsw.BusyError("too many writers")
            try:
                yield
            finally:
                turn.leave()

    @contextmanager
    def read(self) -> Iterator[Reader]:
        """A consistent view of the last commit; from several threads at once."""
        with self._guard:
            connection = self._idle.pop() if self._idle else None
        with self._told():
            if connection is None:
                connection = self._connect()
                connection.pragma("query_only", True)
            try:
                connection.execute("BEGIN")
                yield Reading(SqliteSession(connection, self.keys, self._deciding))
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                with self._guard:
                    self._idle.append(connection)

    def check(self) -> list[Diagnostic]:
        """Look through the file and the audit log; return what is wrong."""
        found: list[Diagnostic] = []
        try:
            with self.read() as reader:
                assert isinstance(reader, Reading)
                told = [row[0] for row in reader.session.rows("PRAGMA integrity_check(10)")]
                found += [diagnostic("WK7028", store=self.address, told=each) for each in told if each != "ok"]
                line = audit.broken_at(reader.session)
        except WakeupError as error:
            return [*found, *error.diagnostics]
        return found if line is None else [*found, diagnostic("WK7035", store=self.address, line=line)]

    def copy_to(self, path: Path) -> None:
        """Write a copy of the last commit to a new file, while others go on: a backup. The key is not in it.

        Raises:
            WakeupError: WK7027, there is something already, or the disk is full.
        """
        if path.exists():
            raise _unwritable(str(path), Say("it is there already"))
        with self._told(), closing(self._connect()) as connection:
            connection.execute("VACUUM INTO ?", (str(path),))
            path.chmod(0o600)

    def close(self) -> None:
        """Give back the file and the right to decide."""
        with self._one_writer, self._guard:
            for connection in [*self._idle, self._writer]:
                connection.close()
            self._idle.clear()
        self._deciding.leave()

    def _own(self) -> None:
        """Make a new file one that its owner alone can read; SQLite gives the files beside it the same rights."""
        with suppress(OSError):  # what is wrong with the place is told on opening
            os.close(os.open(self._path, os.O_CREAT | os.O_EXCL, 0o600))

    def _connect(self) -> apsw.Connection:
        connection = apsw.Connection(self.address)
        connection.set_busy_timeout(PATIENCE * 1000)
        if connection.pragma("journal_mode", "wal") != "wal":
            raise _unwritable(self.address, Say("the file system does not let two processes share a file"))
        connection.pragma("synchronous", "full" if self._durable else "off")
        connection.pragma("fullfsync", self._durable)  # on macOS a plain sync stops at the drive's cache
        connection.pragma("trusted_schema", False)
        connection.pragma("cache_size", -64_000)
        return connection

    def _prepare(self) -> None:
        session = SqliteSession(self._writer, self.keys, self._deciding)
        with self._transaction("BEGIN IMMEDIATE"):
            session.change(create_meta(_DIALECT))
            told = meta(session)
            form = int(told.get("form", 0))
            if form > NEWEST:
                raise WakeupError([diagnostic("WK7029", store=self.address, found=form, known=NEWEST)])
            if form and told["key"] != key_mark(session):
                raise WakeupError([diagnostic("WK7024", store=self.address)])
            bring_forward(session, _DIALECT, form)

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[None]:
        self._writer.execute(begin)
        try:
            yield
            self._writer.execute("COMMIT")
        except BaseException:
            # A full disk ends the transaction by itself.
            if self._writer.in_transaction:
                self._writer.execute("ROLLBACK")
            raise

    def _scrubbed(self) -> None:
        self._writer.pragma("secure_delete", False)
        with suppress(apsw.BusyError):
            self._writer.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (apsw.BusyError, apsw.LockedError):
            raise WakeupError([diagnostic("WK7023", store=self.address, seconds=PATIENCE)]) from None
        except apsw.FullError:
            raise _unwritable(self.address, Say("no space left on the disk")) from None
        except (apsw.CantOpenError, apsw.ReadOnlyError, apsw.PermissionsError):
            raise _unwritable(self.address, Say("permission denied")) from None
        except apsw.IOError:
            raise _unwritable(self.address, Say("the disk does not answer")) from None
        except (apsw.CorruptError, apsw.NotADBError) as error:
            raise WakeupError([diagnostic("WK7028", store=self.address, told=str(error))]) from None


def _unwritable(store: str, why: Piece) -> WakeupError:
    return WakeupError([diagnostic("WK7027", store=store, reason=why)])

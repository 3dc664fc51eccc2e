"""Open a store by its address."""

from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from wakeup.diagnostics import WakeupError, diagnostic, reason
from wakeup.live.seal import check_private, keys_at, make_key_file
from wakeup.live.store.protocol import Store

_SQLITE: Final = "sqlite:///"
_POSTGRES: Final = ("postgresql://", "postgres://")
_MAGIC: Final = b"SQLite format 3\0"


def open_store(address: str, key: str | None = None, *, make: bool = True, durable: bool = True) -> Store:
    """Open a store: a path or ``sqlite:///path``, or ``postgresql://user@host/database``.

    key: where its keys are, ``env:NAME`` or ``file:PATH``; by default, for a file, ``<store>.key`` beside it, which is
    made with the store. make: whether a store that is not there is made. durable=False: for rehearsals, commits do not
    wait for the disk.

    Raises:
        WakeupError: WK7020 to WK7036: what is wrong with the address, the key, the file or the server.
    """
    if address.startswith(_POSTGRES):
        try:
            urlsplit(address)
        except ValueError:  # the address is not shown: a password may stand in it
            raise WakeupError([diagnostic("WK7032", store=address.partition("://")[0] + "://")]) from None
        if key is None:
            raise WakeupError([diagnostic("WK7036")])
        from wakeup.live.store.postgres import PostgresStore

        return PostgresStore(address, keys_at(key), make=make, durable=durable)
    if "://" in address and not address.startswith(_SQLITE):
        raise WakeupError([diagnostic("WK7032", store=address.partition("://")[0] + "://")])
    path = Path(unquote(address.removeprefix(_SQLITE)) if address.startswith(_SQLITE) else address)
    if not path.name or path.is_dir():
        raise WakeupError([diagnostic("WK7032", store=address)])
    there = path.exists() and path.stat().st_size > 0
    if not there and not make:
        raise WakeupError([diagnostic("WK7021", store=str(path))])
    if key is None:
        beside = path.with_name(path.name + ".key")
        if not beside.exists():
            if there:
                _check_form(path)
            else:
                make_key_file(beside)
        check_private(beside)
        key = f"file:{beside}"
    from wakeup.live.store.sqlite import SqliteStore

    return SqliteStore(path, keys_at(key), durable=durable)


def _check_form(path: Path) -> None:
    """Say that another kind of file is no store, before its key is missed.

    Raises:
        WakeupError: WK7028.
    """
    try:
        with path.open("rb") as file:
            is_one = file.read(len(_MAGIC)) == _MAGIC
    except OSError as error:
        raise WakeupError([diagnostic("WK7027", store=str(path), reason=reason(error))]) from None
    if not is_one:
        raise WakeupError([diagnostic("WK7028", store=str(path), told="file is not a database")])

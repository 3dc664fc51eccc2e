"""Where the stores of kill loops are: a file each, or a database each on the tests' own server."""

import itertools
from pathlib import Path

from wakeup.live.seal import make_key_file

_numbers = itertools.count()


def place(store: str, folder: Path, socket: str) -> tuple[str, str]:
    """Return address and key of a new store. socket: folder of the server's socket."""
    if store == "sqlite":
        return str(folder / "shop.db"), ""
    import psycopg

    name, key = f"kills_{next(_numbers)}", folder / "server.key"
    with psycopg.connect(f"host={socket} user=tester dbname=postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    make_key_file(key)
    return f"postgresql://tester@/{name}?host={socket}", f"file:{key}"

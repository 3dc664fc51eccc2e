"""One process at a time in a folder: a lock that the system takes back from whoever dies."""

import os
import sys
from pathlib import Path
from typing import IO, ClassVar

from attrs import frozen


@frozen(eq=False)
class Lock:
    """A lock on a folder that this process holds."""

    NAME: ClassVar = "lock"

    path: Path
    file: IO[bytes]

    @classmethod
    def take(cls, folder: Path, name: str = NAME) -> "Lock | None":
        """Take the lock of a folder; None: another process holds it.

        Raises:
            OSError: the folder cannot be written, or its file system knows no locks.
        """
        path = folder / name
        while True:
            file = path.open("ab")
            try:
                _lock(file)
            except (BlockingIOError, PermissionError):
                file.close()
                return None
            except OSError:
                file.close()
                raise
            if _is(file, path):
                return cls(path, file)
            file.close()  # whoever held it has removed it meanwhile

    def leave(self) -> None:
        """Give the lock back and remove its file."""
        self.path.unlink(missing_ok=True)
        self.file.close()


def _is(file: IO[bytes], path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

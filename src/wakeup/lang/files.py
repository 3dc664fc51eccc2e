"""Where campaign files come from: a disk, or texts held in memory by a program that embeds wakeup."""

import os
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Protocol

from attrs import frozen

from wakeup.source import MAX_SOURCE_BYTES

PROJECT_FILE = "wakeup.toml"


class FileSystem(Protocol):
    """What the loader asks of a file system. Paths are absolute, with forward slashes, without links and dots."""

    def resolve(self, path: str) -> str:
        """Return the true absolute path (links followed), whether or not such a file exists."""

    def exists(self, path: str) -> bool:
        """Tell whether there is a file at this path."""

    def read(self, path: str) -> bytes:
        """Return at most one byte more than a source file may have.

        Raises:
            OSError: there is no such file, or it may not be read.
        """


class LocalFiles:
    """The files of this machine."""

    def resolve(self, path: str) -> str:
        """See `FileSystem.resolve`."""
        # Not `Path.resolve`, which raises where links go round in a circle.
        return Path(os.path.realpath(path)).as_posix()

    def exists(self, path: str) -> bool:
        """See `FileSystem.exists`; a file that may not be looked at is not there."""
        return os.path.isfile(path)

    def read(self, path: str) -> bytes:
        """See `FileSystem.read`."""
        with open(path, "rb") as file:
            return file.read(MAX_SOURCE_BYTES + 1)


@frozen
class MemoryFiles:
    """Texts by path (`"campaigns/a.wake"`), seen as files below one root `/`."""

    texts: Mapping[str, str]

    def resolve(self, path: str) -> str:
        """See `FileSystem.resolve`."""
        return PurePosixPath(os.path.normpath("/" + path.lstrip("/"))).as_posix()

    def exists(self, path: str) -> bool:
        """See `FileSystem.exists`."""
        return path.lstrip("/") in self.texts

    def read(self, path: str) -> bytes:
        """See `FileSystem.read`."""
        try:
            return self.texts[path.lstrip("/")].encode("utf-8")
        except KeyError:
            raise FileNotFoundError(path) from None

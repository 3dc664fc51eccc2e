"""The other files of a project: who else uses a name."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from attrs import frozen

from wakeup.lsp.reading import Reading, read
from wakeup.lsp.texts import Overlay
from wakeup.lsp.uses import Symbol, Use

SUFFIX: Final = ".wake"

MAX_ENTRIES: Final = 20_000
"""Files and folders looked at: a project is a folder of campaigns, not a disk."""

_SKIPPED: Final = frozenset({"node_modules", "__pycache__"})


@frozen
class Everywhere:
    """The places of a name in all files of its project. `readings` are those of every file that has its text.

    `all`: whether every file was looked at.
    """

    places: tuple[Use, ...]
    readings: tuple[Reading, ...]
    all: bool


def everywhere(reading: Reading, symbol: Symbol, files: Overlay) -> Everywhere:
    """Find a name in all files of the project; only what lies below its root is opened."""
    assert reading.project is not None
    root = reading.project.root
    paths, whole = _files(root)
    below = root.rstrip("/") + "/"
    paths |= {path for path in files.open if path.startswith(below) and path.endswith(SUFFIX)}
    paths |= {reading.path, symbol.path}
    readings = tuple(
        reading if path == reading.path else read(path, files.anew())
        for path in sorted(paths)
        if symbol.name[-1].encode() in _bytes(path, files)
    )
    found = {(use.path, use.span.start): use for each in readings for use in each.uses.of(symbol)}
    return Everywhere(tuple(found[key] for key in sorted(found)), readings, whole)


def importable(reading: Reading) -> list[str]:
    """Return the other campaign files of the project, as an import would name them."""
    if reading.project is None:
        return []
    root = reading.project.root.rstrip("/") + "/"
    return sorted(path.removeprefix(root) for path in _files(root)[0] if path != reading.path)


def _bytes(path: str, files: Overlay) -> bytes:
    try:
        return files.read(path)
    except OSError:
        return b""


def _files(root: str) -> tuple[set[str], bool]:
    """The campaign files below a folder, links that lead out of it left out; and whether that is all."""
    found: set[str] = set()
    seen = 0
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".") and name not in _SKIPPED]
        seen += len(folders) + len(names)
        if seen > MAX_ENTRIES:
            return found, False
        found |= set(_inside(root, folder, names))
    return found, True


def _inside(root: str, folder: str, names: list[str]) -> Iterator[str]:
    for name in names:
        path = Path(os.path.realpath(os.path.join(folder, name))).as_posix()
        if name.endswith(SUFFIX) and path.startswith(root.rstrip("/") + "/") and os.path.isfile(path):
            yield path

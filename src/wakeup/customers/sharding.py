"""Customers written to a folder of Parquet files, one after the other: beside the goal, renamed when all are there."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from attrs import define, evolve

from wakeup.customers.imported import Snapshots
from wakeup.customers.kept import to_tree
from wakeup.customers.manifest import MANIFEST, Manifest, ShardFile, file_digest
from wakeup.customers.population import Population
from wakeup.customers.storage import header_of, unwritable, write_rows
from wakeup.customers.workspace import Workspace, workspace
from wakeup.diagnostics import Say, WakeupError, diagnostic, reason

ROWS_PER_SHARD: Final = 1_000_000
"""Customers of a file, where nobody says into how many files they go: some 30 MB of disk, 300 MB of memory."""

LARGEST_FILE: Final = 10_000_000
"""More customers than this go to a folder by themselves."""


def save_shards(
    parts: Iterable[Population],
    folder: Path,
    *,
    minor_digits: int | None = None,
    snapshots: Snapshots | None = None,
) -> Manifest:
    """Write customers to `folder`, each of `parts` to a file; `Shards.open` reads them. One part is held at a time.

    Args:
        parts: at least one; each one's keys lie above those of the part before. They agree in columns and labels.
        folder: takes the place of a file, or of an earlier folder that this function wrote. Nothing half written is
            ever there.
        minor_digits: decimal digits of the currency of all amounts; None: of whatever currency.
        snapshots: what the past of all customers says about coming back; None: nothing is known of it.

    Raises:
        WakeupError: WK6001, the folder cannot be written or holds something else; WK6010, DuckDB is not installed;
            WK6020, two customers of different parts have the same key.
    """
    _refuse_other(folder)
    past = None if snapshots is None or not len(snapshots.n) else to_tree(snapshots)
    with workspace() as work:
        try:
            with _whole(folder) as partial:
                manifest = evolve(_Writer(work, partial).manifest(parts, minor_digits), snapshots=past)
                (partial / MANIFEST).write_bytes(manifest.to_json())
        except OSError as error:
            raise _refused(folder, error) from None
        except work.duckdb.Error:
            raise unwritable(folder, None) from None
    return manifest


def shard_count(people: int, wanted: int | None, goal: Path) -> int | None:
    """Return into how many files of a folder `people` customers go; None: into a file that stands alone.

    Where nobody says (`wanted`), many go to a folder, and a goal that is a folder stays one.
    """
    if wanted is not None:
        return wanted
    return -(-people // ROWS_PER_SHARD) if people > LARGEST_FILE or goal.is_dir() else None


def check_folder(folder: Path) -> None:
    """Refuse, before long work, a folder that could not be written or that holds anything but customers.

    Raises:
        WakeupError: WK6001.
    """
    if folder.exists() and not folder.is_dir():
        raise WakeupError([diagnostic("WK6001", name=folder.name, reason=Say("it is a file"))])
    _refuse_other(folder)
    try:
        with tempfile.TemporaryDirectory(prefix=".wakeup-", dir=folder.parent):
            pass
    except OSError as error:
        raise _refused(folder, error) from None


def _refuse_other(folder: Path) -> None:
    try:
        other = folder.is_dir() and any(folder.iterdir()) and not (folder / MANIFEST).is_file()
    except OSError as error:
        raise _refused(folder, error) from None
    if other:
        raise WakeupError([diagnostic("WK6001", name=folder.name, reason=Say("it is a folder of something else"))])


@define(eq=False)
class _Writer:
    """Writes parts to a folder. None of them is kept: `map` lets go of each before it asks for the next."""

    work: Workspace
    folder: Path
    header: dict[str, Any] | None = None
    written: int = 0
    last_key: int = -1

    def manifest(self, parts: Iterable[Population], minor_digits: int | None) -> Manifest:
        files = tuple(map(self.write, parts))
        assert self.header is not None
        return Manifest(self.header, minor_digits, files)

    def write(self, part: Population) -> ShardFile:
        first, last = (int(part.key[0]), int(part.key[-1])) if len(part) else (None, None)
        if first is not None and last is not None:
            if first <= self.last_key:
                raise WakeupError([diagnostic("WK6020")])
            self.last_key = last
        self.header = self.header or header_of(part)
        path = self.folder / f"part-{self.written:05d}.parquet"
        self.written += 1
        write_rows(self.work, part, path, keyed=True)
        return ShardFile(path.name, len(part), first, last, path.stat().st_size, file_digest(path))


@contextlib.contextmanager
def _whole(folder: Path) -> Iterator[Path]:
    """Give a new folder beside `folder`; it takes its place if nothing goes wrong, and is gone otherwise."""
    partial = Path(tempfile.mkdtemp(prefix=f".{folder.name[:40]}.", suffix=".part", dir=folder.parent))
    try:
        yield partial
        partial.chmod(0o777 & ~_umask())
        _replace(folder, partial)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _replace(folder: Path, partial: Path) -> None:
    """Put `partial` in the place of `folder`; what was there is gone only when it stands."""
    if not folder.exists():
        partial.rename(folder)
        return
    former = Path(tempfile.mkdtemp(prefix=f".{folder.name[:40]}.", suffix=".old", dir=folder.parent))
    try:
        folder.rename(former / "old")
        try:
            partial.rename(folder)
        except OSError:
            (former / "old").rename(folder)
            raise
    finally:
        shutil.rmtree(former, ignore_errors=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _refused(folder: Path, error: OSError) -> WakeupError:
    return WakeupError([diagnostic("WK6001", name=folder.name, reason=reason(error))])

"""Customers on disk: a folder of Parquet files in ascending order of key, read in pieces of any size."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from wakeup.customers.declared import with_declared
from wakeup.customers.files import literal
from wakeup.customers.imported import Snapshots
from wakeup.customers.kept import from_tree
from wakeup.customers.manifest import Manifest, ShardFile, file_digest, read_manifest
from wakeup.customers.population import Population
from wakeup.customers.slices import joined
from wakeup.customers.storage import read_rows
from wakeup.customers.synthetic import UNANCHORED, anchored
from wakeup.customers.workspace import Workspace, reading, workspace
from wakeup.diagnostics import WakeupError, diagnostic
from wakeup.plan.model import OwnField

_INSTANTS = ("first_order", "last_order", "last_interaction")


@frozen(eq=False)
class Shards:
    """Customers in a folder that `save_shards` wrote, rows in ascending order of key as in a `Population`.

    Nothing is held but the manifest: every read opens the files, and a process that is sent one (pickled by path) opens
    them itself. `dated`: what `at` said.
    """

    folder: Path
    manifest: Manifest
    dated: "Dated | None" = None
    _sound: set[str] = field(factory=set, init=False, repr=False)

    @staticmethod
    def open(folder: str | PathLike[str]) -> "Shards":
        """Open a folder of customers.

        Raises:
            WakeupError: WK6047 it is none, WK6011 unreadable, WK6014 damaged, WK6048 of another version, WK6049 a part
                is missing, WK6050 parts out of order.
        """
        return Shards(Path(folder), read_manifest(Path(folder)))

    def __len__(self) -> int:
        """Number of customers."""
        return self.manifest.rows

    def __reduce__(self) -> tuple[Callable[..., "Shards"], tuple[object, ...]]:
        return _opened_again, (self.folder, self.manifest.digest, self.dated)

    @property
    def as_of(self) -> int:
        """The instant at which they are known, seconds UTC."""
        made = int(self.manifest.header["as_of"])
        return self.dated.as_of if self.dated is not None and made == UNANCHORED else made

    @property
    def snapshots(self) -> Snapshots:
        """What their past says about coming back."""
        return from_tree(self.manifest.snapshots)

    def at(self, as_of: int, own: Sequence[OwnField], tags: Iterable[str]) -> "Shards":
        """Return made-up customers of no date as they are at `as_of`, with what a campaign declares of its customers
        and who know other `tags` (`anchored`, `with_declared`); any others unchanged."""
        if self.as_of != UNANCHORED:
            return self
        return evolve(self, dated=Dated(as_of, tuple(own), tuple(tags)))

    def pieces(self, size: int) -> Iterator[tuple[int, Population]]:
        """Yield the customers in pieces of `size` >= 1 rows, the last perhaps shorter: the first row, and its people.

        One piece is held at a time, whatever the number of rows in a file.

        Raises:
            WakeupError: as `read`.
        """
        with workspace() as work:
            for first in range(0, len(self), size):
                yield first, self._read(work, first, min(first + size, len(self)))

    def read(self, first: int, last: int) -> Population:
        """Return the customers of a few rows [first, last), 0 <= first <= last <= len, some 130,000 at most.

        Raises:
            WakeupError: WK6014 a file is damaged or was changed, WK6049 is gone, WK6050 its keys are out of order.
        """
        with reading() as work:
            return self._read(work, first, last)

    def whole(self) -> Population:
        """Return all customers in memory.

        Raises:
            WakeupError: as `read`.
        """
        with workspace() as work:
            return self._read(work, 0, len(self))

    def core(self, names: Sequence[str]) -> Iterator[dict[str, NDArray[Any]]]:
        """Yield core columns (`storage.CORE`) of all customers, one file after the other, and nothing else of them.

        Raises:
            WakeupError: as `read`.
        """
        with workspace() as work:
            for part in self.manifest.parts:
                yield self._core(work, part, names)

    def _read(self, work: Workspace, first: int, last: int) -> Population:
        people = joined((self._rows(work, *each) for each in self._within(first, last)), last - first)
        if self.dated is None:
            return people
        return with_declared(anchored(people, self.dated.as_of), self.dated.own, self.dated.tags)

    def _within(self, first: int, last: int) -> list[tuple[ShardFile, int, int]]:
        """Return the files that have the rows [first, last), with the rows of each; for no rows, none of the first."""
        found, begin = [], 0
        for part in self.manifest.parts:
            low, high = max(first - begin, 0), min(last - begin, part.rows)
            begin += part.rows
            if low < high:
                found.append((part, low, high))
        return found or [(self.manifest.parts[0], 0, 0)]

    def _rows(self, work: Workspace, part: ShardFile, first: int, last: int) -> Population:
        self._check(part)
        try:
            people = read_rows(work, self.folder / part.file, self.manifest.header, first=first, last=last)
        except (KeyError, TypeError, ValueError, work.duckdb.Error):
            raise WakeupError([diagnostic("WK6014", file=part.file)]) from None
        if len(people) != last - first:
            raise WakeupError([diagnostic("WK6014", file=part.file)])
        _check_order(part, people.key)
        return people

    def _core(self, work: Workspace, part: ShardFile, names: Sequence[str]) -> dict[str, NDArray[Any]]:
        self._check(part)
        try:
            relation = work.connection.read_parquet(literal(self.folder / part.file))
            found = relation.select(*map(work.duckdb.ColumnExpression, names)).fetchnumpy()
        except work.duckdb.Error:
            raise WakeupError([diagnostic("WK6014", file=part.file)]) from None
        if self.dated is None:
            return dict(found)
        return {name: each + self.dated.as_of if name in _INSTANTS else each for name, each in found.items()}

    def _check(self, part: ShardFile) -> None:
        """Refuse a file that is not the one that was written; each is looked at once by every process."""
        if part.file in self._sound:
            return
        try:
            digest = file_digest(self.folder / part.file)
        except FileNotFoundError:
            raise WakeupError([diagnostic("WK6049", file=part.file, folder=self.folder.name)]) from None
        except OSError:
            digest = ""
        if digest != part.digest:
            raise WakeupError([diagnostic("WK6014", file=part.file)])
        self._sound.add(part.file)


@frozen
class Dated:
    """As-of of made-up customers, and what a campaign declares of them."""

    as_of: int
    own: tuple[OwnField, ...]
    tags: tuple[str, ...]


def _check_order(part: ShardFile, keys: NDArray[np.uint64]) -> None:
    if not len(keys):
        return
    if part.first_key is None or part.last_key is None or not part.first_key <= int(keys[0]):
        raise WakeupError([diagnostic("WK6050", file=part.file)])
    if not bool(np.all(keys[1:] > keys[:-1])) or int(keys[-1]) > part.last_key:
        raise WakeupError([diagnostic("WK6050", file=part.file)])


def _opened_again(folder: Path, digest: str, dated: Dated | None) -> Shards:
    """Open the folder in another process; a folder that was written anew since is another one."""
    shards = Shards.open(folder)
    if shards.manifest.digest != digest:
        raise WakeupError([diagnostic("WK6014", file=folder.name)])
    return evolve(shards, dated=dated)

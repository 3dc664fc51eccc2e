"""Power loss: what was not synced may be lost, kept or torn, in any mixture; what was committed is there.

A file system written in Python notes every write and what a sync has made safe. At chosen instants it takes a picture
of what a disk may then hold; each picture is opened as a store of its own.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import apsw
import numpy as np
import pytest
from attrs import define, field
from tests.live.store.places import CAMPAIGN, outgoing, person

from wakeup.diagnostics import WakeupError
from wakeup.live.rows import Entry
from wakeup.live.seal import Keys, fresh_keys
from wakeup.live.store.protocol import Work
from wakeup.live.store.sqlite import SqliteStore
from wakeup.terms.lists import Row

SECTOR = 512
SYSTEM = apsw.vfs_names()[0]


@define
class Disk:
    """What is safe, per file, and what was written since."""

    random: np.random.Generator
    chance: float
    safe: dict[str, bytearray] = field(factory=dict)
    since: dict[str, list[tuple[int, bytes | None]]] = field(factory=dict)
    pictures: list[tuple[int, dict[str, bytes]]] = field(factory=list)
    committed: int = 0

    def note(self, name: str, at: int, data: bytes | None) -> None:
        self.since.setdefault(name, []).append((at, data))
        self._maybe()

    def sync(self, name: str) -> None:
        self._maybe()
        for change in self.since.pop(name, []):
            _apply(self.safe.setdefault(name, bytearray()), change)
        self._maybe()

    def _maybe(self) -> None:
        if self.random.random() < self.chance:
            self.pictures.append((self.committed, self._after_the_cut()))

    def _after_the_cut(self) -> dict[str, bytes]:
        found = {name: bytearray(data) for name, data in self.safe.items()}
        for name, changes in self.since.items():
            image = found.setdefault(name, bytearray())
            for at, data in changes:
                fate = self.random.integers(3)
                if fate == 0:
                    continue
                if fate == 1 or data is None:
                    _apply(image, (at, data))
                    continue
                for start in range(0, len(data), SECTOR):  # torn
                    if self.random.random() < 0.5:
                        _apply(image, (at + start, data[start : start + SECTOR]))
        return {name: bytes(data) for name, data in found.items()}


def _apply(image: bytearray, change: tuple[int, bytes | None]) -> None:
    at, data = change
    if data is None:
        del image[at:]
        return
    if len(image) < at:
        image.extend(bytes(at - len(image)))
    image[at : at + len(data)] = data


class WatchedFile(apsw.VFSFile):
    def __init__(self, disk: Disk, name: Any, flags: list[int]) -> None:
        super().__init__(SYSTEM, name, flags)
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        self.disk, self.name = disk, Path(path).name if path else ""

    def xWrite(self, data: bytes, offset: int) -> None:
        super().xWrite(data, offset)
        if self.name:
            self.disk.note(self.name, offset, bytes(data))

    def xTruncate(self, size: int) -> None:
        super().xTruncate(size)
        if self.name:
            self.disk.note(self.name, size, None)

    def xSync(self, flags: int) -> None:
        super().xSync(flags)
        if self.name:
            self.disk.sync(self.name)

    def xDeviceCharacteristics(self) -> int:
        return 0  # promises nothing


class WatchedVFS(apsw.VFS):
    def __init__(self, disk: Disk) -> None:
        self.disk = disk
        super().__init__("watched", SYSTEM, makedefault=True)

    def xOpen(self, name: Any, flags: list[int]) -> WatchedFile:
        return WatchedFile(self.disk, name, flags)


def alone(connection: apsw.Connection) -> None:
    """A file system in Python cannot share memory between connections, so each is alone with its file."""
    connection.pragma("locking_mode", "exclusive")
    connection.pragma("wal_autocheckpoint", 20)


def work_on(store: SqliteStore, disk: Disk, times: int) -> None:
    for number in range(1, times + 1):
        with store.work(CAMPAIGN) as work:
            work.enrol([person(number)])
            work.decide(outgoing(number, payload=b"x" * (number * 37 % 3000)))
            work.write([Entry(CAMPAIGN, number, number, Row.ENTERED)])
            work.note(number, "writer", "counted")
            work.keep_shared(CAMPAIGN, str(number))
        disk.committed = number


def lost_after_the_cut(folder: Path, keys: Keys, picture: dict[str, bytes], committed: int) -> str:
    """What is wrong with a store that is opened after the power came back; "" if nothing."""
    folder.mkdir()
    for name, data in picture.items():
        (folder / name).write_bytes(data)
    store = SqliteStore(folder / "shop.db", keys)
    try:
        if found := store.check():
            return found[0].message
        with store.read() as reader:
            number = int(reader.shared(CAMPAIGN) or 0)
            people = len(reader.people(CAMPAIGN, limit=10_000))
            rows = len(reader.entries(CAMPAIGN))
    finally:
        store.close()
    if not committed <= number <= committed + 1:
        return f"{committed} were committed, {number} are there"
    return "" if people == rows == number else f"{number} counted, {people} people, {rows} rows"


@pytest.fixture
def cut(tmp_path: Path) -> Callable[[bool, int, int], list[str]]:
    """Works on a store, and tells what is wrong with each picture that was taken meanwhile."""

    def run(durable: bool, times: int, seed: int) -> list[str]:
        keys = fresh_keys()
        SqliteStore(tmp_path / "shop.db", keys).close()
        disk = Disk(np.random.default_rng(seed), 0.03)
        disk.safe["shop.db"] = bytearray((tmp_path / "shop.db").read_bytes())
        watched = WatchedVFS(disk)
        apsw.connection_hooks.append(alone)
        try:
            store = SqliteStore(tmp_path / "shop.db", keys, durable=durable)
            work_on(store, disk, times)
            pictures = disk.pictures
            disk.chance = 0
            store.close()
        finally:
            apsw.connection_hooks.remove(alone)
            watched.unregister()
        assert len(pictures) > 10
        found = []
        for number, (committed, picture) in enumerate(pictures):
            try:
                found.append(lost_after_the_cut(tmp_path / f"cut{number}", keys, picture, committed))
            except WakeupError as error:
                found.append(repr(error))
        return found

    return run


@pytest.mark.parametrize(
    ("times", "seed"), [(60, 1), *(pytest.param(250, seed, marks=pytest.mark.proof) for seed in range(2, 12))]
)
def test_what_was_committed_survives_a_power_cut(
    cut: Callable[[bool, int, int], list[str]], times: int, seed: int
) -> None:
    found = cut(True, times, seed)
    assert [each for each in found if each] == []


def test_without_syncs_the_same_test_is_red(cut: Callable[[bool, int, int], list[str]]) -> None:
    """The judge is awake: the same work without durable commits loses some."""
    assert any(cut(False, 60, 1))


def fill(work: Work) -> None:
    work.keep_shared(CAMPAIGN, "later")
    work.enrol([person(each, state="x" * 4000) for each in range(2, 60)])


def test_a_full_disk_stops_the_transaction_and_nothing_is_half_done(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "shop.db", fresh_keys())
    with store.work() as work:
        work.enrol([person(1)])
    pages = store._writer.pragma("page_count")
    store._writer.pragma("max_page_count", pages)
    with pytest.raises(WakeupError, match="no space left") as told, store.work() as work:
        fill(work)
    assert told.value.diagnostics[0].code == "WK7027"
    store._writer.pragma("max_page_count", 1 << 30)
    with store.work() as work:
        assert work.people(CAMPAIGN) == [person(1)]
        assert work.shared(CAMPAIGN) == ""
        work.keep_shared(CAMPAIGN, "now")
    assert store.check() == []
    store.close()


def test_a_damaged_page_is_found(tmp_path: Path) -> None:
    keys = fresh_keys()
    store = SqliteStore(tmp_path / "shop.db", keys)
    with store.work() as work:
        work.enrol([person(each, state="x" * 500) for each in range(500)])
    store.close()
    data = bytearray((tmp_path / "shop.db").read_bytes())
    assert len(data) > 200_000
    data[-60_000:-56_000] = bytes(4000)
    (tmp_path / "shop.db").write_bytes(data)
    store = SqliteStore(tmp_path / "shop.db", keys)
    assert {each.code for each in store.check()} == {"WK7028"}
    store.close()

"""What is open, and the one thread that reads it: never more than one reading of a file at a time, none that nobody
waits for any more, and every answer from texts at least as new as the question.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, ParamSpec, TypeVar

from attrs import define, field
from pygls.uris import to_fs_path

from wakeup.diagnostics import Language
from wakeup.lang import FileSystem, LocalFiles, MemoryFiles
from wakeup.lsp.reading import Reading, read
from wakeup.lsp.texts import Overlay, Text

P = ParamSpec("P")
T = TypeVar("T")

PAUSE: Final = 0.15
"""Seconds without a change after which a text is checked: shorter than a reader notices, longer than between keys."""


@define(eq=False)
class Desk:
    """The open texts and their readings, all by path. Its methods belong to the event loop; only `work` leaves it.

    `uris` are the names that the editor has given to paths, kept when a text is closed: it may spell them otherwise.
    `lang` is the editor's own language, for texts that do not show theirs.
    `checked` is called with each new reading once its problems are known, `failed` with what went wrong in between.
    """

    checked: Callable[[Reading], None]
    failed: Callable[[BaseException], None]
    texts: dict[str, Text] = field(factory=dict, init=False)
    uris: dict[str, str] = field(factory=dict, init=False)
    lang: Language = field(default="en", init=False)
    _disk: int = field(default=0, init=False)
    _readings: dict[str, Reading] = field(factory=dict, init=False)
    _running: dict[str, asyncio.Task[Reading]] = field(factory=dict, init=False)
    _checks: dict[str, asyncio.Task[None]] = field(factory=dict, init=False)
    _worker: ThreadPoolExecutor = field(factory=lambda: ThreadPoolExecutor(1, "wakeup-reading"), init=False)

    # ------------------------------------------------------------------ what changes

    def put(self, uri: str, version: int | None, text: str) -> None:
        """Take a text as it is now."""
        path = path_of(uri)
        self.texts[path] = Text(uri, version, text)
        self.uris[path] = uri
        self._changed(path)

    def close(self, uri: str) -> str:
        """Forget a text, so that the file on disk counts again; return its path."""
        path = path_of(uri)
        self.texts.pop(path, None)
        self._readings.pop(path, None)
        if task := self._checks.pop(path, None):
            task.cancel()
        self._changed(path)
        return path

    def stir(self) -> None:
        """Read everything anew: files on disk have changed."""
        self._disk += 1
        self._readings.clear()
        for path in self.texts:
            self._check_soon(path)

    def _changed(self, path: str) -> None:
        for other in self.texts:
            reading = self._readings.get(other)
            if other == path or reading is None or path in reading.asked:
                self._check_soon(other)

    # ------------------------------------------------------------------ reading

    async def reading(self, uri: str) -> Reading | None:
        """Return a reading of an open text, at least as new as this question; None if it is not open."""
        path = path_of(uri)
        if not self._holds(path) and (before := self._running.get(path)) is not None:
            await asyncio.wait([before])  # it may have begun before the last change
        if path not in self.texts:
            return None
        if self._holds(path):
            return self._readings[path]
        return await asyncio.shield(self._running.get(path) or self._begin(path))

    async def work(self, do: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run something long in the reading thread, where nothing else touches a reading meanwhile."""
        return await asyncio.get_running_loop().run_in_executor(self._worker, lambda: do(*args, **kwargs))

    def _holds(self, path: str) -> bool:
        reading = self._readings.get(path)
        return reading is not None and all(self.texts.get(asked) is text for asked, text in reading.asked.items())

    def _begin(self, path: str) -> asyncio.Task[Reading]:
        files = Overlay(dict(self.texts), disk_of(self.texts[path].uri))
        task = asyncio.get_running_loop().create_task(self.work(read, path, files, self.lang))
        self._running[path] = task
        disk = self._disk
        task.add_done_callback(lambda done: self._end(path, disk, done))
        return task

    def _end(self, path: str, disk: int, done: asyncio.Task[Reading]) -> None:
        self._running.pop(path, None)
        if not done.cancelled() and done.exception() is None and path in self.texts and disk == self._disk:
            self._readings[path] = done.result()

    # ------------------------------------------------------------------ checking

    def _check_soon(self, path: str) -> None:
        """Check a text after the pause; a check that has not ended is of an older text, and dropped."""
        if task := self._checks.get(path):
            task.cancel()
        self._checks[path] = asyncio.get_running_loop().create_task(self._check(path))

    async def _check(self, path: str) -> None:
        await asyncio.sleep(PAUSE)
        try:
            reading = await self.reading(self.texts[path].uri)
            if reading is None:
                return
            await self.work(lambda: reading.problems)
            self.checked(reading)
        except Exception as error:  # noqa: BLE001 a bug of ours in one file must not end the server
            self.failed(error)


def path_of(uri: str) -> str:
    """Return the path that a text is read under: of a file without links, of anything else its URI below the root."""
    path = to_fs_path(uri)
    return MemoryFiles({}).resolve(uri.replace("/", "_")) if path is None else LocalFiles().resolve(path)


def disk_of(uri: str) -> FileSystem:
    """Return what lies around a text: nothing around one that is not saved yet."""
    return MemoryFiles({}) if to_fs_path(uri) is None else LocalFiles()

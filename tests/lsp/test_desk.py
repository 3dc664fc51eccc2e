"""When texts are read: seldom while they change, never two readings of a file at once, always the newest in the end."""

import asyncio
import threading
import time

import pytest
from tests.lsp.texts import ENGLISH

from wakeup.lsp import desk as desks
from wakeup.lsp.desk import PAUSE, Desk
from wakeup.lsp.reading import Reading
from wakeup.lsp.texts import Overlay

URI = "untitled:a"


class Readings:
    """Counts readings, slows them down, and keeps what was checked."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds
        self.begun = 0
        self.at_once = 0
        self.most_at_once = 0
        self.checked: list[Reading] = []
        self.failed: list[BaseException] = []
        self.lock = threading.Lock()
        self.read = desks.read

    def slow(self, path: str, files: Overlay, lang: str) -> Reading:
        with self.lock:
            self.begun += 1
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        time.sleep(self.seconds)
        with self.lock:
            self.at_once -= 1
        return self.read(path, files)

    def desk(self) -> Desk:
        return Desk(self.checked.append, self.failed.append)


async def settled(readings: Readings, text: str) -> None:
    """Wait until a text was checked."""
    while not readings.checked or readings.checked[-1].source.text != text:
        await asyncio.sleep(PAUSE / 10)


def test_a_text_is_checked_when_its_author_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    readings = Readings()
    monkeypatch.setattr(desks, "read", readings.slow)

    async def typing() -> None:
        desk = readings.desk()
        for number in range(20):
            desk.put(URI, number, f"wakeup 1\n# {number}")
            await asyncio.sleep(PAUSE / 30)
        await settled(readings, "wakeup 1\n# 19")

    asyncio.run(asyncio.wait_for(typing(), 30))
    assert readings.begun < 5
    assert len(readings.checked) < 5
    assert readings.failed == []


def test_questions_while_typing_are_answered_from_a_text_at_least_as_new(monkeypatch: pytest.MonkeyPatch) -> None:
    readings = Readings(0.05)
    monkeypatch.setattr(desks, "read", readings.slow)

    async def asking() -> list[int]:
        desk = readings.desk()
        answers = []
        for number in range(10):
            desk.put(URI, number, f"wakeup 1\n# {number}")
            answers.append(asyncio.create_task(desk.reading(URI)))
            await asyncio.sleep(0.01)
        found = await asyncio.gather(*answers)
        return [int(each.source.text.rpartition(" ")[2]) for each in found if each is not None]

    answered = asyncio.run(asyncio.wait_for(asking(), 30))
    assert len(answered) == 10
    assert all(number <= answer for number, answer in enumerate(answered))
    assert readings.most_at_once == 1
    assert readings.begun < 10  # questions share a reading


def test_a_reading_holds_until_something_that_it_looked_for_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    readings = Readings()
    monkeypatch.setattr(desks, "read", readings.slow)

    async def working() -> list[int]:
        desk = readings.desk()
        counts = []
        desk.put(URI, 1, ENGLISH)
        for uri in (None, "untitled:other", "untitled:library.wake", None):
            if uri is not None:
                desk.put(uri, 1, "wakeup 1\n")
            await desk.reading(URI)
            counts.append(readings.begun)
        desk.stir()
        await desk.reading(URI)
        return [*counts, readings.begun]

    assert asyncio.run(asyncio.wait_for(working(), 30)) == [1, 1, 1, 1, 2]


def test_a_closed_text_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    readings = Readings()
    monkeypatch.setattr(desks, "read", readings.slow)

    async def closing() -> Reading | None:
        desk = readings.desk()
        desk.put(URI, 1, ENGLISH)
        desk.close(URI)
        await asyncio.sleep(2 * PAUSE)
        return await desk.reading(URI)

    assert asyncio.run(asyncio.wait_for(closing(), 30)) is None
    assert readings.begun == 0
    assert readings.failed == []


def test_a_reading_that_fails_is_told_and_the_next_text_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    readings = Readings()

    def broken(path: str, files: Overlay, lang: str) -> Reading:
        if "bad" in files.open[path].text:
            raise ZeroDivisionError
        return readings.slow(path, files, lang)

    monkeypatch.setattr(desks, "read", broken)

    async def working() -> None:
        desk = readings.desk()
        desk.put(URI, 1, "bad")
        while not readings.failed:
            await asyncio.sleep(PAUSE / 10)
        desk.put(URI, 2, ENGLISH)
        await settled(readings, ENGLISH)

    asyncio.run(asyncio.wait_for(working(), 30))
    assert [type(each) for each in readings.failed] == [ZeroDivisionError]

"""Adapter `file`: one hand-over list per wave, for a channel that people carry (an agency, a shop, community posts).

What is sent is kept in a journal first. When nothing has come for a while the wave is over: the journal becomes a list,
whole and at once, and is never changed again, because somebody may have it open. People fill in the column `result` and
save the list there, in its place or under another name; `poll` reads every list and tells what was sent and what not.

In the folder: `.NAME.rows` the journal, `.NAME.refs` which messages stand in which row, `NAME.csv` the list.
"""

import contextlib
import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from pathlib import Path
from threading import Lock
from typing import Any, Final

from wakeup.channels.bare import Bare
from wakeup.channels.protocol import (
    Answer,
    AnswerKind,
    Capabilities,
    Found,
    Report,
    Request,
    Setup,
    Verdict,
)
from wakeup.channels.setting import Setting, SettingError
from wakeup.channels.sheet import (
    LANGUAGE,
    LONGEST_LIST,
    TIMEZONE,
    Filled,
    Result,
    read_filled,
    told,
    written,
    zone,
)
from wakeup.channels.values import values_of
from wakeup.diagnostics import Diagnostic, Say, diagnostic
from wakeup.files import whole

try:
    import fcntl
except ImportError:  # no such locks: one process then
    fcntl = None  # type: ignore[assignment]

SETTINGS: Final = (
    LANGUAGE,
    TIMEZONE,
    Setting("wait", "Seconds without a further message after which the list is written.", default=60, kind="number"),
    Setting("rows", "Most rows of a list; then the next one begins.", default=5_000, kind="number"),
    Setting(
        "posts",
        "One row per different text instead of one per person: for posts in communities, which many people see.",
        default=False,
        kind="flag",
    ),
)
MESSAGE_SETTINGS: Final[tuple[Setting, ...]] = ()

_COLUMNS: Final = (
    "row",
    "campaign",
    "message",
    "address",
    "subject",
    "text",
    "codes",
    "until",
    "result",
    "when",
    "note",
)
_POST_COLUMNS: Final = ("row", "campaign", "message", "people", "subject", "text", "until", "result", "when", "note")
_UNSAFE: Final = re.compile(r"[^\w.]+")
_KINDS: Final[Mapping[Result, AnswerKind]] = {
    Result.DONE: AnswerKind.SENT,
    Result.NOT_DONE: AnswerKind.NOT_SENT,
    Result.NO_ANSWER: AnswerKind.NOT_SENT,
    Result.OPTED_OUT: AnswerKind.OPTED_OUT,
}
"""What a filled-in result tells; what is to be done later tells nothing yet."""


class FileChannel(Bare):
    """Lists in `folder`, which is made when first needed, for its owner alone."""

    capabilities = Capabilities(look_up=True, receipts="poll", batch=200, confirms=True, concurrency=1)

    def __init__(
        self, channel: str, folder: Path, now: Callable[[], float], given: Mapping[str, Any], place: tzinfo
    ) -> None:
        self._channel = channel
        self._folder = folder
        self._now = now
        self._zone = place
        self._language = str(given["language"])
        self._wait = float(given["wait"])
        self._most = int(given["rows"])
        self._posts = bool(given["posts"])
        self._lock = Lock()

    def send(self, requests: Sequence[Request]) -> Sequence[Report]:
        """Write down a batch, durably; the list follows."""
        rows: dict[tuple[str, str], list[dict[str, Any]]] = {}
        reports = {}
        for each in requests:
            rows.setdefault((each.campaign, each.message), []).append(self._row(each))
        for names, several in rows.items():
            verdict, code = self._write_down(names, several)
            for row in several:
                reports[row["ref"]] = Report(row["ref"], verdict, provider_id=row["row"], code=code)
        return [reports[each.ref] for each in requests]

    def look_up(self, requests: Sequence[Request]) -> Sequence[Found]:
        """Whether a message was written down: what is not in a journal or a list never was."""
        with self._alone():
            known = {ref: row for path in self._paths(".*.refs", ".*.rows") for ref, row in _refs(path)}
        return [Found(each.ref, each.ref in known, provider_id=known.get(each.ref, "")) for each in requests]

    def poll(self, since: int) -> Sequence[Answer]:
        """Write the lists of waves that are over, and read what people filled in."""
        self.hand_over()
        answers: list[Answer] = []
        refs = self._refs_by_row()
        for path, saved in self._lists(since):
            for each in self._filled(path)[0]:
                answers += self._answers(each, refs.get(each.key, ()), saved)
        return answers

    def problems(self) -> list[Diagnostic]:
        """What cannot be understood in lists that people filled in."""
        return [each for path, _ in self._lists(0) for each in self._filled(path)[1]]

    def check(self) -> str:
        """Say if nothing can be written there."""
        try:
            with self._alone():
                return ""
        except OSError:
            return "not_writable"

    def close(self) -> None:
        """Nothing to give back: a list whose wave is not over is written by whoever polls next."""

    def hand_over(self, everything: bool = False) -> list[Path]:
        """Write the lists of waves that are over (or of all) and return them."""
        with self._alone():
            journals = self._paths(".*.rows")
            over = [each for each in journals if everything or each.stat().st_mtime + self._wait <= self._now()]
            return [self._publish(each) for each in over]

    def _row(self, request: Request) -> dict[str, Any]:
        until = told(request.deadline, self._zone) if request.deadline else ""
        row = {
            "ref": request.ref,
            "row": f"r{request.ref}",
            "campaign": request.campaign,
            "message": request.message,
            "subject": request.subject,
            "text": request.text,
            "until": until,
        }
        if self._posts:
            content = json.dumps([request.campaign, request.message, request.subject, request.text])
            row["row"] = f"p{hashlib.sha256(content.encode()).hexdigest()[:32]}"
            return row
        codes = " ".join(each.code for each in request.offers if each.code)
        return {**row, "address": request.address.reveal(), "codes": codes}

    def _write_down(self, names: tuple[str, str], rows: Sequence[Mapping[str, Any]]) -> tuple[Verdict, str]:
        try:
            with self._alone():
                path = self._journal(names)
                lines = b"".join(json.dumps(each).encode() + b"\n" for each in rows)
                _append(path, lines, self._now())
                if path.read_bytes().count(b"\n") >= self._most:
                    self._publish(path)
        except _HalfWrittenError:
            return Verdict.DOUBT, "disk"
        except OSError:
            return Verdict.NOT_LEFT, "disk"
        return Verdict.HANDED_OVER, ""

    def _journal(self, names: tuple[str, str]) -> Path:
        """The journal of the wave that is under way, else a new one."""
        stem = "-".join(_UNSAFE.sub("_", each).strip(".") for each in names)
        for path in self._paths(f".{stem}-*.rows"):
            return path
        start = f"{datetime.fromtimestamp(self._now(), self._zone):%Y%m%d-%H%M}"
        nth = 1
        while (self._folder / f".{stem}-{start}-{nth}.refs").exists():
            nth += 1
        return self._folder / f".{stem}-{start}-{nth}.rows"

    def _publish(self, journal: Path) -> Path:
        """Make a list of a journal. Every step may be the last one: the next time it is gone on with."""
        name = journal.name.removesuffix(".rows").removeprefix(".")
        goal = self._folder / f"{name}.csv"
        if not goal.exists():
            rows = list(_lines(journal))
            _replace(self._folder / f".{name}.refs", b"".join(_short(each) for each in rows))
            _replace(goal, self._list(rows))
        journal.unlink()
        return goal

    def _list(self, rows: Sequence[Mapping[str, Any]]) -> bytes:
        if not self._posts:
            return written(_COLUMNS, rows, self._language)
        posts: dict[str, dict[str, Any]] = {}
        for each in rows:
            post = posts.setdefault(each["row"], {**each, "people": 0})
            post["people"] += 1
        shown = [{**each, "people": str(each["people"])} for each in posts.values()]
        return written(_POST_COLUMNS, shown, self._language)

    def _answers(self, filled: Filled, refs: Iterable[str], saved: int) -> Iterator[Answer]:
        kind = _KINDS.get(filled.result)
        if kind is None:
            return
        t = min(filled.when or saved, int(self._now()))
        for ref in refs:
            yield Answer(f"file:{self._channel}", f"{ref}:{kind}", kind, t, ref=ref, channel=self._channel)

    def _filled(self, path: Path) -> tuple[list[Filled], list[Diagnostic]]:
        try:
            if path.stat().st_size > LONGEST_LIST:
                return [], [diagnostic("WK7071", file=path.name)]
            return read_filled(path.read_bytes(), path.name, self._zone)
        except OSError:
            return [], [diagnostic("WK7071", file=path.name)]

    def _lists(self, since: int) -> Iterator[tuple[Path, int]]:
        """Lists that were saved since an instant or an hour before it, with the instant."""
        for path in self._paths("*.csv"):
            with contextlib.suppress(OSError):
                saved = int(path.stat().st_mtime)
                if saved >= since - 3_600:
                    yield path, saved

    def _refs_by_row(self) -> dict[str, list[str]]:
        refs: dict[str, list[str]] = {}
        for path in self._paths(".*.refs"):
            for ref, row in _refs(path):
                refs.setdefault(row, []).append(ref)
        return refs

    def _paths(self, *patterns: str) -> list[Path]:
        return sorted(path for pattern in patterns for path in self._folder.glob(pattern))

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the folder, among threads and processes."""
        with self._lock:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with (self._folder / ".lock").open("wb") as file:
                if fcntl is not None:
                    fcntl.flock(file, fcntl.LOCK_EX)
                yield


def open_file(setup: Setup) -> FileChannel:
    """Open it in the folder `lists/CHANNEL` of the project.

    Raises:
        SettingError: a setting is wrong, or there is no folder to write to.
    """
    given = values_of(SETTINGS, setup.settings)
    if not setup.folder:
        raise SettingError("adapter", Say("no list can be written there"))
    folder = Path(setup.folder) / "lists" / _UNSAFE.sub("_", setup.channel)
    return FileChannel(setup.channel, folder, setup.now, given, zone(str(given["timezone"])))


class _HalfWrittenError(Exception):
    """Nobody knows how much of a journal line is on the disk."""


def _append(path: Path, lines: bytes, now: float) -> None:
    """Append whole lines durably, or nothing; the time of the file is that of the channel's clock."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        before = os.fstat(handle).st_size
        # A line that a crash cut off was never reported; it must not run into the next one.
        if before and os.pread(handle, 1, before - 1) != b"\n":
            lines = b"\n" + lines
        try:
            left = memoryview(lines)
            while left:
                left = left[os.write(handle, left) :]
            os.fsync(handle)
        except OSError:
            try:
                os.ftruncate(handle, before)
                os.fsync(handle)
            except OSError:
                raise _HalfWrittenError from None
            raise
    finally:
        os.close(handle)
    os.utime(path, (now, now))


def _replace(goal: Path, data: bytes) -> None:
    with whole(goal) as partial, partial.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    """The whole lines of a journal."""
    for line in path.read_bytes().split(b"\n")[:-1]:
        try:
            row = json.loads(line)
        except ValueError:
            continue
        yield row


def _refs(path: Path) -> Iterator[tuple[str, str]]:
    for row in _lines(path):
        yield row["ref"], row["row"]


def _short(row: Mapping[str, Any]) -> bytes:
    return json.dumps({"ref": row["ref"], "row": row["row"]}).encode() + b"\n"

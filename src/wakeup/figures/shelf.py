"""Sums of finished replications in a folder: each is one small file that appears whole or not at all."""

import contextlib
import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Self

import numpy as np
from attrs import define, fields_dict

from wakeup.diagnostics import Diagnostic, Piece, Say, WakeupError, diagnostic, reason
from wakeup.figures.lock import Lock
from wakeup.figures.totals import Totals
from wakeup.files import whole

_RUN: Final = "run.json"
_REST: Final = "rest"
_DAMAGED: Final = (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile)


@define(eq=False)
class Shelf:
    """A folder of sums that belong to one run; use it in a `with`, in which it is this process's alone.

    folder: made if it is not there. anew: forget what a run before has left there. trouble: what went wrong while
    something was put there (WK5117); the run goes on without.

    Raises (on entering):
        WakeupError: the folder holds something else or cannot be written (WK5115), another run is at it (WK5118).
    """

    folder: Path
    anew: bool = False
    trouble: Diagnostic | None = None
    _lock: Lock | None = None

    def __enter__(self) -> Self:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if any(not _is_ours(each.name) for each in self.folder.iterdir()):
                raise self._refused(Say("it holds other files"))
            self._lock = Lock.take(self.folder)
        except OSError as error:
            raise self._refused(reason(error)) from None
        if self._lock is None:
            raise WakeupError([diagnostic("WK5118", folder=self.folder.name)])
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if not any(self._files()):
            self.discard()
        if self._lock is not None:
            self._lock.leave()
            self._lock = None
        with contextlib.suppress(OSError):
            self.folder.rmdir()  # only if nothing is left in it

    def claim(self, run: Mapping[str, object]) -> None:
        """Say which run this is: whatever tells it from others, as JSON.

        Raises:
            WakeupError: the folder holds sums of another run (WK5116), or cannot be written (WK5115).
        """
        if self.anew:
            self.discard()
        elif any(self._files()) and _read_json(self.folder / _RUN) != run:
            raise WakeupError([diagnostic("WK5116", folder=self.folder.name)])
        try:
            with whole(self.folder / _RUN) as part:
                part.write_text(json.dumps(run, indent=2) + "\n", "utf-8")
        except OSError as error:
            raise self._refused(reason(error)) from None

    def take(self, name: str) -> tuple[Totals, Any] | None:
        """Return the sums of a name and the note put with them, None if they are not here; damaged ones are not."""
        path = self._file(name)
        if not path.is_file():
            return None
        try:
            with path.open("rb") as file:
                return _read(file)
        except _DAMAGED:
            return None

    def put(self, name: str, totals: Totals, note: object) -> None:
        """Keep sums under a name, with a note that JSON can hold; where that fails, `trouble` says so."""
        try:
            with whole(self._file(name)) as part, part.open("wb") as file:
                _write(file, totals, note)
        except OSError as error:
            self.trouble = diagnostic("WK5117", folder=self.folder.name, reason=reason(error))

    def discard(self) -> None:
        """Forget everything: the run is complete, and its result is where it belongs."""
        with contextlib.suppress(OSError):
            for each in self.folder.iterdir():
                if _is_ours(each.name) and each.name != Lock.NAME:
                    each.unlink()

    def _refused(self, why: Piece) -> WakeupError:
        return WakeupError([diagnostic("WK5115", folder=self.folder.name, reason=why)])

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}.npz"

    def _files(self) -> Iterator[Path]:
        return self.folder.glob("[!.]*.npz")


def _is_ours(name: str) -> bool:
    """Whether a file of this name is one of this module's, or what a killed run has left of one."""
    return name in (_RUN, Lock.NAME) or name.endswith(".npz") or (name.startswith(".") and name.endswith(".part"))


def _read_json(path: Path) -> object:
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None


# --- one file --------------------------------------------------------------------------------------------------------


def _write(file: IO[bytes], totals: Totals, note: object) -> None:
    values = {name: getattr(totals, name) for name in fields_dict(Totals)}
    arrays = {name: value for name, value in values.items() if isinstance(value, np.ndarray)}
    rest = {name: value for name, value in values.items() if name not in arrays}
    text = json.dumps({"totals": _converter().unstructure(rest), "note": note})
    np.savez_compressed(file, allow_pickle=False, **{_REST: np.frombuffer(text.encode(), np.uint8)}, **arrays)


def _read(file: IO[bytes]) -> tuple[Totals, Any]:
    converter = _converter()
    with np.load(file, allow_pickle=False) as found:
        tree = json.loads(found[_REST].tobytes())
        values = {name: found[name] for name in found.files if name != _REST}
    for name, each in fields_dict(Totals).items():
        if name not in values:
            values[name] = converter.structure(tree["totals"][name], each.type)
    return Totals(**values), tree["note"]


def _converter() -> Any:
    # Late: only keeping needs cattrs, and importing wakeup must stay quick.
    from cattrs.preconf.json import make_converter

    return make_converter()

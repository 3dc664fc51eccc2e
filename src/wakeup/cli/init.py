"""`wakeup init`: a project to begin with."""

import contextlib
import os
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from wakeup.cli import exits
from wakeup.cli.messages import language, worded
from wakeup.diagnostics import Language, Listed, Say, WakeupError, diagnostic, reason
from wakeup.terms.data import packaged

COMMON: Final = ("wakeup.toml", "shared/cn_channels.wake", "shared/intl_channels.wake")
STARTERS: Final[Mapping[Language, str]] = {"en": "winback.wake", "zh": "老客召回.wake"}


def run(folder: Path) -> int:
    """Write the files of a new project, all or none, and say what to do next.

    Raises:
        WakeupError: WK5040, files are in the way; WK6001, the folder cannot be written to.
    """
    starter = STARTERS[language()]
    files = {name: packaged(f"library/{name}") for name in COMMON}
    files[starter] = packaged(f"library/starter/{starter}")
    _nothing_in_the_way(folder, files)
    _write(folder, files)
    print(worded(Say("written: {files}", files=", ".join(str(folder / name) for name in files))))
    print(worded(Say("next:")))
    print(f"  {shlex.join(('wakeup', 'check', str(folder)))}")
    print(f"  {shlex.join(('wakeup', 'simulate', str(folder / starter), '--synthetic', '1000'))}")
    return exits.FINE


def _nothing_in_the_way(folder: Path, files: Mapping[str, bytes]) -> None:
    if os.path.lexists(folder) and not folder.is_dir():
        raise WakeupError([diagnostic("WK6001", name=str(folder), reason=Say("it is a file"))])
    # `shared` may be there, as a folder; anything else of that name is in the way like a file of ours.
    taken = [name for name in files if os.path.lexists(folder / name)]
    taken += [each for each in sorted({str(Path(name).parent) for name in files}) if _blocked(folder / each)]
    if taken:
        raise WakeupError([diagnostic("WK5040", count=len(taken), folder=str(folder), files=Listed(taken))])


def _blocked(folder: Path) -> bool:
    return os.path.lexists(folder) and not folder.is_dir()


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write all files; whatever stops it, what was written is taken away again."""
    made: list[Path] = []
    try:
        for name, data in files.items():
            for each in _missing((folder / name).parent):
                each.mkdir()
                made.append(each)
            with open(folder / name, "xb") as file:  # never over a file that came in between
                made.append(folder / name)
                file.write(data)
    except BaseException as error:
        for each in reversed(made):
            with contextlib.suppress(OSError):
                each.rmdir() if each.is_dir() else each.unlink()
        if isinstance(error, OSError):
            name = str(error.filename or folder)
            raise WakeupError([diagnostic("WK6001", name=name, reason=reason(error))]) from None
        raise


def _missing(folder: Path) -> list[Path]:
    """The folder and those above it that are not there, outermost first."""
    return [each for each in (folder, *folder.parents) if not each.exists()][::-1]

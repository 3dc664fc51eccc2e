"""The files that the faces open: small inputs read whole; outputs written to a temporary file beside the goal and
renamed, so that nothing is ever half there."""

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from wakeup.diagnostics import Say, WakeupError, diagnostic, reason

STDOUT = "-"
_CAMPAIGN = Say("a campaign file is written by people only")


def read(path: Path) -> bytes:
    """Return the bytes of a file.

    Raises:
        WakeupError: WK1001 there is none, WK1008 it cannot be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise WakeupError([diagnostic("WK1001", file=str(path))]) from None
    except OSError as error:
        raise WakeupError([diagnostic("WK1008", file=str(path), reason=reason(error))]) from None


def check_writable(
    *outputs: Path | None, inputs: Iterable[Path | None] = (), new_campaign: bool = False, library: bool = False
) -> None:
    """Refuse, before long work, an output that could not be written or would destroy something; `-` is standard output.

    `new_campaign`: a campaign file may be written where none is; `library`: a library that a program makes may be made
    anew.

    Raises:
        WakeupError: WK6001, a folder is missing or not writable, the output is an input, a campaign file, or the same
            as another output, no ordinary file.
    """
    taken = {os.path.realpath(each): Say("it is an input") for each in inputs if each is not None}
    for output in outputs:
        if output is None:
            continue
        place = STDOUT if str(output) == STDOUT else os.path.realpath(output)
        by_people = output.suffix == ".wake" and not library and not (new_campaign and not output.exists())
        why = _CAMPAIGN if by_people else taken.get(place)
        if output.exists() and not output.is_file():
            # To write beside it and rename would put a file in the place of a folder, a pipe or a device.
            why = Say("it is a folder") if output.is_dir() else Say("it is no ordinary file; `-` is standard output")
        if why is not None:
            raise WakeupError([diagnostic("WK6001", name=str(output), reason=why)])
        taken[place] = Say("another output goes there too")
        if place == STDOUT:
            continue
        try:
            with tempfile.NamedTemporaryFile(prefix=".wakeup-", dir=output.parent):
                pass
        except OSError as error:
            raise _unwritable(output, error) from None


def write(output: Path, data: bytes) -> None:
    """Write `data` to `output` whole or not at all; `-` writes to standard output.

    Raises:
        WakeupError: WK6001, the disk is full, the folder not writable, standard output closed.
        BrokenPipeError: the reader of standard output went away.
    """
    if str(output) == STDOUT:
        _print(data)
        return
    try:
        with whole(output) as partial, partial.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise _unwritable(output, error) from None


@contextlib.contextmanager
def whole(output: Path) -> Iterator[Path]:
    """Give a new empty file beside `output` to write to; it takes the place of `output` if nothing goes wrong, and is
    gone otherwise. Two programs that write the same output do not meet.

    Raises:
        OSError: the folder takes no file.
    """
    handle, name = tempfile.mkstemp(prefix=f".{output.name[:40]}.", suffix=".part", dir=output.parent)
    os.close(handle)
    partial = Path(name)
    try:
        yield partial
        partial.chmod(0o666 & ~_umask())
        partial.replace(output)
    finally:
        partial.unlink(missing_ok=True)


def _print(data: bytes) -> None:
    if sys.stdout is None:
        raise WakeupError([diagnostic("WK6001", name=Say("standard output"), reason=Say("it is closed"))])
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _unwritable(output: Path, error: OSError) -> WakeupError:
    return WakeupError([diagnostic("WK6001", name=str(output), reason=reason(error))])

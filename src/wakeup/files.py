"""The files that the faces open: small inputs read whole; outputs written to a temporary file beside the goal and
renamed, so that nothing is ever half there."""

import contextlib
import os
import sys
import tempfile
from pathlib import Path

from wakeup.diagnostics import WakeupError, diagnostic

STDOUT = "-"


def read(path: Path) -> bytes:
    """Return the bytes of a file.

    Raises:
        WakeupError: WK1001, it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError:
        raise WakeupError([diagnostic("WK1001", file=str(path))]) from None


def check_writable(*outputs: Path | None) -> None:
    """Refuse, before long work, an output that could not be written; `-` is standard output.

    Raises:
        WakeupError: WK6001, a folder is missing or not writable.
    """
    for output in outputs:
        if output is None or str(output) == STDOUT:
            continue
        if output.is_dir():
            raise WakeupError([diagnostic("WK6001", name=str(output), reason="it is a folder")])
        try:
            handle, probe = tempfile.mkstemp(prefix=".wakeup-", dir=output.parent)
            os.close(handle)
            Path(probe).unlink()
        except OSError as error:
            raise _unwritable(output, error) from None


def write(output: Path, data: bytes) -> None:
    """Write `data` to `output` whole or not at all; `-` writes to standard output.

    Raises:
        WakeupError: WK6001, the disk is full or the folder not writable.
    """
    if str(output) == STDOUT:
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
        return
    partial = None
    try:
        with tempfile.NamedTemporaryFile(prefix=".wakeup-", dir=output.parent, delete=False) as file:
            partial = Path(file.name)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.chmod(0o666 & ~_umask())
        partial.replace(output)
    except OSError as error:
        if partial is not None:
            with contextlib.suppress(OSError):
                partial.unlink()
        raise _unwritable(output, error) from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _unwritable(output: Path, error: OSError) -> WakeupError:
    return WakeupError([diagnostic("WK6001", name=str(output), reason=error.strerror or str(error))])

"""`wakeup lsp`: the language server, over standard input and output."""

import os
import sys

from wakeup import __version__
from wakeup.cli import exits
from wakeup.diagnostics import WakeupError, diagnostic


def run() -> int:
    """Serve the editor that started this process until it ends it.

    Raises:
        WakeupError: WK6060, the extra is not installed.
    """
    try:
        from wakeup.lsp.server import serve
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in ("pygls", "lsprotocol"):
            raise
        raise WakeupError([diagnostic("WK6060", package=error.name)]) from None
    # The stream is the protocol's alone: whatever else prints must not end up in it.
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as out:
        sys.stdout = sys.stderr
        return exits.FINE if serve(sys.stdin.buffer, out, __version__) else exits.WRONG_INPUT

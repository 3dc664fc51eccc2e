"""`wakeup backup FILE`: a copy of the last commit, while a run goes on."""

from contextlib import closing
from pathlib import Path

from wakeup.cli import exits
from wakeup.cli.messages import worded
from wakeup.diagnostics import Say, WakeupError, diagnostic
from wakeup.live.store.opening import open_store
from wakeup.live.store.sqlite import SqliteStore


def run(copy: Path, store: str, key: str | None) -> int:
    """Write the copy.

    Raises:
        WakeupError: WK7160 the store is no file, WK7027 there is something already or the disk is full.
    """
    with closing(open_store(store, key, make=False)) as kept:
        if not isinstance(kept, SqliteStore):
            raise WakeupError([diagnostic("WK7160", store=kept.address)])
        kept.copy_to(copy)
    print(worded(Say("copied to {file}; keep the key apart from it", file=str(copy))))
    return exits.FINE

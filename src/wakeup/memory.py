"""How much memory this process can have, as far as the system says so."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final

_KIB: Final = 1024
_ROOT: Final = Path("/")

_GROUPS: Final = (
    ("sys/fs/cgroup", "memory.max", "memory.current", ("active_file", "inactive_file")),
    ("sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes",
     ("total_active_file", "total_inactive_file")),
)  # fmt: skip
"""Versions 2 and 1 of control groups: their folder, the limit, what is in use, what of that is files' contents."""


def obtainable(root: Path = _ROOT) -> int | None:
    """Return how many bytes this process has and can still be given, space to swap to included; None: nobody knows.

    That is what Linux calls available, or what the limit of a container leaves, if that is less. Contents of files that
    are kept in memory count as free. root: where the files of the system are.
    """
    try:
        table = _numbers(root / "proc/meminfo")
        available, swap = table["MemAvailable"] * _KIB, table.get("SwapFree", 0) * _KIB
        own = _numbers(root / "proc/self/status")["VmRSS"] * _KIB
    except (OSError, ValueError, KeyError):  # not Linux, or one that keeps it to itself
        return None
    return min([available, *_left_to_groups(root)]) + own + swap


def _left_to_groups(root: Path) -> Iterator[int]:
    """Yield what is left to each control group that this process is in and that has a limit."""
    names = {PurePosixPath("."), *_groups(root)}
    for folder, limit, usage, files in _GROUPS:
        for name in names:
            group = root / folder / name
            try:
                most, used = int((group / limit).read_text("ascii")), int((group / usage).read_text("ascii"))
                kept = _numbers(group / "memory.stat")
            except (OSError, ValueError):  # there is no such group, or its limit is "max"
                continue
            yield max(most - used + sum(kept.get(each, 0) for each in files), 0)


def _groups(root: Path) -> Iterator[PurePosixPath]:
    """Yield the groups of this process and those above them, from the root of each tree of groups."""
    try:
        lines = (root / "proc/self/cgroup").read_text("utf-8").splitlines()
    except (OSError, ValueError):
        return
    for line in lines:
        own = PurePosixPath(line.split(":", 2)[-1].lstrip("/"))
        yield own
        yield from own.parents


def _numbers(file: Path) -> dict[str, int]:
    """Return the numbers of a table of the system, by name."""
    rows = (line.replace(":", " ").split() for line in file.read_text("ascii").splitlines())
    return {row[0]: int(row[1]) for row in rows if len(row) > 1 and row[1].isdecimal()}

"""The campaign files that a command's arguments mean."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from wakeup.diagnostics import WakeupError, diagnostic

SUFFIX = ".wake"


def campaign_files(paths: Sequence[Path]) -> list[Path]:
    """Return files as they are and those of folders, each once, those of a folder sorted.

    Raises:
        WakeupError: WK1001, a folder without a campaign file.
    """
    return list(dict.fromkeys(each for path in paths for each in _files(path)))


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    # Neither folders nor pipes that have such a name; of links, what they lead to decides.
    found = sorted(each for each in path.rglob(f"*{SUFFIX}") if each.is_file() or each.is_symlink())
    if not found:
        raise WakeupError([diagnostic("WK1001", file=str(path / f"*{SUFFIX}"))])
    yield from found

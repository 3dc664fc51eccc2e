"""What the system answers when a file cannot be read or written, as texts of ours."""

import errno
from collections.abc import Mapping
from typing import Final

from wakeup.diagnostics.words import Piece, Say

_REASONS: Final[Mapping[int, Piece]] = {
    errno.ENOENT: Say("no such file or folder"),
    errno.EACCES: Say("permission denied"),
    errno.EPERM: Say("permission denied"),
    errno.EEXIST: Say("it is there already"),
    errno.EISDIR: Say("it is a folder"),
    errno.ENOTDIR: Say("a part of the path is no folder"),
    errno.ENOSPC: Say("no space left on the disk"),
    errno.EDQUOT: Say("no space left on the disk"),
    errno.EROFS: Say("the disk is read-only"),
    errno.EIO: Say("the disk does not answer"),
    errno.ENAMETOOLONG: Say("the name is too long"),
    errno.ELOOP: Say("links lead in a circle"),
    errno.EINVAL: Say("the name is not allowed"),
    errno.EMFILE: Say("too many files are open"),
}


def reason(error: OSError) -> Piece:
    """Return why the system refused; what it seldom says is told by its number."""
    known = _REASONS.get(error.errno or 0)
    return known or Say("the system refuses it (error {number})", number=error.errno or "?")

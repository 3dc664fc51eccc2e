"""The audit log: lines that are only ever added, each sealed together with the one before it.

The seal is a keyed HMAC: whoever can write the database but has no key cannot change, add or remove a line unnoticed.
The head stands apart and shows lines that are missing at the end.
"""

import hmac
import json
from typing import Final

from wakeup.live.store.session import Session

_HEAD: Final = "SELECT value FROM meta WHERE name = 'audit'"
_LINES: Final = "SELECT line, t, who, what, seal FROM audit WHERE line > ? ORDER BY line LIMIT 1000"


def append(session: Session, t: int, who: str, what: str) -> None:
    """Add a line: when, who, what was done; never personal data."""
    session.hold("audit log")
    line, last = _head(session)
    line, seal = line + 1, _seal(session, last, line + 1, t, who, what)
    session.change("INSERT INTO audit (line, t, who, what, seal) VALUES (?, ?, ?, ?, ?)", (line, t, who, what, seal))
    session.change(
        "INSERT INTO meta (name, value) VALUES ('audit', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (f"{line} {seal}",),
    )


def broken_at(session: Session) -> int | None:
    """Return the first line that does not hold together, None if all do."""
    last, line = "", 0
    while rows := session.rows(_LINES, (line,)):
        for number, t, who, what, seal in rows:
            if number != line + 1 or not hmac.compare_digest(seal, _seal(session, last, number, t, who, what)):
                return line + 1
            last, line = seal, number
    return None if (line, last) == _head(session) else line + 1


def _head(session: Session) -> tuple[int, str]:
    rows = session.rows(_HEAD)
    if not rows:
        return 0, ""
    line, _, seal = rows[0][0].partition(" ")
    return int(line), seal


def _seal(session: Session, last: str, line: int, t: int, who: str, what: str) -> str:
    told = json.dumps([last, line, t, who, what], ensure_ascii=False)
    return hmac.digest(session.keys.derive("audit"), told.encode(), "sha256").hex()

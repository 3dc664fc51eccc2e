"""Forgetting: a person on demand, and bodies that nobody needs any more."""

import hmac
import os
from typing import Final

from wakeup.live.seal import Keys
from wakeup.live.store.session import Session, signed

_REKEYED: Final = (
    "UPDATE entries SET customer = ? WHERE customer = ? AND campaign = ?",
    """UPDATE enrolments SET customer = ?, status = 'done', due = NULL, lapse = NULL, state = ''
    WHERE customer = ? AND campaign = ?""",
    "UPDATE codes SET customer = ? WHERE customer = ? AND campaign = ?",
)
_UNSENT: Final = (
    "UPDATE sends SET state = 'refused', live = 0, evidence = 'erased' WHERE customer = ? AND state = 'ready'",
    "UPDATE sends SET state = 'unknown', live = 0, evidence = 'erased' WHERE customer = ? AND state = 'doubt'",
)
_SENDS_EMPTIED: Final = "UPDATE sends SET customer = ?, payload = ?, provider_id = '', claim = '{}' WHERE customer = ?"
_INBOX_EMPTIED: Final = (
    "UPDATE inbox SET customer = ?, known = 0, taken = 1, body = '' WHERE customer = ? AND known = 1"
)
_SENDS_PURGED: Final = "UPDATE sends SET payload = ? WHERE live = 0 AND settled < ? AND payload <> ?"
_INBOX_PURGED: Final = "UPDATE inbox SET body = '' WHERE taken = 1 AND t < ? AND body <> ''"


def mark_of(keys: Keys, key: int) -> str:
    """Return what stays of a person who was erased: the keyed HMAC of the customer key."""
    return hmac.digest(keys.derive("forgotten"), key.to_bytes(8, "big"), "sha256").hex()


def erase(session: Session, key: int) -> bool:
    """Forget a person in all campaigns; False if nobody has that key.

    The rows stay countable under a random key: the real one is a plain hash of the id, which a list of phone numbers
    would give away.
    """
    old = signed(key)
    campaigns = [name for (name,) in session.rows("SELECT name FROM campaigns ORDER BY name")]
    for campaign in campaigns:
        session.hold(campaign)
    known = session.rows(
        "SELECT 1 FROM customers WHERE customer = ? UNION SELECT 1 FROM enrolments WHERE customer = ?",
        (old, old),
    )
    if not known:
        return False
    session.scrub()
    new = int.from_bytes(os.urandom(8), "big", signed=True)
    for sql in _UNSENT:
        session.change(sql, (old,))
    for sql in _REKEYED:
        session.many(sql, [(new, old, campaign) for campaign in campaigns])
    session.change(_SENDS_EMPTIED, (new, b"", old))
    session.change(_INBOX_EMPTIED, (new, old))
    session.change("DELETE FROM customers WHERE customer = ?", (old,))
    session.change("DELETE FROM addresses WHERE customer = ?", (old,))
    session.change("DELETE FROM consents WHERE customer = ?", (old,))
    session.change("INSERT INTO forgotten (mark) VALUES (?) ON CONFLICT DO NOTHING", (mark_of(session.keys, key),))
    return True


def purge(session: Session, before: int) -> int:
    """Empty payloads of sends that were settled, and bodies of answers that were taken, before an instant."""
    session.scrub()
    return session.change(_SENDS_PURGED, (b"", before, b"")) + session.change(_INBOX_PURGED, (before,))

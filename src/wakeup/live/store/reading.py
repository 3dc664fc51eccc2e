"""The questions of `protocol.Reader`, written once for both databases."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Literal

from wakeup.live.rows import Enrolment, Entry, Outgoing, SendState
from wakeup.live.store.answers import from_text
from wakeup.live.store.protocol import Customer, Queued, Switch, Version
from wakeup.live.store.session import Session, Value, signed, unsigned
from wakeup.terms.lists import Reason, Row

OPEN_STATES: Final = frozenset({SendState.READY, SendState.INFLIGHT, SendState.DOUBT, SendState.WAITING})
"""States of a send that can still change."""

_COLUMNS: Final = {
    "{person}": "campaign, customer, occurrence, version, journey, held_out, status, due, lapse, state",
    "{send}": (
        "ref, campaign, customer, occurrence, journey, step, nth, message, channel, variant, decided, deadline, state,"
        " attempt, not_before, first_attempt, lease, epoch, fingerprint, payload, provider_id, evidence, settled, claim"
    ),
    "{entry}": (
        "campaign, customer, t, kind, journey, step, message, channel, incentive, reason, arm, amount, subsidised"
    ),
}


def _with_columns(sql: str) -> str:
    for word, columns in _COLUMNS.items():
        sql = sql.replace(word, columns)
    return sql


_ONE: Final = _with_columns("SELECT {person} FROM enrolments WHERE campaign = ? AND customer = ?")
_DUE: Final = {
    "due": _with_columns(
        "SELECT {person} FROM enrolments WHERE campaign = ? AND due <= ? ORDER BY due, customer, occurrence LIMIT ?"
    ),
    "lapse": _with_columns(
        "SELECT {person} FROM enrolments WHERE campaign = ? AND lapse <= ? ORDER BY lapse, customer, occurrence LIMIT ?"
    ),
}
_PEOPLE: Final = _with_columns("SELECT {person} FROM enrolments WHERE campaign = ? AND customer >= ?")
_NEXT: Final = """SELECT min(x) FROM (
    SELECT min(due) AS x FROM enrolments WHERE campaign = ? AND due IS NOT NULL
    UNION ALL SELECT min(lapse) FROM enrolments WHERE campaign = ? AND lapse IS NOT NULL
    UNION ALL SELECT min(not_before) FROM sends WHERE campaign = ? AND state IN ('ready', 'inflight', 'doubt')
    UNION ALL SELECT min(t) FROM inbox WHERE campaign = ? AND taken = 0) AS instants"""
_SEND: Final = _with_columns("SELECT {send} FROM sends WHERE ref = ?")
_SENDS: Final = _with_columns("SELECT {send} FROM sends WHERE campaign = ? AND state = ?")
_SENDS_DUE: Final = _with_columns(
    "SELECT {send} FROM sends WHERE campaign = ? AND state IN ('ready', 'inflight', 'doubt') AND not_before <= ?"
    " ORDER BY not_before, decided, customer, ref LIMIT ?"
)
_UNCONFIRMED: Final = _with_columns(
    "SELECT {send} FROM sends WHERE campaign = ? AND state = 'waiting' AND deadline <= ?"
    " ORDER BY deadline, customer, ref LIMIT ?"
)
_FIRST_DECIDED: Final = " ORDER BY first_attempt, decided, customer, ref LIMIT ?"
_ENTRIES: Final = _with_columns("SELECT seq, {entry} FROM entries WHERE seq > ? AND campaign = ? ORDER BY seq LIMIT ?")
_ENTRIES_OF: Final = _with_columns("SELECT {entry} FROM entries WHERE campaign = ? AND customer = ? ORDER BY seq")
_WAITING: Final = (
    "SELECT place, customer, known, body FROM inbox WHERE campaign = ? AND taken = 0 AND t <= ?"
    " ORDER BY t, customer, place LIMIT ?"
)


class Reading:
    """Answers questions over a session; see `protocol.Reader`."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def campaigns(self) -> list[str]:
        """Names of the campaigns."""
        return [name for (name,) in self.session.rows("SELECT name FROM campaigns ORDER BY name")]

    def versions(self, campaign: str) -> list[Version]:
        """Plan versions, oldest first."""
        sql = "SELECT campaign, version, plan, since, approved FROM versions WHERE campaign = ? ORDER BY place"
        return [Version(*row) for row in self.session.rows(sql, (campaign,))]

    def shared(self, campaign: str) -> str:
        """The campaign's shared state, "" before the start."""
        return self._one("SELECT state FROM shared WHERE campaign = ?", campaign) or ""

    def person(self, campaign: str, customer: int, occurrence: int = 0) -> Enrolment | None:
        """One enrolment."""
        rows = self.session.rows(f"{_ONE} AND occurrence = ?", (campaign, signed(customer), occurrence))
        return _person(rows[0]) if rows else None

    def persons(self, campaign: str, keys: Sequence[tuple[int, int]]) -> list[Enrolment]:
        """Enrolments by (customer, occurrence); unknown ones are left out."""
        asked = [(campaign, signed(customer), occurrence) for customer, occurrence in keys]
        return [_person(row) for rows in self.session.found(f"{_ONE} AND occurrence = ?", asked) for row in rows]

    def people(self, campaign: str, status: str | None = None, after: int = -1, limit: int = 1000) -> list[Enrolment]:
        """Enrolments in ascending order of customer key, above `after`; a person's occurrences are never parted, so
        there may be a few more than `limit`."""
        if after >= unsigned((1 << 63) - 1):
            return []
        only, of = (" AND status = ?", (status,)) if status is not None else ("", ())
        order = " ORDER BY customer, occurrence LIMIT ?"
        rows = self.session.rows(_PEOPLE + only + order, (campaign, signed(after + 1), *of, limit))
        if len(rows) == limit:
            last = rows[-1]
            rows += self.session.rows(f"{_ONE} AND occurrence > ?{only}", (campaign, last[1], last[2], *of))
        return [_person(row) for row in rows]

    def count(self, campaign: str) -> Mapping[str, int]:
        """Number of enrolments per status."""
        sql = "SELECT status, count(*) FROM enrolments WHERE campaign = ? GROUP BY status"
        return dict(self.session.rows(sql, (campaign,)))

    def due(self, campaign: str, kind: Literal["due", "lapse"], now: int, limit: int) -> list[Enrolment]:
        """Whose `due` or `lapse` is at or before `now`, in order of (that instant, customer)."""
        return [_person(row) for row in self.session.rows(_DUE[kind], (campaign, now, limit))]

    def next_instant(self, campaign: str) -> int | None:
        """The earliest instant at which something waits."""
        found = self._one(_NEXT, *(campaign,) * 4)
        return None if found is None else int(found)

    def outgoing(self, ref: str) -> Outgoing | None:
        """One send."""
        rows = self.session.rows(_SEND, (ref,))
        return _send(rows[0]) if rows else None

    def sends(self, campaign: str, states: Iterable[str], limit: int = 1000) -> list[Outgoing]:
        """Sends in some states, in order of (first_attempt, decided, customer)."""
        found: list[Outgoing] = []
        for state in sorted({SendState(each) for each in states}):
            only = " AND live = 1" if state in OPEN_STATES else ""
            rows = self.session.rows(_SENDS + only + _FIRST_DECIDED, (campaign, str(state), limit))
            found += map(_send, rows)
        return sorted(found, key=lambda each: (each.first_attempt, each.decided, each.customer, each.ref))[:limit]

    def sends_due(self, campaign: str, now: int, limit: int) -> list[Outgoing]:
        """Sends that the executor has to look at, in order of (not_before, decided, customer)."""
        return [_send(row) for row in self.session.rows(_SENDS_DUE, (campaign, now, limit))]

    def unconfirmed(self, campaign: str, before: int, limit: int) -> list[Outgoing]:
        """Sends that are WAITING and whose deadline is at or before an instant, in order of (deadline, customer)."""
        return [_send(row) for row in self.session.rows(_UNCONFIRMED, (campaign, before, limit))]

    def sent_as(self, channel: str, provider_id: str) -> str | None:
        """The ref of the send that a provider knows by its own id."""
        if not provider_id:
            return None
        sql = "SELECT ref FROM sends WHERE provider_id = ? AND provider_id <> '' AND channel = ? ORDER BY ref LIMIT 1"
        found = self._one(sql, provider_id, channel)
        return None if found is None else str(found)

    def send_counts(self, campaign: str) -> Mapping[tuple[str, str], int]:
        """Number of sends per (channel, state)."""
        sql = "SELECT channel, state, count(*) FROM sends WHERE campaign = ? GROUP BY channel, state"
        return {(channel, state): number for channel, state, number in self.session.rows(sql, (campaign,))}

    def entries(self, campaign: str, after: int = 0, limit: int = 10_000) -> list[tuple[int, Entry]]:
        """Rows of the trace with their seq, in the order in which they were written, above `after`."""
        return [(row[0], _entry(row[1:])) for row in self.session.rows(_ENTRIES, (after, campaign, limit))]

    def entries_of(self, campaign: str, customer: int) -> list[Entry]:
        """Rows of one person in the order in which they were written."""
        return [_entry(row) for row in self.session.rows(_ENTRIES_OF, (campaign, signed(customer)))]

    def waiting(self, campaign: str, now: int, limit: int) -> list[Queued]:
        """Answers not yet taken with t <= now, in order of (t, customer, place)."""
        return [
            Queued(place, from_text(body), unsigned(customer) if known else None)
            for place, customer, known, body in self.session.rows(_WAITING, (campaign, now, limit))
        ]

    def inbox_length(self) -> int:
        """Number of answers that no executor has taken yet."""
        return int(self._one("SELECT count(*) FROM inbox WHERE taken = 0"))

    def inbox_oldest(self) -> int | None:
        """`t` of the oldest answer that no executor has taken yet."""
        found = self._one("SELECT min(t) FROM inbox WHERE taken = 0")
        return None if found is None else int(found)

    def customer(self, key: int) -> Customer | None:
        """One person."""
        sql = "SELECT sealed_id, sealed_addresses, lookup FROM customers WHERE customer = ?"
        rows = self.session.rows(sql, (signed(key),))
        return Customer(key, bytes(rows[0][0]), bytes(rows[0][1]), rows[0][2]) if rows else None

    def customers(self, after: int = -1, limit: int = 1000) -> list[Customer]:
        """People in ascending order of key, above `after`."""
        if after >= unsigned((1 << 63) - 1):
            return []
        sql = (
            "SELECT customer, sealed_id, sealed_addresses, lookup FROM customers WHERE customer >= ?"
            " ORDER BY customer LIMIT ?"
        )
        rows = self.session.rows(sql, (signed(after + 1), limit))
        return [Customer(unsigned(row[0]), *row[1:]) for row in rows]

    def find(self, lookup: str) -> int | None:
        """The key of the person with that keyed HMAC of the id."""
        return self.find_all([lookup])[0]

    def find_all(self, lookups: Sequence[str]) -> list[int | None]:
        """`find` for many at once, in their order."""
        sql = "SELECT customer FROM customers WHERE lookup = ? AND lookup <> ''"
        found = self.session.found(sql, [(each,) for each in lookups])
        return [unsigned(rows[0][0]) if rows else None for rows in found]

    def find_addresses(self, lookups: Sequence[str]) -> list[list[int]]:
        """The keys of the people with each of those addresses."""
        sql = "SELECT customer FROM addresses WHERE lookup = ? ORDER BY customer"
        found = self.session.found(sql, [(each,) for each in lookups])
        return [[unsigned(key) for (key,) in rows] for rows in found]

    def consents(self, customer: int) -> Mapping[str, bool]:
        """Per channel kind or name, the newest word; under "" what was said of every channel."""
        return self.consents_of([customer])[0]

    def consents_of(self, customers: Sequence[int]) -> list[Mapping[str, bool]]:
        """`consents` of many people, in their order."""
        sql = "SELECT channel, allowed FROM consents WHERE customer = ? ORDER BY t, place"
        return [_newest(rows) for rows in self.session.found(sql, [(signed(each),) for each in customers])]

    def switch(self, campaign: str) -> Switch:
        """What has been ordered."""
        return Switch(self._one("SELECT switch FROM campaigns WHERE name = ?", campaign) or Switch.RUNNING)

    def codes_left(self, campaign: str, incentive: str) -> int:
        """Number of listed codes not yet given."""
        sql = "SELECT count(*) FROM codes WHERE campaign = ? AND incentive = ? AND customer IS NULL"
        return int(self._one(sql, campaign, incentive))

    def owners_of(self, code: str) -> list[tuple[str, str, int]]:
        """(campaign, incentive, customer) of everybody to whom a code was given."""
        sql = (
            "SELECT campaign, incentive, customer FROM codes WHERE code = ? AND customer IS NOT NULL ORDER BY campaign"
        )
        return [(campaign, incentive, unsigned(who)) for campaign, incentive, who in self.session.rows(sql, (code,))]

    def executors(self, now: int) -> list[tuple[int, str, int]]:
        """(epoch, holder, until) of the executors whose lease has not ended."""
        sql = "SELECT epoch, holder, until FROM leases WHERE until > ? ORDER BY epoch"
        return [(epoch, holder, until) for epoch, holder, until in self.session.rows(sql, (now,))]

    def _one(self, sql: str, *values: Value) -> Any:
        rows = self.session.rows(sql, values)
        return rows[0][0] if rows else None


def _newest(rows: list[tuple[Any, ...]]) -> Mapping[str, bool]:
    said: dict[str, bool] = {}
    for channel, allowed in rows:
        if not channel:
            said = dict.fromkeys(said, bool(allowed))
        said[channel] = bool(allowed)
    return said


def _person(row: Sequence[Any]) -> Enrolment:
    campaign, customer, occurrence, version, journey, held_out, *rest = row
    return Enrolment(campaign, unsigned(customer), occurrence, version, journey, bool(held_out), *rest)


def _send(row: Sequence[Any]) -> Outgoing:
    values = list(row)
    values[2], values[12] = unsigned(row[2]), SendState(row[12])
    return Outgoing(*values)


def _entry(row: Sequence[Any]) -> Entry:
    campaign, customer, t, kind, journey, step, message, channel, incentive, reason, arm, amount, subsidised = row
    return Entry(
        campaign,
        unsigned(customer),
        t,
        Row[kind.upper()],
        journey,
        step,
        message,
        channel,
        incentive,
        Reason[reason.upper()],
        arm,
        amount,
        bool(subsidised),
    )

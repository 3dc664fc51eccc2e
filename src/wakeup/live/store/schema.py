"""The tables, as numbered steps: a new store takes all of them, an older one those that it lacks.

A step that was published never changes. Words in braces differ between the databases: see `Dialect`. Customer keys are
shifted to int64 (`session.signed`), truth values are 0 or 1, instants are seconds UTC.
"""

from collections.abc import Mapping
from typing import Any, Final

from attrs import frozen

from wakeup.live.store.session import Session


@frozen
class Dialect:
    """How a database writes column types, and the statements that only it has. words: what stands for the braces.
    own: per step, what comes after it."""

    words: Mapping[str, str]
    own: Mapping[int, tuple[str, ...]]


_FIRST: Final = (
    # One row per campaign; `switch` is what somebody has ordered.
    """CREATE TABLE campaigns (
        name {text} PRIMARY KEY, switch {text} NOT NULL, since {int} NOT NULL, who {text} NOT NULL) {end}""",
    # Apart from the switch, which is read before every byte while this is written all the time.
    "CREATE TABLE shared (campaign {text} PRIMARY KEY, state {text} NOT NULL) {end}",
    """CREATE TABLE versions (
        place {serial}, campaign {text} NOT NULL, version {text} NOT NULL, plan {text} NOT NULL, since {int} NOT NULL,
        approved {text} NOT NULL, UNIQUE (campaign, version)) {end}""",
    """CREATE TABLE enrolments (
        campaign {text} NOT NULL, customer {int} NOT NULL, occurrence {int} NOT NULL, version {text} NOT NULL,
        journey {text} NOT NULL, held_out {int} NOT NULL, status {text} NOT NULL, due {int}, lapse {int},
        state {text} NOT NULL, PRIMARY KEY (campaign, customer, occurrence)) {end}""",
    "CREATE INDEX enrolments_due ON enrolments (campaign, due, customer) WHERE due IS NOT NULL",
    "CREATE INDEX enrolments_lapse ON enrolments (campaign, lapse, customer) WHERE lapse IS NOT NULL",
    "CREATE INDEX enrolments_status ON enrolments (campaign, status, customer)",
    """CREATE TABLE entries (
        seq {serial}, campaign {text} NOT NULL, customer {int} NOT NULL, t {int} NOT NULL, kind {text} NOT NULL,
        journey {text} NOT NULL, step {text} NOT NULL, message {text} NOT NULL, channel {text} NOT NULL,
        incentive {text} NOT NULL, reason {text} NOT NULL, arm {text} NOT NULL, amount {int} NOT NULL,
        subsidised {int} NOT NULL) {end}""",
    "CREATE INDEX entries_person ON entries (campaign, customer)",
    # `live`: 1 while the state can still change.
    """CREATE TABLE sends (
        ref {text} PRIMARY KEY, campaign {text} NOT NULL, customer {int} NOT NULL, occurrence {int} NOT NULL,
        journey {text} NOT NULL, step {text} NOT NULL, nth {int} NOT NULL, message {text} NOT NULL,
        channel {text} NOT NULL, variant {int} NOT NULL, decided {int} NOT NULL, deadline {int} NOT NULL,
        state {text} NOT NULL, live {int} NOT NULL, attempt {int} NOT NULL, not_before {int} NOT NULL,
        first_attempt {int} NOT NULL, lease {int} NOT NULL, epoch {int} NOT NULL, fingerprint {text} NOT NULL,
        payload {blob} NOT NULL, provider_id {text} NOT NULL, evidence {text} NOT NULL, settled {int} NOT NULL,
        claim {text} NOT NULL) {end}""",
    "CREATE INDEX sends_live ON sends (campaign, state, first_attempt, decided, customer) WHERE live = 1",
    # The same words as in the question, or the databases do not see that it answers it.
    """CREATE INDEX sends_due ON sends (campaign, not_before, decided, customer)
        WHERE state IN ('ready', 'inflight', 'doubt')""",
    "CREATE INDEX sends_count ON sends (campaign, channel, state)",
    """CREATE TABLE leases (
        epoch {serial}, holder {text} NOT NULL, since {int} NOT NULL, until {int} NOT NULL) {end}""",
    # A code without a customer waits to be given.
    """CREATE TABLE codes (
        place {serial}, campaign {text} NOT NULL, incentive {text} NOT NULL, code {text} NOT NULL, customer {int},
        UNIQUE (code, campaign)) {end}""",
    "CREATE INDEX codes_left ON codes (campaign, incentive, place) WHERE customer IS NULL",
    "CREATE TABLE events (source {text} NOT NULL, event_id {text} NOT NULL, PRIMARY KEY (source, event_id)) {end}",
    # One row per campaign that an answer concerns. `known`: 0 where nobody is behind `customer`.
    """CREATE TABLE inbox (
        place {serial}, campaign {text} NOT NULL, t {int} NOT NULL, customer {int} NOT NULL, known {int} NOT NULL,
        taken {int} NOT NULL, body {text} NOT NULL) {end}""",
    "CREATE INDEX inbox_waiting ON inbox (campaign, t, customer, place) WHERE taken = 0",
    """CREATE TABLE customers (
        customer {int} PRIMARY KEY, sealed_id {blob} NOT NULL, sealed_addresses {blob} NOT NULL,
        lookup {text} NOT NULL) {end}""",
    "CREATE INDEX customers_lookup ON customers (lookup)",
    """CREATE TABLE consents (
        place {serial}, customer {int} NOT NULL, channel {text} NOT NULL, allowed {int} NOT NULL, t {int} NOT NULL,
        source {text} NOT NULL) {end}""",
    "CREATE INDEX consents_person ON consents (customer)",
    # Who was erased: keyed HMACs of customer keys, so that nobody comes back with the next file.
    "CREATE TABLE forgotten (mark {text} PRIMARY KEY) {end}",
    """CREATE TABLE audit (
        line {int} PRIMARY KEY, t {int} NOT NULL, who {text} NOT NULL, what {text} NOT NULL,
        seal {text} NOT NULL) {end}""",
)

_RECEIPTS_WITHOUT_REF: Final = (
    "CREATE INDEX sends_provider ON sends (provider_id) WHERE provider_id <> ''",
    # An answer that names a person alone goes to every campaign that they are in.
    "CREATE INDEX enrolments_person ON enrolments (customer)",
    # Erasing a person must not read every send and every answer.
    "CREATE INDEX sends_person ON sends (customer)",
    "CREATE INDEX inbox_person ON inbox (customer)",
    # Keyed HMACs of addresses: some providers tell who says no by the phone number alone.
    """CREATE TABLE addresses (
        lookup {text} NOT NULL, customer {int} NOT NULL, PRIMARY KEY (lookup, customer)) {end}""",
    "CREATE INDEX addresses_person ON addresses (customer)",
)

_UNCONFIRMED: Final = (
    # Sends that a person has to confirm, by when it is too late.
    "CREATE INDEX sends_unconfirmed ON sends (campaign, deadline, customer) WHERE state = 'waiting'",
)

STEPS: Final = (_FIRST, _RECEIPTS_WITHOUT_REF, _UNCONFIRMED)
"""Step n brings a store from form n - 1 to form n."""

NEWEST: Final = len(STEPS)
"""The form of a store that this program writes."""


def bring_forward(session: Session, dialect: Dialect, found: int) -> None:
    """Take the steps that a store of form `found` (0: empty) lacks, and note its form."""
    for number in range(found + 1, NEWEST + 1):
        for statement in STEPS[number - 1] + dialect.own.get(number, ()):
            session.change(_written(statement, dialect))
    if found == 0:
        session.change("INSERT INTO meta (name, value) VALUES ('form', ?)", (str(NEWEST),))
        session.change("INSERT INTO meta (name, value) VALUES ('key', ?)", (key_mark(session),))
    elif found < NEWEST:
        session.change("UPDATE meta SET value = ? WHERE name = 'form'", (str(NEWEST),))


def meta(session: Session) -> dict[str, Any]:
    """Return what a store says of itself: its form, the mark of its key."""
    return dict(session.rows("SELECT name, value FROM meta"))


def key_mark(session: Session) -> str:
    """Return what tells whether a key belongs to a store, and nothing of the key."""
    return session.keys.derive("mark").hex()[:32]


def create_meta(dialect: Dialect) -> str:
    """Return the statement that makes the one table which every form has."""
    return _written("CREATE TABLE IF NOT EXISTS meta (name {text} PRIMARY KEY, value {text} NOT NULL) {end}", dialect)


def _written(statement: str, dialect: Dialect) -> str:
    for word, text in dialect.words.items():
        statement = statement.replace(word, text)
    return statement

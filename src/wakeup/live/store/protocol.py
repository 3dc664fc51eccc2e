"""What a store can do. One implementation over two databases; one conformance suite.

`work` is the heart: a transaction that holds the sole right to decide for a campaign (caps, budget, stock and places
are shared by its people), durable when it ends. Everything that a send needs is in it or not at all.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from enum import StrEnum
from typing import Literal, Protocol

from attrs import field, frozen

from wakeup.channels.protocol import Answer
from wakeup.diagnostics import Diagnostic
from wakeup.live.rows import Enrolment, Entry, Outgoing
from wakeup.live.seal import Keys


class Switch(StrEnum):
    """What somebody has ordered for a campaign; read before every network byte."""

    RUNNING = "running"
    PAUSED = "paused"  # nothing is sent; answers are taken, time goes on
    STOPPED = "stopped"  # for good: everybody leaves


@frozen
class Customer:
    """A person as the store knows them, for all campaigns.

    key: uint64. sealed_id, sealed_addresses: AES-GCM of the id and of a JSON object of address kinds, b"" once erased.
    lookup: keyed HMAC of the id (hex), to find a person by id; "" once erased. found_by: keyed HMACs of the addresses
    (`live.sealed.address_lookup`), for providers that tell an address alone; they are written, never given back.
    """

    key: int
    sealed_id: bytes
    sealed_addresses: bytes
    lookup: str
    found_by: tuple[str, ...] = field(default=(), eq=False)


@frozen
class Consent:
    """What a person has allowed or forbidden, and its source; the newest per (customer, channel kind or name) holds.

    channel: "" for every channel.
    """

    customer: int
    channel: str
    allowed: bool
    t: int
    source: str


@frozen
class Queued:
    """An answer in the inbox. place: ascending number; customer: the key it is about, None if nobody is known."""

    place: int
    answer: Answer
    customer: int | None


@frozen
class Version:
    """A plan version of a campaign: conduct fingerprint, the plan's JSON, when it was taken up, who approved it."""

    campaign: str
    version: str
    plan: str
    since: int
    approved: str


class Reader(Protocol):
    """Questions that change nothing."""

    def campaigns(self) -> list[str]:
        """Names of the campaigns."""

    def versions(self, campaign: str) -> list[Version]:
        """Plan versions, oldest first."""

    def shared(self, campaign: str) -> str:
        """The campaign's shared state: JSON of the core ("" before the start)."""

    def person(self, campaign: str, customer: int, occurrence: int = 0) -> Enrolment | None:
        """One enrolment."""

    def persons(self, campaign: str, keys: Sequence[tuple[int, int]]) -> list[Enrolment]:
        """Enrolments by (customer, occurrence), in any order; unknown ones are left out."""

    def people(self, campaign: str, status: str | None = None, after: int = -1, limit: int = 1000) -> list[Enrolment]:
        """Enrolments in ascending order of customer key, above `after`."""

    def count(self, campaign: str) -> Mapping[str, int]:
        """Number of enrolments per status."""

    def due(self, campaign: str, kind: Literal["due", "lapse"], now: int, limit: int) -> list[Enrolment]:
        """Whose `due` or `lapse` is at or before `now`, in order of (that instant, customer)."""

    def next_instant(self, campaign: str) -> int | None:
        """The earliest of all `due` and `lapse`, `not_before` of READY, INFLIGHT and DOUBT sends and `t` of answers not
        yet taken."""

    def outgoing(self, ref: str) -> Outgoing | None:
        """One send."""

    def sends(self, campaign: str, states: Iterable[str], limit: int = 1000) -> list[Outgoing]:
        """Sends in some states, in order of (first_attempt, decided, customer)."""

    def sends_due(self, campaign: str, now: int, limit: int) -> list[Outgoing]:
        """Sends that are READY, INFLIGHT or DOUBT and whose `not_before` is at or before `now`, in order of
        (`not_before`, decided, customer): the executor looks at them (again)."""

    def unconfirmed(self, campaign: str, before: int, limit: int) -> list[Outgoing]:
        """Sends that are WAITING and whose deadline is at or before an instant, in order of (deadline, customer)."""

    def send_counts(self, campaign: str) -> Mapping[tuple[str, str], int]:
        """Number of sends per (channel, state)."""

    def entries(self, campaign: str, after: int = 0, limit: int = 10_000) -> list[tuple[int, Entry]]:
        """Rows of the trace with their seq, in the order in which they were written, above `after`."""

    def entries_of(self, campaign: str, customer: int) -> list[Entry]:
        """Rows of one person in the order in which they were written."""

    def waiting(self, campaign: str, now: int, limit: int) -> list[Queued]:
        """Answers not yet taken with t <= now, in order of (t, customer, place)."""

    def customer(self, key: int) -> Customer | None:
        """One person."""

    def customers(self, after: int = -1, limit: int = 1000) -> list[Customer]:
        """People in ascending order of key, above `after`."""

    def find(self, lookup: str) -> int | None:
        """The key of the person with that keyed HMAC of the id."""

    def find_all(self, lookups: Sequence[str]) -> list[int | None]:
        """`find` for many at once, in their order."""

    def find_addresses(self, lookups: Sequence[str]) -> list[list[int]]:
        """The keys of the people with each of those addresses, by its keyed HMAC."""

    def sent_as(self, channel: str, provider_id: str) -> str | None:
        """The ref of the send that a provider knows by its own id, for receipts that do not carry the ref."""

    def owners_of(self, code: str) -> list[tuple[str, str, int]]:
        """(campaign, incentive, customer) of everybody to whom a code was given: one per campaign at most."""

    def inbox_length(self) -> int:
        """Number of answers that no executor has taken yet, over all campaigns."""

    def inbox_oldest(self) -> int | None:
        """`t` of the oldest answer that no executor has taken yet."""

    def executors(self, now: int) -> list[tuple[int, str, int]]:
        """(epoch, holder, until) of the executors whose lease has not ended."""

    def consents(self, customer: int) -> Mapping[str, bool]:
        """Per channel kind or name, the newest word; under "" what was said of every channel."""

    def consents_of(self, customers: Sequence[int]) -> list[Mapping[str, bool]]:
        """`consents` of many people, in their order."""

    def switch(self, campaign: str) -> Switch:
        """What has been ordered; cheap, and sees at once what another process has committed."""

    def codes_left(self, campaign: str, incentive: str) -> int:
        """Number of listed codes not yet given."""


class Work(Reader, Protocol):
    """A transaction. The reads see its own writes; all of it is durable, or none."""

    def keep_shared(self, campaign: str, shared: str) -> None:
        """Replace the shared state."""

    def add_version(self, version: Version) -> None:
        """Take up a plan version as the newest; the newest again changes nothing."""

    def enrol(self, people: Sequence[Enrolment]) -> int:
        """Add enrolments; who has one of that (campaign, customer, occurrence) keeps it. Returns how many are new."""

    def keep(self, people: Sequence[Enrolment]) -> None:
        """Replace enrolments."""

    def write(self, entries: Sequence[Entry]) -> None:
        """Append rows to the trace."""

    def decide(self, send: Outgoing) -> None:
        """Add a send.

        Raises:
            DuplicateSend: there is one with this key: it was decided before.
        """

    def decide_all(self, sends: Sequence[Outgoing]) -> None:
        """`decide` for many at once.

        Raises:
            DuplicateSend: as `decide`; then the transaction must not be committed.
        """

    def claim(self, send: Outgoing) -> bool:
        """READY -> INFLIGHT with attempt, lease and epoch of `send`; False if it is not READY any more."""

    def settle(self, send: Outgoing, epoch: int) -> bool:
        """Replace a send by its new state if its epoch is still `epoch` (compare and set); else False."""

    def settle_all(self, sends: Sequence[Outgoing], epoch: int) -> list[bool]:
        """`settle` for many at once, all of one epoch."""

    def lease_of(self, holder: str, now: int, seconds: int) -> int:
        """Give an executor a new fencing epoch (ascending, never twice) and note that it lives until now + seconds.

        On SQLite only one process decides: the first that asks, until it closes its store or dies.

        Raises:
            WakeupError: WK7022, another process decides here.
        """

    def renew_lease(self, epoch: int, until: int) -> None:
        """Note that an executor lives until an instant."""

    def give_code(self, campaign: str, incentive: str, customer: int, code: str) -> bool:
        """Note a code as given, for good; False if it was ever given before."""

    def list_codes(self, campaign: str, incentive: str, codes: Sequence[str]) -> int:
        """Add codes to give (from the shop's list); known ones are left out. Returns how many are new."""

    def next_code(self, campaign: str, incentive: str, customer: int) -> str | None:
        """Give the next listed code, None if the campaign has no list or it is used up."""

    def owner_of(self, campaign: str, code: str) -> tuple[str, int] | None:
        """(incentive, customer) to whom a code was given."""

    def receive(self, answers: Sequence[tuple[Answer, int | None]]) -> int:
        """Put answers with their customer into the inbox; an event known by (source, event_id) is left out.

        An answer goes to its campaign, else to the campaign of its `ref`, else to every campaign that the customer is
        in; one that leads nowhere is noted as received and goes no further. The person's id is not kept: the key
        stands for it. An opt-out or a complaint is also a word against its channel (the send's, else the answer's, else
        every one) from this transaction on. Returns how many events are new.
        """

    def once(self, source: str, event_id: str) -> bool:
        """Note that something was told; False if it was told before. Of the same kind as the events of `receive`."""

    def taken(self, places: Sequence[int]) -> None:
        """Note that answers have been worked into the campaign."""

    def add_customers(self, customers: Sequence[Customer]) -> None:
        """Add people, or replace their sealed parts."""

    def reseal(self, customers: Sequence[Customer]) -> None:
        """Replace the sealed parts of people and nothing else; who was erased meanwhile stays erased."""

    def consent(self, consents: Sequence[Consent]) -> None:
        """Note what people allow or forbid."""

    def order(self, campaign: str, switch: Switch, t: int, who: str) -> None:
        """Pause, resume, stop, with a line in the audit log; the same again changes nothing.

        Raises:
            WakeupError: WK7031, the campaign was stopped, which is for good.
        """

    def erase(self, key: int, t: int, who: str) -> bool:
        """Forget a person: sealed parts, payloads, state with attributes, inbox bodies; the trace keeps its rows under
        a key that leads to nobody. False if unknown.

        Sends that have not left are REFUSED, those in doubt UNKNOWN (evidence "erased"), those in flight stay so and
        are settled with nobody behind them. The person is not enrolled or added again: a keyed HMAC of the key stays.
        Asked for in `work()` of its own, without a campaign.
        """

    def purge(self, before: int) -> int:
        """Empty payloads and inbox bodies of what was settled before an instant."""

    def note(self, t: int, who: str, what: str) -> None:
        """Append to the audit log (chained by hash); never personal data."""


class DuplicateSend(Exception):  # noqa: N818 - what happened, said plainly
    """A send with this key exists."""


class Store(Protocol):
    """An open store."""

    address: str
    """As the user wrote it, without a password."""

    keys: Keys
    """What seals and signs; they never stand in the database."""

    def work(self, campaign: str = "") -> AbstractContextManager[Work]:
        """Begin a transaction; with a campaign, holding the sole right to decide for it. An exception rolls back.

        Raises (here and at every question):
            WakeupError: WK7023 busy, WK7027 disk full or not writable, WK7028 damaged, WK7030 the server; nothing of
                the transaction is kept.
        """

    def read(self) -> AbstractContextManager[Reader]:
        """A consistent view."""

    def check(self) -> list[Diagnostic]:
        """Integrity: the database itself and the chain of the audit log; what is wrong."""

    def close(self) -> None:
        """Close."""

"""What is durable: the rows that the core changes and a store keeps. Plain data, names instead of places in a plan, so
that rows survive a new version of the plan. Instants are seconds UTC, money is minor units unless it says micros.
"""

from enum import StrEnum

from attrs import define, frozen

from wakeup.terms.lists import Reason, Row


@define(eq=True)
class Enrolment:
    """A person's part in a campaign, one per (campaign, customer, occurrence), across plan versions.

    customer: the customer key (uint64). version: conduct fingerprint of the plan that the person is under. status:
    "planned" before the entry, "inside" the journey, "sending" while a claimed send is not settled, "done" (left, or
    held out: answers still count). due: when the journey goes on by itself, None for never. lapse: the earliest end of
    an open grant. state: JSON of the core, opaque to a store; "" once the person was erased.
    """

    campaign: str
    customer: int
    occurrence: int
    version: str
    journey: str
    held_out: bool
    status: str
    due: int | None
    lapse: int | None
    state: str


@frozen
class Entry:
    """A row of the trace, as in `figures.EventBatch` but by name. seq: given by the store, ascending."""

    campaign: str
    customer: int
    t: int
    row: Row
    journey: str = ""
    step: str = ""
    message: str = ""
    channel: str = ""
    incentive: str = ""
    reason: Reason = Reason.NONE
    arm: str = ""
    amount: int = 0
    subsidised: bool = False


class SendState(StrEnum):
    """Where a send is; it moves only forward, except READY <-> INFLIGHT."""

    READY = "ready"  # decided, waiting for its (next) attempt
    INFLIGHT = "inflight"  # claimed: bytes may be on their way
    DOUBT = "doubt"  # nobody knows; the resolver looks
    WAITING = "waiting"  # handed over to a person
    SENT = "sent"
    REFUSED = "refused"  # definitely not sent, everything given back
    UNKNOWN = "unknown"  # nobody will ever know; counts as sent


@define(eq=True)
class Outgoing:
    """A decided send, unique by (campaign, customer, occurrence, journey, step, nth).

    ref: the outbox key, `live.keys.ref_of` of those. variant: index of the wording, -1 none. attempt: how many claims
    there were. not_before: of READY, when it may be claimed. first_attempt: instant of the first claim, 0 none. lease:
    until when the claim holds. epoch: who claimed it (fencing). fingerprint: SHA-256 of the payload. payload: the
    sealed request, emptied when it is settled. evidence: class and code of the last report. claim: JSON of what the
    decision took (cost in micros, line, grants, places), opaque to a store, for giving it back.
    """

    ref: str
    campaign: str
    customer: int
    occurrence: int
    journey: str
    step: str
    nth: int
    message: str
    channel: str
    variant: int
    decided: int
    deadline: int
    state: SendState = SendState.READY
    attempt: int = 0
    not_before: int = 0
    first_attempt: int = 0
    lease: int = 0
    epoch: int = 0
    fingerprint: str = ""
    payload: bytes = b""
    provider_id: str = ""
    evidence: str = ""
    settled: int = 0
    claim: str = "{}"

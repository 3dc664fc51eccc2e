"""What an adapter is: it hands messages to a provider, says honestly what became of each, and brings answers back.

An adapter decides nothing. It is given what was decided, classifies what the provider said, and whatever it cannot be
sure of is DOUBT. It keeps no state that matters: the store does. Nothing here touches the network.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final, Literal, Protocol

from attrs import field, frozen

PROTOCOL_VERSION: Final = 1
"""Version of this protocol; an adapter names the one that it was written for."""

ENTRY_POINTS: Final = "wakeup.channels"
"""Entry point group in which adapters of other packages are found, by name."""


class Verdict(StrEnum):
    """What became of a request, as far as can be known."""

    ACCEPTED = "accepted"  # the provider has taken it
    HANDED_OVER = "handed_over"  # it waits for a person (an employee, a caller): SENT when that is confirmed
    NOT_LEFT = "not_left"  # no byte of it can have had an effect: may be tried again
    THROTTLED = "throttled"  # refused for now: may be tried again after `retry_after`
    BAD_ADDRESS = "bad_address"  # refused for good: the address does not work
    OPTED_OUT = "opted_out"  # refused for good: the person does not want it
    BAD_CONTENT = "bad_content"  # refused for good: the message does not fit the provider's rules
    NO_GRANT = "no_grant"  # refused for good: the person's permission is used up
    POLICY = "policy"  # refused: account, balance, permission; the channel should stop
    DOUBT = "doubt"  # anything else: it may or may not have had its effect


SAFE_TO_REPEAT: Final = frozenset({Verdict.NOT_LEFT, Verdict.THROTTLED})
REFUSED: Final = frozenset(
    {Verdict.BAD_ADDRESS, Verdict.OPTED_OUT, Verdict.BAD_CONTENT, Verdict.NO_GRANT, Verdict.POLICY}
)
TAKEN: Final = frozenset({Verdict.ACCEPTED, Verdict.HANDED_OVER})


@frozen
class Capabilities:
    """What a provider can do, declared honestly: the protocol of sends rests on it.

    protocol: the version of this protocol that the adapter was written for. address: the kind of address that it needs
    ("phone", "email", "openid", "external_userid", "token", "url"; "" for none). key_window: seconds in which the
    provider does the same `ref` only once (0: it does not promise that). look_up: whether a send in doubt can be asked
    for; grace: seconds after which a send that had its effect must show up there. receipts: how delivery is told.
    batch: most requests in one call. confirms: a person must confirm each send (employee, hand-over list, caller).
    concurrency: calls at a time. timeout: seconds after which a call without an answer is in doubt.
    """

    protocol: int = PROTOCOL_VERSION
    address: str = ""
    key_window: int = 0
    look_up: bool = False
    grace: int = 0
    receipts: Literal["none", "push", "poll"] = "none"
    batch: int = 1
    confirms: bool = False
    concurrency: int = 8
    timeout: float = 15.0


@frozen(repr=False)
class Secret:
    """A value that is never shown: its text and its representation are asterisks. `reveal` gives it away."""

    _value: str

    def reveal(self) -> str:
        """Return the value, for the call that needs it."""
        return self._value

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__


@frozen
class Offered:
    """An incentive that the message shows: its declared name, the code of the grant, its end (seconds UTC), its terms.

    amount, threshold: minor units (0 where it is no coupon). live: the person held the grant before this message.
    """

    incentive: str
    code: str
    end: int
    amount: int = 0
    threshold: int = 0
    live: bool = False


@frozen
class Request:
    """One message to one person, decided and claimed.

    ref: the outbox key, 32 hexadecimal digits, unique and without personal data: the provider's idempotency key or our
    reference. attempt: 1 for the first. address: where to (never logged). text: the rendered text; subject: of e-mail.
    fields: rendered values by name for providers that have templates of their own; settings: what `wakeup.toml` says of
    this message under its channel. unsubscribe: the one-click address ("" for none). deadline: instant after which it
    is not wanted any more (seconds UTC). test: a seed-list send, marked as such. first_attempt: instant of the first
    claim (seconds UTC), needed by a look-up, which asks from then on; 0 where it is not known.
    """

    ref: str
    attempt: int
    campaign: str
    message: str
    address: Secret
    text: str = field(repr=False)
    subject: str = field(default="", repr=False)
    fields: Mapping[str, str] = field(factory=dict, repr=False)
    settings: Mapping[str, Any] = field(factory=dict, repr=False)
    offers: tuple[Offered, ...] = ()
    unsubscribe: str = field(default="", repr=False)
    deadline: int = 0
    test: bool = False
    first_attempt: int = 0


@frozen
class Report:
    """What became of the request `ref`. provider_id: the provider's own name of it. code: the provider's code or a
    short word, never personal data. retry_after: seconds (THROTTLED). delivered: known to have arrived already."""

    ref: str
    verdict: Verdict
    provider_id: str = ""
    code: str = ""
    retry_after: int = 0
    delivered: bool = False


@frozen
class Found:
    """What a look-up says of a request in doubt: True it had its effect, False it did not, None cannot be told."""

    ref: str
    sent: bool | None
    provider_id: str = ""
    delivered: bool = False


class AnswerKind(StrEnum):
    """What people and systems may tell."""

    SENT = "sent"  # a handed-over message was really sent (employee confirmed, call made)
    NOT_SENT = "not_sent"  # a handed-over message was not sent, for good
    DELIVERED = "delivered"
    FAILED = "failed"  # accepted, but could not be delivered
    OPENED = "opened"
    CLICKED = "clicked"
    REPLIED = "replied"
    CLAIMED = "claimed"  # a gift or service
    JOINED = "joined"  # an activity
    COMPLETED = "completed"  # an activity was finished: a draw won, an event attended, a challenge kept
    RATED = "rated"  # a survey was answered; amount: hundredths
    ORDERED = "ordered"  # amount: value before discount, minor units; redeemed: codes and what each took off
    OPTED_OUT = "opted_out"
    COMPLAINED = "complained"
    PERMITTED = "permitted"  # one more send on channels of subscribe messages
    HANDLED = "handled"  # staff are done with a send or a service


@frozen
class Answer:
    """Something that happened outside, told by `source`; (source, event_id) is taken once.

    t: when it happened (seconds UTC). Whom it is about, the first that is not "": ref, the outbox key it answers;
    provider_id, as in the `Report` of a send over `channel`; customer, the person's id; address, on `channel` (phone,
    openid: where a provider tells only that). channel: declared name of the channel that it came over. incentive, code:
    what was claimed, joined, completed. redeemed: (code, minor units) per coupon of an order. organic: an order that no
    message brought (known in a rehearsal only). staff: who is done (HANDLED). code_of: the provider's code or short
    word for what went wrong, never personal data.
    """

    source: str
    event_id: str
    kind: AnswerKind
    t: int
    ref: str = ""
    customer: str = field(default="", repr=False)
    channel: str = ""
    campaign: str = ""
    incentive: str = ""
    code: str = ""
    amount: int = 0
    redeemed: tuple[tuple[str, int], ...] = ()
    organic: bool = False
    staff: str = ""
    code_of: str = ""
    provider_id: str = ""
    address: str = field(default="", repr=False)


@frozen(eq=False)
class Received:
    """An HTTP request that a provider made to us, as it came: method, full address, headers (lower case), raw body."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


@frozen(eq=False)
class Accepted:
    """What a receiver makes of a call: the answers in it, and what the provider wants to read back after they are
    durable (a body of `media_type`)."""

    answers: tuple[Answer, ...]
    reply: bytes = b""
    media_type: str = "text/plain"


@frozen(eq=False)
class Setup:
    """What an adapter is opened with.

    channel: declared name. settings: its table of `wakeup.toml`, secrets resolved to `Secret`. now: seconds UTC with
    fraction. folder: where a file channel may write, inside the project root ("" for none).
    """

    channel: str
    settings: Mapping[str, Any]
    now: Callable[[], float]
    folder: str = ""


class Adapter(Protocol):
    """An open adapter. Its methods may be called from several threads, at most `concurrency` at a time.

    `send` never raises for what a provider or a network does: it reports DOUBT, NOT_LEFT or a refusal.
    """

    capabilities: Capabilities

    def send(self, requests: Sequence[Request]) -> Sequence[Report]:
        """Hand over at most `capabilities.batch` requests; return one report each, in their order."""

    def look_up(self, requests: Sequence[Request]) -> Sequence[Found]:
        """Ask what became of requests in doubt (only where `capabilities.look_up`)."""

    def poll(self, since: int) -> Sequence[Answer]:
        """Return what has been told since that instant (only where receipts are "poll"; may repeat itself)."""

    def receive(self, received: Received) -> Accepted:
        """Check the signature of a provider's call and read it (only where receipts are "push").

        Raises:
            PermissionError: signature, time or form is wrong; nothing of it is believed.
        """

    def check(self) -> str:
        """Try credentials and reachability without sending anything; return "" or what is wrong: one of the words of
        `channels.faults`, or the provider's code."""

    def close(self) -> None:
        """Give back connections."""


class Opener(Protocol):
    """What stands behind an entry point: opens an adapter.

    Raises (when called):
        ValueError: a setting is missing or wrong; the message names the setting and never its value.
    """

    def __call__(self, setup: Setup) -> Adapter:
        """Open it; no network yet."""

"""The other side of a channel, as the kit needs it."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final, Literal

from attrs import frozen

from wakeup.channels.protocol import AnswerKind, Received, Verdict


class NonConformance(AssertionError):  # noqa: N818  # what it is called in every test of conformance
    """The adapter does not keep what its protocol promises."""


class Fault(StrEnum):
    """What happens to a message at the provider. A refusal comes before any effect; the others say what they do."""

    BAD_ADDRESS = "bad_address"
    OPTED_OUT = "opted_out"
    BAD_CONTENT = "bad_content"
    NO_GRANT = "no_grant"
    POLICY = "policy"
    THROTTLE = "throttle"
    ERROR_BEFORE = "error_before"  # a gateway answers 5xx, no effect
    ERROR_AFTER = "error_after"  # the effect, then 5xx
    DROP_BEFORE = "drop_before"  # the connection dies, no effect
    DROP_AFTER = "drop_after"  # the effect, then the connection dies without an answer
    LATE = "late"  # the connection dies, the effect comes `Provider.landing` seconds later
    SLOW = "slow"  # the effect, and an answer that does not end within the adapter's time limit
    GARBAGE = "garbage"  # the effect, and an answer that is none of the interface


REFUSALS: Final[Mapping[Fault, Verdict]] = {
    Fault.BAD_ADDRESS: Verdict.BAD_ADDRESS,
    Fault.OPTED_OUT: Verdict.OPTED_OUT,
    Fault.BAD_CONTENT: Verdict.BAD_CONTENT,
    Fault.NO_GRANT: Verdict.NO_GRANT,
    Fault.POLICY: Verdict.POLICY,
}
"""Refusals for good, with the verdict that says so."""


@frozen(eq=False)
class Receipt:
    """A call that the provider makes to us about the message `ref`, and what the adapter must read in it.

    provider_id: the provider's name of the message, where the call has that and not the ref.
    """

    received: Received
    ref: str
    kind: AnswerKind
    provider_id: str = ""


class Provider(ABC):
    """A provider on this machine. What else is not overridden is what it does not have, and the kit leaves it out.

    settings: what an adapter is opened with to reach it, secrets as `Secret`, with a short time limit. faults: those
    that it can play. message_settings, fields: what every message is sent with. landing: seconds of `Fault.LATE`.
    receipts_signed: what of a receipt is protected: its body, or only a secret word in its address. folder: where an
    adapter that writes files may do so.
    """

    settings: Mapping[str, Any]
    faults: frozenset[Fault] = frozenset()
    message_settings: Mapping[str, Any] = {}
    fields: Mapping[str, str] = {}
    landing: float = 0.2
    receipts_signed: Literal["body", "address"] = "body"
    folder: str = ""

    @abstractmethod
    def now(self) -> float:
        """The provider's clock, which the adapter is opened with too (seconds UTC)."""

    @abstractmethod
    def advance(self, seconds: float) -> None:
        """Let time pass on that clock; late effects come."""

    @abstractmethod
    def address(self, number: int) -> str:
        """An address that works, another for every number."""

    def script(self, *faults: Fault | None) -> None:
        """What happens to the next messages, one each, in order; None is nothing. Not asked of one without `faults`."""
        assert not any(faults), "this provider plays no faults"

    @abstractmethod
    def delivered(self) -> Mapping[str, int]:
        """The truth: how many times each ref had its effect."""

    def wrong_addresses(self) -> Sequence[str]:
        """Texts that are no address at all."""
        return ()

    def unreachable(self) -> Mapping[str, Mapping[str, Any]]:
        """Settings with which nothing can ever leave, by why: nobody listens, no such host, a false certificate."""
        return {}

    def last_call(self) -> Received | None:
        """The last signed call that came, None where calls are not signed."""
        return None

    def accepts(self, call: Received) -> bool:
        """Whether the signature of a call holds; nothing else is done. False where calls are not signed."""
        return False

    def receipts(self, ref: str) -> Sequence[Receipt]:
        """Calls about a message, signed as of now, each another event."""
        return ()

    def tell(self, ref: str) -> AnswerKind | None:
        """Let something become known of a message, for an adapter that polls; return what; None without any."""
        return None

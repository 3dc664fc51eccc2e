"""What becomes of a refusal: holding, expiry, the end of the run, the fallback (docs/semantics, rules 26-28)."""

from collections.abc import Callable, Mapping
from typing import Literal

from attrs import evolve, frozen

from wakeup.decide.send import Verdict
from wakeup.plan.model import Message
from wakeup.terms.lists import Reason


@frozen
class Outcome:
    """What a step comes to at one instant.

    does: "send" `message`, "hold" the person until `until` because of `reason`, or "skip" to the next instruction.
    refused: (message, reason) for every row REFUSED, in order; the last of them is the skip's own.
    """

    does: Literal["send", "hold", "skip"]
    message: str
    reason: Reason = Reason.NONE
    until: int | None = None
    refused: tuple[tuple[str, Reason], ...] = ()


def settle(
    message: Message,
    messages: Mapping[str, Message],
    asked: Callable[[Message], Verdict],
    end: int,
    expiry: int,
) -> Outcome:
    """Ask for the message and, where the rules say so, for its fallbacks, and return what the step comes to.

    Args:
        message: the message to decide.
        messages: all messages of the plan by name.
        asked: the send decision for a message, at this instant.
        end: end of the run; a release at or after it is ENDED at once.
        expiry: first due + `expires`; a release at or after it is EXPIRED at once.
    """
    verdict = asked(message)
    if verdict.reason is Reason.NONE:
        return Outcome("send", message.name)
    own = _own(message.name, verdict, end, expiry)
    if not (message.fallback and (verdict.falls_back or own.reason is Reason.EXPIRED)):
        return own
    spare = settle(messages[message.fallback], messages, asked, end, expiry)
    if own.does == "hold" and spare.does != "send":
        return own
    return evolve(spare, refused=((message.name, own.reason), *spare.refused))


def _own(message: str, verdict: Verdict, end: int, expiry: int) -> Outcome:
    """Return what becomes of the message without a fallback: a release too late is a skip at once."""
    if verdict.until is None:
        return _skip(message, verdict.reason)
    if verdict.until >= end:
        return _skip(message, Reason.ENDED)
    if verdict.until >= expiry:
        return _skip(message, Reason.EXPIRED)
    return Outcome("hold", message, verdict.reason, verdict.until)


def _skip(message: str, reason: Reason) -> Outcome:
    return Outcome("skip", message, reason, refused=((message, reason),))

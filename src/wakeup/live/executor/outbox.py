"""The protocol of sends, as pure transitions of a row of the outbox.

A call is repeated only on evidence that repeating is safe: a definite refusal, a key that the provider still knows, a
look-up after its grace that found nothing. Where a provider offers none of these, a send in doubt stays unknown: at
most once. `not_before` is, in every state that is not settled, the instant at which the send is to be looked at again.
"""

import re
from operator import attrgetter
from typing import Any, Final, Literal

from attrs import fields

from wakeup.channels.protocol import REFUSED, SAFE_TO_REPEAT, TAKEN, Found, Report, Verdict
from wakeup.live.executor.settings import Rules
from wakeup.live.rows import Outgoing, SendState

FIRST_PAUSE: Final = 1
"""Least seconds before another attempt; the pause is a quarter of the time since the first one."""

LONGEST_PAUSE: Final = 900
"""Seconds; back-off grows no further."""

MOST_REPEATS: Final = 5
"""Attempts of a send in doubt that the user wants repeated without any evidence."""

LOOKS_FOR: Final = 86_400
"""Seconds in which look-ups that cannot tell are repeated, before a send counts as unknown; one is made in any case."""

CONFIRMED_WITHIN: Final = 7 * 86_400
"""Seconds after its deadline in which whoever carries a send out may still say so, before it counts as unknown."""

UNCONFIRMED: Final = "unconfirmed"
"""Evidence of a send that was handed over and of which nobody said what became of it."""

OPEN: Final = frozenset({SendState.READY, SendState.INFLIGHT, SendState.DOUBT})
"""States in which the executor still has something to do."""

ABSENT: Final = "absent"
"""Evidence of a send that a look-up did not find: until the next attempt it is certain that nothing was sent."""

HELD_BACK: Final = frozenset({"switch", "lease"})
"""Codes of reports that the executor itself makes: no call was made, and nothing is known of the channel."""

UNCLEAR: Final = "look-up cannot tell"
"""Evidence of a send that was looked up in vain."""

FORGOTTEN: Final = "key forgotten"
"""Evidence of a send that could not be repeated while the provider knew its key."""

REPEATED: Final = "absent, sent again"
"""Evidence of a send that is claimed once more after a look-up did not find it: nothing is certain from now on."""

Move = Literal["resend", "look_up", "wait", "give_up", "refuse"]

_NAMES: Final = tuple(each.name for each in fields(Outgoing))
_values: Final = attrgetter(*_NAMES)
_SAFE = re.compile(r"[\w.:/ -]{0,60}", re.ASCII)
_LONG_NUMBER = re.compile(r"\d{6}")


def changed(send: Outgoing, **changes: Any) -> Outgoing:
    """Return a copy with other values; a send has many, and this is done often: see benchmarks/live."""
    values = dict(zip(_NAMES, _values(send), strict=True))
    values.update(changes)
    return Outgoing(**values)


def claimed(send: Outgoing, now: int, epoch: int, rules: Rules) -> Outgoing:
    """Return the send with a claim: one more attempt, a lease, and who holds it.

    One in doubt stays in doubt, and what a look-up said of it holds no longer.
    """
    state = SendState.DOUBT if send.state is SendState.DOUBT else SendState.INFLIGHT
    absent = send.state is SendState.DOUBT and send.evidence == ABSENT
    lease = now + rules.lease
    return changed(
        send,
        state=state,
        attempt=send.attempt + 1,
        first_attempt=send.first_attempt or now,
        lease=lease,
        not_before=lease,
        epoch=epoch,
        evidence=REPEATED if absent else send.evidence,
    )


def unclaimed(send: Outgoing, not_before: int) -> Outgoing:
    """Return the send without a claim, to be claimed at `not_before` or later."""
    return changed(send, state=SendState.READY, not_before=not_before, lease=0, epoch=0)


def reported(send: Outgoing, report: Report, now: int, rules: Rules) -> Outgoing:
    """Return what a claimed send is after the provider's word."""
    known = changed(send, evidence=evidence(report.verdict, report.code), provider_id=report.provider_id)
    if report.verdict in TAKEN:
        if report.verdict is Verdict.HANDED_OVER:
            return _waiting(known, now)
        return _over(known, SendState.SENT, now)
    if send.state is SendState.DOUBT:
        return _repeated(known, send, report, now, rules)
    if report.verdict in REFUSED:
        return _over(known, SendState.REFUSED, now)
    if report.verdict is Verdict.DOUBT:
        return doubted(known, now, rules)
    pause = 0 if report.code in HELD_BACK else _pause(known, now, report.retry_after)
    return unclaimed(known, max(now, min(now + pause, send.deadline)))


def _repeated(known: Outgoing, send: Outgoing, report: Report, now: int, rules: Rules) -> Outgoing:
    """Return what a repeated send in doubt is: a refusal says nothing certain of the attempts before it, unless a
    look-up has ruled them out, or the provider would have answered for the first of them by its key."""
    absent = send.evidence == REPEATED
    if report.verdict in REFUSED:
        if absent or (rules.key_window and report.verdict in {Verdict.BAD_ADDRESS, Verdict.BAD_CONTENT}):
            return _over(known, SendState.REFUSED, now)
        if not rules.key_window or report.verdict is not Verdict.POLICY:
            return _over(known, SendState.UNKNOWN, now)
    if absent and report.verdict in SAFE_TO_REPEAT:
        known = changed(known, evidence=ABSENT)
    return _in_doubt(known, now, rules, _pause(known, now, report.retry_after))


def doubted(send: Outgoing, now: int, rules: Rules) -> Outgoing:
    """Return a claimed send of which nobody knows any more what became of it; its bytes have left by `now`."""
    return _in_doubt(changed(send, state=SendState.DOUBT), now, rules, _pause(send, now, 0))


def lost(send: Outgoing, now: int, rules: Rules) -> Outgoing:
    """Return a send whose lease ended without a word: whoever held it may have died."""
    return _in_doubt(changed(send, state=SendState.DOUBT, evidence="lease ended"), now, rules, 0)


def _in_doubt(send: Outgoing, now: int, rules: Rules, pause: int) -> Outgoing:
    """Let the resolver look when it can: with a key after a pause, with a look-up after the grace."""
    asks = rules.look_up and not _key_holds(send, now, rules)
    wait = max(pause, rules.grace + 1) if asks else pause
    return changed(send, lease=now + 1, not_before=now + wait)


def resolve(send: Outgoing, now: int, rules: Rules, *, repeat: bool = True) -> Move:
    """Return what to do about a send in doubt. repeat: whether it may go out once more, as far as the plan is
    concerned."""
    repeat = repeat and now < send.deadline
    if repeat and _key_holds(send, now, rules):
        return "resend"
    if rules.look_up:
        if send.evidence == ABSENT:
            return "resend" if repeat else "refuse"
        shows = send.lease + rules.grace
        if now < shows:
            return "wait"
        return "give_up" if send.evidence == UNCLEAR and now >= shows + LOOKS_FOR else "look_up"
    return "resend" if repeat and rules.on_doubt == "resend" and send.attempt < MOST_REPEATS else "give_up"


def too_late(send: Outgoing, now: int, rules: Rules) -> str:
    """Return why a send in doubt is not repeated though its provider knows keys, "" if that is not why."""
    if not rules.key_window or (now < send.deadline and _key_holds(send, now, rules)):
        return ""
    return FORGOTTEN if now < send.deadline else "expired"


def looking(send: Outgoing, now: int, epoch: int, rules: Rules) -> Outgoing:
    """Return a send in doubt that is being looked up: nobody else does it until the call is over."""
    return changed(send, epoch=epoch, not_before=now + rules.lease)


def found(send: Outgoing, answer: Found, now: int, rules: Rules) -> Outgoing:
    """Return a send in doubt after a look-up: sent (or waiting for whoever confirms it), certainly not sent so far, or
    still in doubt."""
    if answer.sent:
        known = changed(send, provider_id=answer.provider_id or send.provider_id, evidence="found")
        return _waiting(known, now) if rules.confirms else _over(known, SendState.SENT, now)
    if answer.sent is None:
        pause = min(max((now - send.lease) // 4, FIRST_PAUSE), LONGEST_PAUSE)
        return changed(send, evidence=UNCLEAR, not_before=now + pause)
    return changed(send, evidence=ABSENT, not_before=now)


def told(send: Outgoing, now: int) -> Outgoing:
    """Return a send of which a receipt says that it was sent."""
    return _over(changed(send, evidence="receipt"), SendState.SENT, now)


def given_up(send: Outgoing, now: int, why: str = "") -> Outgoing:
    """Return a send that nobody will ever know of; it counts as sent. why: what forbade to send it again, if anything
    did."""
    return _over(changed(send, evidence=why or send.evidence), SendState.UNKNOWN, now)


def refused(send: Outgoing, now: int, why: str) -> Outgoing:
    """Return a send that will not be made any more, and certainly was not."""
    return _over(changed(send, evidence=why), SendState.REFUSED, now)


def _waiting(send: Outgoing, now: int) -> Outgoing:
    """Its request is kept: whoever is to carry it out must be able to read it (live/tasks.py)."""
    return changed(send, state=SendState.WAITING, settled=now, lease=0, not_before=0)


def _over(send: Outgoing, state: SendState, now: int) -> Outgoing:
    return changed(send, state=state, settled=now, payload=b"", lease=0, not_before=0)


def _key_holds(send: Outgoing, now: int, rules: Rules) -> bool:
    """Return whether a call that begins now is over before the provider may forget the key."""
    return rules.key_window > 0 and now < send.first_attempt + rules.key_window - rules.call - rules.slack


def _pause(send: Outgoing, now: int, retry_after: int) -> int:
    """Return the seconds before the next attempt: a quarter of those since the first, so that the pauses grow, however
    often an executor died meanwhile; spread by the key by up to half again."""
    grown = min(max((now - send.first_attempt) // 4, FIRST_PAUSE), LONGEST_PAUSE)
    pause = max(retry_after, grown)
    return pause + int(send.ref[:6] or "0", 16) % (pause // 2 + 1)


def evidence(verdict: Verdict, code: str) -> str:
    """Return class and code for the store; a code that could hold personal data (a long number, an address) is left
    out."""
    safe = _SAFE.fullmatch(code) is not None and _LONG_NUMBER.search(code) is None
    return f"{verdict.value}:{code}" if code and safe else verdict.value

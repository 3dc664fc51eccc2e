"""What happens to sends within a round: new ones are rendered and claimed, reports are taken in, old ones looked at."""

from collections.abc import Sequence
from typing import Final

from attrs import evolve

from wakeup.channels.protocol import TAKEN, Report, Request, Verdict
from wakeup.live.core import journey, sending
from wakeup.live.core.person import Person
from wakeup.live.core.world import Decided
from wakeup.live.executor import outbox, payload
from wakeup.live.executor.round import Round, Unsendable
from wakeup.live.executor.sender import Job, Result
from wakeup.live.rows import Outgoing, SendState
from wakeup.live.seal import UnsealableError
from wakeup.live.store.protocol import Consent, Switch
from wakeup.terms.lists import Reason

_SHUT: Final = "sealed with another key"
"""Evidence of a send that cannot be made any more because nobody can read it."""

COUNTS: Final = frozenset({SendState.SENT, SendState.WAITING})
"""States in which a send is known to have gone out."""


# --- new sends -------------------------------------------------------------------------------------------------------


def run_on(current: Round, person: Person) -> None:
    """Let a person who is due go on to the next real wait or claimed send, unless nothing may be sent."""
    world = current.world
    while person.due is not None and person.due <= world.now and not person.sending:
        if current.switch is Switch.PAUSED:
            return
        journey.go_on(world, person)
        take_decided(current)


def take_decided(current: Round) -> None:
    """Render and seal what the core has decided: claimed where its channel has room, else to be claimed later.

    What cannot be rendered is refused here and now, as a provider would; the core may decide its fallback then.
    """
    world = current.world
    while current.rendered < len(world.decided):
        decided = world.decided[current.rendered]
        current.rendered += 1
        send, person = decided.outgoing, world.person(decided.outgoing.customer)
        try:
            request = current.means.render(current.work, person, decided)
        except Unsendable as error:
            report = Report(send.ref, error.verdict, code=error.code)
            current.decide(outbox.reported(send, report, world.now, current.means.rules[send.channel]))
            sending.settled(world, person, send, report)
            continue
        _place(current, decided, request)


def _place(current: Round, decided: Decided, request: Request) -> None:
    send, means = decided.outgoing, current.means
    payload.seal(send, request, means.keys)
    send.attempt = send.first_attempt = 0
    if means.room(send.channel) > 0:
        claimed = outbox.claimed(send, current.now, means.epoch, means.rules[send.channel])
        current.decide(claimed)
        _send(current, claimed, request if request.attempt == 1 else evolve(request, attempt=1))
    else:
        current.decide(outbox.unclaimed(send, current.now))
        current.blocked += 1


def _send(current: Round, claimed: Outgoing, request: Request, *, look_up: bool = False) -> None:
    current.means.claimed(claimed.channel)
    current.jobs.append(Job(claimed, request, look_up))


# --- reports ---------------------------------------------------------------------------------------------------------


def settle(current: Round, results: Sequence[Result]) -> None:
    """Take in results. Who waited for a send goes on at once, as they would have without the wait for a provider."""
    known = [(each, _after(current, each)) for each in results if not each.late]
    done = current.work.settle_all([new for _, new in known], current.means.epoch)
    current.fetch(new.customer for _, new in known)
    for (result, new), ok in zip(known, done, strict=True):
        person = current.enrolled(new.customer)
        if not ok:
            _late(current, result)
        elif person is not None and new.ref in person.touches:  # else they were erased meanwhile
            _tell(current, person, result, new)
            take_decided(current)
            run_on(current, person)
    for result in results:
        if result.late:
            _late(current, result)
    current.settled.extend(results)


def _late(current: Round, result: Result) -> None:
    """Take in a report that came after its claim was over: it may end a doubt, or tell the provider's own id."""
    send, report = current.work.outgoing(result.job.send.ref), result.report
    if send is None or report is None or report.verdict not in TAKEN:
        return
    if send.state in {SendState.DOUBT, SendState.UNKNOWN} and send.attempt >= result.job.send.attempt:
        new = evolve(outbox.told(send, current.now), epoch=0, provider_id=report.provider_id)
        person = current.enrolled(send.customer)
        if _keep(current, new, send.epoch) and person is not None:
            current.dropped.append(send.ref)
            sending.doubt_over(current.world, person, new, sent=True)
    elif send.state in COUNTS and not send.provider_id:
        _keep(current, evolve(send, provider_id=report.provider_id), send.epoch)


def _after(current: Round, result: Result) -> Outgoing:
    send, rules = result.job.send, current.means.rules[result.job.send.channel]
    if result.found is not None:
        return outbox.found(send, result.found, current.now, rules)
    assert result.report is not None
    return outbox.reported(send, result.report, current.now, rules)


def _tell(current: Round, person: Person, result: Result, new: Outgoing) -> None:
    """Tell the core what a send has come to."""
    world, doubt = current.world, result.job.send.state is SendState.DOUBT
    report = result.report
    if report is not None and report.verdict is Verdict.OPTED_OUT:
        forbid(current, person.customer, new.channel, report.ref)
    if new.state in COUNTS and doubt:
        sending.doubt_over(world, person, new, sent=True)
    elif new.state is SendState.REFUSED and doubt:
        sending.doubt_over(world, person, new, sent=False)
    elif new.state is not SendState.READY and not doubt and report is not None:
        sending.settled(world, person, new, report)


def forbid(current: Round, customer: int, channel: str, source: str) -> None:
    """Note that a person does not want a channel any more: for all campaigns."""
    current.work.consent([Consent(customer, channel, False, current.now, source)])
    current.consents.pop(customer, None)


# --- sends that are due ----------------------------------------------------------------------------------------------


def look_again(current: Round) -> None:
    """Look at sends whose instant has come: claim what is ready, doubt what nobody reports on, resolve doubts."""
    due = [each for each in _due(current) if not _blocked(current, each)]
    current.fetch(each.customer for each in due)
    current.ask_consents(each.customer for each in due)
    for send in due:
        person = current.enrolled(send.customer)
        if person is None or send.ref not in person.touches:
            _keep(current, outbox.given_up(send, current.now, "erased"), send.epoch)
        elif send.state is SendState.READY:
            _ready(current, person, send)
        elif send.state is SendState.INFLIGHT:
            _lost(current, person, send)
        else:
            _doubt(current, person, send)
        take_decided(current)


def end_unconfirmed(current: Round) -> None:
    """Let sends that nobody has confirmed in time be unknown, without their request: they count as sent, as before."""
    world = current.world
    late = world.now if world.now >= world.plan.end + world.plan.follow_up else world.now - outbox.CONFIRMED_WITHIN
    found = current.work.unconfirmed(current.means.campaign, late, current.limit)
    current.busy = current.busy or len(found) == current.limit
    for send in found:
        _keep(current, outbox.given_up(send, world.now, outbox.UNCONFIRMED), send.epoch)


def _due(current: Round) -> list[Outgoing]:
    return current.work.sends_due(current.means.campaign, current.now, 4 * current.limit)


def _blocked(current: Round, send: Outgoing) -> bool:
    """Return whether nothing can be done about a send now: it waits for room in its channel, or for leave to go on."""
    if send.state is SendState.INFLIGHT or current.switch is Switch.STOPPED:
        return False
    if current.switch is Switch.PAUSED:
        return True
    if send.state is SendState.READY and send.deadline <= current.now:
        return False  # it is refused, which takes no room
    room = current.planned.setdefault(send.channel, current.means.room(send.channel))
    current.planned[send.channel] = room - 1
    current.blocked += room <= 0
    return room <= 0


def _keep(current: Round, send: Outgoing, epoch: int) -> bool:
    """Replace a send if it is still as it was read."""
    return current.work.settle(send, epoch)


def _ready(current: Round, person: Person, send: Outgoing) -> None:
    """Claim a send once more, if it may still go."""
    means, epoch = current.means, send.epoch
    if not sending.again(current.world, person, send):
        _keep(current, send, epoch)
        return
    request = _opened(current, send)
    if request is None:
        report = Report(send.ref, Verdict.BAD_CONTENT, code=_SHUT)
        _keep(current, outbox.reported(send, report, current.now, means.rules[send.channel]), epoch)
        sending.settled(current.world, person, send, report)
        return
    claimed = outbox.claimed(send, current.now, means.epoch, means.rules[send.channel])
    if current.work.claim(claimed):
        _send(current, claimed, evolve(request, attempt=claimed.attempt, first_attempt=claimed.first_attempt))


def _opened(current: Round, send: Outgoing) -> Request | None:
    """Return the request of a send, None if the key that it was sealed with is not here any more."""
    try:
        return payload.opened(send, current.means.keys)
    except UnsealableError:
        return None


def _lost(current: Round, person: Person, send: Outgoing) -> None:
    """Doubt a send whose lease has ended: whoever held it has died, or its answer has not come."""
    rules = current.means.rules[send.channel]
    new = evolve(outbox.lost(send, current.now, rules), epoch=current.means.epoch)
    if _keep(current, new, send.epoch):
        current.dropped.append(send.ref)
        sending.settled(current.world, person, new, Report(send.ref, Verdict.DOUBT))


def _doubt(current: Round, person: Person, send: Outgoing, *, forbidden: str = "") -> None:
    """Do about a send in doubt what its provider's promises allow. forbidden: why it may not go out once more."""
    rules, now = current.means.rules[send.channel], current.now
    move = outbox.resolve(send, now, rules, repeat=not forbidden)
    if current.switch is Switch.STOPPED:
        move = "refuse" if send.evidence == outbox.ABSENT else "give_up"
    match move:
        case "wait":
            _keep(current, evolve(send, not_before=send.lease + rules.grace), send.epoch)
        case "look_up":
            request, new = _opened(current, send), outbox.looking(send, now, current.means.epoch, rules)
            if request is None:
                _end(current, person, send, _SHUT)
            elif _keep(current, new, send.epoch):
                _send(current, new, request, look_up=True)
        case "resend":
            _resend(current, person, send)
        case "refuse" | "give_up":
            _end(current, person, send, forbidden or outbox.too_late(send, now, rules))


def _resend(current: Round, person: Person, send: Outgoing) -> None:
    """Send once more what is in doubt, if it would be allowed now; else it waits, or nobody will ever know."""
    means, now, request = current.means, current.now, _opened(current, send)
    if request is None:
        _end(current, person, send, _SHUT)
        return
    reason, until = sending.repeatable(current.world, person, send)
    if reason is Reason.NONE:
        new = outbox.claimed(send, now, means.epoch, means.rules[send.channel])
        if _keep(current, new, send.epoch):
            _send(current, new, evolve(request, attempt=new.attempt, first_attempt=new.first_attempt))
    elif until is not None and until < send.deadline:
        _keep(current, evolve(send, not_before=until), send.epoch)
    else:
        _doubt(current, person, send, forbidden=reason.name.lower())


def _end(current: Round, person: Person, send: Outgoing, why: str) -> None:
    """End a doubt: certainly not sent, where a look-up has said so, else unknown for ever."""
    if send.evidence == outbox.ABSENT:
        if _keep(current, outbox.refused(send, current.now, outbox.ABSENT), send.epoch):
            sending.doubt_over(current.world, person, send, sent=False)
    else:
        _keep(current, outbox.given_up(send, current.now, why), send.epoch)

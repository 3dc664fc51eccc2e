"""What people and systems tell: one answer at a time, at the instant at which it is told.

A row has the instant at which the thing happened; what follows from it in the journey happens now.
"""

from wakeup.channels.protocol import Answer, AnswerKind
from wakeup.live.core import benefits, desk, orders, outcomes, sending
from wakeup.live.core.person import Grant, Person
from wakeup.live.core.world import World
from wakeup.plan.model import Activity, Gift, Service
from wakeup.terms.lists import Row


def take(world: World, person: Person, answer: Answer) -> None:
    """Take an answer in; what cannot be believed (an unknown outbox key, a code of somebody else) moves nothing.

    SENT and NOT_SENT are of sends that were handed over: the executor changes their `Outgoing`.
    """
    if person.held_out:
        _of_control(world, person, answer)
        return
    match answer.kind:
        case AnswerKind.ORDERED:
            orders.ordered(world, person, answer.t, answer.amount, answer.redeemed, organic=answer.organic)
        case AnswerKind.HANDLED:
            desk.handled(world, person, answer.staff, answer.ref or answer.incentive)
        case AnswerKind.PERMITTED:
            _permit(world, person, answer.channel)
        case AnswerKind.OPTED_OUT | AnswerKind.COMPLAINED:
            _suppress(world, person, answer)
        case AnswerKind.CLAIMED | AnswerKind.JOINED:
            _take_up(world, person, answer)
        case AnswerKind.COMPLETED:
            benefits.complete(world, person, answer.ref, answer.incentive, answer.t)
        case AnswerKind.RATED:
            benefits.rated(world, person, answer.ref, answer.incentive, answer.t, answer.amount)
        case _:
            _of_message(world, person, answer)


def _of_control(world: World, person: Person, answer: Answer) -> None:
    """A held-out person has orders and nothing else; an opt-out is theirs all the same."""
    match answer.kind:
        case AnswerKind.ORDERED if world.plan.start <= answer.t < world.horizon:
            world.write(person, Row.ORDERED, t=answer.t, amount=answer.amount)
        case AnswerKind.OPTED_OUT:
            person.opted_out |= _channels(world, person, answer)
        case AnswerKind.COMPLAINED:
            person.complained = True


def _of_message(world: World, person: Person, answer: Answer) -> None:
    """Take in what was told of one message; failed and replied leave no row."""
    touch = person.touches.get(answer.ref)
    if touch is None or touch.back:
        return
    if answer.kind is AnswerKind.NOT_SENT:
        sending.never_sent(world, person, answer.ref)
        return
    sending.seen(world, person, answer.ref)
    match answer.kind:
        case AnswerKind.SENT if touch.staff:  # the call was made: its caller is free
            desk.handled(world, person, touch.staff, answer.ref)
        case AnswerKind.DELIVERED:
            sending.arrived(world, person, answer.ref, answer.t)
        case AnswerKind.OPENED:
            _answered(world, person, answer, Row.OPENED, "open")
        case AnswerKind.CLICKED:
            _answered(world, person, answer, Row.CLICKED, "click")


def _answered(world: World, person: Person, answer: Answer, row: Row, outcome: str) -> None:
    """Write an answer to a message, the first of its kind, before the end of the run."""
    touch, letter = person.touches[answer.ref], outcome[0]
    if letter in touch.told or answer.t >= world.plan.end:
        return
    touch.told += letter
    world.write(person, row, t=answer.t, step=touch.step, message=touch.message, channel=touch.channel)
    outcomes.note(world, person, outcome, answer.t, seen=answer.ref == person.last)


def _suppress(world: World, person: Person, answer: Answer) -> None:
    """Suppress one channel, or all after a complaint, from now on; the row names the message, if one is told."""
    complaint = answer.kind is AnswerKind.COMPLAINED
    channels = _channels(world, person, answer)
    known = person.complained if complaint else channels <= person.opted_out
    if complaint:
        person.complained = True
    else:
        person.opted_out |= channels
    if answer.t >= world.plan.end:
        return
    touch = person.touches.get(answer.ref)
    row = Row.COMPLAINED if complaint else Row.OPTED_OUT
    if touch is None:
        if not known:
            world.write(person, row, t=answer.t, channel=answer.channel)
        return
    letter = "s" if complaint else "u"  # spam, unsubscribed: once per message, as the reference counts them
    if letter in touch.told:
        return
    touch.told += letter
    sending.seen(world, person, answer.ref)
    world.write(person, row, t=answer.t, step=touch.step, message=touch.message, channel=touch.channel)


def _channels(world: World, person: Person, answer: Answer) -> set[str]:
    """Return the channels that an answer is about: of its message, else the one that it names, else all."""
    touch = person.touches.get(answer.ref)
    if touch is not None:
        return {touch.channel}
    known = world.terms(person).channels
    named = {name for name, each in known.items() if answer.channel in (name, each.channel_kind)}
    return named if answer.channel else set(known)


def _take_up(world: World, person: Person, answer: Answer) -> None:
    """Claim or join: the grant that the message showed, or the one with the code."""
    grant = _meant(person, answer)
    if grant is None:
        return
    wanted = Activity if answer.kind is AnswerKind.JOINED else (Gift, Service)
    if isinstance(world.terms(person).incentives[grant.incentive], wanted):
        if answer.ref in person.touches:
            sending.seen(world, person, answer.ref)
        benefits.take(world, person, answer.ref, grant, answer.t)


def _meant(person: Person, answer: Answer) -> Grant | None:
    """Return the grant that a claim or join is about: an answer belongs to what its message showed (rule 50)."""
    if answer.code:
        return person.grant_of(answer.code)
    grant = person.grants.get(answer.incentive)
    touch = person.touches.get(answer.ref)
    if grant is None or touch is None:
        return grant if not answer.ref else None
    return grant if touch.shown.get(answer.incentive) == grant.code else None


def _permit(world: World, person: Person, channel: str) -> None:
    """Count one more permission: of the channel, or without one of every channel that needs them."""
    for name in [channel] if channel in person.permissions else list(person.permissions) if not channel else []:
        person.permissions[name] += 1

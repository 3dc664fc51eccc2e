"""The steps of one second, in their order (docs/semantics, section 3), each for as many people as one round takes."""

from collections.abc import Iterator, Sequence
from typing import Final

from attrs import evolve

from wakeup.channels.protocol import Answer, AnswerKind, Report, Verdict
from wakeup.live.core import answers, desk, ending, grants, sending, watch
from wakeup.live.core.person import INSIDE, PLANNED, SENDING, Person, load
from wakeup.live.executor import outbox, sends
from wakeup.live.executor.round import Round
from wakeup.live.executor.sender import Result
from wakeup.live.rows import Outgoing, SendState
from wakeup.live.store.protocol import Queued, Switch

PROVES: Final = frozenset(
    {
        AnswerKind.SENT, AnswerKind.DELIVERED, AnswerKind.FAILED, AnswerKind.OPENED, AnswerKind.CLICKED,
        AnswerKind.REPLIED, AnswerKind.CLAIMED, AnswerKind.JOINED, AnswerKind.OPTED_OUT, AnswerKind.COMPLAINED,
    }
)  # fmt: skip
"""Answers with an outbox key that nobody could give had the message not left."""

_UNSETTLED: Final = frozenset({SendState.READY, SendState.INFLIGHT})
_DOUBTED: Final = frozenset({SendState.DOUBT, SendState.UNKNOWN})
_FEW: Final = 8
"""Sends that may wait for room in a channel while more are decided."""

_LEAVING: Final = (INSIDE, SENDING, PLANNED)


def do(current: Round, results: Sequence[Result], *, desks: bool) -> None:
    """Do what is due now, step by step; a step that the round's limit cuts short is gone on with in the next round, and
    the steps behind it wait. So whatever forbids a send is known before one is claimed.

    results: of earlier claims. desks: whether waiting requests may begin: once a second.
    """
    for step in (_turn, _close, _answers, _lapses, _judge, _close):
        step(current)
        if current.busy:
            return
    if desks:
        desk.serve(current.world)
        current.served = True
    sends.settle(current, results)
    sends.look_again(current)
    if current.switch is not Switch.PAUSED and current.blocked < max(_FEW, _room(current)):
        _people(current)
    sends.end_unconfirmed(current)


def _room(current: Round) -> int:
    """How many more sends all channels together take."""
    return sum(max(0, current.means.room(each)) for each in current.means.rules)


def _turn(current: Round) -> None:
    """Begin the second: costs, staff, the end of the run; and what somebody has ordered for good."""
    ending.turn(current.world)
    if current.switch is Switch.STOPPED:
        watch.stop(current.world)


def _close(current: Round) -> None:
    """Let people leave who have to: at the end of the run, after a stop."""
    if current.world.shared.closing is None:
        current.closing = (0, -1)
        return
    place, after = current.closing
    found = current.work.people(current.means.campaign, _LEAVING[place], after, current.limit)
    for person in current.people(found):
        ending.finish(current.world, person)
    if len(found) >= current.limit:
        current.closing, current.busy = (place, found[-1].customer), True
    elif place + 1 < len(_LEAVING):
        current.closing = (place + 1, -1)
        _close(current)
    else:
        ending.finished(current.world)
        current.closing = (0, -1)


def _answers(current: Round) -> None:
    """Take answers, by (instant, customer, place)."""
    waiting = current.work.waiting(current.means.campaign, current.now, current.limit)
    if not waiting:
        return
    current.fetch(each.customer for each in waiting if each.customer is not None)
    for queued in waiting:
        _answer(current, queued)
    current.work.taken([each.place for each in waiting])
    current.busy = len(waiting) == current.limit


def _answer(current: Round, queued: Queued) -> None:
    answer = queued.answer
    send = current.work.outgoing(answer.ref) if answer.ref else None
    person = current.enrolled(queued.customer if send is None else send.customer)
    if person is None:
        return
    if send is not None and send.ref in person.touches:
        _of_send(current, person, send, answer)
    answers.take(current.world, person, answer)
    sends.take_decided(current)
    if answer.kind in {AnswerKind.OPTED_OUT, AnswerKind.COMPLAINED}:
        channel = answer.channel if send is None else send.channel
        if channel:
            sends.forbid(current, person.customer, channel, answer.source)


def _of_send(current: Round, person: Person, send: Outgoing, answer: Answer) -> None:
    """Let an answer settle the send that it is about: what was answered was sent, whatever else is not known of it."""
    if answer.kind is AnswerKind.NOT_SENT and (send.state is SendState.WAITING or send.evidence == outbox.UNCONFIRMED):
        current.work.settle(outbox.refused(send, current.now, "not sent"), send.epoch)
    elif answer.kind in PROVES and (send.state in _UNSETTLED | _DOUBTED or send.state is SendState.WAITING):
        # Without an epoch: whoever still holds the claim must not write over this.
        known = evolve(outbox.told(send, current.now), epoch=0)
        if not current.work.settle(known, send.epoch):
            return
        current.dropped.append(send.ref)
        if send.state in _UNSETTLED:
            sending.settled(current.world, person, known, Report(send.ref, Verdict.ACCEPTED))
        elif send.state in _DOUBTED:
            sending.doubt_over(current.world, person, known, sent=True)


def _lapses(current: Round) -> None:
    """Let grants end."""
    for person in current.due("lapse", current.limit):
        grants.lapse(current.world, person)


def _judge(current: Round) -> None:
    """Judge guards and promotions, at whole quarter hours."""
    watch.judge(current.world, lambda: _everybody(current))


def _everybody(current: Round) -> Iterator[Person]:
    """Read everybody of the campaign; who is in the working set is as they are there."""
    after = -1
    while found := current.work.people(current.means.campaign, None, after, 1_000):
        for each in found:
            yield current.world.people.get(each.customer) or load(each)
        after = found[-1].customer


def _people(current: Round) -> None:
    """Let people who are due go on: as many as the round takes, and few where channels have little room."""
    due = current.due("due", min(current.limit, _room(current) + _FEW))
    current.ask_consents(person.customer for person in due)
    for person in due:
        sends.run_on(current, person)
    current.busy = current.busy and _room(current) > 0

"""A step that sends: the decision with its fallbacks, what becomes of a refusal, and the send itself (rules 25-28)."""

from collections.abc import Sequence

import numpy as np
from attrs import define

from wakeup.behaviour.protocol import Answers
from wakeup.plan.model import Send
from wakeup.sim.array.asking import ask, checks, takers
from wakeup.sim.array.block import Block
from wakeup.sim.array.book import Line
from wakeup.sim.array.codes import FAR, I16, I64, U8, Bools, Index, Phase, State
from wakeup.sim.array.grants import grant, live, offer
from wakeup.sim.array.pieces import pieces
from wakeup.sim.array.shared import Cost
from wakeup.terms.lists import Outcome, Reason, Row


@define(eq=False)
class _Outcome:
    """What a step comes to for m people.

    held_until: FAR unless it is held. place: in the chain, of the message that is sent or held, -1 for a skip.
    reason: of the hold. refused: (m, chain) reasons of rows REFUSED, 0 none.
    """

    sends: Bools
    held_until: I64
    place: I16
    reason: U8
    refused: U8


def send(block: Block, rows: Index, line: Line) -> Index:
    """Play a step that sends for people due; return those who go on with the next instruction at once."""
    c, stage, each = block.columns, block.stage, line.instruction
    assert isinstance(each, Send)
    chain = stage.book.chain(stage.book.message[each.message])
    incentives = [stage.book.incentive[name] for name in each.incentives]
    t = c.when[rows, stage.layout.due]
    fresh = c.state[rows] != State.HELD
    c.first_due[rows[fresh]] = t[fresh]
    order = np.argsort(t, kind="stable")
    rows, t = rows[order], t[order]
    where, limits = block.at(rows, t, Phase.DUE), checks(block, rows, t, chain, incentives)
    parts = pieces(where, limits, lambda: takers(block, rows, t, chain, incentives))
    onward = [_step(block, rows[part], t[part], line, chain, incentives) for part in parts]
    return np.sort(np.concatenate(onward))


def _step(block: Block, rows: Index, t: I64, line: Line, chain: Sequence[int], incentives: list[int]) -> Index:
    c, each = block.columns, line.instruction
    assert isinstance(each, Send)
    expiry = c.first_due[rows] + each.expires
    outcome = _decide(block, rows, t, expiry, chain, incentives)
    for place, message in enumerate(chain):
        refused = np.flatnonzero(outcome.refused[:, place])
        reasons = outcome.refused[refused, place]
        block.write(Row.REFUSED, rows[refused], t[refused], step=line.step, message=message, reason=reasons)
        mine = outcome.place == place
        sent = np.flatnonzero(mine & outcome.sends)
        _send(block, rows[sent], t[sent], line.step, message, incentives)
        _hold(block, rows, t, np.flatnonzero(mine & ~outcome.sends), line.step, message, outcome)
    held = outcome.held_until < FAR
    onward = rows[~held]
    c.state[onward] = State.RUNNING
    return onward


def _hold(block: Block, rows: Index, t: I64, held: Index, step: int, message: int, outcome: _Outcome) -> None:
    c, people = block.columns, rows[held]
    c.state[people] = State.HELD
    c.held[people] = message
    c.when[people, block.stage.layout.due] = outcome.held_until[held]
    block.write(Row.DELAYED, people, t[held], step=step, message=message, reason=outcome.reason[held])


def _decide(block: Block, rows: Index, t: I64, expiry: I64, chain: Sequence[int], incentives: list[int]) -> _Outcome:
    """Ask for the first message of a chain and, where the rules say so, for the rest of it."""
    end = block.stage.plan.end
    asked = ask(block, rows, t, np.minimum(expiry, end), chain[0], incentives)
    reason, until = asked.reason.copy(), asked.until
    delayed = until < FAR
    reason[delayed & (until >= end)] = Reason.ENDED
    reason[delayed & (until < end) & (until >= expiry)] = Reason.EXPIRED
    holds = delayed & (until < end) & (until < expiry)
    refused = np.zeros((len(rows), len(chain)), np.uint8)
    refused[:, 0] = np.where(holds, 0, reason)
    outcome = _Outcome(
        sends=asked.reason == 0,
        held_until=np.where(holds, until, FAR),
        place=np.where((asked.reason == 0) | holds, 0, -1).astype(np.int16),
        reason=reason,
        refused=refused,
    )
    tries = np.flatnonzero((asked.reason > 0) & (asked.falls_back | (reason == Reason.EXPIRED)))
    if len(chain) > 1 and len(tries):
        spare = _decide(block, rows[tries], t[tries], expiry[tries], chain[1:], incentives)
        _fall_back(outcome, tries, spare)
    return outcome


def _fall_back(outcome: _Outcome, tries: Index, spare: _Outcome) -> None:
    """Let the fallback's outcome stand, unless the first is held and the fallback does not send."""
    stands = np.flatnonzero(spare.sends | (outcome.held_until[tries] == FAR))
    places = tries[stands]
    outcome.refused[places, 0] = outcome.reason[places]
    outcome.refused[places, 1:] = spare.refused[stands]
    outcome.sends[places] = spare.sends[stands]
    outcome.held_until[places] = spare.held_until[stands]
    outcome.place[places] = np.where(spare.place[stands] >= 0, spare.place[stands] + 1, -1)
    outcome.reason[places] = spare.reason[stands]


def _send(block: Block, rows: Index, t: I64, step: int, message: int, incentives: list[int]) -> None:
    """Send: cost, grants, answers, cap history (rule 25)."""
    if not len(rows):
        return
    c, stage = block.columns, block.stage
    channel = stage.book.channel_of[message]
    micros = stage.plan.messages[message].cost_micros
    minor = stage.book.minor
    block.write(Row.SENT, rows, t, step=step, message=message, amount=(2 * micros + minor) // (2 * minor))
    if micros > 0:
        cost = Cost("send_cost", t, np.full(len(rows), micros, np.int64), channel)
        block.shared.spend(cost, stage.book.line_of_message(message), block.at(rows, t, Phase.DUE))
    was_live = [live(block, rows, incentive, t) for incentive in incentives]
    for incentive, old in zip(incentives, was_live, strict=True):
        grant(block, rows[~old], incentive, t[~old], Phase.DUE, step, message)
    offers = [offer(block, rows, incentive, old) for incentive, old in zip(incentives, was_live, strict=True)]
    mood = block.mood(rows, t)
    occurrence = c.sent[rows, message].astype(np.int32)
    answers = stage.model.touch(block.who(rows), t, message, offers, occurrence, mood)
    c.sent[rows, message] += 1
    c.pressure[rows] = mood.pressure + 1.0
    c.pressed_at[rows] = t
    c.last_send[rows] = t
    for name, (first, columns) in stage.book.rings.items():
        if not name or stage.book.channel[name] == channel:
            c.recent[rows, first + 1 : first + columns] = c.recent[rows, first : first + columns - 1]
            c.recent[rows, first] = t
    _answer(block, rows, t, step, message, answers)
    for incentive, taken in zip(incentives, answers.taken, strict=True):
        _take(block, rows, step, message, incentive, answers.delivered, taken)


def _answer(block: Block, rows: Index, t: I64, step: int, message: int, answers: Answers) -> None:
    """Write down what the touched will do; their rows come with instants ahead."""
    c, layout, end = block.columns, block.stage.layout, block.stage.plan.end
    block.write(Row.DELIVERED, rows[answers.delivered], t[answers.delivered], step=step, message=message)
    channel = block.stage.book.channel_of[message]
    for row, when in (
        (Row.OPENED, answers.opened),
        (Row.CLICKED, answers.clicked),
        (Row.OPTED_OUT, answers.opted_out),
        (Row.COMPLAINED, answers.complained),
    ):
        seen = when < end
        block.write(row, rows[seen], when[seen], step=step, message=message)
    c.message_at[rows] = t
    c.opened_at[rows] = np.where(answers.opened < end, answers.opened, FAR)
    c.clicked_at[rows] = np.where(answers.clicked < end, answers.clicked, FAR)
    c.opted_out[rows, channel] = np.minimum(c.opted_out[rows, channel], answers.opted_out)
    c.complained[rows] = np.minimum(c.complained[rows], answers.complained)
    c.when[rows, layout.induced] = np.minimum(c.when[rows, layout.induced], answers.ordered)
    for outcome, at in ((Outcome.OPEN, c.opened_at), (Outcome.CLICK, c.clicked_at)):
        goals = block.stage.book.goals[outcome]
        if goals.any():
            mine = rows[goals[block.stage.journey[block.index[rows]]]]
            c.when[mine, layout.goal] = np.minimum(c.when[mine, layout.goal], at[mine])


def _take(block: Block, rows: Index, step: int, message: int, incentive: int, delivered: Bools, taken: I64) -> None:
    """Let a grant be known, and keep the earliest claim or join that it will get."""
    c, layout = block.columns, block.stage.layout
    c.known[rows[delivered], incentive] = True
    if incentive not in layout.taking:
        return
    column = layout.taking[incentive]
    last = np.minimum(c.end[rows, incentive], block.stage.plan.end)
    earlier = delivered & (taken < last) & (taken < c.when[rows, column]) & ~c.claimed[rows, incentive]
    c.when[rows[earlier], column] = taken[earlier]
    c.origin[rows[earlier], incentive] = step, message

"""What people do with a grant, and what an outcome does to a journey (rules 8, 12, 29-31, 50-53)."""

import numpy as np

from wakeup.plan.model import Challenge, Gift
from wakeup.sim.array.block import Block
from wakeup.sim.array.codes import DAY, FAR, I16, I64, Bools, Index, Phase, State
from wakeup.sim.array.columns import OUTCOMES
from wakeup.sim.array.grants import grant, hand_over, live, offer, prompt, reserved, use, used_up
from wakeup.sim.array.pieces import Check, needs, pieces
from wakeup.terms.lists import Outcome, Reason, Row


def happened(block: Block, rows: Index, t: I64, outcome: Outcome) -> None:
    """Let an outcome end the journeys whose goal it is, and wake who waits for it (due in this very second)."""
    c, stage = block.columns, block.stage
    within = (c.state[rows] == State.RUNNING) | (c.state[rows] == State.HELD) | (c.state[rows] == State.WAITING)
    reached = within & stage.book.goals[outcome][stage.journey[block.index[rows]]]
    if reached.any():
        _reach(block, rows[reached], t[reached])
    waiting = (c.state[rows] == State.WAITING) & (c.wait_for[rows] == OUTCOMES[outcome])
    c.when[rows[waiting], stage.layout.due] = t[waiting]


def goal(block: Block, rows: Index, t: I64) -> None:
    """Let an open or click that is the goal end the journey."""
    c = block.columns
    c.when[rows, block.stage.layout.goal] = FAR
    within = c.state[rows] != State.OVER
    _reach(block, rows[within], t[within])


def claim(block: Block, rows: Index, t: I64, incentive: int) -> None:
    """Let people claim a gift or a service that they hold."""
    c, stage = block.columns, block.stage
    c.when[rows, stage.layout.taking[incentive]] = FAR
    step, message = c.origin[rows, incentive, 0], c.origin[rows, incentive, 1]
    block.write(Row.CLAIMED, rows, t, step=step, message=message, incentive=incentive)
    c.claimed[rows, incentive] = True
    c.claimed_at[rows] = t
    if incentive in stage.book.staffed:
        _queue(block, rows, t, incentive)
    else:
        hand_over(block, rows, incentive, t, Phase.ANSWERS, step, message)
        if not isinstance(stage.plan.incentives[incentive], Gift):
            prompt(block, rows, incentive, t, None)
    happened(block, rows, t, Outcome.CLAIM)


def start_service(block: Block, rows: Index, t: I64, incentive: int) -> None:
    """Begin services at the desk; their ends come as events."""
    c, stage = block.columns, block.stage
    desk = block.shared.desks[stage.book.staffed[incentive]]
    c.when[rows, stage.layout.starting[incentive]] = FAR
    step, message = c.origin[rows, incentive, 0], c.origin[rows, incentive, 1]
    hand_over(block, rows, incentive, t, Phase.DESKS, step, message)
    ends = desk.begin(t, block.index[rows], incentive)
    _put_first_free(block, rows, stage.layout.freeing[incentive], ends)


def end_service(block: Block, rows: Index, t: I64, incentive: int, column: int) -> None:
    """Let services end: they may induce an order."""
    block.columns.when[rows, column] = FAR
    prompt(block, rows, incentive, t, None)


def join(block: Block, rows: Index, t: I64, incentive: int) -> None:
    """Let people join a challenge that they hold."""
    c, stage = block.columns, block.stage
    each = stage.plan.incentives[incentive]
    assert isinstance(each, Challenge)
    origin = c.origin[rows, incentive].copy()
    block.write(Row.JOINED, rows, t, step=origin[:, 0], message=origin[:, 1], incentive=incentive)
    use(block, rows, incentive, t, Phase.ANSWERS)
    c.joined_at[rows] = t
    kept = stage.model.completes(block.who(rows), incentive, c.joins[rows, incentive].astype(np.int32))
    c.joins[rows, incentive] += 1
    done = t + (each.days - 1) * DAY
    columns = stage.layout.completing[incentive]
    places = _put_first_free(block, rows[kept], columns, done[kept])
    c.rewarded[rows[kept], places - columns[0] + stage.layout.reward[columns[0]]] = origin[kept]
    happened(block, rows, t, Outcome.JOIN)


def complete(block: Block, rows: Index, t: I64, incentive: int, column: int) -> None:
    """Let people finish a challenge and receive its reward, or a refusal."""
    c, stage = block.columns, block.stage
    each = stage.plan.incentives[incentive]
    assert isinstance(each, Challenge)
    c.when[rows, column] = FAR
    origin = c.rewarded[rows, stage.layout.reward[column]].copy()
    block.write(Row.COMPLETED, rows, t, step=origin[:, 0], message=origin[:, 1], incentive=incentive)
    order = np.argsort(t, kind="stable")
    rows, t, origin = rows[order], t[order], origin[order]
    reward = stage.book.incentive[each.reward]
    where = block.at(rows, t, Phase.ANSWERS)
    for part in pieces(where, _reward_checks(block, rows, t, reward), lambda: np.ones(len(rows), np.bool_)):
        _reward(block, rows[part], t[part], reward, origin[part, 0], origin[part, 1])


def _reach(block: Block, rows: Index, t: I64) -> None:
    c, stage = block.columns, block.stage
    c.reached_at[rows] = t
    block.leave(rows, t, Row.EXITED)
    for incentive, desk in stage.book.staffed.items():
        queued = c.open[rows, incentive] & c.claimed[rows, incentive]
        for person, at in zip(block.index[rows[queued]].tolist(), t[queued].tolist(), strict=True):
            block.shared.desks[desk].leave(person, at)


def _queue(block: Block, rows: Index, t: I64, incentive: int) -> None:
    """Queue requests; who has reached the goal would leave at once."""
    c = block.columns
    desk = block.shared.desks[block.stage.book.staffed[incentive]]
    stays = c.reached_at[rows] > t
    rows, t = rows[stays], t[stays]
    desk.claim(t, block.index[rows], incentive, c.end[rows, incentive])


def _put_first_free(block: Block, rows: Index, columns: list[int], t: I64) -> I64:
    """Write instants into the first free of some columns; return the columns."""
    when = block.columns.when
    candidates = np.array(columns, np.int64)
    free = when[rows[:, None], candidates] == FAR
    places: I64 = candidates[free.argmax(axis=1)]
    when[rows, places] = t
    return places


def _reward_checks(block: Block, rows: Index, t: I64, reward: int) -> list[Check]:
    each, shared = block.stage.plan.incentives[reward], block.shared
    new = ~live(block, rows, reward, t)
    micros = reserved(block, rows, reward) * new
    spent = np.full(len(rows), each.cost * block.stage.book.minor if isinstance(each, Gift) else 0, np.int64)
    found = [Check(shared.total, needs(new, 1), spent)]
    if reward in shared.stock:
        found.append(Check(shared.stock[reward], needs(new, 1), new.astype(np.int64)))
    if each.line in shared.lines:
        found.append(Check(shared.lines[each.line], needs(new, np.maximum(micros, 1)), micros + spent))
    return found


def _reward(block: Block, rows: Index, t: I64, reward: int, step: I16, message: I16) -> None:
    c, stage = block.columns, block.stage
    was_live = live(block, rows, reward, t)
    reason = _reward_refusal(block, rows, t, reward, was_live)
    refused = np.flatnonzero(reason)
    block.write(
        Row.REFUSED, rows[refused], t[refused], step=step[refused], message=message[refused],
        incentive=reward, reason=reason[refused].astype(np.uint8),
    )  # fmt: skip
    new = np.flatnonzero(~was_live & (reason == 0))
    grant(block, rows[new], reward, t[new], Phase.ANSWERS, step[new], message[new])
    has = np.flatnonzero(reason == 0)
    c.known[rows[has], reward] = True
    shown = offer(block, rows[has], reward, was_live[has])
    if isinstance(stage.plan.incentives[reward], Gift):
        hand_over(block, rows[has], reward, t[has], Phase.ANSWERS, step[has], message[has])
    prompt(block, rows[has], reward, t[has], shown)


def _reward_refusal(block: Block, rows: Index, t: I64, reward: int, was_live: Bools) -> I64:
    """Return the reason why each is refused the reward, 0 if none (rules 17 and 23)."""
    shared, line = block.shared, block.stage.plan.incentives[reward].line
    where = block.at(rows, t, Phase.ANSWERS)
    reason = np.where(~was_live & used_up(block, rows, reward), int(Reason.INCENTIVE_INVALID), 0)
    if reward in shared.stock:
        asking = np.flatnonzero(~was_live & (reason == 0))
        fits = shared.stock[reward].fits(where[asking], 1)
        reason[asking[~fits]] = Reason.OUT_OF_STOCK
    asking = np.flatnonzero(~was_live & (reason == 0))
    fits = shared.total.fits(where[asking], 1)
    if line in shared.lines:
        fits = fits & shared.lines[line].fits(where[asking], np.maximum(reserved(block, rows[asking], reward), 1))
    reason[asking[~fits]] = Reason.BUDGET
    return reason

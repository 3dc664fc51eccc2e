"""Claims and services, and what an outcome does to a journey (rules 8, 12, 29, 30, 50-53)."""

import numpy as np

from wakeup.customers.population import NEVER
from wakeup.plan.model import Gift
from wakeup.sim.array.block import Block
from wakeup.sim.array.codes import FAR, I64, Index, Phase, State
from wakeup.sim.array.columns import OUTCOMES
from wakeup.sim.array.grants import hand_over, prompt
from wakeup.sim.array.slack import Pool
from wakeup.terms.lists import Outcome, Row


def happened(block: Block, rows: Index, t: I64, outcome: Outcome) -> None:
    """Let an outcome end the journeys whose goal it is, and wake who waits for it (due in this very second)."""
    c, stage = block.columns, block.stage
    if stage.book.goals[outcome].any():
        state = c.state.take(rows)
        within = (state == State.INSIDE) | (state == State.HELD)
        goal = stage.book.goals[outcome].take(stage.journey.take(block.places(rows)))
        reached = (within & goal).nonzero()[0]
        if len(reached):
            _reach(block, rows.take(reached), t.take(reached))
    if stage.book.awaits:
        waiting = (c.state.take(rows) == State.INSIDE) & (c.wait_for.take(rows) & OUTCOMES[outcome] != 0)
        c.when[stage.layout.due][rows[waiting]] = t[waiting]


def goal(block: Block, rows: Index, t: I64) -> None:
    """Let an open or click that is the goal end the journey."""
    c = block.columns
    c.when[block.stage.layout.goal][rows] = FAR
    within = c.state[rows] != State.OVER
    _reach(block, rows[within], t[within])


def claim(block: Block, rows: Index, t: I64, incentive: int) -> None:
    """Let people claim a gift or a service that they hold."""
    c, stage = block.columns, block.stage
    c.when[stage.layout.taking[incentive]][rows] = FAR
    place = stage.book.claims[incentive]
    step, message = c.origin[place, 0][rows], c.origin[place, 1][rows]
    block.write(Row.CLAIMED, rows, t, step=step, message=message, incentive=incentive)
    c.claimed[place][rows] = True
    if stage.book.counts_from_message:
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
    c.when[stage.layout.starting[incentive]][rows] = FAR
    step, message = c.origin[stage.book.claims[incentive]][:, rows]
    hand_over(block, rows, incentive, t, Phase.DESKS, step, message)
    ends = desk.begin(t, block.callers(rows), incentive)
    put_first_free(block, rows, stage.layout.freeing[incentive], ends)


def release(block: Block, rows: Index, t: I64, desk: int) -> None:
    """Let sends leave the line: they are decided again in this second, with staff kept for them (rule 72)."""
    c, stage = block.columns, block.stage
    c.when[stage.layout.releasing[desk]][rows] = FAR
    c.when[stage.layout.due][rows] = t
    c.lined[0][rows], c.kept[0][rows] = -1, desk
    rated = np.array([stage.book.rated.get(channel, -1) for channel in stage.book.channel_of])[c.held[rows]]
    c.place[rated[rated >= 0], rows[rated >= 0]] = t[rated >= 0]  # the place that was taken in the rate is kept
    if not isinstance(block.shared, Pool):
        block.shared.desks[desk].release(t, c.asked_at[0][rows], block.callers(rows), c.pc[rows])


def end_service(block: Block, rows: Index, t: I64, incentive: int, column: int) -> None:
    """Let services end: they may induce an order."""
    block.columns.when[column][rows] = FAR
    prompt(block, rows, incentive, t, None)


def _reach(block: Block, rows: Index, t: I64) -> None:
    c, stage = block.columns, block.stage
    if stage.book.staffed:
        c.reached_at[rows] = t
    for desk in stage.book.serving_desks:
        lined = c.lined[0][rows] == desk
        c.when[stage.layout.releasing[desk]][rows[lined]] = FAR
        if isinstance(block.shared, Pool):
            people = rows[lined]
            block.shared.queues[desk].leave(block.at(people, c.asked_at[0][people], Phase.DUE), t[lined])
            continue
        for person, at in zip(block.callers(rows[lined]).tolist(), t[lined].tolist(), strict=True):
            block.shared.desks[desk].leave(person, at)
    block.leave(rows, t, Row.EXITED)
    for incentive, desk in stage.book.staffed.items():
        queued = (c.end[incentive][rows] > NEVER) & c.claimed[stage.book.claims[incentive]][rows]
        for person, at in zip(block.callers(rows[queued]).tolist(), t[queued].tolist(), strict=True):
            block.shared.desks[desk].leave(person, at)


def _queue(block: Block, rows: Index, t: I64, incentive: int) -> None:
    """Queue requests; who has reached the goal would leave at once."""
    c = block.columns
    desk = block.shared.desks[block.stage.book.staffed[incentive]]
    stays = c.reached_at[rows] > t
    rows, t = rows[stays], t[stays]
    ends = np.minimum(c.end[incentive][rows], block.stage.plan.end)  # others at the desk may go on longer
    desk.claim(t, block.callers(rows), incentive, ends)


def put_first_free(block: Block, rows: Index, columns: list[int], t: I64) -> I64:
    """Write instants into the first free of some columns; return the columns."""
    when = block.columns.when
    candidates = np.array(columns, np.int64)
    free = when[candidates[:, None], rows] == FAR
    places: I64 = candidates[free.argmax(axis=0)]
    when[places, rows] = t
    return places

"""Journeys: entering, waiting, branching, splitting, leaving (rules 7-13), for everybody due at once.

Jumps lead forward only, so one pass over the program in its order takes everybody to their next real wait.
"""

import numpy as np

from wakeup.draws import share
from wakeup.plan.model import Branch, Exit, Grant, Jump, Send, Split, Until, Wait
from wakeup.sim.array.block import Block
from wakeup.sim.array.book import Line
from wakeup.sim.array.codes import FAR, I16, Index, State
from wakeup.sim.array.columns import OUTCOMES
from wakeup.sim.array.facts import has_happened, holds
from wakeup.sim.array.giving import give
from wakeup.sim.array.sending import send
from wakeup.terms.lists import Outcome, Reason, Row


def due(block: Block, rows: Index) -> None:
    """Let everybody due run on until a real wait."""
    c, program = block.columns, block.stage.book.program
    state = c.state[rows]
    coming = np.flatnonzero(state == State.COMING)
    if len(coming):
        _enter(block, rows[coming])
        within = np.flatnonzero(c.state[rows] != State.OVER)
        rows, state = rows[within], state[within]
    over = rows[np.flatnonzero(state == State.WAITING)]
    c.pc[over] += 1
    c.state[over] = State.RUNNING
    coming_to = _by_line(rows, c.pc[rows])
    while coming_to:
        number = min(coming_to)
        groups = coming_to.pop(number)
        here = groups[0] if len(groups) == 1 else np.sort(np.concatenate(groups))
        onward = _play(block, here, program[number], number)
        for line, people in _by_line(onward, c.pc[onward]).items():
            coming_to.setdefault(line, []).extend(people)


def _by_line(rows: Index, lines: I16) -> dict[int, list[Index]]:
    """Sort people, in ascending order, by the line of the program that they have come to."""
    if not len(rows):
        return {}
    first = int(lines[0])
    if (lines == first).all():
        return {first: [rows]}
    order = np.argsort(lines, kind="stable")  # sorts by digits, which is fast
    counts = np.bincount(lines)
    ends = np.cumsum(counts)
    ordered = rows[order]
    return {line: [ordered[ends[line] - counts[line] : ends[line]]] for line in np.flatnonzero(counts).tolist()}


def _play(block: Block, rows: Index, line: Line, number: int) -> Index:  # noqa: PLR0911 - one per kind of instruction
    """Play one instruction; return those who go on in this second."""
    c, instruction = block.columns, line.instruction
    match instruction:
        case Send():
            onward = send(block, rows, line)
            c.pc[onward] += 1
            return onward
        case Wait():
            return _wait(block, rows, instruction)
        case Branch(predicate, otherwise):
            goes_on = holds(block, rows, c.when[block.stage.layout.due][rows], predicate)
            c.pc[rows] = np.where(goes_on, number + 1, line.base + otherwise)
            return rows
        case Jump(target):
            c.pc[rows] = line.base + target
            return rows
        case Split():
            _split(block, rows, line)
            return rows
        case Grant():
            give(block, rows, line)
            c.pc[rows] += 1
            return rows
        case Exit() | None:
            block.leave(rows, c.when[block.stage.layout.due][rows], Row.EXITED)
            return rows[:0]


def _enter(block: Block, rows: Index) -> None:
    """Ask the audience again; who still qualifies enters."""
    c, stage = block.columns, block.stage
    t = c.when[stage.layout.due][rows]
    qualifies = holds(block, rows, t, stage.plan.audience)
    if not qualifies.all():
        refused = np.flatnonzero(~qualifies)
        block.write(Row.NOT_ENTERED, rows[refused], t[refused], reason=int(Reason.NOT_ENTERED))
        c.state[rows[refused]] = State.OVER
        c.when[stage.layout.due][rows[refused]] = FAR
        entering = np.flatnonzero(qualifies)
        rows, t = rows[entering], t[entering]
    c.state[rows] = State.RUNNING
    block.write(Row.ENTERED, rows, t)
    c.entered[rows] = t


def _wait(block: Block, rows: Index, wait: Wait) -> Index:
    c, stage = block.columns, block.stage
    t = c.when[stage.layout.due][rows]
    until = stage.zone.end_of(t, wait.length)
    if isinstance(wait.length, Until):
        until = np.maximum(until, t)
    happened = has_happened(block, rows, t, frozenset(wait.outcomes))
    for outcome in wait.outcomes:
        until = np.where(happened[outcome], t, until)
        if outcome == Outcome.OPEN:
            until = np.minimum(until, np.maximum(c.opened_at[rows], t))
        elif outcome == Outcome.CLICK:
            until = np.minimum(until, np.maximum(c.clicked_at[rows], t))
    over = until <= t
    onward = rows[:0]
    if over.any():
        onward, going_on = rows[over], np.flatnonzero(~over)
        c.pc[onward] += 1
        rows, until = rows[going_on], until[going_on]
    c.state[rows] = State.WAITING
    c.wait_for[rows] = sum(OUTCOMES[outcome] for outcome in wait.outcomes)
    c.when[stage.layout.due][rows] = until
    return onward


def _split(block: Block, rows: Index, line: Line) -> None:
    c, stage, split = block.columns, block.stage, line.instruction
    assert isinstance(split, Split)
    number = stage.book.splits.index((line.journey, split))
    t = c.when[stage.layout.due][rows]
    winner = block.shared.winners[number]
    if winner >= 0:
        arm = np.full(len(rows), winner, np.int16)
    else:
        place = share(stage.people.key[block.who(rows)], split.salt)
        bounds = np.array([float(each.low) for each in split.arms])
        order = np.argsort(bounds)
        arm = order[np.searchsorted(bounds[order], place, side="right") - 1].astype(np.int16)
    block.write(Row.ASSIGNED, rows, t, step=line.step, arm=arm)
    c.arm[number][rows] = arm
    c.assigned_at[number][rows] = t
    c.pc[rows] = line.base + np.array([each.target for each in split.arms], np.int64)[arm]

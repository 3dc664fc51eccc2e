"""Journeys: entering, waiting, branching, splitting, leaving (rules 7-13), for everybody due at once.

Jumps lead forward only, so one pass over the program in its order takes everybody to their next real wait.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from wakeup.draws import share
from wakeup.plan.model import Branch, Exit, Grant, Jump, Send, Split, Until, Wait
from wakeup.sim.array.ahead import foretell
from wakeup.sim.array.block import Block
from wakeup.sim.array.book import Line
from wakeup.sim.array.codes import FAR, I16, I64, Index, State
from wakeup.sim.array.columns import OUTCOMES
from wakeup.sim.array.facts import has_happened, holds
from wakeup.sim.array.giving import give
from wakeup.sim.array.sending import send
from wakeup.terms.lists import Outcome, Reason, Row

_Come = tuple[int, Index, I64]
"""People (m,) who have come to a line of the program, and their instants (m,)."""


def due(block: Block, rows: Index, t: I64) -> None:
    """Let everybody due at `t` (m,) run on until a real wait.

    Where they stand is written down where they stop: `pc` is the line that people go on with.
    """
    c, program, leads = block.columns, block.stage.book.program, block.stage.book.leads_to_rate
    state = c.state.take(rows)
    coming, held = (state == State.COMING).nonzero()[0], bool((state == State.HELD).any())
    if len(coming):
        out = _enter(block, rows, t) if len(coming) == len(rows) else _enter(block, rows[coming], t[coming])
        if len(out):
            within = np.ones(len(rows), np.bool_)
            within[coming[out]] = False
            rows, t = rows[within], t[within]
    coming_to: dict[int, list[tuple[Index, I64]]] = {}
    told: set[int] = set()
    come: Sequence[_Come] = list(_by_line(rows, t, c.pc.take(rows)))
    while True:
        for number, people, at in come:
            if len(people):
                coming_to.setdefault(number, []).append((people, at))
        if not coming_to:
            break
        # Whoever is about to ask a rate stands before a send when the first of them asks.
        number = min(coming_to, key=lambda each: (not leads[each], each))
        if number not in told:
            told.update(foretell(block, number, coming_to))
        line = program[number]
        come = _play(block, *_together(coming_to.pop(number), line), line, held)


def _together(groups: Sequence[tuple[Index, I64]], line: Line) -> tuple[Index, I64]:
    """Put groups of people, each in ascending order, together in that order; at the end of a journey in any."""
    if len(groups) == 1:
        return groups[0]
    rows, t = (np.concatenate(column) for column in zip(*groups, strict=True))
    if line.instruction is None:
        return rows, t
    order = np.argsort(rows, kind="stable")  # a few ascending runs
    return rows[order], t[order]


def _by_line(rows: Index, t: I64, lines: I16) -> Iterator[_Come]:
    """Sort people, in ascending order, by the line of the program that they have come to."""
    if not len(rows):
        return
    first = int(lines[0])
    if (lines == first).all():
        yield first, rows, t
        return
    there = np.zeros(int(lines.max()) + 1, np.bool_)
    there[lines] = True
    for line in there.nonzero()[0].tolist():  # a look for each takes less time than sorting
        mine = (lines == line).nonzero()[0]
        yield line, rows.take(mine), t.take(mine)


def _play(block: Block, rows: Index, t: I64, line: Line, held: bool) -> Sequence[_Come]:  # noqa: PLR0911 - one per kind of instruction
    """Play one instruction; return those who go on in this second, by line. held: somebody may be held here."""
    instruction, number = line.instruction, line.number
    match instruction:
        case Send():
            return [(number + 1, *send(block, rows, t, line, held))]
        case Wait():
            return [(number + 1, *_wait(block, rows, t, instruction, number))]
        case Branch(predicate, otherwise):
            goes_on = holds(block, rows, t, predicate)
            some, others = goes_on.nonzero()[0], (~goes_on).nonzero()[0]
            return [
                (number + 1, rows.take(some), t.take(some)),
                (line.base + otherwise, rows.take(others), t.take(others)),
            ]
        case Jump(target):
            return [(line.base + target, rows, t)]
        case Split():
            lines = _split(block, rows, t, line)
            return list(_by_line(rows, t, lines))
        case Grant():
            give(block, rows, t, line)
            return [(number + 1, rows, t)]
        case Exit() | None:
            block.leave(rows, t, Row.EXITED)
            return []


def _enter(block: Block, rows: Index, t: I64) -> Index:
    """Ask the audience again; return the places of those who do not qualify any more. The others enter."""
    c, stage = block.columns, block.stage
    qualifies = holds(block, rows, t, stage.plan.audience)
    refused = (~qualifies).nonzero()[0]
    if len(refused):
        block.write(Row.NOT_ENTERED, rows[refused], t[refused], reason=int(Reason.NOT_ENTERED))
        c.state[rows[refused]] = State.OVER
        c.when[stage.layout.due][rows[refused]] = FAR
        entering = qualifies.nonzero()[0]
        rows, t = rows.take(entering), t.take(entering)
    c.state[rows] = State.INSIDE
    block.write(Row.ENTERED, rows, t)
    if stage.book.sees_orders:
        c.entered[rows] = t
    return refused


def _wait(block: Block, rows: Index, t: I64, wait: Wait, number: int) -> tuple[Index, I64]:
    """Let people wait; return those for whom the wait is over at once."""
    c, stage = block.columns, block.stage
    until = stage.zone.end_of(t, wait.length)
    if isinstance(wait.length, Until):
        until = np.maximum(until, t)
    happened = has_happened(block, rows, t, frozenset(wait.outcomes))
    for outcome in wait.outcomes:
        until = np.where(happened[outcome], t, until)
        if outcome == Outcome.OPEN:
            until = np.minimum(until, np.maximum(c.opened_at.take(rows), t))
        elif outcome == Outcome.CLICK:
            until = np.minimum(until, np.maximum(c.clicked_at.take(rows), t))
    over = until <= t
    onward, at = rows[:0], t[:0]
    if over.any():
        onward, at, going_on = rows[over], t[over], (~over).nonzero()[0]
        rows, until = rows.take(going_on), until.take(going_on)
    if stage.book.awaits:
        c.wait_for[rows] = sum(OUTCOMES[outcome] for outcome in wait.outcomes)
    c.pc[rows] = number + 1
    c.when[stage.layout.due][rows] = until
    return onward, at


def _split(block: Block, rows: Index, t: I64, line: Line) -> I16:
    """Give everybody an arm; return the lines of the program that they go on with, int16 (m,)."""
    c, stage, split = block.columns, block.stage, line.instruction
    assert isinstance(split, Split)
    number = stage.book.splits.index((line.journey, split))
    winner = block.shared.winners[number]
    if winner >= 0:
        arm = np.full(len(rows), winner, np.int16)
    else:
        place = share(stage.people.key.take(block.who(rows)), split.salt)
        arm = np.zeros(len(rows), np.int16)
        for low, own in sorted((float(each.low), own) for own, each in enumerate(split.arms)):
            arm[place >= low] = own
    block.write(Row.ASSIGNED, rows, t, step=line.step, arm=arm)
    c.arm[number][rows] = arm
    c.assigned_at[number][rows] = t
    return np.array([line.base + each.target for each in split.arms], np.int16).take(arm)

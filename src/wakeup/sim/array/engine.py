"""The engine: plays blocks of people up to a position, and keeps what stands (docs/semantics/array.md)."""

import numpy as np
from attrs import define, field

from wakeup.plan.model import FixedCost
from wakeup.sim.array import ending
from wakeup.sim.array.block import Block, Stage
from wakeup.sim.array.codes import FAR, I16, I64, Index, Phase, begins_phase, position, positions, second_of
from wakeup.sim.array.columns import Columns
from wakeup.sim.array.events import happen
from wakeup.sim.array.guards import Guards
from wakeup.sim.array.promotions import Promotions
from wakeup.sim.array.rows import RowLog
from wakeup.sim.array.shared import Cost, Shared

_ONE_PERSON = 1
_SECOND = position(1, Phase.FREED)
_TRIES = 3
"""How often a block is played again with the answers that its last try should have given, before it is cut shorter."""
_CROWD = 256
"""From how many people in one second on it pays to play that second apart."""


@define(eq=False)
class Engine:
    """The treated people and all that they share, as of position `here`; following (n,): positions of next events.
    _stride: how far blocks reach at most, a difference of positions.
    """

    stage: Stage
    columns: Columns
    shared: Shared
    guards: Guards
    promotions: Promotions
    following: I64
    here: int
    log: RowLog = field(factory=RowLog)
    _stride: int = FAR

    def advance(self, limit: int) -> int:
        """Play everything before position `limit`; return how many people were played, replays included."""
        played = 0
        while self.here < limit:
            played += self._one_block(limit)
        return played

    def _one_block(self, limit: int) -> int:
        """Play one block from here towards `limit`, again and shorter until what it assumed of shared things holds."""
        played, tries, tried = 0, 0, None
        limit = wanted = min(limit, self.here + self._stride)
        while True:
            block = self._played(limit, tried)
            played += len(block.index)
            tried = block.shared
            wrong = tried.first_wrong()
            cut = min(self._first_judged(block, limit), limit)
            if wrong >= cut == limit:
                break
            if wrong < cut and tries < _TRIES:
                tries += 1
                continue
            nearer = cut if wrong >= cut else self._before(wrong)
            assert nearer < limit, "a block of one event contradicts itself"
            limit, tries = nearer, 0
        # Where blocks are cut short the next ones are short from the start, then longer again.
        self._stride = 2 * max(limit - self.here, _SECOND) if limit < wanted else min(4 * self._stride, FAR)
        self._keep(block, limit)
        return played

    def _before(self, wrong: int) -> int:
        """Return a nearer limit that leaves the wrong answer out, or leaves nothing but it in."""
        second = position(second_of(wrong), Phase.FREED)
        if second > self.here:
            return second
        return wrong if wrong > self.here else wrong + _ONE_PERSON

    def _first_judged(self, block: Block, limit: int) -> int:
        """Return the position of the first guard that acts, or promotion that is due, inside the block."""
        breach = self.guards.first_breach(block.log.rows, block.shared.costs, limit)
        due = self.promotions.first_due(self.columns, block.log)
        return min(breach, due if due > self.here else FAR)

    def _played(self, limit: int, tried: Shared | None) -> Block:
        """Take everybody whose turn comes before `limit` and play them up to it, wiser by an earlier try."""
        shared = self.shared.fork(tried)
        turn = self.following < limit
        for desk in shared.desks:
            turn[[request[1] for request in desk.line.waiting]] = True
        index = np.flatnonzero(turn)
        block = Block(self.stage, index, self.columns.take(index), shared)
        play(block, limit)
        return block

    def _keep(self, block: Block, limit: int) -> None:
        """Let a block stand."""
        layout = self.stage.layout
        for column in (*layout.starting.values(), *layout.releasing.values()):
            block.columns.when[column] = FAR  # worked out anew in each block
        self.columns.put(block.index, block.columns)
        self.following[block.index] = _following(block, np.arange(len(block.index)))
        self.guards.take(block.log.rows, block.shared.costs, limit)
        self.log.rows += block.log.rows
        self.shared = block.shared
        self.here = limit
        self._judge()

    def _judge(self) -> None:
        """Let guards and promotions act, if here is where they are judged."""
        if begins_phase(self.here, Phase.GUARDS):
            if self.guards.judge(self.here, self.shared):
                self._stop(second_of(self.here))
            self.promotions.judge(self.here, self.columns, self.shared, self.log)

    def _stop(self, t: int) -> None:
        """Let a guard end everybody's journey at `t`."""
        ending.stop(self._everybody(), t)
        self.look()
        for desk in self.shared.desks:
            desk.dismiss()

    def look(self) -> None:
        """Find everybody's next event."""
        everybody = self._everybody()
        self.following = _following(everybody, everybody.index)

    def _everybody(self) -> Block:
        """Return everybody as a block that writes to the columns and the log."""
        return Block(self.stage, np.arange(len(self.stage.who)), self.columns, self.shared, self.log)

    def book(self, fixed: FixedCost, t: int) -> None:
        """Book a fixed cost first thing in second `t`."""
        here = position(t, Phase.FREED)
        self.advance(here)
        cost = Cost("fixed_cost", np.array([t]), np.array([fixed.amount * self.stage.book.minor]))
        self.shared.spend(cost, fixed.line, np.array([here]))
        self.guards.take((), (cost,), here)

    def finish(self) -> None:
        """End the run."""
        ending.finish(self._everybody())
        for desk in self.shared.desks:
            desk.close()
        self.look()

    def lapse_the_rest(self) -> None:
        """Write the rows of open grants that end before the horizon, however they were counted."""
        ending.lapse_the_rest(self._everybody())


def play(block: Block, limit: int) -> None:
    """Play a block up to a limit: each person's events one by one, side by side with everybody else's."""
    active = np.arange(len(block.index))
    reached = np.zeros(len(block.index), np.int64)
    near = 0
    while len(active):
        changed = _settle_desks(block, limit)
        if len(changed):
            active = np.union1d(active, changed)
        column, t, where = _next(block, active)
        left = where < limit
        if not left.all():
            active, column, t, where = active[left], column[left], t[left], where[left]
        turn = where < near
        while len(active) and not turn.any():
            near = _nearer(t, near, limit)
            turn = where < near
        # Services start when nobody has anything else to do before: who claims later waits behind.
        others = turn & (block.stage.layout.phases[column] != Phase.DESKS)
        turn = others if others.any() else turn
        if block.shared.desks:
            _watch_turns(block, reached, active[turn], where[turn])
        happen(block, active[turn], column[turn], t[turn])


def _watch_turns(block: Block, reached: I64, rows: Index, where: I64) -> None:
    """Note who starts at a desk before what they have already done: the start came to light too late."""
    back = where < reached[rows]
    if back.any():
        block.shared.out_of_turn = min(block.shared.out_of_turn, int(where[back].min()))
    reached[rows] = np.maximum(reached[rows], where)


def _nearer(t: I64, near: int, limit: int) -> int:
    """Return the position after `near` up to which people may be played side by side; `t` (m,) are their next events.

    Where many are due in one second (a wave, the end of quiet hours), everything before is played first, so that they
    are asked together, in their order: limits that they share are then settled at the first try.
    """
    seconds, counts = np.unique(t, return_counts=True)
    crowded = seconds[counts >= _CROWD].tolist()
    stops = [stop for each in crowded for stop in (position(each, Phase.DUE), position(each + 1, Phase.FREED))]
    return min([limit, *(stop for stop in stops if stop > near)])


def _settle_desks(block: Block, limit: int) -> Index:
    """Work out the starts at desks that have changed; return whose next event that may be."""
    changed: list[Index] = []
    layout = block.stage.layout
    for number, desk in enumerate(block.shared.desks):
        if not desk.stale:
            continue
        desk.settle(limit)
        for incentive, staff in block.stage.book.staffed.items():
            if staff == number:
                waiting = desk.waiting(incentive)
                rows = np.searchsorted(block.index, np.array([request[1] for request in waiting], np.int64))
                starts = block.columns.when[layout.starting[incentive]]
                starts[rows] = FAR
                np.minimum.at(starts, rows, desk.starts(waiting))  # of two requests one may be too late
                changed.append(rows)
        if number in layout.releasing:
            c, rows = block.columns, np.flatnonzero(block.columns.lined[0] == number)
            releases = desk.releases(c.asked_at[0][rows], block.index[rows], c.pc[rows])
            c.when[layout.releasing[number]][rows] = releases
            changed.append(rows)
    return np.concatenate(changed) if changed else np.zeros(0, np.intp)


def _next(block: Block, rows: Index) -> tuple[I16, I64, I64]:
    """Return the column, instant and position of the next event of people."""
    when = block.columns.when.take(rows, axis=1)
    column = when.argmin(axis=0).astype(np.int16)
    t = when[column, np.arange(len(rows))]
    phase = block.stage.layout.phases[column]
    # Starts at a desk come in the desk's order, not in that of the people.
    person = np.where(phase == Phase.DESKS, 0, block.index[rows])
    return column, t, positions(t, phase, person)


def _following(block: Block, rows: Index) -> I64:
    return _next(block, rows)[2]

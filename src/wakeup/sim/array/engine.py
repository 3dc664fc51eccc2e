"""The engine: plays blocks of people up to a position, and keeps what stands (docs/semantics/array.md)."""

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
from attrs import define, field

from wakeup.figures.events import Orders
from wakeup.plan.model import FixedCost
from wakeup.sim.array import ending
from wakeup.sim.array.block import Block, Stage
from wakeup.sim.array.codes import FAR, I16, I64, Index, Phase, begins_phase, position, positions, second_of
from wakeup.sim.array.columns import Columns
from wakeup.sim.array.events import happen
from wakeup.sim.array.guards import Guards
from wakeup.sim.array.promotions import Promotions
from wakeup.sim.array.rows import RowLog
from wakeup.sim.array.shared import Cost, Shared, forks
from wakeup.sim.array.turns import SENDS, Request

_ONE_PERSON = 1
_SECOND = position(1, Phase.FREED)
_FEW = 16_384
_WIDEST = 16
"""Buckets in which no more than a few people have anything to do are joined: twice as many each time, up to so many."""
_NARROW = 2
"""Buckets are narrow when no more than so many are to be joined next: many are due, or an answer was wrong lately."""
_TRIES = 3
"""How often a second is played again with the answers that its last try should have given, before it is cut."""
_CROWD = 256
"""From how many people in one second on it pays to play that second apart,"""
_SHARE = 32
"""if they are one in so many of all: places in a rate fall due by the hundred, minute by minute, for half a day."""


@define(eq=False)
class Act:
    """A campaign under way: the people treated by any campaign on its clock, and what they share in this one.

    apart: how far its people, where they stand in one line, lie behind those of the first campaign.
    """

    stage: Stage
    columns: Columns
    shared: Shared
    guards: Guards
    promotions: Promotions
    log: RowLog = field(factory=RowLog)
    apart: int = 0


@define(eq=False)
class Engine:
    """Campaigns on one clock, mostly one, as of position `here`; following (n,): positions of people's next events.
    made: orders, whoever sees them. _stride: how far blocks reach at most, a difference of positions. _wide: how many
    buckets are joined next. _tried: what was learnt in the last block that shared things gave a wrong answer in.
    """

    acts: list[Act]
    following: I64
    here: int
    made: list[Orders] = field(factory=list)
    _stride: int = FAR
    _wide: int = 1
    _tried: list[Shared] | None = None

    def held(self) -> object:
        """Return all that is kept of people, and the copy of it in which everybody's next event is looked for."""
        acts = [(act.stage, act.columns, act.log) for act in self.acts]
        return acts, self.following, self.made, self.acts[0].columns.when.copy()

    def reach(self, t: int, last: int, bucket: int) -> int:
        """Return how far to play from instant `t` on, at most to `last`: a bucket of so many seconds, or some where few
        people have anything to do in them."""
        wide = self._wide
        while wide > 1 and self._due_before(t + wide * bucket) > _FEW:
            wide //= 2
        self._wide = min(2 * wide, _WIDEST)
        return min(t + wide * bucket, last)

    def _due_before(self, t: int) -> int:
        """Return how many people have something to do before an instant."""
        return int(np.count_nonzero(self.following < position(t, Phase.FREED)))

    def advance(self, limit: int) -> None:
        """Play everything before position `limit`."""
        while self.here < limit:
            self._one_block(limit)

    def _one_block(self, limit: int) -> None:
        """Play one block from here towards `limit`, up to the first wrong answer that shared things gave in it.

        What lies behind comes in the next block, with what this one has learnt.
        """
        tries, tried = 0, self._tried
        promotions = (act.promotions.first_due(act.columns, RowLog()) for act in self.acts)
        limit = wanted = min(limit, self.here + self._stride, *(due for due in promotions if due > self.here))
        while True:
            block, following = self._played(limit, tried)
            known = [each.shared for each in block.campaigns]
            wrong = min(each.first_wrong() for each in known)
            cut = min(self._first_judged(block, limit), limit)
            if wrong >= cut == limit:
                break
            tried = self._tried = known
            if wrong < cut <= self._end_of_second() and tries < _TRIES:
                tries += 1
                continue
            nearer = cut if wrong >= cut else self._before(wrong, cut)
            assert nearer < limit, "a block of one event contradicts itself"
            limit, tries = nearer, 0
        # Where blocks are cut short the next ones are short from the start, then longer again.
        self._wide = 1 if limit < wanted else self._wide
        self._stride = 2 * max(limit - self.here, _SECOND) if limit < wanted else min(4 * self._stride, FAR)
        self._keep(block, following, limit)

    def _before(self, wrong: int, limit: int) -> int:
        """Return a nearer limit that leaves the second of the wrong answer out; else the end of that second, which is
        to be tried apart; else one that leaves the answer out, or leaves nothing but it in."""
        second = position(second_of(wrong), Phase.FREED)
        if second > self.here:
            return second
        if self._end_of_second() < limit:
            return self._end_of_second()
        return wrong if wrong > self.here else wrong + _ONE_PERSON

    def _end_of_second(self) -> int:
        return position(second_of(self.here) + 1, Phase.FREED)

    def _first_judged(self, block: Block, limit: int) -> int:
        """Return the position of the first guard that acts, or promotion that is due, inside the block."""
        found = FAR
        for act, each in zip(self.acts, block.campaigns, strict=True):
            breach = act.guards.first_breach(each.log.rows, each.shared.costs, limit)
            due = act.promotions.first_due(act.columns, each.log)
            found = min(found, breach, due if due > self.here else FAR)
        return found

    def _played(self, limit: int, tried: Sequence[Shared] | None) -> tuple[Block, I64]:
        """Take everybody whose turn comes before `limit` and play them up to it, wiser by an earlier try.

        Returns:
            the block, and the positions (m,) of its people's next events.
        """
        shared = forks([each.shared for each in self.acts], tried, self.here)
        turn = self.following < limit
        for act, fork in zip(self.acts, shared, strict=True):
            for desk in fork.desks:
                turn[_places(act, [request[1] for request in desk.line.waiting])] = True
        index = np.flatnonzero(turn)
        block = _blocks(self.acts, index, shared)
        return block, play(block, limit, careful=self._wide <= _NARROW)

    def _keep(self, block: Block, following: I64, limit: int) -> None:
        """Let a block stand; following (m,): positions of its people's next events."""
        self._forget_desks(block, following)
        for act, each in zip(self.acts, block.campaigns, strict=True):
            act.columns.put(block.index, each.columns, carried=act is self.acts[0])
            act.guards.take(each.log.rows, each.shared.costs, limit)
            act.log.rows += each.log.rows
            act.shared = each.shared
        self.following[block.index] = following
        self.made += block.made
        self.here = limit
        self._judge()

    def _forget_desks(self, block: Block, following: I64) -> None:
        """Forget when desks will serve people: each block works that out anew."""
        when, told = block.columns.when, np.zeros(len(following), np.bool_)
        for act in self.acts:
            layout = act.stage.layout
            for column in (*layout.starting.values(), *layout.releasing.values()):
                told |= when[column] < FAR
                when[column] = FAR
        rows = np.flatnonzero(told)
        following[rows] = _following(block, rows)

    def _judge(self) -> None:
        """Let guards and promotions act, if here is where they are judged."""
        if begins_phase(self.here, Phase.GUARDS):
            for act in self.acts:
                if act.guards.judge(self.here, act.shared):
                    self._stop(act, second_of(self.here))
                act.promotions.judge(self.here, act.columns, act.shared, act.log)

    def _stop(self, act: Act, t: int) -> None:
        """Let a guard end everybody's journey in a campaign at `t`."""
        ending.stop(self._everybody(act), t)
        self.look()
        for desk in act.shared.desks:
            desk.dismiss(*_callers(self.acts, act))

    def look(self) -> None:
        """Find everybody's next event."""
        everybody = self._everybody(self.acts[0])
        self.following = _following(everybody, everybody.index)

    def _everybody(self, act: Act) -> Block:
        """Return everybody in a campaign as a block that writes to the columns and the log."""
        index = np.arange(len(act.stage.who))
        blocks = [
            Block(each.stage, index, each.columns, each.shared, each.log, apart=each.apart, made=self.made)
            for each in self.acts
        ]
        return _side_by_side(blocks)[self.acts.index(act)]

    def book(self, fixed: FixedCost, t: int, act: Act | None = None) -> None:
        """Book a fixed cost of a campaign (of the first, unless said) first thing in second `t`."""
        act = act or self.acts[0]
        here = position(t, Phase.FREED)
        self.advance(here)
        cost = Cost("fixed_cost", np.array([t]), np.array([fixed.amount * act.stage.book.minor]))
        act.shared.spend(cost, fixed.line, partial(np.array, [here]))
        act.guards.take((), (cost,), here)

    def finish(self, act: Act | None = None) -> None:
        """End the run of a campaign (of the first, unless said)."""
        act = act or self.acts[0]
        ending.finish(self._everybody(act))
        for desk in act.shared.desks:
            desk.close(*_callers(self.acts, act))
        self.look()

    def lapse_the_rest(self, act: Act | None = None) -> None:
        """Write the rows of a campaign's open grants that end before the horizon, however they were counted."""
        ending.lapse_the_rest(self._everybody(act or self.acts[0]))

    def leave(self, act: Act) -> None:
        """Let nothing count for a campaign any more: its horizon has come."""
        self.lapse_the_rest(act)
        ending.forget(self._everybody(act))
        self.look()


def _blocks(acts: Sequence[Act], index: Index, shared: Sequence[Shared]) -> Block:
    """Return some people as a block of the first campaign, the others beside it."""
    first = acts[0].columns.take(index)
    made: list[Orders] = []
    return _side_by_side(
        [
            Block(
                act.stage,
                index,
                first if act is acts[0] else act.columns.take(index, first),
                fork,
                apart=act.apart,
                made=made,
            )
            for act, fork in zip(acts, shared, strict=True)
        ]
    )[0]


def _side_by_side(blocks: list[Block]) -> list[Block]:
    """Let blocks of the same people in several campaigns know each other."""
    if len(blocks) > 1:
        for each in blocks:
            each.beside = blocks
    return blocks


def _places(act: Act, callers: Sequence[int]) -> I64:
    """Return the places in the columns of those in a line who stand there for a campaign."""
    numbers = np.array(callers, np.int64) - act.apart
    if act.stage.number is None:
        return numbers
    who = act.stage.number
    mine = numbers[(numbers >= 0) & (numbers <= who[-1])] if len(who) else numbers[:0]
    return np.searchsorted(who, mine)


def _callers(acts: Sequence[Act], act: Act) -> tuple[int, int]:
    """Return the first number by which a campaign's people are known in a line, and the first beyond."""
    later = [each.apart for each in acts if each.apart > act.apart]
    return act.apart, min(later, default=FAR)


def play(block: Block, limit: int, *, careful: bool) -> I64:
    """Play a block of m people, and those beside it, up to a limit: each person's events one by one, side by side with
    everybody else's; return the positions (m,) of their next events.

    careful: crowds are played after everything before them. That answers more questions rightly at the first try, and
    takes more steps.
    """
    everybody = np.arange(len(block.index))
    reached = np.zeros(len(everybody), np.int64)
    column, t, where = _next(block, everybody)
    staffed = any(each.shared.desks for each in block.campaigns)
    near = 0 if careful else limit
    while True:
        told = _settle_desks(block, limit) if staffed else everybody[:0]
        column[told], t[told], where[told] = _next(block, told)
        turn = np.flatnonzero(where < near)
        while not len(turn):
            coming = np.flatnonzero(where < limit)
            if not len(coming):
                return where
            near = _nearer(t[coming], near, limit)
            turn = coming[where[coming] < near]
        if staffed:
            # Services start when nobody has anything else to do before: who claims later waits behind.
            others = block.stage.layout.phases[column[turn]] != Phase.DESKS
            turn = turn[others] if others.any() else turn
            _watch_turns(block, reached, turn, where[turn])
        happen(block, turn, column[turn], t[turn])
        column[turn], t[turn], where[turn] = _next(block, turn)


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
    seconds = np.sort(t)
    last = seconds[max(_CROWD, len(t) // _SHARE) - 1 :]
    crowded = last[last == seconds[: len(last)]]
    crowded = crowded[np.flatnonzero(np.diff(crowded, prepend=-1))]
    stops = [stop for each in crowded.tolist() for stop in (position(each, Phase.DUE), position(each + 1, Phase.FREED))]
    return min([limit, *(stop for stop in stops if stop > near)])


def _settle_desks(block: Block, limit: int) -> Index:
    """Work out the starts at desks that have changed; return whose next event that may be."""
    changed: list[Index] = []
    stale = [desk for each in block.campaigns for desk in each.shared.desks if desk.stale]
    for desk in stale:
        if desk.stale:  # campaigns may have it in common
            desk.settle(limit)
    for each in block.campaigns if stale else ():
        for number, desk in enumerate(each.shared.desks):
            if any(desk is one for one in stale):
                changed += _told(each, number)
    return np.concatenate(changed) if changed else np.zeros(0, np.intp)


def _told(block: Block, number: int) -> Iterator[Index]:
    """Let the people of a campaign know when a desk serves them; give the places of those whom that concerns."""
    layout, desk, c = block.stage.layout, block.shared.desks[number], block.columns
    everybody = block.callers(np.arange(len(block.index)))
    own = (int(everybody[0]), int(everybody[-1])) if len(everybody) else (0, -1)
    news = [each for each in desk.news if own[0] <= each[1] <= own[1]]
    for what, some in _by_what(news).items():
        rows = np.searchsorted(everybody, np.array([each[1] for each in some], np.int64))
        starts = np.array(desk.starts(some), np.int64)
        if what >= SENDS:
            asked = np.array([each[0] for each in some], np.int64)
            lined = (c.lined[0][rows] == number) & (c.asked_at[0][rows] == asked) & (c.pc[rows] == what - SENDS)
            rows, starts = rows[lined], starts[lined]
            c.when[layout.releasing[number]][rows] = starts
        else:
            c.when[layout.starting[what]][rows] = starts
        yield rows


def _by_what(requests: Sequence[Request]) -> dict[int, list[Request]]:
    """Sort requests by what is asked for."""
    found: dict[int, list[Request]] = {}
    for each in requests:
        found.setdefault(each[2], []).append(each)
    return found


def _next(block: Block, rows: Index) -> tuple[I16, I64, I64]:
    """Return the column, instant and position of the next event of people."""
    layout = block.stage.layout
    when = block.columns.when.take(rows, axis=1)
    others = when[:-1].min(axis=0)
    t = np.minimum(others, when[-1])
    column = np.full(len(rows), len(when) - 1, np.int16)  # mostly they are due
    earlier = (others == t).nonzero()[0]
    column[earlier] = when[:-1].take(earlier, axis=1).argmin(axis=0)
    phase = layout.phases[column]
    # Starts at a desk come in the desk's order, not in that of the people.
    person = np.where(phase == Phase.DESKS, 0, block.numbers(rows))
    if block.beside:
        behind = np.array([each.apart for each in block.beside], np.int64)[np.maximum(layout.campaigns[column], 0)]
        person = np.where(phase == Phase.DUE, person + behind, person)
    return column, t, positions(t, phase, person)


def _following(block: Block, rows: Index) -> I64:
    return _next(block, rows)[2]

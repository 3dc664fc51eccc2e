"""The send decision for many people at once: one message, first refusal wins (rules 14-24, 60-63, 71, 72)."""

from collections.abc import Sequence

import numpy as np
from attrs import define

from wakeup.plan.model import Calendar, Cap, Quiet, Rolling
from wakeup.sim.array.block import Block
from wakeup.sim.array.codes import FAR, I64, U8, Bools, Index, Phase
from wakeup.sim.array.grants import invalid, live, reserved
from wakeup.sim.array.pieces import Check, needs
from wakeup.sim.array.wording import Wordings, blank, price
from wakeup.terms.lists import FALLS_BACK, Reason

_FALLS_BACK = np.zeros(len(Reason), np.bool_)
_FALLS_BACK[[int(reason) for reason in FALLS_BACK]] = True


@define(eq=False)
class Asking:
    """A question to m people at instants `t`, ascending by position, and what became of it so far.

    bound: from when on a place in a rate is of no use. reason: 0 while nothing refuses. until: release of a delay,
    FAR for a skip. falls_back: whether `else:` is tried. worded: the texts. queued: who has joined the line at a desk.
    """

    block: Block
    rows: Index
    t: I64
    bound: I64
    message: int
    reason: U8
    until: I64
    falls_back: Bools
    worded: Wordings
    queued: Bools

    def standing(self) -> Index:
        """Return the places of those whom nothing has refused yet."""
        return np.flatnonzero(self.reason == 0)

    def refuse(self, places: Index, reason: Reason, until: I64 | None = None, falls_back: bool | None = None) -> None:
        """Refuse the people at some places, or delay them until instants of the same shape."""
        self.reason[places] = reason
        self.falls_back[places] = _FALLS_BACK[reason] if falls_back is None else falls_back
        if until is not None:
            self.until[places] = until


def ask(block: Block, rows: Index, t: I64, bound: I64, message: int, incentives: list[int], worded: Wordings) -> Asking:
    """Decide a message with incentives for people (m,) at `t`."""
    asking = _begun(block, rows, t, bound, message, worded)
    new = {i: ~live(block, rows, i, t) for i in incentives}
    _personal(asking, new)
    _stock(asking, new)
    _permission(asking)
    _timing(asking)
    _rate(asking)
    _capacity(asking)
    _budget(asking, new)
    _template(asking)
    return asking


def takers(block: Block, rows: Index, t: I64, chain: Sequence[int], incentives: list[int], worded: Wordings) -> Bools:
    """Return whom nothing of their own keeps from being sent one of the messages, bool (m,)."""
    new = {i: ~live(block, rows, i, t) for i in incentives}
    may = np.zeros(len(rows), np.bool_)
    for message in chain:
        asking = _begun(block, rows, t, t, message, worded)
        _personal(asking, new)
        _permission(asking)
        _timing(asking)
        _template(asking)
        may[asking.standing()] = True
    return may


def checks(
    block: Block, rows: Index, t: I64, chain: Sequence[int], incentives: list[int], worded: Wordings
) -> list[Check]:
    """Return the limits that a send with these fallbacks may ask, each with what it may take from them."""
    shared, stage = block.shared, block.stage
    costs = [price(block, worded, each) for each in chain]
    new = {i: ~live(block, rows, i, t) for i in incentives}
    faces = {i: reserved(block, rows, i) * new[i] for i in incentives}
    every = np.ones(len(rows), np.int64)
    found = [
        Check(supply[i], needs(new[i], 1), every * new[i])
        for supply in shared.supplies
        for i in incentives
        if i in supply
    ]
    found += [Check(shared.total, need, every * _most(costs)) for need in _needs(every, [1, *costs])]
    for name, meter in shared.lines.items():
        own = [cost for cost, each in zip(costs, chain, strict=True) if stage.book.line_of_message(each) == name]
        mine = [i for i in incentives if stage.plan.incentives[i].line == name]
        ups = every * _most(own) + sum(faces[i] for i in mine)
        found += [Check(meter, need, ups) for need in _needs(every, own)]
        found += [Check(meter, needs(new[i], np.maximum(faces[i], 1)), ups) for i in mine]
    return found


def _most(costs: Sequence[I64 | int]) -> I64 | int:
    """Return the greatest of some costs, for all or for each."""
    most: I64 | int = 0
    for cost in costs:
        most = max(most, cost) if isinstance(most, int) and isinstance(cost, int) else np.maximum(most, cost)
    return most


def _needs(every: I64, costs: Sequence[I64 | int]) -> list[I64]:
    """Return what some costs need of a limit, (m,) each; a cost of nothing does not ask it."""
    alike = {cost for cost in costs if isinstance(cost, int)}
    own = [needs(cost > 0, cost) for cost in costs if not isinstance(cost, int)]
    return [*(every * cost for cost in alike if cost > 0), *own]


def _begun(block: Block, rows: Index, t: I64, bound: I64, message: int, worded: Wordings) -> Asking:
    reason, until = np.zeros(len(rows), np.uint8), np.full(len(rows), FAR, np.int64)
    nobody = np.zeros(len(rows), np.bool_)
    return Asking(block, rows, t, bound, message, reason, until, nobody, worded, nobody.copy())


def _personal(asking: Asking, new: dict[int, Bools]) -> None:
    """Ask what comes before the stock (rules 14-17)."""
    _consent(asking)
    _suppression(asking)
    _pause(asking)
    for incentive, fresh in new.items():
        places = asking.standing()
        places = places[fresh[places]]
        bad = invalid(asking.block, asking.rows[places], incentive, asking.t[places])
        asking.refuse(places[bad], Reason.INCENTIVE_INVALID)


def _timing(asking: Asking) -> None:
    """Ask what comes between the stock and the rate (rules 18-20)."""
    for cap in asking.block.stage.plan.cadence.caps:
        _cap(asking, cap)
    _gap(asking)
    _quiet(asking)
    _outage(asking)


def _consent(asking: Asking) -> None:
    stage = asking.block.stage
    reason = stage.standing[stage.book.channel_of[asking.message]][asking.block.index[asking.rows]]
    asking.reason[:] = reason
    asking.falls_back[:] = _FALLS_BACK[reason]


def _suppression(asking: Asking) -> None:
    c, places = asking.block.columns, asking.standing()
    rows, t = asking.rows[places], asking.t[places]
    channel = asking.block.stage.book.channel_of[asking.message]
    asking.refuse(places[(c.opted_out[channel][rows] <= t) | (c.complained[rows] <= t)], Reason.SUPPRESSED)


def _pause(asking: Asking) -> None:
    places = asking.standing()
    until = asking.block.shared.paused_until[asking.block.stage.book.channel_of[asking.message]]
    asking.refuse(places[asking.t[places] < until], Reason.PAUSED)


def _stock(asking: Asking, new: dict[int, Bools]) -> None:
    block = asking.block
    for incentive, fresh in new.items():
        for supply in block.shared.supplies:
            if incentive in supply:
                places = asking.standing()
                places = places[fresh[places]]
                where = block.at(asking.rows[places], asking.t[places], Phase.DUE)
                asking.refuse(places[~supply[incentive].fits(where, 1)], Reason.OUT_OF_STOCK)


def _permission(asking: Asking) -> None:
    block = asking.block
    number = block.stage.book.permitted.get(block.stage.book.channel_of[asking.message])
    if number is not None:
        places = asking.standing()
        rows, t = asking.rows[places], asking.t[places]
        left = block.columns.permits[number][rows] + (block.columns.brought[:, rows] <= t).sum(axis=0)
        asking.refuse(places[left <= 0], Reason.NO_GRANT)


def _cap(asking: Asking, cap: Cap) -> None:
    block = asking.block
    stage, c = block.stage, block.columns
    if cap.channel and stage.book.channel[cap.channel] != stage.book.channel_of[asking.message]:
        return
    places = asking.standing()
    if cap.tier:
        band = stage.band_of(cap.tier, cap.band)
        places = places[stage.bands[cap.tier][block.index[asking.rows[places]]] == band]
    if cap.count > 0:
        rows, t = asking.rows[places], asking.t[places]
        first, _ = stage.book.rings[cap.channel]
        # The count-th last send lies in the window: so many do.
        latest = c.recent[first + cap.count - 1][rows]
        places = places[latest >= _window_start(block, rows, t, cap.window)]
    asking.refuse(places, Reason.CAP, falls_back=bool(cap.channel))


def _window_start(block: Block, rows: Index, t: I64, window: Rolling | Calendar) -> I64:
    if isinstance(window, Rolling):
        return t - window.seconds + 1
    unit = window.unit
    return block.stage.zones.each(block.index[rows], t, lambda zone, at: zone.window_start(at, unit))


def _gap(asking: Asking) -> None:
    gap = asking.block.stage.plan.cadence.gap
    if gap:
        places = asking.standing()
        last = asking.block.columns.last_send[asking.rows[places]]
        short = last > asking.t[places] - gap
        asking.refuse(places[short], Reason.GAP, last[short] + gap)


def _quiet(asking: Asking) -> None:
    block = asking.block
    own = block.stage.book.channel_at(asking.message).quiet
    for quiet in (*block.stage.plan.cadence.quiet, *(() if own is None else (own,))):
        _quiet_window(asking, quiet)


def _quiet_window(asking: Asking, quiet: Quiet) -> None:
    block, places = asking.block, asking.standing()
    people, t = block.index[asking.rows[places]], asking.t[places]
    end = block.stage.zones.each(people, t, lambda zone, at: zone.window_end(at, quiet.window))
    inside = end < FAR
    asking.refuse(places[inside], Reason.QUIET, end[inside] if quiet.delay else None)


def _outage(asking: Asking) -> None:
    stage = asking.block.stage
    trouble = stage.book.scenario
    if trouble is None or stage.book.channel_at(asking.message).name not in trouble.down:
        return
    places = asking.standing()
    down = places[(asking.t[places] >= trouble.start) & (asking.t[places] < trouble.end)]
    asking.refuse(down, Reason.OUTAGE, np.full(len(down), trouble.end, np.int64))


def _rate(asking: Asking) -> None:
    block = asking.block
    number = block.stage.book.rated.get(block.stage.book.channel_of[asking.message])
    if number is None:
        return
    places = asking.standing()
    held = block.columns.place[number][asking.rows[places]] == asking.t[places]
    block.columns.place[number][asking.rows[places[held]]] = FAR
    places = places[~held]
    if not len(places):
        return
    rows, t, bound = asking.rows[places], asking.t[places], asking.bound[places]
    start = block.shared.rates[number].request(block.at(rows, t, Phase.DUE), t, bound)
    full = start > t
    asking.refuse(places[full], Reason.RATE, start[full])
    kept = full & (start < bound)
    block.columns.place[number][rows[kept]] = start[kept]


def _capacity(asking: Asking) -> None:
    """Ask the desk that serves the message; who has staff kept there is not asked (rule 72)."""
    block, c = asking.block, asking.block.columns
    number = block.stage.book.serving[asking.message]
    if number < 0:
        return
    places = asking.standing()
    places = places[c.kept[0][asking.rows[places]] != number]
    if not len(places):
        return
    desk = block.shared.desks[number]
    opens = desk.openings(asking.t[places])
    late = (opens > asking.t[places]) & (opens >= asking.bound[places])
    asking.refuse(places[late], Reason.CAPACITY, opens[late])
    places = places[~late]
    rows, t, bound = asking.rows[places], asking.t[places], asking.bound[places]
    unsent = blank(block, asking.rows, asking.worded, asking.message, places)
    free = desk.ask(t, block.index[rows], c.pc[rows], bound, unsent)
    waits = ~free & (bound > t)
    asking.refuse(places[waits], Reason.CAPACITY, bound[waits], falls_back=False)
    asking.queued[places[waits]] = True
    expired = ~free & ~waits
    asking.refuse(places[expired], Reason.CAPACITY, t[expired])


def _budget(asking: Asking, new: dict[int, Bools]) -> None:
    block = asking.block
    shared, stage = block.shared, block.stage
    places = asking.standing()
    rows = asking.rows[places]
    where = block.at(rows, asking.t[places], Phase.DUE)
    fits = np.ones(len(places), np.bool_)
    cost = price(block, asking.worded, asking.message, places)
    paid = np.flatnonzero(np.broadcast_to(cost, places.shape) > 0)
    if len(paid):
        line = stage.book.line_of_message(asking.message)
        due = cost if isinstance(cost, int) else cost[paid]
        fits[paid] &= shared.total.fits(where[paid], due)
        if line in shared.lines:
            fits[paid] &= shared.lines[line].fits(where[paid], due)
    for incentive, fresh in new.items():
        asked = np.flatnonzero(fresh[places])
        line = stage.plan.incentives[incentive].line
        fits[asked] &= shared.total.fits(where[asked], 1)
        if line in shared.lines:
            need = np.maximum(reserved(block, rows[asked], incentive), 1)
            fits[asked] &= shared.lines[line].fits(where[asked], need)
    asking.refuse(places[~fits], Reason.BUDGET)


def _template(asking: Asking) -> None:
    places = asking.standing()
    incomplete = blank(asking.block, asking.rows, asking.worded, asking.message, places)
    asking.refuse(places[incomplete], Reason.TEMPLATE)

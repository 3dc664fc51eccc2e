"""The send decision for many people at once: one message, first refusal wins (rules 14-24, 60-63, 71, 72)."""

from collections.abc import Sequence
from functools import cached_property
from typing import Final

import numpy as np
from attrs import define

from wakeup.plan.model import Calendar, Cap, Quiet, Rolling
from wakeup.sim.array.block import Block
from wakeup.sim.array.codes import FAR, I64, U8, Bools, Index, Phase
from wakeup.sim.array.grants import invalid, live, may_be_invalid, reserved
from wakeup.sim.array.limits import UNLIMITED, Meter
from wakeup.sim.array.pieces import Check, needs
from wakeup.sim.array.queue import Queue
from wakeup.sim.array.slack import Pool, Slack
from wakeup.sim.array.waiting import Places
from wakeup.sim.array.wording import Wordings, blank, price
from wakeup.terms.lists import FALLS_BACK, Reason

STUCK: Final = 255
"""Stands for a reason where nothing is known about the answer yet."""

_FALLS_BACK = np.zeros(len(Reason), np.bool_)
_FALLS_BACK[[int(reason) for reason in FALLS_BACK]] = True


Some = Index | slice
"""Places among the asked; all of them as a slice, so that nothing is gathered."""


@define(eq=False, slots=False)
class Asking:
    """A question to m people at instants `t` (in order, where they share limits), and what became of it.

    expiry: from when on it is not sent any more. worded: the texts. new: who has no live grant, per incentive.
    clear: nobody has been refused so far; what is kept of refusals is made when somebody is.
    """

    block: Block
    rows: Index
    t: I64
    expiry: I64
    message: int
    worded: Wordings
    new: dict[int, Bools]
    clear: bool = True

    @cached_property
    def reason(self) -> U8:
        """Why each is refused, (m,): 0 while nothing refuses."""
        return np.zeros(len(self.rows), np.uint8)

    @cached_property
    def until(self) -> I64:
        """Release of a delay, (m,), FAR for a skip."""
        return np.full(len(self.rows), FAR, np.int64)

    @cached_property
    def falls_back(self) -> Bools:
        """Whether `else:` is tried, (m,)."""
        return np.zeros(len(self.rows), np.bool_)

    @cached_property
    def queued(self) -> Bools:
        """Who has joined the line at a desk, (m,)."""
        return np.zeros(len(self.rows), np.bool_)

    @cached_property
    def bound(self) -> I64:
        """From when on a place in a rate is of no use, (m,)."""
        return np.minimum(self.expiry, self.block.stage.plan.end)

    @property
    def channel(self) -> int:
        """Index of the message's channel."""
        return self.block.stage.book.channel_of[self.message]

    def standing(self) -> Some:
        """Return the places of those whom nothing has refused yet."""
        return slice(None) if self.clear else (self.reason == 0).nonzero()[0]

    def standing_among(self, some: Bools) -> Index:
        """Return the places of those of some people (m,) whom nothing has refused yet."""
        return (some if self.clear else some & (self.reason == 0)).nonzero()[0]

    def refuse(
        self,
        places: Some,
        bad: Bools,
        reason: Reason,
        until: I64 | None = None,
        falls_back: bool | None = None,
    ) -> None:
        """Refuse those of some people for whom `bad` is set; `until`: delay them until instants of the same shape."""
        hit = bad.nonzero()[0]
        where = hit if isinstance(places, slice) else places[hit]
        self._refuse(where, reason, None if until is None else until[hit], falls_back)

    def refuse_if(self, bad: Bools, reason: Reason, until: I64 | None = None, falls_back: bool | None = None) -> None:
        """Refuse those of everybody for whom `bad` is set, but for those whom something has refused before.

        What concerns nobody else is asked of everybody: that takes less time than to gather who still stands.
        """
        where = self.standing_among(bad)
        self._refuse(where, reason, None if until is None else until[where], falls_back)

    def _refuse(self, where: Index, reason: Reason, until: I64 | None, falls_back: bool | None) -> None:
        if not len(where):
            return
        self.clear = False
        self.reason[where] = reason
        self.falls_back[where] = _FALLS_BACK[reason] if falls_back is None else falls_back
        if until is not None:
            self.until[where] = until


def ask(
    block: Block, rows: Index, t: I64, expiry: I64, message: int, incentives: list[int], worded: Wordings
) -> Asking:  # fmt: skip
    """Decide a message with incentives, which expires at `expiry`, for people (m,) at `t`."""
    new = {i: ~live(block, rows, i, t) for i in incentives}
    asking = Asking(block, rows, t, expiry, message, worded, new)
    _personal(asking)
    _stock(asking)
    _permission(asking)
    _timing(asking)
    _rate(asking)
    _capacity(asking)
    _budget(asking)
    _template(asking)
    return asking


def takers(block: Block, rows: Index, t: I64, chain: Sequence[int], incentives: list[int], worded: Wordings) -> Bools:
    """Return who may be sent one of the messages at once, as far as limits allow: bool (m,).

    Whom a channel's rate delays is foretold from those who come first.
    """
    new = {i: ~live(block, rows, i, t) for i in incentives}
    may = np.zeros(len(rows), np.bool_)
    for message in chain:
        asking = Asking(block, rows, t, t, message, worded, new)
        _personal(asking)
        _permission(asking)
        _timing(asking)
        _template(asking)
        others = np.flatnonzero((asking.reason == 0) & ~may)
        may[others[~_delayed(asking, others)]] = True
    return may


def _delayed(asking: Asking, places: Index) -> Bools:
    """Return whom of some of the asked the rate would delay, if nobody else asked it."""
    block, rows, t = asking.block, asking.rows[places], asking.t[places]
    rated = block.stage.book.rated.get(asking.channel)
    if rated is None:
        return np.zeros(len(rows), np.bool_)
    asks: Bools = block.columns.place[rated][rows] != t
    asks[asks] = block.shared.rates[rated].delays(block.at(rows[asks], t[asks], Phase.DUE), t[asks])
    return asks


def due_to_ask(block: Block, rows: Index, t: I64, message: int, incentives: list[int]) -> Bools:
    """Return whom nothing of their own keeps from asking the rate of a message's channel, bool (m,)."""
    asking = Asking(block, rows, t, t, message, {}, {i: ~live(block, rows, i, t) for i in incentives})
    _personal(asking)
    _permission(asking)
    _timing(asking)
    asks: Bools = asking.reason == 0
    for incentive, fresh in asking.new.items():
        for supply in block.shared.supplies:
            if incentive in supply:
                asks &= ~fresh | supply[incentive].room(block.at(rows, t, Phase.DUE), 1)
    return asks


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


def _personal(asking: Asking) -> None:
    """Ask what comes before the stock (rules 14-17)."""
    _consent(asking)
    _suppression(asking)
    _pause(asking)
    for incentive, fresh in asking.new.items():
        if may_be_invalid(asking.block, incentive):
            places = asking.standing_among(fresh)
            bad = invalid(asking.block, asking.rows[places], incentive, asking.t[places])
            asking.refuse(places, bad, Reason.INCENTIVE_INVALID)


def _timing(asking: Asking) -> None:
    """Ask what comes between the stock and the rate (rules 18-20)."""
    for cap in asking.block.stage.plan.cadence.caps:
        _cap(asking, cap)
    _gap(asking)
    _quiet(asking)
    _outage(asking)


def _consent(asking: Asking) -> None:
    stage = asking.block.stage
    if not stage.barred[asking.channel]:
        return
    reason = stage.standing[asking.channel].take(asking.block.places(asking.rows))
    if reason.any():
        asking.clear = False
        asking.reason[:] = reason
        asking.falls_back[:] = _FALLS_BACK[reason]


def _suppression(asking: Asking) -> None:
    heard = asking.block.stage.book.carried.heard[asking.channel]
    asking.refuse_if(asking.block.columns.silenced[heard].take(asking.rows) <= asking.t, Reason.SUPPRESSED)


def _pause(asking: Asking) -> None:
    until = asking.block.shared.paused_until[asking.channel]
    if until:
        asking.refuse_if(asking.t < until, Reason.PAUSED)


def _stock(asking: Asking) -> None:
    block = asking.block
    for incentive, fresh in asking.new.items():
        for supply in block.shared.supplies:
            if incentive in supply:
                _piece(asking, fresh, supply[incentive])


def _piece(asking: Asking, fresh: Bools, supply: Meter) -> None:
    """Ask a supply for a piece for each new grant; where people live alone it says yes."""
    places = asking.standing_among(fresh)
    if isinstance(supply, Slack):
        supply.ask(min(len(places), 1))
        return
    where = asking.block.at(asking.rows[places], asking.t[places], Phase.DUE)
    asking.refuse(places, ~supply.fits(where, 1), Reason.OUT_OF_STOCK)


def _permission(asking: Asking) -> None:
    block = asking.block
    number = block.stage.book.permitted.get(asking.channel)
    if number is not None:
        came = (block.columns.brought.take(asking.rows, axis=1) <= asking.t).sum(axis=0)
        asking.refuse_if(block.columns.permits[number].take(asking.rows) + came <= 0, Reason.NO_GRANT)


def _cap(asking: Asking, cap: Cap) -> None:
    block = asking.block
    stage, c = block.stage, block.columns
    if cap.channel and stage.book.channel[cap.channel] != asking.channel:
        return
    if cap.count > stage.touched_before:
        return
    rows, t = asking.rows, asking.t
    if cap.count > 0:
        first, _ = stage.rings[cap.channel]
        # The count-th last send lies in the window: so many do.
        full = c.recent[first + cap.count - 1].take(rows) >= _window_start(block, rows, t, cap.window)
    else:
        full = np.ones(len(rows), np.bool_)
    if cap.tier:
        full &= stage.bands[cap.tier].take(block.places(rows)) == stage.band_of(cap.tier, cap.band)
    asking.refuse_if(full, Reason.CAP, falls_back=bool(cap.channel))


def _window_start(block: Block, rows: Index, t: I64, window: Rolling | Calendar) -> I64:
    if isinstance(window, Rolling):
        return t - (window.seconds - 1)
    unit = window.unit
    return block.stage.zones.each(block.places(rows), t, lambda zone, at: zone.window_start(at, unit))


def _gap(asking: Asking) -> None:
    gap = asking.block.stage.plan.cadence.gap
    if gap:
        free = asking.block.columns.last_send.take(asking.rows) + gap  # NEVER + gap lies long before the run
        asking.refuse_if(free > asking.t, Reason.GAP, free)


def _quiet(asking: Asking) -> None:
    block = asking.block
    own = block.stage.book.channel_at(asking.message).quiet
    for quiet in (*block.stage.plan.cadence.quiet, *(() if own is None else (own,))):
        _quiet_window(asking, quiet)


def _quiet_window(asking: Asking, quiet: Quiet) -> None:
    zones, people = asking.block.stage.zones, asking.block.places(asking.rows)
    end = zones.each(people, asking.t, lambda zone, at: zone.window_end(at, quiet.window))
    asking.refuse_if(end < FAR, Reason.QUIET, end if quiet.delay else None)


def _outage(asking: Asking) -> None:
    stage = asking.block.stage
    trouble = stage.book.scenario
    if trouble is None or stage.book.channel_at(asking.message).name not in trouble.down:
        return
    t = asking.t
    down = (t >= trouble.start) & (t < trouble.end)
    asking.refuse_if(down, Reason.OUTAGE, np.full(len(t), trouble.end, np.int64))


def _rate(asking: Asking) -> None:
    block = asking.block
    number = block.stage.book.rated.get(asking.channel)
    if number is None or (isinstance(block.shared, Pool) and block.shared.places_of[number].plenty):
        return
    held, places = block.columns.place[number].take(asking.rows) == asking.t, asking.standing()
    if held.any():
        kept_before = asking.standing_among(held)
        block.columns.place[number][asking.rows[kept_before]] = FAR
        places = asking.standing_among(~held)
    rows, t, bound = asking.rows[places], asking.t[places], asking.bound[places]
    if not len(rows):
        return
    if isinstance(block.shared, Pool):
        start = _place(asking, places, block.shared.places_of[number])
    else:
        start = block.shared.rates[number].request(block.at(rows, t, Phase.DUE), t, bound)
    full = start > t
    asking.refuse(places, full, Reason.RATE, start)
    kept = np.flatnonzero(full & (start < bound))
    block.columns.place[number][rows[kept]] = start[kept]


def _capacity(asking: Asking) -> None:
    """Ask the desk that serves the message; who has staff kept there is not asked (rule 72)."""
    block, c = asking.block, asking.block.columns
    number = block.stage.book.serving[asking.message]
    if number < 0:
        return
    places = asking.standing_among(c.kept[0][asking.rows] != number)
    if not len(places):
        return
    shared = block.shared
    desk = shared.queues[number] if isinstance(shared, Pool) else shared.desks[number]
    opens = desk.openings(asking.t[places])
    late = (opens > asking.t[places]) & (opens >= asking.bound[places])
    asking.refuse(places, late, Reason.CAPACITY, opens)
    places = places[~late]
    rows, t, bound = asking.rows[places], asking.t[places], asking.bound[places]
    unsent = blank(block, asking.rows, asking.worded, asking.message, places)
    if isinstance(desk, Queue):
        free = _turn(asking, places, desk, number, unsent) == t
        known = (asking.reason[places] != STUCK).nonzero()[0]
        places, t, bound, free = places[known], t[known], bound[known], free[known]
    else:
        free = desk.ask(t, block.callers(rows), c.pc[rows], bound, unsent)
    waits = ~free & (bound > t)
    asking.refuse(places, waits, Reason.CAPACITY, bound, falls_back=False)
    asking.queued[places[waits]] = True
    asking.refuse(places, ~free & ~waits, Reason.CAPACITY, t)


def _place(asking: Asking, places: Some, rate: Places) -> I64:
    """Return when people who live alone may send; who does not know yet is stuck."""
    block, rows, t = asking.block, asking.rows[places], asking.t[places]
    due = block.columns.when[block.stage.layout.due]
    start, stuck = rate.ask(block.at(rows, t, Phase.DUE), t, asking.bound[places], rows, due)
    _stick(asking, places, stuck)
    return start


def _turn(asking: Asking, places: Index, queue: Queue, number: int, unsent: Bools) -> I64:
    """Return when people who live alone are served; who does not know yet is stuck."""
    block, rows, t = asking.block, asking.rows[places], asking.t[places]
    book = block.stage.book
    served = [book.counted_sends[message] for message, desk in enumerate(book.serving) if desk == number]
    turn = block.columns.sent[served][:, rows].sum(axis=0).astype(np.int32)
    span = block.stage.model.handling(block.who(rows), number, turn)
    start, unknown = queue.ask(block.at(rows, t, Phase.DUE), asking.bound[places], span)
    queue.failed(t[unsent & (start < FAR)])
    if unknown.any():
        block.in_line.append((rows[unknown], t[unknown], number))
        _stick(asking, places, unknown)
    return start


def _stick(asking: Asking, places: Some, stuck: Bools) -> None:
    """Let people live no further: they ask what nothing is known about yet."""
    some = np.flatnonzero(stuck)
    if len(some):
        where = some if isinstance(places, slice) else places[some]
        asking.block.stuck[asking.rows[where]] = True
        asking.reason[where] = STUCK
        asking.clear = False


def _budget(asking: Asking) -> None:
    """Ask the budget for the send and for each new grant, each by itself (rules 23, 47)."""
    block = asking.block
    shared, stage = block.shared, block.stage
    asked = [stage.book.line_of_message(asking.message), *(stage.plan.incentives[i].line for i in asking.new)]
    if shared.total.limit == UNLIMITED and shared.lines.keys().isdisjoint(asked):
        return
    if isinstance(shared, Pool):
        _budget_alone(asking, shared, asked)
        return
    places = asking.standing()
    rows, t = asking.rows[places], asking.t[places]
    where, fits = block.at(rows, t, Phase.DUE), np.ones(len(rows), np.bool_)
    cost = price(block, asking.worded, asking.message, places)
    paid = (np.broadcast_to(cost, rows.shape) > 0).nonzero()[0]
    if len(paid):
        due = cost if isinstance(cost, int) else cost[paid]
        fits[paid] &= shared.total.fits(where[paid], due)
        if asked[0] in shared.lines:
            fits[paid] &= shared.lines[asked[0]].fits(where[paid], due)
    for (incentive, fresh), line in zip(asking.new.items(), asked[1:], strict=True):
        granted = fresh[places].nonzero()[0]
        fits[granted] &= shared.total.fits(where[granted], 1)
        if line in shared.lines:
            need = np.maximum(reserved(block, rows[granted], incentive), 1)
            fits[granted] &= shared.lines[line].fits(where[granted], need)
    asking.refuse(places, ~fits, Reason.BUDGET)


def _budget_alone(asking: Asking, pool: Pool, lines: list[str]) -> None:
    """Ask the budget where it says yes: all it has to know is the greatest need of those whom nothing has refused.

    lines: of the send, and of each incentive.
    """
    block, stands = asking.block, asking.reason == 0
    if not stands.any():
        return
    cost = price(block, asking.worded, asking.message)
    for meter in pool.paying(lines[0]):
        meter.ask(cost if isinstance(cost, int) else cost * stands)
    for (incentive, fresh), line in zip(asking.new.items(), lines[1:], strict=True):
        new = fresh & stands
        if new.any():
            total, *own = pool.paying(line)
            total.ask(1)
            for meter in own:
                meter.ask(1)
                if incentive in block.stage.book.faced:
                    meter.ask(reserved(block, asking.rows, incentive) * new)


def _template(asking: Asking) -> None:
    block = asking.block
    if block.stage.lacks[asking.message]:
        places = asking.standing()
        asking.refuse(places, blank(block, asking.rows, asking.worded, asking.message, places), Reason.TEMPLATE)

"""Grants: what may be given, what uses it, what becomes of it at its end (rules 17, 23, 25, 33, 60-64)."""

import numpy as np

from wakeup.behaviour.protocol import Offer
from wakeup.customers.population import NEVER
from wakeup.plan.model import Activity, Coupon, Elapsed, Gift, Incentive, Months, Service
from wakeup.sim.array.block import Block
from wakeup.sim.array.codes import FAR, I16, I64, U8, Bools, Index, Phase
from wakeup.sim.array.found import Found, Shown, face, rung
from wakeup.sim.array.pieces import Check, needs
from wakeup.terms.lists import Reason, Row


def live(block: Block, rows: Index, incentive: int, t: I64) -> Bools:
    """Return who holds a live grant at `t`, bool (m,)."""
    c = block.columns
    alive: Bools = c.end[incentive].take(rows) > t
    return alive


def invalid(block: Block, rows: Index, incentive: int, t: I64) -> Bools:
    """Return who has no rung, or as many uses as the limit allows, or comes too late at `t`: bool (m,)."""
    bad: Bools = rung(block, rows, incentive) < 0
    each = block.stage.plan.incentives[incentive]
    if each.limit is not None:
        bad |= block.columns.uses[block.stage.book.limited[incentive]].take(rows) >= each.limit
    last = last_instant(each)
    if last is not None:
        bad |= t >= last
    return bad


def may_be_invalid(block: Block, incentive: int) -> bool:
    """Say whether `invalid` could say so of anybody."""
    each = block.stage.plan.incentives[incentive]
    return block.stage.unfit[incentive] or each.limit is not None or last_instant(each) is not None


def last_instant(incentive: Incentive) -> int | None:
    """Return the instant at which nothing can be granted any more and every grant ends (rule 63), None if never."""
    if isinstance(incentive, Coupon):
        return incentive.closes
    return incentive.at if isinstance(incentive, Activity) else None


def granting(
    block: Block, rows: Index, t: I64, incentive: int, before: tuple[str, int] = ("", 0), after: int = 0
) -> list[Check]:
    """Return the limits that a grant by itself asks.

    Args:
        block: the block being played.
        rows: people (m,).
        t: instants (m,).
        incentive: what is granted.
        before: line and micros that each person spends before asking.
        after: micros that each spends at once on the grant's line.
    """
    each, shared = block.stage.plan.incentives[incentive], block.shared
    new = ~live(block, rows, incentive, t)
    micros = reserved(block, rows, incentive) * new
    every, (line, spent) = np.full(len(rows), after, np.int64), before
    found = [Check(shared.total, needs(new, spent + 1), every + spent)]
    found += [Check(one[incentive], needs(new, 1), new.astype(np.int64)) for one in shared.supplies if incentive in one]
    if each.line in shared.lines:
        own = spent if line == each.line else 0
        found.append(Check(shared.lines[each.line], needs(new, np.maximum(micros, 1) + own), micros + every + own))
    return found


def refusals(block: Block, rows: Index, t: I64, incentive: int, phase: Phase) -> U8:
    """Return why each (m,) cannot be granted an incentive by itself, 0 if nothing is against it (rules 17, 23)."""
    shared, line = block.shared, block.stage.plan.incentives[incentive].line
    where = block.at(rows, t, phase)
    fresh = ~live(block, rows, incentive, t)
    reason = np.zeros(len(rows), np.uint8)
    reason[fresh & invalid(block, rows, incentive, t)] = Reason.INCENTIVE_INVALID
    for supply in shared.supplies:
        if incentive in supply:
            asking = (fresh & (reason == 0)).nonzero()[0]
            fits = supply[incentive].fits(where[asking], 1)
            reason[asking[~fits]] = Reason.OUT_OF_STOCK
    asking = (fresh & (reason == 0)).nonzero()[0]
    fits = shared.total.fits(where[asking], 1)
    if line in shared.lines:
        fits = fits & shared.lines[line].fits(where[asking], np.maximum(reserved(block, rows[asking], incentive), 1))
    reason[asking[~fits]] = Reason.BUDGET
    return reason


def reserved(block: Block, rows: Index, incentive: int) -> I64:
    """Return the micros that a new grant reserves, int64 (m,)."""
    each = block.stage.plan.incentives[incentive]
    if isinstance(each, Coupon) and each.reserve_face:
        return face(block, rows, incentive) * block.stage.book.minor
    return np.zeros(len(rows), np.int64)


def offer(block: Block, rows: Index, incentive: int, was_live: Bools) -> Offer:
    """Return the offer that people are shown."""
    return Shown.to(block, rows, incentive, block.columns.end[incentive].take(rows), was_live)


def grant(block: Block, rows: Index, incentive: int, t: I64, phase: Phase, step: I16 | int, message: I16 | int) -> I64:
    """Give new grants at `t`, rows GRANTED; what is left of an old one lapses first; return their ends.

    Who knows of it, the caller says.
    """
    c, stage = block.columns, block.stage
    old = (c.end[incentive].take(rows) > NEVER).nonzero()[0]
    if len(old):
        lapse(block, rows.take(old), incentive)
    coupon, each = stage.coupons.get(incentive), stage.plan.incentives[incentive]
    if coupon is not None:
        end = coupon.end(lambda: rung(block, rows, incentive), t, stage.zone)
    else:
        assert not isinstance(each, Coupon)
        end = stage.zone.end_of(t, each.valid)
    last = last_instant(each)
    if last is not None:
        end = np.minimum(end, last)
    c.end[incentive][rows] = end
    if incentive in stage.layout.taking:
        c.claimed[stage.book.claims[incentive]][rows] = False
        c.when[stage.layout.taking[incentive]][rows] = FAR
    if incentive in stage.layout.lapsing:
        c.when[stage.layout.lapsing[incentive]][rows] = end
    if incentive in stage.book.lasting:
        c.redeemed[stage.book.lasting[incentive]][rows] = False
    for supply in block.shared.supplies:
        if incentive in supply:
            supply[incentive].change(block.at(rows, t, phase), 1)
    if isinstance(each, Coupon) and each.reserve_face:
        micros = reserved(block, rows, incentive)
        c.face[stage.book.faced[incentive]][rows] = micros
        block.shared.reserve(each.line, block.at(rows, t, phase), micros)
    block.write(Row.GRANTED, rows, t, step=step, message=message, incentive=incentive)
    return end


def use(block: Block, rows: Index, incentive: int, t: I64, phase: Phase) -> None:
    """Use grants up at `t`: they stay counted in the stock, what they reserved is free."""
    layout = block.stage.layout
    _count_use(block, rows, incentive)
    _close(block, rows, incentive, t, phase)
    if incentive in layout.taking:
        block.columns.when[layout.taking[incentive]][rows] = FAR


def redeem(block: Block, rows: Index, incentive: int, t: I64) -> None:
    """Redeem coupons in an order at `t`; one that lasts stays open until its limit is reached (rule 60)."""
    c, place = block.columns, block.stage.book.lasting.get(incentive)
    if place is None:
        use(block, rows, incentive, t, Phase.ANSWERS)
        return
    _count_use(block, rows, incentive)
    c.redeemed[place][rows] = True
    limit = block.stage.plan.incentives[incentive].limit
    if limit is not None:
        full = (c.uses[block.stage.book.limited[incentive]].take(rows) >= limit).nonzero()[0]
        _close(block, rows.take(full), incentive, t.take(full), Phase.ANSWERS)


def lapse(block: Block, rows: Index, incentive: int) -> None:
    """Let open grants that have reached their end lapse, rows LAPSED at that end; stock returns.

    Of coupons that last, those that were redeemed end in silence: they count as used.
    """
    place = block.stage.book.lasting.get(incentive)
    if place is not None:
        used = block.columns.redeemed[place][rows]
        _close(block, rows[used], incentive, block.columns.end[incentive][rows[used]], Phase.LAPSES)
        rows = rows[~used]
    end = block.columns.end[incentive].take(rows)
    if incentive in block.shared.stock:
        where = block.at(rows, end, Phase.LAPSES)
        block.shared.stock[incentive].change(where, -1)
    _close(block, rows, incentive, end, Phase.LAPSES)
    block.write(Row.LAPSED, rows, end, incentive=incentive)


def hand_over(block: Block, rows: Index, incentive: int, t: I64, phase: Phase, step: I16, message: I16) -> None:
    """Hand over a gift or begin a service: row GIFTED or SERVED, its cost falls due, the grant is used; bonds begin."""
    each = block.stage.plan.incentives[incentive]
    assert isinstance(each, Gift | Service)
    gift = isinstance(each, Gift)
    row = Row.GIFTED if gift else Row.SERVED
    block.write(row, rows, t, step=step, message=message, incentive=incentive, amount=each.cost)
    micros = each.cost * block.stage.book.minor
    block.spend("gift_cost" if gift else "staff_cost", each.line, rows, t, micros, phase)
    use(block, rows, incentive, t, phase)
    if isinstance(each, Gift):
        bind(block, rows, t, each.bond)


def bind(block: Block, rows: Index, t: I64, bond: Elapsed | Months | None) -> None:
    """Let a bond begin at `t` (rules 64, 66)."""
    if bond is not None:
        bonded = block.columns.bonded
        bonded[0][rows] = np.maximum(bonded[0][rows], block.stage.zone.end_of(t, bond))


def prompt(block: Block, rows: Index, incentive: int, t: I64, shown: Offer | None) -> None:
    """Ask what a service or an activity done, or a reward received, at `t` induces."""
    c, stage = block.columns, block.stage
    prompts = c.prompts[stage.book.prompting[incentive]]
    occurrence = prompts.take(rows).astype(np.int32)
    induced = stage.model.prompt(block.who(rows), t, incentive, shown, occurrence, Found.of(block, rows, t))
    prompts[rows] += 1
    column = stage.layout.induced
    c.when[column][rows] = np.minimum(c.when[column].take(rows), induced)


def _count_use(block: Block, rows: Index, incentive: int) -> None:
    place = block.stage.book.limited.get(incentive)
    if place is not None:
        block.columns.uses[place][rows] += 1


def _close(block: Block, rows: Index, incentive: int, t: I64, phase: Phase) -> None:
    c, layout = block.columns, block.stage.layout
    each = block.stage.plan.incentives[incentive]
    if isinstance(each, Coupon) and each.reserve_face:
        faces = c.face[block.stage.book.faced[incentive]]
        block.shared.reserve(each.line, block.at(rows, t, phase), -faces[rows])
        faces[rows] = 0
    c.end[incentive][rows] = NEVER
    if incentive in layout.lapsing:
        c.when[layout.lapsing[incentive]][rows] = FAR

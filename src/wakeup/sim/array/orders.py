"""Orders, the coupon that an order uses, the points that it earns (rules 32, 34, 41, 60, 61)."""

import numpy as np

from wakeup.behaviour.arrival import average
from wakeup.customers.population import NEVER
from wakeup.sim.array.answers import happened
from wakeup.sim.array.block import Block
from wakeup.sim.array.codes import I32, I64, Bools, Index, Phase
from wakeup.sim.array.grants import live, redeem
from wakeup.sim.array.trouble import priced
from wakeup.terms.lists import Outcome, Row


def order(block: Block, rows: Index, t: I64, organic: Bools) -> None:
    """Let people order at `t`, by themselves (organic, (m,)) or because a contact has brought it about; a spell begins.

    Where campaigns share a clock the order is one: it uses the best coupon of all, and each that treats the person sees
    it up to its horizon (docs/semantics/together.md, T10 to T13).
    """
    c, stage, who = block.columns, block.stage, block.who(rows)
    c.number[rows] += 1
    number = c.number.take(rows)
    basket = priced(stage.book.scenario, t, stage.living.basket(who, number))
    coupon, basket, discount = _choice(block, rows, t, organic, number, basket)
    seen = [(each, _seeing(each, rows, t)) for each in block.campaigns]
    for place, (each, mine) in enumerate(seen):
        each.write(Row.ORDERED, rows[mine], t[mine], amount=basket[mine])
        for incentive in each.stage.book.discounts:
            users = (coupon == _code(place, incentive)).nonzero()[0]
            if len(users):
                _redeem(
                    each, rows.take(users), incentive, t.take(users), discount.take(users), organic.take(users)
                )  # fmt: skip
        for incentive in each.stage.book.rebates:
            _earn(each, rows, incentive, t, basket, organic)
    count, spent, first = c.orders.take(rows) + 1, c.monetary.take(rows) + basket - discount, c.first_order.take(rows)
    c.orders[rows] = count
    c.monetary[rows] = spent
    c.average[rows] = average(spent, count)
    c.first_order[rows] = np.where(first == NEVER, t, first)
    c.last_order[rows] = t
    c.interaction[rows] = t
    if stage.book.sees_orders:
        c.ordered_at[rows] = t
    c.when[stage.layout.organic][rows] = stage.living.next_order(who, t, number)
    c.when[stage.layout.induced][rows] = np.iinfo(np.int64).max
    if block.beside:
        block.made.append((who, t, basket))
    for each, mine in seen:
        before_end = mine[t[mine] < each.stage.plan.end]
        happened(each, rows.take(before_end), t.take(before_end), Outcome.ORDER)


def _seeing(block: Block, rows: Index, t: I64) -> Index:
    """Return the places of those whose orders at `t` a campaign sees."""
    if not block.beside:
        return np.arange(len(rows))
    seen: Index = ((block.stage.journey.take(block.places(rows)) >= 0) & (t < block.stage.horizon)).nonzero()[0]
    return seen


def _code(place: int, incentive: int) -> int:
    """Return the number of a coupon among those of all campaigns."""
    return place << 16 | incentive


def _choice(block: Block, rows: Index, t: I64, organic: Bools, number: I32, basket: I64) -> tuple[I64, I64, I64]:
    """Return the coupon that each order uses (-1: none), its basket (perhaps topped up), its discount."""
    reached = np.full(len(rows), -1, np.int64), np.full(len(rows), -1, np.int64)  # coupon, discount
    topped = np.full(len(rows), -1, np.int64), np.full(len(rows), -1, np.int64), basket.copy()
    stretch = block.stage.living.stretch
    for place, each in enumerate(block.campaigns):
        stage = each.stage
        for incentive in stage.book.discounts:
            mine = _usable(each, rows, incentive, t)
            looking = organic.take(mine).nonzero()[0]
            if len(looking):
                some = mine.take(looking)
                uses = np.ones(len(mine), np.bool_)
                uses[looking] = stage.model.remembers(each.who(rows.take(some)), incentive, number.take(some))
                mine = mine[uses]
            if not len(mine):
                continue
            code, rung = _code(place, incentive), stage.rungs[incentive].take(each.places(rows.take(mine)))
            coupon = stage.coupons[incentive]
            value, threshold = basket.take(mine), coupon.threshold.take(rung)
            discount = coupon.discount(rung, value)
            better = (value >= threshold) & (discount > reached[1][mine])
            reached[0][mine[better]], reached[1][mine[better]] = code, discount[better]
            discount = coupon.discount(rung, threshold)
            better = (value >= stretch * threshold) & (discount > topped[1][mine])
            topped[0][mine[better]], topped[1][mine[better]] = code, discount[better]
            topped[2][mine[better]] = threshold[better]
    plain = reached[0] >= 0
    coupon_used = np.where(plain, reached[0], topped[0])
    discounts = np.maximum(np.where(plain, reached[1], topped[1]), 0)
    return coupon_used, np.where(plain, basket, topped[2]), discounts


def _usable(block: Block, rows: Index, incentive: int, t: I64) -> Index:
    """Return the places of those who know a live coupon that is open for orders at `t`."""
    knows: Index = block.columns.known[incentive].take(rows).nonzero()[0]
    at = t.take(knows)
    usable = live(block, rows.take(knows), incentive, at)
    opens = getattr(block.stage.plan.incentives[incentive], "opens", None)
    return knows[usable if opens is None else usable & (at >= opens)]


def _earn(block: Block, rows: Index, incentive: int, t: I64, basket: I64, organic: Bools) -> None:
    """Let orders earn a rebate: its amount falls due, nothing comes off their price (rule 61)."""
    mine = _usable(block, rows, incentive, t)
    coupon = block.stage.coupons[incentive]
    rung = block.stage.rungs[incentive][block.places(rows[mine])]
    reaches = basket[mine] >= coupon.threshold[rung]
    mine, rung = mine[reaches], rung[reaches]
    if len(mine):
        amount = coupon.discount(rung, basket[mine])
        _redeem(block, rows[mine], incentive, t[mine], amount, organic[mine], "gift_cost")


def _redeem(
    block: Block, rows: Index, incentive: int, t: I64, discount: I64, organic: Bools, figure: str = "discount_cost"
) -> None:
    block.write(Row.REDEEMED, rows, t, incentive=incentive, amount=discount, subsidised=organic)
    line = block.stage.plan.incentives[incentive].line
    block.spend(figure, line, rows, t, discount * block.stage.book.minor, Phase.ANSWERS)
    redeem(block, rows, incentive, t)

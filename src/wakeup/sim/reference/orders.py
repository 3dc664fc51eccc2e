"""Orders: a race between the organic time of the spell and the induced ones (docs/semantics, section 7)."""

from functools import partial

from wakeup.decide.incentives import earned, redeemable, redemption
from wakeup.plan.model import Coupon
from wakeup.sim.reference import grants, outcomes
from wakeup.sim.reference.clock import Phase, place
from wakeup.sim.reference.customer import Customer, Grant
from wakeup.sim.reference.trace import Entry
from wakeup.sim.reference.world import World
from wakeup.terms.lists import Row


def expect(world: World, customer: Customer, t: int, *, organic: bool) -> None:
    """Let the customer order at `t`, unless another order of this spell comes first; a tie counts as organic."""
    detail = place(Row.ORDERED) | (not organic)
    action = partial(_order, world, customer, customer.spell, organic)
    world.clock.at(t, Phase.ANSWER, action, customer.who, detail)


def _order(world: World, customer: Customer, spell: int, organic: bool) -> None:
    if spell != customer.spell:
        return  # dropped with its spell
    customer.spell += 1
    now, number = world.now, customer.spell
    basket = world.model.basket(customer.who, number)
    coupons, rebates = _looked_at(world, customer, organic, number), _held(world, customer, rebates=True)
    used = redemption([each.discount for each in coupons if each.discount], basket, world.model.stretch)
    basket, discount = (basket, 0) if used is None else (used.basket, used.discount)
    world.trace.append(Entry(customer.who, now, Row.ORDERED, amount=basket))
    if used is not None:
        grants.redeem(world, customer, coupons[used.coupon], discount, subsidised=organic)
    for which, amount in earned([each.discount for each in rebates if each.discount], basket):
        grants.redeem(world, customer, rebates[which], amount, subsidised=organic)
    world.people.ordered(customer.who, now, basket - discount)
    expect(world, customer, world.model.next_order(customer.who, now, number), organic=True)
    outcomes.note(world, customer, "order")


def _looked_at(world: World, customer: Customer, organic: bool, number: int) -> list[Grant]:
    """Return the coupons that the order looks at for the one discount, in order of declaration."""
    held = _held(world, customer, rebates=False)
    if not organic:
        return held
    return [each for each in held if world.model.remembers(customer.who, each.incentive, number)]


def _held(world: World, customer: Customer, *, rebates: bool) -> list[Grant]:
    """Return the known, live coupons that may be used now, in order of declaration: points, or all others."""
    return [
        grant
        for index, grant in sorted(customer.grants.items())
        if grant.known
        and grant.live(world.now)
        and isinstance(coupon := world.plan.incentives[index], Coupon)
        and redeemable(coupon, world.now)
        and coupon.rebate == rebates
    ]

"""Orders: a race between the organic time of the spell and the induced ones (docs/semantics, section 7).

An order is the person's: every campaign that takes the person on sees it, and it uses the best coupon of all of them.
"""

from functools import partial

from wakeup.decide.incentives import earned, redeemable, redemption
from wakeup.figures.entries import Entry
from wakeup.plan.model import Coupon
from wakeup.sim.reference import grants, outcomes
from wakeup.sim.reference.clock import Phase, place
from wakeup.sim.reference.customer import Customer, Grant, Person
from wakeup.sim.reference.world import Life, World
from wakeup.terms.lists import Row

Held = tuple[World, Customer, Grant]
"""A grant with the campaign that gave it and the customer there."""


def expect(life: Life, person: Person, t: int, *, organic: bool) -> None:
    """Let the person order at `t`, unless another order of this spell comes first; a tie counts as organic."""
    detail = place(Row.ORDERED) | (not organic)
    action = partial(_order, life, person, person.spell, organic)
    life.clock.at(t, Phase.ANSWER, action, person.who, detail)


def live_until(life: Life, person: Person, end: int) -> None:
    """Let a person whom nobody treats order organically up to before `end`; those who keep the person see it."""
    while person.following < end:
        t, person.spell = person.following, person.spell + 1
        basket = life.basket(person.who, person.spell, t)
        _controlled(person, t, basket)
        life.people.ordered(person.who, t, basket)
        person.following = life.model.next_order(person.who, t, person.spell)


def _order(life: Life, person: Person, spell: int, organic: bool) -> None:
    if spell != person.spell:
        return  # dropped with its spell
    person.spell += 1
    now, number = life.clock.now, person.spell
    basket = life.basket(person.who, number, now)
    coupons, rebates = _looked_at(person, organic, number), _held(person, rebates=True)
    used = redemption([each.discount for _, _, each in coupons if each.discount], basket, life.model.stretch)
    basket, discount = (basket, 0) if used is None else (used.basket, used.discount)
    treated = [(world, customer) for world, customer in person.treated if not world.over]
    for world, _ in treated:
        world.trace.append(Entry(person.who, now, Row.ORDERED, amount=basket))
    _controlled(person, now, basket)
    if used is not None:
        grants.redeem(*coupons[used.coupon], discount, subsidised=organic)
    for which, amount in earned([each.discount for _, _, each in rebates if each.discount], basket):
        grants.redeem(*rebates[which], amount, subsidised=organic)
    life.people.ordered(person.who, now, basket - discount)
    expect(life, person, life.model.next_order(person.who, now, number), organic=True)
    for world, customer in treated:
        outcomes.note(world, customer, "order")


def _controlled(person: Person, t: int, basket: int) -> None:
    """Write the order into the campaigns that keep the person as control."""
    for world in person.held_out:
        if t < world.clock.horizon:
            world.control.append(Entry(person.who, t, Row.ORDERED, amount=basket))


def _looked_at(person: Person, organic: bool, number: int) -> list[Held]:
    """Return the coupons that the order looks at for the one discount: by campaign, then in order of declaration."""
    held = _held(person, rebates=False)
    if not organic:
        return held
    return [
        (world, customer, each)
        for world, customer, each in held
        if world.model.remembers(person.who, each.incentive, number)
    ]


def _held(person: Person, *, rebates: bool) -> list[Held]:
    """Return the known, live coupons that may be used now, by campaign, then in order of declaration: points, or all
    others."""
    return [
        (world, customer, grant)
        for world, customer in person.treated
        if not world.over
        for index, grant in sorted(customer.grants.items())
        if grant.known
        and grant.live(world.now)
        and isinstance(coupon := world.plan.incentives[index], Coupon)
        and redeemable(coupon, world.now)
        and coupon.rebate == rebates
    ]

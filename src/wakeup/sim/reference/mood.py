"""What a touch or a prompt finds: the customer's history, the pressure felt, bonds (docs/semantics, rules 49, 66)."""

from wakeup.behaviour.one import state
from wakeup.behaviour.protocol import State
from wakeup.customers.population import NEVER
from wakeup.plan.model import Tier
from wakeup.sim.reference.customer import Customer
from wakeup.sim.reference.world import World


def pressure(world: World, customer: Customer) -> float:
    """Return the pressure felt now, decayed since the last send."""
    person = customer.person
    pressed_at = NEVER if person.pressed_at is None else person.pressed_at
    return world.model.press(person.pressure, pressed_at, world.now)


def mood(world: World, customer: Customer, *, matched: bool = False) -> State:
    """Return the state in which the behaviour is asked now; `matched`: of a touch, something in it suits the person."""
    now, who = world.people.now, customer.who
    return state(
        int(now.last_order[who]),
        int(now.orders[who]),
        pressure(world, customer),
        bonded=customer.person.bonded(world.now),
        matched=matched,
        bands=[_place(tier, customer.bands[tier.name]) for tier in world.plan.tiers],
    )


def _place(tier: Tier, band: str) -> int:
    """The place of a band in its tier, -1 for none."""
    return next((place for place, each in enumerate(tier.bands) if each.name == band), -1)

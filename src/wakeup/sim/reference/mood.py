"""What a touch or a prompt finds: the customer's history and the pressure felt (docs/semantics, rule 49)."""

from wakeup.behaviour.protocol import State
from wakeup.customers.population import NEVER
from wakeup.sim.reference.asking import state
from wakeup.sim.reference.customer import Customer
from wakeup.sim.reference.world import World


def pressure(world: World, customer: Customer) -> float:
    """Return the pressure felt now, decayed since the last send."""
    pressed_at = NEVER if customer.pressed_at is None else customer.pressed_at
    return world.model.press(customer.pressure, pressed_at, world.now)


def mood(world: World, customer: Customer) -> State:
    """Return the state in which the behaviour is asked now."""
    now = world.people.now
    return state(int(now.last_order[customer.who]), int(now.orders[customer.who]), pressure(world, customer))

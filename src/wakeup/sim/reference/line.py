"""Sends that staff serve: who is free, standing in line, being served (docs/semantics, rule 72)."""

import simpy

from wakeup.decide.desk import staff_of
from wakeup.sim.reference.clock import Phase
from wakeup.sim.reference.customer import Customer
from wakeup.sim.reference.desk import SEND, Request
from wakeup.sim.reference.world import World


def opens(world: World, customer: Customer, staff: str) -> int | None:
    """Return None if no staff are needed or one is free or kept; else the first second at which the desk is open."""
    if not staff or customer.kept == staff or world.desks[staff].can_serve(world.now):
        return None
    return world.desks[staff].opens(world.now)


def stand(world: World, customer: Customer, message: str, until: int) -> simpy.Event:
    """Let a send stand in line; return what happens when its turn comes before `until`: one of the staff is kept."""
    staff = _staff(world, message)
    desk = world.desks[staff]
    channel = world.channel_index[world.messages[message].channel]

    def begin() -> None:
        customer.queued = None
        if world.now < until:
            desk.take()
            customer.kept = staff
            if world.plan.channels[channel].rate:
                customer.places[channel] = world.now  # taken when it joined the line, and kept (ruling 79)
            world.clock.ring(called, world.now, Phase.DUE, customer.who)

    called = world.clock.environment.event()
    customer.queued = Request((world.now, world.number, customer.who, SEND), begin)
    desk.ask(customer.queued, world.now + 1)
    return called


def leave(world: World, customer: Customer) -> None:
    """Take the customer's held send out of the line it stands in, if it does."""
    if customer.queued is not None and customer.held is not None:
        world.desks[_staff(world, world.plan.messages[customer.held[1]].name)].leave(customer.queued)
        customer.queued = None


def serve(world: World, customer: Customer, message: str) -> None:
    """Let one of the staff serve the send that went out: the one kept, else one who is free."""
    staff = _staff(world, message)
    if not staff:
        return
    if customer.kept != staff:
        world.desks[staff].take()
    else:
        customer.kept = ""
    index = world.staff_index[staff]
    seconds = world.model.handling(customer.who, index, customer.nth("handling", index))
    world.desks[staff].free_after(seconds)


def let_go(world: World, customer: Customer) -> None:
    """Let the one who was kept be free from the next second on: nothing was sent with them."""
    if customer.kept:
        world.desks[customer.kept].free_after(1)
        customer.kept = ""


def _staff(world: World, message: str) -> str:
    sent = world.messages[message]
    return staff_of(sent, world.plan.channels[world.channel_index[sent.channel]])

"""Permissions: one for each send on a channel of subscribe messages (docs/semantics, rule 71)."""

from wakeup.plan.model import Channel
from wakeup.sim.reference.customer import Customer, Person, Touch
from wakeup.sim.reference.people import People
from wakeup.sim.reference.world import World
from wakeup.terms.lists import ChannelKind


def at_start(world: World, person: Person) -> None:
    """Count how many sends the person permits at the start, per channel that needs a permission for each."""
    for channel in world.plan.channels:
        name = world.alike[channel.name][0]
        if channel.channel_kind == ChannelKind.MINI_SUBSCRIBE and name not in person.permissions:
            person.permissions[name] = _told(world.people, person.who, channel)


def permitted(world: World, person: Person, channel: Channel) -> bool:
    """Return whether the person has permitted one more send, where the channel needs that."""
    name = world.alike[channel.name][0]
    return name not in person.permissions or person.permissions[name] > 0


def spend(world: World, person: Person, channel: str) -> None:
    """Count a send on a channel."""
    name = world.alike[channel][0]
    if name in person.permissions:
        person.permissions[name] -= 1


def gain(world: World, customer: Customer, touch: Touch) -> None:
    """Count what a click may bring: one more send on every such channel."""
    channel = world.plan.channels[world.channel_index[world.plan.messages[touch.message].channel]]
    asks = channel.channel_kind in (ChannelKind.MINI_PROGRAM, ChannelKind.MINI_SUBSCRIBE)
    if asks and world.model.subscribes(customer.who, touch.message, touch.occurrence):
        for name in customer.person.permissions:
            customer.person.permissions[name] += 1


def _told(people: People, who: int, channel: Channel) -> int:
    """Return what the data say, else one: who is not reached is refused before anybody asks for a permission."""
    for name in (channel.name, channel.channel_kind):
        number = people.number(who, f"{name}_permissions")
        if number is not None:
            return number
    return 1

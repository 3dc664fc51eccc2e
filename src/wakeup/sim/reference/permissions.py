"""Permissions: one for each send on a channel of subscribe messages (docs/semantics, rule 71)."""

from collections import Counter

from wakeup.plan.model import Channel, Plan
from wakeup.sim.reference.customer import Customer, Touch
from wakeup.sim.reference.people import People
from wakeup.sim.reference.world import World
from wakeup.terms.lists import ChannelKind


def at_start(plan: Plan, people: People, who: int) -> Counter[int]:
    """Return how many sends the customer permits at the start, per channel that needs a permission for each."""
    return Counter(
        {
            index: _told(people, who, channel)
            for index, channel in enumerate(plan.channels)
            if channel.channel_kind == ChannelKind.MINI_SUBSCRIBE
        }
    )


def gain(world: World, customer: Customer, touch: Touch) -> None:
    """Count what a click may bring: one more send on every such channel."""
    channel = world.plan.channels[world.channel_index[world.plan.messages[touch.message].channel]]
    asks = channel.channel_kind in (ChannelKind.MINI_PROGRAM, ChannelKind.MINI_SUBSCRIBE)
    if asks and world.model.subscribes(customer.who, touch.message, touch.occurrence):
        for index in customer.permissions:
            customer.permissions[index] += 1


def _told(people: People, who: int, channel: Channel) -> int:
    """Return what the data say, else one: who is not reached is refused before anybody asks for a permission."""
    for name in (channel.name, channel.channel_kind):
        number = people.number(who, f"{name}_permissions")
        if number is not None:
            return number
    return 1

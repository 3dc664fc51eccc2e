"""What people carry from one campaign to another on one clock, as places in columns that all campaigns have.

Rules T3 to T5 of docs/semantics/together.md. A campaign alone has places of its own.
"""

from collections.abc import Mapping, Sequence

from attrs import frozen

from wakeup.plan.model import Plan
from wakeup.sim.sharing import alike
from wakeup.terms.lists import ChannelKind


@frozen
class Common:
    """Of one campaign among some.

    heard: place of each channel in the column of opt-outs; reached: per channel the places that an opt-out from it
    reaches. beside: per channel the names of all channels on which a send on it counts. labels: what past touches of a
    channel of the name are called. permitted: place of each channel that needs permissions, by channel. channels,
    permits: how many places there are. clicks: clicks of one person that may bring permissions, of all campaigns.
    bonds: whether any campaign has bonds.
    """

    heard: tuple[int, ...]
    reached: tuple[tuple[int, ...], ...]
    beside: tuple[tuple[str, ...], ...]
    labels: Mapping[str, frozenset[str]]
    permitted: Mapping[int, int]
    channels: int
    permits: int
    clicks: int
    bonds: bool


def in_common(plans: Sequence[Plan], clicks: int, *, bonds: bool) -> list[Common]:
    """Return what each of some campaigns has in common with all; `clicks` and `bonds` are those of all."""
    names = list(dict.fromkeys(channel.name for plan in plans for channel in plan.channels))
    kinds = {name: {c.channel_kind for plan in plans for c in plan.channels if c.name == name} for name in names}
    every = [alike(plans, plan) for plan in plans]
    asking = list(
        dict.fromkeys(
            found[channel.name][0]
            for plan, found in zip(plans, every, strict=True)
            for channel in plan.channels
            if channel.channel_kind == ChannelKind.MINI_SUBSCRIBE
        )
    )
    return [
        Common(
            heard=tuple(names.index(channel.name) for channel in plan.channels),
            reached=tuple(tuple(names.index(name) for name in found[channel.name]) for channel in plan.channels),
            beside=tuple(found[channel.name] for channel in plan.channels),
            labels={name: frozenset({name, *kinds[name]}) for name in names},
            permitted={
                index: asking.index(found[channel.name][0])
                for index, channel in enumerate(plan.channels)
                if found[channel.name][0] in asking
            },
            channels=len(names),
            permits=len(asking),
            clicks=clicks,
            bonds=bonds,
        )
        for plan, found in zip(plans, every, strict=True)
    ]

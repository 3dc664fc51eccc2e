"""What campaigns on one clock have in common: the same channels, the same staff (docs/semantics/together.md).

A channel or a desk is the same in two campaigns if both take it from one file under one name, whatever alias the file
is imported by. A channel's rate and the staff are shared only where they are declared alike, too.
"""

from collections.abc import Hashable, Sequence

from wakeup.plan.model import Channel, Plan, Staff


def rate_of(plan: Plan, channel: Channel) -> Hashable:
    """Return what tells whether the rate of a channel is that of another campaign's."""
    return _declared(plan, "channel", channel.name), channel.rate, channel.rate_seconds


def desk_of(plan: Plan, staff: Staff) -> Hashable:
    """Return what tells whether staff are those of another campaign."""
    return _declared(plan, "staff", staff.name), staff.people, staff.handles, staff.hours


def alike(plans: Sequence[Plan], plan: Plan) -> dict[str, tuple[str, ...]]:
    """Return, for each channel of a plan, the names of all channels of the plans that are one to the people reached.

    The same declaration, or only the same name: in doubt a message counts. The first name is the same for all of them.
    """
    channels = [(each, channel.name) for each in plans for channel in each.channels]
    found = {}
    for channel in plan.channels:
        own = _declared(plan, "channel", channel.name)
        names = (name for each, name in channels if name == channel.name or _declared(each, "channel", name) == own)
        found[channel.name] = tuple(dict.fromkeys(names))
    return found


def latest(plans: Sequence[Plan]) -> int:
    """Return which plan is followed longest, the first of those; its model knows the calendar up to the end."""
    ends = [plan.end + plan.follow_up for plan in plans]
    return ends.index(max(ends))


def _declared(plan: Plan, sort: str, name: str) -> tuple[str, str]:
    """Return the file that declares a thing, "" where the plan does not say, and its name there."""
    address = f"{sort}:{name}"
    file = next((each.file for each in plan.origins if each.address == address), "")
    return file, name.rsplit(".", maxsplit=1)[-1] if file else name

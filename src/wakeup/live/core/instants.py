"""When a campaign has something to do by itself, apart from its people."""

from wakeup.live.core import desk, ending, watch
from wakeup.live.core.world import World


def next_instant(world: World) -> int | None:
    """Return the next second after now at which desks, guards, costs or the end of the run have something to do; now,
    if people still have to leave."""
    if world.shared.closing is not None:
        return world.now
    instants = [each for each in (desk.next_at(world), watch.next_at(world), ending.next_at(world)) if each is not None]
    return max(min(instants), world.now) if instants else None

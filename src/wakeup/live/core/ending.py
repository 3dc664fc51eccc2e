"""Fixed costs, the end of the run, and how people leave (docs/semantics, section 3 a, rules 13, 43, 57)."""

from wakeup.live.core import desk
from wakeup.live.core.outcomes import leave as leave
from wakeup.live.core.person import Person
from wakeup.live.core.world import World
from wakeup.terms.lists import Reason, Row


def turn(world: World) -> None:
    """Begin a second: staff who were kept for nothing are free, fixed costs are booked, the end of the run is noted.

    At the end `shared.closing` is set: everybody who is inside or planned has to leave now (`finish`).
    """
    shared, plan = world.shared, world.plan
    desk.turn(world)
    for name, rate in shared.rates.items():
        rate.forget(world.now, world.newest.channels.get(name))
    if world.now >= plan.end and not shared.ended:
        shared.reserved = [(name, shared.ledger.reserved[name] // shared.ledger.unit) for name in shared.ledger.limits]
        shared.ended = True
        shared.closing = plan.end
    _book(world)


def next_at(world: World) -> int | None:
    """Return the next instant of a fixed cost or of the end of the run."""
    plan = world.plan
    due = [max(cost.on, plan.start) for cost in plan.costs if cost.name not in world.shared.booked]
    if not world.shared.ended:
        due.append(plan.end)
    return min(due, default=None)


def finish(world: World, person: Person) -> None:
    """Let a person leave because the run ended or was stopped: row ENDED, at that instant; who has not entered by the
    end never does (NOT_ENTERED). A send under way is settled all the same."""
    t = world.shared.closing
    if t is None:
        return
    if person.inside:
        leave(world, person, Row.ENDED, Reason.ENDED, t)
    elif world.shared.ended and not person.begun and not person.held_out:
        person.begun = True
        person.due = None
        world.write(person, Row.NOT_ENTERED, t=t, reason=Reason.NOT_ENTERED)


def finished(world: World) -> None:
    """Note that everybody who had to leave has left."""
    world.shared.closing = None


def _book(world: World) -> None:
    """Book the fixed costs that are due."""
    shared, plan = world.shared, world.plan
    for cost in plan.costs:
        on = max(cost.on, plan.start)
        if on <= world.now and cost.name not in shared.booked:
            shared.booked.append(cost.name)
            shared.spend(on, "fixed_cost", cost.amount * shared.ledger.unit, cost.line)

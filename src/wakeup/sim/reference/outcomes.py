"""What a customer did, as the journey sees it: outcomes, the goal, the ways out (docs/semantics, rules 9, 12, 13)."""

from wakeup.figures.entries import Entry
from wakeup.sim.reference import line
from wakeup.sim.reference.clock import Phase
from wakeup.sim.reference.customer import Customer
from wakeup.sim.reference.world import World
from wakeup.terms.lists import Reason, Row


def note(world: World, customer: Customer, outcome: str, *, seen: bool = True) -> None:
    """Note an outcome of this second: it may reach the goal, or end a wait.

    `seen`: whether `if` and `wait for` see it; opens and clicks of an older message than the last they do not.
    """
    customer.outcomes.append((world.now, outcome))
    if not customer.inside:
        return
    if outcome == customer.journey.goal:
        customer.reached = True
        leave(world, customer, Row.EXITED, Reason.EXITED)
    elif seen:
        customer.happened.add(outcome)
        _wake(world, customer, outcome)


def leave(world: World, customer: Customer, row: Row, reason: Reason) -> None:
    """End the journey from outside: a held send is refused for `reason`, then `row` is written."""
    if customer.held is not None:
        line.leave(world, customer)
        step, message = customer.held
        world.trace.append(Entry(customer.who, world.now, Row.REFUSED, step, message, reason=reason))
    customer.inside = False
    world.trace.append(Entry(customer.who, world.now, row))
    if customer.process is not None:
        customer.process.interrupt()


def _wake(world: World, customer: Customer, outcome: str) -> None:
    if customer.bell is not None and outcome in customer.awaited:
        world.clock.ring(customer.bell, world.now, Phase.DUE, customer.who)
        customer.bell = None

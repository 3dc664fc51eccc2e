"""What a person did, as the journey sees it: outcomes, the goal, the ways out (docs/semantics, rules 9, 12, 13)."""

from wakeup.live.core import desk
from wakeup.live.core.person import Person
from wakeup.live.core.world import World, step_name
from wakeup.terms.lists import Reason, Row


def note(world: World, person: Person, outcome: str, t: int, *, seen: bool = True) -> None:
    """Note an outcome of `t`, told now: it may reach the goal, or end a wait.

    `seen`: whether `if` and `wait for` see it; opens and clicks of an older message than the last they do not.
    """
    if person.assigned:
        person.outcomes.append((t, outcome))
    if not person.inside:
        return
    if outcome == world.journey(person).goal:
        person.reached = True
        leave(world, person, Row.EXITED, Reason.EXITED)
    elif seen:
        person.happened.add(outcome)
        if person.awaited is not None and outcome in person.awaited:
            person.awaited = set()
            person.due = world.now


def leave(world: World, person: Person, row: Row, reason: Reason, t: int | None = None) -> None:
    """End the journey from outside: a held send is refused for `reason`, then `row` is written, at `t` or now."""
    if person.hold is not None:
        desk.leave(world, person)
        desk.let_go(world, person)
        step = step_name(world.journey(person), person.at)
        world.write(person, Row.REFUSED, t=t, step=step, message=person.hold.message, reason=reason)
        person.hold = None
    person.inside = False
    person.awaited = None
    person.due = None
    world.write(person, row, t=t)

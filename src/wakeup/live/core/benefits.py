"""Gifts, services and activities: claims, joins, completions, what they cost and bring (rules 29-31, 64, 65)."""

from wakeup.live.core import desk, grants, outcomes
from wakeup.live.core.person import Grant, Person, Touch
from wakeup.live.core.world import World
from wakeup.plan.model import Activity, Gift, Service
from wakeup.terms.lists import Reason, Row


def take(world: World, person: Person, ref: str, grant: Grant, t: int) -> None:
    """Claim a gift or service, or join an activity, if the grant allowed it at `t`; else nothing happens.

    ref: outbox key of the message that brought it, "" where nobody says.
    """
    if t >= world.plan.end or grant.claimed or not grants.usable(grant, t):
        return
    grant.claimed = True
    step, message = _brought(person, ref, grant)
    incentive = world.terms(person).incentives[grant.incentive]
    if isinstance(incentive, Activity):
        _join(world, person, ref, grant, incentive, t)
        return
    world.write(person, Row.CLAIMED, t=t, step=step, message=message, incentive=grant.incentive)
    match incentive:
        case Gift():
            grants.hand_over(world, person, grant, Row.GIFTED, step, message, t)
        case Service(staff=staff) if staff:
            desk.queue(world, person, staff, grant.incentive, grant.code, step, message)
        case _:
            grants.hand_over(world, person, grant, Row.SERVED, step, message, t)
    outcomes.note(world, person, "claim", t)


def complete(world: World, person: Person, ref: str, name: str, t: int) -> None:
    """Finish an activity that the person joined: row, cost, bond, outcome, reward, unless all prizes are gone.

    ref: outbox key of the message that brought the join, "" for that of the last join.
    """
    activity = world.terms(person).incentives.get(name)
    if t >= world.plan.end or not isinstance(activity, Activity) or name not in person.joined:
        return
    shelf = world.shared.shelf
    if activity.wins is not None and shelf.won[name] >= activity.wins:
        return
    shelf.won[name] += 1
    step, message = _of_join(person, ref, name)
    world.write(person, Row.COMPLETED, t=t, step=step, message=message, incentive=name, amount=activity.cost)
    grants.due(world, person, name, "gift_cost", activity.cost, t)
    if activity.bond is not None:
        grants.tie(world, person, activity.bond, t)
    outcomes.note(world, person, "complete", t)
    if activity.kind == "event":
        outcomes.note(world, person, "attend", t)
    if activity.reward and world.running:
        _reward(world, person, activity.reward, step, message)


def rated(world: World, person: Person, ref: str, name: str, t: int, score: int) -> None:
    """Note a survey's score, hundredths."""
    if t >= world.plan.end or name not in person.joined:
        return
    step, message = _of_join(person, ref, name)
    world.write(person, Row.RATED, t=t, step=step, message=message, incentive=name, amount=score)


def _join(world: World, person: Person, ref: str, grant: Grant, activity: Activity, t: int) -> None:
    """Use the grant and take a place, or be refused for want of one; then the claim is spent (rule 65)."""
    shelf, name = world.shared.shelf, grant.incentive
    step, message = _brought(person, ref, grant)
    if activity.places is not None and shelf.joined[name] >= activity.places:
        world.write(person, Row.REFUSED, t=t, step=step, message=message, incentive=name, reason=Reason.OUT_OF_STOCK)
        return
    world.write(person, Row.JOINED, t=t, step=step, message=message, incentive=name)
    grants.use(world, person, grant)
    shelf.joined[name] += 1
    person.joined[name] = (step, message)
    outcomes.note(world, person, "join", t)


def _reward(world: World, person: Person, name: str, step: str, message: str) -> None:
    """Grant a reward, or refuse it for want of a rung, uses, stock or money."""
    given = grants.give_alone(world, person, name, step, message)
    if isinstance(given, Reason):
        world.write(person, Row.REFUSED, step=step, message=message, incentive=name, reason=given)
    elif isinstance(world.terms(person).incentives[name], Gift):
        grants.hand_over(world, person, given, Row.GIFTED, step, message, world.now)


def _brought(person: Person, ref: str, grant: Grant) -> tuple[str, str]:
    """Return step and message of the send that brought a claim: the one answered, else the last that showed it."""
    touch: Touch | None = person.touches.get(ref)
    if touch is None:
        shown = [each for each in person.touches.values() if each.shown.get(grant.incentive) == grant.code]
        touch = shown[-1] if shown else None
    return (grant.step, grant.message) if touch is None else (touch.step, touch.message)


def _of_join(person: Person, ref: str, name: str) -> tuple[str, str]:
    touch = person.touches.get(ref)
    return person.joined[name] if touch is None else (touch.step, touch.message)

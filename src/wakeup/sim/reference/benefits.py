"""Gifts, services and activities: claims, joins, what they cost and bring (docs/semantics, rules 29-31, 64, 65)."""

from functools import partial

from wakeup.behaviour.one import Shown
from wakeup.decide.calendar import DAY
from wakeup.figures.entries import Entry
from wakeup.plan.model import Activity, Gift, Service
from wakeup.sim.reference import grants, orders, outcomes
from wakeup.sim.reference.clock import Phase, place
from wakeup.sim.reference.customer import Customer, Grant, Touch
from wakeup.sim.reference.desk import Request
from wakeup.sim.reference.mood import mood
from wakeup.sim.reference.world import World
from wakeup.terms.lists import Reason, Row


def take(world: World, customer: Customer, touch: Touch, grant: Grant) -> None:
    """Claim a gift or service, or join an activity, if the grant still allows it; else nothing happens."""
    if not (world.running and grant.known and grant.live(world.now)) or grant.claimed:
        return
    grant.claimed = True
    incentive = world.plan.incentives[grant.incentive]
    if isinstance(incentive, Activity) and _full(world, grant.incentive, incentive):
        _write(world, customer, Row.REFUSED, touch, grant.incentive, reason=Reason.OUT_OF_STOCK)
        return
    row = row_of(world, grant)
    _write(world, customer, row, touch, grant.incentive)
    match incentive:
        case Activity():
            _join(world, customer, touch, grant, incentive)
        case Gift():
            grants.hand_over(world, customer, grant, Row.GIFTED, touch.step, touch.message)
        case Service(staff=staff) if staff:
            _queue(world, customer, touch, grant, staff)
        case _:
            grants.hand_over(world, customer, grant, Row.SERVED, touch.step, touch.message)
            prompt(world, customer, grant.incentive, None)
    outcomes.note(world, customer, "join" if row is Row.JOINED else "claim")


def row_of(world: World, grant: Grant) -> Row:
    """Return the row of taking up the grant."""
    return Row.JOINED if isinstance(world.plan.incentives[grant.incentive], Activity) else Row.CLAIMED


def prompt(world: World, customer: Customer, incentive: int, shown: Shown | None) -> None:
    """Ask whether a service or activity done, or a reward received, induces an order."""
    occurrence = customer.nth("prompt", incentive)
    induced = world.model.prompt(customer.who, world.now, incentive, shown, occurrence, mood(world, customer))
    orders.expect(world.life, customer.person, induced, organic=False)


def _queue(world: World, customer: Customer, touch: Touch, grant: Grant, staff: str) -> None:
    """Queue the claim of a service at its desk."""
    desk, index = world.desks[staff], world.staff_index[staff]

    def begin() -> None:
        if not (world.running and grant.live(world.now)) or customer.reached:
            return
        grants.hand_over(world, customer, grant, Row.SERVED, touch.step, touch.message)
        seconds = world.model.handling(customer.who, index, customer.nth("handling", index))
        desk.take()
        desk.free_after(seconds, partial(prompt, world, customer, grant.incentive, None))

    desk.ask(Request((world.now, world.number, customer.who, grant.incentive), begin), world.now)


def _full(world: World, index: int, activity: Activity) -> bool:
    """Return whether all places are taken."""
    return activity.places is not None and world.shelf.joined[index] >= activity.places


def _join(world: World, customer: Customer, touch: Touch, grant: Grant, activity: Activity) -> None:
    """Use the grant and take a place; see whether and when the activity will be completed (rule 65)."""
    index = grant.incentive
    grants.use(world, customer, grant)
    world.shelf.joined[index] += 1
    nth = customer.nth("join", index)
    if _succeeds(world, customer, index, activity, nth):
        t = _completed_at(world.now, activity)
        if t < world.plan.end:
            action = partial(_complete, world, customer, touch, index, activity, nth)
            world.clock.at(t, Phase.ANSWER, action, customer.who, place(Row.COMPLETED, index))


def _succeeds(world: World, customer: Customer, index: int, activity: Activity, nth: int) -> bool:
    match activity.kind:
        case "draw":
            return world.model.wins(customer.who, index, nth)
        case "challenge" | "event":
            return world.model.completes(customer.who, index, nth)
        case _:
            return True


def _completed_at(t: int, activity: Activity) -> int:
    if activity.kind == "challenge":
        return t + (activity.days - 1) * DAY
    return t if activity.at is None else activity.at


def _complete(world: World, customer: Customer, touch: Touch, index: int, activity: Activity, nth: int) -> None:
    """Finish an activity: row, score, bond, outcome, reward or prompt, unless all prizes of a draw are gone."""
    if activity.wins is not None and world.shelf.won[index] >= activity.wins:
        return
    world.shelf.won[index] += 1
    _write(world, customer, Row.COMPLETED, touch, index, amount=activity.cost)
    grants.due(world, index, "gift_cost", activity.cost)
    if activity.kind == "survey":
        _write(world, customer, Row.RATED, touch, index, amount=world.model.score(customer.who, index, nth))
    if activity.bond is not None:
        grants.tie(world, customer, activity.bond)
    outcomes.note(world, customer, "complete")
    if activity.kind == "event":
        outcomes.note(world, customer, "attend")
    if activity.reward:
        _reward(world, customer, touch, world.incentive_index[activity.reward])
    else:
        prompt(world, customer, index, None)


def _reward(world: World, customer: Customer, touch: Touch, reward: int) -> None:
    """Grant a reward, or refuse it for want of a rung, uses, stock or money."""
    live, reason = customer.live(reward, world.now), grants.refusal(world, customer, reward)
    if reason is not None:
        _write(world, customer, Row.REFUSED, touch, reward, reason=reason)
        return
    grant = live or grants.give(world, customer, reward, touch.step, touch.message)
    grant.known = True
    shown = grants.show(world, customer, grant, live=live is not None)
    if isinstance(world.plan.incentives[reward], Gift):
        grants.hand_over(world, customer, grant, Row.GIFTED, touch.step, touch.message)
    prompt(world, customer, reward, shown)


def _write(
    world: World,
    customer: Customer,
    row: Row,
    touch: Touch,
    incentive: int,
    *,
    reason: Reason = Reason.NONE,
    amount: int = 0,
) -> None:
    """Write a row about an incentive of a message."""
    world.trace.append(
        Entry(customer.who, world.now, row, touch.step, touch.message, incentive, reason=reason, amount=amount)
    )

"""Gifts, services and challenges: claims, joins, what they cost and bring (docs/semantics, rules 29-31)."""

from functools import partial

from wakeup.decide.calendar import DAY
from wakeup.decide.send import grant_refusal, no_money
from wakeup.plan.model import Challenge, Gift, Service
from wakeup.sim.reference import grants, orders, outcomes
from wakeup.sim.reference.asking import Shown
from wakeup.sim.reference.clock import Phase
from wakeup.sim.reference.customer import Customer, Grant, Touch
from wakeup.sim.reference.desk import Request
from wakeup.sim.reference.mood import mood
from wakeup.sim.reference.trace import Entry
from wakeup.sim.reference.world import World
from wakeup.terms.lists import Reason, Row


def take(world: World, customer: Customer, touch: Touch, grant: Grant) -> None:
    """Claim a gift or service, or join a challenge, if the grant still allows it; else nothing happens."""
    if not (world.running and grant.known and grant.live(world.now)) or grant.claimed:
        return
    grant.claimed = True
    incentive = world.plan.incentives[grant.incentive]
    row = row_of(world, grant)
    world.trace.append(Entry(customer.who, world.now, row, touch.step, touch.message, grant.incentive))
    match incentive:
        case Challenge():
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
    return Row.JOINED if isinstance(world.plan.incentives[grant.incentive], Challenge) else Row.CLAIMED


def prompt(world: World, customer: Customer, incentive: int, shown: Shown | None) -> None:
    """Ask whether a service done, or a reward received, induces an order."""
    occurrence = customer.nth("prompt", incentive)
    induced = world.model.prompt(customer.who, world.now, incentive, shown, occurrence, mood(world, customer))
    orders.expect(world, customer, induced, organic=False)


def _queue(world: World, customer: Customer, touch: Touch, grant: Grant, staff: str) -> None:
    """Queue the claim of a service at its desk."""

    def begin() -> int | None:
        if not (world.running and grant.live(world.now)) or customer.reached:
            return None
        grants.hand_over(world, customer, grant, Row.SERVED, touch.step, touch.message)
        index = world.staff_index[staff]
        return world.model.handling(customer.who, index, customer.nth("handling", index))

    def finish() -> None:
        prompt(world, customer, grant.incentive, None)

    world.desks[staff].ask(Request(customer.who, begin, finish))


def _join(world: World, customer: Customer, touch: Touch, grant: Grant, challenge: Challenge) -> None:
    """Use the grant of a challenge and see whether the customer keeps it up to the last day."""
    grants.use(world, customer, grant)
    if world.model.completes(customer.who, grant.incentive, customer.nth("join", grant.incentive)):
        last_day = world.now + (challenge.days - 1) * DAY
        if last_day < world.plan.end:
            action = partial(_complete, world, customer, touch, grant.incentive, challenge)
            world.clock.at(last_day, Phase.ANSWER, action, customer.who, int(Row.COMPLETED) << 8)


def _complete(world: World, customer: Customer, touch: Touch, index: int, challenge: Challenge) -> None:
    """Finish a challenge: the reward is granted, or refused for want of a rung, uses, stock or money."""
    world.trace.append(Entry(customer.who, world.now, Row.COMPLETED, touch.step, touch.message, index))
    reward = world.incentive_index[challenge.reward]
    live = customer.live(reward, world.now)
    refusal = _refusal(world, customer, reward)
    if refusal is not None:
        entry = Entry(customer.who, world.now, Row.REFUSED, touch.step, touch.message, reward, refusal)
        world.trace.append(entry)
        return
    grant = live or grants.give(world, customer, reward, touch.step, touch.message)
    grant.known = True
    shown = grants.show(world, customer, grant, live=live is not None)
    if isinstance(world.plan.incentives[reward], Gift):
        grants.hand_over(world, customer, grant, Row.GIFTED, touch.step, touch.message)
    prompt(world, customer, reward, shown)


def _refusal(world: World, customer: Customer, reward: int) -> Reason | None:
    wanted = [grants.wanted(world, customer, reward)]
    if (reason := grant_refusal(wanted, customer.bands)) is not None:
        return reason
    return Reason.BUDGET if no_money(wanted, world.ledger.total()) else None

"""Grants: an incentive given to a customer, from then to its use or its end (docs/semantics, rules 17, 23, 32, 33)."""

from functools import partial

from wakeup.decide.incentives import face_of, grant_end, rung_of
from wakeup.decide.send import Wanted
from wakeup.plan.model import AmountOff, Coupon, Gift, PercentOff, Service
from wakeup.sim.reference.asking import Shown
from wakeup.sim.reference.clock import Phase
from wakeup.sim.reference.customer import Customer, Grant
from wakeup.sim.reference.shared import Debit
from wakeup.sim.reference.trace import Entry
from wakeup.sim.reference.world import World
from wakeup.terms.lists import Row


def wanted(world: World, customer: Customer, index: int) -> Wanted:
    """Return what the decision looks at before it grants the incentive."""
    incentive = world.plan.incentives[index]
    return Wanted(
        incentive=incentive,
        live=customer.live(index, world.now) is not None,
        uses=customer.uses[index],
        open_grants=world.shelf.open_grants[index],
        all_uses=world.shelf.uses[index],
        face=_reserve(world, customer, index),
        line=world.ledger.line(incentive.line),
    )


def give(world: World, customer: Customer, index: int, step: int, message: int) -> Grant:
    """Grant the incentive now, in row and stock; it lapses at its end if it is not used before."""
    incentive, now = world.plan.incentives[index], world.now
    grant = Grant(
        incentive=index,
        end=grant_end(incentive, customer.bands, now, world.plan.zone),
        face=_reserve(world, customer, index),
        discount=_discount(world, customer, index),
    )
    customer.grants[index] = grant
    world.shelf.open_grants[index] += 1
    world.ledger.reserve(incentive.line, grant.face)
    world.trace.append(Entry(customer.who, now, Row.GRANTED, step=step, message=message, incentive=index))
    world.clock.at(grant.end, Phase.LAPSE, partial(_lapse, world, customer, grant), customer.who, index)
    return grant


def show(world: World, customer: Customer, grant: Grant, *, live: bool) -> Shown:
    """Return the grant as the customer sees it; `live`: it was there before."""
    if grant.discount is None:
        return Shown(grant.incentive, 0, 0, grant.end, live)
    face = face_of(grant.discount, _average_order_value(world, customer))
    return Shown(grant.incentive, face, grant.discount.threshold, grant.end, live)


def redeem(world: World, customer: Customer, grant: Grant, discount: int) -> None:
    """Use a coupon in an order: the discount falls due."""
    _due(world, grant, "discount_cost", discount)
    use(world, customer, grant)


def hand_over(world: World, customer: Customer, grant: Grant, row: Row, step: int, message: int) -> None:
    """Hand over a gift or begin a service: its cost falls due, the grant is used."""
    incentive = world.plan.incentives[grant.incentive]
    cost = incentive.cost if isinstance(incentive, Gift | Service) else 0
    entry = Entry(customer.who, world.now, row, step, message, grant.incentive, amount=cost)
    world.trace.append(entry)
    _due(world, grant, "gift_cost" if row is Row.GIFTED else "staff_cost", cost)
    use(world, customer, grant)


def use(world: World, customer: Customer, grant: Grant) -> None:
    """Count a use: the grant is no longer open."""
    customer.uses[grant.incentive] += 1
    world.shelf.uses[grant.incentive] += 1
    _close(world, grant)


def _lapse(world: World, customer: Customer, grant: Grant) -> None:
    if grant.open:
        world.trace.append(Entry(customer.who, world.now, Row.LAPSED, incentive=grant.incentive))
        _close(world, grant)


def _close(world: World, grant: Grant) -> None:
    grant.open = False
    world.shelf.open_grants[grant.incentive] -= 1
    world.ledger.reserve(world.plan.incentives[grant.incentive].line, -grant.face)


def _due(world: World, grant: Grant, figure: str, minor: int) -> None:
    line = world.plan.incentives[grant.incentive].line
    world.ledger.spend(Debit(world.now, figure, minor * world.ledger.unit), line)


def _reserve(world: World, customer: Customer, index: int) -> int:
    """Return the micros that a new grant reserves."""
    incentive, discount = world.plan.incentives[index], _discount(world, customer, index)
    if discount is None or not (isinstance(incentive, Coupon) and incentive.reserve_face):
        return 0
    return face_of(discount, _average_order_value(world, customer)) * world.ledger.unit


def _discount(world: World, customer: Customer, index: int) -> AmountOff | PercentOff | None:
    incentive = world.plan.incentives[index]
    rung = rung_of(incentive, customer.bands) if isinstance(incentive, Coupon) else None
    return None if rung is None else rung.discount


def _average_order_value(world: World, customer: Customer) -> int:
    return int(world.people.now.average_order_value[customer.who])

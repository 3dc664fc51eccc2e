"""Grants: an incentive given to a customer, up to its use or end (docs/semantics, rules 17, 23, 32, 33, 60-64, 69)."""

from collections.abc import Sequence
from functools import partial

from wakeup.behaviour.one import Shown
from wakeup.decide.calendar import add_period
from wakeup.decide.incentives import face_of, grant_end, rung_of
from wakeup.decide.send import Wanted, grant_refusal, no_money
from wakeup.figures.entries import Entry
from wakeup.plan.model import AmountOff, Coupon, Gift, PercentOff, Period, Service
from wakeup.sim.reference.clock import Phase
from wakeup.sim.reference.customer import Customer, Grant
from wakeup.sim.reference.shared import Debit
from wakeup.sim.reference.world import World
from wakeup.terms.lists import Reason, Row


def wanted(world: World, customer: Customer, index: int) -> Wanted:
    """Return what the decision looks at before it grants the incentive."""
    incentive = world.plan.incentives[index]
    return Wanted(
        incentive=incentive,
        live=customer.live(index, world.now) is not None,
        uses=customer.uses[index],
        open_grants=world.shelf.open_grants[index],
        all_uses=world.shelf.uses[index],
        granted=world.shelf.granted[index],
        face=_reserve(world, customer, index),
        line=world.ledger.line(incentive.line),
    )


def refusal(world: World, customer: Customer, index: int) -> Reason | None:
    """Return why the incentive cannot be granted now by itself (rules 17 and 23), None if it can or is held already."""
    asked = [wanted(world, customer, index)]
    if (reason := grant_refusal(asked, customer.bands, world.now)) is not None:
        return reason
    return Reason.BUDGET if no_money(asked, world.ledger.total()) else None


def put_in_account(world: World, customer: Customer, step: int, names: Sequence[str]) -> None:
    """Do the instruction `grant`: each incentive by itself, known at once (rule 69)."""
    for name in names:
        index = world.incentive_index[name]
        grant, reason = customer.live(index, world.now), refusal(world, customer, index)
        if reason is not None:
            world.trace.append(Entry(customer.who, world.now, Row.REFUSED, step, incentive=index, reason=reason))
        else:
            (grant or give(world, customer, index, step, -1)).known = True


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
    world.shelf.granted[index] += 1
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


def redeem(world: World, customer: Customer, grant: Grant, amount: int, *, subsidised: bool) -> None:
    """Use a coupon in an order: row REDEEMED, the amount falls due; points are a gift, not a discount."""
    coupon, index = world.plan.incentives[grant.incentive], grant.incentive
    assert isinstance(coupon, Coupon)
    row = Entry(customer.who, world.now, Row.REDEEMED, incentive=index, amount=amount, subsidised=subsidised)
    world.trace.append(row)
    due(world, index, "gift_cost" if coupon.rebate else "discount_cost", amount)
    if not (coupon.reusable or coupon.rebate):
        use(world, customer, grant)
        return
    grant.redeemed = True
    customer.uses[index] += 1
    if coupon.limit is not None and customer.uses[index] >= coupon.limit:
        _close(world, grant, used=True)


def hand_over(world: World, customer: Customer, grant: Grant, row: Row, step: int, message: int) -> None:
    """Hand over a gift or begin a service: its cost falls due, the grant is used, a bond begins (rule 64)."""
    incentive = world.plan.incentives[grant.incentive]
    assert isinstance(incentive, Gift | Service)
    entry = Entry(customer.who, world.now, row, step, message, grant.incentive, amount=incentive.cost)
    world.trace.append(entry)
    due(world, grant.incentive, "gift_cost" if row is Row.GIFTED else "staff_cost", incentive.cost)
    use(world, customer, grant)
    if isinstance(incentive, Gift) and incentive.bond is not None:
        tie(world, customer, incentive.bond)


def tie(world: World, customer: Customer, bond: Period) -> None:
    """Let a bond begin now; while several hold, it is as with one (rule 66)."""
    end = add_period(world.now, bond, world.plan.zone)
    person = customer.person
    person.bond = end if person.bond is None else max(end, person.bond)


def use(world: World, customer: Customer, grant: Grant) -> None:
    """Count a use: the grant is no longer open."""
    customer.uses[grant.incentive] += 1
    _close(world, grant, used=True)


def due(world: World, index: int, figure: str, minor: int) -> None:
    """Book a cost of an incentive on its line."""
    line = world.plan.incentives[index].line
    world.ledger.spend(Debit(world.now, figure, minor * world.ledger.unit), line)


def _lapse(world: World, customer: Customer, grant: Grant) -> None:
    """End a grant that is still open: unused it lapses, a reusable one that was used has done its service."""
    if not grant.open:
        return
    if not grant.redeemed:
        world.trace.append(Entry(customer.who, world.now, Row.LAPSED, incentive=grant.incentive))
    _close(world, grant, used=grant.redeemed)


def _close(world: World, grant: Grant, *, used: bool) -> None:
    grant.open = False
    world.shelf.open_grants[grant.incentive] -= 1
    world.shelf.uses[grant.incentive] += used
    world.ledger.reserve(world.plan.incentives[grant.incentive].line, -grant.face)


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

"""Grants: an incentive given to a person, up to its use or end (docs/semantics, rules 17, 23, 32, 33, 60-64, 69)."""

from collections.abc import Sequence

from attrs import evolve

from wakeup.channels.protocol import Offered
from wakeup.decide.calendar import add_period
from wakeup.decide.incentives import face_of, grant_end, rung_of
from wakeup.decide.send import Wanted, grant_refusal, no_money
from wakeup.live.core.person import Grant, Person
from wakeup.live.core.world import World
from wakeup.plan.model import AmountOff, Coupon, Gift, Incentive, PercentOff, Period, Service
from wakeup.terms.lists import Reason, Row


def wanted(world: World, person: Person, name: str) -> Wanted:
    """Return what the decision looks at before it grants the incentive."""
    incentive, shelf = world.terms(person).incentives[name], world.shared.shelf
    if name in world.used_up:
        incentive = evolve(incentive, stock=0)  # the shop's list of codes is shorter than the plan says
    return Wanted(
        incentive=incentive,
        live=person.live(name, world.now) is not None,
        uses=person.used(name),
        open_grants=shelf.open_grants[name],
        all_uses=shelf.uses[name],
        granted=shelf.granted[name],
        face=_reserve(world, person, incentive),
        line=world.shared.ledger.line(incentive.line),
    )


def refusal(world: World, person: Person, name: str) -> Reason | None:
    """Return why the incentive cannot be granted now by itself (rules 17 and 23), None if it can or is held already."""
    asked = [wanted(world, person, name)]
    if (reason := grant_refusal(asked, person.bands, world.now)) is not None:
        return reason
    return Reason.BUDGET if no_money(asked, world.shared.ledger.total()) else None


def give_alone(world: World, person: Person, name: str, step: str, message: str) -> Grant | Reason:
    """Grant an incentive that no message decides about (a `grant`, a reward), or return the live one; it is known at
    once. Returns the reason where it is refused."""
    reason = refusal(world, person, name)
    if reason is not None:
        return reason
    grant = person.live(name, world.now)
    if grant is None:
        code = draw_code(world, person, name)
        if not code:
            return Reason.OUT_OF_STOCK
        grant = give(world, person, name, code, step, message)
        written(world, person, grant)
    grant.known = True
    return grant


def put_in_account(world: World, person: Person, step: str, names: Sequence[str]) -> None:
    """Do the instruction `grant`: each incentive by itself, known at once (rule 69)."""
    for name in names:
        given = give_alone(world, person, name, step, "")
        if isinstance(given, Reason):
            world.write(person, Row.REFUSED, step=step, incentive=name, reason=given)


def draw_code(world: World, person: Person, name: str) -> str:
    """Return a code for a new grant, "" if the shop's list is used up; nobody gets one of that incentive then."""
    code = world.give_code(name, person.customer)
    if not code:
        world.used_up.add(name)
    return code


def give(world: World, person: Person, name: str, code: str, step: str, message: str) -> Grant:
    """Grant the incentive now: stock, code and reserve are taken; its row is written when it is sure (`written`)."""
    incentive, shared = world.terms(person).incentives[name], world.shared
    grant = Grant(
        incentive=name,
        code=code,
        end=grant_end(incentive, person.bands, world.now, world.plan.zone),
        face=_reserve(world, person, incentive),
        discount=_discount(person, incentive),
        step=step,
        message=message,
    )
    if (old := person.grants.get(name)) is not None and old.open:
        _lapse(world, person, old)  # it ends in this very second, one step later
    person.grants[name] = grant
    shared.shelf.open_grants[name] += 1
    shared.shelf.granted[name] += 1
    shared.ledger.reserved[incentive.line] += grant.face
    return grant


def written(world: World, person: Person, grant: Grant, t: int | None = None) -> None:
    """Write the row of a new grant."""
    world.write(person, Row.GRANTED, t=t, step=grant.step, message=grant.message, incentive=grant.incentive)


def take_back(world: World, person: Person, name: str, code: str) -> None:
    """Take a grant back that came with a message that was never sent, if it is unused; its code stays used."""
    grant = person.grants.get(name)
    if grant is None or grant.code != code or grant.used or grant.claimed or grant.redeemed:
        return
    if grant.open:
        _close(world, person, grant, used=False)
    del person.grants[name]


def offered(person: Person, grant: Grant, *, live: bool) -> Offered:
    """Return the grant as a message shows it; `live`: it was there before."""
    if grant.discount is None:
        return Offered(grant.incentive, grant.code, grant.end, live=live)
    face = face_of(grant.discount, person.about.average_order_value)
    return Offered(grant.incentive, grant.code, grant.end, face, grant.discount.threshold, live)


def usable(grant: Grant, t: int) -> bool:
    """Return whether what happened at `t` may use the grant, also if that is told after its end."""
    return not grant.used and t < grant.end


def redeem(world: World, person: Person, grant: Grant, t: int, amount: int, *, subsidised: bool) -> None:
    """Use a coupon in an order of `t`: row REDEEMED, the amount falls due; points are a gift, not a discount."""
    coupon = world.terms(person).incentives[grant.incentive]
    assert isinstance(coupon, Coupon)
    world.write(person, Row.REDEEMED, t=t, incentive=grant.incentive, amount=amount, subsidised=subsidised)
    due(world, person, grant.incentive, "gift_cost" if coupon.rebate else "discount_cost", amount, t)
    if not (coupon.reusable or coupon.rebate):
        use(world, person, grant)
        return
    grant.redeemed = True
    person.count_use(grant.incentive)
    if coupon.limit is not None and person.used(grant.incentive) >= coupon.limit:
        grant.used = True
        _close(world, person, grant, used=True)


def hand_over(world: World, person: Person, grant: Grant, row: Row, step: str, message: str, t: int) -> None:
    """Hand over a gift or begin a service: its cost falls due, the grant is used, a bond begins (rule 64)."""
    incentive = world.terms(person).incentives[grant.incentive]
    assert isinstance(incentive, Gift | Service)
    world.write(person, row, t=t, step=step, message=message, incentive=grant.incentive, amount=incentive.cost)
    due(world, person, grant.incentive, "gift_cost" if row is Row.GIFTED else "staff_cost", incentive.cost, t)
    use(world, person, grant)
    if isinstance(incentive, Gift) and incentive.bond is not None:
        tie(world, person, incentive.bond, t)


def tie(world: World, person: Person, bond: Period, t: int) -> None:
    """Let a bond begin at `t`; while several hold, it is as with one (rule 66)."""
    end = add_period(t, bond, world.plan.zone)
    person.bond = end if person.bond is None else max(end, person.bond)


def use(world: World, person: Person, grant: Grant) -> None:
    """Count a use: the grant is no longer open."""
    person.count_use(grant.incentive)
    grant.used = True
    _close(world, person, grant, used=True)


def due(world: World, person: Person, name: str, figure: str, minor: int, t: int) -> None:
    """Book a cost of an incentive on its line."""
    line = world.terms(person).incentives[name].line
    world.shared.spend(t, figure, minor * world.shared.ledger.unit, line)


def lapse(world: World, person: Person) -> None:
    """End the open grants whose end is reached: unused they lapse, a reusable one that was used has served."""
    for grant in person.grants.values():
        if grant.open and world.now >= grant.end:
            _lapse(world, person, grant)


def _lapse(world: World, person: Person, grant: Grant) -> None:
    if not grant.redeemed:
        world.write(person, Row.LAPSED, t=grant.end, incentive=grant.incentive)
    grant.used = grant.redeemed
    _close(world, person, grant, used=grant.redeemed)


def _close(world: World, person: Person, grant: Grant, *, used: bool) -> None:
    shared, line = world.shared, world.terms(person).incentives[grant.incentive].line
    shared.shelf.uses[grant.incentive] += used
    if not grant.open:
        return  # it has lapsed, and we are told later of a use before its end
    grant.open = False
    shared.shelf.open_grants[grant.incentive] -= 1
    shared.ledger.reserved[line] -= grant.face


def _reserve(world: World, person: Person, incentive: Incentive) -> int:
    """Return the micros that a new grant reserves."""
    if not (isinstance(incentive, Coupon) and incentive.reserve_face):
        return 0
    discount = _discount(person, incentive)
    if discount is None:
        return 0
    return face_of(discount, person.about.average_order_value) * world.shared.ledger.unit


def _discount(person: Person, incentive: Incentive) -> AmountOff | PercentOff | None:
    rung = rung_of(incentive, person.bands) if isinstance(incentive, Coupon) else None
    return None if rung is None else rung.discount

"""Orders as the shop tells them: what was redeemed comes with them (docs/semantics, section 7)."""

from collections.abc import Sequence

from wakeup.decide.incentives import redeemable
from wakeup.live.core import grants, outcomes
from wakeup.live.core.person import Grant, Person
from wakeup.live.core.world import World
from wakeup.plan.model import Coupon
from wakeup.terms.lists import Row


def ordered(
    world: World, person: Person, t: int, basket: int, redeemed: Sequence[tuple[str, int]], *, organic: bool
) -> None:
    """Take in an order of `t`: rows ORDERED and REDEEMED, costs, the history brought forward, the goal.

    basket: value before discount, minor units. redeemed: (code, minor units) per coupon and per award of points. A code
    that is no coupon of the person that was good at `t` counts as refused, and the order without it.
    """
    if t >= world.horizon:
        return
    # By code: an order that names one twice uses it once.
    used = {code: (grant, amount) for code, amount in redeemed if (grant := _good(world, person, code, t)) is not None}
    person.refused_codes += len(redeemed) - len(used)
    if t >= world.plan.start:
        world.write(person, Row.ORDERED, t=t, amount=basket)
    discount = 0
    for grant, amount in used.values():
        coupon = world.terms(person).incentives[grant.incentive]
        discount += 0 if isinstance(coupon, Coupon) and coupon.rebate else amount
        grants.redeem(world, person, grant, t, amount, subsidised=organic)
    person.about.ordered(t, max(basket - discount, 0))
    outcomes.note(world, person, "order", t)


def _good(world: World, person: Person, code: str, t: int) -> Grant | None:
    """Return the person's grant with that code if it is a coupon that was good at `t`."""
    grant = person.grant_of(code)
    if grant is None or not grants.usable(grant, t):
        return None
    coupon = world.terms(person).incentives[grant.incentive]
    return grant if isinstance(coupon, Coupon) and redeemable(coupon, t) else None

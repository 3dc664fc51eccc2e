"""Staff and incentives, with the defaults that the language promises."""

from typing import Final

from attrs import evolve

from wakeup.compile.frame import used
from wakeup.lang.checked import Checked, Declared
from wakeup.lang.clock import DAY
from wakeup.lang.values import Offer, Task
from wakeup.plan.model import (
    Challenge,
    Coupon,
    DayWindow,
    Elapsed,
    Gift,
    Incentive,
    Months,
    Period,
    Plan,
    Rung,
    Service,
    Staff,
)

VALID: Final = Elapsed(14 * DAY)
"""How long a gift, a service or a challenge is valid unless declared."""


def staff(checked: Checked, plan: Plan) -> Plan:
    """The staff whom a used service names."""
    names = used(checked).staff
    return evolve(plan, staff=tuple(_staff(each) for each in checked.of("staff") if each.name in names))


def _staff(declared: Declared) -> Staff:
    handles = declared.get("handles", Elapsed) or Elapsed(1)
    return Staff(
        name=declared.name,
        people=declared.get("people", int) or 0,
        handles=handles.seconds,
        hours=declared.get("hours", DayWindow) or DayWindow(0, 0),
    )


def incentives(checked: Checked, plan: Plan) -> Plan:
    """The incentives that are given, as such or as a reward."""
    names = used(checked).incentives
    return evolve(plan, incentives=tuple(_incentive(each) for each in checked.of("incentive") if each.name in names))


def _incentive(declared: Declared) -> Incentive:
    match declared.kind:
        case "coupon":
            return _coupon(declared)
        case "gift":
            return _gift(declared)
        case "service":
            return _service(declared)
        case _:
            return _challenge(declared)


def _valid(declared: Declared) -> Period | None:
    return declared.get("valid", Elapsed) or declared.get("valid", Months)


def _coupon(declared: Declared) -> Coupon:
    common = _valid(declared) or VALID
    offer = declared.get("discount", Offer)
    rungs = [] if offer is None else [Rung(offer.discount, offer.valid or common)]
    tier = declared.get("by", str) or ""
    for band, rung in declared.get("rungs", tuple) or ():
        rungs.append(Rung(rung.discount, rung.valid or common, tier, band))
    return Coupon(
        name=declared.name,
        title=declared.title,
        rungs=tuple(rungs),
        line=declared.get("line", str) or "",
        limit=declared.get("limit", int),
        stock=declared.get("stock", int),
        reserve_face=declared.get("reserve", bool) or False,
    )


def _gift(declared: Declared) -> Gift:
    return Gift(
        name=declared.name,
        title=declared.title,
        cost=declared.get("cost", int) or 0,
        valid=_valid(declared) or VALID,
        line=declared.get("line", str) or "",
        limit=declared.get("limit", int),
        stock=declared.get("stock", int),
    )


def _service(declared: Declared) -> Service:
    return Service(
        name=declared.name,
        title=declared.title,
        cost=declared.get("cost", int) or 0,
        valid=_valid(declared) or VALID,
        staff=declared.get("staff", str) or "",
        line=declared.get("line", str) or "",
        limit=declared.get("limit", int),
        stock=declared.get("stock", int),
    )


def _challenge(declared: Declared) -> Challenge:
    task = declared.get("task", Task) or Task("check_in", 1)
    return Challenge(
        name=declared.name,
        title=declared.title,
        task=task.event,
        days=task.days,
        reward=declared.get("reward", str) or "",
        valid=_valid(declared) or VALID,
        limit=declared.get("limit", int),
        stock=declared.get("stock", int),
        line=declared.get("line", str) or "",
    )

"""Staff and incentives, with the defaults that the language promises."""

from typing import Final, Literal

from attrs import evolve

from wakeup.compile.frame import reward, used
from wakeup.lang.checked import Checked, Declared
from wakeup.lang.clock import DAY
from wakeup.lang.offers import discounts
from wakeup.lang.values import Prize, Task, Window
from wakeup.plan.model import (
    Activity,
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
from wakeup.plan.predicates import Predicate

VALID: Final = Elapsed(14 * DAY)
"""How long what is claimed or joined is valid unless declared; an event until it begins."""


MEMBERSHIP: Final = Months(12)
"""How long who joins a community belongs to it unless declared."""


def staff(checked: Checked, plan: Plan) -> Plan:
    """The staff whom a used service, message or channel names."""
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
    made = (_incentive(checked, each) for each in checked.of("incentive") if each.name in names)
    return evolve(plan, incentives=tuple(made))


def _incentive(checked: Checked, declared: Declared) -> Incentive:
    match declared.kind:
        case "coupon" | "flash_price" | "member_price" | "points" as kind:
            return _price(checked, declared, kind)
        case "gift" | "content" | "membership" as kind:
            return _gift(declared, kind)
        case "service":
            return _service(declared)
        case "draw" | "survey" | "event" | "community" as kind:
            return _activity(checked, declared, kind)
        case _:
            return _challenge(declared)


def _period(declared: Declared, key: str) -> Period | None:
    return declared.get(key, Elapsed) or declared.get(key, Months)


def _valid(declared: Declared) -> Period | None:
    return _period(declared, "valid")


def _price(
    checked: Checked, declared: Declared, kind: Literal["coupon", "flash_price", "member_price", "points"]
) -> Coupon:
    window = declared.get("from", Window)
    common = _valid(declared) or VALID
    if window is not None and _valid(declared) is None:
        common = Elapsed(max(window.end - checked.run.start, 1))  # until it closes
    tier = declared.get("by", str) or ""
    by_band = declared.get("rungs", tuple) or () if tier else (("", offer) for offer in discounts(declared))
    rungs = [Rung(offer.discount, offer.valid or common, tier, band) for band, offer in by_band]
    return Coupon(
        name=declared.name,
        title=declared.title,
        rungs=tuple(rungs),
        line=declared.get("line", str) or "",
        limit=declared.get("limit", int),
        stock=declared.get("stock", int),
        reserve_face=declared.get("reserve", bool) or False,
        codes=declared.get("codes", int),
        opens=None if window is None else window.start,
        closes=None if window is None else window.end,
        reusable=kind in ("member_price", "points"),
        rebate=kind == "points",
        kind=kind,
    )


def _gift(declared: Declared, kind: Literal["gift", "content", "membership"]) -> Gift:
    scene = declared.values.get("scene")
    return Gift(
        name=declared.name,
        title=declared.title,
        cost=declared.get("cost", int) or 0,
        valid=_valid(declared) or VALID,
        line=declared.get("line", str) or "",
        limit=declared.get("limit", int),
        stock=declared.get("stock", int),
        bond=_period(declared, "extend"),
        scene=scene if isinstance(scene, Predicate) else None,
        kind=kind,
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


def _challenge(declared: Declared) -> Activity:
    task = declared.get("task", Task) or Task("check_in", 1)
    return Activity(
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


def _activity(checked: Checked, declared: Declared, kind: Literal["draw", "survey", "event", "community"]) -> Activity:
    prize, at = declared.get("prize", Prize), declared.get("on", int)
    valid = _valid(declared)
    if valid is None and at is not None:
        valid = Elapsed(max(at - checked.run.start, 1))
    bond = (_period(declared, "lasts") or MEMBERSHIP) if kind == "community" else None
    return Activity(
        name=declared.name,
        title=declared.title,
        task="",
        days=1,
        reward=reward(declared),
        valid=valid or VALID,
        limit=declared.get("limit", int),
        line=declared.get("line", str) or "",
        odds=declared.get("odds", str) or "",
        wins=declared.get("count", int),
        places=declared.get("seats", int) or declared.get("places", int),
        at=at,
        cost=declared.get("cost", int) or 0 if prize is None else prize.cost,
        bond=bond,
        kind=kind,
    )

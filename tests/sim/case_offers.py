"""What generated plans give away: coupons of every kind, gifts, services, activities."""

from random import Random
from typing import Any

from attrs import evolve
from tests.sim.cases import DAY, HOUR, Case, few, predicate

from wakeup.plan.model import (
    Activity,
    AmountOff,
    Coupon,
    Elapsed,
    Gift,
    Incentive,
    Months,
    PercentOff,
    Rung,
    Service,
)


def incentives(case: Case, start: int, days: int) -> tuple[Incentive, ...]:
    return tuple(
        each
        for each in (
            _coupon(case, "c1"),
            _coupon(case, "c2"),
            _other(case, "gifts", lambda common: Gift("kit", "", 300, **common)),
            _other(case, "gifts", lambda common: Service("guide", "", 700, **common)),
            _other(case, "staff", lambda common: Service("advice", "", 900, staff="desk", **common)),
            _other(case, "staff", lambda common: Service("call", "", 100, staff="night", **common)),
            _other(case, "staff", lambda common: Service("visit", "", 150, staff="desk", **common)),
            _challenge(case, "three", 3, "c1"),
            _challenge(case, "one", 1, "kit"),
            *_prices(case, start, days),
            *_bonds(case),
            *_activities(case, start, days),
        )
        if each is not None
    )


def _common(case: Case, name: str) -> dict[str, Any]:
    r = case.stream(f"incentive {name}")
    return {
        "line": r.choice(("", "promotion", "gifts", "nowhere")),
        "limit": r.choice((None, 1, 1, 2)),
        "stock": few(case, r) if "stock" in case.features else None,
    }


def _coupon(case: Case, name: str) -> Coupon:
    r = case.stream(f"coupon {name}")
    first = Rung(AmountOff(r.choice((300, 2_000)), r.choice((1_000, 6_000))), _valid(r), "value", "high")
    second = Rung(PercentOff(r.choice(("0.15", "0.333")), r.choice((0, 5_000))), _valid(r), "value", "middle")
    third = Rung(AmountOff(r.choice((100, 5_000)), 2_000), _valid(r))
    rungs = r.choice(((third,), (third,), (first, second), (first, second, third)))
    face = "face" in case.features and r.random() < 0.5
    codes = few(case, case.stream(f"codes {name}")) if "codes" in case.features else None
    return Coupon(name, "", rungs, reserve_face=face, codes=codes, **_common(case, name))


def _prices(case: Case, start: int, days: int) -> tuple[Coupon, ...]:
    """A flash price, a member price, points."""
    r = case.stream("prices")
    if "prices" not in case.features:
        return ()
    opens = start + r.choice((-DAY, 10 * HOUR, DAY, r.randrange(days) * DAY))
    return (
        evolve(_coupon(case, "flash"), kind="flash_price", opens=opens, closes=opens + r.choice((2 * DAY, 6 * DAY))),
        evolve(_coupon(case, "member"), kind="member_price", reusable=True),
        evolve(_coupon(case, "points"), kind="points", reusable=r.random() < 0.5, rebate=True),
    )


def _bonds(case: Case) -> tuple[Gift, ...]:
    """A membership, and a content with a scene."""
    r = case.stream("bonds")
    if "bonds" not in case.features:
        return ()
    some = {name: {"valid": _valid(case.stream(f"valid {name}")), **_common(case, name)} for name in ("club", "tips")}
    scene = predicate(case, r) if r.random() < 0.8 else None
    return (
        Gift(
            "club",
            "",
            120,
            bond=r.choice((Elapsed(DAY), Elapsed(3 * DAY), Months(1))),
            kind="membership",
            **some["club"],
        ),
        Gift("tips", "", r.choice((0, 10)), scene=scene, kind="content", **some["tips"]),
    )


def _activities(case: Case, start: int, days: int) -> tuple[Activity, ...]:
    """Draws, a survey, an event, a community."""
    r = case.stream("activities")
    if "activities" not in case.features:
        return ()

    def activity(name: str, kind: Any, **changes: Any) -> Activity:
        rewards = [
            "",
            "c1",
            *(["kit"] if "gifts" in case.features else []),
            *(["club"] if "bonds" in case.features else []),
        ]
        return Activity(
            name, "", "", 1, r.choice(rewards), _valid(case.stream(f"valid {name}")), kind=kind,
            cost=r.choice((0, 50, 400)), places=few(case, r),
            bond=r.choice((None, None, Elapsed(DAY), Months(1))), **_common(case, name), **changes,
        )  # fmt: skip

    return (
        activity("draw", "draw", odds="0.6", wins=few(case, r)),
        activity("survey", "survey"),
        activity("tea", "event", at=start + r.randrange(1, days + 1) * DAY + r.choice((0, 14 * HOUR))),
        activity("circle", "community"),
    )


def _valid(r: Random) -> Elapsed | Months:
    return r.choice((Elapsed(6 * HOUR), Elapsed(DAY), Elapsed(3 * DAY), Elapsed(9 * DAY), Months(1)))


def _other(case: Case, feature: str, made: Any) -> Incentive | None:
    if feature not in case.features:
        return None
    name = made({"valid": Elapsed(1)}).name
    found: Incentive = made({"valid": _valid(case.stream(f"valid {name}")), **_common(case, name)})
    return found


def _challenge(case: Case, name: str, days: int, reward: str) -> Activity | None:
    if "challenge" not in case.features or (reward == "kit" and "gifts" not in case.features):
        return None
    valid = _valid(case.stream(f"valid {name}"))
    return Activity(name, "", "check_in", days, reward, valid=valid, **_common(case, name))

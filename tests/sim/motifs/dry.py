"""What runs dry in mid-second: many ask in the very second in which the last piece goes."""

from functools import partial
from random import Random
from typing import Any

from attrs import evolve
from tests.sim.lively import Lively
from tests.sim.motifs.motif import DAY, HOUR, MINUTE, Motif
from tests.sim.people import Person
from tests.sim.plans import ENTRY, START, campaign, coupon, email, journey, letter, nudge, send, sms, wait, window
from tests.sim.trials import Trial

from wakeup.plan.model import (
    Activity,
    AmountOff,
    Budget,
    Coupon,
    Elapsed,
    Gift,
    Grant,
    Instruction,
    Line,
    PercentOff,
    Plan,
    Rung,
    Service,
    Staff,
    Wave,
)

RESOURCES = (
    "stock", "codes", "places", "prizes", "line of sends", "line of grants", "line of faces", "total", "rate",
    "desk for sends", "desk for services",
)  # fmt: skip

CHANCES = {"first": 0.3, "next": 0.3, "out": 0.0, "complain": 0.0, "take": 1.0, "reach": 0.95, "delivered": 0.97}


def trial(resource: str, r: Random) -> Trial:
    """Draw a plan in which `resource` goes again and again in a second in which many ask."""
    plan = _plan(resource, r)
    people = tuple(
        Person(f"{r.randrange(10**6)}-{number}", last_order=START - 40 * DAY, monetary=r.randrange(1, 20_000))
        for number in range(r.randrange(24, 40))
    )
    chances = CHANCES | ({"wins": 0.9} if resource == "prizes" else {})
    quick = resource in ("places", "prizes", "line of grants", "desk for services")
    return Trial(
        plan, people, plan.start, r.randrange(1 << 32), None, Lively(pace=0.04 if quick else 1.0, chances=chances)
    )


def _plan(resource: str, r: Random) -> Plan:
    """Waves of eight to twelve people a day, so that what comes back is asked for again."""
    per_day = r.choice((8, 10, 12))
    if resource in ("places", "prizes", "line of grants"):
        per_day = None
    elif "desk" not in resource and resource != "rate":
        per_day = r.choice((per_day, None))
    plan = campaign(
        journey(*_program(resource, r), wave=Wave(ENTRY, per_day), goal=r.choice(("", "order"))),
        channels=(sms(line=r.choice(("", "sends"))), email()),
        messages=(nudge(cost_micros=r.choice((50_000, 70_000))), letter(cost_micros=r.choice((0, 1_000)))),
        end=START + 6 * DAY,
        follow_up=DAY,
    )
    few = r.choice((3, 5, 7))
    match resource:
        case "stock":
            return evolve(plan, incentives=(_short(r, stock=few), _gift(stock=r.choice((None, few + 3)))))
        case "codes":
            return evolve(plan, incentives=(_short(r, codes=few), _gift()))
        case "places" | "prizes":
            return evolve(plan, incentives=(_short(r), _gift(), _activity(resource, few, r)))
        case "line of sends" | "line of grants" | "line of faces" | "total":
            return _with_budget(resource, plan, r, few)
        case "rate":
            return evolve(plan, channels=(sms(rate=few, rate_seconds=r.choice((1, HOUR))), email()))
        case _:
            return _with_desk(resource, plan, r)


def _program(resource: str, r: Random) -> tuple[Instruction, ...]:
    offered = {"places": ("club",), "prizes": ("club",), "desk for services": ("advice",)}.get(resource, ())
    if resource in ("stock", "codes", "line of grants", "line of faces"):
        offered = r.choice((("gift5",), ("gift5", "kit")))
    first = send("nudge", *offered, step="one")
    if resource in ("stock", "codes", "line of grants", "line of faces", "total") and r.random() < 0.4:
        first = Grant("one", offered or ("gift5",))  # type: ignore[assignment]
    second = send("letter", *offered, step="two", expires=r.choice((HOUR, 2 * DAY)))
    return (first, wait(r.choice((0.5, 1, 2))), second, wait(1), send("nudge", *offered, step="three"))


def _short(r: Random, **changes: Any) -> Coupon:
    return coupon(r.choice((300, 900)), days=r.choice((1, 2)), limit=r.choice((None, 1)), **changes)


def _gift(**changes: Any) -> Gift:
    return Gift("kit", "", 300, Elapsed(DAY), **changes)


def _activity(resource: str, few: int, r: Random) -> Activity:
    common: dict[str, Any] = {"reward": r.choice(("", "gift5", "kit")), "valid": Elapsed(3 * DAY), "cost": 20}
    if resource == "prizes":
        return Activity("club", "", "", 1, kind="draw", odds="0.6", wins=few, **common)
    kind = r.choice(("community", "survey", "challenge"))
    return Activity("club", "", "", 2, kind=kind, places=few, **common)


def _with_budget(resource: str, plan: Plan, r: Random, few: int) -> Plan:
    price = plan.messages[0].cost_micros // 10_000
    rung = r.choice((Rung(AmountOff(300, 1_000), Elapsed(DAY)), Rung(PercentOff("0.2", 1_500), Elapsed(DAY))))
    discount = rung.discount
    face = discount.amount if isinstance(discount, AmountOff) else 300
    plan = evolve(
        plan,
        incentives=(
            Coupon("gift5", "", (rung,), line="gifts", reserve_face=resource == "line of faces"),
            _gift(line="gifts"),
        ),
    )
    lines, total = {"sends": 100_000, "gifts": 100_000}, 100_000
    match resource:
        case "line of sends":
            plan = evolve(plan, channels=(sms(line="sends"), email(line=r.choice(("", "sends")))))
            lines["sends"] = price * few + r.choice((0, 1, price - 1))
        case "line of faces":
            lines["gifts"] = face * few + r.choice((0, 1, face - 1))
        case "line of grants":
            # A gift handed over at once as a reward spends the line within the second.
            plan = evolve(
                plan, incentives=(_rewarding(), evolve(plan.incentives[0], reserve_face=True), _gift(line="gifts"))
            )
            plan = evolve(plan, journeys=(evolve(plan.journeys[0], program=_granting(r)),))
            lines["gifts"] = 300 * few + r.choice((0, 1, 299))
        case _:
            total = price * few + r.choice((0, 1, price - 1))
    budget = Budget(total, tuple(Line(name, limit) for name, limit in lines.items()), r.choice(("", "sends")))
    return evolve(plan, budget=budget)


def _rewarding() -> Activity:
    return Activity("club", "", "", 1, "kit", Elapsed(3 * DAY), kind="community", line="gifts")


def _granting(r: Random) -> tuple[Instruction, ...]:
    return (send("nudge", "club", step="one"), wait(1), send("letter", "club", "kit", step="two"), wait(1))


def _with_desk(resource: str, plan: Plan, r: Random) -> Plan:
    staff = Staff("team", r.choice((2, 3)), r.choice((20 * MINUTE, HOUR)), window(r.choice((0, 9)), r.choice((18, 24))))
    if resource == "desk for sends":
        return evolve(plan, staff=(staff,), channels=(sms(staff="team"), email()))
    advice = Service("advice", "", 200, Elapsed(3 * DAY), staff="team")
    return evolve(plan, staff=(staff,), incentives=(advice,))


def motifs() -> list[Motif]:
    """Return one motif per thing that can run dry."""
    more = {"codes": {"refused without message"}}
    return [
        Motif(
            f"dry {resource}",
            partial(trial, resource),
            frozenset({f"dry in mid-second: {resource}"} | more.get(resource, set())),
        )
        for resource in RESOURCES
    ]

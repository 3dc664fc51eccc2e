"""Every kind of incentive, and everything that can become of it; waits and goals for every outcome."""

from functools import partial
from random import Random
from typing import Any

from attrs import evolve
from tests.sim.lively import Lively
from tests.sim.motifs.motif import DAY, HOUR, Motif
from tests.sim.people import Person
from tests.sim.plans import ENTRY, START, campaign, email, journey, letter, nudge, send, sms, wait, window
from tests.sim.trials import Trial

from wakeup.plan.model import (
    Activity,
    AmountOff,
    Band,
    Branch,
    Coupon,
    Elapsed,
    Gift,
    Grant,
    Incentive,
    Instruction,
    Months,
    PercentOff,
    Rung,
    Service,
    Staff,
    Tier,
    Wait,
    Wave,
)
from wakeup.plan.predicates import Happened, HasTag

COUPONS = ("coupon", "flash_price", "member_price", "points")
GIFTS = ("gift", "content", "membership")
ACTIVITIES = ("challenge", "draw", "survey", "event", "community")
OUTCOMES = ("order", "open", "click", "claim", "join", "complete", "attend")

EAGER = {"first": 0.6, "next": 0.6, "reach": 1.0, "take": 0.9, "out": 0.02, "complain": 0.02}
TIER = Tier("value", "average_order_value", "money", (Band("high", 9_000), Band("low", None, 9_000)))


def _people(r: Random) -> tuple[Person, ...]:
    return tuple(
        Person(
            f"{r.randrange(10**6)}-{number}",
            last_order=START - r.randrange(1, 90) * DAY,
            monetary=r.randrange(1, 20_000),
            tags=frozenset({"vip"} if r.random() < 0.5 else ()),
        )
        for number in range(r.randrange(18, 26))
    )


def _length(r: Random) -> Elapsed | Months:
    return r.choice((Elapsed(6 * HOUR), Elapsed(DAY), Elapsed(2 * DAY), Elapsed(9 * DAY), Months(1)))


def _limits(r: Random) -> dict[str, Any]:
    return {"limit": r.choice((None, 1, 2)), "stock": r.choice((None, None, 12))}


def _rungs(r: Random) -> tuple[Rung, ...]:
    low = r.choice(
        (AmountOff(r.choice((300, 2_000)), r.choice((0, 4_000))), PercentOff(r.choice(("0.15", "0.333")), 3_000))
    )
    high = Rung(PercentOff("0.075", r.choice((0, 5_001))), _length(r), "value", "high")
    return r.choice(
        ((Rung(low, _length(r)),), (high, Rung(low, _length(r))), (high, Rung(low, _length(r), "value", "low")))
    )


def _coupon(kind: str, r: Random, name: str) -> Coupon:
    found = Coupon(name, "", _rungs(r), kind=kind, codes=r.choice((None, None, 15)), **_limits(r))  # type: ignore[arg-type]
    if kind == "flash_price":
        opens = START + r.choice((10 * HOUR, 30 * HOUR))
        found = evolve(found, opens=opens, closes=opens + r.choice((DAY, 3 * DAY)))
    reusable = kind == "member_price" or (kind == "points" and r.random() < 0.5)
    return evolve(found, reusable=reusable, rebate=kind == "points")


def _gift(kind: str, r: Random, name: str) -> Gift:
    bond = r.choice((Elapsed(DAY), Elapsed(3 * DAY), Months(1))) if kind == "membership" else None
    scene = HasTag("vip") if kind == "content" else None
    return Gift(name, "", r.choice((0, 120)), _length(r), bond=bond, scene=scene, kind=kind, **_limits(r))  # type: ignore[arg-type]


def _activity(kind: str, r: Random, name: str) -> Activity:
    more: dict[str, Any] = {
        "draw": {"odds": "0.6", "wins": r.choice((None, 6))},
        "event": {"at": START + r.choice((2, 3)) * DAY + r.choice((0, 14 * HOUR))},
    }.get(kind, {})
    more |= {"places": r.choice((None, 10)), "bond": r.choice((None, Elapsed(DAY))), "cost": r.choice((0, 50))}
    days = r.choice((1, 2, 3)) if kind == "challenge" else 1
    reward = r.choice(("", "prize", "prize"))
    return Activity(name, "", "", days, reward, _length(r), kind=kind, **more, **_limits(r))  # type: ignore[arg-type]


def _incentive(kind: str, r: Random, name: str) -> Incentive:
    if kind in COUPONS:
        return _coupon(kind, r, name)
    if kind in GIFTS:
        return _gift(kind, r, name)
    if kind in ACTIVITIES:
        return _activity(kind, r, name)
    return Service(name, "", 90, _length(r), staff=kind.removeprefix("service").strip(), **_limits(r))


def offered(kind: str, r: Random) -> Trial:
    """Draw a plan that offers two incentives of a kind and a prize, again and again."""
    prize = r.choice(("coupon", "gift"))
    incentives = (_incentive(kind, r, "one"), _incentive(kind, r, "two"), _incentive(prize, r, "prize"))
    if kind == "community":
        incentives = (*incentives[:2], evolve(incentives[2], stock=5, limit=1))
    steps: list[Instruction] = []
    for number in range(4):
        names = r.choice((("one",), ("two",), ("one", "two"), ("two", "prize")))
        step: Instruction = send(r.choice(("nudge", "letter")), *names, step=f"s{number}")
        steps += [Grant(f"s{number}", names) if r.random() < 0.35 else step, wait(r.choice((0.2, 0.5, 1)))]
    return _trial(r, tuple(steps), incentives, r.choice(("", "", "order")))


def awaited(outcome: str, r: Random) -> Trial:
    """Draw a plan that waits for an outcome, asks whether it happened, and one whose goal it is."""
    incentives = (
        _incentive("gift", r, "kit"),
        _incentive("service", r, "guide"),
        evolve(_activity("challenge", r, "run"), days=1, reward="kit"),
        evolve(_activity("event", r, "tea"), places=None, reward=""),
        _incentive("coupon", r, "off"),
    )
    incentives = tuple(evolve(each, stock=None, limit=None) for each in incentives)
    names = {"claim": ("kit", "guide"), "join": ("run", "tea"), "complete": ("run", "off"), "attend": ("tea",)}
    offer = names.get(outcome, r.choice((("off",), ("kit",), ())))
    others = r.choice(((), (), tuple(r.sample([each for each in OUTCOMES if each != outcome], 1))))
    steps = (
        send("nudge", *offer, step="one"),
        Wait(Elapsed(3 * DAY if outcome == "attend" else r.choice((DAY, 2 * DAY))), (outcome, *others)),
        Branch(Happened(outcome), 4),
        send("letter", *offer, step="two"),
        Wait(Elapsed(DAY), (outcome,)),
        send("nudge", step="three"),
    )
    return _trial(r, steps, incentives, r.choice(("", outcome)))


def _trial(r: Random, steps: tuple[Instruction, ...], incentives: tuple[Incentive, ...], goal: str) -> Trial:
    plan = campaign(
        journey(*steps, goal=goal, wave=Wave(ENTRY, r.choice((None, 9)))),
        channels=(sms(), email()),
        messages=(nudge(cost_micros=r.choice((0, 45_000))), letter()),
        incentives=incentives,
        staff=(Staff("team", 2, HOUR, window(9, 20)),),
        tiers=(TIER,),
        end=START + 7 * DAY,
        follow_up=3 * DAY,
    )
    return Trial(plan, _people(r), START, r.randrange(1 << 32), None, Lively(pace=0.5, chances=EAGER))


def motifs() -> list[Motif]:
    """Return a motif per kind of incentive, and per outcome."""
    met: dict[str, set[str]] = {
        **{kind: {f"granted {kind}", f"redeemed {kind}", f"lapsed {kind}"} for kind in COUPONS},
        **{kind: {f"granted {kind}", f"claimed {kind}", f"gifted {kind}", f"lapsed {kind}"} for kind in GIFTS},
        **{kind: {f"granted {kind}", f"joined {kind}", f"completed {kind}"} for kind in ACTIVITIES},
        "service": {"granted service", "claimed service", "served"},
        "service team": {"granted service", "served"},
    }
    met["coupon"] |= {"granted without message", "redeemed by an organic order", "redeemed by an induced order"}
    met["survey"] |= {"rated"}
    met["community"] |= {"refused for want of places", "reward refused"}
    offers = [Motif(f"offer {kind}", partial(offered, kind), frozenset(names), 20) for kind, names in met.items()]
    outcomes = [
        Motif(f"outcome {each}", partial(awaited, each), frozenset({f"woken by {each}", f"goal {each}"}), 30)
        for each in OUTCOMES
    ]
    return [*offers, *outcomes]

"""Guards and promotions: what trips, what people meet afterwards."""

from functools import partial
from itertools import pairwise
from random import Random
from typing import Any

from attrs import evolve
from tests.sim.lively import Lively
from tests.sim.motifs.motif import DAY, HOUR, Motif
from tests.sim.people import Person
from tests.sim.plans import ENTRY, START, campaign, coupon, email, journey, letter, nudge, send, sms, wait
from tests.sim.trials import Trial

from wakeup.plan.model import (
    Activity,
    Arm,
    Budget,
    Elapsed,
    FixedCost,
    Gift,
    Guard,
    Instruction,
    Line,
    Plan,
    Promotion,
    Service,
    Split,
    Wave,
)
from wakeup.plan.predicates import EVERYONE, HasTag

BUSY = {"first": 0.5, "next": 0.3, "reach": 1.0, "take": 1.0, "open": 0.9, "click": 0.8}

COUNTED = (
    "sent", "delivered", "opened", "clicked", "claimed", "joined", "completed", "attended", "opted_out", "complained",
    "orders", "redemptions", "grants",
)  # fmt: skip
PAID = ("discount_cost", "gift_cost", "send_cost", "staff_cost", "fixed_cost", "spent")
RATIOS = ("complaint_rate", "opt_out_rate", "redemption_rate")


def _people(r: Random, low: int, high: int) -> tuple[Person, ...]:
    count = r.randrange(low, high)
    return tuple(Person(f"{r.randrange(10**6)}-{n}", last_order=START - r.randrange(1, 90) * DAY) for n in range(count))


def _incentives() -> tuple[Any, ...]:
    return (
        coupon(900, 1_000, days=2),
        Gift("kit", "", 300, Elapsed(DAY)),
        Service("guide", "", 200, Elapsed(DAY)),
        Activity("tea", "", "", 1, "", Elapsed(3 * DAY), kind="event", at=START + 2 * DAY, cost=50),
        Activity("three", "", "", 2, "gift5", Elapsed(DAY)),
    )


def _base(r: Random, *steps: Instruction, days: int = 4, per_day: int | None = None) -> Plan:
    return campaign(
        journey(*steps, goal=r.choice(("", "order")), wave=Wave(ENTRY + r.choice((0, 0, 450)), per_day)),
        channels=(sms(), email()),
        messages=(nudge(cost_micros=50_000), letter(cost_micros=20_000)),
        incentives=_incentives(),
        budget=Budget(40_000, (Line("all", 40_000),)),
        costs=(FixedCost("wages", 700, r.choice(("", "all")), START + r.choice((0, 10, 30)) * HOUR),),
        end=START + days * DAY,
        follow_up=DAY,
    )


# --- guards -----------------------------------------------------------------------------------------------------------


def _offering(r: Random) -> tuple[Instruction, ...]:
    steps: list[Instruction] = []
    for number in range(4):
        names = [each for each in ("gift5", "kit", "guide", "tea", "three") if r.random() < 0.5]
        steps += [send(r.choice(("nudge", "letter")), *names, step=f"s{number}"), wait(r.choice((0.1, 0.3, 0.5)))]
    return tuple(steps)


def guarded(action: str, r: Random) -> Trial:
    """Draw a plan whose guards trip soon: to stop, to pause a channel for a while or to the end."""
    plan = _base(r, *_offering(r), per_day=r.choice((None, None, 5)))
    lasts = r.choice((HOUR, 5 * HOUR, DAY)) if action == "pauses for a while" else 0
    guards = tuple(_guard(r, number, action, lasts) for number in range(2 if action == "stops" else 4))
    low, high = (5, 9) if action == "stops" else (12, 18)
    return Trial(
        evolve(plan, guards=guards), _people(r, low, high), START, r.randrange(1 << 32), None, Lively(chances=BUSY)
    )


def _guard(r: Random, number: int, action: str, lasts: int) -> Guard:
    does: Any = "stop" if action == "stops" else "pause_channel"
    after = {"after": r.choice((0, 1, 3, 5)), "after_figure": r.choice(("sent", "delivered", "opened"))}
    if r.random() < 0.5:
        after = {}
    kind = r.random()
    if kind < 0.6:
        figure = r.choice(COUNTED if does == "stop" else COUNTED[:6])
        return Guard(f"g{number}", figure, r.choice((">=", ">")), r.choice("123"), "count", does, **after, lasts=lasts)
    if kind < 0.7:
        return Guard(f"g{number}", "clicked", "<", "2", "count", does, 4, "delivered", lasts)
    if kind < 0.8:
        return Guard(f"g{number}", r.choice(RATIOS), ">", "0.05", "share", does, **after, lasts=lasts)
    figure = r.choice(PAID) if does == "stop" else r.choice(("send_cost", "spent"))
    if kind < 0.9:
        value = r.choice(("0.10", "0.15", "0.20"))
        return Guard(f"g{number}", figure, r.choice((">=", ">")), value, "money", does, **after, lasts=lasts)
    return Guard(f"g{number}", figure, ">", r.choice(("0.0001", "0.0005")), "budget_share", does, **after, lasts=lasts)


# --- promotions -------------------------------------------------------------------------------------------------------

TAGS = ("red", "blue", "green", "black")
FIGURES = ("wake_rate", "conversion", "opened", "clicked", "claimed", "joined", "completed", "attended", "orders")


def promoted(r: Random) -> Trial:
    """Draw a plan with five splits whose winners are told early, and waves that come after that."""
    plan = _base(r, days=6)
    journeys, promotions = [], []
    for tag in (*TAGS, ""):
        name = f"{tag or 'other'} ones"
        within = r.choice((6 * HOUR, 12 * HOUR, DAY))
        after = r.choice((0, within, DAY, DAY, DAY + 900, 2 * DAY))
        sure = r.choice(("0.3", "0.3", "0.4", "0.8"))
        match = HasTag(tag) if tag else EVERYONE
        wave = Wave(ENTRY + r.choice((0, 0, 450)), r.choice((1, 2)))
        journeys.append(journey(*_arms(r, "one"), name=name, match=match, wave=wave, goal=r.choice(("", "order"))))
        promotions.append(Promotion(name, "one", r.choice(FIGURES), after, sure, within))
    awake = r.choice((("order",), ("order", "claim", "join"), ("complete",)))
    plan = evolve(plan, journeys=tuple(journeys), promotions=tuple(promotions), awake=awake)
    people = tuple(
        evolve(each, tags=frozenset(r.sample(("red", "blue"), r.choice((0, 1, 1))))) for each in _people(r, 24, 30)
    )
    return Trial(plan, people, START, r.randrange(1 << 32), None, Lively(chances=BUSY))


def _arms(r: Random, name: str) -> tuple[Instruction, ...]:
    """A split in two or three arms that end in the same step."""
    bounds = r.choice((("0", "0.5", "1"), ("0", "0.5", "1"), ("0", "0.3", "0.6", "1"), ("0", "0.9", "1")))
    steps: list[Instruction] = [wait(r.choice((0, 0.2)))]
    arms, place = [], 2
    for number, (low, high) in enumerate(pairwise(bounds)):
        offered = r.choice(((), ("gift5",), ("kit", "three"), ("tea", "guide")))
        arms.append(Arm(f"a{number}", low, high, place))
        steps += [send(r.choice(("nudge", "letter")), *offered, step=f"{name}{number}"), wait(0.5)]
        place += 2
    split = Split(name, f"salt {name} {r.random()}", tuple(arms))
    return (steps[0], split, *steps[1:])


def motifs() -> list[Motif]:
    """Return the motifs of guards and promotions."""
    after = {"pauses for a while": {"refused paused", "sent after a pause"}, "pauses to the end": {"refused paused"}}
    found = [
        Motif(
            f"guard {action}",
            partial(guarded, action),
            frozenset({f"guard {action}"} | after.get(action, set())),
            count,
        )
        for action, count in (("stops", 60), ("pauses for a while", 20), ("pauses to the end", 20))
    ]
    met = {"promoted", "not promoted", "winner met afterwards", "moved by a winner"}
    return [*found, Motif("promotion", promoted, frozenset(met), 60)]

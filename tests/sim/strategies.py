"""Generated cases: plans that use every feature, small crowds, limits so tight that everything binds.

A case is a seed and a set of features. Each feature draws from a stream of its own, so that taking one away leaves the
rest as it was: that is how a failing case shrinks.
"""

from random import Random
from typing import Any

from attrs import evolve, frozen
from hypothesis import strategies as st
from tests.sim.people import Person, population

from wakeup.customers.population import Population
from wakeup.plan.model import (
    Activity,
    AmountOff,
    Arm,
    Attribution,
    Band,
    Branch,
    Budget,
    Cadence,
    Calendar,
    Cap,
    Channel,
    Coupon,
    DayWindow,
    Elapsed,
    Exit,
    FixedCost,
    Gift,
    Grant,
    Guard,
    Incentive,
    Instruction,
    Journey,
    Jump,
    Line,
    Message,
    Months,
    PercentOff,
    Plan,
    Promotion,
    Quiet,
    Rolling,
    Rung,
    Scenario,
    Send,
    Service,
    Split,
    Staff,
    Tier,
    Until,
    Variant,
    Wait,
    Wave,
)
from wakeup.plan.predicates import EVERYONE, And, Bought, Compare, Happened, HasTag, InTier, Not, Or, Predicate

MINUTE, HOUR, DAY = 60, 3_600, 86_400

FEATURES = (
    "caps", "gap", "quiet", "rate", "stock", "budget", "face", "split", "promotion", "guards", "scenario", "staff",
    "gifts", "challenge", "consent", "touches", "zones", "fallback", "fields", "holdout", "waves", "earlier", "goals",
    "costs", "tiers", "branches", "prices", "codes", "bonds", "activities", "grants", "permissions", "capacity",
    "variants", "rules", "bought",
)  # fmt: skip

STARTS = {  # local midnights near a change of clocks, and far from one
    "Europe/Berlin": (1_774_566_000, 1_792_879_200),
    "America/New_York": (1_772_773_200, 1_793_419_200),
    "Australia/Lord_Howe": (1_775_048_400, 1_790_951_400),
    "Asia/Shanghai": (1_788_192_000,),
    "UTC": (1_777_593_600,),
}


@frozen
class Case:
    """A seed, how many people, which features."""

    seed: int
    people: int
    features: frozenset[str]

    def stream(self, name: str) -> Random:
        """A stream of random numbers for one purpose."""
        return Random(f"{self.seed}:{name}")


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Cases with a few or many features at once."""
    seed = draw(st.integers(0, 2**32 - 1))
    people = draw(st.integers(1, 40))
    without = draw(st.sets(st.sampled_from(FEATURES), max_size=12))
    return Case(seed, people, frozenset(FEATURES) - without)


# --- people ----------------------------------------------------------------------------------------------------------


def crowd(case: Case, plan: Plan, as_of: int) -> Population:
    """The people of a case."""
    return population(as_of, [_person(case, plan, as_of, number) for number in range(case.people)])


def _person(case: Case, plan: Plan, as_of: int, number: int) -> Person:
    r = case.stream(f"person{number}")
    orders = r.choice((0, 1, 1, 2, 5))
    person: dict[str, Any] = {
        "id": f"{case.seed}-{number}",
        "last_order": as_of - r.randrange(1, 200) * DAY if orders else None,
        "orders": max(orders, 1),
        "monetary": r.randrange(1, 30_000),
        "tags": frozenset(tag for tag in ("vip", "staff") if r.random() < 0.3),
    }
    if "consent" in case.features:
        named = [plan.channels[0].name, plan.channels[-1].channel_kind]
        person["consents"] = {name: r.choice(("yes", "yes", "yes", "no", "")) for name in named if r.random() < 0.9}
    if "fields" in case.features:
        person["texts"] = {"skin": r.choice(("dry", "oily", "", "dry")), "name": r.choice(("Ann", "Bo", ""))}
    if "permissions" in case.features and r.random() < 0.5:
        person["numbers"] = {"mini_subscribe_permissions": r.choice((0.0, 0.0, 0.7, 1.0, 2.7, -3.0))}
    if "bought" in case.features:
        bought = [each for each in CATEGORIES if orders and r.random() < 0.5]
        person["bought"] = {each: as_of - r.randrange(1, 100) * DAY for each in bought}
        if bought:
            person["texts"] = {**person.get("texts", {}), "top_category": r.choice(bought)}
    if "touches" in case.features:
        labels = [plan.channels[0].name, plan.channels[-1].channel_kind, "flyer"]
        person["touches"] = tuple(
            sorted((as_of - r.randrange(1, 12 * DAY), r.choice(labels)) for _ in range(r.randrange(4)))
        )
    if "zones" in case.features:
        person["zone"] = r.choice(("", *STARTS))
    return Person(**person)


# --- plans -----------------------------------------------------------------------------------------------------------


def plan_of(case: Case) -> tuple[Plan, int, Scenario | None]:
    """The plan of a case, the instant of its data, its scenario."""
    r = case.stream("frame")
    zone = r.choice(list(STARTS))
    start = r.choice(STARTS[zone])
    days = r.randrange(3, 11)
    awake = r.choice((("order", "claim", "join"), ("complete", "attend")))
    channels = _channels(case)
    staff = _staff(case)
    incentives = _incentives(case, start, days)
    messages = _messages(case, channels)
    journeys = tuple(_journey(case, number, messages, incentives, start) for number in range(r.choice((1, 2, 2, 3))))
    plan = Plan(
        name="generated", title="", doc="", currency="EUR", minor_digits=2, zone=zone, start=start,
        end=start + days * DAY, audience=_audience(case), holdout="0.2" if "holdout" in case.features else "0",
        holdout_salt=f"hold{case.seed}", awake=awake, margin="0.5", budget=_budget(case),
        attribution=Attribution("last_touch", 7 * DAY), journeys=journeys, follow_up=r.choice((1, 5, 20)) * DAY,
        tiers=_tiers(case), channels=channels, messages=messages, incentives=incentives, staff=staff,
        costs=_costs(case, start, days), cadence=_cadence(case, channels), promotions=_promotions(case, journeys),
        scenarios=_scenarios(case, start, days, channels), guards=_guards(case),
    )  # fmt: skip
    as_of = start - r.randrange(1, 20) * DAY if "earlier" in case.features else start
    return plan, as_of, plan.scenarios[0] if plan.scenarios else None


TIERS = (
    Tier(
        "value", "average_order_value", "money",
        (Band("high", 9_000), Band("middle", 3_000, 9_000), Band("low", None, 3_000)),
    ),
    Tier("sleep", "days_since_order", "months", (Band("short", 1, 3), Band("long", 3))),
)  # fmt: skip


CATEGORIES = ("coats", "shoes")


def _tiers(case: Case) -> tuple[Tier, ...]:
    """The tiers of every case, and one by rules."""
    if "rules" not in case.features:
        return TIERS
    r = case.stream("rules")
    bands = (
        Band("lost", match=Compare("days_since_order", ">=", r.choice((2, 4)), "months")),
        Band("choosy", match=_predicate(case, r, 1)),
        *((Band("rest", match=EVERYONE),) if r.random() < 0.7 else ()),
    )
    return (*TIERS, Tier("cause", "", "rule", bands))


def _audience(case: Case) -> Predicate:
    r = case.stream("audience")
    if "earlier" not in case.features or r.random() < 0.4:
        return EVERYONE
    return And((Compare("days_since_order", ">=", 4 * DAY, "seconds"), Not(HasTag("staff"))))


def _predicate(case: Case, r: Random, depth: int = 0) -> Predicate:
    leaves: list[Predicate] = [
        Happened(r.choice(("order", "open", "click", "claim", "join", "complete", "attend"))),
        Happened(r.choice(("open", "click"))),
        HasTag("vip"),
        InTier("value", r.choice(("high", "middle", "low"))),
        Compare("average_order_value", r.choice((">=", "<")), 6_000, "money"),
        Compare("orders", ">", r.randrange(4), "count"),
        Compare("days_since_order", "<", r.randrange(1, 90) * DAY, "seconds"),
        Compare("days_since_interaction", ">=", r.randrange(1, 6), "months"),
        Compare("skin", "==", "dry", "text"),
        Compare(r.choice(("recency_score", "frequency_score", "monetary_score")), ">=", r.randrange(2, 6), "count"),
    ]
    if "bought" in case.features:
        within, months = r.choice(((None, False), (30 * DAY, False), (2, True)))
        leaves += [Bought(r.choice((*CATEGORIES, "hats")), within, months)] * 2
        leaves.append(Compare("top_category", r.choice(("==", "!=")), r.choice(CATEGORIES), "text"))
    if "activities" in case.features:
        leaves += [Happened("complete"), Happened("complete"), Happened("attend")]
    if "rules" in case.features:
        leaves.append(InTier("cause", r.choice(("lost", "choosy"))))
    if depth < 2 and r.random() < 0.4:
        inner = tuple(_predicate(case, r, depth + 1) for _ in range(2))
        return r.choice((And(inner), Or(inner), Not(inner[0])))
    return r.choice(leaves)


def _channels(case: Case) -> tuple[Channel, ...]:
    r = case.stream("channels")
    kinds = ("sms", "email", "wecom")[: r.choice((1, 2, 3))]
    if "permissions" in case.features:
        kinds = ("mini_program", "mini_subscribe", *kinds)
    return tuple(_channel(case, kind) for kind in kinds)


def _channel(case: Case, kind: str) -> Channel:
    r = case.stream(f"channel {kind}")
    rate, seconds = r.choice(((0, 1), (1, 1), (2, 60), (3, 3_600), (4, 6 * HOUR), (5, DAY)))
    quiet = Quiet(_window(r), delay=r.random() < 0.7) if r.random() < 0.4 else None
    return Channel(
        name=f"own.{kind}",
        channel_kind=kind,
        rate=rate if "rate" in case.features else 0,
        rate_seconds=seconds,
        quiet=quiet if "quiet" in case.features else None,
        line=r.choice(("", "", "gifts")),
        staff=_server(case, f"channel {kind}"),
    )


def _server(case: Case, what: str) -> str:
    """Who serves the sends of a channel or message."""
    r = case.stream(f"serves {what}")
    team = ("", "team", "team") if "staff" not in case.features else ("", "team", "desk")
    return r.choice(team) if "capacity" in case.features else ""


def _window(r: Random) -> DayWindow:
    start, end = r.choice(((21, 9), (0, 8), (12, 14), (22, 6), (2, 3), (23, 24), (3, 2)))
    return DayWindow(start * HOUR, end * HOUR)


def _messages(case: Case, channels: tuple[Channel, ...]) -> tuple[Message, ...]:
    r = case.stream("messages")
    count = r.choice((2, 3, 4))
    own = [r.choice(channels).name for _ in range(count)]
    return tuple(
        Message(
            name=f"m{number}",
            channel=own[number],
            text="",
            cost_micros=r.choice((0, 45_000, 50_000, 1_234_567)),
            fallback=_fallback(case, own, number),
            fields=_needed(case, r),
            staff=_server(case, f"m{number}"),
            variants=_variants(case, number),
        )
        for number in range(count)
    )


def _needed(case: Case, r: Random) -> tuple[str, ...]:
    needed: tuple[str, ...] = r.choice(((), (), ("name",), ("nothing",)))
    return needed if "fields" in case.features else ()


def _variants(case: Case, number: int) -> tuple[Variant, ...]:
    r = case.stream(f"variants{number}")
    if "variants" not in case.features:
        return ()
    return tuple(
        Variant(_predicate(case, r), "", r.choice((0, 40_000, 1_300_000)), fields=_needed(case, r))
        for _ in range(r.choice((0, 1, 2)))
    )


def _fallback(case: Case, channels: list[str], number: int) -> str:
    """A later message on a later channel: on the same one, two places of a rate would chase each other."""
    r = case.stream(f"fallback{number}")
    others = [n for n in range(number + 1, len(channels)) if channels[n] > channels[number]]
    return f"m{r.choice(others)}" if others and "fallback" in case.features and r.random() < 0.7 else ""


def _staff(case: Case) -> tuple[Staff, ...]:
    r, others = case.stream("staff"), case.stream("capacity")
    found = (
        Staff("desk", r.choice((1, 1, 2)), r.choice((HOUR, 4 * HOUR)), DayWindow(9 * HOUR, 18 * HOUR)),
        Staff("night", 1, HOUR, DayWindow(20 * HOUR, 4 * HOUR)),
    )
    hours = others.choice((DayWindow(8 * HOUR, 20 * HOUR), DayWindow(0, 24 * HOUR), DayWindow(22 * HOUR, 3 * HOUR)))
    team = Staff(
        "team", others.choice((1, 2, case.people // 8 + 1)), others.choice((5 * MINUTE, HOUR, 5 * HOUR)), hours
    )
    return (*(found if "staff" in case.features else ()), *((team,) if "capacity" in case.features else ()))


def _incentives(case: Case, start: int, days: int) -> tuple[Incentive, ...]:
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
        "stock": _few(case, r) if "stock" in case.features else None,
    }


def _few(case: Case, r: Random) -> int | None:
    """So many of something that it may run out, or no limit."""
    return r.choice((None, None, 1, 3, 8, case.people // 2 + 1))


def _coupon(case: Case, name: str) -> Coupon:
    r = case.stream(f"coupon {name}")
    first = Rung(AmountOff(r.choice((300, 2_000)), r.choice((1_000, 6_000))), _valid(r), "value", "high")
    second = Rung(PercentOff(r.choice(("0.15", "0.333")), r.choice((0, 5_000))), _valid(r), "value", "middle")
    third = Rung(AmountOff(r.choice((100, 5_000)), 2_000), _valid(r))
    rungs = r.choice(((third,), (third,), (first, second), (first, second, third)))
    face = "face" in case.features and r.random() < 0.5
    codes = _few(case, case.stream(f"codes {name}")) if "codes" in case.features else None
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
    scene = _predicate(case, r) if r.random() < 0.8 else None
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
            cost=r.choice((0, 50, 400)), places=_few(case, r),
            bond=r.choice((None, None, Elapsed(DAY), Months(1))), **_common(case, name), **changes,
        )  # fmt: skip

    return (
        activity("draw", "draw", odds="0.6", wins=_few(case, r)),
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


def _budget(case: Case) -> Budget | None:
    r = case.stream("budget")
    if "budget" not in case.features:
        return None
    lines = (Line("promotion", r.choice((0, 1_000, 6_000, 50_000))), Line("gifts", r.choice((500, 2_000, 50_000))))
    return Budget(r.choice((1_000, 8_000, 60_000)), lines, r.choice(("", "gifts")))


def _costs(case: Case, start: int, days: int) -> tuple[FixedCost, ...]:
    r = case.stream("costs")
    if "costs" not in case.features:
        return ()
    on = [start - DAY, start + r.randrange(days) * DAY + 10 * HOUR, start + (days + 1) * DAY]
    return tuple(FixedCost(f"cost{n}", r.choice((10, 700)), r.choice(("", "gifts")), t) for n, t in enumerate(on))


def _cadence(case: Case, channels: tuple[Channel, ...]) -> Cadence:
    r = case.stream("cadence")
    caps = (
        Cap(r.choice((1, 2, 3)), Rolling(r.choice((DAY, 3 * DAY, 7 * DAY)))),
        Cap(r.choice((1, 2)), Calendar(r.choice(("day", "week", "month"))), "value", r.choice(("low", "middle"))),
        Cap(r.choice((0, 1, 1)), Calendar(r.choice(("day", "week", "month"))), channel=r.choice(channels).name),
    )
    quiet = (Quiet(_window(r), delay=r.random() < 0.8), Quiet(_window(r)))
    return Cadence(
        caps=tuple(cap for cap in caps if r.random() < 0.5) if "caps" in case.features else (),
        gap=r.choice((0, 6 * HOUR, 2 * DAY)) if "gap" in case.features else 0,
        quiet=quiet[: r.choice((0, 1, 1, 2))] if "quiet" in case.features else (),
    )


def _promotions(case: Case, journeys: tuple[Journey, ...]) -> tuple[Promotion, ...]:
    r = case.stream("promotions")
    if "promotion" not in case.features:
        return ()
    return tuple(
        Promotion(
            journey.name, split.name, r.choice(("wake_rate", "conversion", "clicked", "completed", "attended")),
            r.choice((0, DAY, 2 * DAY)), r.choice(("0.3", "0.6", "0.9")), r.choice((6 * HOUR, DAY)),
        )
        for journey in journeys
        for split in journey.program
        if isinstance(split, Split)
    )  # fmt: skip


def _scenarios(case: Case, start: int, days: int, channels: tuple[Channel, ...]) -> tuple[Scenario, ...]:
    r = case.stream("scenario")
    if "scenario" not in case.features:
        return ()
    first = start + r.randrange(days) * DAY + 8 * HOUR
    down = tuple(each.name for each in channels if r.random() < 0.7)
    return (Scenario("trouble", first, first + r.choice((6 * HOUR, 4 * DAY)), down=down),)


def _guards(case: Case) -> tuple[Guard, ...]:
    r = case.stream("guards")
    if "guards" not in case.features:
        return ()
    guards = (
        Guard(
            "complaints", "complaint_rate", ">", "0.04", "share", "pause_channel",
            after=r.randrange(3), after_figure="sent", lasts=r.choice((0, DAY)),
        ),
        Guard("outs", "opted_out", ">=", "1", "count", "pause_channel", lasts=r.choice((0, 5 * HOUR))),
        Guard("spending", "spent", ">", r.choice(("0.5", "0.95")), "budget_share", "stop"),
        Guard("money", "discount_cost", ">", "40", "money", "stop"),
        Guard("gifts", "gift_cost", ">", "6", "money", "stop"),
        Guard("slow", "clicked", "<", "1", "count", "stop", 8, "delivered"),
    )  # fmt: skip
    return tuple(guard for guard in guards if r.random() < 0.35)


# --- journeys --------------------------------------------------------------------------------------------------------


def _journey(
    case: Case, number: int, messages: tuple[Message, ...], incentives: tuple[Incentive, ...], start: int
) -> Journey:
    r = case.stream(f"journey{number}")
    match: Predicate = EVERYONE
    if "tiers" in case.features and number == 0:
        match = r.choice((InTier("value", "high"), InTier("value", "middle"), InTier("sleep", "long"), HasTag("vip")))
    program = _Program(case, r, messages, incentives, start, f"j{number}")
    program.block(r.choice((2, 4, 6)), 0)
    per_day = r.choice((None, 1, 4, 9)) if "waves" in case.features else None
    return Journey(
        name=f"j{number}",
        match=match,
        wave=Wave(start + r.choice((0, 10 * HOUR, DAY + 2 * HOUR + 30 * MINUTE)), per_day),
        program=tuple(program.found),
        goal=r.choice(("order", "order", "", "click", "open", "claim", "join", "complete", "attend"))
        if "goals" in case.features
        else "order",
        salt=f"wave{number}",
    )


class _Program:
    """Writes a program: blocks of instructions, branches and arms with forward jumps."""

    def __init__(self, case: Case, r: Random, messages: Any, incentives: Any, start: int, name: str) -> None:
        self.case, self.r, self.messages, self.incentives = case, r, messages, incentives
        self.start, self.name = start, name
        self.found: list[Instruction] = []
        self.splits = 0

    def block(self, count: int, depth: int) -> None:
        for _ in range(count):
            self._one(depth)

    def _one(self, depth: int) -> None:
        draw = self.r.random()
        if draw < 0.08 and "grants" in self.case.features:
            self._grant()
        elif draw < 0.5:
            self._send()
        elif draw < 0.75 or depth == 2:
            self._wait()
        elif draw < 0.87 and "branches" in self.case.features:
            self._branch(depth)
        elif "split" in self.case.features:
            self._split(depth)
        if self.r.random() < 0.03:
            self.found.append(Exit())

    def _send(self) -> None:
        names = [each.name for each in self.incentives if self.r.random() < 0.3]
        expires = self.r.choice((3 * DAY, 3 * DAY, 5 * HOUR, 0))
        self.found.append(Send(f"s{len(self.found)}", self.r.choice(self.messages).name, tuple(names), expires))

    def _wait(self) -> None:
        length = self.r.choice(
            (Elapsed(6 * HOUR), Elapsed(DAY), Elapsed(2 * DAY), Elapsed(0), Months(1), Until(self.start + 2 * DAY))
        )
        outcomes = ("order", "open", "click", "claim", "join", "complete", "attend")
        self.found.append(Wait(length, tuple(self.r.sample(outcomes, self.r.choice((0, 0, 1, 1, 2, 3))))))

    def _grant(self) -> None:
        names = self.r.sample([each.name for each in self.incentives], self.r.choice((1, 2)))
        self.found.append(Grant(f"s{len(self.found)}", tuple(names)))

    def _branch(self, depth: int) -> None:
        place = len(self.found)
        predicate = _predicate(self.case, self.r)
        self.found.append(Exit())
        self.block(2, depth + 1)
        skip = len(self.found)
        self.found.append(Exit())
        self.found[place] = Branch(predicate, len(self.found))
        self.block(1, depth + 1)
        self.found[skip] = Jump(len(self.found))

    def _split(self, depth: int) -> None:
        place, self.splits = len(self.found), self.splits + 1
        name = f"{self.name}split{self.splits}"
        bounds = ("0", *self.r.choice((("0.5",), ("0.2", "0.6"))), "1")
        self.found.append(Exit())
        targets, ends = [], []
        for _ in bounds[1:]:
            targets.append(len(self.found))
            self.block(self.r.choice((1, 2)), depth + 1)
            ends.append(len(self.found))
            self.found.append(Exit())
        for end in ends:
            self.found[end] = Jump(len(self.found))
        arms = tuple(
            Arm(f"a{n}", low, high, target)
            for n, (low, high, target) in enumerate(zip(bounds, bounds[1:], targets, strict=False))
        )
        self.found[place] = Split(name, f"salt{name}", arms)

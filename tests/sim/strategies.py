"""Generated plans that use every feature, with small crowds, and limits so tight that everything binds."""

from random import Random
from typing import Any

from hypothesis import strategies as st
from tests.sim.case_journeys import journey
from tests.sim.case_offers import incentives as offered
from tests.sim.cases import CATEGORIES, DAY, FEATURES, HOUR, MINUTE, STARTS, Case, predicate
from tests.sim.people import Person
from tests.sim.trials import Trial

from wakeup.plan.model import (
    Attribution,
    Band,
    Budget,
    Cadence,
    Calendar,
    Cap,
    Channel,
    DayWindow,
    FixedCost,
    Guard,
    Journey,
    Line,
    Message,
    Plan,
    Promotion,
    Quiet,
    Rolling,
    Scenario,
    Split,
    Staff,
    Tier,
    Variant,
)
from wakeup.plan.predicates import EVERYONE, And, Compare, HasTag, Not, Predicate


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Cases with a few or many features at once."""
    seed = draw(st.integers(0, 2**32 - 1))
    people = draw(st.integers(1, 40))
    without = draw(st.sets(st.sampled_from(FEATURES), max_size=12))
    return Case(seed, people, frozenset(FEATURES) - without)


# --- people ----------------------------------------------------------------------------------------------------------


def trial_of(case: Case) -> Trial:
    """The trial of a case."""
    plan, as_of, scenario = plan_of(case)
    people = tuple(_person(case, plan, as_of, number) for number in range(case.people))
    return Trial(plan, people, as_of, case.seed, scenario)


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
    incentives = offered(case, start, days)
    messages = _messages(case, channels)
    journeys = tuple(journey(case, number, messages, incentives, start) for number in range(r.choice((1, 2, 2, 3))))
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


def _tiers(case: Case) -> tuple[Tier, ...]:
    """The tiers of every case, and one by rules."""
    if "rules" not in case.features:
        return TIERS
    r = case.stream("rules")
    bands = (
        Band("lost", match=Compare("days_since_order", ">=", r.choice((2, 4)), "months")),
        Band("choosy", match=predicate(case, r, 1)),
        *((Band("rest", match=EVERYONE),) if r.random() < 0.7 else ()),
    )
    return (*TIERS, Tier("cause", "", "rule", bands))


def _audience(case: Case) -> Predicate:
    r = case.stream("audience")
    if "earlier" not in case.features or r.random() < 0.4:
        return EVERYONE
    return And((Compare("days_since_order", ">=", 4 * DAY, "seconds"), Not(HasTag("staff"))))


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
        Variant(predicate(case, r), "", r.choice((0, 40_000, 1_300_000)), fields=_needed(case, r))
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

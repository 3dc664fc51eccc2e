"""Caps and quiet hours that bind, in the zone of the campaign and of each person, at the edges of days and seasons."""

from functools import partial
from random import Random

from attrs import evolve
from tests.sim.lively import Lively
from tests.sim.motifs.motif import DAY, HOUR, MINUTE, Motif
from tests.sim.people import Person
from tests.sim.plans import at, campaign, email, journey, letter, nudge, sms
from tests.sim.trials import Trial

from wakeup.plan.model import (
    Band,
    Cadence,
    Calendar,
    Cap,
    DayWindow,
    Elapsed,
    Instruction,
    Plan,
    Quiet,
    Rolling,
    Send,
    Tier,
    Wait,
    Wave,
)

FAR_ZONES = ("Pacific/Auckland", "America/Los_Angeles", "Asia/Kolkata", "Europe/Berlin", "UTC")
SOCIABLE = {"first": 0.1, "next": 0.1, "order": 0.0, "out": 0.0, "complain": 0.0, "reach": 1.0}

CHANGES = {
    ("Europe/Berlin", "spring"): at(29, 1, month=3),
    ("Europe/Berlin", "autumn"): at(25, 1, month=10),
    ("America/New_York", "spring"): at(8, 7, month=3),
    ("America/New_York", "autumn"): at(1, 6, month=11),
    ("Australia/Lord_Howe", "autumn"): at(4, 15, month=4),
    ("Australia/Lord_Howe", "spring"): at(3, 15, 30, month=10),
}
"""Clock changes of 2026."""


def _people(r: Random, start: int, zones: tuple[str, ...], touches: bool = False) -> tuple[Person, ...]:
    return tuple(
        Person(
            f"{r.randrange(10**6)}-{number}",
            last_order=start - r.randrange(1, 90) * DAY,
            monetary=r.choice((2_000, 20_000)),
            zone=r.choice(zones),
            touches=tuple(
                sorted(
                    (start - r.randrange(1, 30) * HOUR * 6, r.choice(("sms", "flyer"))) for _ in range(r.choice((0, 2)))
                )
            )
            if touches
            else (),
        )
        for number in range(r.randrange(10, 15))
    )


def _trial(plan: Plan, people: tuple[Person, ...], r: Random) -> Trial:
    return Trial(plan, people, plan.start, r.randrange(1 << 32), None, Lively(chances=SOCIABLE))


# --- caps -------------------------------------------------------------------------------------------------------------

TIER = Tier("value", "average_order_value", "money", (Band("high", 9_000), Band("low", None, 9_000)))


def capped(unit: str, r: Random) -> Trial:
    """Draw a plan that asks every few hours, over the edges of the cap's window."""
    start = {"week": at(8), "month": at(28, month=4)}.get(unit, at(5))
    every = r.choice((4, 5, 6)) * HOUR
    window = Rolling(every * r.choice((2, 3))) if unit == "rolling" else Calendar(unit)  # type: ignore[arg-type]
    caps = (
        Cap(r.choice((1, 2)), window, *r.choice((("", ""), ("", ""), ("value", "low")))),
        *((Cap(1, window, channel="sms"),) if r.random() < 0.5 else ()),
        *((Cap(0, window, channel="email"),) if r.random() < 0.2 else ()),
    )
    steps: list[Instruction] = []
    for number in range(20):
        steps += [Send(f"s{number}", r.choice(("nudge", "letter")), (), HOUR), Wait(Elapsed(every))]
    plan = campaign(
        journey(*steps, wave=Wave(start + r.choice((0, 10, 14)) * HOUR)),
        start=start,
        end=start + 6 * DAY,
        follow_up=DAY,
        zone=r.choice(("UTC", "Asia/Shanghai")),
        cadence=Cadence(caps),
        tiers=(TIER,),
    )
    plan = evolve(plan, messages=(nudge(fallback=r.choice(("", "letter"))), letter()))
    return _trial(plan, _people(r, start, FAR_ZONES, touches=True), r)


# --- quiet hours ------------------------------------------------------------------------------------------------------


def quiet(season: str, own_zones: bool, r: Random, delay: bool = True) -> Trial:
    """Draw a plan that asks through the nights before, during and after a change of clocks."""
    zone, _ = r.choice([each for each in CHANGES if each[1] == season])
    change = CHANGES[zone, season]
    start = change - r.choice((7, 9, 14)) * HOUR
    night = r.choice(
        (DayWindow(22 * HOUR, 6 * HOUR), DayWindow(21 * HOUR, 2 * HOUR + 1_800), DayWindow(23 * HOUR, 3 * HOUR))
    )
    hour = r.choice((DayWindow(1 * HOUR, 2 * HOUR + 900), DayWindow(2 * HOUR, 3 * HOUR), DayWindow(HOUR, 5 * HOUR)))
    begin, minute = r.choice((18, 22, 0)), r.choice((1, 10, 20))
    ends_at = (2 if season == "spring" or zone == "Europe/Berlin" else 1) * HOUR
    late = 1_800 if season == "autumn" and zone == "Australia/Lord_Howe" else 0
    edge = DayWindow(begin * HOUR, ends_at + late + minute * MINUTE)
    windows = r.choice(((edge, hour), (edge, night), (night, edge), (edge,), (night, hour)))
    rules = tuple(Quiet(each, delay) for each in windows)
    steps: list[Instruction] = []
    for number in range(9):
        steps += [Send(f"s{number}", r.choice(("nudge", "letter"))), Wait(Elapsed(r.choice((1, 2, 4)) * HOUR + 100))]
    zones = (*[zone] * 24, *FAR_ZONES, "") if own_zones else ("",)
    plan = campaign(
        journey(*steps, wave=Wave(start + r.choice((0, 3)) * HOUR)),
        start=start,
        end=start + 4 * DAY,
        follow_up=DAY,
        zone=r.choice(("UTC", zone)) if own_zones else zone,
        cadence=Cadence(quiet=rules[:1]),
        channels=(sms(quiet=rules[-1]), email(quiet=r.choice((None, rules[0])))),
    )
    return _trial(plan, _people(r, start, zones), r)


def motifs() -> list[Motif]:
    """Return one motif per window of a cap, and per season of quiet hours with and without zones of people."""
    found = []
    for unit in ("rolling", "day", "week", "month"):
        met = {f"cap {unit}", "cap in own zone"}
        if unit == "rolling":
            met |= {"cap rolling, at its very edge", "cap of a band", "cap of a channel"}
        else:
            met |= {f"own zone decides: {unit}", f"cap {unit}, window just begun"}
        found.append(Motif(f"cap {unit}", partial(capped, unit), frozenset(met)))
    for season in ("spring", "autumn"):
        met = {f"quiet over a clock change in {season}", "quiet across midnight"}
        met.add("quiet ends in a removed hour" if season == "spring" else "quiet ends in a repeated hour")
        for own in (False, True):
            where = "quiet in own zone" if own else "quiet in the campaign's zone"
            name = f"quiet in {season}, {'own zones' if own else 'one zone'}"
            found.append(
                Motif(
                    name,
                    partial(quiet, season, own),
                    frozenset(met | {where}),
                    20 if own and season == "autumn" else 10,
                )
            )
    skips = partial(quiet, "spring", True, delay=False)
    return [*found, Motif("quiet skips", skips, frozenset({"quiet skips", "refused quiet"}))]

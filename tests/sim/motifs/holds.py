"""Every delay with everything that can end it: one motif per pair."""

from functools import partial
from random import Random
from typing import Any

from attrs import evolve
from tests.sim.lively import Lively
from tests.sim.motifs.motif import DAY, HOUR, MINUTE, Motif
from tests.sim.people import Person
from tests.sim.plans import START, campaign, coupon, journey, send, sms, wait, window
from tests.sim.trials import Trial

from wakeup.plan.model import (
    Cadence,
    Channel,
    Guard,
    Instruction,
    Message,
    Plan,
    Quiet,
    Scenario,
    Send,
    Staff,
    Wave,
)

DELAYS = ("GAP", "QUIET", "OUTAGE", "RATE", "CAPACITY")
ENDS = (
    "sent", "refused", "exited", "expired", "fallback at once", "fallback at release", "run end", "stopped",
)  # fmt: skip

IMPOSSIBLE = {
    ("GAP", "fallback at once"): "rule 18: the gap is over all channels, so it holds for the fallback in that second",
}
"""Pairs that the rules exclude."""

CALM = {"first": 0.05, "next": 0.0, "order": 0.0, "reach": 1.0, "out": 0.0, "complain": 0.0, "prompt": 0.0}
"""Chances of people who do next to nothing by themselves, so that what is meant to end a delay ends it."""


def trial(delay: str, ending: str, r: Random) -> Trial:
    """Draw a plan in which many are held by `delay`, and their hold ends as `ending` says."""
    entry = START + r.choice((9, 10, 11)) * HOUR + r.choice((0, 0, 17, 900))
    length = r.choice((2, 3, 5)) * HOUR
    plan = _plan(r, entry)
    plan, scenario = _delayed(delay, plan, r, entry, length)
    plan, scenario, chances = _ended(ending, delay, plan, scenario, r, entry, length)
    people = tuple(_person(ending, r, number) for number in range(r.randrange(24, 33)))
    return Trial(plan, people, plan.start, r.randrange(1 << 32), scenario, Lively(chances=chances))


def _person(ending: str, r: Random, number: int) -> Person:
    name = r.choice(("Ann", "", "")) if ending == "refused" else "Ann"
    return Person(f"{r.randrange(10**6)}-{number}", last_order=START - r.randrange(1, 90) * DAY, texts={"name": name})


def _plan(r: Random, entry: int) -> Plan:
    """A message before, the message that is delayed with a fallback in reserve, one after."""
    program: tuple[Instruction, ...] = (
        send("hello", step="zero"),
        Send("one", "nudge", r.choice(((), ("gift5",))), 3 * DAY),
        wait(0.25),
        send("letter", step="two"),
    )
    channels = (
        sms(name="own.sms"),
        Channel("own.email", "email"),
        Channel("own.push", "push"),
    )
    messages = (
        Message("hello", "own.push", ""),
        Message("nudge", "own.sms", "", cost_micros=r.choice((0, 50_000)), fields=("name",)),
        Message("letter", "own.email", "", cost_micros=r.choice((0, 1_000))),
    )
    return campaign(
        journey(*program, wave=Wave(entry, r.choice((None, None, 20)))),
        channels=channels,
        messages=messages,
        incentives=(coupon(stock=r.choice((None, None, 40))),),
        end=START + 4 * DAY,
        follow_up=DAY,
    )


def _channel(plan: Plan, name: str, **changes: Any) -> Plan:
    return evolve(plan, channels=tuple(evolve(c, **changes) if c.name == name else c for c in plan.channels))


def _message(plan: Plan, name: str, **changes: Any) -> Plan:
    return evolve(plan, messages=tuple(evolve(m, **changes) if m.name == name else m for m in plan.messages))


def _step(plan: Plan, name: str, **changes: Any) -> Plan:
    """Change a step that sends."""
    only = plan.journeys[0]
    program = tuple(evolve(i, **changes) if isinstance(i, Send) and i.step == name else i for i in only.program)
    return evolve(plan, journeys=(evolve(only, program=program),))


def _without_hello(plan: Plan) -> Plan:
    only = plan.journeys[0]
    return evolve(plan, journeys=(evolve(only, program=only.program[1:]),))


# --- what holds -------------------------------------------------------------------------------------------------------


def _delayed(delay: str, plan: Plan, r: Random, entry: int, length: int) -> tuple[Plan, Scenario | None]:
    match delay:
        case "GAP":
            return evolve(plan, cadence=Cadence(gap=length)), None
        case "QUIET":
            hour = (entry + length - START) // HOUR
            quiet = Quiet(window(r.choice((22, 6, 9)), hour))
            return _channel(plan, "own.sms", quiet=quiet), None
        case "OUTAGE":
            scenario = Scenario("down", entry - r.choice((0, HOUR)), entry + length, down=("own.sms",))
            return evolve(plan, scenarios=(scenario,)), scenario
        case "RATE":
            rate, seconds = r.choice(((2, 1_800), (3, HOUR), (4, HOUR)))
            return _channel(plan, "own.sms", rate=rate, rate_seconds=seconds), None
        case _:
            staff = Staff("team", r.choice((1, 2, 3)), r.choice((15, 25)) * MINUTE, window(6, 22))
            where = partial(_channel, plan, "own.sms") if r.random() < 0.5 else partial(_message, plan, "nudge")
            return evolve(where(staff="team"), staff=(staff,)), None


# --- what ends it -----------------------------------------------------------------------------------------------------


def _ended(
    ending: str, delay: str, plan: Plan, scenario: Scenario | None, r: Random, entry: int, length: int
) -> tuple[Plan, Scenario | None, dict[str, float]]:
    chances: dict[str, float] = {**CALM}
    match ending:
        case "exited":
            chances |= {"first": 1.0, "next": 0.5, "open": 1.0, "click": 1.0, "order": 0.9}
            plan = _often_reached(_slow(plan, r), r, delay)
        case "expired":
            plan = _expiring(delay, plan, r, length)
        case "fallback at once":
            plan = _message(plan, "nudge", fallback="letter")
            if delay in ("QUIET", "CAPACITY"):
                plan = _expiring(delay, plan, r, length)
        case "fallback at release":
            plan, scenario = _falling_back_later(delay, plan, scenario, r, entry, length)
        case "run end":
            plan = evolve(plan, end=entry + length - r.choice((0, 1, 100)))
            if delay in ("RATE", "CAPACITY"):
                plan = evolve(plan, end=entry + r.choice((HOUR, 2 * HOUR)))
        case "stopped":
            what = r.choice((("delivered", ">=", "1"), ("sent", ">", "3")))
            guard = Guard("enough", *what, "count", "stop")  # type: ignore[arg-type]
            plan = evolve(plan, guards=(guard,))
    return plan, scenario, chances


def _often_reached(plan: Plan, r: Random, delay: str) -> Plan:
    """Let something soon end the journey; what is seen of the first message may be that."""
    goal = r.choice(("open", "click")) if delay != "QUIET" else "open"
    return evolve(plan, journeys=(evolve(plan.journeys[0], goal=goal),))


def _slow(plan: Plan, r: Random) -> Plan:
    """Let those who wait for a place or for staff wait longer."""
    staff = tuple(evolve(each, people=1, handles=r.choice((1, 2)) * HOUR) for each in plan.staff)
    channels = tuple(evolve(c, rate_seconds=2 * HOUR if c.rate else 1) for c in plan.channels)
    return evolve(plan, staff=staff, channels=channels)


def _expiring(delay: str, plan: Plan, r: Random, length: int) -> Plan:
    if delay in ("RATE", "CAPACITY"):
        return _step(plan, "one", expires=r.choice((0, 1_200, 2_400, HOUR)))
    return _step(plan, "one", expires=r.choice((0, HOUR, length - 1, length)))


def _falling_back_later(
    delay: str, plan: Plan, scenario: Scenario | None, r: Random, entry: int, length: int
) -> tuple[Plan, Scenario | None]:
    """Keep the fallback from being sent now, and the message from being sent at its release."""
    plan = _message(plan, "nudge", fallback="letter")
    if delay == "OUTAGE":
        # The letter is quiet when the channel goes down, no longer when it is up again and its rate is full.
        plan = _channel(plan, "own.email", quiet=Quiet(window(8, (entry + length - START) // HOUR)))
        return _channel(plan, "own.sms", rate=1, rate_seconds=6 * HOUR), scenario
    begin = entry + r.choice((1, 600))
    if delay == "RATE":
        plan = _channel(plan, "own.email", quiet=Quiet(window(8, (begin - START) // HOUR + 1)))
    trouble = Scenario("down", begin, entry + 20 * HOUR, down=("own.sms",))
    return evolve(plan, scenarios=(trouble,)), trouble


def pairs() -> list[Motif]:
    """Return one motif per pair that can be."""
    return [
        Motif(
            f"{delay.lower()} {ending}",
            partial(trial, delay, ending),
            frozenset({f"{delay}: {ending}"}),
        )
        for delay in DELAYS
        for ending in ENDS
        if (delay, ending) not in IMPOSSIBLE
    ]

"""Who may be sent what: consent, permissions, blank fields, wordings, fallbacks of fallbacks, chains of delays."""

from functools import partial
from random import Random
from typing import Any

from attrs import evolve
from tests.sim.lively import Lively
from tests.sim.motifs.motif import DAY, HOUR, Motif
from tests.sim.people import Person
from tests.sim.plans import ENTRY, START, campaign, email, journey, send, sms, wait, window
from tests.sim.trials import Trial

from wakeup.plan.model import (
    Band,
    Branch,
    Cadence,
    Cap,
    Channel,
    Elapsed,
    Exit,
    Instruction,
    Jump,
    Message,
    Months,
    Quiet,
    Rolling,
    Scenario,
    Staff,
    Tier,
    Until,
    Variant,
    Wait,
    Wave,
)
from wakeup.plan.predicates import EVERYONE, And, Compare, Happened, HasTag, InTier, Not, Or, Predicate

CHATTY = {"first": 0.4, "next": 0.4, "open": 0.9, "click": 0.8, "subscribes": 0.5}


def _person(r: Random, number: int) -> Person:
    return Person(
        f"{r.randrange(10**6)}-{number}",
        last_order=START - r.randrange(1, 200) * DAY if r.random() < 0.8 else None,
        orders=r.choice((1, 2, 5)),
        monetary=r.randrange(1, 30_000),
        tags=frozenset(tag for tag in ("vip", "staff") if r.random() < 0.4),
        texts={"skin": r.choice(("dry", "oily", "")), "name": r.choice(("Ann", "Bo", ""))},
        numbers={"mini_subscribe_permissions": r.choice((0.0, 1.0, 2.7, -3.0))} if r.random() < 0.6 else {},
        consents={name: r.choice(("yes", "yes", "no", "")) for name in ("email", "sms") if r.random() < 0.8},
        touches=tuple((START - r.randrange(1, 9) * DAY, r.choice(("sms", "flyer"))) for _ in range(r.choice((0, 1)))),
    )


def _people(r: Random) -> tuple[Person, ...]:
    return tuple(_person(r, number) for number in range(r.randrange(18, 26)))


CAUSE = Tier(
    "cause",
    "",
    "rule",
    (
        Band("lost", match=Compare("days_since_order", ">=", 3, "months")),
        Band("choosy", match=Compare("skin", "==", "dry", "text")),
        Band("rest", match=HasTag("vip")),
    ),
)


def _condition(r: Random) -> Predicate:
    simple: tuple[Predicate, ...] = (
        HasTag("vip"),
        InTier("cause", r.choice(("lost", "choosy"))),
        Happened(r.choice(("open", "click", "order"))),
        Compare("skin", r.choice(("==", "!=")), "dry", "text"),
        Compare("days_since_interaction", "<", r.choice((1, 40)) * DAY, "seconds"),
        Compare("average_order_value", ">=", 6_000, "money"),
    )
    one, other = r.sample(simple, 2)
    return r.choice((one, And((one, other)), Or((one, other)), Not(one)))


def _variants(r: Random) -> tuple[Variant, ...]:
    return tuple(
        Variant(_condition(r), "", r.choice((0, 45_000)), fields=r.choice(((), ("name",))))
        for _ in range(r.choice((1, 2)))
    )


def addressed(r: Random) -> Trial:
    """Draw a plan whose texts have variants, over channels that not everybody may be reached on."""
    kinds = ("mini_program", "mini_subscribe", "sms", "email")
    messages = tuple(
        Message(f"m {kind}", kind, "", r.choice((0, 45_000)), fields=r.choice(((), ("name",))), variants=_variants(r))
        for kind in kinds
    )
    steps: list[Instruction] = []
    for number in range(5):
        steps += [send(f"m {r.choice(kinds)}", step=f"s{number}"), wait(r.choice((0.1, 0.5, 1)))]
    at = len(steps)
    steps += [Branch(_condition(r), at + 3), send("m mini_subscribe", step="x"), Jump(at + 5)]
    steps += [send("m mini_program", step="y"), Exit(), send("m mini_subscribe", step="z")]
    plan = campaign(
        journey(*steps, goal=r.choice(("", "order")), wave=Wave(ENTRY, r.choice((None, 4)))),
        channels=tuple(Channel(kind, kind) for kind in kinds),
        messages=messages,
        tiers=(CAUSE,),
        end=START + 7 * DAY,
        follow_up=DAY,
        audience=r.choice((Not(HasTag("staff")), EVERYONE, Compare("days_since_order", ">=", 2 * DAY, "seconds"))),
        holdout=r.choice(("0", "0.2")),
    )
    return Trial(plan, _people(r), START, r.randrange(1 << 32), None, Lively(chances=CHATTY))


def chained(r: Random) -> Trial:
    """Draw a plan in which fallbacks have fallbacks, and each channel has its own reason to refuse or to hold."""
    names = ("mini_subscribe", "own.sms", "own.email", "own.push")
    hinder: dict[str, dict[str, Any]] = {name: {} for name in names}
    for name in names[1:]:
        hinder[name] = r.choice(
            ({}, {"quiet": Quiet(window(8, r.choice((11, 15))))}, {"rate": 3, "rate_seconds": HOUR})
        )
    scenario = Scenario(
        "down", START, START + r.choice((11, 20)) * HOUR, down=tuple(r.sample(names[:3], r.choice((1, 2))))
    )
    chain = list(names)
    messages = tuple(
        Message(f"m{n}", name, "", r.choice((0, 1_000)), fallback=f"m{n + 1}" if n + 1 < len(chain) else "")
        for n, name in enumerate(chain)
    )
    caps = (Cap(1, Rolling(DAY), channel=r.choice(names[:2])),) if r.random() < 0.5 else ()
    expires = r.choice((0, 2 * HOUR, 2 * DAY))
    steps = (send("m0", step="one", expires=expires), wait(0.25), send("m1", step="two", expires=expires), wait(1),
             send("m0", step="three"))  # fmt: skip
    plan = campaign(
        journey(*steps, wave=Wave(ENTRY, r.choice((None, 9))), goal=""),
        channels=tuple(Channel(name, name.removeprefix("own."), **hinder[name]) for name in names),
        messages=messages,
        cadence=Cadence(caps),
        scenarios=(scenario,),
        end=START + 5 * DAY,
        follow_up=DAY,
    )
    people = tuple(evolve(each, numbers={"mini_subscribe_permissions": r.choice((0.0, 1.0))}) for each in _people(r))
    return Trial(plan, people, START, r.randrange(1 << 32), scenario, Lively(chances=CHATTY | {"reach": 0.7}))


def delayed_again(first: str, then: str, r: Random) -> Trial:
    """Draw a plan in which one delay hands over to another: `then` holds whoever `first` releases."""
    start, length = ENTRY + r.choice((0, 300)), r.choice((1, 2)) * HOUR
    both, hour = (first, then), (start + length - START) // HOUR  # the hour in which the first releases people
    soon = start + r.choice((1, 600, 1_800))
    quiet = []
    if first == "QUIET":
        quiet.append(Quiet(window(9, hour)))
    if then == "QUIET":
        quiet.append(Quiet(window(hour if first != "RATE" else 11, hour + r.choice((2, 3)))))
    trouble = Scenario(
        "down", *((START, start + length) if first == "OUTAGE" else (soon, soon + 9 * HOUR)), down=("sms",)
    )
    staff = Staff("team", 1 if first == "RATE" else r.choice((1, 2)), 1_200, window(0, 24))
    rate, seconds = r.choice(((3, HOUR), (2, 1_800))) if "RATE" in both else (0, 1)
    steps = (send("hello", step="zero"), send("nudge", step="one"), wait(0.5), send("nudge", step="two"))
    plan = campaign(
        journey(*steps[first == "QUIET" :], wave=Wave(start), goal=""),
        channels=(sms(rate=rate, rate_seconds=seconds, staff="team" if "CAPACITY" in both else ""), email()),
        messages=(Message("hello", "email", ""), Message("nudge", "sms", "")),
        cadence=Cadence(gap=length if first == "GAP" else 0, quiet=() if first == "OUTAGE" else tuple(quiet)),
        scenarios=(trouble,) if "OUTAGE" in both else (),
        staff=(staff,),
        end=START + 3 * DAY,
        follow_up=DAY,
    )
    if both == ("OUTAGE", "QUIET"):
        # Quiet hours are asked before: they must begin after the message was first due.
        plan = evolve(plan, cadence=Cadence(quiet=(Quiet(window(hour, hour + 2)),)))
    people = tuple(evolve(each, consents={}) for each in _people(r))
    scenario = trouble if "OUTAGE" in both else None
    return Trial(plan, people, START, r.randrange(1 << 32), scenario, Lively(chances={"reach": 1.0, "out": 0.0}))


def held_too_long(first: str, r: Random) -> Trial:
    """Draw a plan in which who is released is too late for the next delay, counted from when the send was due."""
    start, length, expires = ENTRY + r.choice((0, 300)), 2 * HOUR, r.choice((2, 3)) * HOUR + r.choice((1, 900))
    hour = (start + length - START) // HOUR
    first_release = START + hour * HOUR if first == "QUIET" else start + length
    # Up again in time for a send that were due at the release, too late for one that was due before.
    trouble = Scenario("down", start + 1, first_release + expires - r.choice((1, 600)), down=("sms",))
    quiet = (Quiet(window(9, hour)),) if first == "QUIET" else ()
    steps = (
        send("hello", step="zero"),
        send("nudge", step="one", expires=expires),
        wait(0.5),
        send("hello", step="two"),
    )
    plan = campaign(
        journey(*steps[first == "QUIET" :], wave=Wave(start), goal=""),
        channels=(sms(), email(), Channel("push", "push")),
        messages=(
            Message("hello", "email", ""),
            Message("nudge", "sms", "", fallback=r.choice(("", "spare"))),
            Message("spare", "push", ""),
        ),
        cadence=Cadence(gap=length if first == "GAP" else 0, quiet=quiet),
        scenarios=(trouble,),
        end=START + 3 * DAY,
        follow_up=DAY,
    )
    people = tuple(evolve(each, consents={}) for each in _people(r))
    return Trial(plan, people, START, r.randrange(1 << 32), trouble, Lively(chances={"reach": 1.0, "out": 0.0}))


def same_second(r: Random) -> Trial:
    """Draw a plan that asks in the very seconds in which people click, opt out or complain."""
    kinds = ("mini_program", "mini_subscribe", "sms")
    every = Elapsed(r.choice((1_800, HOUR)))
    steps: list[Instruction] = []
    for number in range(8):
        steps += [send(f"m {r.choice(kinds)}", step=f"s{number}"), Wait(every)]
    plan = campaign(
        journey(*steps, goal="", wave=Wave(ENTRY)),
        channels=tuple(Channel(kind, kind) for kind in kinds),
        messages=tuple(Message(f"m {kind}", kind, "") for kind in kinds),
        end=START + 3 * DAY,
        follow_up=DAY,
    )
    numbers = {"mini_subscribe_permissions": r.choice((0.0, 1.0))}
    people = tuple(evolve(each, consents={}, numbers=numbers) for each in _people(r))
    chances = {"first": 0.0, "order": 0.0, "reach": 1.0, "click": 1.0, "subscribes": 0.7, "out": 0.5, "complain": 0.2}
    return Trial(plan, people, START, r.randrange(1 << 32), None, Lively(pace=0.25, chances=chances))


def waiting(r: Random) -> Trial:
    """Draw a plan with waits of every length: up to an instant, months, nothing at all, for several outcomes."""
    lengths = (Until(START + 2 * DAY), Until(START), Months(1), wait(0).length, wait(1).length)
    steps: list[Instruction] = []
    for number in range(3):
        outcomes = r.choice(((), ("open", "click"), ("order", "click", "open"), ("click", "order")))
        steps += [send("nudge", step=f"s{number}"), Wait(r.choice(lengths), outcomes), wait(r.choice((0, 0.5)))]
    plan = campaign(
        journey(*steps, goal="", wave=Wave(ENTRY)),
        channels=(sms(), email()),
        messages=(Message("nudge", "sms", ""),),
        end=START + r.choice((5, 35)) * DAY,
        follow_up=DAY,
    )
    return Trial(plan, _people(r), START, r.randrange(1 << 32), None, Lively(chances=CHATTY))


def late(r: Random) -> Trial:
    """Draw a plan whose waves are so small that many order before theirs, and some would enter after the end."""
    plan = campaign(
        journey(send("letter"), wait(0.5), wave=Wave(ENTRY, r.choice((1, 2)))),
        audience=Compare("days_since_order", ">=", 3 * DAY, "seconds"),
        end=START + 5 * DAY,
        follow_up=DAY,
        holdout=r.choice(("0", "0.3")),
    )
    return Trial(plan, _people(r), START - r.choice((0, 5)) * DAY, r.randrange(1 << 32), None, Lively(chances=CHATTY))


AGAIN = {
    "GAP": ("QUIET", "OUTAGE", "RATE", "CAPACITY"),
    "QUIET": ("QUIET", "OUTAGE", "RATE", "CAPACITY"),
    "OUTAGE": ("QUIET", "RATE", "CAPACITY"),
    "RATE": ("QUIET", "OUTAGE", "CAPACITY"),
    "CAPACITY": ("QUIET", "OUTAGE"),
}
"""Delays that a release can meet. GAP comes after none: nothing is sent while a person is held; RATE and CAPACITY are
not asked again at their own release, RATE not at that of CAPACITY (rules 21, 72, 79)."""


def motifs() -> list[Motif]:
    """Return the motifs of texts, channels and chains."""
    people = {"refused no_consent", "refused unreachable", "refused no_grant", "refused template", "refused suppressed"}
    texts = {"sent variant", "sent own text", "sent mini_subscribe", "sent mini_program"}
    jumps = {"does Branch", "does Jump", "does Exit", "band lost", "band choosy", "band rest", "band none"}
    chain = {f"fallback {what}" for what in ("sent", "held", "refused")}
    chain |= {f"fallback of a fallback {what}" for what in ("sent", "held")}
    again = [
        Motif(f"{one.lower()} then {other}", partial(delayed_again, one, other), frozenset({f"{one}: then {other}"}))
        for one, others in AGAIN.items()
        for other in others
    ]
    too_long = [
        Motif(f"{first.lower()} too long", partial(held_too_long, first), frozenset({f"{first}: then expired"}))
        for first in ("GAP", "QUIET")
    ]
    seconds = {
        "asked in the second of an opt-out",
        "asked in the second of a complaint",
        "asked in the second of a click",
    }
    return [
        Motif("addressed", addressed, frozenset(people | texts | jumps), 30),
        Motif("chained fallbacks", chained, frozenset(chain), 24),
        *again,
        *too_long,
        Motif("same second", same_second, frozenset(seconds), 30),
        Motif("waits", waiting, frozenset({"does Wait", "waits for several"})),
        Motif("late waves", late, frozenset({"not_entered"}), 30),
    ]

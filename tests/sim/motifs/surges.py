"""Scenarios that change how people behave, under the default behaviour."""

from random import Random

from tests.sim.motifs.motif import DAY, HOUR, Motif
from tests.sim.people import Person
from tests.sim.plans import ENTRY, START, campaign, coupon, email, journey, letter, nudge, send, sms, wait, window
from tests.sim.trials import Trial

from wakeup.behaviour import DefaultBehaviour
from wakeup.plan.model import Activity, Elapsed, Gift, Instruction, Scenario, Service, Staff, Wave


def surge(r: Random) -> Trial:
    """Draw a plan of a fortnight in which people order and answer more, or less, for some days; a channel may fail."""
    first = ENTRY + r.choice((-1, 0, 1, 2)) * DAY
    response, organic = r.choice((("4", "1"), ("1", "6"), ("3", "0.5"), ("0.2", "2")))
    down = r.choice(((), (), ("sms",)))
    scenario = Scenario("surge", first, first + r.choice((2, 4)) * DAY, response, organic, down)
    steps: list[Instruction] = []
    for number in range(4):
        names = [each for each in ("gift5", "kit", "advice", "three") if r.random() < 0.5]
        steps += [send(r.choice(("nudge", "letter")), *names, step=f"s{number}"), wait(r.choice((0.5, 1, 2)))]
    plan = campaign(
        journey(*steps, wave=Wave(ENTRY, r.choice((None, 20))), goal=r.choice(("", "order"))),
        channels=(sms(), email()),
        messages=(nudge(cost_micros=45_000, fallback=r.choice(("", "letter"))), letter()),
        incentives=(
            coupon(2_000, 3_000),
            Gift("kit", "", 300, Elapsed(5 * DAY)),
            Service("advice", "", 500, Elapsed(5 * DAY), staff="team"),
            Activity("three", "", "", 3, "gift5", Elapsed(5 * DAY)),
        ),
        staff=(Staff("team", 2, HOUR, window(9, 18)),),
        end=START + 14 * DAY,
        follow_up=10 * DAY,
        scenarios=(scenario,),
    )
    people = tuple(_person(r, number) for number in range(r.randrange(40, 60)))
    return Trial(plan, people, START, r.randrange(1 << 32), scenario, DefaultBehaviour())


def _person(r: Random, number: int) -> Person:
    last, orders = START - r.randrange(1, 200) * DAY, r.choice((1, 3, 8))
    return Person(f"{r.randrange(10**6)}-{number}", last, orders, r.randrange(1, 90_000))


def motifs() -> list[Motif]:
    """Return the motif of scenarios."""
    met = {"sent in a surge of response", "sent in a surge of orders", "ordered in a surge of orders"}
    return [Motif("surge", surge, frozenset(met), 24)]

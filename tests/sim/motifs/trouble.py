"""Scenarios that make people complain, change what goods cost and take money away, under the default behaviour."""

from random import Random

from tests.sim.motifs.motif import DAY, HOUR, Motif
from tests.sim.people import Person
from tests.sim.plans import ENTRY, START, campaign, coupon, email, journey, letter, nudge, send, sms, wait
from tests.sim.trials import Trial

from wakeup.behaviour import DefaultBehaviour
from wakeup.plan.model import Budget, Cut, Elapsed, FixedCost, Gift, Instruction, Line, Scenario, Wave


def trouble(r: Random) -> Trial:
    """Draw a plan of a fortnight whose lines run short while a scenario lasts; after it they may have money again."""
    first = ENTRY + r.choice((-1, 0, 1, 2)) * DAY + r.choice((0, 0, 7 * HOUR, 12_345))
    scenario = Scenario(
        "trouble", first, first + r.choice((1, 2, 4, 30)) * DAY, response="6", organic="2",
        complaints=r.choice(("1", "1000", "1000")), prices=r.choice(("1", "0.8", "1.25", "0.333")),
        budget=r.choice(((), (Cut("", "0.2"),), (Cut("sends", "0.1"),), (Cut("sends", "0.37"), Cut("", "1.5")))),
    )  # fmt: skip
    steps: list[Instruction] = []
    for number in range(5):
        names = [each for each in ("gift5", "kit") if r.random() < 0.5]
        steps += [send(r.choice(("nudge", "letter")), *names, step=f"s{number}"), wait(r.choice((0.5, 1, 2)))]
    lines = (Line("sends", r.choice((3_00, 9_00))), Line("offers", r.choice((20_00, 900_00))))
    plan = campaign(
        journey(*steps, wave=Wave(ENTRY, r.choice((None, 20))), goal=r.choice(("", "order"))),
        channels=(sms(line="sends"), email()),
        messages=(nudge(cost_micros=r.choice((45_000, 55_000))), letter(cost_micros=r.choice((0, 8_000)))),
        incentives=(
            coupon(1_000, 3_000, line="offers", reserve_face=r.random() < 0.5),
            Gift("kit", "", 300, Elapsed(5 * DAY), line="offers"),
        ),
        budget=Budget(r.choice((30_00, 950_00)), lines, r.choice(("", "sends"))),
        costs=(FixedCost("rent", 100, "offers", ENTRY + DAY),),
        end=START + 14 * DAY,
        follow_up=10 * DAY,
        holdout=r.choice(("0", "0.2")),
        scenarios=(scenario,),
    )
    people = tuple(_person(r, number) for number in range(r.randrange(40, 60)))
    return Trial(plan, people, START - r.choice((0, 3)) * DAY, r.randrange(1 << 32), scenario, DefaultBehaviour())


def _person(r: Random, number: int) -> Person:
    last, orders = START - r.randrange(4, 200) * DAY, r.choice((1, 3, 8))
    return Person(f"{r.randrange(10**6)}-{number}", last, orders, r.randrange(1, 90_000))


def motifs() -> list[Motif]:
    """Return the motif of trouble."""
    met = {
        "complained in a surge", "opted out in a surge", "ordered at other prices",
        "refused for a cut budget", "sent with money given back",
    }  # fmt: skip
    return [Motif("trouble", trouble, frozenset(met), 30)]
